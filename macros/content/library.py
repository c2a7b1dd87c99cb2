"""Files to model.  Every mistake in every file is found in one run, before any page is made."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Protocol

import yaml
from pydantic import BeforeValidator, Discriminator, Tag
from pydantic import Field as Key

from .. import blanks
from ..checker import habits as good_form
from ..checker import tips as rules
from ..errors import ContentError, suggest
from ..model import (
    MOST_CHOICES,
    MOST_OPTIONS,
    Blank,
    Choice,
    Field,
    Form,
    Library,
    Option,
    Paragraph,
    Part,
    Proofs,
    Sample,
    Section,
    Stance,
    Tip,
    Vocabulary,
    Widget,
    Window,
)
from . import evidence
from .files import FRONT, Entry, Files, Length, Prose, Text, brief
from .tips import read_habits, read_tips

LETTER = re.compile(r"^\{% call letter\(\) %\}$(?P<text>.*?)^\{% endcall %\}$", re.M | re.S)
TEMPLATE_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\{%|\{#", re.S)
WORD = re.compile(r"[a-z]+(-[a-z]+)*")


def library(docs: Path) -> Library:
    """Return all content under *docs*.

    Raises `ContentError` with one line for each mistake in any file.
    """
    files = Files(docs.parent)
    found = _library(files, docs)
    files.close()
    return found


def proven(docs: Path) -> Library:
    """Return all content under *docs*, every letter that a reader can reach proven.

    Raises `ContentError` with one line for each mistake, and each tip that a letter breaks.
    """
    files = Files(docs.parent)
    found = _library(files, docs)
    proofs = _proofs(files, found)
    files.close()
    return replace(found, proofs=proofs)


def _library(files: Files, docs: Path) -> Library:
    vocabulary = _vocabulary(files, docs / "_data" / "vocabulary.yml")
    tips = read_tips(files, docs / "_data" / "tips")
    habits = read_habits(files, docs / "_data" / "habits")
    forms = _forms(files, docs / "_data" / "forms", vocabulary)
    samples = _samples(files, docs / "samples", vocabulary, tips)
    known = evidence.read(files, docs)
    if vocabulary is None:
        raise ContentError(*files.mistakes)
    return Library(vocabulary, tips, forms, samples, habits, evidence=known)


def vocabulary(docs: Path) -> Vocabulary:
    """Return the shared words alone, whatever mistakes the other files hold."""
    files = Files(docs.parent)
    words = _vocabulary(files, docs / "_data" / "vocabulary.yml")
    if words is None or files.mistakes:
        raise ContentError(*files.mistakes)
    return words


def answers(path: Path, fields: Mapping[str, Field]) -> dict[str, str]:
    """Return a reader's answers by label, from a YAML file with a line for each.

    What stands after the colon is text, ``No`` and ``2026`` too.
    """
    if not path.exists():
        raise ContentError(f"{path}: no such file. Check the name.")
    files = Files(path.parent)
    given: dict[str, str] = {}
    try:
        node = yaml.compose(files.text(path) or "", Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it can't be read"
        files.mistake(
            path, mark.line + 1 if mark else 1, f"not YAML: {problem}. Put the answers in quotes."
        )
        node = None
    if node and not isinstance(node, yaml.MappingNode):
        files.mistake(path, 1, "holds no answers. Write each like 'Interviewer: Dana Reyes'.")
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        line = key.start_mark.line + 1
        label = key.value if isinstance(key, yaml.ScalarNode) else "…"
        if label not in fields:
            files.mistake(path, line, f"unknown blank '[{label}]'. {suggest(label, fields)}")
        elif label in given:
            files.mistake(path, line, f"'[{label}]' is answered twice. Keep one answer.")
        elif isinstance(value, yaml.ScalarNode):
            given[label] = value.value
        else:
            files.mistake(path, line, f"'[{label}]' has more than a text. Put it in quotes.")
    files.close()
    return given


# What the files may hold.  Pydantic names every fault of a file at once.


def _words(text: object) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+) to (\d+)", str(text))
    if not match or int(match[1]) >= int(match[2]):
        raise ValueError(f"is {text!r}, not a range of words. Write it like '60 to 150'.")
    return int(match[1]), int(match[2])


def _several(value: object) -> object:
    return value if isinstance(value, list) else [value]


class FieldEntry(Entry):
    hint: Text
    widget: Widget = Widget.TEXT
    autocomplete: Literal["off", "name", "email", "tel"] = "off"
    options: tuple[Text, ...] = ()
    optional: bool = False
    concrete: bool = False
    signs: bool = False
    sentence: bool = False
    lead: Text | None = None
    lines: int = Key(1, ge=1, le=20)


class ChoiceEntry(Entry):
    label: Text
    options: dict[Text, Text] = Key(min_length=2)


class VocabularyEntry(Entry):
    fields_: dict[Text, FieldEntry] = Key(alias="fields", min_length=1)
    choices: dict[Text, ChoiceEntry]
    groups: dict[Text, Text]
    events: dict[Text, Text]
    channels: dict[Text, Text]
    meetings: dict[Text, Text]


class SectionEntry(Entry):
    legend: Text
    hint: Text | None = None
    fields_: list[Text] = Key(alias="fields", min_length=1)


class FormEntry(Entry):
    title: Text
    intro: Prose = ""
    sections: list[SectionEntry] = Key(min_length=1)


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


def _slug(label: str) -> str:
    """Return *label* as a field's name: lower case, hyphens between words."""
    return "-".join(re.findall(r"[a-z0-9]+", label.lower().replace("'", "").replace("’", "")))


