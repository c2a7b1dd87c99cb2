"""An office's own edition: its name, a line, a contact and a drawn logo, all checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ..errors import ContentError, suggest
from ..model import Office

LONGEST = {"name": 60, "line": 90, "contact": 80, "logo": 200}
"""How many characters each of an office's texts may have, so that it fits on a cover."""

LARGEST = 100_000
"""Bytes in a logo: many times a drawn one, and less than one with a photograph in it."""

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {
    *("svg", "g", "defs", "title", "desc", "metadata", "style", "use", "symbol"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
    *("linearGradient", "radialGradient", "stop", "clipPath", "mask"),
}
"""What a logo may consist of: shapes.  Text needs a typeface that a reader may not have."""

EDITORS = re.compile(
    r"\{http://(?:www\.inkscape\.org|sodipodi\.sourceforge\.net|creativecommons\.org|purl\.org|"
    r"www\.w3\.org/1999/02/22-rdf-syntax-ns#)"
)
"""Notes of drawing programs, which nothing shows."""

ELSEWHERE = re.compile(r"url\(\s*[\"']?(?!#)|@import|\\|/\*", re.I)
"""Style that may open another file; escapes and comments can hide it."""


def read(given: Any, settings: Path, docs: Path) -> Office | None:
    """Return the office that the ``extra.office`` *given* in *settings* describes, if any.

    Raises `ContentError` with one line for each mistake.
    """
    if given is None:
        return None
    lines = _lines(settings)
    found = list(_mistakes(given, docs))
    if found:
        here = lines.get("", 1)
        raise ContentError(
            *(f"{settings.name}:{lines.get(key, here)}: office: {what}" for key, what in found)
        )
    return Office(**{key: text.strip() for key, text in given.items()})


def _mistakes(given: Any, docs: Path) -> Iterator[tuple[str, str]]:
    """Yield each mistake with the key that it belongs to."""
    if not isinstance(given, dict):
        yield "", "holds no keys. Write name, and if you like line, contact and logo, below it."
        return
    for key, value in given.items():
        if key not in LONGEST:
            yield str(key), f"unknown key {key!r}. {suggest(key, LONGEST)}"
        elif not isinstance(value, str) or not value.strip():
            yield key, f"{key!r} is {value!r}, not a text. Put it in quotes, or leave it out."
        elif not value.strip().isprintable():
            yield key, f"{key!r} holds a line break or a control character. Write it on one line."
        elif len(value.strip()) > LONGEST[key]:
            long = len(value.strip())
            yield key, f"{key!r} has {long} characters. Use at most {LONGEST[key]}."
        elif key == "logo":
            yield from (("logo", what) for what in _logo(value.strip(), docs))
    if "name" not in given:
        yield "", "has no 'name'. Add who made this edition."


def _logo(named: str, docs: Path) -> Iterator[str]:
    """Yield what keeps the logo *named* from standing on every page."""
    path = (docs / named).resolve()
    if not path.is_relative_to(docs.resolve()):
        yield f"logo {named!r} lies outside docs/. Put it below, such as in assets/."
    elif not path.is_file():
        yield f"logo 'docs/{named}' is missing. Put it there, or mend its path."
    elif path.suffix != ".svg":
        yield f"logo {named!r} is no SVG. Export the drawing as SVG."
    elif path.stat().st_size > LARGEST:
        size = round(path.stat().st_size / 1000)
        yield f"logo {named!r} has {size} KB. Use at most {LARGEST // 1000} KB of drawn shapes."
    else:
        yield from (f"logo {named!r} {what}" for what in dict.fromkeys(_unsafe(path.read_bytes())))


def _unsafe(data: bytes) -> Iterator[str]:
    """Yield what in an SVG is more than a drawing."""
    from lxml import etree

    if b"<!ENTITY" in data:
        yield "declares entities. Save it as plain SVG."
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        yield "is no SVG that can be read. Export it again."
        return
    if root.tag != f"{SVG}svg":
        yield "is no SVG: its first element is another. Export the drawing as SVG."
        return
    if not root.get("viewBox"):
        yield "has no 'viewBox', so it can't be scaled. Export it with one."
    for part in (*root.itersiblings(preceding=True), *root.iter(), *root.itersiblings()):
        if isinstance(part, etree._ProcessingInstruction):
            yield "names a style sheet or a program. Save it as plain SVG."
        elif not isinstance(part, etree._Comment):
            yield from _unsafe_element(part)


def _unsafe_element(part: Any) -> Iterator[str]:
    name = part.tag.rpartition("}")[2]
    if part.tag.removeprefix(SVG) not in DRAWN and not EDITORS.match(part.tag):
        cure = "Turn letters into outlines" if name in ("text", "tspan") else "Keep to drawn shapes"
        yield f"holds <{name}>. {cure}."
    if name == "style" and ELSEWHERE.search(part.text or ""):
        yield "has style that opens another file. Keep to drawn shapes."
    for attribute, value in part.attrib.items():
        key = attribute.rpartition("}")[2].lower()
        if key.startswith("on"):
            yield f"holds a script in {key!r}. Take it out."
        elif key in ("href", "src", "base") and not value.startswith("#"):
            yield f"leads to another file in {key!r}. Keep to drawn shapes."
        elif key != "d" and ELSEWHERE.search(value):
            yield f"opens another file in {key!r}. Keep to drawn shapes."


def _lines(settings: Path) -> dict[str, int]:
    """Return the line of each key of ``extra.office`` in *settings*; of itself, by no name."""
    try:
        node = yaml.compose(settings.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    lines: dict[str, int] = {}
    for name in ("extra", "office"):
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        key, node = next(((k, v) for k, v in pairs if k.value == name), (None, None))
        if key is not None:
            lines[""] = key.start_mark.line + 1
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return lines | {str(key.value): key.start_mark.line + 1 for key, _ in pairs}
