"""The library of letters: what an adviser would check by reading them side by side."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest

from macros.model import Sample

from . import likeness
from .conftest import content

LIBRARY = content()
MOST = 0.45
"""Two letters of different samples share less than this of their words in order."""
PACK = 0.35
"""The notes of a panel, which interviewers compare, share less."""


@pytest.mark.parametrize("sample", LIBRARY.samples.values(), ids=lambda sample: sample.id)
def test_every_sample_has_two_tones(sample: Sample) -> None:
    tones = [choice for choice in sample.choices if choice.name == "tone"]
    assert [len(tone.options) >= 2 for tone in tones] == [True]


@pytest.mark.parametrize("sample", LIBRARY.samples.values(), ids=lambda sample: sample.id)
def test_every_sample_asks_for_something_of_this_conversation(sample: Sample) -> None:
    assert any(blank.field.concrete for blank in sample.blanks)


def test_no_two_samples_share_a_sentence() -> None:
    owners = defaultdict(set)
    for letter in likeness.letters(LIBRARY):
        for sentence in likeness.said(letter):
            owners[sentence].add(letter.sample.id)
    assert {sentence: ids for sentence, ids in owners.items() if len(ids) > 1} == {}


def test_no_two_letters_are_alike() -> None:
    alike = {
        (one.name, other.name): round(likeness.likeness(one, other), 2)
        for one, other in likeness.pairs(LIBRARY)
        if likeness.likeness(one, other) >= MOST
    }
    assert alike == {}


def test_interviewers_who_compare_the_notes_of_a_panel_see_different_notes() -> None:
    pack = [letter for letter in likeness.letters(LIBRARY) if letter.sample.id.startswith("panel-")]
    alike = {
        (one.name, other.name): round(likeness.likeness(one, other), 2)
        for one, other in itertools.combinations(pack, 2)
        if one.sample.id != other.sample.id and likeness.likeness(one, other) >= PACK
    }
    assert alike == {}


def test_every_group_and_every_meeting_has_its_letters() -> None:
    samples = LIBRARY.samples.values()
    assert {sample.group for sample in samples} == set(LIBRARY.vocabulary.groups)
    assert {met for sample in samples for met in sample.meetings} == set(
        LIBRARY.vocabulary.meetings
    )
