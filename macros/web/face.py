"""The letters' face on the web: `python -m macros.web.face` cuts it from the book's.

It changes only with that, so that no build need wait for it.
"""

from __future__ import annotations

import io
from pathlib import Path

WHOLE = Path(__file__).parents[1] / "book/faces/source-serif-pro/SourceSerifPro-Regular.ttf"
CUT = Path(__file__).parents[2] / "docs/assets/letter.woff2"

SHOWN = ((0x20, 0x7E), (0xA0, 0x17F), (0x2010, 0x2026), (0x20AC, 0x20AC))
"""What the letters' face shows, as first and last code point; the system shows the rest."""

FACE = "LetterFace"


def cut(face: bytes) -> bytes:
    """Return the font file *face* cut to `SHOWN`, compressed for the web."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(face), recalcTimestamp=False)
    subset = Subsetter(Options(layout_features=["kern"], hinting=False, name_IDs=[]))
    subset.populate(unicodes=[code for first, last in SHOWN for code in range(first, last + 1)])
    subset.subset(font)
    # The face's own name is reserved for the whole of it.
    for number, name in {1: FACE, 2: "Regular", 4: FACE, 6: FACE}.items():
        font["name"].setName(name, number, 3, 1, 0x409)
    font.flavor = "woff2"
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


if __name__ == "__main__":
    CUT.write_bytes(cut(WHOLE.read_bytes()))
