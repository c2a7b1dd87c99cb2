"""How alike letters are: shared sentences, and the share of words in the same order."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from macros import blanks
from macros.checker.sentences import Place, sentences
from macros.model import Letter, Library


def letters(library: Library) -> list[Letter]:
    """Return every letter that a reader can reach."""
    return [letter for sample in library.samples.values() for letter in blanks.letters(sample)]


def said(letter: Letter) -> list[str]:
    """Return the sentences of a letter between its greeting and its closing."""
    return [
        sentence.text for sentence in sentences(blanks.body(letter)) if sentence.place is Place.BODY
    ]


def pairs(library: Library) -> Iterator[tuple[Letter, Letter]]:
    """Yield all pairs of letters from different samples."""
    for one, other in itertools.combinations(letters(library), 2):
        if one.sample.id != other.sample.id:
            yield one, other


def likeness(one: Letter, other: Letter) -> float:
    """Return how alike two letters are: 0 where they share no words, 1 where they are equal."""
    return SequenceMatcher(None, _words(said(one)), _words(said(other)), autojunk=False).ratio()


def _words(texts: Iterable[str]) -> list[str]:
    return re.findall(r"[a-z']+|\[[^\]]*\]", " ".join(texts).lower())
