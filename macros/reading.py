"""What sentences mean: thanks, interest, refusal, lateness, a moment of the conversation.

A sentence's features are its words, their classes, and how these follow one another.
A linear model weighs them; `python -m tests.train` learns the weights from labelled drafts.
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
from typing import TypeAlias

from .sentences import Place, Sentence, sentences
from .words import Lexicon, Word, words

WEIGHTS = Path(__file__).parent / "reading.json"
REACH = 6
"""How many words apart two classes still count as a pair, and a negation still holds."""
LONGEST = 160
"""A sentence without a full stop is read in pieces of so many words."""

Features: TypeAlias = dict[str, tuple[int, int]]
"""What a sentence holds, and the first and last word that show it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a note that carry a meaning, letter for letter, and how surely."""

    text: str
    start: int
    sentence: Sentence
    surety: float


def features(
    found: Sequence[Word], lexicon: Lexicon, known: Collection[str], place: str = "body"
) -> Features:
    """Return what a sentence of *found* words holds, and where."""
    units: list[tuple[str, ...]] = []
    negations: list[bool] = []
    for word in found:
        form = word.form
        classes = lexicon.classes(form)
        if not classes and word.stem not in known:
            slip = lexicon.spelled(form)
            classes = lexicon.classes(slip) if slip != form else ()
            form = slip
        stem = Word(form, 0, 0).stem
        if not classes and stem not in known:
            stem = "+name" if word.named else "+rare"
        if word.inside:
            classes = ("IN", *classes)
        if form == "0":
            classes = ("NUMBER",)
        units.append((stem, *classes))
        negations.append("NOT" in classes)
    shown: Features = {}
    edges = [("<",), *units, (">",)]
    last = len(units) - 1
    for at, unit in enumerate(units):
        for name in unit:
            shown.setdefault(name, (at, at))
    for at, (one, two) in enumerate(itertools.pairwise(edges)):
        span = (max(at - 1, 0), min(at, last))
        for left in one:
            for right in two:
                shown.setdefault(f"{left} {right}", span)
    for at in range(len(edges) - 2):
        span = (max(at - 1, 0), min(at + 1, last))
        for left in edges[at][:2]:
            for middle in edges[at + 1][:2]:
                for right in edges[at + 2][:2]:
                    shown.setdefault(f"{left} {middle} {right}", span)
    negated = -REACH - 1
    for at, unit in enumerate(units):
        for to in range(at + 2, min(at + REACH + 1, last + 1)):
            for left in unit[1:]:
                for right in units[to][1:]:
                    shown.setdefault(f"{left} ~ {right}", (at, to))
        if negations[at]:
            negated = at
        elif at - negated <= REACH:
            for name in unit[1:]:
                shown.setdefault(f"! {name}", (negated, at))
    shown[f"@{place}"] = (0, last)
    return shown


class Reader:
    """Reads notes with the *weights* of each meaning."""

    def __init__(self, data: Mapping[str, object]) -> None:
        self.lexicon = Lexicon(data["classes"])  # type: ignore[arg-type]
        self.known = frozenset(str(data["known"]).split())
        self.meanings: list[str] = data["meanings"]  # type: ignore[assignment]
        self.weights: dict[str, list[float]] = data["weights"]  # type: ignore[assignment]
        self.bias: list[float] = data["bias"]  # type: ignore[assignment]
        self.read = functools.lru_cache(maxsize=4096)(self._read)

    def passages(self, meaning: str, text: str) -> Iterator[Passage]:
        """Yield the words of *text* that carry *meaning*, best known by its name."""
        index = self.meanings.index(meaning)
        for sentence in sentences(text):
            if sentence.place in (Place.GREETING, Place.NAME):
                continue
            sureties, shares = self.read(sentence.text, sentence.place)
            if sureties[index] > 0:
                start, end = _clause(sentence.text, shares[index])
                yield Passage(
                    sentence.text[start:end], sentence.start + start, sentence, sureties[index]
                )

    def sureties(self, meaning: str, text: str) -> list[float]:
        """Return how surely each sentence of *text* carries *meaning*; over 0 is yes."""
        index = self.meanings.index(meaning)
        return [
            self.read(sentence.text, sentence.place)[0][index]
            for sentence in sentences(text)
            if sentence.place not in (Place.GREETING, Place.NAME)
        ]

    def _read(
        self, text: str, place: str
    ) -> tuple[tuple[float, ...], tuple[tuple[tuple[int, int, float], ...], ...]]:
        """Return a sentence's surety of each meaning, and each word's share in it."""
        found = words(text)[:LONGEST]
        shown = [
            (span, self.weights[feature])
            for feature, span in features(found, self.lexicon, self.known, place).items()
            if feature in self.weights
        ]
        scale = SCALE / math.sqrt(len(shown) or 1)
        sureties, shares = [], []
        for index, bias in enumerate(self.bias):
            share = [0.0] * len(found)
            for (first, last), weights in shown:
                if weights[index] and last - first < REACH + 1:
                    for at in range(first, last + 1):
                        share[at] += scale * weights[index] / (last - first + 1)
            total = sum(scale * weights[index] for _, weights in shown)
            sureties.append(bias + total)
            shares.append(
                tuple((word.start, word.end, part) for word, part in zip(found, share, strict=True))
            )
        return tuple(sureties), tuple(shares)


SCALE = 3.0
"""Long sentences hold more features; each then weighs less."""

BREAK = re.compile(r"[,;:]\s|\s[–—-]\s|—|[()]|[.!?]+\s")
"""Where a clause may end."""
LONG_CLAUSE = 25


def _clause(text: str, shares: Sequence[tuple[int, int, float]]) -> tuple[int, int]:
    """Return where the words of *text* begin and end that weigh the most together."""
    mean = sum(part for *_, part in shares) / len(shares) / 2
    best, first, last = -math.inf, 0, 0
    total, begin = 0.0, 0
    for at, (_, _, part) in enumerate(shares):
        if total <= 0:
            total, begin = 0.0, at
        total += part - mean
        if total > best:
            best, first, last = total, begin, at
    start, end = shares[first][0], shares[last][1]
    cuts = [0, *(cut.end() for cut in BREAK.finditer(text)), len(text)]
    left = max(cut for cut in cuts if cut <= start)
    right = min(cut for cut in cuts if cut >= end)
    if len(text[left:right].split()) <= LONG_CLAUSE:
        start, end = left, right
    stripped = text[start:end].strip(" ,;:–—-\n")
    start = text.index(stripped, start)
    return start, start + len(stripped)


@functools.cache
def reader() -> Reader:
    """Return the reader that comes with the guide."""
    return Reader(json.loads(WEIGHTS.read_text("utf-8")))
