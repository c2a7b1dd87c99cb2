"""Text with blanks: ``Dear [Interviewer],`` to parts, and parts to finished text."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from . import answers
from .errors import ContentError, suggest
from .model import Blank, Choice, Field, Letter, Line, Paragraph, Part, Sample, Widget

ON_A_PAGE = re.compile(r"^\{% call letter\(\) %\}$(?P<text>.*?)^\{% endcall %\}$", re.M | re.S)
"""A letter as it stands on the page of its sample."""

OPTION = re.compile(r"\((?P<option>[A-Za-z-]+)\)\s*(?P<text>.*)")
"""A line that is one way to say something: ``(warm) …``."""

MARK = re.compile(r"\[([^\[\]]*)\]|[\[\]]")
"""A blank, or a bracket that has lost its partner."""

UNTYPEABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
    + "]"
)
"""Control characters, bidi controls, lone surrogates and code points that are no characters.

Nobody types them into a note, and HTML or XML forbids most of them.
"""


LINE_END = re.compile("\r\n|[\r\u2028\u2029]")
"""The ends of lines that PDF viewers, old files and web pages write."""

BETWEEN = "; "
"""What stands between the options of an answer that has several."""

LONGEST = 5000
"""Characters in an answer; a whole letter has fewer."""


def clean(value: str) -> str:
    r"""Return *value* fit for every kind of output: composed, without control characters.

    >>> clean("Rene\u0301e\x00 O'Neill\r")
    "Renée O'Neill\n"
    """
    return unicodedata.normalize("NFC", UNTYPEABLE.sub("", LINE_END.sub("\n", value)))


def curl(text: str, before: str = "") -> str:
    """Return *text*, which follows *before*, with the quotation marks of a printer.

    What the guide says has them from the moment it is read, so that screen, paper and
    clipboard agree; what a reader types stays as it was typed.

    >>> curl("It's what 'they' said.")
    'It’s what ‘they’ said.'
    """
    marks = {'"': "“”", "'": "‘’"}
    if not any(mark in text for mark in marks):
        return text
    printed = []
    for character in text:
        if pair := marks.get(character):
            opens = not before or before.isspace() or before in "([“‘–—"
            character = pair[0] if opens else pair[1]
        printed.append(character)
        before = character
    return "".join(printed)


def accepted(field: Field, value: str) -> str:
    r"""Return *value* as the answer to *field*: the same words, with nothing round them.

    >>> accepted(Field("Interviewer", "", "interviewer"), " Rene\u0301e O'Neill\r\n")
    "Renée O'Neill"

    Raises `ContentError` for what cleaning would lose, so that no letter says less than was
    typed and nobody learns of it.
    """
    text = LINE_END.sub("\n", value).strip()
    if odd := UNTYPEABLE.search(text):
        code = ord(odd[0])
        if 0xD800 <= code <= 0xDFFF:
            raise ContentError(f"[{field.label}]: is not UTF-8. Type the answer again.")
        raise ContentError(
            f"[{field.label}]: holds U+{code:04X}, which nobody can see. Type the answer again."
        )
    if "\n" in text and field.lines == 1:
        raise ContentError(f"[{field.label}]: takes one line. Put the answer in one.")
    if len(text) > LONGEST:
        raise ContentError(
            f"[{field.label}]: has {len(text)} characters, more than {LONGEST}. Shorten it."
        )
    if field.widget is Widget.EMAIL and text:
        _check_address(field, text)
    return clean(text)


def _check_address(field: Field, text: str) -> None:
    """Refuse what is more than one address, or none."""
    from email.headerregistry import Address

    try:
        Address(addr_spec=text)
    except (ValueError, IndexError):
        raise ContentError(
            f"[{field.label}]: {text!r} is not one address. Write it like dana@example.org."
        ) from None


def unoffered(field: Field, value: str) -> Iterator[str]:
    """Yield what is wrong with each part of *value* that *field* does not offer."""
    for option in value.split(BETWEEN) if field.options and value.strip() else ():
        if option.strip() not in field.options:
            yield f"'[{field.label}]' has no option {option!r}. {suggest(option, field.options)}"


def parse(text: str, fields: Mapping[str, Field]) -> tuple[Part, ...]:
    """Return the parts of *text*: strings, and blanks for its ``[Label]`` marks.

    >>> from macros.model import Field
    >>> parse("Dear [Interviewer],", {"Interviewer": Field("Interviewer", "", "interviewer")})[2]
    ','

    Raises `ContentError` for each unknown label and each bracket without its partner.
    """
    parts: list[Part] = []
    mistakes = []
    end = 0
    for mark in MARK.finditer(text):
        label = mark[1]
        if text[end : mark.start()]:
            parts.append(text[end : mark.start()])
        end = mark.end()
        if label is None:
            mistakes.append(
                f"bracket {mark[0]!r} has no partner in {excerpt(text, mark.start())!r}. "
                "Write a blank as [Label]."
            )
        elif label not in fields:
            mistakes.append(f"unknown blank '[{label}]'. {suggest(label, fields)}")
        else:
            parts.append(Blank(fields[label]))
    if mistakes:
        raise ContentError(*mistakes)
    if text[end:]:
        parts.append(text[end:])
    return tuple(parts)


def excerpt(text: str, at: int, around: int = 20) -> str:
    """Return the words of *text* on both sides of position *at*."""
    start, end = max(at - around, 0), at + around
    return f"{'…' if start else ''}{text[start:end]}{'…' if text[end:] else ''}"


def fill(parts: Iterable[Part], values: Mapping[str, str] = {}) -> str:
    """Return *parts* as text, each blank replaced by its label's value.

    A blank without a value stays visible as ``[Label]``, so that nobody sends it unseen.

    >>> from macros.model import Field
    >>> parts = parse("Dear [Interviewer],", {"Interviewer": Field("Interviewer", "", "i")})
    >>> fill(parts), fill(parts, {"Interviewer": "Dana Reyes"})
    ('Dear [Interviewer],', 'Dear Dana Reyes,')
    """
    return "".join(map(str, answered(parts, values)))


def answered(parts: Iterable[Part], values: Mapping[str, str] = {}) -> list[Part]:
    """Return *parts* with each blank that has a value replaced by it, mended to fit.

    In a letter that is being filled in, an optional blank without a value leaves nothing.
    """
    found: list[Part] = []
    rest = [
        part
        for kind, run in itertools.groupby(parts, key=type)
        for part in (["".join(map(str, run))] if kind is str else run)
    ]
    for place, part in enumerate(rest):
        value = clean(values.get(part.field.label, "")) if isinstance(part, Blank) else ""
        if isinstance(part, str):
            found.append(part)
        elif not value.strip():
            if part.field.optional and values:
                if found and isinstance(found[-1], str):
                    found[-1] = found[-1].rstrip(" ")
            else:
                found.append(part)
        else:
            before = found.pop() if found and isinstance(found[-1], str) else ""
            follows = rest[place + 1] if place + 1 < len(rest) else ""
            after = follows if isinstance(follows, str) else ""
            said, answer, left = answers.fit(part.field, value, str(before), after)
            found += [said, answer]
            if left != after:
                rest[place + 1] = left
    return [part for part in found if part != ""]


def subject(letter: Letter, values: Mapping[str, str] = {}) -> str:
    """Return the subject line of *letter*, one line whatever the values hold."""
    return " ".join(fill(letter.sample.subject, values).split())


def body(letter: Letter, values: Mapping[str, str] = {}) -> str:
    """Return *letter* as plain text: paragraphs with an empty line between them."""
    texts = (fill(parts, values) for parts in letter.paragraphs)
    return "\n\n".join(text for text in texts if text.strip())


def mailto(subject: str, body: str) -> str:
    """Return a link that opens a message in the reader's mail program.

    Spaces are ``%20`` and line ends ``%0D%0A``, as RFC 6068 asks.
    """
    return (
        f"mailto:?subject={quote(subject, safe='')}&body={quote(body.replace(LF, CRLF), safe='')}"
    )


LF, CRLF = "\n", "\r\n"


def letters(sample: Sample) -> Iterator[Letter]:
    """Yield every letter that a reader of *sample* can reach, the first options first."""
    ways = ([(choice.name, option.value) for option in choice.options] for choice in sample.choices)
    for picks in itertools.product(*ways):
        yield Letter(sample, picks)


def paragraphs(
    source: Iterable[tuple[int, str]],
    fields: Mapping[str, Field],
    choices: Mapping[str, Choice],
) -> tuple[tuple[Paragraph, ...], list[tuple[int, str]]]:
    """Return the paragraphs of numbered *source* lines, and the mistakes in them by line.

    The lines of a paragraph flow together, so a writer can give each sentence its own.
    The paragraph that the writer signs keeps its lines.
    """
    source = list(source)
    owner = {option.value: choice.name for choice in choices.values() for option in choice.options}
    found: list[Paragraph] = []
    mistakes: list[tuple[int, str]] = []
    asked: set[Part] = set()
    blocks = itertools.groupby(source, key=lambda numbered: bool(numbered[1].strip()))
    for block in (list(block) for filled, block in blocks if filled):
        lines = []
        for at, text in block:
            try:
                line = _line(text.strip(), fields, owner)
                lines.append(line)
                asked |= _asked(line, asked)
            except ContentError as error:
                mistakes += [(at, mistake) for mistake in error.mistakes]
        signed = any(
            isinstance(part, Blank) and part.field.signs for line in lines for part in line.parts
        )
        found.append(Paragraph(tuple(lines), flows=not signed))
        mistakes += [(block[0][0], text) for text in _dangling(found[-1])]
    return tuple(found), [*mistakes, *_disorder(source, fields)]


def _dangling(paragraph: Paragraph) -> Iterator[str]:
    """Yield what is wrong where a blank that may stay empty would leave a hole."""
    parts = [part for line in paragraph.lines for part in (*line.parts, paragraph.joint)]
    for place, part in enumerate(parts):
        if isinstance(part, Blank) and part.field.optional:
            rest = parts[place + 1 :]
            closed = all(
                follows.field.optional if isinstance(follows, Blank) else not follows.strip()
                for follows in rest
            )
            if not closed:
                yield (
                    f"blank '{part}' may stay empty, which would leave a hole here. "
                    "Move it to the end of its paragraph."
                )


def _disorder(
    source: Iterable[tuple[int, str]], fields: Mapping[str, Field]
) -> Iterator[tuple[int, str]]:
    """Yield the blanks that stand in another order than the vocabulary's, with their lines."""
    order = list(fields)
    last, line = "", 0
    for at, text in source:
        for mark in () if OPTION.fullmatch(text.strip()) else MARK.finditer(text):
            label = mark[1]
            if label not in fields:
                continue
            if last and order.index(label) < order.index(last):
                yield (
                    at,
                    f"blank '[{label}]' stands behind '[{last}]' (line {line}), which comes "
                    "after it in _data/vocabulary.yml. Reword: all letters keep that order, so "
                    "that one sheet can hold them all.",
                )
            last, line = label, at


def _line(text: str, fields: Mapping[str, Field], owner: Mapping[str, str]) -> Line:
    """Return a line of a letter; *owner* names the choice of each option."""
    way = OPTION.fullmatch(text)
    if not way:
        return Line(parse(text, fields))
    option = way["option"]
    if option not in owner:
        raise ContentError(f"({option}) is an option of no choice. {suggest(option, owner)}")
    if not way["text"]:
        raise ContentError(f"({option}) says nothing. Write its text on the same line.")
    return Line(parse(way["text"], fields), (owner[option], option))


def _asked(line: Line, before: set[Part]) -> set[Part]:
    """Return the blanks of a line, each of which the letter may ask once."""
    blanks = [part for part in line.parts if isinstance(part, Blank)]
    mistakes = []
    for place, blank in enumerate(blanks):
        if line.option:
            mistakes.append(
                f"blank '{blank}' stands in ({line.option[1]}) only, so what is typed would be "
                "lost with the choice. Move it to a line without a mark."
            )
        elif blank in before or blank in blanks[:place]:
            mistakes.append(
                f"blank '{blank}' stands twice. "
                "A page can't repeat an answer: reword one of the places."
            )
    if mistakes:
        raise ContentError(*mistakes)
    return set(blanks)
