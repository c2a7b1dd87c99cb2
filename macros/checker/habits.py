"""Good form beyond the tips: greeting, length, and what to leave out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from .. import blanks
from ..model import Habit, Letter, Look, Sample
from .sentences import Place, sentences

LONGEST = 200
"""Words beyond which a draft, whose situation nobody told us, is long for any."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Something is there *least* times and, unless *most* is None, at most so often."""

    otherwise: str
    what: str
    least: int = 0
    most: int | None = None

    def look(self, text: str, sample: Sample | None) -> Look:
        """Count it."""
        if self.what == "subject characters" and not (sample and sample.subject):
            return Look(True)
        count = MEASURES[self.what](text, sample)
        return Look(self.least <= count and (self.most is None or count <= self.most))


def check(text: str, habits: Mapping[str, Habit]) -> Iterator[Habit]:
    """Yield the habits that somebody's draft breaks."""
    return _broken("drafts", text, habits.values(), None)


def prove(letter: Letter, habits: Mapping[str, Habit]) -> Iterator[Habit]:
    """Yield the habits that one of the guide's own letters breaks."""
    return _broken("letters", blanks.body(letter), habits.values(), letter.sample)


def _broken(
    kind: str, text: str, habits: Iterable[Habit], sample: Sample | None
) -> Iterator[Habit]:
    for habit in habits:
        if kind in habit.holds_for and not habit.rule.look(text, sample).met:
            yield habit


def _greetings(text: str, sample: Sample | None) -> int:
    first = next(iter(sentences(text)), None)
    places = [sentence.place for sentence in sentences(text)[:2]]
    opens = first is not None and first.text.casefold().startswith(OPENINGS)
    return int(Place.GREETING in places or opens)


OPENINGS = ("dear ", "hi ", "hello ", "hey ", "hiya ", "good morning", "good afternoon")


def _signatures(text: str, sample: Sample | None) -> int:
    return int(any(sentence.place is Place.NAME for sentence in sentences(text)[-2:]))


def _subject(text: str, sample: Sample | None) -> int:
    return len(blanks.fill(sample.subject)) if sample else 0


def _beyond(text: str, sample: Sample | None) -> int:
    least, most = sample.words if sample else (0, LONGEST)
    count = len(text.split())
    return max(least - count, count - most, 0)


def _paragraphs(text: str, sample: Sample | None) -> int:
    """Count the paragraphs between greeting and closing."""
    aside = (Place.GREETING, Place.CLOSING, Place.NAME, Place.SUBJECT)
    return sum(
        any(sentence.place not in aside for sentence in sentences(part)[:1])
        and len(part.split()) > SHORT
        for part in text.split("\n\n")
    )


SHORT = 6
"""A block of fewer words is a greeting or a closing, however it is worded."""


def _exclamations(text: str, sample: Sample | None) -> int:
    return text.count("!")


def _blanks(text: str, sample: Sample | None) -> int:
    return len(blanks.MARK.findall(text))


def _link(text: str, sample: Sample | None) -> int:
    return len(blanks.mailto(blanks.fill(sample.subject) if sample else "", text))


MEASURES: Mapping[str, Callable[[str, Sample | None], int]] = {
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
