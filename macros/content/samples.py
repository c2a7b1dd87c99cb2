"""Samples: pages with a letter, read line by line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Set
from pathlib import Path
from typing import Annotated, Literal, Protocol

from pydantic import BeforeValidator, Discriminator, Tag
from pydantic import Field as Key

from .. import blanks
from ..errors import ContentError, suggest
from ..model import (
    Blank,
    Choice,
    Paragraph,
    Part,
    Sample,
    Stance,
    Tip,
    Vocabulary,
    Window,
)
from .files import FRONT, Entry, Files, Length, Text, brief

TEMPLATE_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\{%|\{#", re.S)


def _words(text: object) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+) to (\d+)", str(text))
    if not match or int(match[1]) >= int(match[2]):
        raise ValueError(f"is {text!r}, not a range of words. Write it like '60 to 150'.")
    return int(match[1]), int(match[2])


def _several(value: object) -> object:
    return value if isinstance(value, list) else [value]


class WindowEntry(Entry):
    within: Length | None = None
    after: Length | None = None
    of: Text


class AdaptedEntry(Entry):
    adapted: Text
    because: Text


Given = Annotated[
    Annotated[Literal["applies"], Tag("AppliesEntry")]
    | Annotated[AdaptedEntry, Tag("AdaptedEntry")],
    Discriminator(lambda given: "AdaptedEntry" if isinstance(given, dict) else "AppliesEntry"),
]


class SampleEntry(Entry):
    title: Text
    situation: Text
    group: Text
    channel: Text
    send: Annotated[list[WindowEntry], BeforeValidator(_several)] = Key(min_length=1)
    subject: Text | None = None
    to: Text | None = None
    order: int = 100
    met: list[Text] = []
    words: Annotated[tuple[int, int], BeforeValidator(_words)] = (60, 150)
    tips: dict[Text, Given] = {}
    leave_out: list[Text] = []
    related: list[Text] = []
    description: Text | None = None


def read_samples(
    files: Files, folder: Path, vocabulary: Vocabulary | None, tips: Mapping[str, Tip]
) -> dict[str, Sample]:
    """Return the samples in *folder* by id, group by group, each group in its own order."""
    paths = [
        path
        for path in files.below(folder, ".md", ".markdown", ".mdown", ".mkdn", ".mkd")
        if path != folder / "index.md"
    ]
    stems = {path.stem for path in paths}
    samples: dict[str, Sample] = {}
    ids: dict[str, Path] = {}
    titles: dict[str, Path] = {}
    for path in paths:
        files.id(path, folder)
        if (first := ids.setdefault(path.stem, path)) != path:
            taken = f"id {path.stem!r} is taken by {files.name(first)}. Rename one of the files."
            files.mistake(path, 1, taken)
        source = files.text(path)
        if source is None or not (sample := _sample(files, path, source, vocabulary, tips)):
            continue
        if (first := titles.setdefault(sample.title, path)) != path:
            taken = f"title {sample.title!r} is taken by {files.name(first)}. "
            files.mistake(path, files.line(path, "title"), f"{taken}Give each sample its own.")
        samples.setdefault(sample.id, sample)
        _related(files, path, sample, stems)
    _names(files, samples.values())
    groups = list(vocabulary.groups) if vocabulary else []

    def order(sample: Sample) -> tuple[int, int, str]:
        known = sample.group in groups
        return groups.index(sample.group) if known else 0, sample.order, sample.id

    return {sample.id: sample for sample in sorted(samples.values(), key=order)}


def _related(files: Files, path: Path, sample: Sample, ids: Set[str]) -> None:
    """Note each related sample that is none of the others."""
    for number, other in enumerate(sample.related):
        line = files.line(path, "related", number)
        if other == sample.id:
            files.mistake(path, line, f"related sample {other!r} is this one. Name another.")
        elif other not in ids:
            others = suggest(other, ids - {sample.id})
            files.mistake(path, line, f"related sample {other!r} is unknown. {others}")


def _names(files: Files, samples: Iterable[Sample]) -> None:
    """Note where letters of two samples would be files of one name."""
    owners: dict[str, Sample] = {}
    for sample in samples:
        for letter in blanks.letters(sample):
            owner = owners.setdefault(letter.name, sample)
            if owner is not sample:
                files.mistake(
                    files.root / sample.path,
                    1,
                    f"letter {letter.name!r} has the name of one in {owner.path}. "
                    "Rename one of the files.",
                )


def _sample(
    files: Files,
    path: Path,
    source: str,
    vocabulary: Vocabulary | None,
    tips: Mapping[str, Tip],
) -> Sample | None:
    """Return the sample in *source*, or None where it can't be used."""
    parts = FRONT.fullmatch(source)
    if not parts:
        files.mistake(path, 1, "has no front matter. Begin with '---', keys, '---'.")
        return None
    entry = _entry(files, path, parts["front"])
    letter = _letter(files, path, parts["page"], source[: parts.start("page")].count("\n") + 1)
    if entry is None or letter is None or vocabulary is None:
        return None
    at, lines = letter
    paragraphs, mistakes = blanks.paragraphs(lines, vocabulary.fields, vocabulary.choices)
    for line, text in mistakes:
        files.mistake(path, line, text)

    def wrong(text: str, *place: object) -> None:
        files.mistake(path, files.line(path, *place), text)

    subject = _subject(wrong, entry, paragraphs, vocabulary)
    _unknown(wrong, entry, vocabulary, tips, files.spoilt)
    _windows(wrong, entry)
    if entry.channel == "email" and not entry.subject:
        wrong("an email has no subject. Add 'subject: …'.", "channel")
    choices = _choices(files, path, lines, paragraphs, vocabulary)
    return Sample(
        id=path.stem,
        path=files.name(path),
        title=entry.title,
        situation=entry.situation,
        group=entry.group,
        channel=entry.channel,
        send=tuple(Window(window.of, window.within, window.after) for window in entry.send),
        subject=subject,
        paragraphs=paragraphs,
        choices=choices,
        stances=tuple(_stance(tip, entry.tips.get(tip, "applies")) for tip in tips),
        words=entry.words,
        to=entry.to or "",
        order=entry.order,
        meetings=tuple(entry.met),
        related=tuple(entry.related),
        leave_out=tuple(entry.leave_out),
        line=at,
    )


