"""Worksheets and checklists: which fields they ask for."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field as Key

from ..errors import suggest
from ..model import (
    Form,
    Section,
    Vocabulary,
)
from .files import Entry, Files, Prose, Text


class SectionEntry(Entry):
    legend: Text
    hint: Text | None = None
    fields_: list[Text] = Key(alias="fields", min_length=1)


class FormEntry(Entry):
    title: Text
    intro: Prose = ""
    sections: list[SectionEntry] = Key(min_length=1)


def read_forms(files: Files, folder: Path, vocabulary: Vocabulary | None) -> dict[str, Form]:
    """Return the forms in *folder* by id; none where the vocabulary can't be used."""
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
