"""Word files: read by python-docx, by LibreOffice, and by a checker of the file format."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx.oxml.ns import qn
from lxml import etree
from openxml_audit import OpenXmlValidator

from macros.model import Blank, Field, Letter, Widget
from macros.web.take import word

from .conftest import content
from .test_downloads import EPOCH, LETTERS, document, plain, read_docx

FIELDS = content().vocabulary.fields
ORDER = ["alias", "tag", "id", "placeholder", "showingPlcHdr", "dataBinding", "text"]
"""The properties of a control, as ISO/IEC 29500-1 orders them (CT_SdtPr)."""

NOTE = next(letter for letter in LETTERS if letter.name == "thank-you-note")
TWICE = Letter(replace(NOTE.sample, subject=("About ", Blank(FIELDS["Position"]))), NOTE.picks)
"""A letter that needs one answer twice, in its subject too."""


def controls(data: bytes) -> list[Any]:
    return list(document(data).element.body.iter(qn("w:sdt")))


def property(control: Any, name: str, key: str = "val") -> str:
    found = control.find("/".join(qn(f"w:{each}") for each in ("sdtPr", *name.split("/"))))
    return str(found.get(qn(f"w:{key}")))


def words(control: Any) -> str:
    """Return what a control, or a hint, shows."""
    return "".join(part.text for part in control.iter(qn("w:t")))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def typed(data: bytes, values: Mapping[str, str]) -> bytes:
    """Return a Word file as Word keeps it when *values* are typed into its controls."""
    whole = parts(data)
    store = etree.fromstring(whole[word.STORE])
    for name, text in values.items():
        store.find(f"{{{word.ANSWERS}}}{name}").text = text
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, part in {**whole, word.STORE: etree.tostring(store)}.items():
            package.writestr(name, part)
    return made.getvalue()


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_a_word_file_asks_for_each_blank_and_for_nothing_else(letter: Letter) -> None:
    data = word.docx(letter)
    asked = [
        part
        for text in (letter.sample.subject, *letter.paragraphs)
        for part in text
        if isinstance(part, Blank)
    ]
    found = controls(data)
    assert [property(each, "alias") for each in found] == [each.field.label for each in asked]
    assert [property(each, "tag") for each in found] == [each.field.name for each in asked]
    hints = [words(each)[1:-1].removeprefix(word.OPTIONAL) for each in found]
    assert hints == [each.field.hint for each in asked]
    values = {blank.field.label: "told" for blank in letter.sample.blanks}
    assert controls(word.docx(letter, values)) == []


@pytest.mark.parametrize("letter", [NOTE, TWICE], ids=["once", "twice"])
def test_a_control_leads_to_the_place_of_its_answer_and_to_its_hint(letter: Letter) -> None:
    data = word.docx(letter)
    whole = parts(data)
    store = etree.fromstring(whole[word.STORE])
    about = etree.fromstring(whole["customXml/itemProps1.xml"])
    hints = {
        each.find(f".//{qn('w:name')}").get(qn("w:val")): words(each)
        for each in etree.fromstring(whole[word.HINTS]).iter(qn("w:docPart"))
    }
    places = defaultdict(set)
    for control in controls(data):
        assert property(control, "dataBinding", "prefixMappings") == f"xmlns:a='{word.ANSWERS}'"
        assert property(control, "dataBinding", "storeItemID") == about.get(
            "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}itemID"
        )
        path = property(control, "dataBinding", "xpath")
        [place] = store.xpath(path, namespaces={"a": word.ANSWERS})
        places[property(control, "alias")].add(place)
        assert hints[property(control, "placeholder/docPart")] == words(control)
    assert all(len(found) == 1 for found in places.values())
    assert len({place for found in places.values() for place in found}) == len(places) == len(store)


def test_an_answer_that_is_given_is_text_and_the_others_are_still_asked_for() -> None:
    data = word.docx(NOTE, {"Company": "[Interviewer] & Co"})
    assert "Company" not in [property(each, "alias") for each in controls(data)]
    assert read_docx(data) == plain(NOTE, {"Company": "[Interviewer] & Co"})


def test_a_field_whose_name_begins_with_a_digit_has_a_place_too() -> None:
    field = Field("24 hours", "A hint", "24-hours", Widget.TEXT)
    sample = replace(NOTE.sample, paragraphs=(), subject=(Blank(field),))
    [control] = controls(word.docx(Letter(sample, NOTE.picks)))
    assert property(control, "dataBinding", "xpath") == "/a:answers[1]/a:_24-hours[1]"


@pytest.mark.parametrize("values", [{}, {"Company": "No"}], ids=["open", "answered"])
def test_a_checker_of_the_format_finds_nothing(values: dict[str, str], tmp_path: Path) -> None:
    """The parts are as the standard has them; the order in a control it leaves to us."""
    file = tmp_path / "letter.docx"
    for letter in (NOTE, TWICE, LETTERS[-1]):
        file.write_bytes(word.docx(letter, values))
        faults = [
            error.description
            for error in OpenXmlValidator().validate(file).errors
            # It takes a hint's kind for a section's, and wants parts that no file must have.
            if "'bbPlcHdr'" not in error.description
            and not re.search(r"relationships/(?:fontTable|theme)' is missing", error.description)
        ]
        assert faults == []
        for control in controls(file.read_bytes()):
            names = [etree.QName(each).localname for each in control.find(qn("w:sdtPr"))]
            assert names == ORDER
        numbers = [property(each, "id") for each in controls(file.read_bytes())]
        assert len(set(numbers)) == len(numbers)


def test_libreoffice_reads_the_letter_and_shows_an_answer_wherever_its_blank_stands(
    tmp_path: Path,
) -> None:
    if not shutil.which("soffice"):
        pytest.skip("NOT CHECKED: LibreOffice is missing. Install libreoffice-writer-nogui.")
    answers = {"position": "Tram Driver <R&D>", "interviewer": "Renée Łukaś 李"}
    values = {blank.field.label: f"{blank.field.name} & told." for blank in NOTE.sample.blanks}
    (tmp_path / "typed.docx").write_bytes(typed(word.docx(TWICE), answers))
    (tmp_path / "whole.docx").write_bytes(word.docx(NOTE, values))
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"),
            *("--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path)),
            *map(str, sorted(tmp_path.glob("*.docx"))),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    read = {path.stem: path.read_text("utf-8-sig").rstrip("\n") for path in tmp_path.glob("*.txt")}
    assert read["whole"] == re.sub(r"\n\n", "\n", plain(NOTE, values))
    # A control's answer is plain text, so it is not bent to its sentence.
    shown = re.sub(r"\n\n", "\n", plain(TWICE, {}))
    for blank in TWICE.sample.blanks:
        said = answers.get(blank.field.name, word._prompt(blank.field))
        shown = shown.replace(str(blank), said)
    assert read["typed"] == shown
    assert shown.count(answers["position"]) == 2


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_a_word_file_names_its_letter_and_nobody(
    letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    about = document(word.docx(letter)).core_properties
    assert about.title.startswith(letter.sample.title)
    assert about.language == "en-GB"
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created == about.modified
    assert about.created is not None
    assert about.created.timestamp() == int(EPOCH)


def test_the_letters_of_a_sample_have_titles_of_their_own() -> None:
    titles = [document(word.docx(letter)).core_properties.title for letter in LETTERS]
    assert len(set(titles)) == len(titles)
