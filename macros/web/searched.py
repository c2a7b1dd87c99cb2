"""What the search reads of a page in place of what macros made for it.

A letter's page holds every tone of it, its proof and its controls: read from end to end, three
letters in one.  A reader who searches is shown the first of them, as it would be sent.
"""

from __future__ import annotations


class Searched:
    """Collects, by page, the HTML that was made and what the search reads instead."""

    def __init__(self) -> None:
        self._instead: dict[str, list[tuple[str, str]]] = {}

    def note(self, page: str, made: str, said: str) -> str:
        """Let the search read *said* where *page* holds *made*; return *made*."""
        self._instead.setdefault(page, []).append((made, said))
        return made

    def of(self, page: str, content: str) -> str:
        """Return the *content* of *page* as the search reads it.

        >>> searched = Searched()
        >>> searched.note("a.md", "<form>Dear Hello …</form>", "<p>Dear …</p>")
        '<form>Dear Hello …</form>'
        >>> searched.of("a.md", "<h1>A</h1><form>Dear Hello …</form>")
        '<h1>A</h1><p>Dear …</p>'
        """
        for made, said in self._instead.get(page, ()):
            content = content.replace(made, said)
        return content
