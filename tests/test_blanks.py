"""Text with blanks: parsing, filling, and the letters that a reader can reach."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros import blanks
from macros.errors import ContentError
from macros.model import Blank, Choice, Field, Letter, Line, Option, Paragraph, Sample

from .conftest import content

NAME = Field("Your Name", "", "your-name", signs=True)
WHO = Field("Interviewer", "", "interviewer")
FIELDS = {field.label: field for field in (WHO, NAME)}
TONE = Choice("tone", "Tone", (Option("warm", "Warm"), Option("formal", "Formal")))
LENGTH = Choice("length", "Length", (Option("short", "Short"), Option("long", "Long")))
CHOICES = {choice.name: choice for choice in (TONE, LENGTH)}

TEXTS = st.text(st.characters(exclude_categories=(), exclude_characters="[]"))
SAMPLES = content().samples.values()


def numbered(text: str) -> list[tuple[int, str]]:
    return list(enumerate(text.split("\n"), 1))


def sample(text: str, subject: str = "") -> Sample:
    """Return a sample whose letter is *text*, and which must have no mistake."""
    paragraphs, mistakes = blanks.paragraphs(numbered(text), FIELDS, CHOICES)
    assert not mistakes
    used = {line.option for paragraph in paragraphs for line in paragraph.lines}
    return Sample(
        id="note",
        path="docs/samples/note.md",
        title="Note",
        situation="You met",
        group="",
        channel="",
        send=(),
        subject=blanks.parse(subject, FIELDS),
        paragraphs=paragraphs,
        choices=tuple(
            choice
            for choice in CHOICES.values()
            if any((choice.name, option.value) in used for option in choice.options)
        ),
        stances=(),
        words=(1, 100),
    )


def letter(text: str, subject: str = "", **picks: str) -> Letter:
    return Letter(sample(text, subject), tuple(picks.items()))


@given(st.lists(TEXTS | st.sampled_from([f"[{label}]" for label in FIELDS])))
def test_parts_together_are_the_text_again(words: list[str]) -> None:
    text = "".join(words)
    parts = blanks.parse(text, FIELDS)
    assert "".join(map(str, parts)) == text


@given(TEXTS)
def test_text_without_brackets_is_one_part(text: str) -> None:
    assert blanks.parse(text, FIELDS) == ((text,) if text else ())


@given(st.text("[]ab", max_size=30))
def test_no_arrangement_of_brackets_gets_through_or_breaks_the_parser(text: str) -> None:
    fields = {"a": Field("a", "", "a"), "b": Field("b", "", "b")}
    if set("[]") & set(text.replace("[a]", "x").replace("[b]", "x")):
        with pytest.raises(ContentError) as error:
            blanks.parse(text, fields)
        assert len(str(error.value).split("\n")) == len(error.value.mistakes)
    else:
        assert "".join(map(str, blanks.parse(text, fields))) == text


@given(st.text())
def test_a_cleaned_value_is_clean(value: str) -> None:
    clean = blanks.clean(value)
    assert blanks.clean(clean) == clean
    assert clean == unicodedata.normalize("NFC", clean)
    assert not blanks.UNTYPEABLE.search(clean)


@pytest.mark.parametrize(
    "kept",
    [
        "Renée O'Neill",
        "Łukaś",
        "שלום",
        "مرحبا",
        "\u200fא\u200e",
        "👩\u200d🔧",
        "a\tb",
        "one\ntwo",
        "  two  ",
    ],
)
def test_what_people_type_is_kept(kept: str) -> None:
    assert blanks.clean(kept) == kept


@pytest.mark.parametrize(
    "dropped", [*"\x00\x07\x1b\x7f\x85\u202e\u2066\ud800\ufdd0\ufffe\U0010ffff"]
)
def test_what_nobody_types_is_dropped(dropped: str) -> None:
    assert blanks.clean(f"a{dropped}b") == "ab"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\u2029"])
def test_every_end_of_a_line_is_one(end: str) -> None:
    assert blanks.clean(f"a{end}b") == "a\nb"


def test_a_composed_letter_is_composed_even_around_what_is_dropped() -> None:
    assert blanks.clean("e\x00\u0301") == "é"


def test_a_filled_letter_holds_the_values_and_nothing_else_changes() -> None:
    values = {"Interviewer": "Dana [Your Name] Reyes", "Your Name": "Sam"}
    text = "Dear [Interviewer],\n\nI thank you.\n\nYours,\n[Your Name]"
    assert blanks.body(letter(text), values) == (
        "Dear Dana [Your Name] Reyes,\n\nI thank you.\n\nYours,\nSam"
    )


@pytest.mark.parametrize("nothing", [{}, {"Interviewer": ""}, {"Interviewer": "\x00\u202e"}])
def test_an_unfilled_blank_stays_visible(nothing: dict[str, str]) -> None:
    assert blanks.body(letter("Dear [Interviewer],"), nothing) == "Dear [Interviewer],"


def test_a_value_for_another_label_changes_nothing() -> None:
    assert blanks.body(letter("Dear [Interviewer],"), {"interviewer": "Dana"}) == (
        "Dear [Interviewer],"
    )


@given(st.text())
def test_a_subject_is_one_line_whatever_the_values_hold(value: str) -> None:
    subject = blanks.subject(letter("Hello.", "For [Interviewer]"), {"Interviewer": value})
    assert len(subject.splitlines()) == 1
    assert subject == " ".join(subject.split())


def test_lines_of_a_paragraph_flow_together() -> None:
    assert blanks.body(letter("One.\nTwo.\n\nThree.")) == "One. Two.\n\nThree."


def test_the_paragraph_that_the_writer_signs_keeps_its_lines() -> None:
    assert blanks.body(letter("Best regards,\n[Your Name]")) == "Best regards,\n[Your Name]"


def test_spaces_and_empty_lines_around_lines_mean_nothing() -> None:
    assert blanks.body(letter("\n\n  One.  \n \t\n\n Two.\n\n")) == "One.\n\nTwo."


def test_an_alternative_stands_only_where_it_is_picked() -> None:
    text = "(warm) Hello!\n(formal) Good day.\nI am here."
    assert blanks.body(letter(text, tone="warm")) == "Hello! I am here."
    assert blanks.body(letter(text, tone="formal")) == "Good day. I am here."


def test_a_paragraph_that_a_choice_leaves_empty_leaves_no_gap() -> None:
    text = "One.\n\n(warm) Two.\n\nThree.\n(formal) Four."
    assert blanks.body(letter(text, tone="warm")) == "One.\n\nTwo.\n\nThree."
    assert blanks.body(letter(text, tone="formal")) == "One.\n\nThree. Four."


def test_letters_are_the_product_of_all_choices_the_first_options_first() -> None:
    text = "(warm) A.\n(formal) B.\n\n(short) C.\n(long) D."
    assert [(one.name, blanks.body(one)) for one in blanks.letters(sample(text))] == [
        ("note", "A.\n\nC."),
        ("note-long", "A.\n\nD."),
        ("note-formal", "B.\n\nC."),
        ("note-formal-long", "B.\n\nD."),
    ]


def test_a_sample_without_choices_is_one_letter() -> None:
    assert [one.picks for one in blanks.letters(sample("Hello."))] == [()]


@pytest.mark.parametrize(
    "text",
    ["(I have attached it.) Yes.", "() Yes.", "(two words) Yes.", "Yes (warm) yes.", "(9) Yes."],
)
def test_a_parenthesis_that_is_no_mark_is_text(text: str) -> None:
    assert blanks.body(letter(text)) == text


def test_a_paragraph_apart_by_option_is_one_version_for_each() -> None:
    lines = (Line(("A.",), ("tone", "warm")), Line(("B.",), ("tone", "formal")))
    assert Paragraph(lines).versions == (
        (("tone", "warm"), lines[:1]),
        (("tone", "formal"), lines[1:]),
    )


def test_a_paragraph_with_a_shared_line_is_one_version() -> None:
    lines = (Line(("A.",), ("tone", "warm")), Line(("B.",)))
    assert Paragraph(lines).versions == ((None, lines),)


@pytest.mark.parametrize(
    ("text", "lines"), [("[Interviewer] [Interviewer]", [1]), ("[X]\n[Y]", [1, 2])]
)
def test_mistakes_stand_on_their_lines(text: str, lines: list[int]) -> None:
    _, mistakes = blanks.paragraphs(numbered(text), FIELDS, CHOICES)
    assert [line for line, _ in mistakes] == lines


@pytest.mark.parametrize("one", SAMPLES, ids=lambda sample: sample.id)
def test_every_blank_of_a_sample_stands_in_every_letter(one: Sample) -> None:
    for reached in blanks.letters(one):
        parts = [*one.subject, *(part for parts in reached.paragraphs for part in parts)]
        found = {part for part in parts if isinstance(part, Blank)}
        assert found == set(one.blanks)


@pytest.mark.parametrize("one", SAMPLES, ids=lambda sample: sample.id)
def test_letters_of_a_sample_have_names_of_their_own(one: Sample) -> None:
    names = [reached.name for reached in blanks.letters(one)]
    assert sorted(set(names)) == sorted(names)
    assert names[0] == one.id
