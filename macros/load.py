"""Files to model.  Every mistake in every file is found in one run, before any page is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import BeforeValidator, model_validator
from pydantic import Field as Key

from . import blanks
from . import habits as good_form
from . import tips as rules
from .desk import Desk, Entry, Prose, Text, line_of
from .errors import ContentError, suggest
from .model import (
    HOURS,
    Adaptation,
    Blank,
    Choice,
    Example,
    Field,
    Form,
    Habit,
    Library,
    Option,
    Proofs,
    Rule,
    Sample,
    Section,
    Span,
    Stance,
    Tip,
    Vocabulary,
    Widget,
    Window,
)

LETTER = re.compile(r"^\{% call letter\(\) %\}$(?P<text>.*?)^\{% endcall %\}$", re.M | re.S)
TEMPLATE_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\{%|\{#", re.S)
SPAN = re.compile(r"(\d+) (" + "|".join(HOURS) + r")s?")
STEM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def library(docs: Path) -> Library:
    """Return all content under *docs*.

    Raises `ContentError` with one line for each mistake in any file.
    """
    desk = Desk(docs.parent)
    found = _library(desk, docs)
    desk.close()
    return found


def proven(docs: Path) -> Library:
    """Return all content under *docs*, every letter that a reader can reach proven.

    Raises `ContentError` with one line for each mistake, and each tip that a letter breaks.
    """
    desk = Desk(docs.parent)
    found = _library(desk, docs)
    proofs = _proofs(desk, found)
    desk.close()
    return replace(found, proofs=proofs)


def tips(docs: Path) -> Mapping[str, Tip]:
    """Return the tips under *docs* alone, in order."""
    desk = Desk(docs.parent)
    folder = docs / "_data" / "tips"
    found = _tips(desk, folder)
    if not folder.is_dir():
        desk.mistake(folder, 1, "is missing. Run the command from a copy of the project.")
    desk.close()
    return found


def habits(docs: Path) -> Mapping[str, Habit]:
    """Return the habits of good form under *docs* alone."""
    desk = Desk(docs.parent)
    found = _habits(desk, docs / "_data" / "habits")
    desk.close()
    return found


def _library(desk: Desk, docs: Path) -> Library:
    vocabulary = _vocabulary(desk, docs / "_data" / "vocabulary.yml")
    tips = _tips(desk, docs / "_data" / "tips")
    forms = _forms(desk, docs / "_data" / "forms", vocabulary)
    samples = _samples(desk, docs / "samples", vocabulary, tips)
    return Library(vocabulary, tips, forms, samples, _habits(desk, docs / "_data" / "habits"))


def vocabulary(docs: Path) -> Vocabulary:
    """Return the shared words alone, whatever mistakes the other files hold."""
    desk = Desk(docs.parent)
    words = _vocabulary(desk, docs / "_data" / "vocabulary.yml")
    desk.close()
    return words


def answers(path: Path, fields: Mapping[str, Field]) -> dict[str, str]:
    """Return a reader's answers by label, from a YAML file with a line for each.

    What stands after the colon is text, ``No`` and ``2026`` too.
    """
    if not path.exists():
        raise ContentError(f"{path}: no such file. Check the name.")
    desk = Desk(path.parent)
    given: dict[str, str] = {}
    try:
        node = yaml.compose(desk.text(path) or "", Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it can't be read"
        desk.mistake(
            path, mark.line + 1 if mark else 1, f"not YAML: {problem}. Put the answers in quotes."
        )
        node = None
    if node and not isinstance(node, yaml.MappingNode):
        desk.mistake(path, 1, "holds no answers. Write each like 'Interviewer: Dana Reyes'.")
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        line = key.start_mark.line + 1
        label = key.value if isinstance(key, yaml.ScalarNode) else "…"
        if label not in fields:
            desk.mistake(path, line, f"unknown blank '[{label}]'. {suggest(label, fields)}")
        elif label in given:
            desk.mistake(path, line, f"'[{label}]' is answered twice. Keep one answer.")
        elif isinstance(value, yaml.ScalarNode):
            given[label] = value.value
        else:
            desk.mistake(path, line, f"'[{label}]' has more than a text. Put it in quotes.")
    desk.close()
    return given


# What the files may hold.  Pydantic names every fault of a file at once.


def _span(text: object) -> Span:
    match = SPAN.fullmatch(str(text))
    if not match or not int(match[1]):
        units = ", ".join(f"{unit}s" for unit in HOURS)
        raise ValueError(f"is {text!r}, not a length of time. Write a number and one of: {units}.")
    return Span(int(match[1]), match[2])


def _words(text: object) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+) to (\d+)", str(text))
    if not match or int(match[1]) >= int(match[2]):
        raise ValueError(f"is {text!r}, not a range of words. Write it like '60 to 150'.")
    return int(match[1]), int(match[2])


def _several(value: object) -> object:
    return value if isinstance(value, list) else [value]


Length = Annotated[Span, BeforeValidator(_span)]
Meaning = Literal["gratitude", "interest", "refusal", "lateness", "moment"]
KINDS = ("says", "never", "words", "avoids", "within", "beyond", "waits", "asks", "counts")


class FieldEntry(Entry):
    hint: Text
    widget: Widget = Widget.TEXT
    autocomplete: Literal["off", "name", "email", "tel"] = "off"
    options: tuple[Text, ...] = ()
    optional: bool = False
    concrete: bool = False
    signs: bool = False
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


class RuleEntry(Entry):
    """A rule: one key names its kind, `otherwise` says what to do where it is not met."""

    says: Meaning | None = None
    never: Meaning | None = None
    words: list[Text] | None = None
    avoids: list[Text] | None = None
    within: Length | None = None
    beyond: Length | None = None
    waits: Literal[True] | None = None
    asks: Literal["moment"] | None = None
    counts: Literal[*good_form.MEASURES] | None = None  # type: ignore[valid-type]
    naming: list[Text] = []
    instead: list[Text] = []
    least: int = Key(0, ge=0)
    most: int | None = Key(None, ge=0)
    otherwise: Text

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"needs one of these keys: {', '.join(KINDS)}. It has {given}.")
        return self

    def rule(self) -> Rule:
        """Return the rule that the entry describes."""
        if self.says:
            return rules.Says(self.otherwise, self.says, tuple(self.naming))
        if self.never:
            return rules.Never(self.otherwise, self.never, tuple(self.instead))
        if self.words:
            return rules.Words(self.otherwise, tuple(self.words), self.most)
        if self.avoids:
            return rules.Avoids(self.otherwise, tuple(self.avoids))
        if self.counts:
            return good_form.Counts(self.otherwise, self.counts, self.least, self.most)
        if self.asks:
            return rules.Asks(self.otherwise)
        return rules.Sent(self.otherwise, self.within, self.beyond, bool(self.waits))


class HabitEntry(RuleEntry):
    reason: Text
    source: Text
    for_: list[Literal["letters", "drafts"]] = Key(["letters", "drafts"], alias="for", min_length=1)


class ExampleEntry(Entry):
    text: Prose
    why: Text


class AdaptationEntry(Entry):
    means: Text
    rules: list[RuleEntry] = Key(min_length=1)


class TipEntry(Entry):
    title: Text
    advice: Prose
    reason: Prose
    order: int = 0
    rules: list[RuleEntry] = Key(min_length=1)
    letters: list[RuleEntry] = []
    adaptations: dict[Text, AdaptationEntry] = {}
    follows: list[Prose] = Key(min_length=1)
    breaks: list[ExampleEntry] = Key(min_length=1)


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
    tips: dict[Text, Literal["applies"] | AdaptedEntry] = {}
    leave_out: list[Text] = []
    related: list[Text] = []
    description: Text | None = None


def _slug(label: str) -> str:
    """Return *label* as a field's name: lower case, hyphens between words."""
    return "-".join(re.findall(r"[a-z0-9]+", label.lower().replace("'", "").replace("’", "")))


