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
from .pdf import booklet, boxes, document

FOLDER = "handbook"
"""Where the book lies on the site."""

SLOT = '<div id="handbook"></div>'
"""What the book's web page holds until every other page is made."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper: what readers call it, and in mm its size and margins around the text."""

    name: str
    width: float
    height: float
    top: float
    bottom: float
    inner: float
    outer: float

    @property
    def sheet(self) -> str:
        """The style rules that fit the book to the paper."""
        top, bottom, inner, outer = (
            f"{margin}mm" for margin in (self.top, self.bottom, self.inner, self.outer)
        )
        return (
            f"@page{{size:{self.width}mm {self.height}mm;margin:{top} {outer} {bottom} {inner}}}"
            f"@page :left{{margin:{top} {inner} {bottom} {outer}}}"
        )

    def cut(self, other: Paper, page: int, pages: int) -> boxes.Box:
        """Return where *other*, a page for as much text, lies on a *page* of this size.

        The covers, which are the first and the last of *pages*, stay in the middle.
        """
        left = self.inner - other.inner if page % 2 else self.outer - other.outer
        low = self.bottom - other.bottom
        if page in (1, pages):
            left, low = (self.width - other.width) / 2, (self.height - other.height) / 2
        right, high = left + other.width, low + other.height
        return _points(left), _points(low), _points(right), _points(high)


def _points(mm: float) -> float:
    return round(mm * 72 / 25.4, 3)


A5 = Paper("A5", 148, 210, top=15, bottom=17, inner=20, outer=16)
HALF_LETTER = Paper("half-letter", 139.7, 215.9, top=18, bottom=19.9, inner=15, outer=12.7)
"""Such that the text is 112 mm by 178 mm on both: what is laid out for one is cut to the other."""
A4 = Paper("A4", 210, 297, top=25, bottom=25, inner=16, outer=16)
LETTER = Paper("US Letter", 215.9, 279.4, top=16.2, bottom=16.2, inner=18.95, outer=18.95)
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
    kept: Path | None = None,
) -> str:
    """Add the book to a finished *site*: its PDFs, and all of it on one web page.

    Where there are *answers*, one reader's own by label, the book holds them.  What the web
    page's templates are compiled to is *kept* in a folder, if there is one.
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
                before + web(library, pages, printed, answers, kept) + after,
                "utf-8",
                newline="\n",
            )
    return missing


def all_editions(
    library: Library,
    pages: Sequence[chapters.Page],
    site: Path,
    answers: Mapping[str, str] = {},
) -> list[Printed]:
    """Return every PDF of the book; the books and the class packs have a process each."""
    given = (library, printable(pages, answers), site, answers)
    with ProcessPoolExecutor(2, initializer=_collect_seldom) as pool:
        of_books, of_packs = pool.submit(books, *given), pool.submit(packs, *given)
        pairs = zip(of_books.result(), of_packs.result(), strict=True)
        return [each for book, pack in pairs for each in (*book, pack)]


def _collect_seldom() -> None:
    """Look for garbage a hundredth as often: a layout keeps nearly all that it makes.

    A fifth of the time, for a tenth more memory.
    """
    gc.freeze()
    gc.set_threshold(*filled.SELDOM)


def printable(
    pages: Sequence[chapters.Page], answers: Mapping[str, str]
) -> Sequence[chapters.Page]:
    """Return *pages* with a "?" for each character of *answers* that the book's faces lack."""
    lacking = {c for text in answers.values() for c in text if fonts.printable(c) != c}
    table = dict.fromkeys(map(ord, lacking), "?")
    return [replace(page, html=page.html.translate(table)) for page in pages] if table else pages


def books(
    library: Library,
    pages: Sequence[chapters.Page],
    site: Path,
    answers: Mapping[str, str] = {},
    sizes: Sequence[str] = tuple(PAPERS),
) -> list[tuple[Printed, Printed]]:
    """Return the book in each of *sizes*, to fill in and to fold; pictures are read from *site*.

    It is laid out once, since as much text stands on a page of every size.
    """
    made = chapters.bind(library, pages)
    for name in made.images:
        if not (site / name).is_file():
            raise ContentError(f"handbook: picture {name!r} is lost. Mend its address.")
    files = {name: (site / name).read_bytes for name in made.images}
    sheets = [A5.sheet, colours.style("book.css"), *_whose("bottom", answers)]
    data, count = document.write(
        html(library, made, answers=answers),
        sheets,
        files | _logo(library, site),
        _titles(made),
        folded=True,
    )
    data, painted = _with(answers, data, library)
    found = []
    for size in sizes:
        page, sheet = PAPERS[size]
        box = partial(A5.cut, page)
        own = boxes.cut(data, box)
        shown = own if painted is data else boxes.cut(painted, box)
        name, width, height = SHEETS[size]
        title = f"{about().name}: the handbook, to print and fold"
        folded, sides = booklet.impose(shown, title, width, height)
        says = f"{count} pages"
        found.append(
            (
                Printed(f"handbook-{size}.pdf", f"To fill in, {page.name}", says, own),
                Printed(
                    f"booklet-{name}.pdf",
                    f"To print and fold, {sheet.name}",
                    f"{sides // 2} sheets, {says}",
                    folded,
                ),
            )
        )
    return found


def packs(
    library: Library,
    pages: Sequence[chapters.Page],
    site: Path,
    answers: Mapping[str, str] = {},
    sizes: Sequence[str] = tuple(PAPERS),
) -> list[Printed]:
    """Return the class pack on a sheet for each of *sizes* of the book."""
    made = chapters.bind(library, pages)
    text = html(library, made, "handbook/class", answers)
    styles = [colours.style("book.css"), *_whose("top", answers), colours.style("class.css")]
    found = []
    for size in sizes:
        _, sheet = PAPERS[size]
        data, sides = document.write(
            text, [sheet.sheet, *styles], _logo(library, site), _titles(made)
        )
        if sides != SIDES:
            raise ContentError(
                f"handbook: the class pack has {sides} sides, not {SIDES}. "
                "Say less in its forms, its note or the tips."
            )
        data, _ = _with(answers, data, library)
        name = f"class-pack-{SHEETS[size][0]}.pdf"
        found.append(Printed(name, f"For a class, {sheet.name}", f"{sides} sides", data))
    return found


def _titles(made: chapters.Book) -> dict[str, str]:
    """Return what readers call every place that a link can lead to."""
    return {**made.titles, **OWN_TITLES, **{each.id: each.title for each in made.chapters}}


def _logo(library: Library, site: Path) -> dict[str, Callable[[], bytes]]:
    """Return the file of the office's logo, if it has one."""
    logo = library.office.logo if library.office else ""
    return {LOGO: (site / logo).read_bytes} if logo else {}


def _whose(box: str, answers: Mapping[str, str]) -> list[str]:
    """Return the style rules that say whose *answers* the pages hold, if they do."""
    return [whose_rules(f"{box}-center")] if answers else []


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
    kept: Path | None = None,
) -> str:
    """Return the book as one web page's content, with links to what is *printed*."""
    made = chapters.bind(library, pages, paper=False, kept=kept)
    return _template(library, made, answers, kept).html(
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


def _template(
    library: Library, made: chapters.Book, answers: Mapping[str, str], kept: Path | None = None
) -> Renderer:
    places = {entry.sample.id: entry for entry in made.entries}
    renderer = Renderer(library, rooms=chapters.ROOMS, answers=answers, kept=kept)
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
