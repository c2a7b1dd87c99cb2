"""The guide's pages to one book: chapters in the order of the navigation, as one HTML text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from posixpath import join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from markupsafe import Markup

from . import blanks, fonts
from .errors import ContentError
from .model import Blank, Form, Letter, Library, Part, Sample
from .render import Renderer

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


def bind(library: Library, pages: Sequence[Page]) -> Book:
    """Return the book of *pages*, the samples among them gathered by what has just happened."""
    binder = Binder(library, pages)
    chapters: list[Chapter] = []
    letters = binder.letters()
    for page in pages:
        if page.path not in binder.samples:
            chapters.append(binder.chapter(page))
        elif letters:
            chapters += letters
            letters = []
    for form in reversed(FRONT):
        first = [chapter for chapter in chapters if form in chapter.forms]
        if not first and form in library.forms:
            first = [binder.sheet(library.forms[form])]
        chapters = first + [chapter for chapter in chapters if chapter not in first]
    return Book(tuple(chapters), binder.titles, tuple(sorted(binder.images)))


class Binder:
    """Turns pages into chapters: what works on a screen only goes, every link is kept."""

    def __init__(self, library: Library, pages: Sequence[Page]) -> None:
        self.library = library
        self.renderer = Renderer(library)
        self.renderer.templates.globals.update(runs=runs)
        self.pages = {page.url: page for page in pages}
        self.samples = {sample.path.partition("/")[2] for sample in library.samples.values()}
        self.by_path = {page.path: page for page in pages}
        self.titles = {_id(page): page.title for page in pages}
        self.images: set[str] = set()

    def chapter(self, page: Page) -> Chapter:
        """Return a page as a chapter."""
        tree = self._tree(page)
        forms = []
        for form in tree.xpath(".//*[@data-form]"):
            name = form.get("data-form")
            forms.append(name)
            _replace(form, self._worksheet(self.library.forms[name]))
        kind = "worksheet" if forms else "prose"
        return Chapter(_id(page), page.title, kind, _html(tree), forms=tuple(forms))

    def sheet(self, form: Form) -> Chapter:
        """Return a form that no page shows as a chapter."""
        content = self.renderer.html("handbook/worksheet", form=form)
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
        for heading in tree.iter(*HEADINGS):
            heading.tag = f"h{int(heading.tag[1]) + 1}"
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
        self._check_glyphs(page, tree)
        for part in tree.xpath(".//*[@id]"):
            name = f"{_id(page)}--{part.get('id')}"
            part.set("id", name)
            said = " ".join("".join(part.itertext()).split())
            self.titles[name] = said if part.tag in HEADINGS else page.title
        for link in tree.xpath(".//a[@href]"):
            self._lead(page, link)
        for picture in tree.xpath(".//img[@src]"):
            name = normpath(join(page.url, unquote(urlsplit(picture.get("src")).path)))
            picture.set("src", name)
            self.images.add(name)
        for drawing in tree.iter(f"{SVG}svg"):
            _name_drawing(drawing)
        return tree

    def _lead(self, page: Page, link: Any) -> None:
        """Make a link lead to its place in the book, or print where on the web it leads."""
        href = urlsplit(link.get("href"))
        if href.scheme in ("https", "http"):
            shown = link.get("href").partition("://")[2].rstrip("/")
            if shown.partition("/")[0] not in "".join(link.itertext()):
                _footnote(link, shown)
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
        link.set("class", "inner")

    def _worksheet(self, form: Form) -> Any:
        [sheet] = _parse(self.renderer.html("handbook/worksheet", form=form))
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
            yield Run(tail, waiting)
            waiting, part = None, part[len(tail) :]
        if part:
            yield Run(part)
    if waiting:
        yield Run(blank=waiting)


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
    return Markup(text).removeprefix("<body>").removesuffix("</body>")


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


def _footnote(link: Any, text: str) -> None:
    """Print *text* at the foot of the page on which *link* stands."""
    note = link.makeelement("span", {"class": "footnote"})
    note.text, note.tail, link.tail = text, link.tail, None
    link.addnext(note)


def _name_drawing(drawing: Any) -> None:
    """Give a drawing the title by which a PDF tells what it shows."""
    title = drawing.find(f"{SVG}title")
    if title is None:
        title = drawing.makeelement(f"{SVG}title")
        title.text = drawing.get("aria-label") or ""
        drawing.insert(0, title)
