"""Model to HTML, by autoescaped templates only."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import blanks
from .model import Blank, Form, Letter, Library, Line, Part, Sample

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line, and the tips that it proves."""

    part: Part
    tips: tuple[str, ...] = ()

    @property
    def blank(self) -> Blank | None:
        """The blank, where the part is one."""
        return self.part if isinstance(self.part, Blank) else None


class Renderer:
    """Makes the guide's HTML from a *library*."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals.update(library=library, letters=blanks.letters, mailto=mailto)
        self.templates.filters.update(pieces=pieces)

    def html(self, template: str, /, **names: Any) -> str:
        """Return a template filled in, as HTML that Markdown leaves as it is.

        Python-Markdown takes a block of HTML as it stands from a tag at the left edge on.
        """
        text = self.templates.get_template(f"{template}.html.jinja").render(names)
        return "\n".join(line.strip() for line in text.splitlines() if line.strip())

    def letter(self, sample: Sample) -> str:
        """Return a sample's fill-in letter with its choices, proof and downloads."""
        codes = {
            (choice.name, option.value): f"{'abc'[place]}{number}"
            for place, choice in enumerate(sample.choices)
            for number, option in enumerate(choice.options, 1)
        }
        return self.html("letter", sample=sample, codes=codes)

    def form(self, form: Form) -> str:
        """Return a form to fill in."""
        return self.html("form", form=form)


def pieces(line: Line, evidence: Mapping[str, Iterable[str]] = {}) -> Iterator[Piece]:
    """Yield a line cut where the words that prove a tip begin and end.

    *evidence* holds, for each tip, words of the line in which a blank reads ``[Label]``.
    """
    text = str(line)
    spans = [
        (text.index(words), text.index(words) + len(words), tip)
        for tip, quotes in evidence.items()
        for words in quotes
        if words in text
    ]
    cuts = {edge for start, end, _ in spans for edge in (start, end)}
    at = 0
    for part in line.parts:
        length = len(str(part))
        inner = sorted(cut - at for cut in cuts if at < cut < at + length)
        edges = [0, *inner, length] if isinstance(part, str) else [0, length]
        for start, end in itertools.pairwise(edges):
            tips = tuple(
                dict.fromkeys(
                    tip for left, right, tip in spans if left < at + end and at + start < right
                )
            )
            yield Piece(part[start:end] if isinstance(part, str) else part, tips)
        at += length


def mailto(letter: Letter) -> str:
    """Return a link that opens *letter*, its blanks marked, in the reader's mail program.

    Spaces are ``%20`` and line ends ``%0D%0A``, as RFC 6068 asks.
    """
    subject = quote(blanks.subject(letter), safe="")
    body = quote(blanks.body(letter).replace("\n", "\r\n"), safe="")
    return f"mailto:?subject={subject}&body={body}"
