"""The desk's sheet: whatever is chosen, what shows is the letter that Python renders."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from macros import blanks
from macros.model import Letter
from macros.web import desk

from .conftest import content, letters

LIBRARY = content()
SHEET = desk.segments(LIBRARY)
TONES = desk.tones(LIBRARY)


@pytest.mark.parametrize("letter", letters(LIBRARY), ids=lambda letter: letter.name)
def test_the_chosen_letter_is_what_shows(letter: Letter) -> None:
    tone = dict(letter.picks)[desk.TONE]
    assert desk.text(SHEET, letter.sample.id, tone) == blanks.body(letter)


@pytest.mark.parametrize("sample", LIBRARY.samples.values(), ids=lambda sample: sample.id)
def test_a_tone_that_a_letter_lacks_shows_its_first(sample: blanks.Sample) -> None:
    for tone in desk.lacking(sample, TONES):
        assert desk.text(SHEET, sample.id, tone) == blanks.body(next(blanks.letters(sample)))


def test_every_blank_stands_once_in_the_order_of_the_vocabulary() -> None:
    labels = [segment.field.label for segment in SHEET if isinstance(segment, desk.Place)]
    asked = {blank.field.label for s in LIBRARY.samples.values() for blank in s.blanks}
    assert labels == [label for label in LIBRARY.vocabulary.fields if label in asked]


def test_white_space_before_a_blank_that_may_stay_empty_stands_right_before_it() -> None:
    for before, place in itertools.pairwise(SHEET):
        if isinstance(before, desk.Words) and before.gap:
            assert isinstance(place, desk.Place)
            assert place.field.optional
            assert not before.text.strip()


def test_words_that_letters_share_stand_once() -> None:
    one = LIBRARY.samples["thank-you-note"]
    pair = replace(LIBRARY, samples={one.id: one, "copy": replace(one, id="copy")})
    words = [segment for segment in desk.segments(pair) if isinstance(segment, desk.Words)]
    assert all(segment.samples == (one.id, "copy") for segment in words)
