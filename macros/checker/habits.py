"""Good form beyond the tips: greeting, length, and what to leave out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from .. import blanks
from ..model import Draft, Habit, Letter, Look, Place, Sample
from . import reader
from .sentences import sentences

LONGEST = 200
"""Words beyond which a draft, whose situation nobody told us, is long for any."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Something is there *least* times and, unless *most* is None, at most so often."""

    otherwise: str
    what: str
    least: int = 0
    most: int | None = None

    def look(self, draft: Draft, sample: Sample | None) -> Look:
        """Count it."""
        if self.what == "subject characters" and not (sample and sample.subject):
            return Look(True)
        count = MEASURES[self.what](draft, sample)
        return Look(self.least <= count and (self.most is None or count <= self.most))


def check(text: str, habits: Mapping[str, Habit]) -> Iterator[Habit]:
    """Yield the habits that somebody's draft breaks."""
    return _broken("drafts", reader.draft(text), habits.values(), None)


def prove(letter: Letter, habits: Mapping[str, Habit]) -> Iterator[Habit]:
    """Yield the habits that one of the guide's own letters breaks."""
    return _broken("letters", reader.draft(blanks.body(letter)), habits.values(), letter.sample)


def _broken(
    kind: str, draft: Draft, habits: Iterable[Habit], sample: Sample | None
) -> Iterator[Habit]:
    for habit in habits:
        if kind in habit.holds_for and not habit.rule.look(draft, sample).met:
            yield habit


def _greetings(draft: Draft, sample: Sample | None) -> int:
    first = next(iter(draft.sentences), None)
    places = [sentence.place for sentence in draft.sentences[:2]]
    opens = first is not None and first.text.casefold().startswith(OPENINGS)
    return int(Place.GREETING in places or opens)


OPENINGS = ("dear ", "hi ", "hello ", "hey ", "hiya ", "good morning", "good afternoon")


def _signatures(draft: Draft, sample: Sample | None) -> int:
    return int(any(sentence.place is Place.NAME for sentence in draft.sentences[-2:]))


def _subject(draft: Draft, sample: Sample | None) -> int:
    return len(blanks.fill(sample.subject)) if sample else 0


def _beyond(draft: Draft, sample: Sample | None) -> int:
    least, most = sample.words if sample else (0, LONGEST)
    count = len(draft.text.split())
    return max(least - count, count - most, 0)


def _paragraphs(draft: Draft, sample: Sample | None) -> int:
    """Count the paragraphs between greeting and closing."""
    aside = (Place.GREETING, Place.CLOSING, Place.NAME, Place.SUBJECT)
    return sum(
        any(sentence.place not in aside for sentence in sentences(part)[:1])
        and len(part.split()) > SHORT
        for part in draft.text.split("\n\n")
    )


SHORT = 6
"""A block of fewer words is a greeting or a closing, however it is worded."""


def _exclamations(draft: Draft, sample: Sample | None) -> int:
    return draft.text.count("!")


def _blanks(draft: Draft, sample: Sample | None) -> int:
    return len(blanks.MARK.findall(draft.text))


def _link(draft: Draft, sample: Sample | None) -> int:
    return len(blanks.mailto(blanks.fill(sample.subject) if sample else "", draft.text))


MEASURES: Mapping[str, Callable[[Draft, Sample | None], int]] = {
    "greetings": _greetings,
    "signatures": _signatures,
    "subject characters": _subject,
    "words beyond the limits": _beyond,
    "paragraphs": _paragraphs,
    "exclamation marks": _exclamations,
    "blanks": _blanks,
    "link characters": _link,
}
"""What a habit can count in a text."""
