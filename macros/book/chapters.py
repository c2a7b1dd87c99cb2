"""The guide's pages to one book: its chapters, each what a template needs of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from math import cos, degrees, pi, sin
from pathlib import Path
from posixpath import join, normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from markupsafe import Markup

from .. import blanks
from ..errors import ContentError
from ..model import Blank, Evidence, Form, Letter, Library, Part, Sample
from ..web.render import Renderer
from . import colours, fonts, variorum

if TYPE_CHECKING:
    from lxml.html import HtmlElement

TEMPLATES = colours.TEMPLATES
ROOMS = {"handbook": TEMPLATES}
"""The book's own templates, beside the site's."""

LETTERS = "samples"
PLAN = (
    *("worksheets/debrief.md", "worksheets/first-24-hours.md", "worksheets/before-you-send.md"),
    *("tips.md", "when-to-send.md", "subject-lines.md", "when-not-to-write.md"),
    *("why-follow-up.md", "conclusion.md", LETTERS, "evidence.md", "where-sources-differ.md"),
    *("special-cases.md", "handbook/class.md"),
)
"""The order of the chapters on paper; pages that it does not know follow the letters."""

PRINTED = "handbook"
"""The page that offers what is to be printed: a reader on paper is told where it is."""

OWN = {"tips.md": "tips", "evidence.md": "evidence", "subject-lines.md": "subjects"}
"""Pages whose content the book sets in its own way, and the template that does."""

COLUMN = 317.0
"""How wide the text is on paper, in points."""

SPARE = 1.02
"""How much longer a line of advice may come out than the widths of its letters say."""

ADVICE_LINE = 12.0
FACING_LINES = 43
HEADING_LINES = 1.8
"""How far apart lines of advice stand, in points; how many stand beside a letter, and how many
a heading takes."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
WEB_ONLY = (
    ".//script | .//style | .//template | .//noscript | .//input | .//button | .//select"
    " | .//textarea | .//*[contains(concat(' ', @class, ' '), ' headerlink ')]"
    " | .//*[@data-web]"
)
"""What works on a screen only."""

STICKS = re.compile(r"[.,;:!?’')\]]+")
"""What may not begin a line: it stays with the word or blank before it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the guide as the site shows it: *html* is its content, nothing around it."""

    title: str
    url: str
    path: str
    html: str


@dataclass(frozen=True, slots=True)
class Advice:
    """A piece of advice on a sample's page: its heading and what stands below it."""

    title: str
    content: Markup
    lines: float = 0
    """About how many lines it takes beside its letter, its heading with it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample in the book: the letters that it leads to, and the advice on its page."""

    id: str
    sample: Sample
    letters: tuple[Letter, ...]
    advice: Markup
    opening: variorum.Opening
    beside: tuple[Advice, ...] = ()
    """What stands beside the letter on paper: as much of the advice as there is room for."""

    @property
    def long_title(self) -> bool:
        """Tell whether the title takes two lines beside its postmark."""
        return lines_of(self.sample.title, COLUMN - 64, 18, "book-bold.ttf") > 1


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the book with a line of its own in the contents; *kind* names its template."""

    id: str
    title: str
    kind: str = "prose"
    content: Markup = field(default_factory=Markup)
    entries: tuple[Entry, ...] = ()
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """The chapters, and the name of everything that a link can lead to."""

    chapters: tuple[Chapter, ...]
    titles: Mapping[str, str]
    images: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All samples, in the order of the book."""
        return tuple(entry for chapter in self.chapters for entry in chapter.entries)


def bind(
    library: Library, pages: Sequence[Page], paper: bool = True, kept: Path | None = None
) -> Book:
    """Return the book of *pages*, the samples among them gathered by what has just happened.

    On *paper* the chapters stand in the order of `PLAN`, every link says where it leads,
    and a form has lines to write on.  For the screen what templates are compiled to may be
    *kept* in a folder: on paper `printed` has a part in it, of which that folder knows nothing.
    """
    binder = Binder(library, pages, paper, None if paper else kept)
    found: list[tuple[str, list[Chapter]]] = []
    for page in pages:
        if page.path not in binder.samples:
            found.append((page.path, [binder.chapter(page)]))
        elif LETTERS not in (path for path, _ in found):
            found.append((LETTERS, binder.letters()))
    if LETTERS not in (path for path, _ in found):
        found.append((LETTERS, binder.letters()))
    if paper:
        after = PLAN.index(LETTERS) + 0.5
        found.sort(key=lambda part: PLAN.index(part[0]) if part[0] in PLAN else after)
    chapters = tuple(chapter for _, several in found for chapter in several)
    return Book(chapters, binder.titles, tuple(sorted(binder.images)))


