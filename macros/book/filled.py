"""Answers out of a filled-in book, and into a fresh one.

pypdf does it: it is pure Python and small, so the command can do without the libraries that
make the book, and it writes appearances in the book's own face.
"""

from __future__ import annotations

import contextlib
import gc
import io
import logging
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from .. import blanks
from ..errors import ContentError
from ..model import Field, Widget

TEXT, BUTTON = "/Tx", "/Btn"
OFF = "/Off"
LINES = 1 << 12
"""The flag of a field that takes several lines."""


SELDOM = (70_000, 50, 50)
"""When to look for garbage, where nearly all that is made is kept."""


@contextlib.contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Look for garbage a hundredth as often: of a book that is read nearly all is kept."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@_collecting_seldom()
def read(name: str, data: bytes, fields: Mapping[str, Field]) -> dict[str, str]:
    """Return the answers by label that the PDF called *name* holds, in the order of *fields*.

    A field's value is taken from its widgets where its own is empty, since some viewers
    write it there.
    """
    said: dict[str, str] = {}
    known = _known(fields)
    found = False
    ticked: dict[str, list[str]] = {}
    for key, field in _fields(name, _reader(name, data)):
        label, option = known.get(key, ("", ""))
        if not label:
            continue
        found = True
        value = _value(field)
        if option:
            if value.strip("/") and value != OFF:
                ticked.setdefault(label, []).append(option)
        elif value.strip():
            said[label] = value
    if not found:
        raise ContentError(f"{name}: holds no field of the guide. Name a handbook that you saved.")
    said |= {label: blanks.BETWEEN.join(options) for label, options in ticked.items()}
    return {label: said[label] for label in fields if label in said}


@_collecting_seldom()
def write(
    name: str, data: bytes, values: Mapping[str, str], fields: Mapping[str, Field]
) -> tuple[bytes, str]:
    """Return the book called *name* with *values* in its fields, each of them to be seen.

    With it come the characters that the book's face lacks: they are stored, and a "?" is
    shown for each.  What was there stays where *values* says nothing.  The book itself is
    kept byte for byte, and the answers follow it, as a viewer saves them; where it has no
    field for any of them, nothing does.
    """
    from pypdf import PdfWriter
    from pypdf.generic import NameObject, TextStringObject

    reader = _reader(name, data)
    known = _known(fields)
    values = {label: blanks.clean(text) for label, text in values.items()}
    texts: dict[str, str] = {}
    for key, field in _fields(name, reader):
        label, option = known.get(key, ("", ""))
        if label not in values:
            continue
        if option:
            on = option in values[label].split(blanks.BETWEEN)
            texts[key] = _on(field) if on else OFF
        elif field.get("/FT") == TEXT:
            texts[key] = values[label]
    if not texts:
        return data, ""
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    form: Any = writer.root_object["/AcroForm"].get_object()
    lacking = "".join(sorted(set("".join(texts.values())) - _letters(form) - {"\n", "\t"}))
    seen = {
        key: text.translate(dict.fromkeys(map(ord, lacking), "?")) for key, text in texts.items()
    }
    for page in writer.pages:
        if "/Annots" in page:
            rooms = _rooms(page)
            shown = {key: _wrapped(seen[key], rooms[key]) for key in seen if key in rooms}
            writer.update_page_form_field_values(page, dict(shown), auto_regenerate=False)
    for key, field in _fields(name, writer):
        if key in texts and field.get("/FT") == TEXT:
            field[NameObject("/V")] = TextStringObject(texts[key])
    form.pop("/NeedAppearances", None)  # all are there
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue(), lacking


def _letters(form: Any) -> set[str]:
    """Return the characters that the faces of *form* can show, as their own tables say."""
    letters: set[str] = set()
    for face in form["/DR"]["/Font"].values():
        table = face.get_object().get("/ToUnicode")
        lines = table.get_object().get_data().decode("latin-1") if table is not None else ""
        for start, end, first in re.findall(r"<(\w{4})>\s*<(\w{4})>\s*<(\w{4})>", lines):
            count = int(end, 16) - int(start, 16) + 1
            letters |= {chr(int(first, 16) + step) for step in range(count)}
        letters |= {chr(int(to, 16)) for to in re.findall(r"<\w{4}>\s*<(\w{4})>\s*$", lines, re.M)}
    return letters


def _known(fields: Mapping[str, Field]) -> dict[str, tuple[str, str]]:
    """Return label and option by the names that the book's fields have."""
    known = {}
    for label, field in fields.items():
        if field.widget in (Widget.CHOICE, Widget.SEVERAL):
            for place, option in enumerate(field.options, 1):
                known[f"{field.name}-{place}"] = (label, option)
        else:
            known[field.name] = (label, "")
    return known


def _reader(name: str, data: bytes) -> Any:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # one line of ours says it all
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ContentError(f"{name}: is locked with a password. Save it without one.")
        len(reader.pages)
    except ContentError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ContentError(f"{name}: is no PDF that can be read. Save it again.") from None
    return reader


def _fields(name: str, pdf: Any) -> Iterator[tuple[str, Any]]:
    """Yield every field of *pdf* by its whole name."""
    root = pdf.trailer["/Root"] if hasattr(pdf, "trailer") else pdf.root_object
    form = root.get_object().get("/AcroForm")
    yield from _below(form.get_object().get("/Fields", ()) if form else (), "", 0)


def _below(fields: Any, above: str, depth: int) -> Iterator[tuple[str, Any]]:
    for each in fields if depth < 8 else ():
        field = each.get_object()
        name = f"{above}.{field['/T']}" if above else str(field.get("/T", ""))
        kids = [kid.get_object() for kid in field.get("/Kids", ())]
        if any("/T" in kid for kid in kids):
            yield from _below(kids, name, depth + 1)
        else:
            yield name, field


def _value(field: Any) -> str:
    """Return what was typed into *field* or ticked in it."""
    for place in (field, *(kid.get_object() for kid in field.get("/Kids", ()))):
        value = place.get("/V", place.get("/AS") if field.get("/FT") == BUTTON else None)
        value = value.get_object() if value is not None else ""
        if hasattr(value, "get_data"):
            value = value.get_data()
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        if text and text != OFF:
            return text
    return ""


def _on(field: Any) -> str:
    """Return the name that ticks *field*."""
    looks = field["/AP"]["/N"] if "/AP" in field else field["/Kids"][0].get_object()["/AP"]["/N"]
    return next((str(look) for look in looks.get_object() if look != OFF), "/Yes")


def _rooms(page: Any) -> dict[str, float]:
    """Return how many letters a line of each field on *page* holds; none where it has one line."""
    rooms: dict[str, float] = {}
    for each in page["/Annots"]:
        widget = each.get_object()
        field = widget if "/T" in widget else widget.get("/Parent", widget).get_object()
        room = 0.0
        if int(field.get("/Ff", 0)) & LINES:
            size = re.search(r"([\d.]+) Tf", str(field.get("/DA", "")))
            left, _, right, _ = map(float, widget["/Rect"])
            room = (right - left) / (float(size[1]) if size else 11) / LETTER
        key = str(field.get("/T", ""))
        rooms[key] = min(room, rooms.get(key, room))
    return rooms


LETTER = 0.48
"""The width of a letter, on average, as a part of the type's size."""


def _wrapped(text: str, room: float) -> str:
    """Return *text* in lines of at most *room* letters, if that is a limit."""
    if not room:
        return text
    lines = (textwrap.wrap(line, max(int(room), 8)) for line in text.split("\n"))
    return "\n".join("\n".join(wrapped) for wrapped in lines)