def _vocabulary(desk: Desk, path: Path) -> Vocabulary:
    source = desk.text(path)
    entry = desk.entry(VocabularyEntry, path, source) if source is not None else None
    if entry is None:
        return Vocabulary({}, {}, {}, {}, {}, {})
    fields = {
        label: Field(label, name=_slug(label), **given.model_dump())
        for label, given in entry.fields_.items()
    }
    names = [field.name for field in fields.values()]
    for label, field in fields.items():
        if names.count(field.name) > 1:
            desk.mistake(
                path,
                1,
                f"blank '[{label}]' shares its field name {field.name!r}. "
                "Give the labels different words.",
            )
    choices = {
        name: Choice(name, given.label, tuple(Option(*option) for option in given.options.items()))
        for name, given in entry.choices.items()
    }
    return Vocabulary(fields, choices, entry.groups, entry.events, entry.channels, entry.meetings)


def _tips(desk: Desk, folder: Path) -> dict[str, Tip]:
    tips = []
    for path in sorted(folder.glob("*.yml")):
        source = desk.text(path)
        if source is not None and (entry := desk.entry(TipEntry, path, source)):
            tips.append(
                Tip(
                    path.stem,
                    entry.title,
                    entry.advice,
                    entry.reason,
                    entry.order,
                    tuple(given.rule() for given in entry.rules),
                    tuple(given.rule() for given in entry.letters),
                    {
                        id: Adaptation(given.means, tuple(rule.rule() for rule in given.rules))
                        for id, given in entry.adaptations.items()
                    },
                    tuple(map(Example, entry.follows)),
                    tuple(Example(given.text, given.why) for given in entry.breaks),
                )
            )
    return {tip.id: tip for tip in sorted(tips, key=lambda tip: (tip.order, tip.id))}


