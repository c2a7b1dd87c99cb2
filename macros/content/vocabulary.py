"""The shared words: fields, choices and what samples may name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field as Key

from ..model import (
    Choice,
    Field,
    Option,
    Vocabulary,
    Widget,
)
from .files import Entry, Files, Text

WORD = re.compile(r"[a-z]+(-[a-z]+)*")


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
    link: Text | None = None
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


def _slug(label: str) -> str:
    """Return *label* as a field's name: lower case, hyphens between words."""
    return "-".join(re.findall(r"[a-z0-9]+", label.lower().replace("'", "").replace("’", "")))


def read_vocabulary(files: Files, path: Path) -> Vocabulary | None:
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
