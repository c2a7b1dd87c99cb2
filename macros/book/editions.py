"""The handbook: one book of the whole guide, in two sizes of paper."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from ..errors import ContentError
from ..model import Letter, Library, Span, Window
from ..web.render import Renderer
from . import chapters
from .pdf import document

FOLDER = "handbook"
"""Where the book lies on the site."""

SLOT = '<div id="handbook"></div>'
"""What the book's web page holds until every other page is made."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper: what readers call it, and its width and height as CSS has them."""

    name: str
    width: str
    height: str
    margins: str
    """Such that the text is 142 mm by 248 mm, so that both sizes break into the same pages."""

    @property
    def sheet(self) -> str:
        """The style rules that fit the book to the paper."""
        return (
            f"@page{{size:{self.width} {self.height};margin:{self.margins}}}"
            f".cover{{height:calc({self.height} - 32mm)}}"
        )


PAPERS = {
    "a4": Paper("A4", "210mm", "297mm", "24mm 34mm 25mm"),
    "letter": Paper("US Letter", "8.5in", "11in", "15.7mm 36.95mm 15.7mm"),
}
"""The sizes that the book is printed in, by the end of the file's name."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF of the book, ready for a reader."""

    file: str
    paper: Paper
    pages: int
    data: bytes

    @property
    def weight(self) -> str:
        """How much there is to download."""
        return f"{round(len(self.data) / 1000)} KB"


def publish(library: Library, pages: Sequence[chapters.Page], site: Path) -> str:
    """Add the book to a finished *site*: two PDFs, and all of it on one web page.

    Returns what a reader of the log should know, in one line; empty when all is well.
    """
    missing = document.missing() if os.environ.get("HANDBOOK") != "no" else ""
    left_out = missing or os.environ.get("HANDBOOK") == "no"
    printed = [] if left_out else [print_on(library, pages, site, size) for size in PAPERS]
    for each in printed:
        (site / FOLDER).mkdir(exist_ok=True)
        (site / FOLDER / each.file).write_bytes(each.data)
    page = site / FOLDER / "index.html"
    if page.is_file():
        before, slot, after = page.read_text("utf-8").partition(SLOT)
        if slot:
            page.write_text(before + web(library, pages, printed) + after, "utf-8", newline="\n")
    return missing


def print_on(library: Library, pages: Sequence[chapters.Page], site: Path, size: str) -> Printed:
    """Return the book on one of `PAPERS`; its pictures are read from *site*."""
    made = chapters.bind(library, pages)
    for name in made.images:
        if not (site / name).is_file():
            raise ContentError(f"handbook: picture {name!r} is lost. Mend its address.")
    files: dict[str, Callable[[], bytes]] = {name: (site / name).read_bytes for name in made.images}
    sheets = [PAPERS[size].sheet, (chapters.TEMPLATES / "book.css").read_text("utf-8")]
    titles = {**made.titles, **OWN_TITLES, **{each.id: each.title for each in made.chapters}}
    data, count = document.write(html(library, made), sheets, files, titles)
    return Printed(f"handbook-{size}.pdf", PAPERS[size], count, data)


def web(library: Library, pages: Sequence[chapters.Page], printed: Sequence[Printed]) -> str:
    """Return the book as one web page's content, with links to what is *printed*."""
    made = chapters.bind(library, pages, paper=False)
    return _template(library, made).html("handbook/web", book=made, printed=printed)


OWN_TITLES = {"cards": "Cards to cut out", "index": "Index of situations", "colophon": "Colophon"}
"""What the book adds to the pages of the guide."""


def html(library: Library, made: chapters.Book) -> str:
    """Return *made* as the HTML that is printed."""
    renderer = _template(library, made)
    renderer.templates.finalize = lambda value: (
        chapters.curl(value) if type(value) is str else value
    )
    return renderer.html(
        "handbook/book",
        about=about(),
        book=made,
        cards=[sample for sample in library.samples.values() if sample.channel == "card"],
        own=OWN_TITLES,
        window=Window("the interview", Span(24, "hour")),
    )


def _curled(value: object) -> object:
    return chapters.curl(value) if type(value) is str else value


def _template(library: Library, made: chapters.Book) -> Renderer:
    places = {entry.sample.id: entry for entry in made.entries}
    renderer = Renderer(library, rooms=chapters.ROOMS)
    renderer.templates.globals.update(
        options=options,
        places=lambda ids: [places[id] for id in ids if id in places],
        ring=chapters.ring,
        runs=chapters.runs,
        situations=lambda: situations(library, made),
    )
    return renderer


def options(letter: Letter) -> str:
    """Return the labels of what was chosen to get *letter*; empty where there is no choice."""
    picked = dict(letter.picks)
    return ", ".join(
        option.label
        for choice in letter.sample.choices
        for option in choice.options
        if picked[choice.name] == option.value
    )


def situations(
    library: Library, made: chapters.Book
) -> list[tuple[str, list[tuple[str, chapters.Entry]]]]:
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
            (
                f"{str(window)[0].upper()}{str(window)[1:]}: {entry.sample.title}",
                entry,
                _opens(window),
            )
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
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def main(out: Path = Path("site") / FOLDER) -> None:
    """Build the guide in a folder of its own, and leave the book's PDFs in *out*."""
    import shutil
    from tempfile import TemporaryDirectory

    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    with TemporaryDirectory() as folder:
        build(load_config("mkdocs.yml", site_dir=folder, strict=True))
        out.mkdir(parents=True, exist_ok=True)
        for made in sorted(Path(folder, FOLDER).glob("*.pdf")):
            shutil.copy(made, out)
            print(out / made.name)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
