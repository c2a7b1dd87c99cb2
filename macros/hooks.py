"""The edge to MkDocs' events that no macro sees: what the search reads of each page.

A generator that knows no hooks, as Zensical, searches the pages as they are.
"""

from __future__ import annotations

from typing import Any

from mkdocs.plugins import CombinedEvent, event_priority


@event_priority(100)
def _short(context: Any, *, page: Any, config: Any, **_: Any) -> None:
    """Show the search, which comes next, a page's words once."""
    searched = config.plugins["macros"].variables["searched"]
    page.whole = page.content
    page.content = searched.of(page.file.src_uri, page.content)


@event_priority(-100)
def _whole(context: Any, *, page: Any, **_: Any) -> None:
    """Give the page back what it holds."""
    page.content = page.whole


on_page_context = CombinedEvent(_short, _whole)
