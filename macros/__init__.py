"""The edge to the site generator: load and check everything once, then register macros.

MkDocs-Macros calls `define_env` when a build begins; Zensical calls it too.
Nothing here is imported from either at module level, so both can load this package.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from html import escape, unescape
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from .blanks import ON_A_PAGE, curl
from .errors import ContentError
from .model import Library, Office

if TYPE_CHECKING:
    from .web import render

WHOLE = (
    "samples",
    "chooser",
    "desk",
    "shelves",
    "index",
    "timeline",
    "subject_lines",
    "tip_cards",
    "proof",
    "survey_chart",
    "surveys",
    "rumours",
    "disagreement",
    "references",
    "source",
    "take",
)
"""Macros that need nothing of the page they stand on."""

WITHIN_A_LINE = ("figure", "source")
"""Macros that give a few words of a sentence, wherever it stands; the others give blocks."""


Macro = Callable[..., str]


class Host(Protocol):
    """All that we use of MkDocs-Macros."""

    conf: Mapping[str, Any]
    page: Any
    markdown: str
    variables: dict[str, Any]

    def macro(self, function: Callable[..., str], name: str = "", /) -> object:
        """Make *function* callable from pages."""


def define_env(host: Host) -> None:
    """Load and check all content, then register the macros that pages call."""
    from .content.shelf import Shelf
    from .web import downloads, render

    docs = Path(host.conf["docs_dir"]).resolve()
    shelf = Shelf(docs)
    kept = shelf.get()
    templates = shelf.templates()
    found = kept or _proven(docs, templates)
    try:
        library = replace(found, office=_office(host, docs), address=_address(host))
    except ContentError as error:
        _stop(error)
    host.variables["places"] = _places(library)
    answers = _answers(library)
    renderer = host.variables["renderer"] = render.Renderer(
        library, downloads=downloads.labels, answers=answers, kept=templates
    )
    if answers:
        host.conf["extra"]["whose"] = render.whose(library, answers)

    def letter(caller: Callable[[], str]) -> str:
        """Return the page's own letter; its text was read by the loader, not by the page."""
        return renderer.letter(library.samples[_page(host).stem])

    def form(id: str) -> str:
        return renderer.form(library.forms[id])

    def figure(id: str) -> str:
        return renderer.figure(id, _page(host))

    macros = {macro.__name__: macro for macro in (letter, form, figure)}
    macros |= {name: getattr(renderer, name) for name in WHOLE}
    if not kept:
        shelf.put(found)
    if sys.modules.get("mkdocs"):
        macros = _for_mkdocs(host, macros, renderer)
    for name, macro in macros.items():
        host.macro(macro, name)
    _group_samples(host.conf.get("nav"), library)


def _for_mkdocs(
    host: Host, macros: Mapping[str, Macro], renderer: render.Renderer
) -> dict[str, Macro]:
    """Return *macros* for MkDocs: it may skip what they make, and search what they say.

    What waits for no page is begun, since MkDocs alone calls `on_post_build`.
    """
    from .web import aside
    from .web.beside import Beside
    from .web.searched import Searched

    library, answers = renderer.library, renderer.answers
    host.variables["beside"] = Beside(library, _manual, answers)
    host.conf["markdown_extensions"].append(aside.Aside())
    searched = host.variables["searched"] = Searched()
    said: dict[str, Callable[[], str]] = {
        "letter": lambda: renderer.said(library.samples[_page(host).stem]),
        # Nothing but letters, which have pages of their own.
        "desk": str,
        "proof": str,
    }

    def noted(name: str) -> Macro:
        @wraps(macros[name])
        def note(*args: Any, **named: Any) -> str:
            made = macros[name](*args, **named)
            return searched.note(_page(host).as_posix(), made, said[name]())

        return note

    apart = {**macros, **{name: noted(name) for name in said}}
    return {
        name: macro if name in WITHIN_A_LINE else aside.block(macro)
        for name, macro in apart.items()
    }


def _proven(docs: Path, templates: Path | None) -> Library:
    """Return all content under *docs*, or stop the build.

    While its letters are proven, the pages are checked, and templates are compiled into a folder.
    """
    from .content import pages
    from .content.library import proven
    from .web import render
    from .web.take import offers

    def meanwhile(library: Library) -> list[str]:
        if templates:
            render.compile_templates(templates)
        asked = {"form": library.forms, "desk": library.samples, "take": offers.OFFERS}
        return pages.mistakes(docs, takes(), asked, WITHIN_A_LINE)

    try:
        return proven(docs, meanwhile, beside=bool(sys.modules.get("mkdocs")))
    except ContentError as error:
        _stop(error)


