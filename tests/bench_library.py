"""The library in figures, and how fast all of it is proven."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from macros import blanks
from macros.checker import reader, tips
from macros.content import library as load

from . import likeness

Row = tuple[str, str, str]


def rows() -> Iterator[Row]:
    """Yield the library's figures."""
    library = load.library(Path(__file__).parent.parent / "docs")
    letters = likeness.letters(library)
    yield "samples", str(len(library.samples)), "18"
    yield "letters that a reader can reach", str(len(letters)), ""
    said = {sentence for letter in letters for sentence in likeness.said(letter)}
    yield "distinct sentences", str(len(said)), ""
    most = max(
        (likeness.likeness(*pair), *(x.name for x in pair)) for pair in likeness.pairs(library)
    )
    yield f"largest likeness of two letters ({most[1]}, {most[2]})", f"{most[0]:.2f}", "0.45"
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
