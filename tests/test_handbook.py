"""The handbook as its readers get it: on paper, in a viewer, through a screen reader."""

from __future__ import annotations

import io
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import page as page_validation
import pikepdf
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from macros import blanks
from macros.book import chapters, colours, editions, fonts, variorum
from macros.book.pdf import booklet, document, tags
from macros.errors import ContentError
from macros.model import Library, Line, Paragraph, Sample

from . import markup
from .conftest import ROOT, content

MM = 72 / 25.4
"""Points in a millimetre."""
SIZES = {"a5": (419.53, 595.28), "half-letter": (396.0, 612.0)}
SHEETS = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
NAMES = "Renée Łukaś Żółć İbrahim Nguyễn Ξένη Жанна Ґалаґан"
FIELDS = {field.name: field for field in content().vocabulary.fields.values() if not field.options}


@pytest.fixture(scope="session")
def file(site: Path) -> Path:
    """The book as the site offers it; on the other size of paper only its cut differs."""
    return site / "handbook" / "handbook-a5.pdf"


@pytest.fixture(scope="session")
def made(file: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(file) as opened:
        yield opened


@pytest.fixture(scope="session")
def texts(file: Path) -> list[str]:
    """What stands on each page."""
    with pypdfium2.PdfDocument(file) as opened:
        return [opened[number].get_textpage().get_text_range() for number in range(len(opened))]


@pytest.fixture(scope="session", params=SHEETS)
def pack(request: pytest.FixtureRequest, site: Path) -> Path:
    """The class pack on each size of paper."""
    return site / "handbook" / f"class-pack-{request.param}.pdf"


def widgets(made: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Page, pikepdf.Object]]:
    for sheet in made.pages:
        for note in sheet.get("/Annots", ()):
            if note.Subtype == "/Widget":
                yield sheet, note


def links(made: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Page, pikepdf.Object]]:
    for sheet in made.pages:
        for note in sheet.get("/Annots", ()):
            if note.Subtype == "/Link":
                yield sheet, note


def destinations(made: pikepdf.Pdf) -> dict[str, int]:
    """Return the page, from one on, of every place that a link can lead to."""
    numbers = {sheet.objgen: number for number, sheet in enumerate(made.pages, 1)}
    names = made.Root.Names.Dests.Names
    return {
        str(name): numbers[place[0].objgen]
        for name, place in zip(list(names)[::2], list(names)[1::2], strict=True)
    }


def squeezed(text: str) -> str:
    """Return *text* without what a line break may add or take."""
    return "".join(text.replace("\xad", "").split())


# Paper


@pytest.mark.parametrize("size", SIZES)
def test_every_page_has_exactly_the_size_of_the_paper(site: Path, size: str) -> None:
    with pikepdf.open(site / "handbook" / f"handbook-{size}.pdf") as made:
        for sheet in made.pages:
            left, low, right, high = map(float, sheet.MediaBox)
            assert (right - left, high - low) == pytest.approx(SIZES[size], abs=0.1)
            assert not [box for box in ("/CropBox", "/TrimBox", "/BleedBox") if box in sheet]


@pytest.mark.parametrize("size", SIZES)
def test_the_text_of_every_page_stands_in_the_margins_of_the_paper(site: Path, size: str) -> None:
    paper, _ = editions.PAPERS[size]
    with pypdfium2.PdfDocument(site / "handbook" / f"handbook-{size}.pdf") as opened:
        for number in range(2, len(opened) - 4):
            left, _, right, _ = opened[number].get_mediabox()
            text = opened[number].get_textpage()
            edges = [text.get_rect(at) for at in range(text.count_rects())]
            first, last = min(edge[0] for edge in edges), max(edge[2] for edge in edges)
            margins = (paper.inner, paper.outer) if number % 2 == 0 else (paper.outer, paper.inner)
            assert first - left >= margins[0] * MM - 1, number
            assert right - last >= margins[1] * MM - 1, number


def test_nothing_but_the_cut_of_its_pages_tells_one_size_from_the_other(site: Path) -> None:
    """So that whatever is tried on one holds for both."""
    uncut = []
    for size in SIZES:
        with pikepdf.open(site / "handbook" / f"handbook-{size}.pdf") as made:
            for sheet in made.pages:
                sheet.MediaBox = pikepdf.Array([0, 0, 1, 1])
            whole = io.BytesIO()
            made.save(whole, static_id=True)
            uncut.append(whole.getvalue())
    assert uncut[0] == uncut[1]


