"""How readers find their way: from the start page, by the rows above, and by the menu below."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from macros.model import Sample

from . import markup
from .conftest import content

SAMPLES = list(content().samples.values())
TARGET = 44
"""The least height of what is touched to go somewhere else, in CSS pixels."""


def links(site: Path, name: str) -> Iterator[str]:
    """Yield the pages that a page of the site leads to."""
    for link in markup.document((site / name / "index.html").read_bytes()).iter("a"):
        address = urlsplit(urljoin(f"/{name}", link.get("href")))
        page = unquote(urldefrag(address.path)[0]).lstrip("/")
        if not address.netloc and not address.scheme and (site / page / "index.html").is_file():
            yield page


def test_every_page_is_at_most_two_steps_from_the_start(site: Path) -> None:
    pages = {path.parent.relative_to(site).as_posix() for path in site.rglob("index.html")}
    reached = {""}
    for _ in range(2):
        reached |= {page for name in reached for page in links(site, name)}
    assert {f"{page}/" for page in pages if page != "."} - reached == set()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_a_letter_says_where_among_the_letters_it_stands(sample: Sample, site: Path) -> None:
    page = markup.document((site / "samples" / sample.id / "index.html").read_bytes())
    (row,) = (part for part in page.iter("nav") if part.get("class") == "row")
    groups = content().vocabulary.groups
    used = {each.group for each in SAMPLES}
    assert [markup.text(link) for link in row.iter("a")] == [
        "Letters",
        *(name for group, name in groups.items() if group in used),
    ]
    (here,) = (link for link in row.iter("a") if link.get("aria-current"))
    assert markup.text(here) == groups[sample.group]
    assert urldefrag(here.get("href") or "")[1] == sample.group
    same = [each for each in SAMPLES if each.group == sample.group]
    (where,) = row.iter("span")
    assert markup.text(where) == f"{same.index(sample) + 1} of {len(same)}"


@pytest.mark.parametrize("name", ["", "tips/", "samples/thank-you-note/", "search/"])
@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_all_sections_are_one_touch_away_at_any_width(name: str, width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.emulate_media(reduced_motion="reduce")
    page.goto(name)
    sections = page.get_by_role("navigation", name="Sections", exact=True)
    assert sections.is_visible() == (width >= 640)
    if width < 640:
        page.get_by_role("banner").get_by_role("link", name="Menu", exact=True).click()
    menu = page.get_by_role("navigation", name="All sections")
    seen = menu if width < 640 else sections
    for title in ("Guide", "Letters", "Worksheets", "Evidence", "Handbook", "Search"):
        box = seen.get_by_role("link", name=title, exact=True).first.bounding_box()
        assert box
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        assert 0 <= box["y"] < 640
        assert box["height"] >= TARGET


@pytest.mark.parametrize("name", ["conclusion/", "proof/", "samples/got-the-job/"])
@pytest.mark.parametrize("width", [320, 375, 768])
def test_the_row_of_a_section_shows_the_page_that_is_open(
    name: str, width: int, page: Page
) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(name)
    box = page.locator(".row [aria-current]").bounding_box()
    assert box
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    assert box["height"] >= TARGET
