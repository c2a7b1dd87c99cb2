"""The library of letters: what an adviser would check by reading them side by side."""

from __future__ import annotations

import itertools
import re

import pytest

from macros import blanks
from macros.model import Letter, Sample

from .conftest import content, letters

LIBRARY = content()
LETTERS = letters(LIBRARY)
FIELDS = LIBRARY.vocabulary.fields
PHONE = 40
"""Characters of a subject line that a phone shows."""
NOT_EVERYWHERE = (
    r"\b(?:keen|whilst|rota|ringing|rang|the post|reach out|reached out|touch base|apologi[sz]e|"
    r"organi[sz]ation|honou?red|favou?r|the company|today|yesterday|tomorrow|tonight|"
    r"this (?:morning|afternoon|evening))\b"
)
"""Words that belong to one region or one kind of employer, or are false the next morning."""


@pytest.mark.parametrize("sample", LIBRARY.samples.values(), ids=lambda sample: sample.id)
def test_plain_comes_first_and_is_not_the_only_tone(sample: Sample) -> None:
    tones = [
        [option.value for option in choice.options]
        for choice in sample.choices
        if choice.name == "tone"
    ]
    assert [(options[0], len(options) >= 2) for options in tones] == [("plain", True)]


@pytest.mark.parametrize("sample", LIBRARY.samples.values(), ids=lambda sample: sample.id)
def test_a_letter_about_an_interview_asks_for_something_of_this_one(sample: Sample) -> None:
    adapted = {stance.tip for stance in sample.stances if stance.adapted}
    asks = any(blank.field.concrete for blank in sample.blanks)
    assert asks or "be-specific" in adapted


@pytest.mark.parametrize("sample", LIBRARY.samples.values(), ids=lambda sample: sample.id)
def test_a_subject_shows_whole_on_a_phone_and_asks_for_nothing(sample: Sample) -> None:
    assert all(isinstance(part, str) for part in sample.subject)
    assert len(blanks.fill(sample.subject)) <= PHONE


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_a_letter_can_be_signed_anywhere_and_sent_the_next_morning(letter: Letter) -> None:
    assert re.findall(NOT_EVERYWHERE, blanks.body(letter), re.I) == []


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_a_letter_announces_nothing_before_a_colon(letter: Letter) -> None:
    """A detail behind a colon reads like a form; one letter of the guide may have it."""
    assert ":" not in blanks.body(letter) or letter.sample.id == "forgot-something"


def test_one_sheet_holds_every_letter_with_each_blank_once() -> None:
    """The shortest order that all letters share is no longer than the labels they use."""
    used = {blank.field.label for sample in LIBRARY.samples.values() for blank in sample.blanks}
    order = [label for label in FIELDS if label in used]
    for sample in LIBRARY.samples.values():
        places = [order.index(blank.field.label) for blank in sample.blanks]
        assert (sample.id, places) == (sample.id, sorted(places))


@pytest.mark.parametrize("sample", LIBRARY.samples.values(), ids=lambda sample: sample.id)
def test_tones_differ_where_a_reader_hears_it(sample: Sample) -> None:
    """No two tones of a letter give the same thanks."""
    first = [blanks.body(letter).split("\n\n")[1] for letter in blanks.letters(sample)]
    assert all(one != other for one, other in itertools.combinations(first, 2))


def test_every_group_and_every_meeting_has_its_letters() -> None:
    samples = LIBRARY.samples.values()
    assert {sample.group for sample in samples} == set(LIBRARY.vocabulary.groups)
    assert {met for sample in samples for met in sample.meetings} == set(
        LIBRARY.vocabulary.meetings
    )
