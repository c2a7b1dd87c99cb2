"""The desk in Firefox and WebKit: typed into once, each letter is selected as Python renders it.

Run by `make test-engines`, where the two are installed; no other run takes these up.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from macros import blanks
from macros.model import Sample
from macros.web import desk

from . import engines
from .conftest import content

pytestmark = pytest.mark.engines

LIBRARY = content()
SAMPLES = list(LIBRARY.samples.values())
TONES = desk.tones(LIBRARY)
TYPED = {
    "Advice they gave you": "to learn one program well",
    "Your better answer": "I would first ask what the caller needs.",
}
"""Answers that need no mending, where a sentence asks for a shape."""


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def window(request: pytest.FixtureRequest, address: str) -> Iterator[engines.Window]:
    """A window of an engine with the desk in it."""
    with getattr(engines, request.param)() as window:
        window.open(address)
        yield window


@pytest.fixture(scope="module")
def typed(window: engines.Window) -> dict[str, str]:
    """The desk filled in by keyboard, each blank that a letter needs once; and what was typed."""
    values = {}
    for label, field in LIBRARY.vocabulary.fields.items():
        users = [s.id for s in SAMPLES if field in [blank.field for blank in s.blanks]]
        if field.optional or not users:
            continue
        choose(window, users[0])
        window.ask(
            "document.querySelector(`[data-letter] [aria-label='${arguments[0]}']`).focus()",
            label,
        )
        values[label] = TYPED.get(label, f"Łukaś & Co {len(values)}")
        window.type(values[label])
    return values


def choose(window: engines.Window, id: str) -> None:
    """Choose a letter as a person with a mouse does."""
    window.click(".opener", 20, 20)
    window.click(f"label:has([value={id}])", 20, 20)
    window.until("return getComputedStyle(document.querySelector('.drawer')).opacity == '0'")


def plain(text: str) -> str:
    """Return selected *text* as it is pasted."""
    return text.replace("\xa0", " ").strip("\n")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_each_letter_in_each_tone_is_selected_by_one_click(
    sample: Sample, window: engines.Window, typed: dict[str, str]
) -> None:
    choose(window, sample.id)
    for tone, letter in desk.spoken(sample, TONES).items():
        window.click(f"label:has([value={tone}])", 20, 20)
        window.click("[data-letter]")
        assert (tone, plain(window.selected)) == (tone, blanks.body(letter, typed))
    if sample.subject:
        window.click("[data-subject]")
        assert plain(window.selected) == blanks.subject(letter, typed)


def tab_until(window: engines.Window, what: str) -> None:
    """Press Tab until the focus is on an element of which *what* is true."""
    for _ in range(60):
        window.press("Tab")
        if window.ask(f"const part = document.activeElement; return {what}"):
            return
    raise AssertionError(f"no Tab leads to {what}")


def test_keys_alone_choose_fill_in_and_select(window: engines.Window, address: str) -> None:
    """From the last blank on: Tab to the link below the sheet, Enter, Ctrl + A."""
    window.open(f"{address}?keys")
    tab_until(window, "part.name == 'letter'")
    window.press("ArrowDown")
    assert window.ask("return getComputedStyle(document.querySelector('.drawer')).opacity") == "1"
    ids = [sample.id for sample in SAMPLES]
    id = window.ask("return document.querySelector('[name=letter]:checked').value")
    assert id == ids[ids.index("thank-you-note") + 1]
    sample = LIBRARY.samples[id]
    values = {}
    for blank in sample.blanks:
        tab_until(window, "part.matches('.blank')")
        if not blank.field.optional:
            values[blank.field.label] = f"Ann {len(values)}"
            window.type(values[blank.field.label])
    letter = next(blanks.letters(sample))
    for at, wanted in (
        ("subject", blanks.subject(letter, values)),
        ("letter", blanks.body(letter, values)),
    ):
        tab_until(window, f"part.matches('.bar [href=\"#{at}\"]')")
        window.press("Enter")
        window.until(f"return document.activeElement.id == '{at}'")
        window.press("Control", "a")
        assert plain(window.selected) == wanted
