"""Answers as people give them, in the sentences of the letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from macros import answers, blanks
from macros.model import Blank, Field, Letter, Sample

from .conftest import content

LIBRARY = content()
PERSONAS = yaml.safe_load((Path(__file__).parent / "data" / "personas.yml").read_text("utf-8"))
KEYS = {
    "Interviewer": "interviewer",
    "Names of the panel": "interviewer",
    "Manager": "interviewer",
    "Future colleague": "second_interviewer",
    "Specialist": "second_interviewer",
    "Coordinator": "coordinator",
    "Recruiter": "recruiter",
    "Adviser": "referrer",
    "Person who helped you": "referrer",
    "Your reason": "reason_to_decline",
    "A moment from the interview": "moment",
    "A moment with the manager": "plan",
    "A moment with your future colleague": "detail_of_work",
    "A moment with the specialist": "thing_shown",
    "What you liked about the job": "detail_of_work",
    "A kindness that day": "kindness",
    "A question they asked": "question_asked",
    "Your better answer": "better_answer",
    "Advice they gave you": "advice_given",
    "Their help": "help_given",
    "What you are sending": "promised_to_send",
    "Your news": "news",
    "Why it matters to you": "news",
    "Why you are asking": "reason_to_decline",
    "Something you have done": "own_achievement",
    "Position": "position",
    "Company": "organisation",
    "The day you will answer": "day_you_will_answer",
    "The day you must answer the other offer": "day_you_will_answer",
    "The day you can start": "day_you_will_answer",
    "Times when you are free": "date_met",
    "A point in the offer": "problem",
    "Your Name": "your_name",
}
"""Which of a persona's answers goes into which blank."""


def field(label: str) -> Field:
    return LIBRARY.vocabulary.fields[label]


@pytest.mark.parametrize(
    ("label", "before", "answer", "after", "reads"),
    [
        ("Interviewer", "Dear ", "Dear Ms Okoro", ",", "Dear Ms Okoro,"),
        ("Interviewer", "Hi ", "hello Dan", ",", "Hi Dan,"),
        ("Position", "the ", "the saturday job", " role at", "the saturday job at"),
        ("Position", "the ", "Night Porter", " role at", "the Night Porter role at"),
        ("Position", "the ", "job in packing", " role at", "the job in packing at"),
        ("Company", "at ", "you guys at Rossi", ".", "at Rossi."),
        ("Interviewer", "Dear ", "Mike, the union rep", ",", "Dear Mike,"),
        ("Interviewer", "Dear ", "jo!", ",", "Dear jo,"),
        ("Recruiter", "Hi ", "Bruno of LinkedIn", ",", "Hi Bruno,"),
        (
            "Names of the panel",
            "Dear ",
            "Ms Okoro, Dan and Priya",
            ",",
            "Dear Ms Okoro, Dan and Priya,",
        ),
        ("The day you can start", "I can start on ", "on Monday", ".", "I can start on Monday."),
        ("The day you can start", "I start on ", "next Monday", ".", "I start next Monday."),
        ("The day you will answer", "by ", "by Tuesday", ".", "by Tuesday."),
        ("The day you will answer", "by ", "until Friday", ".", "by Friday."),
        ("The day you will answer", "you by ", "before Friday", ".", "you before Friday."),
        ("A moment from the interview", "about ", "The weld test.", ".", "about the weld test."),
        ("A moment from the interview", "about ", "that you swim", ".", "about how you swim."),
        ("A moment from the interview", "about ", "You swim.", ".", "about how you swim."),
        ("A moment from the interview", "about ", "I fell", ".", "about how I fell."),
        ("A moment from the interview", "about ", "to swim", ".", "about the plan to swim."),
        ("A moment from the interview", "best is ", "You swam.", ".", "best is when you swam."),
        ("A moment from the interview", "best is ", "When it rang", ".", "best is when it rang."),
        ("A moment from the interview", "best is ", "That you swim", ".", "best is that you swim."),
        ("A moment from the interview", "remember ", "to swim", ".", "remember the plan to swim."),
        ("A moment from the interview", "remember ", "I fell", ".", "remember when I fell."),
        ("What you liked about the job", "best was ", "No meetings", ".", "best was no meetings."),
        (
            "A moment from the interview",
            "best is ",
            "All men are fed.",
            ".",
            "best is how all men are fed.",
        ),
        (
            "A moment from the interview",
            "about ",
            "When it rang",
            ".",
            "about the moment when it rang.",
        ),
        (
            "A moment from the interview",
            "about ",
            "you unmuting right then",
            ".",
            "about you unmuting right then.",
        ),
        (
            "A moment from the interview",
            "about ",
            "a pact with Cairo?",
            ".",
            "about a pact with Cairo?",
        ),
        ("A moment from the interview", "about ", "AWS", ".", "about AWS."),
        ("A kindness that day", "for ", "you rang my mum", ".", "for the way you rang my mum."),
        ("A kindness that day", "for ", "That you waited", ".", "for the way you waited."),
        ("A kindness that day", "for ", "the biscuits!", ".", "for the biscuits!"),
        ("A question they asked", "asked me ", "You asked me why.", ".", "asked me why."),
        ("A question they asked", "asked me ", "“Why us?”", ".", "asked me “Why us?”"),
        (
            "Advice they gave you",
            "advised me ",
            "buy good boots",
            ".",
            "advised me to buy good boots.",
        ),
        ("Advice they gave you", "advised me ", "Don't rush", ".", "advised me not to rush."),
        ("Advice they gave you", "advised me ", "to rest", ".", "advised me to rest."),
        (
            "What you are sending",
            "attached ",
            "I said I'd send my CV",
            ".",
            "attached my CV.",
        ),
        ("Company", "at ", "Rossi Ltd.", ".", "at Rossi Ltd."),
        ("Company", "at ", "Rossi Ltd.", ", and", "at Rossi Ltd, and"),
    ],
)
def test_an_answer_fits_its_sentence(
    label: str, before: str, answer: str, after: str, reads: str
) -> None:
    assert "".join(answers.fit(field(label), answer, before, after)) == reads


