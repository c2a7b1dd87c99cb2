"""The tips' rules: what a text must show, and the words of it that show it.

Each kind of rule is a class with one question, `look`; a tip's file says which it uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .. import blanks
from ..model import Finding, Letter, Look, Rule, Sample, Span, Tip
from . import reader
from .sentences import Place, sentences


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

    def look(self, text: str, sample: Sample | None) -> Look:
        """Find the meaning; sentences that name a phrase prove it as a whole."""
        taught = reader.reader()
        passages = list(taught.passages(self.meaning, text))
        if self.over:
            against = tuple(passage.text for passage in taught.passages(self.over, text))
            if (
                taught.weight(self.meaning, text)
                <= AGAINST * taught.weight(self.over, text) + MARGIN
            ):
                return Look(False, against, self.outweighed if against else "")
        if not self.naming:
            return _found(passage.text for passage in passages)
        return _found(
            passage.sentence.text
            for passage in passages
            if next(phrases(self.naming, passage.sentence.text), None)
        )


AGAINST, MARGIN = 1.5, 0.1
"""How many times, and by how much more, one meaning must outweigh another."""


@dataclass(frozen=True, slots=True)
class Never:
    """No sentence carries a meaning; *instead* are phrases that show the opposite."""

    otherwise: str
    meaning: str
    instead: tuple[str, ...] = ()

    def look(self, text: str, sample: Sample | None) -> Look:
        """Find no such meaning, and show what stands in its place."""
        passages = tuple(passage.text for passage in reader.reader().passages(self.meaning, text))
        return Look(not passages, passages or tuple(phrases(self.instead, text)))


@dataclass(frozen=True, slots=True)
class Words:
    """One of *phrases* stands in the text, in *most* sentences at most."""

    otherwise: str
    phrases: tuple[str, ...]
    most: int | None = None

    def look(self, text: str, sample: Sample | None) -> Look:
        """Find the sentences that hold a phrase."""
        held = _holding(self.phrases, text)
        return Look(bool(held) and (self.most is None or len(held) <= self.most), held)


@dataclass(frozen=True, slots=True)
class Avoids:
    """None of *phrases* stands in the text."""

    otherwise: str
    phrases: tuple[str, ...]

    def look(self, text: str, sample: Sample | None) -> Look:
        """Find no sentence that holds a phrase."""
        held = _holding(self.phrases, text)
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

    def look(self, text: str, sample: Sample | None) -> Look:
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

    def look(self, text: str, sample: Sample | None) -> Look:
        """Find the sentences with such a blank."""
        asked = {
            str(blank)
            for blank in (sample.blanks if sample else ())
            if blank.field.concrete and str(blank) in text
        }
        return _found(
            sentence.text
            for sentence in sentences(text)
            if any(label in sentence.text for label in asked)
        )


def check(text: str, tips: Mapping[str, Tip]) -> dict[str, Finding]:
    """Return what each of *tips* finds in anybody's draft."""
    return {tip.id: judge(tip, tip.rules, text) for tip in tips.values()}


def prove(letter: Letter, tips: Mapping[str, Tip]) -> dict[str, Finding]:
    """Return what each of *tips* finds in *letter*, taken as its sample declares."""
    text = blanks.body(letter)
    adapted = {stance.tip: stance.adapted for stance in letter.sample.stances}
    return {
        tip.id: judge(tip, demands(tip, adapted.get(tip.id, "")), text, letter.sample)
        for tip in tips.values()
    }


def demands(tip: Tip, adapted: str = "") -> tuple[Rule, ...]:
    """Return the rules that a letter must meet for *tip*, as it stands or *adapted*."""
    return tip.adaptations[adapted].rules if adapted else tip.letters or tip.rules


def judge(tip: Tip, rules: Iterable[Rule], text: str, sample: Sample | None = None) -> Finding:
    """Return what *rules* together find: all the words that meet them, or those that do not."""
    looks = [(rule, rule.look(text, sample)) for rule in rules]
    failed = [(rule, look) for rule, look in looks if not look.met]
    evidence = [quote for _, look in failed or looks for quote in look.evidence]
    return Finding(
        tip.id,
        not failed,
        tuple(sorted(dict.fromkeys(evidence), key=text.index)),
        " ".join(dict.fromkeys(look.otherwise or rule.otherwise for rule, look in failed)),
    )


def phrases(wanted: Iterable[str], text: str) -> Iterator[str]:
    """Yield the words of *text* that are one of the phrases *wanted*; ``*`` ends any word.

    >>> list(phrases(["consider*", "your time"], "Thanks for your time and consideration."))
    ['your time', 'consideration']
    """
    ways = [
        r"\s+".join(
            re.escape(word.rstrip("*")).replace("'", "['’]") + (r"\w*" if word[-1] == "*" else "")
            for word in phrase.split()
        )
        for phrase in wanted
    ]
    if ways:
        for match in re.finditer(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", text, re.I):
            yield match[0]


def _holding(wanted: Iterable[str], text: str) -> tuple[str, ...]:
    """Return the sentences of *text*, beyond its greeting, that hold a phrase."""
    wanted = tuple(wanted)
    return tuple(
        sentence.text
        for sentence in sentences(text)
        if sentence.place in (Place.BODY, Place.SUBJECT)
        and next(phrases(wanted, sentence.text), None)
    )


def _found(quotes: Iterable[str]) -> Look:
    """Return a look that is met where there are any *quotes*."""
    evidence = tuple(quotes)
    return Look(bool(evidence), evidence)
