"""Answers out of a filled-in book and into a fresh one, whatever viewer saved it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
import yaml
from click.testing import CliRunner, Result

from macros.book import filled
from macros.cli.main import main
from macros.errors import ContentError
from macros.model import Field, Widget

from .conftest import ROOT, content

FIELDS = content().vocabulary.fields
VALUES = {
    "Interviewer": "Renée Łukaś-O'Neill",
    "A moment from the interview": "how you plan (and re-plan) the shifts \\ on Saturdays, " * 3,
    "Company": "No",
    "Position": "- 2026: “Head” #1",
    "Your Name": "Dana Reyes",
    "How you met": "By video",
    "What they asked for": "References; Certificates",
}
VALUES = {label: VALUES[label].strip() for label in FIELDS if label in VALUES}


@pytest.fixture(scope="session")
def books(site: Path) -> list[Path]:
    """Return every PDF on the site that can be filled in, but for the handbook's other cut."""
    found = sorted((site / "handbook").glob("*.pdf"))
    return [book for book in found if names(book) and book.name != "handbook-half-letter.pdf"]


def names(book: Path) -> set[str]:
    """Return the names of the fields of a PDF, as another library than the command's has them."""
    with pikepdf.open(book) as pdf:
        return (
            {str(field.T) for field in pdf.Root.AcroForm.Fields}
            if "/AcroForm" in pdf.Root
            else set()
        )


def run(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_every_book_takes_the_answers_and_gives_them_back(books: list[Path]) -> None:
    assert books
    for book in books:
        made, lacking = filled.write(book.name, book.read_bytes(), VALUES, FIELDS)
        assert lacking == ""
        there = names(book)
        asked = {label: text for label, text in VALUES.items() if _held(FIELDS[label], there)}
        assert filled.read(book.name, made, FIELDS) == asked
        assert made.startswith(book.read_bytes())


def _held(field: Field, names: set[str]) -> bool:
    several = field.widget in (Widget.CHOICE, Widget.SEVERAL)
    return (f"{field.name}-1" if several else field.name) in names


def test_a_written_answer_is_seen_on_every_page_that_asks_for_it(books: list[Path]) -> None:
    made, _ = filled.write("book", books[0].read_bytes(), {"Interviewer": "Zbigniewa"}, FIELDS)
    asking = [
        number
        for number, page in enumerate(pypdf.PdfReader(io.BytesIO(made)).pages)
        if any(
            each.get_object().get("/Parent", each).get_object().get("/T") == "interviewer"
            for each in page.get("/Annots", ())
        )
    ]
    assert asking
    book = pypdfium2.PdfDocument(made)
    plain = pypdfium2.PdfDocument(books[0])
    book.init_forms()
    plain.init_forms()
    for number in asking[:3]:
        pages = [each[number].render().to_numpy().tobytes() for each in (book, plain)]
        assert pages[0] != pages[1], number


def pypdf_saved(book: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(book))
    writer.update_page_form_field_values(None, {"interviewer": "Dana Reyes"}, auto_regenerate=True)
    return _saved(writer.write)


def pikepdf_parent(book: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(book)) as pdf:
        next(f for f in pdf.Root.AcroForm.Fields if f.T == "interviewer").V = "Dana Reyes"
        return _saved(pdf.save)


def pikepdf_kid(book: bytes) -> bytes:
    """As viewers save that write a value beside the widget typed into."""
    with pikepdf.open(io.BytesIO(book)) as pdf:
        field = next(f for f in pdf.Root.AcroForm.Fields if f.T == "interviewer")
        (field.Kids[-1] if "/Kids" in field else field).V = "Dana Reyes"
        return _saved(pdf.save)


def pdfium_saved(book: bytes) -> bytes:
    """As Chromium saves: its own engine types into the widget."""
    pdf = pypdfium2.PdfDocument(book)
    pdf.init_forms()
    assert pdf.formenv is not None
    forms = pdf.formenv.raw
    raw = pypdfium2.raw
    for number in range(len(pdf)):
        page = pdf[number]
        for each in range(raw.FPDFPage_GetAnnotCount(page)):
            note = raw.FPDFPage_GetAnnot(page, each)
            buffer = (raw.FPDF_WCHAR * 200)()
            raw.FPDFAnnot_GetFormFieldName(forms, note, buffer, 400)
            if "".join(map(chr, buffer)).rstrip("\0") == "interviewer":
                raw.FORM_SetFocusedAnnot(forms, note)
                words = (raw.FPDF_WCHAR * 11)(*map(ord, "Dana Reyes"), 0)
                raw.FORM_ReplaceSelection(forms, page, words)
                raw.FORM_ForceToKillFocus(forms)
                raw.FPDFPage_CloseAnnot(note)
                return _saved(pdf.save)
            raw.FPDFPage_CloseAnnot(note)
    raise AssertionError("no field")


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    made = io.BytesIO()
    save(made)
    return made.getvalue()


@pytest.mark.parametrize("save", [pypdf_saved, pikepdf_parent, pikepdf_kid, pdfium_saved])
def test_a_book_is_read_whoever_saved_it(save: Callable[[bytes], bytes], books: list[Path]) -> None:
    data = save(books[0].read_bytes())
    assert filled.read("book", data, FIELDS) == {"Interviewer": "Dana Reyes"}


def test_from_the_book_to_the_letters(books: list[Path], tmp_path: Path) -> None:
    answers = tmp_path / "answers.yml"
    asked = {label: text for label, text in VALUES.items() if not FIELDS[label].options}
    answers.write_text(yaml.safe_dump(asked, allow_unicode=True), "utf-8")
    book = tmp_path / "my-handbook.pdf"
    words = ["answers", answers, "--to", books[0], "--output", book, "--docs", ROOT / "docs"]
    result = run(*words)
    assert (result.exit_code, result.output) == (0, f"{len(asked)} answers in {book}\n")
    printed = run("answers", book)
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert yaml.load(printed.stdout, yaml.BaseLoader) == asked
    letters = [run("fill", "thank-you-note", "--from", source).stdout for source in (answers, book)]
    assert letters[0] == letters[1] != ""
    result = run("fill", "--all", "--from", book, "--output", tmp_path / "letters")
    assert result.exit_code == 1  # this debrief has no panel
    assert (tmp_path / "letters" / "thank-you-note-warm.txt").is_file()


def test_the_book_itself_is_filled_in_where_no_other_is_named(
    books: list[Path], tmp_path: Path
) -> None:
    book = tmp_path / "fresh.pdf"
    book.write_bytes(books[0].read_bytes())
    answers = tmp_path / "answers.yml"
    answers.write_text("Company: 李 & Co\n", "utf-8")
    result = run("answers", answers, "--to", book)
    assert result.stdout == f"1 answer in {book}\n"
    assert result.stderr == (
        f"{book}: shows ? for 李, which its letters lack; the answers themselves are whole.\n"
    )
    assert run("answers", book).stdout == "Company: 李 & Co\n"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"%PDF-1.7\nnothing", "is no PDF that can be read. Save it again."),
        (b"", "nothing is filled in. Fill it in, save it, and try again."),
    ],
)
def test_what_is_no_book_is_told_in_one_line(data: bytes, line: str, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(data)
    result = run("answers", tmp_path / "x.pdf")
    assert (result.exit_code, result.output) == (2, f"{tmp_path / 'x.pdf'}: {line}\n")


def test_a_book_of_other_people_s_is_told_in_one_line() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    with pytest.raises(ContentError, match=r"^x: holds no field of the guide\. \S+"):
        filled.read("x", _saved(pdf.save), FIELDS)
