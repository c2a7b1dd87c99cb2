"""Pages of one size out of pages of another: their paper is cut anew, their drawing stays."""

from __future__ import annotations

import io
from collections.abc import Callable

Box = tuple[float, float, float, float]
"""The left, lower, right and upper edge of a page, in points of its drawing."""


def cut(data: bytes, box: Callable[[int, int], Box]) -> bytes:
    """Return the book *data* with each page, from one on, cut to the *box* of its number.

    The *box* is told how many pages there are, too.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as book:
        for number, page in enumerate(book.pages, 1):
            for each in ("/TrimBox", "/BleedBox"):
                if each in page:
                    del page[each]
            page.MediaBox = pikepdf.Array(box(number, len(book.pages)))
        packed = io.BytesIO()
        book.save(
            packed,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return packed.getvalue()
