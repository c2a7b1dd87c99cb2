"""Two taps on the page of all letters bring up the letters that fit, and no other."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from .conftest import content

LIBRARY = content()


def found(page: Page) -> set[str]:
    """Return the ids of the letters that a reader, or a screen reader, finds on the page."""
    links = page.get_by_role("form", name="Find your letter").get_by_role("link").all()
    return {(link.get_attribute("href") or "").split("/")[0] for link in links}


def test_nothing_is_found_before_a_question_is_answered(page: Page) -> None:
    page.goto("samples/")
    assert found(page) == set()


@pytest.mark.parametrize("group", LIBRARY.vocabulary.groups)
def test_the_first_tap_finds_the_letters_of_its_group(group: str, page: Page) -> None:
    page.goto("samples/")
    page.locator(f"input[value={group}]").check()
    assert found(page) == {s.id for s in LIBRARY.samples.values() if s.group == group}


@pytest.mark.parametrize("group", LIBRARY.vocabulary.groups)
def test_the_second_tap_where_it_makes_a_difference_keeps_those_for_the_way_they_met(
    group: str, page: Page
) -> None:
    page.goto("samples/")
    page.locator(f"input[value={group}]").check()
    asked = page.get_by_role("group", name="How did you meet?")
    differ = any(s.meetings for s in LIBRARY.samples.values() if s.group == group)
    assert asked.is_visible() == differ
    for meeting in LIBRARY.vocabulary.meetings if differ else ():
        page.locator(f"input[value={meeting}]").check()
        assert (meeting, found(page)) == (
            meeting,
            {
                sample.id
                for sample in LIBRARY.samples.values()
                if sample.group == group and (not sample.meetings or meeting in sample.meetings)
            },
        )


def test_the_keyboard_alone_finds_a_letter(page: Page) -> None:
    page.goto("samples/")
    page.locator("input[value=after-the-interview]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.locator(".found a:focus").is_visible()
