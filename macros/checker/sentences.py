"""A note to its sentences: where each begins and ends, and what part it plays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import segment

from ..model import Place, Sentence

HEADER = re.compile(r"(?:subject|re|to|from|date|cc)\s*:", re.I)
GREETING = re.compile(
    r"(?:my )?(?:dear(?:est)?|hi|hiya|hello|hey|good (?:morning|afternoon|evening|day)|morning|"
    r"afternoon|evening|to the|to whom|alright|respected|esteemed|sirs?|madam|greetings)\b",
    re.I,
)
CLOSING = re.compile(
    r"(?:(?:with|very|many|most|my|all|best|kind(?:est)?|warm(?:est)?|friendly) )*"
    r"(?:yours|sincerely|respectfully|regards|wishes|greetings|cheers|best|thanks|thank you|love|"
    r"cordially|gratefully|warmly|faithfully|speak soon|talk soon|see you|take care)\b"
    r"(?! for)[^.!?]{0,30}[,.!]*",
    re.I,
)
JOINED = re.compile(
    r"(?<=[a-z]{2}[.!?])(?<!\b(?:Mr|Ms|Dr|St|Jr|Sr|Mx)\.)(?<!\bMrs\.)(?<!\bProf\.)\s+(?=[A-Z])"
    r"|(?<=!)\s+(?=[a-z])|(?<=[\u2600-\u27bf\U0001f300-\U0001faff])\s+"
)
"""Where sentences end beyond what the library sees: as people type who are in a hurry."""
WRAPPED = 55
"""A line at least this long was broken by a mail program, not by its writer."""


def sentences(text: str) -> tuple[Sentence, ...]:
    r"""Return the sentences of a note in order.

    >>> [str(sentence.place) for sentence in sentences("Hi Jo,\n\nThanks. It was fun.\n\nAl")]
    ['greeting', 'body', 'body', 'name']
    """
    lines = list(_lines(text))
    found: list[Sentence] = []
    for number, (start, line) in enumerate(lines):
        place = _place(line, number, len(lines), found[-1].place if found else None)
        if place is not Place.BODY:
            found.append(Sentence(line, start, place))
            continue
        flowing, at = line.replace("\n", " "), 0
        for words in _pieces(flowing):
            at = flowing.index(words, at)
            found.append(Sentence(line[at : at + len(words)], start + at))
            at += len(words)
    return tuple(found)


def _pieces(line: str) -> Iterator[str]:
    """Yield the sentences of a line; what the library leaves joined after a word comes apart."""
    for piece in segment("en", line):
        for words in JOINED.split(piece):
            if words.strip():
                yield words.strip()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that the writer made, each with its place in *text*."""
    start, end = -1, -1
    for line in re.finditer(r"[^\r\n]+", text):
        words = line[0].strip()
        if not words:
            continue
        at = line.start() + line[0].index(words)
        between = text[end:at] if start >= 0 else ""
        last = text[start:end].rpartition("\n")[2]
        if start >= 0 and len(last) >= WRAPPED and between.count("\n") == 1 and last[-1] != ":":
            end = at + len(words)
            continue
        if start >= 0:
            yield start, text[start:end]
        start, end = at, at + len(words)
    if start >= 0:
        yield start, text[start:end]


def _place(line: str, number: int, count: int, before: Place | None) -> Place:
    """Return what part line *number* of *count* plays in a note."""
    words = len(line.split())
    if HEADER.match(line):
        return Place.SUBJECT
    greets = GREETING.match(line) and line[-1] in ",!:.-–—"
    if number < 3 and words <= 9 and (greets or (line[-1] == "," and words <= 5)):
        return Place.GREETING
    if number and number >= count - 4 and words <= 8 and CLOSING.fullmatch(line):
        return Place.CLOSING
    signed = before in (Place.CLOSING, Place.NAME) or number == count - 1
    if number and number >= count - 3 and words <= 6 and line[-1] not in ".!?" and signed:
        return Place.NAME
    return Place.BODY


LONGEST = 40
"""Words in a clause, where nothing else ends it."""
CUT = re.compile(
    r"[,;:()]\s|\s[–—-]\s|—|"
    r"\s(?=(?:and|but|so|because|though|although|which|when|if|as|since|however|yet|cos|tho|n)\s)"
)
"""Where a clause may end."""


def clauses(sentence: str) -> list[tuple[int, int]]:
    """Return where the clauses of a sentence begin and end; short ones stay with a neighbour.

    >>> text = "It was a long day, but I want to thank you for your patience."
    >>> [text[start:end] for start, end in clauses(text)]
    ['It was a long day, ', 'but I want to thank you for your patience.']
    """
    found: list[tuple[int, int]] = []
    start = 0
    breath = re.compile(rf"(?:\S+\s+){{{LONGEST}}}")
    cuts = {cut.end() for cut in CUT.finditer(sentence)} | {
        cut.end() for cut in breath.finditer(sentence)
    }
    for end in [*sorted(cuts - {0}), len(sentence)]:
        rest = len(sentence[end:].split())
        if len(sentence[start:end].split()) >= 3 and (rest >= 3 or not rest):
            found.append((start, end))
            start = end
    if start < len(sentence):
        start = found.pop()[0] if found else 0
        found.append((start, len(sentence)))
    return found