def _habits(desk: Desk, folder: Path) -> dict[str, Habit]:
    found = {}
    for path in sorted(folder.glob("*.yml")):
        source = desk.text(path)
        if source is not None and (entry := desk.entry(HabitEntry, path, source)):
            found[path.stem] = Habit(
                path.stem, entry.rule(), entry.reason, entry.source, tuple(entry.for_)
            )
    return found


def _forms(desk: Desk, folder: Path, vocabulary: Vocabulary) -> dict[str, Form]:
    forms = {}
    for path in sorted(folder.glob("*.yml")):
        source = desk.text(path)
        if source is None or not (entry := desk.entry(FormEntry, path, source)):
            continue
        labels = [label for section in entry.sections for label in section.fields_]
        for label in dict.fromkeys(labels):
            if label not in vocabulary.fields:
                desk.mistake(
                    path,
                    line_of(source, label),
                    f"unknown field {label!r}. {suggest(label, vocabulary.fields)}",
                )
            if labels.count(label) > 1:
                desk.mistake(
                    path,
                    line_of(source, label),
                    f"field {label!r} stands twice. Ask each thing once.",
                )
        sections = tuple(
            Section(
                section.legend,
                tuple(
                    vocabulary.fields[label]
                    for label in section.fields_
                    if label in vocabulary.fields
                ),
                section.hint or "",
            )
            for section in entry.sections
        )
        forms[path.stem] = Form(path.stem, entry.title, sections, entry.intro)
    return forms


