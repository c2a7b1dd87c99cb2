"""The book's typefaces, read from the files in `faces/`, never from the system."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

SERIF, SANS, FORM = "BookFace", "AdviceFace", "FormFace"
"""The families that the style sheet names: what readers send, what we say, what they type."""

FILES = Path(__file__).parent / "faces"

FACES = {
    "book.ttf": (SERIF, 400, "normal", "source-serif-pro/SourceSerifPro-Regular.ttf"),
    "book-italic.ttf": (SERIF, 400, "italic", "source-serif-pro/SourceSerifPro-It.ttf"),
    "book-bold.ttf": (SERIF, 600, "normal", "source-serif-pro/SourceSerifPro-Semibold.ttf"),
    "advice.ttf": (SANS, 400, "normal", "alegreya-sans/AlegreyaSans-Regular.ttf"),
    "advice-italic.ttf": (SANS, 400, "italic", "alegreya-sans/AlegreyaSans-Italic.ttf"),
    "advice-bold.ttf": (SANS, 700, "normal", "alegreya-sans/AlegreyaSans-Bold.ttf"),
}
"""Each face: family, weight, style, and its file in `FILES`."""

TYPED = (
    (0x0020, 0x024F),  # Latin: basic, supplement, extended
    (0x0300, 0x036F),  # marks that combine
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic
    (0x1E00, 0x1EFF),  # Latin for Vietnamese, Welsh and others
    (0x2010, 0x2044),  # dashes, quotation marks
    (0x20A0, 0x20BF),  # currencies
    (0x2116, 0x2122),
)
"""What a reader may type into a field, as first and last code point."""


def face(name: str) -> bytes:
    """Return the font file of the face *name* of `FACES`."""
    *_, file = FACES[name]
    return (FILES / file).read_bytes()


@cache
def form() -> bytes:
    """Return the face for what is typed: the book face, cut to `TYPED`, without ligatures.

    A PDF carries the font of its fields whole; and a ligature in it could not be copied out.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(face("book.ttf")), recalcTimestamp=False)
    for table in ("GPOS", "GSUB"):  # no ligatures and no kerning: not even read
        del font[table]
    cut = Subsetter(Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[]))
    cut.populate(unicodes=[code for first, last in TYPED for code in range(first, last + 1)])
    cut.subset(font)
    for number, name in {1: FORM, 2: "Regular", 4: FORM, 6: FORM}.items():
        font["name"].setName(name, number, 3, 1, 0x409)
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


@cache
def glyphs(name: str = "") -> frozenset[int]:
    """Return the code points that a face can show; without *name*, those the book can."""
    from fontTools.ttLib import TTFont

    if not name:
        return glyphs("book.ttf") | glyphs("advice.ttf")
    data = form() if name == "form.ttf" else face(name)
    return frozenset(TTFont(io.BytesIO(data), lazy=True).getBestCmap())


def printable(text: str) -> str:
    """Return *text* with a "?" for each character that a face of the book lacks.

    >>> printable("李 Dana")
    '? Dana'
    """
    shown = glyphs("book.ttf") & glyphs("advice.ttf")
    return "".join(c if ord(c) in shown or c.isspace() else "?" for c in text)


@cache
def widths(name: str) -> dict[int, int]:
    """Return how wide a face sets each code point, in its own units."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(face(name)), lazy=True)
    return {code: font["hmtx"][glyph][0] for code, glyph in font.getBestCmap().items()}


def sheet() -> str:
    """Return the style rules that name every face."""
    faces = [(name, *described[:3]) for name, described in FACES.items()]
    return "\n".join(
        f"@font-face{{font-family:{family};font-weight:{weight};font-style:{style};"
        f"src:url(fonts/{name})}}"
        for name, family, weight, style in [*faces, ("form.ttf", FORM, 400, "normal")]
    )
