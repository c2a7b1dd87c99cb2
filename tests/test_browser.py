"""The main job in a real browser with scripts off: fill in, choose, click, copy, paste."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from macros import blanks
from macros.model import Form, Letter, Sample
from macros.web import desk

from .conftest import content

SAMPLES = content().samples.values()
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
WRITTEN = "article :is(input[type=text], input[type=email], input[type=tel])"
BY_WORDS = {"x": 20, "y": 20}
PICKED = "article :is(input[type=radio], input[type=checkbox], input[type=date])"
ODD = 'Ż <b>"&"</b> {{ 7*7 }} {% x %}  *a  b* '


@pytest.fixture(scope="module")
def pasted(chromium: Browser) -> Iterator[Page]:
    """A window with a text area to paste into, as a mail program's would be."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_content("<textarea></textarea>")
    yield page
    context.close()


def paste(page: Page) -> str:
    page.evaluate("area = document.querySelector('textarea'); area.value = ''; area.focus()")
    page.keyboard.press("Control+V")
    return str(page.evaluate("area.value"))


def show(page: Page, sample: Sample) -> tuple[Locator, Locator]:
    """Open a sample's page, and return its letter and its subject."""
    page.goto(f"samples/{sample.id}/")
    return page.locator(f"[data-letter={sample.id}]"), page.locator(f"[data-subject={sample.id}]")


PLACE = """(css) => {
    const part = document.querySelector(css)
    part.scrollIntoView({block: "nearest", behavior: "instant"})
    const {left, top} = part.getBoundingClientRect()
    return [left, top]
}"""


def press(page: Page, css: str, dx: float = 20, dy: float = 20) -> None:
    """Click where a person would, *dx* and *dy* from a corner; wait for nothing to stand still."""
    left, top = page.evaluate(PLACE, css)
    page.mouse.click(left + dx, top + dy)


def closed(desk: Page) -> None:
    """Wait until the list of letters is put away: a fifth of a second it lies over the sheet."""
    expect(desk.locator(".drawer")).to_have_css("opacity", "0")


def choose(page: Page, letter: Letter) -> None:
    """Make the choices of a letter on its page, by their words."""
    for name, value in letter.picks:
        press(page, f"label:has([name={name}][value={value}])")


def copied(page: Page, css: str, pasted: Page) -> str:
    """Return what comes of a click left of the first words, and a copy."""
    press(page, css, 3, 12)
    page.keyboard.press("Control+C")
    return paste(pasted)


def fill_in(blanks: Locator, values: dict[str, str]) -> None:
    """Put *values* by label into all *blanks* at once; tests of the keyboard type them."""
    blanks.evaluate_all(
        "(blanks, values) => blanks.forEach(b => { b.textContent = values[b.ariaLabel] })", values
    )


@every_sample
def test_what_is_copied_is_what_python_renders(sample: Sample, page: Page, pasted: Page) -> None:
    """Filled in once, each letter of the sample is copied as it should read."""
    values = {
        blank.field.label: DESK.get(
            blank.field.label, f"{number} Łukaś & Co{'.' if blank.field.sentence else ''}"
        )
        for number, blank in enumerate(sample.blanks)
    }
    page.goto(f"samples/{sample.id}/")
    fill_in(page.locator(".sheet .blank"), values)
    for letter in blanks.letters(sample):
        choose(page, letter)
        said = copied(page, f"[data-letter={sample.id}]", pasted)
        assert (letter.name, said) == (letter.name, blanks.body(letter, values))
        if sample.subject:
            said = copied(page, f"[data-subject={sample.id}]", pasted)
            assert said == blanks.subject(letter, values)


@pytest.fixture(scope="module")
def desk_window(quiet: BrowserContext) -> Iterator[Page]:
    """A window of its own on the desk: no other test leads it elsewhere."""
    window = quiet.new_page()
    window.set_viewport_size({"width": 1280, "height": 800})
    window.goto(".")
    yield window
    window.close()


@pytest.fixture
def at_desk(desk_window: Page) -> Page:
    """The desk, in front."""
    desk_window.bring_to_front()
    return desk_window


@pytest.fixture(scope="module")
def filled(desk_window: Page) -> dict[str, str]:
    """What was typed into every blank on the desk that a letter needs."""
    blanks = desk_window.locator("[data-letter=desk] .blank")
    values = {}
    for label in blanks.evaluate_all("blanks => blanks.map(blank => blank.ariaLabel)"):
        optional = content().vocabulary.fields[label].optional
        values[label] = "" if optional else DESK.get(label, f"Łukaś & Co {len(values)}")
    fill_in(blanks, values)
    return {label: value for label, value in values.items() if value}


DESK = {
    "Advice they gave you": "to learn one program well",
    "Your better answer": "I would first ask what the caller needs.",
}
"""Answers that need no mending, where a sentence asks for a shape."""


