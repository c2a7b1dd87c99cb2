"""The library in figures, and how fast all of it is proven."""

from __future__ import annotations

import graphlib
import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path

from macros import blanks
from macros.checker import reader, tips
from macros.checker.sentences import Place, sentences
from macros.content import library as load

from .conftest import letters as reachable

Row = tuple[str, str, str]


def rows() -> Iterator[Row]:
    """Yield the library's figures."""
    library = load.library(Path(__file__).parent.parent / "docs")
    letters = reachable(library)
    yield "samples", str(len(library.samples)), "18"
    yield "letters that a reader can reach", str(len(letters)), ""
    said = {
        sentence.text
        for letter in letters
        for sentence in sentences(blanks.body(letter))
        if sentence.place is Place.BODY
    }
    yield "distinct sentences", str(len(said)), ""
    orders = [[blank.field.label for blank in sample.blanks] for sample in library.samples.values()]
    labels = {label for order in orders for label in order}
    yield "labels of blanks in letters", str(len(labels)), ""
    # Where all orders agree, each label stands once; where they clash, sorting them fails.
    after: dict[str, set[str]] = {}
    for order in orders:
        for one, other in itertools.pairwise(order):
            after.setdefault(other, set()).add(one)
    merged = list(graphlib.TopologicalSorter(after).static_order())
    yield "places on one sheet that holds all letters", str(len(merged)), str(len(labels))
    asked = [len(order) for order in orders]
    yield (
        "blanks in a letter, fewest, mean and most",
        f"{min(asked)}, {sum(asked) / len(asked):.1f}, {max(asked)}",
        "",
    )
    lengths = [len(blanks.body(letter).split()) for letter in letters]
    yield "words in a letter, fewest and most", f"{min(lengths)} to {max(lengths)}", ""
    yield "reading ease (Flesch: 60 is plain, 100 is a child's book)", f"{_ease(said):.0f}", ""
    reader.reader()  # loading the weights is part of the start-up, not of the proof
    start = time.perf_counter()
    for letter in letters:
        tips.prove(letter, library.tips)
    yield "letters proven each second", f"{len(letters) / (time.perf_counter() - start):.0f}", ""


def _ease(sentences: set[str]) -> float:
    """Return Flesch's reading ease of *sentences* (Flesch 1948); a blank counts as one word.

    Syllables are counted as groups of vowels, without a silent e.
    """
    words = [
        word
        for sentence in sentences
        for word in re.findall(r"[a-z']+", re.sub(r"\[[^\]]*\]", "it", sentence.lower()))
    ]
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<![aeiouyl])e$", "", word))))
        for word in words
    )
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)