def _vocabulary(files: Files, path: Path) -> Vocabulary | None:
    """Return the shared words, or None where the file can't be used."""
    source = files.text(path)
    entry = files.entry(VocabularyEntry, path, source) if source is not None else None
    if entry is None:
        return None
    fields: dict[str, Field] = {}
    names: dict[str, str] = {}
    for label, given in entry.fields_.items():
        field = Field(label, name=_slug(label), **given.model_dump(exclude_none=True))
        fields[label] = field
        for mistake in _field_mistakes(field, names):
            files.mistake(path, files.line(path, "fields", label), mistake)
        names.setdefault(field.name, label)
    owner: dict[str, str] = {}
    for name, choice in entry.choices.items():
        for word, place in [
            (name, ()),
            *((option, ("options", option)) for option in choice.options),
        ]:
            if not WORD.fullmatch(word):
                files.mistake(
                    path,
                    files.line(path, "choices", name, *place),
                    f"{word!r} can't mark a line. Use lower case and hyphens.",
                )
        for option in choice.options:
            if option in owner:
                files.mistake(
                    path,
                    files.line(path, "choices", name, "options", option),
                    f"({option}) is an option of {owner[option]!r} already. "
                    "Give each option its own word.",
                )
            owner.setdefault(option, name)
        if len(choice.options) > MOST_OPTIONS:
            files.mistake(
                path,
                files.line(path, "choices", name, "options"),
                f"{name!r} has {len(choice.options)} options, more than {MOST_OPTIONS}. "
                "Drop some: a reader won't compare more.",
            )
    choices = {
        name: Choice(name, given.label, tuple(Option(*option) for option in given.options.items()))
        for name, given in entry.choices.items()
    }
    return Vocabulary(fields, choices, entry.groups, entry.events, entry.channels, entry.meetings)