SPEAK = """tone => {
    const label = document.querySelector(`label:has([name=tone][value=${tone}])`)
    label.scrollIntoView({block: "nearest", behavior: "instant"})
    const {left, top} = label.getBoundingClientRect()
    if (!label.contains(document.elementFromPoint(left + 20, top + 20)))
        throw Error(`${tone} can't be pressed`)
    label.click()
    getSelection().selectAllChildren(document.querySelector("[data-letter]"))
    return String(getSelection())
}"""
"""Presses a tone that a mouse can press, without the browser's work for one; selects the letter."""


@every_sample
def test_the_desk_filled_in_once_gives_every_letter_in_every_tone(
    sample: Sample, at_desk: Page, pasted: Page, filled: dict[str, str]
) -> None:
    """Hidden words and blanks are neither copied nor counted, and what was typed stays."""
    press(at_desk, ".opener")
    press(at_desk, f"label:has([name=letter][value={sample.id}])")
    closed(at_desk)
    for tone, letter in desk.spoken(sample, desk.tones(content())).items():
        said = at_desk.evaluate(SPEAK, tone).strip("\n")
        assert (tone, said) == (tone, blanks.body(letter, filled))
    assert copied(at_desk, "[data-letter=desk]", pasted) == said
    if sample.subject:
        assert copied(at_desk, "[data-subject=desk]", pasted) == blanks.subject(letter, filled)
    left = at_desk.locator(".left").evaluate("part => getComputedStyle(part, '::before').content")
    assert "Every blank is filled" in left


def test_a_letter_chosen_by_its_control_is_selected_by_the_next_click(
    at_desk: Page, pasted: Page, filled: dict[str, str]
) -> None:
    """A press on a control lets go of nothing, so what is clicked next is selected already."""
    for sample in list(SAMPLES)[::9]:
        at_desk.locator(f"[name=letter][value={sample.id}]").check()
        closed(at_desk)
        for tone, letter in desk.spoken(sample, desk.tones(content())).items():
            at_desk.locator(f"[name=tone][value={tone}]").check()
            assert copied(at_desk, "[data-letter=desk]", pasted) == blanks.body(letter, filled)


TYPED = ODD.strip()
"""As Python fills it in: without the spaces that surround an answer."""


@every_sample
def test_the_keyboard_alone_fills_and_copies(sample: Sample, page: Page, pasted: Page) -> None:
    letter = next(blanks.letters(sample))
    values = {
        blank.field.label: f"It is {TYPED}." if blank.field.sentence else TYPED
        for blank in sample.blanks
    }
    text, subject = show(page, sample)
    text.focus()
    for number, value in enumerate(values.values()):
        page.keyboard.press("Tab")
        # A few key by key; the rest as an input method gives it, which is faster.
        keys = 0 if number else 4
        page.keyboard.type(value[:keys])
        page.keyboard.insert_text(value[keys:])
    text.focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    assert paste(pasted) == blanks.body(letter, values)
    if sample.subject:
        subject.focus()
        subject.focus()
        page.keyboard.press("Control+A")
        page.keyboard.press("Control+C")
        assert " ".join(paste(pasted).split()) == blanks.subject(letter, values)


@every_sample
def test_blanks_left_counts_down_and_up_again(sample: Sample, page: Page) -> None:
    page.goto(f"samples/{sample.id}/")
    blank = page.locator(".letter .blank:not([data-optional])").first
    empty = page.locator(".blank:empty")
    before = empty.count()
    blank.click()
    page.keyboard.type("x")
    assert empty.count() == before - 1
    page.keyboard.press("Backspace")
    assert empty.count() == before


@every_sample
def test_switching_the_choice_loses_nothing_typed(sample: Sample, page: Page) -> None:
    page.goto(f"samples/{sample.id}/")
    typed = page.locator(".sheet .blank")
    typed.evaluate_all("blanks => blanks.forEach(blank => { blank.textContent = 'kept' })")
    for letter in blanks.letters(sample):
        choose(page, letter)
        seen = typed.evaluate_all(
            "all => all.map(b => b.checkVisibility({visibilityProperty: true}) && b.innerText)"
        )
        assert set(seen) == {"kept"}


def test_enter_never_reloads_or_loses_text(page: Page) -> None:
    sample = next(iter(SAMPLES))
    page.goto(f"samples/{sample.id}/")
    blank = page.locator(".letter .blank").first
    blank.click()
    page.keyboard.type("kept")
    address = page.url
    for radio in page.locator("input[type=radio]").all():
        radio.focus()
        page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert (page.url, blank.inner_text()) == (address, "kept")


@pytest.mark.parametrize("form", content().forms.values(), ids=lambda form: form.id)
def test_enter_in_a_form_never_reloads_or_loses_text(form: Form, page: Page) -> None:
    page.goto(f"worksheets/{form.id}/")
    address = page.url
    for entry in page.locator(WRITTEN).all():
        entry.fill("kept@example.org")
        entry.press("Enter")
    for box in page.locator(PICKED).all():
        box.focus()
        page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.url == address
    for entry in page.locator(WRITTEN).all():
        assert entry.input_value() == "kept@example.org"
