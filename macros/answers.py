"""Answers as people give them, mended where a sentence takes them in.

A reader at a page sees the sentence while typing.  Where the guide fills in (the command,
Word, email, the book's text) nobody does, so what typing doubles is mended here, and an
answer in another shape than its hint asks is bent to the sentence where a few words can
do it: "about" and "You showed us the lab" become "about how you showed us the lab".
"""

from __future__ import annotations

import re

from .model import Field

SOMEBODY = r"(?:i|you|we|they|he|she|it|there|everybody|everyone|nobody|somebody|people)"
DOES = r"(?:is|are|was|were|has|have|gets?|takes?|goes|does|do|can|may|must|will)"
EVENT = rf"(?={SOMEBODY}(?:['’]\w+\s+|\s+(?!\w+ing\b))\w)"
HABIT = rf"(?=(?:every|each|all|both|most)\s+(?:\w+\s+){{1,3}}{DOES}\b)"
CLAUSE = f"(?:{EVENT}|{HABIT})"
"""The beginning of a clause: somebody and, as a rule, what they do."""
PLAN = (r"to\s+(?=\w)", "the plan to ")
HOW = (rf"(?:because\s+)?{CLAUSE}", "how ")
"""What most frames make of a plan, and of a clause."""

TURNS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        r"\b(?:remember|best is)$",
        (
            PLAN,
            (rf"(?:because\s+)?{EVENT}", "when "),
            (rf"(?:because\s+)?{HABIT}", "how "),
        ),
    ),
    (
        r"\binterested in$",
        (
            (r"that\s+(?=\w)", "how "),
            PLAN,
            HOW,
        ),
    ),
    (
        r"\bbest was$",
        (
            PLAN,
            HOW,
        ),
    ),
    (
        r"\babout$",
        (
            (r"that\s+(?=\w)", "how "),
            PLAN,
            (r"when\s+(?=\w)", "the moment when "),
            HOW,
        ),
    ),
    (r"\bfor$", ((rf"(?:because\s+|that\s+)?{CLAUSE}", "the way "), (r"that\s+", ""))),
    (
        r"\basked me$",
        (
            (r"you\s+asked\s+(?:me\s+)?", ""),
            (r"the\s+one\s+about\s+", "about "),
        ),
    ),
    (
        r"\badvised me$",
        (
            (r"you\s+(?:told|said)(?:\s+(?:to\s+)?me)?\s+(?:that\s+)?(?=i\b)", "that "),
            (r"you\s+(?:told|said)(?:\s+(?:to\s+)?me)?\s+(?:to\s+)?", ""),
            (r"(?:do\s+not|don['’]t)\s+", "not to "),
            (r"kindly\s+", "to "),
            (r"(?=(?!to\b|not\b|never\s+to\b|that\b|against\b|about\b|i\b)[a-z])", "to "),
        ),
    ),
    (
        r"\bby$",
        (
            (r"(?:i|you|it)(?:['’]ll)?\s.{0,40}?\b(?:by|on)\s+(?=\w)", ""),
            (r"(?:until|till|latest(?:\s+(?:on|by))?)\s+", ""),
        ),
    ),
    (r"\bat$", ((r"you\s+(?:guys|all|people)\s+at\s+", ""),)),
    (
        r"\battached$",
        (
            (r"to\s+send\s+(?:you\s+)?", ""),
            (r"i\b.{0,40}?\b(?:send|email|forward|drop\s+in)(?:\s+over)?\s+(?:you\s+)?", ""),
        ),
    ),
)
"""What stands before a blank; and how an answer that begins so goes on from there."""

NO_ON = r"(?:on|next|last|this|tomorrow|today|yesterday|about|any|every|in|at|by|from|before|after)"
NO_BY = r"(?:on\s+or\s+before|before|within|after|in)"
LEANS = ((r"\bon$", NO_ON), (r"\bby$", NO_BY))
"""A preposition gives way to one that the answer brings, or needs none: ``on last Monday``."""

PLAIN_START = re.compile(
    r"(?:a|an|the|that|this|these|those|my|our|your|his|her|their|you|we|they|he|she|it|there|"
    r"when|how|why|what|where|which|who|whether|if|in|on|at|by|to|no|not|never|because|everybody|"
    r"every|each|all|both|everyone|nobody|somebody|people|as|after|before|making|having|letting|being|getting|"
    r"two|three|four|five|six|learn|keep|read|wear|begin|start|get|do|don['’]t)\b",
    re.I,
)
"""A word that takes a capital at a sentence's beginning only."""

SENTENCE = re.compile(
    rf"(?:my|our|his|her|their)\s+(?:\w+\s+){{1,3}}(?:isn['’]t|{DOES})\b|"
    r"(?:i|you|we|they|he|she|it|there|this|that['’]s)(?:['’]\w+)?\s|on reflection",
    re.I,
)
ENDED = re.compile(r"[.!?…]['\"’”)]*$")
"""The end of a sentence, inside its quotation marks or brackets."""
JOB = r"(?:role|job|position|post)"


