"""The guide's pages to one book: chapters in the order of the navigation, as one HTML text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from pathlib import Path
from posixpath import join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from markupsafe import Markup

from .. import blanks
from ..errors import ContentError
from ..model import Blank, Form, Letter, Library, Part, Sample
from ..web.render import Renderer
from . import fonts

TEMPLATES = Path(__file__).parent / "templates"
ROOMS = {"handbook": TEMPLATES}
"""The book's own templates, beside the site's."""

FRONT = ("debrief", "first-24-hours")
"""The forms that stand before everything else, one page each."""

SVG = "{http://www.w3.org/2000/svg}"
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
class Entry:
    """A sample in the book: the letters that it leads to, and the advice on its page."""

    id: str
    sample: Sample
    letters: tuple[Letter, ...]
    advice: Markup


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


def bind(library: Library, pages: Sequence[Page], paper: bool = True) -> Book:
    """Return the book of *pages*, the samples among them gathered by what has just happened.

    On *paper* every link says where it leads, and a form has lines to write on.
    """
    binder = Binder(library, pages, paper)
    chapters: list[Chapter] = []
    letters = binder.letters()
    for page in pages:
        if page.path not in binder.samples:
            chapters.append(binder.chapter(page))
        elif letters:
            chapters += letters
            letters = []
    chapters += letters
    for form in reversed(FRONT):
        first = [chapter for chapter in chapters if form in chapter.forms]
        if not first and form in library.forms:
            first = [binder.sheet(library.forms[form])]
        chapters = first + [chapter for chapter in chapters if chapter not in first]
    return Book(tuple(chapters), binder.titles, tuple(sorted(binder.images)))


class Binder:
    """Turns pages into chapters: what works on a screen only goes, every link is kept."""

    def __init__(self, library: Library, pages: Sequence[Page], paper: bool) -> None:
        self.library = library
        self.paper = paper
        self.renderer = Renderer(library, rooms=ROOMS)
        self.renderer.templates.globals.update(runs=runs, ring=ring)
        self.pages = {page.url: page for page in pages}
        self.samples = {sample.path.partition("/")[2] for sample in library.samples.values()}
        self.by_path = {page.path: page for page in pages}
        self.titles = {_id(page): page.title for page in pages}
        self.images: set[str] = set()
        self.references = {
            link.get("href"): f"{_id(page)}--{item.get('id')}"
            for page in pages
            if "references" in page.html
            for item in _parse(page.html).xpath(".//*[@class = 'references']//li[@id]")
            for link in item.xpath(".//a[@href]")
        }

    def chapter(self, page: Page) -> Chapter:
        """Return a page as a chapter."""
        tree = self._tree(page)
        forms = []
        for form in tree.xpath(".//*[@data-form]"):
            name = form.get("data-form")
            forms.append(name)
            _replace(form, self._worksheet(self.library.forms[name], page))
        kind = "worksheet" if forms else "prose"
        return Chapter(_id(page), page.title, kind, _html(tree), forms=tuple(forms))

    def sheet(self, form: Form) -> Chapter:
        """Return a form that no page shows as a chapter."""
        content = self.renderer.html(self._sheet, form=form, url="")
        return Chapter(f"form-{form.id}", form.title, "worksheet", Markup(content), (), (form.id,))

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
        _lower(tree)
        self.titles[_id(page)] = sample.title
        return Entry(_id(page), sample, tuple(blanks.letters(sample)), _html(tree))

    def _tree(self, page: Page) -> Any:
        """Return a page's content without its title, its ids and links those of the book."""
        tree = _parse(page.html)
        for part in tree.xpath(WEB_ONLY):
            if not part.tag.startswith(SVG) and part.getparent() is not None:
                _drop(part)
        for heading in tree.xpath("./h1[1]"):
            _drop(heading)
        if self.paper:
            _print_quotes(tree)
            _part_spaces(tree)
            self._check_glyphs(page, tree)
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
        for drawing in tree.iter(f"{SVG}svg") if self.paper else ():
            _draw(drawing)
        return tree

    def _lead(self, page: Page, link: Any) -> None:
        """Make a link lead to its place in the book, or print where on the web it leads."""
        address = link.get("href")
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
            link.tag = "span"
            del link.attrib["href"]
            return
        other = other if href.path and other else page
        link.set("href", f"#{_id(other)}" + (f"--{href.fragment}" if href.fragment else ""))
        if self.paper and other is not page:
            _add_after(link, "page").set("data-to", link.get("href"))

    def _print_address(self, link: Any, address: str) -> None:
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

    def _worksheet(self, form: Form, page: Page) -> Any:
        [sheet] = _parse(self.renderer.html(self._sheet, form=form, url=page.url))
        return sheet

    def _check_glyphs(self, page: Page, tree: Any) -> None:
        """Refuse a character that the book's faces can't show."""
        for text in tree.itertext():
            for character in text:
                if not character.isspace() and ord(character) not in fonts.glyphs():
                    raise ContentError(
                        f"docs/{page.path}:1: {character!r} (U+{ord(character):04X}) is missing "
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
            yield Run(curl(tail, "a"), waiting)
            waiting, part = None, part[len(tail) :]
        if part:
            yield Run(curl(part))
    if waiting:
        yield Run(blank=waiting)


def curl(text: str, before: str = "") -> str:
    """Return *text*, which follows *before*, with the quotation marks of a printer.

    >>> curl("It's what 'they' said.")
    'It’s what ‘they’ said.'
    """
    marks = {'"': "“”", "'": "‘’"}
    printed = []
    for character in text:
        if pair := marks.get(character):
            character = pair[0] if not before or before.isspace() or before in "([“‘–—" else pair[1]
        printed.append(character)
        before = character
    return "".join(printed)


def ring(text: str) -> list[tuple[str, float]]:
    """Return each letter of *text* and the angle at which it stands, spread round a circle.

    >>> [letter for letter, angle in ring("24 H")]
    ['2', '4', 'H']
    """
    widths = [fonts.widths("advice-bold.ttf").get(ord(letter), 500) + 90 for letter in text]
    turn = 360 / sum(widths)
    ends = [0, *accumulate(widths)]
    return [
        (letter, round((ends[place] + width / 2) * turn, 2))
        for place, (letter, width) in enumerate(zip(text, widths, strict=True))
        if letter != " "
    ]


def _id(page: Page) -> str:
    """Return a page's name in the book."""
    return page.path.removesuffix(".md").removesuffix("/index").replace("/", "-")


def _parse(html: str) -> Any:
    """Return *html* as a tree under one element."""
    import html5lib

    document = html5lib.parse(html, treebuilder="lxml", namespaceHTMLElements=False)
    return document.getroot().find("body")


def _html(tree: Any) -> Markup:
    """Return what stands in *tree* as HTML."""
    import html5lib

    text = html5lib.serialize(
        tree, tree="lxml", quote_attr_values="always", omit_optional_tags=False
    )
    return Markup(text.partition("<body>")[2].rpartition("</body>")[0])


def _drop(part: Any) -> None:
    """Remove an element, and leave the text that follows it."""
    parent, before = part.getparent(), part.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (part.tail or "")
    else:
        parent.text = (parent.text or "") + (part.tail or "")
    parent.remove(part)


def _replace(old: Any, new: Any) -> None:
    new.tail = old.tail
    old.getparent().replace(old, new)


def _print_quotes(tree: Any) -> None:
    """Set the quotation marks of all text in *tree*."""
    before = ""
    for text in tree.xpath(".//text()[not(ancestor::code or ancestor::pre)]"):
        parent = text.getparent()
        printed = curl(text, before)
        before = printed[-1:]
        if text.is_tail:
            parent.tail = printed
        else:
            parent.text = printed


def _part_spaces(tree: Any) -> None:
    """Put a span round text that ends in a space before an element of the same line.

    WeasyPrint 70 breaks such a line after its first word when the text fits exactly.
    """
    for element in list(tree.iter("a", "b", "code", "em", "i", "q", "span", "strong")):
        before, parent = element.getprevious(), element.getparent()
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


def _lower(tree: Any) -> None:
    """Make every heading one of the next lower level."""
    for heading in list(tree.iter(*HEADINGS)):
        heading.tag = f"h{min(int(heading.tag[1]) + 1, 6)}"


def _add_after(link: Any, name: str) -> Any:
    """Return a new element of the class *name*, right after *link*."""
    new = link.makeelement("span", {"class": name})
    new.tail, link.tail = link.tail, None
    link.addnext(new)
    return new


def _draw(drawing: Any) -> None:
    """Give a drawing the title by which a PDF tells what it shows, and the book's look."""
    title = drawing.find(f"{SVG}title")
    if title is None:
        title = drawing.makeelement(f"{SVG}title")
        title.text = drawing.get("aria-label") or ""
        drawing.insert(0, title)
    style = drawing.makeelement(f"{SVG}style")
    style.text = (TEMPLATES / "drawing.css").read_text("utf-8")
    drawing.insert(1, style)
