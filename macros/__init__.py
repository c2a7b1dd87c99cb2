"""The edge to the site generator: load and check everything once, then register macros.

MkDocs-Macros calls `define_env` when a build begins; Zensical calls it too.
Nothing here is imported from either at module level, so both can load this package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from .errors import ContentError


class Host(Protocol):
    """All that we use of MkDocs-Macros."""

    conf: Mapping[str, Any]
    page: Any

    def macro(self, function: Callable[..., str], name: str = "", /) -> object:
        """Make *function* callable from pages."""


def define_env(host: Host) -> None:
    """Load and check all content, then register the macros that pages call."""
    from . import load, render

    docs = Path(host.conf["docs_dir"]).resolve()
    try:
        library = load.library(docs)
    except ContentError as error:
        _stop(error)
    renderer = render.Renderer(library)

    def letter(caller: Callable[[], str]) -> str:
        """The page's own letter; what stands between the tags was read by the loader."""
        return renderer.letter(library.samples[_page(host).stem])

    def form(id: str) -> str:
        return renderer.form(library.forms[id])

    for macro in (letter, form):
        host.macro(macro, macro.__name__)


def _page(host: Host) -> Path:
    """Return the path of the page being built, below the docs folder."""
    page = host.page
    return Path(page.path if hasattr(page, "path") else page.file.src_uri)


def _stop(error: ContentError) -> None:
    """Stop the build with one line for each mistake."""
    try:
        from mkdocs.exceptions import Abort
    except ImportError:
        raise error from None
    raise Abort(str(error))
