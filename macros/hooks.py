"""The edge to MkDocs' events that no macro sees: its theme, and what the search reads of each page.

A generator that knows no hooks, as Zensical, searches the pages as they are.
"""

from __future__ import annotations

import os
from typing import Any

from jinja2 import Environment, FileSystemLoader
from mkdocs.plugins import CombinedEvent, event_priority


class _Shown(FileSystemLoader):
    """Reads the theme, and lists what of it a site can hold: MkDocs takes no hidden folder.

    Material keeps ten thousand icons in one, which take longer to list than ten pages to make.
    """

    def list_templates(self) -> list[str]:
        found: set[str] = set()
        for root in self.searchpath:
            for folder, below, files in os.walk(root):
                below[:] = [name for name in below if not name.startswith(".")]
                within = os.path.relpath(folder, root).replace(os.sep, "/")
                found.update(name if within == "." else f"{within}/{name}" for name in files)
        return sorted(found)


def on_config(config: Any) -> None:
    """Let the theme be read by a loader that leaves its icons unlisted."""
    theme_s_own = config.theme.get_env

    def get_env() -> Environment:
        made: Environment = theme_s_own()
        made.loader = _Shown(config.theme.dirs)
        return made

    config.theme.get_env = get_env


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
