"""The handbook: one book of the whole guide, to fill in, to print and for a class."""

from __future__ import annotations

import datetime
import gc
import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from .. import blanks
from ..errors import ContentError
from ..model import Letter, Library, Sample, Span, Window
from ..web.render import Renderer
from . import chapters, colours, filled, fonts
from .pdf import booklet, document

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
    margins: tuple[str, str] = ("", "")
    """Of a left and of a right page, as CSS has them."""

    @property
    def sheet(self) -> str:
        """The style rules that fit the book to the paper."""
        left, right = self.margins
        return (
            f"@page{{size:{self.width} {self.height};margin:{right}}}"
            f"@page :left{{margin:{left}}}"
            f".cover{{height:calc({self.height} - 20mm)}}"
            f".flap::before{{width:calc(({self.width} - 27mm) * .7071);"
            f"height:calc(({self.width} - 27mm) * .7071)}}"
        )


A5 = Paper("A5", "148mm", "210mm", ("15mm 20mm 17mm 16mm", "15mm 16mm 17mm 20mm"))
HALF_LETTER = Paper(
    "half-letter", "5.5in", "8.5in", ("18mm 15mm 19.9mm 12.7mm", "18mm 12.7mm 19.9mm 15mm")
)
"""Such that the text is 112 mm by 178 mm on both, so that both break into the same pages."""
A4 = Paper("A4", "210mm", "297mm", ("25mm 16mm", "25mm 16mm"))
LETTER = Paper("US Letter", "8.5in", "11in", ("16.2mm 18.95mm", "16.2mm 18.95mm"))
"""Such that the text is 178 mm by 247 mm on both."""

PAPERS = {"a5": (A5, A4), "half-letter": (HALF_LETTER, LETTER)}
"""For each size of the book: its page, and the sheet that two pages fill."""

SHEETS = {"a5": ("a4", 841.89, 595.276), "half-letter": ("letter", 792.0, 612.0)}
"""The same sheet in the names of files, and its width and height in points, lying down."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF of the book, ready for a reader."""

    file: str
    name: str
    """What it is for, and its paper."""
    says: str
    """How much of it there is."""
    data: bytes

    @property
    def use(self) -> str:
        """What it is for, in a word: the first of its file's name."""
        return self.file.partition("-")[0]

    @property
    def weight(self) -> str:
        """How much there is to download."""
        return f"{round(len(self.data) / 1000)} KB"


def publish(
    library: Library,
    pages: Sequence[chapters.Page],
    site: Path,
    answers: Mapping[str, str] = {},
) -> str:
    """Add the book to a finished *site*: its PDFs, and all of it on one web page.

    Where there are *answers*, one reader's own by label, the book holds them.
    Returns what a reader of the log should know, in one line; empty when all is well.
    """
    missing = document.missing() if os.environ.get("HANDBOOK") != "no" else ""
    left_out = missing or os.environ.get("HANDBOOK") == "no"
    printed = [] if left_out else all_editions(library, pages, site, answers)
    for each in printed:
        (site / FOLDER).mkdir(exist_ok=True)
        (site / FOLDER / each.file).write_bytes(each.data)
    page = site / FOLDER / "index.html"
    if page.is_file():
        before, slot, after = page.read_text("utf-8").partition(SLOT)
        if slot:
            page.write_text(
                before + web(library, pages, printed, answers) + after, "utf-8", newline="\n"
            )
    return missing


def all_editions(
    library: Library,
    pages: Sequence[chapters.Page],
    site: Path,
    answers: Mapping[str, str] = {},
) -> list[Printed]:
    """Return every PDF of the book; each size of paper has a process of its own."""
    shown = printable(pages, answers)
    with ProcessPoolExecutor(len(PAPERS), initializer=_collect_seldom) as pool:
        made = pool.map(partial(print_on, library, shown, site, answers), PAPERS)
        return [each for size in made for each in size]


def _collect_seldom() -> None:
    """Look for garbage a hundredth as often: a layout keeps nearly all that it makes.

    A fifth of the time, for a tenth more memory.
    """
    gc.freeze()
    gc.set_threshold(70_000, 50, 50)


def printable(
    pages: Sequence[chapters.Page], answers: Mapping[str, str]
) -> Sequence[chapters.Page]:
    """Return *pages* with a "?" for each character of *answers* that the book's faces lack."""
    lacking = {c for text in answers.values() for c in text if fonts.printable(c) != c}
    table = dict.fromkeys(map(ord, lacking), "?")
    return [replace(page, html=page.html.translate(table)) for page in pages] if table else pages


