"""What sentences mean: thanks, interest, refusal, lateness, a moment of the conversation.

The method is a linear classifier over binary features, one for each meaning, fitted by logistic
regression.  The features of a sentence, and of each of its clauses, are stems, classes of words
from ``lexicon.yml``, their bigrams and trigrams, and pairs of classes a few words apart; words in
the scope of a no are marked (see ``negation``).  Before the fit a feature is scaled by how often it
goes with the meaning, the log-count ratio of Wang and Manning (2012, "Baselines and Bigrams", ACL),
here kept between 0.3 and 1.8; a sum is divided by the root of the number of features.

A sentence carries a meaning where its log-odds, the mean of its own and its best clause's, pass a
threshold, the meaning's *ruling*, chosen by cross-validation over writers.  A note carries it as
strongly as the log of one plus its sentences' odds, summed.
`python -m macros.checker.train` learns the weights.
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

from ..model import Draft, Passage, Place, Reading, Sentence
from .negation import Negation
from .sentences import clauses, sentences
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


Parts: TypeAlias = tuple[tuple[int, int, tuple[float, ...]], ...]
"""A sentence and its clauses: where each begins and ends, how surely it carries each meaning."""
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
        self.draft = functools.lru_cache(maxsize=256)(self._draft)

    def _draft(self, text: str) -> Draft:
        """Return *text* split into sentences and read for every meaning."""
        found = sentences(text)
        told = [
            (sentence, self.read(sentence.text, sentence.place))
            for sentence in found
            if sentence.place not in (Place.GREETING, Place.NAME)
        ]
        return Draft(
            text, found, {meaning: self._reading(meaning, told) for meaning in self.meanings}
        )

    def _reading(self, meaning: str, told: Sequence[tuple[Sentence, Parts]]) -> Reading:
        """Return what *told*, a note's sentences with their parts read, carries of *meaning*."""
        index = self.meanings.index(meaning)
        passages: list[Passage] = []
        odds = 0.0
        for sentence, read in told:
            surety = _surety(meaning, index, read)
            odds += math.exp(min(surety, HIGHEST))
            if surety + self.rulings[index] > 0:
                spans = [(left, right, sureties[index]) for left, right, sureties in read]
                start, end = _words(sentence.text, spans)
                passages.append(Passage(sentence.text[start:end], sentence.start + start, sentence))
        return Reading(tuple(passages), math.log1p(odds))

    def _read(self, text: str, place: str) -> Parts:
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
        held = [unit for word, unit in zip(found, read, strict=True) if start <= word.start < end]
        yield start, end, held[:LONGEST]


WHOLE = ("moment",)
"""Meanings that a sentence carries as a whole; the others may stand in one clause of it."""


def _surety(meaning: str, index: int, parts: Parts) -> float:
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


def draft(text: str) -> Draft:
    """Return *text* split and read, once for all who ask."""
    return reader().draft(text)
