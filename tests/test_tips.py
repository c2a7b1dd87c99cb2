"""The tips prove what they promise: on their examples, on every letter, and not by chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros import blanks
from macros.checker import reader, tips, train
from macros.checker.sentences import sentences
from macros.content import library as load
from macros.model import Blank, Letter, Sample, Span, Tip

from .conftest import ROOT, content, letters

LIBRARY = content()
TIPS = LIBRARY.tips
LETTERS = letters(LIBRARY)
PROVEN = [(letter, tip) for letter in LETTERS for tip in TIPS.values()]
GENERIC = "your company's culture and values"


def adapted(sample: Sample, tip: Tip) -> str:
    return next(stance.adapted for stance in sample.stances if stance.tip == tip.id)


def named(pair: tuple[Letter, Tip]) -> str:
    letter, tip = pair
    return f"{letter.name}-{tip.id}"


@pytest.mark.parametrize("tip", TIPS.values(), ids=lambda tip: tip.id)
def test_a_tip_has_examples_of_both_kinds(tip: Tip) -> None:
    assert len(tip.follows) >= 3
    assert len(tip.breaks) >= 3


@pytest.mark.parametrize(
    ("tip", "text"),
    [(tip, example.text) for tip in TIPS.values() for example in tip.follows],
    ids=lambda value: getattr(value, "id", None),
)
def test_nothing_is_found_against_a_good_example(tip: Tip, text: str) -> None:
    assert tips.check(text, TIPS)[tip.id].follows


@pytest.mark.parametrize(
    ("tip", "text"),
    [(tip, example.text) for tip in TIPS.values() for example in tip.breaks],
    ids=lambda value: getattr(value, "id", None),
)
def test_a_tip_says_what_to_do_about_a_bad_example(tip: Tip, text: str) -> None:
    finding = tips.check(text, TIPS)[tip.id]
    assert not finding.follows
    assert finding.advice


@pytest.mark.parametrize("pair", PROVEN, ids=named)
def test_every_letter_follows_what_its_sample_declares_in_words_of_its_own(
    pair: tuple[Letter, Tip],
) -> None:
    letter, tip = pair
    finding = tips.prove(letter, TIPS)[tip.id]
    assert finding.follows
    assert all(words in blanks.body(letter) for words in finding.evidence)
    assert finding.evidence or tip.id == "be-prompt"


@pytest.mark.parametrize("pair", [pair for pair in PROVEN if pair[1].id != "be-prompt"], ids=named)
def test_a_letter_without_its_proving_sentences_proves_nothing(pair: tuple[Letter, Tip]) -> None:
    letter, tip = pair
    text = blanks.body(letter)
    finding = tips.prove(letter, TIPS)[tip.id]
    for sentence in sentences(text):
        if any(words in sentence.text for words in finding.evidence):
            text = text.replace(sentence.text, "")
    rules = tips.demands(tip, adapted(letter.sample, tip))
    assert not tips.judge(tip, rules, text, letter.sample).follows


def slipped(sample: Sample) -> Iterator[Sample]:
    """Yield *sample* with windows that its stance on promptness does not allow."""
    for window in sample.send:
        stance = adapted(sample, TIPS["be-prompt"])
        if stance == "waits":
            yield replace(sample, send=(replace(window, after=None, within=Span(3, "week")),))
        elif stance in ("decided", "late"):
            yield replace(sample, send=(replace(window, within=Span(24, "hour")),))
        else:
            yield replace(sample, send=(replace(window, within=Span(2, "week")),))


@pytest.mark.parametrize("sample", LIBRARY.samples.values(), ids=lambda sample: sample.id)
def test_a_window_that_does_not_fit_the_stance_is_no_proof_of_promptness(sample: Sample) -> None:
    for other in slipped(sample):
        for letter in blanks.letters(other):
            assert not tips.prove(letter, TIPS)["be-prompt"].follows


@pytest.mark.parametrize(
    "letter",
    [letter for letter in LETTERS if not adapted(letter.sample, TIPS["be-specific"])],
    ids=lambda letter: letter.name,
)
def test_generic_praise_in_the_place_of_the_moment_is_not_specific(letter: Letter) -> None:
    paragraphs = tuple(
        replace(
            paragraph,
            lines=tuple(
                replace(
                    line,
                    parts=tuple(
                        GENERIC if isinstance(part, Blank) and part.field.concrete else part
                        for part in line.parts
                    ),
                )
                for line in paragraph.lines
            ),
        )
        for paragraph in letter.sample.paragraphs
    )
    praise = Letter(replace(letter.sample, paragraphs=paragraphs), letter.picks)
    assert not tips.prove(praise, TIPS)["be-specific"].follows


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_a_sentence_that_shows_it_late_breaks_promptness(letter: Letter) -> None:
    if adapted(letter.sample, TIPS["be-prompt"]):
        return
    late = f"{blanks.body(letter)}\n\nI am sorry that this comes two weeks after we met."
    assert not tips.judge(
        TIPS["be-prompt"], tips.demands(TIPS["be-prompt"]), late, letter.sample
    ).follows


def test_a_tone_that_breaks_a_tip_stops_the_build_and_is_named(tmp_path: Path) -> None:
    import shutil

    docs = shutil.copytree(ROOT / "docs", tmp_path / "docs")
    page = docs / "samples" / "thank-you-note.md"
    text = page.read_text("utf-8")
    cold = [
        "(warm) Nice weather." if line.startswith("(warm) Thank") else line
        for line in text.splitlines()
    ]
    page.write_text("\n".join(cold) + "\n", "utf-8")
    with pytest.raises(load.ContentError) as error:
        load.proven(docs)
    told = [mistake for mistake in error.value.mistakes if "Express gratitude" in mistake]
    assert [mistake.partition(": ")[2].partition(" follow")[0] for mistake in told] == [
        "the (warm) letter does not"
    ]


@given(st.text(max_size=400))
def test_any_text_is_judged_and_every_proof_stands_in_it(text: str) -> None:
    found = tips.check(text, TIPS)
    assert list(found) == list(TIPS)
    assert all(words in text for finding in found.values() for words in finding.evidence)


def test_the_reader_learned_from_the_corpus_as_it_is() -> None:
    """A change to the corpus without `python -m macros.checker.train` would leave old weights."""
    assert train.written(train.learn(train.drafts())) == reader.WEIGHTS.read_text("utf-8")


@pytest.mark.parametrize("path", sorted(train.CORPUS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_draft_of_the_corpus_quotes_what_its_labels_say(path: Path) -> None:
    for draft in train.drafts(path):
        for label in ("specific", "interest", "gratitude"):
            assert draft["labels"][label] == bool(draft["evidence"][label]), draft["id"]
        assert draft["labels"]["prompt"] != bool(draft["evidence"]["prompt"]), draft["id"]
        quotes = [quote for quotes in draft["evidence"].values() for quote in quotes]
        assert all(quote in draft["text"] for quote in quotes), draft["id"]
