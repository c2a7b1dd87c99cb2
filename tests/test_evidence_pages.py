"""The evidence as readers meet it: built pages, worksheets, links, small screens."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page

from macros.model import Form, Widget

from . import markup
from .conftest import ROOT, content

LIBRARY = content()
PAGES = [
    "why-follow-up",
    "evidence",
    "where-sources-differ",
    "when-not-to-write",
    "conclusion",
    "special-cases",
    "subject-lines",
    "when-to-send",
    "worksheets/before-you-send",
    "worksheets/debrief",
]
ADDRESS = re.compile(r"https?://[^\s)\"'>]+")


def article(site: Path, page: str) -> str:
    text = (site / page / "index.html").read_text("utf-8")
    start = text.index("<article")
    return text[start : text.index("</article>") + len("</article>")]


@pytest.mark.parametrize("name", PAGES)
def test_every_quoted_figure_leads_to_a_survey(name: str, site: Path) -> None:
    survey = re.compile(r'href="[^"]*evidence/?#([^"]+)"')
    linked = set(survey.findall(article(site, name)))
    assert linked <= set(LIBRARY.evidence.surveys)


def test_the_evidence_page_has_a_place_for_every_survey(site: Path) -> None:
    ids = markup.ids(markup.built(site / "evidence" / "index.html"))
    assert len(ids) == len(set(ids))
    assert set(LIBRARY.evidence.surveys) <= set(ids)


@pytest.mark.parametrize(
    ("page", "macro", "known"),
    [
        ("evidence.md", "survey_chart", LIBRARY.evidence.charts),
        ("where-sources-differ.md", "disagreement", LIBRARY.evidence.disagreements),
    ],
)
def test_everything_in_the_file_is_shown(page: str, macro: str, known: dict[str, object]) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    assert re.findall(rf'^{{{{ {macro}\("(.*)"\) }}}}$', text, re.M) == list(known)


PROGRAMS = {"https://espanso.org/"}
"""Where a page sends readers for a program."""


def test_every_address_on_a_page_is_a_listed_source() -> None:
    listed = PROGRAMS | {source.url for source in LIBRARY.evidence.sources.values()}
    for page in (ROOT / "docs").rglob("*.md"):
        assert set(ADDRESS.findall(page.read_text("utf-8"))) <= listed, page.name


@pytest.mark.parametrize("form", LIBRARY.forms.values(), ids=lambda form: form.id)
def test_what_is_chosen_from_has_something_to_choose(form: Form) -> None:
    for section in form.sections:
        for field in section.fields:
            chosen = field.widget in (Widget.CHOICE, Widget.SEVERAL)
            assert (len(set(field.options)) >= 2) == chosen, field.label


def test_the_debrief_uses_every_kind_of_widget() -> None:
    form = LIBRARY.forms["debrief"]
    assert {field.widget for section in form.sections for field in section.fields} == set(Widget)


def test_the_debrief_asks_what_most_letters_about_an_interview_need() -> None:
    asked = {
        field.label for section in LIBRARY.forms["debrief"].sections for field in section.fields
    }
    samples = [
        sample for sample in LIBRARY.samples.values() if sample.group == "after-the-interview"
    ]
    common = {
        blank.field.label
        for sample in samples
        for blank in sample.blanks
        if sum(blank in other.blanks for other in samples) > 1
    }
    assert common <= asked


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_small_screen(name: str, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{name}/")
    wide = page.locator("article :is(p, li, dl, figure, svg, form, .scroll)").evaluate_all(
        "parts => parts.filter(part => part.getBoundingClientRect().right > 320)"
        ".map(part => part.outerHTML.slice(0, 200))"
    )
    assert wide == []


CLASHES = """rows => rows.flatMap(row => {
    const boxes = [...row.querySelectorAll("a, circle, b")].map(p => p.getBoundingClientRect())
    return boxes.some((one, at) => boxes.slice(at + 1).some(other =>
        one.left < other.right && other.left < one.right &&
        one.top < other.bottom && other.top < one.bottom)) ? [row.innerText] : []
})"""


@pytest.mark.parametrize("width", [320, 1280])
def test_no_word_of_a_chart_lies_on_another_or_on_a_dot(width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto("evidence/")
    rows = page.locator(".chart tbody tr")
    assert rows.count() == sum(len(chart.bars) for chart in LIBRARY.evidence.charts.values())
    assert rows.evaluate_all(CLASHES) == []


FOLDED = [
    *(("evidence/", f"{survey}") for survey in LIBRARY.evidence.surveys),
    *(("evidence/", f"source-{source}") for source in list(LIBRARY.evidence.sources)[:1]),
    *(("proof/", sample) for sample in list(LIBRARY.samples)[:1]),
]


@pytest.mark.parametrize(("name", "id"), FOLDED)
def test_a_link_to_what_is_folded_away_opens_it(name: str, id: str, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    page.goto(name)
    place = page.locator(f"[id='{id}']")
    assert not place.is_visible()
    page.goto(f"{name}#{id}")
    assert place.is_visible()
    box = place.bounding_box()
    assert box
    assert 0 <= box["y"] < 640


@pytest.mark.parametrize(
    ("name", "tall"),
    [("evidence/", (5000, 8000)), ("proof/", (6000, 9500)), ("when-to-send/", (3500, 6000))],
)
def test_a_long_page_is_short_while_it_is_folded(
    name: str, tall: tuple[int, int], page: Page
) -> None:
    for width, most in zip((1280, 375), tall, strict=True):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(name)
        assert page.evaluate("document.documentElement.scrollHeight") <= most


def test_the_matrix_has_every_letter_against_every_tip(page: Page) -> None:
    page.goto("proof/")
    rows = page.locator(".proved summary").all_inner_texts()
    assert len(rows) == len(LIBRARY.samples)
    for row, sample in zip(rows, LIBRARY.samples.values(), strict=True):
        assert sample.title in row
        assert row.count("adapted") == sum(bool(stance.adapted) for stance in sample.stances)
    for cell in page.locator(".proved summary > span").all_inner_texts():
        tip, _, words = cell.partition(":")
        assert tip in {each.title for each in LIBRARY.tips.values()}
        assert 2 <= len(words.split()) <= 22


def test_the_timeline_begins_anew_for_each_event_and_names_the_wait(page: Page) -> None:
    page.goto("when-to-send/")
    for event in {window.of for sample in LIBRARY.samples.values() for window in sample.send}:
        windows = {
            window
            for sample in LIBRARY.samples.values()
            for window in sample.send
            if window.of == event
        }
        group = page.locator(".timeline tbody").filter(
            has=page.get_by_role("rowheader", name=re.compile(f"^{event} ", re.I))
        )
        strips = group.locator(".strip")
        assert strips.count() == len(windows)
        assert group.locator(".strip circle[cx='0']").count() == len(windows)
        waits = sum(bool(window.after) for window in windows)
        assert group.get_by_text("wait", exact=True).count() == waits
        for window in windows:
            said = f"{window.length[0].upper()}{window.length[1:]} {window.of}"
            assert group.get_by_text(said, exact=True).count() == 1


CROSSED = """strips => strips.flatMap(strip => {
    const boxes = kind => [...strip.querySelectorAll(kind)].map(p => p.getBoundingClientRect())
    const words = boxes("text").sort((one, other) => one.x - other.x)
    const struck = boxes("line").some(line => words.some(word =>
        line.top + 2 < word.bottom && word.top + 2 < line.bottom &&
        line.left <= word.right && word.left <= line.right))
    const touching = words.slice(1).some((word, at) =>
        words[at].right > word.left && Math.abs(words[at].y - word.y) < 5)
    return struck || touching ? [strip.outerHTML] : []
})"""


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_no_line_crosses_a_word_of_the_timeline(width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto("when-to-send/")
    strips = page.locator(".strip")
    windows = {window for sample in LIBRARY.samples.values() for window in sample.send}
    assert strips.count() == len(windows)
    assert strips.evaluate_all(CROSSED) == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("form", LIBRARY.forms)
def test_a_worksheet_is_one_sheet_of_paper_and_the_debrief_two(
    form: str, paper: str, page: Page
) -> None:
    page.goto(f"worksheets/{form}/")
    sheets = pypdfium2.PdfDocument(page.pdf(format=paper))
    assert len(sheets) == (2 if form == "debrief" else 1)
