"""The tips prove what they promise: on their examples, on every letter, and not by chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
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
    assert finding.evidence or tip.clock


@pytest.mark.parametrize("pair", [pair for pair in PROVEN if not pair[1].clock], ids=named)
def test_a_letter_without_its_proving_sentences_proves_nothing(pair: tuple[Letter, Tip]) -> None:
    letter, tip = pair
    text = blanks.body(letter)
    finding = tips.prove(letter, TIPS)[tip.id]
    for sentence in sentences(text):
        if any(words in sentence.text for words in finding.evidence):
            text = text.replace(sentence.text, "")
    rules = tips.demands(tip, adapted(letter.sample, tip))
    assert not tips.judge(tip, rules, reader.draft(text), letter.sample).follows


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
        TIPS["be-prompt"], tips.demands(TIPS["be-prompt"]), reader.draft(late), letter.sample
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


MEANT = {
    "gratitude": "express-gratitude",
    "interest": "reiterate-interest",
    "moment": "be-specific",
}
NEGATION = yaml.safe_load((ROOT / "tests/data/negation.yml").read_text("utf-8"))


@pytest.mark.parametrize("meaning", NEGATION)
@pytest.mark.parametrize("wanted", ["follows", "breaks"])
def test_a_no_is_understood_in_nine_of_ten_sentences_that_hang_on_it(
    meaning: str, wanted: str
) -> None:
    """F1 on sentences from which nothing is learned."""
    judged = [
        (kind == wanted, tips.check(text, TIPS)[MEANT[meaning]].follows == (wanted == "follows"))
        for kind, texts in NEGATION[meaning].items()
        for text in texts
    ]
    both = sum(truth and given for truth, given in judged)
    assert 2 * both / sum(truth + given for truth, given in judged) >= 0.9


LATENESS = yaml.safe_load((ROOT / "tests/data/lateness.yml").read_text("utf-8"))


@pytest.mark.parametrize("wanted", LATENESS)
def test_times_are_understood_in_nine_of_ten_notes_that_hang_on_them(wanted: str) -> None:
    """F1 on notes from which nothing is learned."""
    judged = [
        (kind == wanted, tips.check(text, TIPS)["be-prompt"].follows == (wanted == "not late"))
        for kind, texts in LATENESS.items()
        for text in texts
    ]
    both = sum(truth and given for truth, given in judged)
    assert 2 * both / sum(truth + given for truth, given in judged) >= 0.9


def test_nothing_kept_aside_is_learned_from() -> None:
    aside = {
        text
        for kinds in (*NEGATION.values(), LATENESS)
        for texts in kinds.values()
        for text in texts
    }
    assert aside.isdisjoint(text for text, *_ in train.single())
    learned = {draft["text"] for draft in train.drafts()}
    for name in ("development", "unseen"):
        kept = train.drafts(ROOT / "tests" / "data" / f"{name}.jsonl")
        assert learned.isdisjoint(draft["text"] for draft in kept)


@pytest.mark.parametrize(
    ("tip", "text"),
    [
        ("reiterate-interest", "I don't want this job."),
        ("reiterate-interest", "I would hate to join your company."),
        ("express-gratitude", "I do not thank you."),
        ("express-gratitude", "I am not grateful for the time you wasted."),
        ("be-specific", "Nothing in particular has stayed with me."),
    ],
)
def test_what_is_denied_is_not_said(tip: str, text: str) -> None:
    assert not tips.check(text, TIPS)[tip].follows


STOCK = {
    "express-gratitude": [
        "Thank you for your time and consideration.",
        "Thank you for taking the time to meet me and for considering me.",
        "Thank you for meeting with me. Thank you for considering me.",
        "I appreciate your time and consideration.",
    ],
    "reiterate-interest": [
        "I would very much like the [Position] role at [Company].",
        "I am very interested in the [Position] role at [Company].",
        "I would be glad to work as [Position] at [Company].",
        "This is the role I want. I would still like to join [Company].",
        "I remain very interested in the [Position] position at [Company].",
        "I can't think of a job I'd rather have than the [Position] role at [Company].",
    ],
}


@pytest.mark.parametrize(
    ("tip", "text"), [(tip, text) for tip, texts in STOCK.items() for text in texts]
)
def test_stock_courtesy_proves_a_letter(tip: str, text: str) -> None:
    assert tips.judge(TIPS[tip], tips.demands(TIPS[tip]), reader.draft(text)).follows


@pytest.mark.parametrize(
    ("tip", "text"), [(tip, text) for tip, texts in STOCK.items() for text in texts]
)
def test_stock_courtesy_is_followed_with_names_in_its_blanks(tip: str, text: str) -> None:
    said = text.replace("[Position]", "Teaching Assistant").replace("[Company]", "Hill House")
    assert tips.check(said, TIPS)[tip].follows


NOTE = (
    "Thank you for your time, and for telling me about the work.",
    "I keep thinking about the lift that stops at every floor.",
    "I have heard that you decide on Friday.",
    "Thank you for considering me.",
)


@pytest.mark.parametrize("at", range(len(NOTE) + 1))
def test_interest_is_taken_wherever_it_stands_in_a_note(at: int) -> None:
    said = "I am very interested in the job, and I think that I could do it well."
    text = "Hi Jo,\n\n" + " ".join([*NOTE[:at], said, *NOTE[at:]]) + "\n\nBest regards,\nSam"
    found = tips.check(text, TIPS)["reiterate-interest"]
    assert found.follows
    assert [words for words in found.evidence if words in said]


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
