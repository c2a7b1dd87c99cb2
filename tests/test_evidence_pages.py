"""The evidence as readers meet it: built pages, worksheets, links, small screens."""

from __future__ import annotations

import re
from pathlib import Path

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
SMALLEST = 12
"""The least size of text, in CSS pixels, on a screen 320 wide."""
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


def test_every_address_on_a_page_is_a_listed_source() -> None:
    listed = {source.url for source in LIBRARY.evidence.sources.values()}
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


@pytest.mark.parametrize("chart", LIBRARY.evidence.charts)
def test_a_chart_can_be_read_on_a_small_screen(chart: str, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("evidence/")
    svg = page.locator(f"#chart-{chart} svg")
    box = svg.bounding_box()
    width = float((svg.get_attribute("viewBox") or "").split()[2])
    assert box is not None
    assert box["width"] / width * float(svg.get_attribute("font-size") or 0) >= SMALLEST
    right = box["x"] + box["width"]
    for label, value in zip(svg.locator(".label").all(), svg.locator(".value").all(), strict=True):
        left, edge = label.bounding_box(), value.bounding_box()
        assert left
        assert edge
        assert left["x"] + left["width"] < edge["x"]
        assert edge["x"] + edge["width"] <= right + 1
