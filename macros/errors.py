"""The one error raised on purpose: a mistake in the content."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ContentError(ValueError):
    """Mistakes in content, one line each: where, what is wrong, what to do."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def suggest(value: object, allowed: Iterable[str]) -> str:
    """Return what to use instead of *value*: its nearest match, or all of *allowed*.

    >>> suggest("wram", ["warm", "formal"])
    "Did you mean 'warm'?"
    >>> suggest("purple", ["warm", "formal"])
    "Use one of: 'formal', 'warm'."
    """
    names = sorted(allowed)
    near = difflib.get_close_matches(str(value), names, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Use one of: {', '.join(map(repr, names))}." if names else "None exist yet."