def fit(field: Field, answer: str, before: str, after: str) -> tuple[str, str, str]:
    """Return the text *before* a blank, its *answer*, and the text *after* it, mended.

    >>> who = Field("Date", "", "date")
    >>> fit(who, "on Tuesday", "We met on ", ".")
    ('We met ', 'on Tuesday', '.')
    >>> fit(who, "the weld test.", "I enjoyed the ", ".")
    ('I enjoyed the ', 'weld test', '.')
    """
    answer = answer.strip()
    if field.sentence:
        return before, sentence(field, answer), after
    inside = bool(before.strip()) and not before.endswith("\n")
    lead = before.rstrip()
    if inside and not lead.endswith((".", ":", ",", "!", "?")):
        answer = _lowered(answer)
        answer = _turned(lead, answer)
        before, answer = _undoubled(before, answer)
    if re.search(r"\basked me$", lead) and answer.endswith("?"):
        answer = answer[:-1]
    if after.lstrip().startswith((".", ",", "?")):
        answer = re.sub(r"(?<![.\s])\.$", "", answer)
        if re.search(r"[?!…]['\"’”]?$|\.\.\.$", answer) and after.startswith("."):
            after = after[1:]
    if (noun := re.match(rf" {JOB}\b", after)) and re.search(rf"\b{JOB}\b", answer, re.I):
        after = after[noun.end() :]
    return before, answer, after


def sentence(field: Field, answer: str) -> str:
    """Return *answer* as a whole sentence: with a capital, a stop, and a lead where it lacks one.

    >>> sentence(Field("Why", "", "why", lead="The reason is"), "because the mill called me back")
    'The mill called me back.'
    >>> sentence(Field("Why", "", "why", lead="The reason is"), "transport money")
    'The reason is transport money.'
    """
    if not re.search(r"\w", answer):
        return answer
    opened = re.match(
        r"(?:because\s+|that\s+(?=(?:i|you|we|they|he|she|it|my|our|the|their)\b))(?=\w)",
        answer,
        re.I,
    )
    if opened:
        answer = answer[opened.end() :]
    elif field.lead and not SENTENCE.match(answer) and not ENDED.search(answer):
        answer = f"{field.lead} {_lowered(answer)}"
        answer = re.sub(r"\bis is\b", "is", answer)
    if field.link and re.match(r"i\b", answer, re.I):
        answer = f"{field.link} I{answer[1:]}"
    answer = answer[0].upper() + answer[1:]
    return answer if ENDED.search(answer) else f"{answer}."


def _lowered(answer: str) -> str:
    """Return *answer* without the capital that only a sentence's beginning asks for."""
    if PLAIN_START.match(answer) and not answer[:2].isupper():
        return answer[0].lower() + answer[1:]
    return answer


def _turned(lead: str, answer: str) -> str:
    """Return *answer* in the shape that the words before it, *lead*, ask for."""
    for ends, ways in TURNS:
        if re.search(ends, lead):
            for begins, instead in ways:
                if found := re.match(begins, answer, re.I):
                    return instead + answer[found.end() :]
    return answer


def _undoubled(before: str, answer: str) -> tuple[str, str]:
    """Return both without the word that ends one and begins the other."""
    lead = before.rstrip()
    for ends, begins in LEANS:
        if re.search(ends, lead) and re.match(rf"{begins}\b", answer, re.I):
            return before[: len(lead) - 2], answer
    greeting = re.search(r"(?:^|\n)(?:Dear|Hello|Hi)$", lead)
    if greeting:
        return before, _named(answer)
    last = re.search(r"\b(\w+)$", lead)
    first = re.match(r"(\w+)\s+", answer)
    if last and first and last[1].casefold() == first[1].casefold():
        return before, answer[first.end() :]
    return before, answer


def _named(answer: str) -> str:
    """Return the name in *answer*, without a greeting or what else it says of the person.

    >>> [_named(name) for name in ("Hi Rafa", "Mike D'Angelo, the union rep", "his sister Aoife")]
    ['Rafa', "Mike D'Angelo", 'Aoife']
    """
    name = re.sub(r"^(?:dear|hello|hi|hey)\s+(?=\w)", "", answer, flags=re.I)
    name = re.sub(r"^(?:my|the|our|his|her|your)\s[^,]*,\s+(?=\w)", "", name, flags=re.I)
    name = re.sub(r"^(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Yy]our)\s.*?(?=\b[^\W\d_a-z])", "", name)
    about = r"\s+\(.*\)|\s+(?:from|of|on|at|in|who|that)\s+.*|[!.]+"
    if not re.search(r"\b(?:and|und|et|y)\b|&", name):
        about = rf",\s.*|{about}"
    return re.sub(rf"(?<=\w)(?:{about})$", "", name) or answer
