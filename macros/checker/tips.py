"""The tips' rules: what a text must show, and the words of it that show it.

Each kind of rule is a class with one question, `look`; a tip's file says which it uses.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .. import blanks
from ..model import Draft, Finding, Letter, Look, Place, Rule, Sample, Span, Tip
from . import reader


@dataclass(frozen=True, slots=True)
class Says:
    """Some sentence carries a meaning and, where *naming* is given, one of its phrases.

    The text must not carry another meaning, *over*, as strongly.
    """

    otherwise: str
    meaning: str
    naming: tuple[str, ...] = ()
    over: str = ""
    outweighed: str = ""

    def look(self, draft: Draft, sample: Sample | None) -> Look:
        """Find the meaning; sentences that name a phrase prove it as a whole."""
        reading = draft.readings[self.meaning]
        if self.over:
            other = draft.readings[self.over]
            if reading.weight <= AGAINST * other.weight + MARGIN:
                against = tuple(passage.text for passage in other.passages)
                return Look(False, against, self.outweighed if against else "")
        if not self.naming:
            return _found(passage.text for passage in reading.passages)
        return _found(
            passage.sentence.text
            for passage in reading.passages
            if next(phrases(self.naming, passage.sentence.text), None)
        )


AGAINST, MARGIN = 1.5, 0.2
"""How many times, and by how much more, one meaning must outweigh another."""


@dataclass(frozen=True, slots=True)
class Never:
    """No sentence carries a meaning; *instead* are phrases that show the opposite."""

    otherwise: str
    meaning: str
    instead: tuple[str, ...] = ()

    def look(self, draft: Draft, sample: Sample | None) -> Look:
        """Find no such meaning, and show what stands in its place."""
        passages = tuple(passage.text for passage in draft.readings[self.meaning].passages)
        return Look(not passages, passages or tuple(phrases(self.instead, draft.text)))


@dataclass(frozen=True, slots=True)
class Words:
    """One of *phrases* stands in the text, in *most* sentences at most."""

    otherwise: str
    phrases: tuple[str, ...]
    most: int | None = None

    def look(self, draft: Draft, sample: Sample | None) -> Look:
        """Find the sentences that hold a phrase."""
        held = _holding(self.phrases, draft)
        return Look(bool(held) and (self.most is None or len(held) <= self.most), held)


@dataclass(frozen=True, slots=True)
class Avoids:
    """None of *phrases* stands in the text."""

    otherwise: str
    phrases: tuple[str, ...]

    def look(self, draft: Draft, sample: Sample | None) -> Look:
        """Find no sentence that holds a phrase."""
        held = _holding(self.phrases, draft)
        return Look(not held, held)


@dataclass(frozen=True, slots=True)
class Sent:
    """The sample's windows close *within* a time, close *beyond* it, or open *after* the event.

    A draft declares no window, so it meets the rule.
    """

    otherwise: str
    within: Span | None = None
    beyond: Span | None = None
    waits: bool = False

    def look(self, draft: Draft, sample: Sample | None) -> Look:
        """Compare the declared windows."""
        windows = sample.send if sample else ()
        return Look(
            all(
                (not self.within or (w.within and w.within.hours <= self.within.hours))
                and (not self.beyond or not w.within or w.within.hours > self.beyond.hours)
                and (not self.waits or w.after)
                for w in windows
            )
        )


@dataclass(frozen=True, slots=True)
class Asks:
    """A sample asks for something that can belong to one conversation only."""

    otherwise: str

    def look(self, draft: Draft, sample: Sample | None) -> Look:
        """Find the sentences with such a blank."""
        asked = {
            str(blank)
            for blank in (sample.blanks if sample else ())
            if blank.field.concrete and str(blank) in draft.text
        }
        return _found(
            sentence.text
            for sentence in draft.sentences
            if any(label in sentence.text for label in asked)
        )


def check(text: str, tips: Mapping[str, Tip]) -> dict[str, Finding]:
    """Return what each of *tips* finds in anybody's draft."""
    draft = reader.draft(text)
    return {tip.id: judge(tip, tip.rules, draft) for tip in tips.values()}


def prove(letter: Letter, tips: Mapping[str, Tip]) -> dict[str, Finding]:
    """Return what each of *tips* finds in *letter*, taken as its sample declares."""
    draft = reader.draft(blanks.body(letter))
    adapted = {stance.tip: stance.adapted for stance in letter.sample.stances}
    return {
        tip.id: judge(tip, demands(tip, adapted.get(tip.id, "")), draft, letter.sample)
        for tip in tips.values()
    }


def demands(tip: Tip, adapted: str = "") -> tuple[Rule, ...]:
    """Return the rules that a letter must meet for *tip*, as it stands or *adapted*."""
    return tip.adaptations[adapted].rules if adapted else tip.letters or tip.rules


def judge(tip: Tip, rules: Iterable[Rule], draft: Draft, sample: Sample | None = None) -> Finding:
    """Return what *rules* together find: all the words that meet them, or those that do not."""
    looks = [(rule, rule.look(draft, sample)) for rule in rules]
    failed = [(rule, look) for rule, look in looks if not look.met]
    evidence = [quote for _, look in failed or looks for quote in look.evidence]
    return Finding(
        tip.id,
        not failed,
        tuple(sorted(dict.fromkeys(evidence), key=draft.text.index)),
        " ".join(dict.fromkeys(look.otherwise or rule.otherwise for rule, look in failed)),
    )


def phrases(wanted: Iterable[str], text: str) -> Iterator[str]:
    """Yield the words of *text* that are one of the phrases *wanted*; ``*`` ends any word.

    >>> list(phrases(["consider*", "your time"], "Thanks for your time and consideration."))
    ['your time', 'consideration']
    """
    pattern = _pattern(tuple(wanted))
    if pattern:
        for match in pattern.finditer(text):
            yield match[0]


@functools.cache
def _pattern(wanted: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds one of the phrases *wanted*."""
    ways = [
        r"\s+".join(
            re.sub("['’]", "['’]", re.escape(word.rstrip("*")))
            + (r"\w*" if word[-1] == "*" else "")
            for word in phrase.split()
        )
        for phrase in wanted
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.I) if ways else None


def _holding(wanted: tuple[str, ...], draft: Draft) -> tuple[str, ...]:
    """Return the sentences of *draft*, beyond its greeting, that hold a phrase."""
    return tuple(
        sentence.text
        for sentence in draft.sentences
        if sentence.place in (Place.BODY, Place.SUBJECT)
        and next(phrases(wanted, sentence.text), None)
    )


def _found(quotes: Iterable[str]) -> Look:
    """Return a look that is met where there are any *quotes*."""
    evidence = tuple(quotes)
    return Look(bool(evidence), evidence)
