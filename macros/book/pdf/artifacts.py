"""What is painted on the pages of a PDF and is no part of what a screen reader reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import tags

if TYPE_CHECKING:
    from pikepdf import Pdf

MARK = re.compile(rb"/\S+\n<</MCID (?P<mark>\d+)>>\nBDC\n")


def mark(pdf: Pdf) -> None:
    """Mark running heads and page numbers as artifacts.

    The library leaves them outside the tree, so a mark that no element knows is one.
    """
    known: dict[tuple[int, int], set[int]] = {}
    for element in tags.elements(pdf):
        if "/Pg" in element:
            known.setdefault(element.Pg.objgen, set()).update(
                int(kid) for kid in tags.kids_of(element) if isinstance(kid, int)
            )
    marks = tags.marks_of(pdf)
    for page in pdf.pages:
        read = known.get(page.obj.objgen, set())
        parts = []
        end = 0
        data = page.Contents.read_bytes()
        for found in MARK.finditer(data):
            if int(found["mark"]) not in read:
                parts += [data[end : found.start()], b"/Artifact BMC\n"]
                end = found.end()
                marks[int(page.StructParents)][int(found["mark"])] = None
        page.Contents = pdf.make_stream(b"".join([*parts, data[end:]]))
