"""Pages: the macro calls in their Markdown, checked before the first page is built."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

from ..errors import suggest
from .files import FRONT, Files, line_at

PARSER = Environment()

GIVEN = ("page", "config")
"""What MkDocs-Macros gives every page beside our macros."""

KINDS = {"desk": "sample"}
"""What a macro asks for, where it has another name."""

Macros = Mapping[str, Sequence[str]]
"""What each macro takes, by its name."""


def mistakes(
    docs: Path,
    macros: Macros,
    ids: Mapping[str, Collection[str]],
    within_a_line: Collection[str] = (),
) -> list[str]:
    """Return one line for each call on a page under *docs* that can't be made of *macros*.

    *ids* holds for some macros what may be asked of them; those *within_a_line* give a few words
    of a sentence, wherever it stands, and the others blocks.
    """
    files = Files(docs.parent)
    blocks = macros.keys() - set(within_a_line)
    for path in files.below(docs, ".md"):
        text = None if path.is_relative_to(docs / "_data") else files.text(path)
        is_sample = path.parent == docs / "samples" and path.name != "index.md"
        for line, mistake in _mistakes(text or "", macros, ids, is_sample):
            files.mistake(path, line, mistake)
        for line, mistake in _indented(text or "", blocks):
            files.mistake(path, line, mistake)
        for line, mistake in _lost(text or "", path):
            files.mistake(path, line, mistake)
    return files.mistakes


LINK = re.compile(r"\]\(\s*<?(?P<to>[^)\s:#?>]+\.md)\b")
"""A link to another page, as Markdown has it."""


def _lost(text: str, path: Path) -> Iterator[tuple[int, str]]:
    """Yield the links on a page to pages that are not there, each with its line."""
    for link in LINK.finditer(text):
        if not (path.parent / unquote(link["to"])).is_file():
            yield (
                line_at(text, link),
                f"leads to {link['to']!r}, which is not there. Take the link out, or mend it.",
            )


def _mistakes(
    text: str, macros: Macros, ids: Mapping[str, Collection[str]], is_sample: bool
) -> Iterator[tuple[int, str]]:
    """Yield the mistakes in a page's macro calls, each with its line."""
    front = FRONT.fullmatch(text)
    above = text[: front.start("page")].count("\n") if front else 0
    try:
        page = PARSER.parse("\n" * above + (front["page"] if front else text))
    except TemplateSyntaxError as error:
        what = " ".join((error.message or "").rstrip(".").split())
        yield (
            error.lineno,
            f"template code can't be read: {what}. Mend it, or write braces as {{{{ '{{{{' }}}}.",
        )
        return
    unknown = find_undeclared_variables(page) - {*macros, *GIVEN}
    for name in page.find_all(nodes.Name):
        if name.name in unknown:
            yield name.lineno, f"unknown macro {name.name!r}. {suggest(name.name, macros)}"
        if name.name == "letter" and not is_sample:
            yield name.lineno, "a letter stands on a page that is no sample. Link to its page."
    for call in page.find_all(nodes.Call):
        called = call.node.name if isinstance(call.node, nodes.Name) else ""
        asked = [word.value for word in call.args if isinstance(word, nodes.Const)]
        if called in macros and len(asked) == len(call.args) and not call.kwargs:
            yield from ((call.lineno, text) for text in _call(called, asked, macros, ids))


INDENTED = re.compile(r"^[ \t]+\{\{-?\s*(?P<name>\w+)\s*\(", re.M)
"""A macro call that begins an indented line, as inside a list, a tab or an admonition."""


def _indented(text: str, blocks: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield the calls of *blocks* that Markdown would break, each with its line."""
    for call in INDENTED.finditer(text):
        if call["name"] in blocks:
            yield (
                line_at(text, call),
                f"{call['name']!r} stands in an indented block, where Markdown breaks its HTML. "
                "Call it at the left edge of the page.",
            )


def _call(
    name: str, asked: list[object], macros: Macros, ids: Mapping[str, Collection[str]]
) -> Iterator[str]:
    """Yield why the macro *name* can't be called with what is *asked* of it."""
    takes = macros[name]
    if len(asked) != len(takes):
        usage = f"{name}({', '.join(takes)})"
        yield f"{name!r} takes {len(takes)} texts, not {len(asked)}. Write {usage}."
    elif name in ids and asked[0] not in ids[name]:
        kind = KINDS.get(name, name)
        yield f"unknown {kind} {asked[0]!r}. {suggest(asked[0], ids[name])}"