def takes() -> dict[str, list[str]]:
    """Return what every macro takes on a page, by its name."""
    from .web.render import Renderer

    given = {name: signature(getattr(Renderer, name)).parameters for name in WHOLE}
    whole = {name: [each for each in taken if each != "self"] for name, taken in given.items()}
    return {"letter": [], "form": ["id"], "figure": ["id"], **whole}


def _office(host: Host, docs: Path) -> Office | None:
    """Return the office whose edition this is, as the settings name it."""
    from .book import chapters
    from .content import office

    settings = Path(str(host.conf.get("config_file_path") or "mkdocs.yml"))
    made_by = office.read((host.conf.get("extra") or {}).get("office"), settings, docs)
    if made_by:
        chapters.check_glyphs(settings.name, made_by.name, made_by.line, made_by.contact)
    return made_by


def _address(host: Host) -> str:
    """Return where the settings say that the site is published, as it is printed."""
    return str(host.conf.get("site_url") or "").partition("://")[2].rstrip("/")


def _answers(library: Library) -> dict[str, str]:
    """Return one reader's own answers, where ANSWERS names a file of them; by label."""
    if not os.environ.get("ANSWERS"):
        return {}
    from .cli import shared

    try:
        return shared.given(library.vocabulary.fields, (), Path(os.environ["ANSWERS"]))
    except (ContentError, shared.Trouble) as error:
        _stop(ContentError(str(error)))


def _group_samples(nav: Any, library: Library) -> None:
    """Put the pages of all samples, by group, behind the samples' list page in *nav*."""
    for item in nav if isinstance(nav, list) else ():
        for pages in item.values() if isinstance(item, dict) else ():
            if isinstance(pages, list) and "samples/index.md" in pages:
                at = pages.index("samples/index.md") + 1
                pages[at:at] = [
                    {name: [f"samples/{id}.md" for id in ids]}
                    for group, name in library.vocabulary.groups.items()
                    if (ids := [s.id for s in library.samples.values() if s.group == group])
                ]


def _places(library: Library) -> dict[str, str]:
    """Return which of its group's samples each one is, by the page's path: "3 of 12"."""
    groups: dict[str, list[str]] = {}
    for sample in library.samples.values():
        groups.setdefault(sample.group, []).append(sample.id)
    return {
        f"samples/{id}.md": f"{place} of {len(ids)}"
        for ids in groups.values()
        for place, id in enumerate(ids, 1)
    }


def on_pre_page_macros(host: Host) -> None:
    """Make the texts in a page's front matter HTML, as theme and search index take them.

    A letter's words, which the loader has read, are taken out: Jinja need not compile them.
    """
    meta = host.page.meta
    meta["place"] = host.variables["places"].get(_page(host).as_posix())
    said = {key: curl(str(meta[key])) for key in ("title", "description") if meta.get(key)}
    meta.update({key: escape(text) for key, text in said.items()})
    host.markdown = ON_A_PAGE.sub("{% call letter() %}{% endcall %}", host.markdown)


def on_post_build(host: Host) -> None:
    """Add to the built site what is no page: downloads, and the book of all pages."""
    from .book import chapters, editions
    from .web import theme
    from .web.take import offers

    renderer, beside = host.variables["renderer"], host.variables["beside"]
    site = Path(host.conf["site_dir"])
    written = beside.write(site)
    theme.finish(site, renderer.site_rules(), renderer.desk_rules())
    pages = [
        chapters.Page(unescape(page.title), page.url, page.file.src_uri, page.content or "")
        for page in host.variables["navigation"].pages
        if page.meta.get("handbook", True)
    ]
    try:
        left_out = editions.publish(renderer.library, pages, site, renderer.answers, renderer.kept)
    except ContentError as error:
        _stop(error)
    if left_out:
        print(left_out, file=sys.stderr)
    written()
    offers.write({**beside.offers(), "follow-up.1": beside.manual()}, site)


def _manual() -> bytes:
    """Return the command's manual page."""
    from .cli import manual
    from .cli.main import main

    return manual.page(main)


def _page(host: Host) -> Path:
    """Return the path of the page being built, below the docs folder."""
    page = host.page
    return Path(page.path if hasattr(page, "path") else page.file.src_uri)


def _stop(error: ContentError) -> NoReturn:
    """Stop the build with one line for each mistake."""
    try:
        from mkdocs.exceptions import Abort
    except ImportError:
        raise error from None
    raise Abort(str(error))
