"""A package for Espanso, which writes a letter wherever one types: a form for each letter.

The tones of a letter share its trigger, and Espanso asks which one is meant.  A form asks
each blank once and writes it wherever the letter needs it; Espanso's shorter way, with the
fields in the text itself, asks twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from ... import blanks
from ...model import Blank, Field, Letter, Library, Part, Sample
from .packing import as_yaml

NAME = "after-the-interview"
"""The package's name, and by Espanso's rules that of its folder."""

FORM = "letter"
"""What the form is called inside a match."""


def package(library: Library, values: Mapping[str, str] = {}) -> dict[str, bytes]:
    """Return the package's files by name; its forms begin with the answers *values*."""
    samples = library.samples.values()
    matches = [match for sample in samples for match in _matches(sample, values)]
    manifest = {
        "name": NAME,
        "title": "After the Interview",
        "description": "Thank-you notes and follow-up emails after a job interview.",
        "version": version(NAME),
        "author": "After the Interview",
    }
    files = {
        "_manifest.yml": as_yaml(manifest),
        "package.yml": as_yaml({"matches": matches}),
        "README.md": _readme(samples),
    }
    return {name: text.encode() for name, text in files.items()}


def trigger(sample: Sample, part: str = "") -> str:
    """Return what one types for a letter; its colons keep it from being another's beginning."""
    return f":{sample.id}{part}:"


def _matches(sample: Sample, values: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    for letter in blanks.letters(sample):
        text = "\n\n".join(_written(paragraph) for paragraph in letter.paragraphs)
        yield _match(trigger(sample), letter, text, letter.paragraphs, values)
    if sample.subject:
        letter = next(blanks.letters(sample))
        text = _written(sample.subject)
        yield _match(trigger(sample, "-subject"), letter, text, [sample.subject], values)


def _match(
    trigger: str,
    letter: Letter,
    text: str,
    parts: Iterable[Iterable[Part]],
    values: Mapping[str, str],
) -> dict[str, Any]:
    sample = letter.sample
    labels = [
        option.label
        for choice in sample.choices
        for option in choice.options
        if (choice.name, option.value) in letter.picks
    ]
    what = "subject" if trigger.endswith("-subject:") else ", ".join(labels).lower()
    match: dict[str, Any] = {
        "trigger": trigger,
        "label": f"{sample.title} ({what})" if what else sample.title,
        "replace": text,
    }
    asked = dict.fromkeys(part.field for p in parts for part in p if isinstance(part, Blank))
    if asked:
        match["vars"] = [_form(asked, values)]
    return match


def _form(asked: Iterable[Field], values: Mapping[str, str]) -> dict[str, Any]:
    """Return the form that asks for each field, with the answers that there are."""
    asked = list(asked)
    fields = {key(field): _field(field, values) for field in asked}
    layout = "\n".join(map(_question, asked))
    form = {"name": FORM, "type": "form", "params": {"layout": layout, "fields": fields}}
    # Else braces in an answer would be taken for variables.
    braced = any("{{" in field.get("default", "") for field in fields.values())
    return {**form, "inject_vars": False} if braced else form


def key(field: Field) -> str:
    """Return a field's name in the letters that Espanso allows."""
    return field.name.replace("-", "_")


def _question(field: Field) -> str:
    """Return label and hint in a line of their own, which makes the box below it wide."""
    hint = f"may stay empty. {field.hint}" if field.optional else field.hint
    said = f"{field.label}: {hint}".replace("[[", "[ [").replace("{{", "{ {")
    return f"{said}\n[[{key(field)}]]"


def _field(field: Field, values: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"multiline": field.lines > 1}
    if value := blanks.clean(values.get(field.label, "")):
        found["default"] = value
    return found


def _written(parts: Iterable[Part]) -> str:
    """Return *parts* as a replacement: text in which no brace is a variable's but a blank's."""
    return "".join(
        f"{{{{{FORM}.{key(part.field)}}}}}" if isinstance(part, Blank) else literal(part)
        for part in parts
    )


def literal(text: str) -> str:
    r"""Return *text* so that Espanso writes it as it is.

    >>> print(literal("a {{b}}"))
    a \{\{b\}\}
    """
    return text.replace("{{", r"\{\{").replace("}}", r"\}\}")


def _readme(samples: Iterable[Sample]) -> str:
    lines = [
        "# After the Interview",
        "",
        "Thank-you notes and follow-up emails after a job interview, for Espanso 2.1 or newer.",
        "Put this folder into the folder `match/packages` that `espanso path` names.",
        "",
        "Type what stands on the left. Where a letter has several tones, Espanso asks which one,",
        "then for each blank once. `-subject` before the last colon writes its subject line.",
        "",
        *(f"- `{trigger(sample)}` {sample.title}" for sample in samples),
        "",
        "Text: CC BY 4.0.",
        "",
    ]
    return "\n".join(lines)