def test_it_folds_into_a_booklet_of_at_most_96_pages(made: pikepdf.Pdf) -> None:
    assert len(made.pages) % 4 == 0
    assert len(made.pages) <= 96


def test_no_page_is_blank_but_those_for_notes_before_the_last(texts: list[str]) -> None:
    blank = [number for number, text in enumerate(texts, 1) if len(text.split()) < 3]
    assert blank in ([*range(len(texts) - size, len(texts))] for size in range(4))


@pytest.mark.parametrize("name", ["handbook-a5", "booklet-a4", "class-pack-a4"])
def test_the_files_are_small(site: Path, name: str) -> None:
    assert (site / "handbook" / f"{name}.pdf").stat().st_size < 800_000


def test_the_contents_give_the_page_of_every_destination(made: pikepdf.Pdf, file: Path) -> None:
    pages = destinations(made)
    checked = set()
    with pypdfium2.PdfDocument(file) as opened:
        for number in CONTENTS:
            lines: dict[str, tuple[float, float, float]] = {}
            for note in made.pages[number].get("/Annots", ()):
                if note.Subtype == "/Link" and "/Dest" in note:
                    left, *edges = (float(note.Rect[at]) for at in (0, 1, 3))
                    low, high = sorted(edges)
                    old = lines.get(str(note.Dest), (left, low, high))
                    lines[str(note.Dest)] = left, min(old[1], low), max(old[2], high)
            text = opened[number].get_textpage()
            for name, (left, low, high) in lines.items():
                right = left + 150 if name in FRONT and left < 200 else 1000
                words = text.get_text_bounded(left=left, right=right, bottom=low, top=high).split()
                assert words[-1] == str(pages[name]), name
                checked.add(name)
    assert len(checked) > len(content().samples) + 8


CONTENTS = (3, 4)
"""The pages of the contents, from nought on: one opening."""

FRONT = {
    *("worksheets-debrief", "worksheets-first-24-hours", "worksheets-before-you-send", "tips"),
    *("when-to-send", "subject-lines", "when-not-to-write", "why-follow-up", "conclusion"),
    *("evidence", "references", "where-sources-differ", "special-cases", "handbook-class"),
}
"""Chapters that stand in two columns in the contents."""


@pytest.mark.parametrize("sample", content().samples.values(), ids=lambda sample: sample.id)
def test_every_letter_has_an_opening_of_its_own(
    sample: Sample, made: pikepdf.Pdf, texts: list[str]
) -> None:
    """Left, on an even page, the letter in its first tone; right, all that is said otherwise."""
    left = destinations(made)[f"samples-{sample.id}"]
    assert left % 2 == 0
    letter = squeezed(texts[left - 1])
    facing = squeezed(texts[left])
    opened = variorum.opening(sample)
    said = [
        squeezed(blanks.curl(part, "a" if number else ""))
        for paragraph in opened.paragraphs
        for stretch in paragraph
        for number, part in enumerate(stretch.parts)
        if isinstance(part, str) and part.strip()
    ]
    assert in_order(said, letter)
    ways = [way for passage in opened.passages for way in passage.others]
    assert in_order([squeezed(blanks.curl(way.text)) for way in ways], facing)
    assert all(squeezed(blanks.curl(thing)) in facing for thing in sample.leave_out)


@pytest.mark.parametrize("sample", content().samples.values(), ids=lambda sample: sample.id)
def test_an_opening_holds_every_letter_of_its_sample(sample: Sample) -> None:
    """Whoever puts the wordings of an option in place of the numbers has that letter."""
    opened = variorum.opening(sample)
    for letter in blanks.letters(sample):
        picked = set(letter.picks)
        found = []
        for paragraph in opened.paragraphs:
            text = ""
            for stretch in paragraph:
                said = "".join(map(str, stretch.parts))
                for way in stretch.others:
                    for choice in sample.choices:
                        if any((choice.name, option.value) in picked for option in way.options):
                            said = said.replace(str(stretch.parts[0]), way.text, 1)
                text += said
            found.append(text)
        assert [text for text in found if text] == [
            "".join(map(str, paragraph)) for paragraph in letter.paragraphs
        ]


def in_order(words: list[str], text: str) -> bool:
    """Tell whether all *words* stand in *text*, one after the other."""
    at = 0
    for word in words:
        at = text.find(word, at)
        if at < 0:
            return False
        at += len(word)
    return True


@pytest.mark.parametrize("sample", content().samples.values(), ids=lambda sample: sample.id)
def test_the_contents_know_every_situation(sample: Sample, texts: list[str]) -> None:
    assert squeezed(blanks.curl(sample.situation)) in squeezed(
        "".join(texts[number] for number in CONTENTS)
    )


