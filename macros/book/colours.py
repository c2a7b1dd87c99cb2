"""The book's colours: those of the site, by day, named in its style sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..content import guide
from ..errors import ContentError, suggest

TEMPLATES = Path(__file__).parent / "templates"

COLOURS = Path("assets") / "css" / "colours.css"
"""Where the colours stand in the guide's docs folder."""

NAMED = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6});")
USED = re.compile(r"var\(--([\w-]+)\)")


@cache
def by_day() -> Mapping[str, str]:
    """Return the site's colours by name, as they are by day."""
    day = (guide.shipped() / COLOURS).read_text("utf-8").partition("@media")[0]
    return dict(NAMED.findall(day))


def style(name: str) -> str:
    """Return the book's style sheet *name*, with colours in place of their names."""
    rules = (TEMPLATES / name).read_text("utf-8")
    unknown = sorted(set(USED.findall(rules)) - set(by_day()))
    if unknown:
        raise ContentError(
            f"docs/{COLOURS.as_posix()}: has no colour {unknown[0]!r}, which {name} uses. "
            + suggest(unknown[0], by_day())
        )
    return USED.sub(lambda found: by_day()[found[1]], rules)
