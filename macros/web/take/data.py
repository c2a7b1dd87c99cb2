"""The whole library as data: JSON with its schema, and a table for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ... import blanks
from ...model import Field, Letter, Library, Part, Sample, Span, Window

SCHEMA = Path(__file__).with_name("letters.schema.json")
"""What the JSON holds, key by key."""

FORMAT, VERSION = "after-the-interview/letters", 1
"""The number rises when a program that reads the JSON would have to change."""

COLUMNS = (
    *("letter", "sample", "title", "situation", "group", "channel", "to", "send"),
    *("choices", "blanks", "subject", "body"),
)
"""The columns of the table, a row to each letter."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""How a cell begins that a spreadsheet would run, or that looks as if it were guarded."""


def as_json(library: Library, values: Mapping[str, str] = {}) -> bytes:
    """Return the library as JSON, with the answers *values* where there are any."""
    fields = dict.fromkeys(
        blank.field for sample in library.samples.values() for blank in sample.blanks
    )
    data: dict[str, Any] = {
        "$schema": SCHEMA.name,
        "format": FORMAT,
        "version": VERSION,
        "licence": "CC BY 4.0",
        "fields": [_field(each) for each in library.vocabulary.fields.values() if each in fields],
        "choices": [
            {
                "name": choice.name,
                "label": choice.label,
                "options": [{"value": o.value, "label": o.label} for o in choice.options],
            }
            for choice in library.vocabulary.choices.values()
        ],
        "groups": [{"id": id, "name": name} for id, name in library.vocabulary.groups.items()],
        "samples": [_sample(sample, values) for sample in library.samples.values()],
    }
    if values:
        data["answers"] = {label: blanks.clean(text) for label, text in values.items()}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _field(field: Field) -> dict[str, Any]:
    return {
        "label": field.label,
        "name": field.name,
        "hint": field.hint,
        "lines": field.lines,
        "optional": field.optional,
        "sentence": field.sentence,
    }


def _sample(sample: Sample, values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": sample.id,
        "title": sample.title,
        "situation": sample.situation,
        "group": sample.group,
        "channel": sample.channel,
        "to": sample.to,
        "send": [_window(window) for window in sample.send],
        "leave_out": list(sample.leave_out),
        "related": list(sample.related),
        "letters": [_letter(letter, values) for letter in blanks.letters(sample)],
    }


def _window(window: Window) -> dict[str, Any]:
    spans = {"within": window.within, "after": window.after}
    return {"of": window.of, **{name: _span(span) for name, span in spans.items() if span}}


def _span(span: Span) -> dict[str, Any]:
    return {"count": span.count, "unit": span.unit}


def _letter(letter: Letter, values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": letter.name,
        "choices": dict(letter.picks),
        "subject": _parts(letter.sample.subject),
        "paragraphs": [_parts(paragraph) for paragraph in letter.paragraphs],
        "subject_text": blanks.subject(letter, values),
        "body_text": blanks.body(letter, values),
    }


def _parts(parts: Iterable[Part]) -> list[Any]:
    return [part if isinstance(part, str) else {"blank": part.field.label} for part in parts]


def as_csv(library: Library, values: Mapping[str, str] = {}) -> bytes:
    """Return the library as a table that spreadsheets open: UTF-8, commas, a head line.

    A cell that a spreadsheet would take for a formula begins with an apostrophe, and so does
    one that begins with an apostrophe itself: take one away, and the text is whole.
    """
    table = io.StringIO()
    rows = csv.writer(table, quoting=csv.QUOTE_ALL)
    rows.writerow(COLUMNS)
    for sample in library.samples.values():
        for letter in blanks.letters(sample):
            rows.writerow([guarded(cell) for cell in _row(letter, values)])
    # Without the mark at the beginning, spreadsheets take another encoding.
    return table.getvalue().encode("utf-8-sig")


def _row(letter: Letter, values: Mapping[str, str]) -> list[str]:
    sample = letter.sample
    return [
        *(letter.name, sample.id, sample.title, sample.situation, sample.group, sample.channel),
        *(sample.to, " or ".join(map(str, sample.send))),
        ", ".join(f"{choice}: {option}" for choice, option in letter.picks),
        ", ".join(blank.field.label for blank in sample.blanks),
        *(blanks.subject(letter, values), blanks.body(letter, values)),
    ]


def guarded(cell: str) -> str:
    """Return *cell* so that no spreadsheet runs it.

    >>> guarded("=1+1"), guarded("'tis"), guarded("Dear Dana")
    ("'=1+1", "''tis", 'Dear Dana')
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell
