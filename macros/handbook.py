"""The handbook: one book of the whole guide, in two sizes of paper."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from . import book, pdf
from .errors import ContentError
from .model import Letter, Library, Span, Window
from .render import TEMPLATES, Renderer

SIZES = {"a4": "A4", "letter": "US Letter"}
"""Each size of paper: the end of its file's name, and what readers call it."""

PAPER = {"a4": "210mm 297mm", "letter": "8.5in 11in"}


def make(
    library: Library,
    pages: Sequence[book.Page],
    site: Path,
) -> dict[str, bytes]:
    """Return the book as a PDF for each of `SIZES`; pictures are read from *site*."""
    made = book.bind(library, pages)
    text = html(library, made)
    files: dict[str, Callable[[], bytes]] = {
        name: (site / name).read_bytes for name in made.images if (site / name).is_file()
    }
    for name in made.images:
        if name not in files:
            raise ContentError(f"handbook: picture {name!r} is lost. Mend its address.")
    sheet = (TEMPLATES / "handbook" / "book.css").read_text("utf-8")
    titles = {**made.titles, **OWN_TITLES}
    for chapter in made.chapters:
        titles[chapter.id] = chapter.title
    return {
        size: pdf.write(text, [sheet, f"@page{{size:{paper}}}"], files, titles)
        for size, paper in PAPER.items()
    }


OWN_TITLES = {"cards": "Cards to cut out", "index": "Index of situations", "colophon": "Colophon"}
"""What the book adds to the pages of the guide."""


def html(library: Library, made: book.Book) -> str:
    """Return *made* as the HTML that is printed."""
    renderer = Renderer(library)
    renderer.templates.globals.update(runs=book.runs)
    places = {entry.sample.id: entry for entry in made.entries}
    return renderer.html(
        "handbook/book",
        about=about(),
        book=made,
        cards=[sample for sample in library.samples.values() if sample.channel == "card"],
        options=options,
        own=OWN_TITLES,
        places=lambda ids: [places[id] for id in ids if id in places],
        situations=lambda: situations(library, made),
        window=Window("the interview", Span(24, "hour")),
    )


def options(letter: Letter) -> str:
    """Return the labels of what was chosen to get *letter*; empty where there is no choice."""
    picked = dict(letter.picks)
    return ", ".join(
        option.label
        for choice in letter.sample.choices
        for option in choice.options
        if picked[choice.name] == option.value
    )


def situations(library: Library, made: book.Book) -> list[tuple[str, list[tuple[str, book.Entry]]]]:
    """Return the index: for each way to look a letter up, its lines in order."""
    happened = sorted(
        ((entry.sample.situation, entry) for entry in made.entries), key=lambda line: line[0]
    )
    met = [
        (f"{name}: {entry.sample.title}", entry)
        for meeting, name in library.vocabulary.meetings.items()
        for entry in made.entries
        if meeting in entry.sample.meetings
    ]
    soon = sorted(
        (
            (f"{str(window)[0].upper()}{str(window)[1:]}: {entry.sample.title}", entry, _opens(window))
            for entry in made.entries
            for window in entry.sample.send
        ),
        key=lambda line: (line[2], line[0]),
    )
    found = [
        ("What just happened", happened),
        ("How you met", met),
        ("When to send it", [line[:2] for line in soon]),
    ]
    return [(title, lines) for title, lines in found if lines]


def _opens(window: Window) -> tuple[float, float]:
    """Return when a window opens and closes, in hours."""
    return (
        window.after.hours if window.after else 0,
        window.within.hours if window.within else 0,
    )


@dataclass(frozen=True, slots=True)
class About:
    """What the book says of itself."""

    name: str = "After the Interview"
    description: str = "Thank-you notes and follow-up emails, with letters to fill in once"
    copyright: str = "Text CC BY 4.0, code MIT."
    edition: str = ""
    created: str = ""


def about(environment: Mapping[str, str] = os.environ) -> About:
    """Return the book's edition: its version, and the day of its commit where that is known.

    >>> about({"SOURCE_DATE_EPOCH": "0"}).edition.partition(", ")[2]
    'January 1970'
    """
    named = f"Edition {version('after-the-interview')}"
    if "SOURCE_DATE_EPOCH" not in environment:
        return About(edition=named)
    day = datetime.datetime.fromtimestamp(int(environment["SOURCE_DATE_EPOCH"]), datetime.UTC)
    return About(
        edition=f"{named}, {MONTHS[day.month - 1]} {day.year}",
        created=day.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


MONTHS = (
    "January February March April May June July August September October November December"
).split()