MORE = "Another thing that I would like to say about the interview is this one here. "
"""What fills a line and a half of a letter's page."""


def too_long(library: Library, sample: Sample) -> dict[str, int]:
    """Return by how many millimetres the pages of *sample* are too long, by their names."""
    one = replace(sample, related=())
    with pytest.raises(ContentError) as caught:
        editions.books(replace(library, samples={one.id: one}), [], ROOT)
    told = [LONG.fullmatch(mistake) for mistake in caught.value.mistakes]
    return {found["name"]: int(found["long"]) for found in told if found}


LONG = re.compile(r"handbook: (?P<name>.+): its page is (?P<long>\d+) mm too long\. Say less\.")


def test_a_letter_that_is_too_long_is_named_with_its_tone_and_by_how_much(
    library: Library,
) -> None:
    """Ten more lines make its page ten lines longer."""
    sample = library.samples["thank-you-note"]

    def longer(lines: int) -> int:
        more = tuple(Paragraph((Line((MORE[:50],)),)) for _ in range(lines))
        long = too_long(library, replace(sample, paragraphs=sample.paragraphs + more))
        note = "sample 'thank-you-note', Plain"
        assert set(long) <= {note, f"class pack, {note}"}
        return long[note]

    line = (13 + 4) * 25.4 / 72  # with the space between paragraphs
    assert longer(24) - longer(14) == pytest.approx(10 * line, abs=2)


def test_a_wording_that_is_too_long_is_named_with_the_tones_of_its_page(library: Library) -> None:
    sample = library.samples["thank-you-note"]
    [first, *rest] = sample.paragraphs
    said = tuple(
        Line((MORE * 60,), line.option) if line.option == ("tone", "formal") else line
        for line in first.lines
    )
    long = too_long(library, replace(sample, paragraphs=(replace(first, lines=said), *rest)))
    assert long["sample 'thank-you-note', Warm and Formal"] > 100


# Sheets


@pytest.mark.parametrize(("size", "sheet"), list(zip(SIZES, SHEETS, strict=True)))
def test_a_booklet_has_two_pages_on_each_side_in_the_order_of_folding(
    site: Path, size: str, sheet: str
) -> None:
    with (
        pypdfium2.PdfDocument(site / "handbook" / f"handbook-{size}.pdf") as book,
        pypdfium2.PdfDocument(site / "handbook" / f"booklet-{sheet}.pdf") as folded,
    ):
        assert len(folded) * 2 == len(book)
        for side, (left, right) in enumerate(booklet.order(len(book))):
            width, height = folded[side].get_size()
            assert (height, width) == pytest.approx(SHEETS[sheet], abs=0.1)
            text = folded[side].get_textpage()
            for number, edges in ((left, (0, width / 2)), (right, (width / 2, width))):
                words = text.get_text_bounded(left=edges[0], right=edges[1])
                whole = book[number - 1].get_textpage().get_text_range()
                assert squeezed(words) == squeezed(whole)


@pytest.mark.parametrize("pages", [4, 16, 96])
def test_folded_sheets_lie_in_the_order_of_the_pages(pages: int) -> None:
    assert leafed(list(booklet.order(pages))) == list(range(1, pages + 1))