class Binder:
    """Turns pages into chapters: what works on a screen only goes, every link is kept."""

    def __init__(
        self, library: Library, pages: Sequence[Page], paper: bool, kept: Path | None = None
    ) -> None:
        self.library = library
        self.paper = paper
        self.renderer = Renderer(library, rooms=ROOMS, kept=kept)
        self.renderer.templates.globals.update(runs=runs, colour=colours.by_day())
        if paper:
            self.renderer.templates.finalize = printed
        self.pages = {page.url: page for page in pages}
        self.samples = {sample.path.partition("/")[2] for sample in library.samples.values()}
        self.by_path = {page.path: page for page in pages}
        self.titles = {_id(page): page.title for page in pages}
        self.images: set[str] = set()
        evidence = library.evidence if "evidence.md" in self.by_path else Evidence()
        self.references = {
            source.url: f"evidence--source-{source.id}" for source in evidence.sources.values()
        }
        self.anchors = {
            **{f"evidence--chart-{each.id}": each.title for each in evidence.charts.values()},
            **{f"evidence--{survey.id}": survey.title for survey in evidence.surveys.values()},
            **{f"tips--{tip.id}": tip.title for tip in library.tips.values()},
            **{
                f"evidence--source-{source.id}": source.title
                for source in evidence.sources.values()
            },
        }
        if paper:
            self.titles |= self.anchors

    def chapter(self, page: Page) -> Chapter:
        """Return a page as a chapter."""
        if self.paper and page.path in OWN:
            return Chapter(_id(page), page.title, OWN[page.path])
        tree = self._tree(page)
        forms = []
        for form in tree.xpath(".//*[@data-form]"):
            name = form.get("data-form")
            forms.append(name)
            _replace(form, self._worksheet(self.library.forms[name], page))
        if self.paper:
            for figure in tree.xpath(".//figure[contains(@class, 'timeline')]"):
                _replace(figure, self._part("handbook/timeline"))
            for listed in tree.xpath(".//dl[@class = 'when']"):
                _drop(listed)  # each letter's opening says when it goes
        if forms and self.paper:
            # The sheet introduces itself: what its page says of itself is said to a screen.
            for part in tree.xpath("./*[not(descendant-or-self::*[@data-form])]"):
                _drop(part)
        kind = "worksheet" if forms else "prose"
        return Chapter(_id(page), page.title, kind, _html(tree), forms=tuple(forms))

    def letters(self) -> list[Chapter]:
        """Return a chapter for each group of samples."""
        groups = self.library.vocabulary.groups
        return [
            Chapter(
                f"letters-{group}",
                groups[group],
                "letters",
                entries=tuple(self.entry(sample) for sample in samples),
            )
            for group, samples in groupby(self.library.samples.values(), lambda each: each.group)
        ]

    def entry(self, sample: Sample) -> Entry:
        """Return a sample with the letters and the advice of its page."""
        path = sample.path.partition("/")[2]
        page = self.by_path.get(path)
        if page is None:
            page = Page(sample.title, f"{path.removesuffix('.md')}/", path, "")
        tree = self._tree(page)
        for part in tree.xpath("./*[descendant-or-self::*[@data-letter or @data-sample]]"):
            tree.remove(part)
        opening = variorum.opening(sample)
        beside = tuple(_fitting(_sections(tree), _room(opening))) if self.paper else ()
        _lower(tree)
        self.titles[_id(page)] = sample.title
        letters = tuple(blanks.letters(sample))
        return Entry(_id(page), sample, letters, _html(tree), opening, beside)

    def _tree(self, page: Page) -> HtmlElement:
        """Return a page's content without its title, its ids and links those of the book."""
        tree = _parse(page.html)
        for part in tree.xpath(WEB_ONLY):
            if part.getparent() is not None and not part.xpath("ancestor::svg"):
                _drop(part)
        for heading in tree.xpath("./h1[1]"):
            _drop(heading)
        if self.paper:
            for part in tree.xpath("./p[starts-with(., 'Next:')]"):
                _drop(part)  # the next page of a book is the next page
            _print_quotes(tree)
            _part_spaces(tree)
            check_glyphs(f"docs/{page.path}", *tree.itertext())
        else:
            _lower(tree)
        for part in tree.xpath(".//*[@id]"):
            name = f"{_id(page)}--{part.get('id')}"
            part.set("id", name)
            said = " ".join("".join(part.itertext()).split())
            self.titles[name] = said if part.tag in HEADINGS else page.title
        for pointer in ("for", "aria-labelledby", "aria-describedby"):
            for part in tree.xpath(f".//*[@{pointer}]"):
                names = (f"{_id(page)}--{name}" for name in part.get(pointer).split())
                part.set(pointer, " ".join(names))
        for link in tree.xpath(".//a[@href]"):
            self._lead(page, link)
        for picture in tree.xpath(".//img[@src]"):
            name = normpath(join(page.url, unquote(urlsplit(picture.get("src")).path)))
            picture.set("src", name if self.paper else f"../{name}")
            self.images.add(name)
        return tree

    def _lead(self, page: Page, link: HtmlElement) -> None:
        """Make a link lead to its place in the book, or print where on the web it leads."""
        address = link.get("href", "")
        href = urlsplit(address)
        if href.scheme in ("https", "http"):
            if self.paper:
                self._print_address(link, address)
            return
        if href.scheme:
            return
        target = normpath(join("/", page.url, unquote(href.path))).lstrip("/")
        other = self.pages.get(f"{target}/" if target else "")
        if href.path and other is None:
            # A download, or a page that the book leaves out: its words stay, without a link.
            if self.paper and self.library.address and target == PRINTED:
                _add_after(link, "address").text = f" ({join(self.library.address, target)})"
            link.tag = "span"
            del link.attrib["href"]
            return
        other = other if href.path and other else page
        place = _id(other) + (f"--{href.fragment}" if href.fragment else "")
        survey = place.removeprefix("evidence--")
        if self.paper and survey in self.library.evidence.surveys:
            self._lead_to_chart(link, survey)
            return
        if self.paper and other.path in OWN and place not in self.anchors:
            place = _id(other)
        link.set("href", f"#{place}")
        if self.paper and other is not page:
            _add_after(link, "page").set("data-to", link.get("href"))

    def _lead_to_chart(self, link: HtmlElement, survey: str) -> None:
        """Make a figure lead to its chart, or to who was asked, where no page has it.

        A paragraph says once where a chart stands: behind its last figure.
        """
        said = link.text_content()
        link.set("href", f"#evidence--{survey}")
        for chart in self.library.evidence.charts.values():
            if any(each.survey == survey and str(each) == said for _, each in chart.bars):
                place = f"#evidence--chart-{chart.id}"
                link.set("href", place)
                for earlier in _above(link).xpath("./span[@data-to = $to]", to=place):
                    _drop(earlier)
                _add_after(link, "page").set("data-to", place)
                return

    def _print_address(self, link: HtmlElement, address: str) -> None:
        """Print where on the web a link leads: in the list of references, or below the page."""
        shown = address.partition("://")[2].rstrip("/")
        if link.xpath("ancestor::*[@class = 'references']"):
            _add_after(link, "address").text = f" {shown}"
        elif address in self.references:
            link.set("href", f"#{self.references[address]}")
        elif shown.partition("/")[0] not in "".join(link.itertext()):
            _add_after(link, "footnote").text = shown

    @property
    def _sheet(self) -> str:
        return "handbook/worksheet" if self.paper else "handbook/web-worksheet"

    def _worksheet(self, form: Form, page: Page) -> HtmlElement:
        return self._part(self._sheet, form=form, url=page.url)

    def _part(self, template: str, **names: object) -> HtmlElement:
        """Return what a template makes as one element."""
        [part] = _parse(self.renderer.html(template, **names))
        return part