@pytest.mark.parametrize(
    ("label", "answer", "reads"),
    [
        ("Your reason", "because the mill called me back", "The mill called me back."),
        ("Your reason", "transport money", "The reason is transport money."),
        ("Your reason", "is too far", "The reason is too far."),
        ("Your reason", "I am staying here.", "I am staying here."),
        ("Your reason", "On reflection, it is not for me", "On reflection, it is not for me."),
        ("Your news", "that I passed", "I passed."),
        ("Something you have done", "9 years", "One example is 9 years."),
        ("Why it matters to you", "That is how I work", "That is how I work."),
        ("Why it matters to you", "…", "…"),
    ],
)
def test_a_sentence_of_the_writers_own_is_one(label: str, answer: str, reads: str) -> None:
    assert answers.sentence(field(label), answer) == reads


def test_what_nobody_answers_leaves_no_hole() -> None:
    optional = Field("Why", "", "why", sentence=True, optional=True)
    parts = ["I saw ", Blank(Field("It", "", "it")), ". ", Blank(optional)]
    assert blanks.fill(parts, {"It": "the lab"}) == "I saw the lab."
    assert blanks.fill(parts, {"It": "the lab", "Why": "i like labs"}) == (
        "I saw the lab. I like labs."
    )
    assert blanks.fill(parts) == "I saw [It]. [Why]"


def filled(sample: Sample, persona: dict[str, Any]) -> Iterator[tuple[Letter, dict[str, str]]]:
    """Yield each letter of *sample* with each of a persona's answers in turn."""
    for turn in range(3):
        values = {}
        for blank in sample.blanks:
            given = persona["answers"][KEYS[blank.field.label]]
            values[blank.field.label] = given[turn % len(given)]
        for letter in blanks.letters(sample):
            yield letter, values


def test_every_blank_of_a_letter_has_an_answer_here() -> None:
    labels = {blank.field.label for sample in LIBRARY.samples.values() for blank in sample.blanks}
    assert labels == set(KEYS)


def doubled(text: str) -> list[str]:
    """Return the words that stand twice in a row in *text*, as typing leaves them."""
    found = re.finditer(r"\b([a-z]+)\s+\1\b", text, re.I)
    return [match[0] for match in found if match[1].casefold() not in ("that", "had")]


def test_a_doubled_word_is_seen() -> None:
    assert doubled("We met on on Tuesday, and I know that that is so.") == ["on on"]


def faults(text: str, values: dict[str, str]) -> list[str]:
    """Return what a program can see amiss in a letter filled in with *values*."""
    brought = " ".join(values.values())
    seen = [twice for twice in doubled(text) if twice not in brought]
    for amiss in (
        r"[^.]\.\.(?!\.)",
        r"\?\.",
        r"!\.",
        r",\.",
        r"  ",
        r" [.,;:!?](?!\.)",
        r"\[",
        r"\ba a\b",
    ):
        seen += [found[0] for found in re.finditer(amiss, text) if found[0] not in brought]
    if "the company" in text and "the company" not in brought:
        seen.append("the company")
    if text.count("“") != text.count("”") and brought.count("“") == brought.count("”"):
        seen.append("quotes")
    seen += re.findall(
        r"\b(?:today|yesterday|tonight|this morning|this afternoon)\b", _canned(text, values)
    )
    seen += [
        found
        for found in re.findall(r"[a-z,] ([A-Z][a-z]+)", _canned(text, values))
        if found not in brought
    ]
    return seen


def _canned(text: str, values: dict[str, str]) -> str:
    """Return *text* without the words that the answers brought."""
    for value in sorted(values.values(), key=len, reverse=True):
        text = text.replace(value.strip(" ."), "…")
    return text


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona["id"])
@pytest.mark.parametrize("sample", LIBRARY.samples.values(), ids=lambda sample: sample.id)
def test_every_letter_reads_well_with_what_people_answer(
    sample: Sample, persona: dict[str, Any]
) -> None:
    for letter, values in filled(sample, persona):
        text = blanks.body(letter, values)
        assert (letter.name, faults(text, values)) == (letter.name, [])
        for label, value in values.items():
            if field(label).sentence and value in text:
                end = text.index(value) + len(value)
                assert text[end - 1 : end + 1].strip(" \n")[-1] in '.!?…)”’"', letter.name


@pytest.mark.parametrize("sample", LIBRARY.samples.values(), ids=lambda sample: sample.id)
def test_no_letter_grows_long_with_what_people_answer(sample: Sample) -> None:
    words = [
        len(blanks.body(letter, values).split())
        for persona in PERSONAS
        for letter, values in filled(sample, persona)
    ]
    assert max(words) <= 230