def _entry(files: Files, path: Path, front: str) -> SampleEntry | None:
    """Return a sample's front matter, in which nothing may be template code."""
    if code := TEMPLATE_CODE.search(front):
        files.mistake(path, 2 + front[: code.start()].count("\n"), _code(code[0]))
        return None
    entry = files.entry(SampleEntry, path, front, 2)
    for line, text in files.scalars.get(path, ()):
        # In quotes, \x7b is read as a brace.
        if code := TEMPLATE_CODE.search(text):
            files.mistake(path, line, _code(code[0]))
    return entry


class Wrong(Protocol):
    """Notes a mistake in a sample's front matter, at the place of a key."""

    def __call__(self, text: str, *place: object) -> None:
        """Note *text*."""


def _subject(
    wrong: Wrong,
    entry: SampleEntry,
    paragraphs: Iterable[Paragraph],
    vocabulary: Vocabulary,
) -> tuple[Part, ...]:
    """Return the subject line's parts; its blanks are none of the letter's."""
    try:
        subject = blanks.parse(entry.subject or "", vocabulary.fields)
    except ContentError as error:
        for text in error.mistakes:
            wrong(f"'subject': {text}", "subject")
        return ()
    asked = {part for each in paragraphs for line in each.lines for part in line.parts}
    for blank in dict.fromkeys(part for part in subject if isinstance(part, Blank)):
        if blank in asked or subject.count(blank) > 1:
            wrong(
                f"'subject': blank '{blank}' is asked twice. "
                "A page can't repeat an answer: reword the subject without it.",
                "subject",
            )
    return subject