def check_glyphs(place: str, *texts: str) -> None:
    """Refuse a character, in *texts* that stand in *place*, that the book's faces can't show."""
    for character in "".join(texts):
        if not character.isspace() and ord(character) not in fonts.glyphs():
            raise ContentError(
                f"{place}:1: {character!r} (U+{ord(character):04X}) is missing "
                "from the handbook's typefaces. Use another character."
            )


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a letter: text, or a blank and the punctuation that stays with it."""

    text: str = ""
    blank: Blank | None = None


def runs(parts: Iterable[Part]) -> Iterator[Run]:
    """Yield *parts* so that no line begins with the punctuation that follows a blank.

    >>> from macros.model import Field
    >>> name = Blank(Field("Interviewer", "", "interviewer"))
    >>> [run.text for run in runs(["Dear ", name, ", thank you."])]
    ['Dear ', ',', ' thank you.']
    """
    waiting: Blank | None = None
    for part in parts:
        if isinstance(part, Blank):
            if waiting:
                yield Run(blank=waiting)
            waiting = part
            continue
        if waiting:
            stuck = STICKS.match(part)
            tail = stuck[0] if stuck else ""
            yield Run(blanks.curl(tail, "a"), waiting)
            waiting, part = None, part[len(tail) :]
        if part:
            yield Run(blanks.curl(part))
    if waiting:
        yield Run(blank=waiting)


def printed(value: object) -> object:
    """Return what a template writes, with the quotation marks of a printer where it is text."""
    return blanks.curl(value) if type(value) is str else value


def tied(text: str) -> str:
    r"""Return *text* with its last two words on one line.

    >>> tied("to the person who interviewed you.").split(" ")[-1]
    'interviewed\xa0you.'
    """
    before, space, last = text.rpartition(" ")
    return before + ("\xa0" if space else "") + last


@dataclass(frozen=True, slots=True)
class Ring:
    """Letters round the middle of a postmark, as the attributes of one SVG text."""

    text: str
    x: str
    y: str
    rotate: str


def ring(text: str, size: float = 8.2, radius: float = 35.8) -> Ring:
    """Return *text* spread round a circle about (50, 50), its letters upright on it.

    >>> ring("24 H").text
    '24H'
    """
    units = fonts.widths("advice-bold.ttf")
    widths = [units.get(ord(letter), 500) + 90 for letter in text]
    turn = 2 * pi / sum(widths)
    ends = [0, *accumulate(widths)]
    places = []
    for place, letter in enumerate(text):
        angle = (ends[place] + widths[place] / 2) * turn - pi / 2
        half = units.get(ord(letter), 500) * size / 2000
        x = 50 + radius * cos(angle) + half * sin(angle)
        y = 50 + radius * sin(angle) - half * cos(angle)
        if letter != " ":
            places.append((letter, f"{x:.2f}", f"{y:.2f}", f"{degrees(angle) + 90:.1f}"))
    return Ring(
        *(
            "".join(part) if not at else " ".join(part)
            for at, part in enumerate(zip(*places, strict=True))
        )
    )


def centred(text: str, size: float, face: str) -> float:
    """Return where *text* begins whose middle is at 50: an anchor would take a group for each."""
    units = fonts.widths(face)
    return round(50 - sum(units.get(ord(letter), 500) for letter in text) * size / 2000, 2)


def _id(page: Page) -> str:
    """Return a page's name in the book."""
    return page.path.removesuffix(".md").removesuffix("/index").replace("/", "-")