def _samples(
    desk: Desk, folder: Path, vocabulary: Vocabulary, tips: Mapping[str, Tip]
) -> dict[str, Sample]:
    samples: dict[str, Sample] = {}
    titles: dict[str, str] = {}
    for path in sorted(folder.rglob("*.md")):
        if path == folder / "index.md":
            continue
        source = desk.text(path)
        if source is None:
            continue
        sample = _sample(desk, path, source, vocabulary, tips)
        if not STEM.fullmatch(path.stem):
            desk.mistake(
                path,
                1,
                f"file name {path.name!r} can't be an id. Use lower case, digits and hyphens.",
            )
        if path.parent != folder:
            desk.mistake(path, 1, f"lies in a folder of its own. Move it to {desk.name(folder)}/.")
        if sample is None:
            continue
        if sample.id in samples:
            desk.mistake(
                path,
                1,
                f"id {sample.id!r} is taken by {samples[sample.id].path}. Rename one of the files.",
            )
        if sample.title in titles:
            desk.mistake(
                path,
                line_of(source, "title:"),
                f"title {sample.title!r} is taken by {titles[sample.title]}. "
                "Give each sample its own.",
            )
        titles.setdefault(sample.title, sample.path)
        samples.setdefault(sample.id, sample)
    owners: dict[str, Sample] = {}
    for sample in samples.values():
        for letter in blanks.letters(sample):
            owner = owners.setdefault(letter.name, sample)
            if owner is not sample:
                desk.mistake(
                    desk.root / sample.path,
                    1,
                    f"letter {letter.name!r} has the name of one in {owner.path}. "
                    "Rename one of the files.",
                )
        for other in sample.related:
            if other not in samples:
                path = desk.root / sample.path
                desk.mistake(
                    path,
                    line_of(path.read_text("utf-8"), other),
                    f"related sample {other!r} is unknown. {suggest(other, samples)}",
                )
    groups = list(vocabulary.groups)
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
    desk: Desk, path: Path, source: str, vocabulary: Vocabulary, tips: Mapping[str, Tip]
) -> Sample | None:
    """Return the sample in *source*, or None where its front matter can't be used."""
    handler = YAMLHandler()
    try:
        if not handler.detect(source):
            raise ValueError
        front, page = handler.split(source)
    except ValueError:
        desk.mistake(path, 1, "has no front matter. Begin with '---', keys, '---'.")
        return None
    start = source[: source.index(front)].count("\n") + 1
    if code := TEMPLATE_CODE.search(front):
        desk.mistake(
            path,
            start + front[: code.start()].count("\n"),
            f"{code[0]!r} is template code. Write plain text, and a blank as [Label].",
        )
        return None
    entry = desk.entry(SampleEntry, path, front, start)

    def wrong(key: str, text: str) -> None:
        desk.mistake(path, line_of(front, key, start), text)

    after = start + front.count("\n")
    letter = _letter(desk, path, page, after)
    if entry is None or letter is None:
        return None
    at, lines = letter
    paragraphs, mistakes = blanks.paragraphs(lines, vocabulary.fields, vocabulary.choices)
    for line, text in mistakes:
        desk.mistake(path, line, text)
    try:
        subject = blanks.parse(entry.subject or "", vocabulary.fields)
    except ContentError as error:
        wrong("subject:", f"'subject': {error}")
        subject = ()
    for key, value, allowed in [
        ("group", entry.group, vocabulary.groups),
        ("channel", entry.channel, vocabulary.channels),
        *(("met", met, vocabulary.meetings) for met in entry.met),
        *(("of", window.of, vocabulary.events) for window in entry.send),
        *(("tips", tip, tips) for tip in entry.tips),
    ]:
        if value not in allowed:
            wrong(f"{key}:", f"{key!r} is {value!r}. {suggest(value, allowed)}")
    for tip, given in entry.tips.items():
        known = tips[tip].adaptations if tip in tips else {}
        if isinstance(given, AdaptedEntry) and tip in tips and given.adapted not in known:
            wrong(
                f"{tip}:",
                f"{tip!r} is adapted as {given.adapted!r}, which that tip does not know. "
                f"{suggest(given.adapted, known)}",
            )
    for window in entry.send:
        if not window.within and not window.after:
            wrong("send:", "'send' has no length of time. Give 'within', 'after' or both.")
        if window.within and window.after and window.after.hours >= window.within.hours:
            wrong(
                "send:",
                f"'send' closes ({window.within}) before it opens ({window.after}). Swap them.",
            )
    if entry.channel == "email" and not entry.subject:
        wrong("channel:", "an email has no subject. Add 'subject: …'.")
    asked: set[Blank] = set()
    for paragraph in paragraphs:
        for row in paragraph.lines:
            for part in row.parts:
                if not isinstance(part, Blank):
                    continue
                label = f"[{part.field.label}]"
                where = line_of(page, label, after)
                if row.option:
                    desk.mistake(
                        path,
                        where,
                        f"blank '{label}' stands in ({row.option[1]}) only, "
                        "so what is typed would be lost with the choice. "
                        "Move it to a line without a mark.",
                    )
                elif part in asked:
                    desk.mistake(
                        path,
                        where,
                        f"blank '{label}' stands twice. "
                        "A page can't repeat an answer: reword one of the places.",
                    )
                asked.add(part)
    used = {line.option for paragraph in paragraphs for line in paragraph.lines if line.option}
    choices = []
    for choice in vocabulary.choices.values():
        options = tuple(option for option in choice.options if (choice.name, option.value) in used)
        if len(options) == 1:
            desk.mistake(
                path,
                at,
                f"({options[0].value}) is the only {choice.name}. "
                "Write another way to say it, or drop the mark.",
            )
        if options:
            choices.append(Choice(choice.name, choice.label, options))
    return Sample(
        id=path.stem,
        path=desk.name(path),
        title=entry.title,
        situation=entry.situation,
        group=entry.group,
        channel=entry.channel,
        send=tuple(Window(window.of, window.within, window.after) for window in entry.send),
        subject=subject,
        paragraphs=paragraphs,
        choices=tuple(choices),
        stances=tuple(_stance(tip, entry.tips.get(tip, "applies")) for tip in tips),
        words=entry.words,
        to=entry.to or "",
        order=entry.order,
        meetings=tuple(entry.met),
        related=tuple(entry.related),
        leave_out=tuple(entry.leave_out),
        line=at,
    )