def leafed(sides: list[tuple[int, int]]) -> list[int]:
    """Return the pages of a booklet, leaf by leaf, whose *sides* came out of the printer.

    Each sheet is turned over its short edge: behind the right half of its front lies the
    left half of its back.  The first sheet lies outside, and all are folded in the middle.
    """
    sheets = list(zip(sides[::2], sides[1::2], strict=True))
    first = [(front[1], back[0]) for front, back in sheets]
    second = [(back[1], front[0]) for front, back in reversed(sheets)]
    return [page for leaf in (*first, *second) for page in leaf]


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_printed_booklet_is_leafed_through_by_the_numbers_on_its_pages(
    site: Path, sheet: str
) -> None:
    sides = []
    with pypdfium2.PdfDocument(site / "handbook" / f"booklet-{sheet}.pdf") as folded:
        for side in folded:
            text, (width, _) = side.get_textpage(), side.get_size()
            numbers = []
            for left, right in ((0, width / 2), (width / 2, width)):
                foot = text.get_text_bounded(left=left, right=right, bottom=20, top=46).split()
                numbers.append(int(foot[-1]) if foot and foot[-1].isdigit() else 0)
            sides.append((numbers[0], numbers[1]))
    read = leafed(sides)
    known = [number for number in range(1, len(read) + 1) if read[number - 1]]
    assert [read[number - 1] for number in known] == known
    assert set(range(1, len(read) + 1)) - set(known) == {1, 2, len(read)}  # covers, title page


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_booklet_keeps_clear_of_edges_and_fold_and_says_how_it_is_turned(
    site: Path, sheet: str
) -> None:
    """Six millimetres, more than any usual printer leaves white, and what a trim may take."""
    path = site / "handbook" / f"booklet-{sheet}.pdf"
    clear = round(6 * 72 / 25.4)
    with pypdfium2.PdfDocument(path) as folded:
        for number in (0, 1, 20, len(folded) - 2, len(folded) - 1):
            picture = folded[number].render(scale=1, grayscale=True).to_numpy()
            middle = picture.shape[1] // 2
            assert picture.min() < 128
            for edge in (
                *(picture[:clear], picture[-clear:], picture[:, :clear], picture[:, -clear:]),
                picture[:, middle - clear : middle + clear],
            ):
                assert edge.min() == 255, number
    with pikepdf.open(path) as made:
        assert made.Root.ViewerPreferences.Duplex == "/DuplexFlipShortEdge"
        assert made.Root.ViewerPreferences.PrintScaling == "/None"
        placed = [
            [float(number) for number in instruction.operands]
            for side in made.pages
            for instruction in pikepdf.parse_content_stream(side, "cm")
        ]
    assert {tuple(matrix[:4]) for matrix in placed} == {(1, 0, 0, 1)}  # as large as on screen


def test_lines_to_write_on_are_8_mm_apart_and_their_labels_7_points(
    made: pikepdf.Pdf, file: Path, library: Library
) -> None:
    checked = 0
    with pypdfium2.PdfDocument(file) as opened:
        for sample in library.samples.values():
            number = destinations(made)[f"samples-{sample.id}"] - 1
            text = opened[number].get_textpage()
            rules = sorted(
                (bottom, left, right)
                for left, bottom, right, top in map(bounds, opened[number].get_objects())
                if 0 < top - bottom < 1 and right - left > 90
            )
            for note in made.pages[number].Annots:
                if note.Subtype != "/Widget" or note.Parent.FT != "/Tx":
                    continue
                left, low, right, high = map(float, note.Rect)
                mine = [
                    rule
                    for rule in rules
                    if low - 2 < rule[0] < high
                    and abs(rule[1] - left) < 2
                    and abs(rule[2] - right) < 2
                ]
                assert mine, (sample.id, note.TU)
                gaps = [above[0] - below[0] for below, above in pairwise(mine)]
                assert gaps == pytest.approx([8 * 72 / 25.4] * len(gaps), abs=0.1)
                assert high - mine[-1][0] >= 15.5
                label = [
                    round(pdfium.FPDFText_GetFontSize(text.raw, at) * PIXEL, 2)
                    for at in range(text.count_chars())
                    if (box := text.get_charbox(at))[0] >= left - 1
                    and mine[-1][0] - 9 < box[1] < box[3] < mine[-1][0] + 0.5
                    and box[2] <= right + 1
                ]
                assert len(label) >= 4, (sample.id, note.TU)
                assert set(label) == {7.0}
                checked += 1
    assert checked > 200


PIXEL = 0.75
"""Points in a pixel, in which the pages are drawn."""


def bounds(thing: pypdfium2.PdfObject) -> tuple[float, float, float, float]:
    left, bottom, right, top = thing.get_bounds()
    return left, bottom, right, top


FALSE_ON_PAPER = re.compile(
    r"\b(tap|click|scroll|hover|swipe|paste|ctrl|browser|download|button|dropdown|pop-?up"
    r"|checkbox|webpage|cursor|keyboard|select|highlight)(s|ed|ing)?\b"
    r"|\bthis (web ?)?(page|site)\b|\b(page|site|list|sheet|form) (above|below)\b"
    r"|\bthe links?\b"
    r"|\b(see|use) the search\b|\bpoint(ing)? (to|at) a quot|\bNext:|\bon the (left|right)\b"
    r"|https?:|\{\{|\*\*|\]\(|&\w+;|[\"']",
    re.I,
)
"""What a page says to a screen only, and what a machine has left behind."""


@pytest.mark.parametrize(
    "said",
    [
        *("Tap a quotation to see it.", "Click it.", "Print this page before you leave it."),
        *("Point to a quotation.", "See the search.", "The link leads there.", "It's"),
        *("Fill in the form below.", "Next: find your letter.", "**bold**", "[a](b.md)"),
    ],
)
def test_words_for_a_screen_are_known(said: str) -> None:
    assert FALSE_ON_PAPER.search(said)