def _parse(html: str) -> HtmlElement:
    """Return *html* as a tree under one element."""
    from lxml.html import document_fromstring

    body = document_fromstring(f"<!doctype html><html><body>{html}</body></html>").body
    assert body is not None
    return body


def _html(tree: HtmlElement) -> Markup:
    """Return what stands in *tree* as HTML."""
    from lxml.html import tostring

    text = tostring(tree, encoding="unicode")
    return Markup(text.partition(">")[2].rpartition("</body>")[0])


FINDS, WHOM, WHEN = "Find ", "To whom", "When "
"""How the headings begin of the advice that stands beside a letter before any other."""


def _sections(tree: HtmlElement) -> list[Advice]:
    """Return the advice under each heading of a sample's page, the most useful first."""
    found: list[tuple[str, list[HtmlElement]]] = []
    for part in tree:
        if part.tag in HEADINGS:
            found.append((" ".join(part.text_content().split()), []))
        elif found:
            found[-1][1].append(part)
    order = (FINDS, WHOM, WHEN)
    found.sort(key=lambda each: [not each[0].startswith(begins) for begins in order])
    return [
        Advice(title, Markup("".join(map(_outer, parts))), _lines(parts))
        for title, parts in found
        if parts
    ]


def _outer(part: HtmlElement) -> str:
    from lxml.html import tostring

    return str(tostring(part, encoding="unicode"))


