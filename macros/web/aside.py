"""HTML that macros made passes through Markdown as it is, and unread.

Python-Markdown and MkDocs each take such blocks apart tag by tag, in Python, only to leave them
as they are: a fifth of the time that the site takes.  Where this extension isn't loaded, they
still do, and the pages are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

MADE = re.compile(r"<!-- made -->\n(?P<html>.*?)\n<!-- /made -->", re.DOTALL)
ID = re.compile(r"<[a-z][^<>]* id=\"(?P<id>[^\"]+)\"")
WAITING = re.compile(r"<!-- made (?P<number>\d+) -->.*")

P = ParamSpec("P")


def block(macro: Callable[P, str]) -> Callable[P, str]:
    r"""Return *macro*, the HTML that it makes marked as a block of its own.

    >>> block(lambda: "<p>Dear [Interviewer]</p>")()
    '<!-- made -->\n<p>Dear [Interviewer]</p>\n<!-- /made -->'
    """

    @wraps(macro)
    def marked(*args: P.args, **named: P.kwargs) -> str:
        return f"<!-- made -->\n{macro(*args, **named)}\n<!-- /made -->"

    return marked


class Aside(Extension):
    """Sets blocks aside while Markdown is read."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Take blocks out before anything reads a line, and hand them over after MkDocs did."""
        blocks: list[str] = []
        md.preprocessors.register(_TakenOut(blocks), "made", 31)
        md.preprocessors.register(_HandedOver(md, blocks), "made_html", 20.5)


class _TakenOut(Preprocessor):
    """Leaves of each block a line with its anchors, which MkDocs checks links against."""

    def __init__(self, blocks: list[str]) -> None:
        self.blocks = blocks

    def run(self, lines: list[str]) -> list[str]:
        self.blocks.clear()
        return MADE.sub(self._place, "\n".join(lines)).split("\n")

    def _place(self, made: re.Match[str]) -> str:
        self.blocks.append(made["html"])
        anchors = "".join(f'<a id="{found["id"]}">' for found in ID.finditer(made["html"]))
        return f"<!-- made {len(self.blocks) - 1} -->{anchors}"


class _HandedOver(Preprocessor):
    """Hands each block to what puts HTML back at the end."""

    def __init__(self, md: Markdown, blocks: list[str]) -> None:
        super().__init__(md)
        self.blocks = blocks

    def run(self, lines: list[str]) -> list[str]:
        return WAITING.sub(
            lambda line: self.md.htmlStash.store(self.blocks[int(line["number"])]),
            "\n".join(lines),
        ).split("\n")
