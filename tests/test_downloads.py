"""Downloads hold the letter that Python renders, whatever is typed, and are the same each time."""

from __future__ import annotations

import email
import io
import os
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from macros import blanks
from macros.model import Letter, Library, Sample
from macros.web import downloads
from macros.web.take import word

from . import markup
from .conftest import ROOT, content

SAMPLES = list(content().samples.values())
LETTERS = [letter for sample in SAMPLES for letter in blanks.letters(sample)]
EPOCH = "1767225600"

HOSTILE = (
    "Dana\r\nBcc: everyone@example.org",
    "Dana\r\n\r\n<script>alert(1)</script>",
    "Dana\x0bBcc: a@example.org\x0c\x1c\x85\u2028X-Unsent: 0",
    "a@example.org, b@example.org",
    "=?utf-8?q?Bcc=3A_a=40example=2Eorg?= =?utf-8?b?SGk=?=",
    "\x00NUL \ud800 lone \udfff, \ufffe\uffff no characters",
    "<w:t>&amp;</w:t>]]><!-- & \" ' -->",
    "{{ 7*7 }} {% raw %} {# #} ${x} %s",
    "\u202eevil\u2066 \u200ffine",
    "Renée Łukaś Żółć İbrahim Nguyễn 李 👩🏽‍🔧 e\u0301",
    "  two  spaces,\ttab\tand\n\nempty line  ",
    "[Company] [Interviewer]",
    "_x000D_ &#13; =20 =\n.\n.. From me\nFrom: me",
    "é" * 300,
    "x" * 2000,
    "\u00a0\u2003 ",
)
"""What a header, a zip part or a template might take for more than text."""

text = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=200))
answers = st.fixed_dictionaries({}, optional=dict.fromkeys(content().vocabulary.fields, text))


def plain(letter: Letter, values: dict[str, str]) -> str:
    """Return what every format says, in its own way."""
    subject = blanks.subject(letter, values)
    body = blanks.body(letter, values)
    return f"Subject: {subject}\n\n{body}" if subject else body


def message(data: bytes) -> EmailMessage:
    found = email.message_from_bytes(data, policy=SMTP)
    assert isinstance(found, EmailMessage)
    return found


def document(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def read_txt(data: bytes) -> str:
    return data.decode().removesuffix("\n")


def read_eml(data: bytes) -> str:
    found = message(data)
    body = found.get_content().replace("\r\n", "\n").removesuffix("\n")
    return f"Subject: {found['Subject']}\n\n{body}" if "Subject" in found else body


def read_docx(data: bytes) -> str:
    return "\n\n".join(said(paragraph) for paragraph in document(data).paragraphs)


def said(paragraph: Paragraph) -> str:
    """Return a paragraph's text, the title of each empty control in its place.

    The library reads text and leaves controls out; what holds them is its own tree.
    """
    text = ""
    for part in paragraph._p:
        if part.tag == qn("w:r"):
            text += Run(part, paragraph).text
        elif part.tag == qn("w:sdt"):
            text += f"[{part.find('.//' + qn('w:alias')).get(qn('w:val'))}]"
    return text


READERS: dict[str, Callable[[bytes], str]] = {
    "docx": read_docx,
    "eml": read_eml,
    "txt": read_txt,
}


def test_every_format_has_a_reader_here() -> None:
    assert set(READERS) == set(downloads.formats())


@pytest.mark.parametrize("extension", downloads.formats())
@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_a_download_says_what_python_renders(letter: Letter, extension: str) -> None:
    data = downloads.formats()[extension].make(letter, {})
    assert READERS[extension](data) == plain(letter, {})


@pytest.mark.parametrize("extension", downloads.formats())
@given(letter=st.sampled_from(LETTERS), values=answers)
def test_whatever_is_typed_comes_back_as_text(
    extension: str, letter: Letter, values: dict[str, str]
) -> None:
    data = downloads.formats()[extension].make(letter, values)
    assert READERS[extension](data) == plain(letter, values)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("extension", downloads.formats())
def test_every_known_trick_in_every_blank_comes_back_as_text(extension: str, value: str) -> None:
    for letter in LETTERS:
        values = {blank.field.label: value for blank in letter.sample.blanks}
        data = downloads.formats()[extension].make(letter, values)
        assert READERS[extension](data) == plain(letter, values)


@given(letter=st.sampled_from(LETTERS), values=answers)
def test_nothing_typed_adds_a_header_or_an_addressee(
    letter: Letter, values: dict[str, str]
) -> None:
    found = message(downloads.eml(letter, values))
    expected = ["X-Unsent", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    assert found.keys() == ([*(["Subject"] if letter.sample.subject else []), *expected])
    assert found["X-Unsent"] == "1"
    assert not found.defects
    assert found.get_content_type() == "text/plain"


@given(letter=st.sampled_from(LETTERS), values=answers)
def test_no_line_of_an_email_is_longer_than_mail_allows(
    letter: Letter, values: dict[str, str]
) -> None:
    lines = downloads.eml(letter, values).split(b"\r\n")
    assert all(len(line) <= 78 and b"\n" not in line for line in lines)
    assert all(byte < 128 for line in lines for byte in line)


def test_dates_before_zip_files_are_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert read_docx(word.docx(LETTERS[0])) == plain(LETTERS[0], {})


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_letters_give_the_same_bytes_anywhere(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    downloads.write(downloads.made(library), tmp_path / "here")
    code = (
        "import sys; from pathlib import Path; "
        "from macros.content.library import library; from macros.web import downloads; "
        "downloads.write(downloads.made(library(Path(sys.argv[1]))), Path(sys.argv[2]))"
    )
    # Another process, so that time has passed and hashes, time zone and locale differ.
    elsewhere = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "docs"), str(tmp_path / "there")],
        env={**os.environ, **elsewhere, "SOURCE_DATE_EPOCH": EPOCH},
        cwd=tmp_path,
        check=True,
    )
    here = files(tmp_path / "here")
    assert here == files(tmp_path / "there")
    assert set(here) == {
        f"samples/{letter.sample.id}/{letter.name}.{extension}"
        for letter in LETTERS
        for extension in downloads.formats()
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_every_download_lies_beside_its_page_and_is_linked(sample: Sample, site: Path) -> None:
    folder = site / "samples" / sample.id
    tree = markup.built(folder / "index.html")
    links = [
        link for link in tree.iterfind(".//div[@class='take']//a") if "download" in link.attrib
    ]
    offered = [
        (f"{letter.name}.{extension}", label)
        for letter in blanks.letters(sample)
        for extension, label in downloads.labels(sample).items()
    ]
    assert [(link.get("href"), link.text) for link in links] == offered
    for letter in blanks.letters(sample):
        for extension, read in READERS.items():
            data = (folder / f"{letter.name}.{extension}").read_bytes()
            assert read(data) == plain(letter, {})


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_a_reader_sees_the_downloads_of_the_letter_chosen(sample: Sample, page: Page) -> None:
    page.goto(f"samples/{sample.id}/")
    links = page.locator(".take a[download]")
    for letter in blanks.letters(sample):
        for name, value in letter.picks:
            page.locator(f"input[name={name}][value={value}]").evaluate("input => input.click()")
        shown = links.evaluate_all(
            "all => all.filter(link => link.checkVisibility({visibilityProperty: true}))"
            ".map(link => link.pathname)"
        )
        names = [f"{letter.name}.{extension}" for extension in downloads.labels(sample)]
        assert [path.split("/")[-1] for path in shown] == names
        with page.expect_download() as download:
            page.locator(f".take a[href='{names[-1]}']").click()
        assert download.value.suggested_filename == names[-1]
