"""The start page in a real browser with scripts off: choosing, keeping, hearing, printing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from macros import blanks
from macros.web import desk

from . import markup
from .conftest import content

LIBRARY = content()
SAMPLES = list(LIBRARY.samples.values())
TICKS = "tips => tips.map(tip => getComputedStyle(tip, '::before').content)"
FIRST, OTHER = "thank-you-note", "got-the-job"


def chosen(page: Page) -> str:
    """Return the id of the letter on the sheet."""
    return page.locator("[name=letter]:checked").get_attribute("value") or ""


def pick(page: Page, id: str) -> None:
    """Choose a letter as a person with a mouse does."""
    page.locator(".opener").click()
    page.locator(f"label:has([value={id}])").click(position={"x": 20, "y": 20})


def sentence(page: Page) -> str:
    return page.locator(".opener").inner_text()


@pytest.mark.parametrize("size", [(375, 740), (1280, 800)], ids=["phone", "wide"])
def test_the_first_screen_holds_a_sheet_ready_to_type_into(
    size: tuple[int, int], page: Page
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(".")
    for label in ("Interviewer", "Position", "Company"):
        expect(page.get_by_role("textbox", name=label, exact=True)).to_be_in_viewport()
    expect(page.locator(".postmark").filter(visible=True)).to_be_in_viewport()
    assert str(len(SAMPLES)) in page.locator(".many").inner_text()


def test_the_list_opens_moves_nothing_and_is_put_away_by_a_choice(page: Page) -> None:
    page.goto(".")
    drawer, sheet = page.locator(".drawer"), page.locator(".sheet")
    before = sheet.bounding_box()
    expect(drawer).to_have_css("opacity", "0")
    page.locator(".opener").click()
    expect(drawer).to_have_css("opacity", "1")
    assert sheet.bounding_box() == before
    heights = page.locator(".drawer label").evaluate_all("all => all.map(e => e.offsetHeight)")
    assert min(heights) >= 44
    page.locator(f"label:has([value={OTHER}])").click(position={"x": 20, "y": 20})
    expect(drawer).to_have_css("opacity", "0")
    assert (chosen(page), sentence(page)) == (OTHER, LIBRARY.samples[OTHER].situation)


def test_the_list_is_put_away_by_a_second_press_on_its_line(page: Page) -> None:
    page.goto(".")
    place = page.locator(".opener").bounding_box()
    assert place
    for opacity in ("1", "0"):
        page.mouse.click(place["x"] + 30, place["y"] + 20)
        expect(page.locator(".drawer")).to_have_css("opacity", opacity)


def test_a_letter_is_chosen_with_the_list_closed_by_tools_that_press_its_radio(page: Page) -> None:
    page.goto(".")
    for sample in SAMPLES[::5]:
        page.locator(f"[name=letter][value={sample.id}]").check()
        assert sentence(page) == sample.situation


def test_keys_alone_open_the_list_choose_and_go_on_to_the_letter(page: Page) -> None:
    page.goto(".")
    page.locator("[name=letter]:checked").focus()
    page.keyboard.press("ArrowDown")
    ids = [sample.id for sample in SAMPLES]
    assert chosen(page) == ids[ids.index(FIRST) + 1]
    expect(page.locator(".drawer")).to_have_css("opacity", "1")
    for role in ("tone", "data-subject", "data-letter", "aria-label"):
        page.keyboard.press("Tab")
        assert page.locator(f":focus:is([name={role}], [{role}])").count() == 1
    expect(page.locator(".drawer")).to_have_css("opacity", "0")


def test_the_skip_link_leads_to_the_letter(page: Page) -> None:
    for address in (".", f"samples/{FIRST}/"):
        page.goto(address)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator("[data-letter]:focus").count() == 1


@pytest.mark.parametrize("where", [".", f"samples/{FIRST}/"], ids=["desk", "letter"])
@pytest.mark.parametrize("part", ["[data-letter]", "[data-subject]"])
def test_a_second_click_does_not_let_go(part: str, where: str, page: Page) -> None:
    page.goto(where)
    words = set()
    place = page.locator(part).bounding_box()
    assert place
    for _ in range(3):
        page.mouse.click(place["x"] + 3, place["y"] + 12)
        words.add(page.evaluate("String(getSelection())"))
        page.wait_for_timeout(600)  # longer than a double click
    assert words == {page.evaluate("String(getSelection())")}
    assert len(words.pop()) > 10


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[Page]:
    """A phone, tapped instead of clicked, with scripts off."""
    context: BrowserContext = chromium.new_context(
        java_script_enabled=False,
        base_url=address,
        reduced_motion="reduce",
        has_touch=True,
        is_mobile=True,
        viewport={"width": 375, "height": 740},
    )
    yield context.new_page()
    context.close()


def test_a_finger_chooses_selects_and_is_told_what_to_do(phone: Page) -> None:
    phone.goto(".")
    phone.locator(".opener").tap()
    phone.locator("label:has([value=phone-screen])").tap()
    assert chosen(phone) == "phone-screen"
    expect(phone.locator(".drawer")).to_have_css("opacity", "0")
    phone.locator("[data-letter]").tap(position={"x": 3, "y": 12})
    assert phone.evaluate("String(getSelection())").startswith("Dear")
    bar = phone.locator(".bar")
    assert "Tap the subject" in bar.inner_text()
    assert "Ctrl" not in bar.inner_text()
    for blank in phone.locator("[data-letter] .blank").filter(visible=True).all():
        blank.fill("x")
    phone.evaluate("scrollTo(0, 0)")
    expect(bar).to_be_in_viewport()
    steps = phone.locator(".bar li").evaluate_all("all => all.map(e => e.offsetHeight)")
    assert min(steps) >= 48
    phone.locator(".end").last.scroll_into_view_if_needed()
    phone.evaluate("document.querySelector('.take').scrollIntoView()")
    letter, below = phone.locator("[data-letter]").bounding_box(), bar.bounding_box()
    assert letter
    assert below
    assert letter["y"] + letter["height"] <= below["y"]


def test_a_tip_waits_for_a_blank_on_the_desk_as_on_the_letter_s_page(page: Page) -> None:
    own = {}
    for sample in SAMPLES:
        page.goto(f"samples/{sample.id}/")
        own[sample.id] = page.locator(".tip").evaluate_all(TICKS)
    page.goto(".")
    for sample in SAMPLES:
        page.locator(f"[name=letter][value={sample.id}]").evaluate("e => { e.checked = true }")
        assert (sample.id, page.locator(".tip").evaluate_all(TICKS)) == (sample.id, own[sample.id])
    concrete = page.locator("[data-concrete]")
    concrete.evaluate_all("all => all.forEach(blank => { blank.textContent = 'x' })")
    assert set(page.locator(".tip").evaluate_all(TICKS)) == {'"✓"'}


def heard(page: Page) -> list[tuple[str, str]]:
    """Return role and name of all that assistive technology is given."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"]
    ]


