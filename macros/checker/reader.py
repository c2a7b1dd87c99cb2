"""What sentences mean: thanks, interest, refusal, lateness, a moment of the conversation.

A sentence's features are its words, their classes, and how these follow one another.
A linear model weighs them; `python -m macros.checker.train` learns the weights from labelled
drafts.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from .negation import Negation
from .sentences import Place, Sentence, clauses, sentences
from .words import Lexicon, Word, stem, words

WEIGHTS = Path(__file__).parent / "weights.json"
REACH = 6
"""How many words apart two classes still count as a pair."""
LONGEST = 160
"""Words of a sentence that are read as a whole; its clauses are read to the end."""


ABSTRACT = re.compile(
    r"(?:tions?|sions?|ments?|ness|ities|ity|ances?|ences?|isms?|ships?|ives?|ively|fully|ful|ously|"
    r"ous|ably|able|ible|ally|ically|ical|ised?|ized?|ising|izing|less|ely|edly|ingly)$"
)
"""Endings of words for ideas and manners; a rare word without one is mostly a thing."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a note that carry a meaning, letter for letter, and how surely."""

    text: str
    start: int
    sentence: Sentence
    surety: float


Unit: TypeAlias = tuple[str, ...]
"""A word as it is weighed: its stem and its classes."""


@dataclass(frozen=True, slots=True)
class Language:
    """What is known of words: their classes, which of them are known at all, and what says no."""

    lexicon: Lexicon
    negation: Negation
    known: Collection[str]


def features(units: Sequence[Unit], place: str = "body") -> set[str]:
    """Return what *units* of a sentence hold, on its place in the note too."""
    edges = [("<",), *units, (">",)]
    shown = {name for unit in units for name in unit}
    for one, two in itertools.pairwise(edges):
        shown.update(f"{left} {right}" for left in one for right in two)
    for one, two, three in zip(edges, edges[1:], edges[2:], strict=False):
        shown.update(
            f"{left} {middle} {right}"
            for left in one[:2]
            for middle in two[:2]
            for right in three[:2]
        )
    for at, unit in enumerate(units):
        for later in units[at + 2 : at + REACH + 1]:
            shown.update(f"{left} ~ {right}" for left in unit[1:] for right in later[1:])
    if place != Place.BODY:
        shown.add(f"@{place}")
    return shown


def units(found: Sequence[Word], language: Language) -> list[Unit]:
    """Return each word's stem and classes; what a no turns, or seems to, is marked."""
    read = [_unit(word, language.lexicon, language.known) for word in found]
    scope = language.negation.of(found, [unit[1:] for unit in read])
    for at in scope.turned:
        read[at] = tuple(f"!{name}" for name in read[at])
    for at in scope.seeming:
        read[at] = tuple("YES" if name == "NOT" else name for name in read[at])
    return read


def _unit(word: Word, lexicon: Lexicon, known: Collection[str]) -> Unit:
    """Return a word's stem and classes; a rare word counts as a name, an idea or a thing."""
    if word.form == "0":
        return "0", "NUMBER"
    form, classes = word.form, lexicon.classes(word.form)
    if not classes and word.stem not in known:
        form = lexicon.spelled(form)
        classes = lexicon.classes(form)
    base = stem(form)
    if not classes and base not in known:
        kind = "NAME" if word.named else "IDEA" if ABSTRACT.search(form) else "THING"
        base, classes = "+rare", (kind,)
    return (base, "IN", *classes) if word.inside else (base, *classes)


class Reader:
    """Reads notes with the weights of each meaning."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.language = Language(
            Lexicon(data["classes"]), Negation(data["negation"]), frozenset(data["known"].split())
        )
        self.meanings: list[str] = data["meanings"]
        self.weights: dict[str, list[int]] = data["weights"]
        self.bias: list[float] = data["bias"]
        self.rulings: list[float] = data["rulings"]
        self.read = functools.lru_cache(maxsize=4096)(self._read)

    def passages(self, meaning: str, text: str) -> Iterator[Passage]:
        """Yield the words of *text* that carry *meaning*, sentence by sentence."""
        index = self.meanings.index(meaning)
        for sentence in _told(text):
            parts = self.read(sentence.text, sentence.place)
            surety = _surety(meaning, index, parts) + self.rulings[index]
            if surety > 0:
                start, end = _words(
                    sentence.text, [(left, right, part[index]) for left, right, part in parts]
                )
                yield Passage(sentence.text[start:end], sentence.start + start, sentence, surety)

    def weight(self, meaning: str, text: str) -> float:
        """Return how strongly *text* as a whole carries *meaning*, over all its sentences."""
        index = self.meanings.index(meaning)
        sureties = (
            _surety(meaning, index, self.read(sentence.text, sentence.place))
            for sentence in _told(text)
        )
        return math.log1p(sum(math.exp(min(surety, HIGHEST)) for surety in sureties))

    def _read(self, text: str, place: str) -> tuple[tuple[int, int, tuple[float, ...]], ...]:
        """Return how surely a sentence carries each meaning, and each of its clauses."""
        return tuple(
            (start, end, self._sureties(features(part, place)))
            for start, end, part in parts(text, self.language)
        )

    def _sureties(self, found: Collection[str]) -> tuple[float, ...]:
        shown = [self.weights[feature] for feature in found if feature in self.weights]
        scale = SCALE / TENTHS / math.sqrt(len(shown) or 1)
        return tuple(
            bias + scale * sum(weights[index] for weights in shown)
            for index, bias in enumerate(self.bias)
        )


def parts(text: str, language: Language) -> Iterator[tuple[int, int, list[Unit]]]:
    """Yield a sentence's units, then those of each of its clauses, with where they stand.

    What a no reaches is told from the sentence, so that no clause loses its no.
    """
    found = words(text)
    read = units(found, language)
    yield 0, len(text), read[:LONGEST]
    inner = clauses(text)
    for start, end in inner if len(inner) > 1 else ():
        yield (
            start,
            end,
            [unit for word, unit in zip(found, read, strict=True) if start <= word.start < end][
                :LONGEST
            ],
        )


def _told(text: str) -> Iterator[Sentence]:
    """Yield the sentences that say something: no greeting, no name."""
    return (
        sentence
        for sentence in sentences(text)
        if sentence.place not in (Place.GREETING, Place.NAME)
    )


WHOLE = ("moment",)
"""Meanings that a sentence carries as a whole; the others may stand in one clause of it."""


def _surety(meaning: str, index: int, parts: Sequence[tuple[int, int, tuple[float, ...]]]) -> float:
    """Return how surely a sentence, with its clauses, carries a meaning."""
    whole, *inner = [sureties[index] for *_, sureties in parts]
    return whole if meaning in WHOLE or not inner else (whole + max(inner)) / 2


def _words(text: str, parts: Sequence[tuple[int, int, float]]) -> tuple[int, int]:
    """Return where the words of a sentence begin and end that carry a meaning most surely."""
    start, end, _ = max(parts[1:] or parts, key=lambda part: part[2])
    words = text[start:end].strip(" ,;:()–—-\n\t")
    start = text.index(words, start)
    return start, start + len(words)


HIGHEST = 20.0
SCALE = 3.0
"""Long sentences hold more features; each then weighs less."""
TENTHS = 10
"""The weights are whole tenths."""


@functools.cache
def reader() -> Reader:
    """Return the reader that comes with the guide."""
    return Reader(json.loads(WEIGHTS.read_text("utf-8")))