def _proofs(desk: Desk, library: Library) -> dict[str, Proofs]:
    """Return what proves each letter that a reader can reach, by sample; note what fails."""
    tips = library.tips
    proofs: dict[str, Proofs] = {}
    for sample in library.samples.values():
        stances = {stance.tip: stance.adapted for stance in sample.stances}
        if any(way and way not in tips[tip].adaptations for tip, way in stances.items()):
            continue
        for letter in blanks.letters(sample):
            picks = f"({', '.join(option for _, option in letter.picks)}) " if letter.picks else ""
            found = rules.prove(letter, tips)
            proofs.setdefault(sample.id, {})[letter.picks] = found
            for tip, finding in found.items():
                if not finding.follows:
                    desk.mistake(
                        desk.root / sample.path,
                        sample.line,
                        f"the {picks}letter does not follow {tips[tip].title!r}"
                        f"{f' as {stances[tip]!r}' if stances.get(tip) else ''}. "
                        f"{finding.advice}",
                    )
            for habit in good_form.prove(letter, library.habits):
                desk.mistake(
                    desk.root / sample.path,
                    sample.line,
                    f"the {picks}letter breaks the habit {habit.id!r}. {habit.rule.otherwise}",
                )
    return proofs


def _stance(tip: str, given: str | AdaptedEntry) -> Stance:
    if isinstance(given, str):
        return Stance(tip)
    return Stance(tip, given.adapted, given.because)


def _letter(
    desk: Desk, path: Path, page: str, start: int
) -> tuple[int, list[tuple[int, str]]] | None:
    """Return where a page's letter begins, and its numbered lines."""
    found = list(LETTER.finditer(page))
    if len(found) != 1:
        what = "no letter" if not found else f"{len(found)} letters"
        desk.mistake(
            path,
            start,
            f"holds {what}. Put one between "
            "'{% call letter() %}' and '{% endcall %}', each alone on its line.",
        )
        return None
    at = start + page[: found[0].start("text")].count("\n") + 1
    text = found[0]["text"].strip("\n")
    if not text.strip():
        desk.mistake(path, at, "the letter is empty. Write it.")
        return None
    if code := TEMPLATE_CODE.search(text):
        desk.mistake(
            path,
            at + text[: code.start()].count("\n"),
            f"{code[0]!r} is template code. Write plain text, and a blank as [Label].",
        )
        return None
    return at, list(enumerate(text.split("\n"), at))