@pytest.mark.parametrize("id", [FIRST, OTHER, "short-message"])
def test_only_the_chosen_letter_is_heard_and_its_change_is_announced(id: str, page: Page) -> None:
    page.goto(".")
    pick(page, id)
    sample = LIBRARY.samples[id]
    tree = heard(page)
    labels = [name for role, name in tree if role == "textbox"]
    assert labels == [blank.field.label for blank in sample.blanks]
    words = " ".join(name for role, name in tree if role == "StaticText")
    for other in SAMPLES:
        assert (other.situation in words) == (other is sample)
    statuses = page.get_by_role("status").all_inner_texts()
    assert statuses == [sample.situation, ""]


def test_typed_text_survives_colours_sections_enter_and_going_away(page: Page) -> None:
    page.goto(".")
    blank = page.get_by_role("textbox", name="Interviewer", exact=True)
    blank.click()
    page.keyboard.type("Dana")
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    for radio in ("letter", "tone"):
        page.locator(f"[name={radio}]:checked").focus()
        page.keyboard.press("Enter")
    page.locator(".by-keys a").last.click()
    assert page.url.endswith("#letter")
    page.go_back()
    assert blank.inner_text() == "Dana"


def test_the_chosen_letter_prints_on_one_sheet_with_what_was_typed_and_nothing_else(
    page: Page,
) -> None:
    page.goto(".")
    said = "It is so." * 3
    labels = page.locator("[data-letter=desk] .blank").evaluate_all(
        "(all, said) => all.map(blank => { blank.textContent = said; return blank.ariaLabel })",
        said,
    )
    values = dict.fromkeys(labels, said)
    for sample in SAMPLES:
        page.locator(f"[name=letter][value={sample.id}]").evaluate("radio => radio.click()")
        tone = desk.tones(LIBRARY)[0]
        letter = desk.text(desk.segments(LIBRARY), sample.id, tone)
        for label, value in values.items():
            letter = letter.replace(f"[{label}]", value)
        sheets = pypdfium2.PdfDocument(page.pdf(**markup.SHEET))
        assert (sample.id, len(sheets)) == (sample.id, 1)
        text = markup.squeezed(sheets[0].get_textpage().get_text_bounded())
        assert markup.squeezed(letter) in text
        subject = f"Subject{blanks.subject(next(blanks.letters(sample)))}" if sample.subject else ""
        assert markup.squeezed(subject) in text
        assert len(text) - len(markup.squeezed(letter + subject)) < 60  # the postmark


def test_no_text_waits_for_the_letters_face_and_nothing_jumps(
    chromium: Browser, address: str
) -> None:
    """However late the face comes, the page has been drawn without it, and stays as it is."""
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    held = []
    page.route("**/*.woff2", lambda route: held.append(route))
    page.add_init_script(
        "window.jumps = 0; new PerformanceObserver(list => { for (const e of list.getEntries())"
        " jumps += e.value }).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(".", wait_until="commit")
    letter = page.locator("[data-letter]")
    letter.wait_for()
    page.wait_for_timeout(300)
    before = letter.bounding_box()
    for route in held:
        route.continue_()
    page.wait_for_timeout(300)
    assert held
    assert letter.bounding_box() == before
    assert page.evaluate("jumps") == 0
    context.close()