def _unknown(
    wrong: Wrong,
    entry: SampleEntry,
    vocabulary: Vocabulary,
    tips: Mapping[str, Tip],
    spoilt: Collection[str],
) -> None:
    """Note each word that the vocabulary or the tips do not know."""
    words: list[tuple[str, str, Collection[str], tuple[object, ...]]] = [
        ("group", entry.group, vocabulary.groups, ("group",)),
        ("channel", entry.channel, vocabulary.channels, ("channel",)),
        *(
            ("meeting", met, vocabulary.meetings, ("met", number))
            for number, met in enumerate(entry.met)
        ),
        *(
            ("event", window.of, vocabulary.events, ("send", number, "of"))
            for number, window in enumerate(entry.send)
        ),
        *(("tip", tip, {*tips, *spoilt}, ("tips", tip)) for tip in entry.tips),
    ]
    for what, value, allowed, place in words:
        if value not in allowed:
            wrong(f"unknown {what} {value!r}. {suggest(value, allowed)}", *place)
    for tip, given in entry.tips.items():
        known = tips[tip].adaptations if tip in tips else {}
        if isinstance(given, AdaptedEntry) and tip in tips and given.adapted not in known:
            wrong(
                f"{tip!r} is adapted as {given.adapted!r}, which that tip does not know. "
                f"{suggest(given.adapted, known)}",
                "tips",
                tip,
                "adapted",
            )


def _windows(wrong: Wrong, entry: SampleEntry) -> None:
    """Note each sending window that never opens or has no length."""
    for number, window in enumerate(entry.send):
        if not window.within and not window.after:
            wrong("'send' has no length of time. Give 'within', 'after' or both.", "send", number)
        if window.within and window.after and window.after.hours >= window.within.hours:
            wrong(
                f"'send' closes ({window.within}) before it opens ({window.after}). Swap them.",
                "send",
                number,
            )


def _choices(
    files: Files,
    path: Path,
    lines: Iterable[tuple[int, str]],
    paragraphs: Iterable[Paragraph],
    vocabulary: Vocabulary,
) -> tuple[Choice, ...]:
    """Return the choices that a letter offers."""
    used = {line.option for paragraph in paragraphs for line in paragraph.lines if line.option}
    choices = []
    for choice in vocabulary.choices.values():
        options = tuple(option for option in choice.options if (choice.name, option.value) in used)
        if len(options) == 1:
            files.mistake(
                path,
                next(line for line, text in lines if text.startswith(f"({options[0].value})")),
                f"({options[0].value}) is the only {choice.name}. "
                "Write another way to say it, or drop the mark.",
            )
        if options:
            choices.append(Choice(choice.name, choice.label, options))
    return tuple(choices)


def _stance(tip: str, given: str | AdaptedEntry) -> Stance:
    if isinstance(given, str):
        return Stance(tip)
    return Stance(tip, given.adapted, given.because)


def _letter(
    files: Files, path: Path, page: str, start: int
) -> tuple[int, list[tuple[int, str]]] | None:
    """Return where a page's letter begins, and its numbered lines; *start* is the page's line."""
    found = list(blanks.ON_A_PAGE.finditer(page))
    if len(found) != 1:
        what = "no letter" if not found else f"{len(found)} letters"
        files.mistake(
            path,
            start,
            f"holds {what}. Put one between "
            "'{% call letter() %}' and '{% endcall %}', each alone on its line.",
        )
        return None
    text = found[0]["text"]
    first = start + page[: found[0].start("text")].count("\n")
    lines = [(first + row, line.strip()) for row, line in enumerate(blanks.curl(text).split("\n"))]
    filled = [line for line, words in lines if words]
    if not filled:
        files.mistake(path, first, "the letter is empty. Write it.")
        return None
    if code := TEMPLATE_CODE.search(text):
        files.mistake(path, first + text[: code.start()].count("\n"), _code(code[0]))
        return None
    return filled[0], lines


def _code(code: str) -> str:
    """Return what to say of template code where a text was expected."""
    return f"{brief(code)} is template code. Write plain text, and a blank as [Label]."