def _lines(parts: Iterable[HtmlElement]) -> float:
    """Return about how many lines advice takes beside its letter."""
    lines = HEADING_LINES
    for part in parts:
        for block in list(part.iter("li")) or [part]:
            lines += lines_of(block.text_content(), COLUMN - (14 if block.tag == "li" else 0))
        lines += 0.3
    return lines


def lines_of(text: str, width: float, size: float = 9.8, face: str = "advice.ttf") -> int:
    """Return how many lines *text* takes, *width* points wide, in a *face* of *size* points.

    >>> lines_of("Write it the same day.", 300), lines_of("Write it the same day. " * 8, 300)
    (1, 3)
    """
    units = fonts.widths(face)
    lines, room = 1, width
    for word in text.split():
        long = sum(units.get(ord(letter), 500) for letter in f"{word} ") * size * SPARE / 1000
        if long > room and room < width:
            lines, room = lines + 1, width
        room -= long
    return lines


def _room(opening: variorum.Opening) -> float:
    """Return how many lines of advice stand beside a letter, below its other wordings."""
    sample = opening.sample
    used = 2.9 if opening.passages else 0
    for passage in opening.passages:
        used += 0.45 + sum(
            lines_of(way.text, COLUMN - 60, 9.2, "book.ttf") + 0.15 for way in passage.others
        )
    if sample.leave_out:
        used += HEADING_LINES + sum(lines_of(thing, COLUMN - 14) for thing in sample.leave_out)
    return FACING_LINES - used - (2.5 if sample.related else 0)


def _fitting(advice: Iterable[Advice], room: float) -> Iterator[Advice]:
    """Yield as much of the *advice* as has *room*, which is counted in lines."""
    for each in advice:
        if each.lines <= room:
            room -= each.lines
            yield each


def _above(part: HtmlElement) -> HtmlElement:
    """Return the element that *part*, which is not the whole, stands in."""
    parent = part.getparent()
    assert parent is not None
    return parent


def _drop(part: HtmlElement) -> None:
    """Remove an element, and leave the text that follows it."""
    parent, before = _above(part), part.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (part.tail or "")
    else:
        parent.text = (parent.text or "") + (part.tail or "")
    parent.remove(part)


def _replace(old: HtmlElement, new: HtmlElement) -> None:
    new.tail = old.tail
    _above(old).replace(old, new)


def _print_quotes(tree: HtmlElement) -> None:
    """Set the quotation marks of all text in *tree*."""
    before = ""
    for text in tree.xpath(".//text()[not(ancestor::code or ancestor::pre)]"):
        parent = text.getparent()
        printed = blanks.curl(text, before)
        before = printed[-1:]
        if text.is_tail:
            parent.tail = printed
        else:
            parent.text = printed


def _part_spaces(tree: HtmlElement) -> None:
    """Put a span round text that ends in a space before an element of the same line.

    WeasyPrint 70 breaks such a line after its first word when the text fits exactly.
    """
    for element in list(tree.iter("a", "b", "code", "em", "i", "q", "span", "strong")):
        before, parent = element.getprevious(), _above(element)
        text = (parent.text if before is None else before.tail) or ""
        if not text.strip() or not text[-1].isspace():
            continue
        span = element.makeelement("span")
        span.text, span.tail = text.rstrip(), " "
        if before is None:
            parent.text = None
        else:
            before.tail = None
        element.addprevious(span)
        if text[0].isspace():
            span.text = text.strip()
            if before is None:
                parent.text = " "
            else:
                before.tail = " "


def _lower(tree: HtmlElement) -> None:
    """Make every heading one of the next lower level."""
    for heading in list(tree.iter(*HEADINGS)):
        heading.tag = f"h{min(int(str(heading.tag)[1]) + 1, 6)}"


def _add_after(link: HtmlElement, name: str) -> HtmlElement:
    """Return a new element of the class *name*, right after *link*."""
    new = link.makeelement("span", {"class": name})
    new.tail, link.tail = link.tail, None
    link.addnext(new)
    return new
