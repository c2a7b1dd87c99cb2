"""Snippets for VS Code and the editors that read its format: Tab goes from blank to blank."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from ... import blanks
from ...model import Letter, Library, Part


def snippets(library: Library, values: Mapping[str, str] = {}) -> bytes:
    """Return a snippet for each letter, by its name; equal blanks are filled in together.

    A blank shows its label, or its answer among *values*, until something is typed.
    """
    made = {
        f"{letter.sample.title} ({letter.name})": {
            "scope": "plaintext,markdown",
            "prefix": letter.name,
            "description": f"{letter.sample.situation}.",
            "body": _body(letter, values).split("\n"),
        }
        for sample in library.samples.values()
        for letter in blanks.letters(sample)
    }
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def _body(letter: Letter, values: Mapping[str, str]) -> str:
    places: dict[str, int] = {}
    texts = [_written(paragraph, values, places) for paragraph in letter.paragraphs]
    if letter.sample.subject:
        texts.insert(0, f"Subject: {_written(letter.sample.subject, values, places)}")
    return "\n\n".join(texts)


def _written(parts: Iterable[Part], values: Mapping[str, str], places: dict[str, int]) -> str:
    """Return *parts* with a place for each blank, which *places* numbers by its label."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += escaped(part)
        else:
            label = part.field.label
            number = places.setdefault(label, len(places) + 1)
            text += f"${{{number}:{escaped(blanks.clean(values.get(label, '')) or label)}}}"
    return text


def escaped(text: str) -> str:
    r"""Return *text* as it stands in a snippet.

    >>> print(escaped(r"${a} \ b"))
    \${a\} \\ b
    """
    return re.sub(r"[\\$}]", r"\\\g<0>", text)
