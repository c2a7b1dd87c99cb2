"""The main job in a real browser with scripts off: fill in, choose, click, copy, paste."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page

from macros import blanks
from macros.model import Form, Letter, Sample
from macros.web import desk

from .conftest import content

SAMPLES = content().samples.values()
LETTERS = [letter for sample in SAMPLES for letter in blanks.letters(sample)]
WRITTEN = "article :is(input[type=text], input[type=email], input[type=tel])"
PICKED = "article :is(input[type=radio], input[type=checkbox], input[type=date])"
ODD = 'Ż <b>"&"</b> {{ 7*7 }} {% x %}  *a  b* '


@pytest.fixture(scope="module")
def pasted(quiet: BrowserContext) -> Page:
    """A page with a text area to paste into, as a mail program's window would be."""
    page = quiet.new_page()
    page.set_content("<textarea></textarea>")
    return page


def paste(page: Page) -> str:
    page.bring_to_front()
    page.locator("textarea").focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+V")
    return page.locator("textarea").input_value()


def show(page: Page, letter: Letter) -> tuple[Locator, Locator]:
    """Open a letter's page, make its choices, and return its letter and subject."""
    page.goto(f"samples/{letter.sample.id}/")
    page.bring_to_front()
    for name, value in letter.picks:
        page.locator(f"input[name={name}][value={value}]").check()
    return (
        page.locator(f"[data-letter={letter.sample.id}]"),
        page.locator(f"[data-subject={letter.sample.id}]"),
    )


def type_all(place: Locator, sample: Sample, values: dict[str, str]) -> None:
    for blank in place.get_by_role("textbox").all():
        blank.focus()
        blank.page.keyboard.type(values[blank.get_attribute("aria-label") or ""])


def click_words(place: Locator) -> None:
    """Click the first words, left of any blank."""
    place.click(position={"x": 3, "y": 12})


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_what_is_copied_is_what_python_renders(letter: Letter, page: Page, pasted: Page) -> None:
    values = {
        blank.field.label: DESK.get(
            blank.field.label, f"{number} Łukaś & Co{'.' if blank.field.sentence else ''}"
        )
        for number, blank in enumerate(letter.sample.blanks)
    }
    text, subject = show(page, letter)
    type_all(text, letter.sample, values)
    click_words(text)
    page.keyboard.press("Control+C")
    assert paste(pasted) == blanks.body(letter, values)
    if letter.sample.subject:
        page.bring_to_front()
        type_all(subject, letter.sample, values)
        click_words(subject)
        page.keyboard.press("Control+C")
        assert paste(pasted) == blanks.subject(letter, values)


@pytest.fixture(scope="module")
def filled(page: Page) -> dict[str, str]:
    """The desk with every blank typed into that a letter needs, and what was typed."""
    page.goto(".")
    page.bring_to_front()
    values = {}
    for blank in page.locator("[data-letter=desk] [role=textbox]").all():
        field = content().vocabulary.fields[blank.get_attribute("aria-label") or ""]
        if not field.optional:
            values[field.label] = DESK.get(field.label, f"Łukaś & Co {len(values)}")
            blank.evaluate("(blank, value) => { blank.textContent = value }", values[field.label])
    return values


DESK = {
    "Advice they gave you": "to learn one program well",
    "Your better answer": "I would first ask what the caller needs.",
}
"""Answers that need no mending, where a sentence asks for a shape."""


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_the_desk_filled_in_once_gives_every_letter_in_every_tone(
    sample: Sample, page: Page, pasted: Page, filled: dict[str, str]
) -> None:
    """Hidden words and blanks are neither copied nor counted, and what was typed stays."""
    page.bring_to_front()
    page.locator(f"label:has([name=letter][value={sample.id}])").click(position=BY_WORDS)
    for tone, letter in desk.spoken(sample, desk.tones(content())).items():
        page.bring_to_front()
        page.locator(f"label:has([name=tone][value={tone}])").click(position=BY_WORDS)
        click_words(page.locator("[data-letter=desk]"))
        page.keyboard.press("Control+C")
        assert paste(pasted) == blanks.body(letter, filled)
    page.bring_to_front()
    if sample.subject:
        click_words(page.locator("[data-subject=desk]"))
        page.keyboard.press("Control+C")
        assert paste(pasted) == blanks.subject(letter, filled)
    said = page.locator(".left").evaluate("part => getComputedStyle(part, '::before').content")
    assert "Every blank is filled" in said


TYPED = ODD.strip()
"""As Python fills it in: without the spaces that surround an answer."""

BY_WORDS = {"x": 20, "y": 20}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_the_keyboard_alone_fills_and_copies(sample: Sample, page: Page, pasted: Page) -> None:
    letter = next(blanks.letters(sample))
    values = {
        blank.field.label: f"It is {TYPED}." if blank.field.sentence else TYPED
        for blank in sample.blanks
    }
    text, subject = show(page, letter)
    text.focus()
    for value in values.values():
        page.keyboard.press("Tab")
        page.keyboard.type(value)
    text.focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    assert paste(pasted) == blanks.body(letter, values)
    if sample.subject:
        page.bring_to_front()
        subject.focus()
        subject.focus()
        page.keyboard.press("Control+A")
        page.keyboard.press("Control+C")
        assert " ".join(paste(pasted).split()) == blanks.subject(letter, values)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
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


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_switching_the_choice_loses_nothing_typed(sample: Sample, page: Page) -> None:
    page.goto(f"samples/{sample.id}/")
    typed = page.locator(".sheet .blank")
    for blank in typed.all():
        blank.fill("kept")
    for letter in blanks.letters(sample):
        for name, value in letter.picks:
            page.locator(f"input[name={name}][value={value}]").check()
        assert set(typed.all_inner_texts()) == {"kept"}
        assert typed.filter(visible=True).count() == typed.count()


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
