"""HTML as the tests see it: parsed strictly, compared as trees, by names, and on one sheet."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

import html5lib

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
Tree: TypeAlias = tuple[str, dict[str, str], list["Tree | str"]]


def fragment(html: str, container: str = "div") -> Element:
    """Return *html* parsed as what a *container* holds; any mistake in it is raised."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    found: Element = parser.parseFragment(html, container=container)
    return found


def document(html: bytes) -> Element:
    """Return a whole page, parsed as browsers do."""
    found: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return found


@functools.cache
def built(path: Path) -> Element:
    """Return a page of the built site, parsed once for all who look at it."""
    return document(path.read_bytes())


def text(element: Element) -> str:
    """Return the words of *element*, its white space as one space."""
    return " ".join("".join(element.itertext()).split())


SHEET: Any = {"width": "210mm", "height": "11in"}
"""As narrow as A4 and as low as US Letter: what one sheet of it holds, one of each does."""


def squeezed(text: str) -> str:
    """Return *text* without white space, which a PDF sets as it likes."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def tree(element: Element) -> Tree:
    """Return *element* with all it holds, without the white space between its parts."""
    parts: list[Tree | str] = [element.text or ""]
    for child in element:
        parts += [tree(child), child.tail or ""]
    kept = [" ".join(part.split()) if isinstance(part, str) else part for part in parts]
    return element.tag, dict(element.attrib), [part for part in kept if part]


def controls(root: Element) -> Iterator[Element]:
    """Yield everything below *root* that a reader fills in or presses."""
    for element in root.iter():
        kind = element.get("type")
        if (
            element.tag in ("input", "textarea", "select", "button") and kind != "hidden"
        ) or element.get("role") in ("textbox", "button", "checkbox", "radio"):
            yield element


def name(control: Element, root: Element) -> str:
    """Return by which name assistive technology knows a *control* somewhere below *root*."""
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    if pointed := control.get("aria-labelledby"):
        return " ".join(text(by_id[id]) for id in pointed.split())
    if named := control.get("aria-label"):
        return named
    if control.tag == "button":
        return text(control)
    labels = [
        label
        for label in root.iter("label")
        if (control.get("id") and label.get("for") == control.get("id")) or control in label.iter()
    ]
    return " ".join(map(text, labels))


def ids(root: Element) -> list[str]:
    """Return every id below *root*, as often as it stands."""
    return [element.get("id", "") for element in root.iter() if element.get("id") is not None]