def print_on(
    library: Library,
    pages: Sequence[chapters.Page],
    site: Path,
    answers: Mapping[str, str],
    size: str,
) -> list[Printed]:
    """Return the editions of one of `PAPERS`; their pictures are read from *site*."""
    page, sheet = PAPERS[size]
    made = chapters.bind(library, pages)
    for name in made.images:
        if not (site / name).is_file():
            raise ContentError(f"handbook: picture {name!r} is lost. Mend its address.")
    files: dict[str, Callable[[], bytes]] = {name: (site / name).read_bytes for name in made.images}
    logo = library.office.logo if library.office else ""
    logos = {LOGO: (site / logo).read_bytes} if logo else {}
    sheets = [page.sheet, colours.style("book.css")]
    own, own_pack = ([whose_rules(f"{box}-center")] if answers else [] for box in BOXES)
    titles = {**made.titles, **OWN_TITLES, **{each.id: each.title for each in made.chapters}}
    data, count = document.write(
        html(library, made, answers=answers), [*sheets, *own], files | logos, titles, folded=True
    )
    data, shown = _with(answers, data, library)
    name, width, height = SHEETS[size]
    book = f"{about().name}: the handbook"
    folded, sides = booklet.impose(shown, f"{book}, to print and fold", width, height)
    class_sheets = [sheet.sheet, *sheets[1:], *own_pack, colours.style("class.css")]
    pack, pack_sides = document.write(
        html(library, made, "handbook/class", answers), class_sheets, logos, titles
    )
    if pack_sides != SIDES:
        raise ContentError(
            f"handbook: the class pack has {pack_sides} sides, not {SIDES}. "
            "Say less in its forms, its note or the tips."
        )
    pack, _ = _with(answers, pack, library)
    return [
        Printed(f"handbook-{size}.pdf", f"To fill in, {page.name}", f"{count} pages", data),
        Printed(
            f"booklet-{name}.pdf",
            f"To print and fold, {sheet.name}",
            f"{sides // 2} sheets, {count} pages",
            folded,
        ),
        Printed(
            f"class-pack-{name}.pdf", f"For a class, {sheet.name}", f"{pack_sides} sides", pack
        ),
    ]


BOXES = ("bottom", "top")
"""Where the book has room to say whose it is, and where the class pack has."""


def whose_rules(box: str) -> str:
    """Return the style rules by which a *box* of each page's margin says whose answers it has."""
    return (
        "body{string-set:whose attr(data-whose)}"
        f"@page{{@{box}{{content:string(whose);font:7pt/1 AdviceFace;width:70%;"
        "vertical-align:top;padding-top:6mm}}"
        ".cover .line{font:13pt/9mm BookFace}"
    )


def _with(answers: Mapping[str, str], data: bytes, library: Library) -> tuple[bytes, bytes]:
    """Return a book with *answers* in its fields, and the same as it looks on paper."""
    if not answers:
        return data, data
    made, _ = filled.write("the handbook", data, answers, library.vocabulary.fields)
    return made, booklet.flattened(made)


def web(
    library: Library,
    pages: Sequence[chapters.Page],
    printed: Sequence[Printed],
    answers: Mapping[str, str] = {},
) -> str:
    """Return the book as one web page's content, with links to what is *printed*."""
    made = chapters.bind(library, pages, paper=False)
    return _template(library, made, answers).html(
        "handbook/web", book=made, printed=printed, about=about(), window=WINDOW
    )


SIDES = 4
"""How many sides the class pack has."""

LOGO = "office.svg"
"""What the templates call an office's logo."""

WINDOW = Window("the interview", Span(24, "hour"))
"""What the postmark on the cover says."""

NOTE = "thank-you-note"
"""The sample of the class pack."""

OWN_TITLES = {"references": "References", "imprint": "How this book works"}
"""What the book adds to the pages of the guide."""


def html(
    library: Library,
    made: chapters.Book,
    template: str = "handbook/book",
    answers: Mapping[str, str] = {},
) -> str:
    """Return *made* as the HTML that is printed, by the *template* of an edition."""
    # What the faces lack is shown as in the fields: the answer itself stays whole.
    printable = {label: fonts.printable(text) for label, text in answers.items()}
    renderer = _template(library, made, printable)
    renderer.templates.finalize = chapters.printed
    return renderer.html(
        template,
        about=about(),
        book=made,
        own=OWN_TITLES,
        office=library.office,
        note=next((each for each in made.entries if each.sample.id == NOTE), made.entries[0]),
        window=WINDOW,
    )


def _template(library: Library, made: chapters.Book, answers: Mapping[str, str]) -> Renderer:
    places = {entry.sample.id: entry for entry in made.entries}
    renderer = Renderer(library, rooms=chapters.ROOMS, answers=answers)
    renderer.templates.globals.update(
        options=options,
        places=lambda ids: [places[id] for id in ids if id in places],
        colour=colours.by_day(),
        ring=chapters.ring,
        centred=chapters.centred,
        runs=chapters.runs,
        seen=lambda: seen(library),
        subjects=lambda: subjects(library),
    )
    renderer.templates.filters.update(host=lambda url: urlsplit(url).netloc, tied=chapters.tied)
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


def subjects(library: Library) -> list[tuple[str, list[Sample]]]:
    """Return every subject line, with the samples that have it."""
    found: dict[str, list[Sample]] = {}
    for sample in library.samples.values():
        if sample.subject:
            found.setdefault(blanks.fill(sample.subject), []).append(sample)
    return list(found.items())


def seen(library: Library) -> str:
    """Return the month in which the sources were last read."""
    day = max(source.seen for source in library.evidence.sources.values())
    return f"{MONTHS[day.month - 1]} {day.year}"


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
    named = f"Edition {_version()}"
    if "SOURCE_DATE_EPOCH" not in environment:
        return About(edition=named)
    day = datetime.datetime.fromtimestamp(int(environment["SOURCE_DATE_EPOCH"]), datetime.UTC)
    return About(
        edition=f"{named}, {MONTHS[day.month - 1]} {day.year}",
        created=day.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _version() -> str:
    """Return the version of the project, installed or not."""
    try:
        return version("after-the-interview")
    except PackageNotFoundError:
        project = tomllib.loads(PROJECT.read_text("utf-8"))
        return str(project["project"]["version"])


PROJECT = Path(__file__).parents[2] / "pyproject.toml"
"""What says so in a checkout that is not installed."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
