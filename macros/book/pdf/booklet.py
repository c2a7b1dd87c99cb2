"""Pages to a booklet: two on each side of a sheet, in the order in which it is folded."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Object, Page, Pdf


def order(pages: int) -> Iterator[tuple[int, int]]:
    """Yield the two pages, from one on, that stand on each side of a sheet: front, then back.

    >>> list(order(8))
    [(8, 1), (2, 7), (6, 3), (4, 5)]
    """
    if pages % 4:
        raise ValueError(f"a booklet has a multiple of four pages, not {pages}")
    for first in range(1, pages // 2, 2):
        last = pages + 1 - first
        yield last, first
        yield first + 1, last - 1


CREEP = 0.28
"""How far a sheet inside another stands out of the book, in points: the paper's thickness."""


def impose(data: bytes, title: str, width: float, height: float) -> tuple[bytes, int]:
    """Return the book *data* on sheets of *width* by *height* points, and how many sides.

    Fields are left out: on paper their ruled lines are what is filled in.  The further in a
    sheet lies, the nearer to the fold its pages stand, so that the edge can be cut straight.
    """
    import pikepdf

    made = pikepdf.new()
    with pikepdf.open(io.BytesIO(data)) as book:
        pages = [_drawing(made, page) for page in book.pages]
        for side, (left, right) in enumerate(order(len(pages))):
            shift = CREEP * (side // 2)
            _side(made, [pages[left - 1], pages[right - 1]], (width, height), shift)
        made.Root.Lang = book.Root.Lang
        made.Root.ViewerPreferences = pikepdf.Dictionary(
            DisplayDocTitle=True,
            Duplex=pikepdf.Name.DuplexFlipShortEdge,
            PrintScaling=pikepdf.Name("/None"),
        )
        made.docinfo["/Title"] = title
        packed = io.BytesIO()
        made.save(
            packed,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return packed.getvalue(), len(made.pages)


def flattened(data: bytes) -> bytes:
    """Return the book *data* with what its fields show painted on the page."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as book:
        book.flatten_annotations("print")
        packed = io.BytesIO()
        book.save(packed, deterministic_id=True)
        return packed.getvalue()


def _drawing(made: Pdf, page: Page) -> Object:
    """Return what is painted on a page as something to paint elsewhere."""
    drawing = page.as_form_xobject()
    if "/StructParents" in drawing:
        del drawing.StructParents
    return made.copy_foreign(drawing)


def _side(made: Pdf, pages: Sequence[Object], size: tuple[float, float], shift: float) -> None:
    """Add a side with two *pages*, their inner edges on the fold or *shift* points past it."""
    from pikepdf import Dictionary, Name

    width, height = size
    side = made.add_blank_page(page_size=(width, height))
    paint = []
    names = {}
    for place, page in enumerate(pages):
        x1, y1, x2, y2 = (float(edge) for edge in page.BBox)
        left = width / 2 - (x2 - x1) * (1 - place) + shift * (1 - 2 * place)
        low = (height - (y2 - y1)) / 2
        paint.append(b"q 1 0 0 1 %.3f %.3f cm /P%d Do Q" % (left - x1, low - y1, place))
        names[f"/P{place}"] = page
    side.Resources = Dictionary(XObject=Dictionary(names))
    side.obj.Type = Name.Page
    side.Contents = made.make_stream(b"\n".join(paint))
