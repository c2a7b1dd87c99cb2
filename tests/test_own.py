"""A site of one's own: every blank holds its answer, is still a blank, and says whose it is."""

from __future__ import annotations

import io
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pikepdf
import pypdf
import pypdfium2
import pytest
import yaml
from playwright.sync_api import BrowserContext

from macros import blanks
from macros.book import chapters, colours, editions
from macros.book.pdf import booklet, document
from macros.errors import ContentError
from macros.model import Widget
from macros.web import render

from . import markup
from .conftest import build, content, serve
from .test_downloads import LETTERS, READERS, plain

LIBRARY = content()
FIELDS = LIBRARY.vocabulary.fields
ODD = "<b>&amp;\"' {{ 7*7 }} {% x %} *a* [b](c) \\ Żółć 李"
ANSWERS = {
    label: blanks.BETWEEN.join(
        field.options[:2] if field.widget is Widget.SEVERAL else field.options[:1]
    )
    if field.options
    else "2026-03-12"
    if field.widget is Widget.DATE
    else "dana@example.org"
    if field.widget is Widget.EMAIL
    else f"the {field.name}\nof {ODD}"
    if field.lines > 1
    else f"the {field.name} {ODD}"
    for label, field in FIELDS.items()
}
WHOSE = f"Filled in for {ANSWERS['Your Name']} alone. Not for publishing."


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site that was built with answers, without the PDFs."""
    folder = tmp_path_factory.mktemp("own")
    answers = folder / "mine.yml"
    answers.write_text(yaml.safe_dump(ANSWERS, allow_unicode=True), "utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ANSWERS", str(answers))
        environment.setenv("HANDBOOK", "no")
        build(folder / "site")
    return folder / "site"


def page(own: Path, name: str) -> Element:
    return markup.document((own / name / "index.html").read_bytes())


def test_every_page_says_whose_it_is_and_keeps_out_of_searches(own: Path) -> None:
    pages = list(own.rglob("*.html"))
    assert len(pages) > len(LIBRARY.samples)
    for path in pages:
        tree = markup.document(path.read_bytes())
        said = [markup.text(part) for part in tree.iter("p") if part.get("class") == "whose"]
        assert said == [WHOSE], path
        robots = [part.get("content") for part in tree.iter("meta") if part.get("name") == "robots"]
        assert robots == ["noindex"] * (path.parent.name != "search"), path


@pytest.mark.parametrize("name", ["", *(f"samples/{id}" for id in LIBRARY.samples)])
def test_every_blank_holds_its_answer_and_is_still_one(name: str, own: Path) -> None:
    boxes = [part for part in page(own, name).iter() if part.get("role") == "textbox"]
    assert boxes
    for box in boxes:
        assert box.get("contenteditable") == "plaintext-only"
        assert ("".join(box.itertext()), len(box)) == (ANSWERS[box.get("aria-label") or ""], 0)


def test_every_worksheet_holds_the_answers_it_asks_for(own: Path) -> None:
    for form in LIBRARY.forms.values():
        sheet = page(own, f"worksheets/{form.id}")
        inputs = [part for part in sheet.iter() if part.tag in ("input", "textarea")]
        for field in (field for section in form.sections for field in section.fields):
            mine = [part for part in inputs if part.get("name") == field.name]
            if field.options:
                ticked = [part.get("value") for part in mine if "checked" in part.attrib]
                assert blanks.BETWEEN.join(map(str, ticked)) == ANSWERS[field.label]
            else:
                [box] = mine
                value = box.get("value") if box.tag == "input" else box.text
                assert value == ANSWERS[field.label]


def test_every_download_and_mail_link_is_filled_in(own: Path) -> None:
    for letter in LETTERS:
        folder = own / "samples" / letter.sample.id
        for extension, read in READERS.items():
            data = (folder / f"{letter.name}.{extension}").read_bytes()
            assert read(data) == plain(letter, ANSWERS)
    for sample in LIBRARY.samples.values():
        links = [
            link.get("href") or ""
            for link in page(own, f"samples/{sample.id}").iter("a")
            if (link.get("href") or "").startswith("mailto:")
        ]
        bodies = [parse_qs(urlsplit(link).query)["body"][0] for link in links]
        assert bodies == [
            blanks.body(letter, ANSWERS).replace("\n", "\r\n")
            for letter in blanks.letters(sample)
            if sample.channel == "email"
        ]
    made = json.loads((own / "take" / "letters.json").read_bytes())
    assert made["answers"] == ANSWERS


def test_the_book_on_the_web_has_the_answers_in_its_letters(own: Path) -> None:
    text = markup.text(page(own, "handbook"))
    for letter in LETTERS:
        for line in blanks.body(letter, ANSWERS).split("\n"):
            assert " ".join(line.split()) in text


def test_a_reader_changes_an_answer_with_scripts_off(own: Path, quiet: BrowserContext) -> None:
    with serve(own) as address:
        page = quiet.new_page()
        page.goto(address)
        left = page.locator(".left").evaluate("p => getComputedStyle(p, '::before').content")
        assert "Every blank is filled" in left
        box = page.get_by_role("textbox", name="Interviewer", exact=True)
        box.fill("Somebody else")
        assert "Dear Somebody else," in page.locator("[data-letter=desk]").inner_text()
        page.close()


# The book.


def test_the_book_holds_the_answers_on_screen_and_on_paper(site: Path) -> None:
    answers = {"Interviewer": "Renée Łukaś", "Company": "A & <B>", "How you met": "By video"}
    data = (site / "handbook" / "handbook-a5.pdf").read_bytes()
    made, shown = editions._with(answers, data, LIBRARY)
    with pikepdf.open(io.BytesIO(made)) as opened:
        fields = {str(field.T): str(field.get("/V", "")) for field in opened.Root.AcroForm.Fields}
    assert (fields["interviewer"], fields["company"]) == ("Renée Łukaś", "A & <B>")
    folded, _ = booklet.impose(shown, "x", 841.89, 595.276)
    before, _ = booklet.impose(data, "x", 841.89, 595.276)

    def words(pdf: bytes) -> str:
        return "".join(
            sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(pdf)
        )

    assert words(before).count("Renée Łukaś") == 0
    asked = sum(
        "Interviewer" in [blank.field.label for blank in entry.blanks]
        for entry in LIBRARY.samples.values()
    )
    assert words(folded).count("Renée Łukaś") >= asked
    assert editions._with({}, data, LIBRARY) == (data, data)
    assert editions._with({"Your news": "x"}, pdf_without_fields(), LIBRARY)[0]


def test_an_answer_may_have_letters_that_the_book_lacks() -> None:
    answers = {"Company": "李 & <Köln> 👩\u200d🔧"}
    said = render.Renderer(LIBRARY, answers=answers).letter(LIBRARY.samples["thank-you-note"])
    pages = [chapters.Page("Note", "n/", "n.md", f"<h1>Note</h1>{said}")]
    with pytest.raises(ContentError, match="missing from the handbook's typefaces"):
        chapters.bind(LIBRARY, pages)
    chapters.bind(LIBRARY, editions.printable(pages, answers))
    assert "? &amp; &lt;Köln&gt; ???" in editions.printable(pages, answers)[0].html
    assert editions.printable(pages, {"Company": "Köln"}) == pages


def pdf_without_fields() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_every_page_of_the_pack_says_whose_it_is() -> None:
    made = chapters.bind(LIBRARY, [])
    answers = {"Your Name": 'Dana "<Reyes>" \\ } 李'}
    sheets = [
        editions.A4.sheet,
        *(colours.style(f"{name}.css") for name in ("book", "class")),
        editions.whose_rules("top-center"),
    ]
    html = editions.html(LIBRARY, made, "handbook/class", answers)
    titles = {**made.titles, **editions.OWN_TITLES}
    pdf = pypdfium2.PdfDocument(document.write(html, sheets, {}, titles)[0])
    for sheet in pdf:
        text = sheet.get_textpage().get_text_bounded()
        line = blanks.curl(render.whose(LIBRARY, answers)).replace("李", "?")
        assert line in " ".join(text.split())


def test_a_guide_with_nobody_s_name_says_that_it_is_somebody_s() -> None:
    assert render.whose(LIBRARY, {"Company": "x"}) == (
        "Filled in for one reader alone. Not for publishing."
    )