def test_no_sentence_of_the_book_speaks_of_a_screen(texts: list[str]) -> None:
    found = [
        (number, " ".join(text[max(match.start() - 40, 0) : match.end() + 40].split()))
        for number, text in enumerate(texts, 1)
        for match in FALSE_ON_PAPER.finditer(text)
    ]
    assert found == []


def test_a_class_pack_is_four_sides_to_fill_in(pack: Path, library: Library) -> None:
    with pypdfium2.PdfDocument(pack) as opened:
        texts = [
            squeezed(opened[number].get_textpage().get_text_range())
            for number in range(len(opened))
        ]
    begins = ("Debrief worksheet", "The first 24 hours", "Thank-you note", "Four tips")
    assert [squeezed(begin) in text for begin, text in zip(begins, texts, strict=True)] == [
        True
    ] * 4
    report = page_validation.validate_pdf(
        str(pack), profile=page_validation.ValidationProfile.PDF_UA_1
    )
    assert [f"{failure.rule_id} {failure.message}" for failure in report.failures] == []
    fields = written_in(pack)
    assert {blank.field.name for blank in library.samples["thank-you-note"].blanks} <= set(fields)


# Fields


def test_a_name_is_one_field_however_many_places_it_has(made: pikepdf.Pdf) -> None:
    names = [str(field.T) for field in made.Root.AcroForm.Fields]
    assert len(names) == len(set(names))
    shown = {note.objgen for _, note in widgets(made)}
    assert {kid.objgen for field in made.Root.AcroForm.Fields for kid in field.Kids} == shown


@pytest.mark.parametrize("sample", content().samples.values(), ids=lambda sample: sample.id)
def test_every_blank_of_every_letter_is_a_place_of_its_field(
    sample: Sample, made: pikepdf.Pdf
) -> None:
    left = made.pages[destinations(made)[f"samples-{sample.id}"] - 1]
    places = [str(note.Parent.T) for note in left.Annots if note.Subtype == "/Widget"]
    assert sorted(places) == sorted(blank.field.name for blank in sample.blanks)


def test_every_place_is_named_printed_and_big_enough(made: pikepdf.Pdf) -> None:
    for sheet, note in widgets(made):
        left, low, right, high = (float(edge) for edge in note.Rect)
        width, height = (float(edge) for edge in sheet.MediaBox[2:])
        assert note.TU == note.Parent.TU != ""
        assert (note.F, "/T" in note, "/V" in note) == (4, False, False)
        assert 0 < left < right < width
        assert 0 < low < high < height
        assert min(right - left, high - low) >= 6
        assert isinstance(note.AP.N, pikepdf.Stream) or set(note.AP.N) == {"/Yes", "/Off"}


def test_no_place_covers_another(made: pikepdf.Pdf) -> None:
    for sheet in made.pages:
        boxes = [
            [float(edge) for edge in note.Rect]
            for note in sheet.get("/Annots", ())
            if note.Subtype == "/Widget"
        ]
        for one, two in combinations(boxes, 2):
            assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]


def test_a_wide_field_of_each_detail_stands_near_the_front(
    made: pikepdf.Pdf, library: Library
) -> None:
    asked = {field.name for part in library.forms["debrief"].sections for field in part.fields}
    wide = {
        str(note.Parent.T)
        for sheet in made.pages[:8]
        for note in sheet.get("/Annots", ())
        if note.Subtype == "/Widget" and note.Rect[2] - note.Rect[0] > 100
    }
    assert {name for name in asked if name in FIELDS} <= wide


def test_the_form_asks_nothing_of_the_viewer_but_to_show_it(made: pikepdf.Pdf) -> None:
    assert set(made.Root.AcroForm) == {"/Fields", "/DR"}
    assert not {"/OpenAction", "/AA", "/Collection"} & set(made.Root)
    assert set(made.Root.Names) == {"/Dests"}
    for thing in made.objects:
        if isinstance(thing, pikepdf.Dictionary):
            assert not {"/JS", "/XFA", "/Launch"} & set(thing)


def test_the_font_of_the_fields_is_whole(made: pikepdf.Pdf) -> None:
    [font] = made.Root.AcroForm.DR.Font.values()
    assert font.BaseFont == f"/{fonts.FORM}"
    data = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
    from fontTools.ttLib import TTFont

    assert {ord(letter) for letter in NAMES} <= set(TTFont(io.BytesIO(data)).getBestCmap())


@pytest.fixture(scope="session")
def answers() -> dict[str, str]:
    return {name: f"{NAMES[:13]} {number}" for number, name in enumerate(FIELDS)}


