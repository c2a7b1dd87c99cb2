"""A search reads each letter once, in its first tone, and finds it on its own page."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest

from macros import blanks

from . import markup
from .conftest import content

LIBRARY = content()


@functools.cache
def entries(site: Path) -> dict[str, str]:
    """Return what the search knows, as a reader sees it, by its address."""
    found = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    return {entry["location"]: markup.text(markup.fragment(entry["text"])) for entry in found}


@pytest.mark.parametrize("id", LIBRARY.samples)
def test_a_letter_is_found_on_its_page_as_it_would_be_sent(id: str, site: Path) -> None:
    first, *others = (blanks.body(letter) for letter in blanks.letters(LIBRARY.samples[id]))
    read = entries(site)[f"samples/{id}/"]
    assert read.endswith(" ".join(first.split()))
    assert [text for text in others if " ".join(text.split()) in read] == []


def test_pages_of_nothing_but_letters_are_found_by_their_own_words_alone(site: Path) -> None:
    sentences = {
        sentence
        for sample in LIBRARY.samples.values()
        for letter in blanks.letters(sample)
        for sentence in blanks.body(letter).split("\n\n")[1:-1]
    }
    for page in ("", "proof/"):
        read = [text for name, text in entries(site).items() if name.partition("#")[0] == page]
        assert "".join(read)
        assert [sentence for sentence in sentences if sentence in " ".join(read)] == []
    assert entries(site)["proof/"].startswith("Every letter of the guide against the four tips")


def test_pages_show_all_that_was_made_for_them(site: Path) -> None:
    page = markup.built(site / "samples" / "thank-you-note" / "index.html")
    radios = [each.get("value") for each in page.iter("input") if each.get("name") == "tone"]
    assert radios == ["plain", "warm", "formal"]