def _field_mistakes(field: Field, names: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with a field; *names* holds the labels before it by field name."""
    label = f"'[{field.label}]'"
    if not field.name:
        yield f"blank {label} has no letter from a to z for its field name. Add a word that has."
    elif field.name in names:
        yield (
            f"blank {label} shares its field name {field.name!r} with '[{names[field.name]}]'. "
            "Give the labels different words."
        )
    if "[" in field.label or "]" in field.label:
        yield f"label {field.label!r} holds a bracket, so no sample could ask it. Leave it out."
    picks = field.widget in (Widget.CHOICE, Widget.SEVERAL)
    if picks and len(field.options) < 2:
        yield f"widget {field.widget.value!r} needs two options. Add 'options: [one, two]'."
    if len(set(field.options)) < len(field.options):
        yield f"blank {label} has the same option twice. Keep one."
    if field.options and not picks:
        yield (
            f"widget {field.widget.value!r} takes no options. "
            f"Drop them, or use {Widget.CHOICE.value!r} or {Widget.SEVERAL.value!r}."
        )


def _forms(files: Files, folder: Path, vocabulary: Vocabulary | None) -> dict[str, Form]:
    forms = {}
    for path in files.below(folder, ".yml", ".yaml"):
        files.id(path, folder)
        source = files.text(path)
        if source is None or not (entry := files.entry(FormEntry, path, source)) or not vocabulary:
            continue
        asked: set[str] = set()
        sections = []
        for place, section in enumerate(entry.sections):
            fields = []
            for number, label in enumerate(section.fields_):
                line = files.line(path, "sections", place, "fields", number)
                if label not in vocabulary.fields:
                    files.mistake(
                        path, line, f"unknown field {label!r}. {suggest(label, vocabulary.fields)}"
                    )
                elif label in asked:
                    files.mistake(path, line, f"field {label!r} stands twice. Ask each thing once.")
                else:
                    fields.append(vocabulary.fields[label])
                asked.add(label)
            sections.append(Section(section.legend, tuple(fields), section.hint or ""))
        forms[path.stem] = Form(path.stem, entry.title, tuple(sections), entry.intro)
    return forms


def _samples(
    files: Files, folder: Path, vocabulary: Vocabulary | None, tips: Mapping[str, Tip]
) -> dict[str, Sample]:
    paths = [
        path
        for path in files.below(folder, ".md", ".markdown", ".mdown", ".mkdn", ".mkd")
        if path != folder / "index.md"
    ]
    samples: dict[str, Sample] = {}
    first: dict[str, Path] = {}
    titles: dict[str, Path] = {}
    for path in paths:
        files.id(path, folder)
        if path.stem in first:
            files.mistake(
                path,
                1,
                f"id {path.stem!r} is taken by {files.name(first[path.stem])}. "
                "Rename one of the files.",
            )
        first.setdefault(path.stem, path)
        source = files.text(path)
        if source is None or not (sample := _sample(files, path, source, vocabulary, tips)):
            continue
        if sample.title in titles:
            files.mistake(
                path,
                files.line(path, "title"),
                f"title {sample.title!r} is taken by {files.name(titles[sample.title])}. "
                "Give each sample its own.",
            )
        titles.setdefault(sample.title, path)
        samples.setdefault(sample.id, sample)
        for number, other in enumerate(sample.related):
            line = files.line(path, "related", number)
            others = {path.stem for path in paths} - {sample.id}
            if other == sample.id:
                files.mistake(path, line, f"related sample {other!r} is this one. Name another.")
            elif other not in others:
                files.mistake(
                    path, line, f"related sample {other!r} is unknown. {suggest(other, others)}"
                )
    owners: dict[str, Sample] = {}
    for sample in samples.values():
        for letter in blanks.letters(sample):
            owner = owners.setdefault(letter.name, sample)
            if owner is not sample:
                files.mistake(
                    files.root / sample.path,
                    1,
                    f"letter {letter.name!r} has the name of one in {owner.path}. "
                    "Rename one of the files.",
                )
    groups = list(vocabulary.groups) if vocabulary else []
    return dict(
        sorted(
            samples.items(),
            key=lambda item: (
                groups.index(item[1].group) if item[1].group in groups else 0,
                item[1].order,
                item[0],
            ),
        )
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
    front, page = parts["front"], parts["page"]
    code = TEMPLATE_CODE.search(front)
    if code:
        files.mistake(path, 2 + front[: code.start()].count("\n"), _code(code[0]))
    entry = None if code else files.entry(SampleEntry, path, front, 2)
    for line, text in files.scalars.get(path, ()):
        # In quotes, \x7b is read as a brace.
        if code := TEMPLATE_CODE.search(text):
            files.mistake(path, line, _code(code[0]))
    letter = _letter(files, path, page, source[: parts.start("page")].count("\n") + 1)
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
    choices = _choices(files, path, at, lines, paragraphs, vocabulary)
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
    at: int,
    lines: Iterable[tuple[int, str]],
    paragraphs: Iterable[Paragraph],
    vocabulary: Vocabulary,
) -> tuple[Choice, ...]:
    """Return the choices that a letter, which begins on line *at*, offers."""
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
    if len(choices) > MOST_CHOICES:
        files.mistake(
            path,
            at,
            f"the letter has {len(choices)} choices, more than {MOST_CHOICES}. "
            "Drop some, or write two samples.",
        )
    return tuple(choices)


def _proofs(files: Files, library: Library) -> dict[str, Proofs]:
    """Return what proves each letter that a reader can reach, by sample; note what fails."""
    tips = library.tips
    proofs: dict[str, Proofs] = {}
    for sample in library.samples.values():
        stances = {stance.tip: stance.adapted for stance in sample.stances}
        if any(way and way not in tips[tip].adaptations for tip, way in stances.items()):
            continue
        # Words that could not be read would be missed here a second time.
        if any(name == sample.path and line >= sample.line for name, line, _ in files.noted):
            continue
        for letter in blanks.letters(sample):
            picks = f"({', '.join(option for _, option in letter.picks)}) " if letter.picks else ""
            found = rules.prove(letter, tips)
            proofs.setdefault(sample.id, {})[letter.picks] = found
            for tip, finding in found.items():
                if not finding.follows:
                    files.mistake(
                        files.root / sample.path,
                        sample.line,
                        f"the {picks}letter does not follow {tips[tip].title!r}"
                        f"{f' as {stances[tip]!r}' if stances.get(tip) else ''}. "
                        f"{finding.advice}",
                    )
            for habit in good_form.prove(letter, library.habits):
                files.mistake(
                    files.root / sample.path,
                    sample.line,
                    f"the {picks}letter breaks the habit {habit.id!r}. {habit.rule.otherwise}",
                )
    return proofs


def _stance(tip: str, given: str | AdaptedEntry) -> Stance:
    if isinstance(given, str):
        return Stance(tip)
    return Stance(tip, given.adapted, given.because)


def _letter(
    files: Files, path: Path, page: str, start: int
) -> tuple[int, list[tuple[int, str]]] | None:
    """Return where a page's letter begins, and its numbered lines; *start* is the page's line."""
    found = list(LETTER.finditer(page))
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
    lines = [(first + row, line.strip()) for row, line in enumerate(text.split("\n"))]
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