def written_in(pdf: Path | io.BytesIO) -> dict[str, str]:
    """Return what pypdf finds in each text field.

    As its `get_form_text_fields` does, which copies every place of every field as well.
    """
    form = pypdf.PdfReader(pdf).root_object["/AcroForm"]
    fields = [field.get_object() for field in form["/Fields"]]
    return {field["/T"]: field.get("/V", "") for field in fields if field["/FT"] == "/Tx"}


def looks(data: bytes) -> dict[str, set[bytes]]:
    """Return, for each text field, what its places look like; each must have been drawn."""
    found: dict[str, set[bytes]] = {}
    with pikepdf.open(io.BytesIO(data)) as filled:
        for field in filled.Root.AcroForm.Fields:
            if field.FT == "/Tx":
                for kid in field.Kids:
                    found.setdefault(str(field.T), set()).add(kid.AP.N.read_bytes().strip())
    return found


def test_filled_in_once_with_pypdf_it_is_filled_in_everywhere(
    file: Path, answers: dict[str, str]
) -> None:
    writer = pypdf.PdfWriter(clone_from=file)
    asked = {name: answers[name] for name in written_in(file)}
    writer.update_page_form_field_values(None, asked, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    assert written_in(out) == asked
    drawn = looks(out.getvalue())
    assert set(drawn) == set(asked)
    assert all(b"Tj" in look for several in drawn.values() for look in several)


class Viewer:
    """PDFium, the viewer inside Chromium, with its form filler; it types like a reader."""

    def __init__(self, file: Path) -> None:
        self.document = pypdfium2.PdfDocument(file)
        self.document.init_forms()
        self.form = self.document.formenv.raw
        self.pages = [self.document[number] for number in range(len(self.document))]

    def type(self, number: int, place: pikepdf.Object, text: str) -> None:
        """Click into a *place* on page *number*, type *text* and leave."""
        sheet = self.pages[number].raw
        x, y = (
            (float(place.Rect[0]) + float(place.Rect[2])) / 2,
            (float(place.Rect[1]) + float(place.Rect[3])) / 2,
        )
        pdfium.FORM_OnMouseMove(self.form, sheet, 0, x, y)
        pdfium.FORM_OnLButtonDown(self.form, sheet, 0, x, y)
        pdfium.FORM_OnLButtonUp(self.form, sheet, 0, x, y)
        for letter in text:
            pdfium.FORM_OnChar(self.form, sheet, ord(letter), 0)
        pdfium.FORM_ForceToKillFocus(self.form)

    def saved(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


@pytest.mark.parametrize("size", SIZES)
def test_typed_once_into_chromiums_viewer_it_is_filled_in_everywhere(
    site: Path, size: str, made: pikepdf.Pdf, answers: dict[str, str]
) -> None:
    """However the pages are cut, a place is clicked where it is drawn."""
    viewer = Viewer(site / "handbook" / f"handbook-{size}.pdf")
    asked = {}
    for number, sheet in enumerate(made.pages):
        for note in sheet.get("/Annots", ()):
            name = str(note.Parent.T) if note.Subtype == "/Widget" else ""
            if name in answers and name not in asked:
                asked[name] = answers[name]
                viewer.type(number, note, answers[name])
    data = viewer.saved()
    assert written_in(io.BytesIO(data)) == asked
    drawn = looks(data)
    assert set(drawn) == set(asked)
    assert all(b"Tj" in look for several in drawn.values() for look in several)


def test_what_anyone_might_type_comes_back_as_it_was(site: Path) -> None:
    """One size stands for both, whose fields are the same."""
    chance = random.Random(1)
    nasty = [
        *("<script>alert(1)</script>", '"><svg onload=1>', "{{ 7*7 }}", ")\\(", "\\", "(", "((("),
        *(
            "%00",
            "\u202eevil",
            "e\u0301",
            "李小龙",
            "👩‍💻",
            "\r\n",
            "þÿ",
            "\ufeff",
            "=1+1",
            "/V (x)",
        ),
    ]
    alphabet = [chr(code) for first, last in fonts.TYPED for code in range(first, last)]
    values = [
        *nasty,
        *(
            "".join(chance.choices([*alphabet, *nasty], k=chance.randint(1, 30)))
            for _ in range(1000 - len(nasty))
        ),
    ]
    lost = []
    with pikepdf.open(site / "handbook" / "handbook-a5.pdf") as filled:
        fields = [field for field in filled.Root.AcroForm.Fields if field.FT == "/Tx"]
        for start in range(0, len(values), len(fields)):
            given = dict(enumerate(values[start : start + len(fields)]))
            for number, value in given.items():
                fields[number].V = pikepdf.String(value)
            out = io.BytesIO()
            # Not packed together: pypdf would take ten times as long to read them.
            filled.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
            read = written_in(out)
            lost += [
                value for number, value in given.items() if read[str(fields[number].T)] != value
            ]
    assert lost == []


# Readers who hear it


def test_it_keeps_every_rule_of_pdf_ua(file: Path) -> None:
    report = page_validation.validate_pdf(
        str(file), profile=page_validation.ValidationProfile.PDF_UA_1
    )
    assert [f"{failure.rule_id} {failure.message}" for failure in report.failures] == []
    assert report.is_compliant


def test_it_says_its_language_and_its_title(made: pikepdf.Pdf) -> None:
    assert made.Root.Lang == "en-GB"
    assert made.Root.ViewerPreferences.DisplayDocTitle is True
    assert made.Root.MarkInfo.Marked is True
    with made.open_metadata() as metadata:
        assert metadata["dc:title"] == made.docinfo["/Title"] != ""
        assert metadata["pdfuaid:part"] == "1"


def elements(made: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [element for element in tags.elements(made) if "/S" in element]


def test_headings_go_down_one_level_at_a_time(made: pikepdf.Pdf) -> None:
    levels = [
        int(str(element.S)[2:])
        for element in elements(made)
        if str(element.S)[:2] == "/H" and str(element.S)[2:].isdigit()
    ]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_it_is_read_in_the_order_of_its_pages(made: pikepdf.Pdf) -> None:
    numbers = {sheet.objgen: number for number, sheet in enumerate(made.pages)}
    order = [numbers[element.Pg.objgen] for element in elements(made) if "/Pg" in element]
    assert len(order) > len(made.pages)
    assert order == sorted(order)


def test_what_is_painted_is_read_or_is_an_artifact(made: pikepdf.Pdf) -> None:
    """Every mark belongs to one element, and none hangs outside the tree."""
    marks: dict[tuple[int, int], list[int]] = {}
    for element in elements(made):
        for kid in tags.kids_of(element):
            if isinstance(kid, int):
                marks.setdefault(element.Pg.objgen, []).append(kid)
    owners = tags.marks_of(made)
    for sheet in made.pages:
        painted = [
            int(instruction.operands[1].MCID)
            for instruction in pikepdf.parse_content_stream(sheet, "BDC")
        ]
        known = marks.get(sheet.objgen, [])
        assert sorted(painted) == sorted(set(known)) == sorted(known)
        if "/StructParents" not in sheet:  # a page for notes
            assert painted == []
            continue
        assert [number for number, owner in enumerate(owners[int(sheet.StructParents)]) if owner]


def test_every_place_and_link_is_read_where_it_stands(made: pikepdf.Pdf) -> None:
    owners = tags.marks_of(made)
    for kind, notes in {"/Form": widgets(made), "/Link": links(made)}.items():
        for _, note in notes:
            owner = owners[int(note.StructParent)]
            assert kind == owner.S
            held = [
                kid.Obj.objgen for kid in tags.kids_of(owner) if isinstance(kid, pikepdf.Dictionary)
            ]
            assert note.objgen in held


def test_every_link_says_where_it_leads_and_leads_there(made: pikepdf.Pdf) -> None:
    pages = destinations(made)
    for _, note in links(made):
        assert str(note.Contents).startswith(("Go to: ", "Open http"))
        assert str(note.Dest) in pages if "/Dest" in note else str(note.A.URI).startswith("http")


def test_running_heads_are_not_read(made: pikepdf.Pdf) -> None:
    bare = (0, 1, len(made.pages) - 1)  # covers and title page have none
    for number, sheet in enumerate(made.pages):
        assert number in bare or b"/Artifact BMC" in sheet.Contents.read_bytes()


@pytest.mark.parametrize(("template", "times"), [("handbook/book", 2), ("handbook/class", 4)])
def test_the_site_is_named_where_the_settings_say_where_it_is(
    library: Library, template: str, times: int
) -> None:
    """With the imprint and on the back; on each side of the class pack."""
    for address, count in (("", 0), ("hill.example/guide", times)):
        told = replace(library, address=address)
        printed = editions.html(told, chapters.bind(told, []), template)
        assert printed.count("hill.example/guide") == count


# The same every time, and closed


def test_a_build_in_another_place_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """Another folder, time zone, locale, hash seed, umask, and no fonts on the system."""
    skip = shutil.ignore_patterns(".*", "site", "tests", "*.egg-info", "__pycache__")
    there = Path(shutil.copytree(ROOT, tmp_path / "elsewhere", ignore=skip))
    (tmp_path / "fonts.conf").write_text("<fontconfig><dir>none</dir></fontconfig>", "utf-8")
    strange = {
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "77",
        "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"),
    }
    done = subprocess.run(
        ["/bin/sh", "-c", f"umask 077; exec {sys.executable} -m mkdocs build --strict --quiet"],
        cwd=there,
        env={**os.environ, **strange},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert contents(there / "site") == contents(site)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def written(html: str, sheet: str = "", files: dict[str, Callable[[], bytes]] = {}) -> bytes:
    text = f'<!doctype html><html lang="en"><title>T</title><body><h1>T</h1>{html}</body></html>'
    style = "html { font-family: BookFace } input { font-family: FormFace }"
    return document.write(text, [style, sheet], files, {})[0]


@pytest.mark.parametrize(
    "html",
    [
        '<img alt="" src="http://127.0.0.1:9/x.png">',
        '<img alt="" src="file:///etc/hostname">',
        '<img alt="" src="../../etc/hostname">',
        '<img alt="" src="lost.png">',
        '<link rel="stylesheet" href="https://127.0.0.1:9/x.css">',
        "<p style='background: url(x.png)'>x",
    ],
)
def test_nothing_outside_the_book_can_be_opened(html: str) -> None:
    with pytest.raises(ContentError, match="not a file of the book"):
        written(html)


@pytest.mark.parametrize("sheet", ["p { colour: red }", "p { width: none }"])
def test_a_rule_that_the_library_does_not_know_stops_the_book(sheet: str) -> None:
    with pytest.raises(ContentError, match="Ignored"):
        written("<p>x</p>", sheet)


def test_every_colour_of_the_book_is_one_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in chapters.TEMPLATES.iterdir():
        written_out = re.findall(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", path.read_text("utf-8"))
        assert set(written_out) <= {"#fff", "#ffffff"}, path.name
    assert "var(" not in colours.style("book.css")
    monkeypatch.setattr(colours, "by_day", lambda: {"ink": "#000000", "rad": "#ff0000"})
    with pytest.raises(
        ContentError,
        match=r"docs/assets/css/colours\.css: has no colour 'blue', which book\.css uses\. Use one",
    ):
        colours.style("book.css")


def test_a_glyph_of_another_font_stops_the_book() -> None:
    with pytest.raises(ContentError, match="handbook, page 1: a glyph is taken from"):
        written("<p style='font-family: sans-serif'>x</p><input name=a title=a>")


def test_a_character_that_no_face_has_is_named_with_its_page(library: Library) -> None:
    odd = chapters.Page("Odd", "odd/", "odd.md", "<h1>Odd</h1><p>漢</p>")
    with pytest.raises(ContentError, match=r"docs/odd\.md:1: '漢' \(U\+6F22\) is missing"):
        chapters.bind(library, [odd])


def test_a_name_that_is_two_kinds_of_field_stops_the_book() -> None:
    with pytest.raises(ContentError, match="field 'a' has two kinds of widget"):
        written("<input name=a title=a><textarea name=a title=a></textarea>")


def test_without_pango_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert document.missing().count("\n") == 0
    assert all(package in document.missing() for package in document.PANGO.split())


def test_the_web_page_links_every_file_and_says_its_pages_and_weight(site: Path) -> None:
    document = markup.built(site / "handbook" / "index.html")
    offered = {
        link.get("href"): " ".join("".join(item.itertext()).split())
        for item in document.iter("li")
        for link in item.findall("a")
        if str(link.get("href")).endswith(".pdf")
    }
    says = {
        "handbook-{}": "To fill in, {}{} pages, {} KB",
        "booklet-{}": "To print and fold, {}{} sheets, 96 pages, {} KB",
        "class-pack-{}": "For a class, {}{} sides, {} KB",
    }
    expected = {}
    for size, (paper, sheet) in editions.PAPERS.items():
        for name, said in says.items():
            small = name.startswith("handbook")
            path = (
                site
                / "handbook"
                / f"{name.format(size if small else editions.SHEETS[size][0])}.pdf"
            )
            with pypdfium2.PdfDocument(path) as opened:
                sides = len(opened)
            count = sides // 2 if name.startswith("booklet") else sides
            weight = round(path.stat().st_size / 1000)
            expected[path.name] = said.format((paper if small else sheet).name, count, weight)
    assert offered == expected
