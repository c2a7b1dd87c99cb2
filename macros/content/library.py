"""All content as one `Library`.  Every mistake in every file is found in one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from .. import blanks
from ..errors import ContentError, suggest
from ..model import (
    Field,
    Library,
    Vocabulary,
)
from .files import Files
from .forms import read_forms
from .proof import prove_all
from .samples import read_samples
from .tips import read_habits, read_tips
from .vocabulary import read_vocabulary


def library(docs: Path) -> Library:
    """Return all content under *docs*.

    Raises `ContentError` with one line for each mistake in any file.
    """
    files = Files(docs.parent)
    found = _library(files, docs)
    files.close()
    return found


def letters(docs: Path) -> Library:
    """Return what letters need of the content under *docs*, which is read in half the time.

    Raises `ContentError` with one line for each mistake in that part.
    """
    files = Files(docs.parent)
    words = read_vocabulary(files, docs / "_data" / "vocabulary.yml")
    tips = read_tips(files, docs / "_data" / "tips")
    samples = read_samples(files, docs / "samples", words, tips)
    files.close()
    assert words is not None  # else it is a mistake
    return Library(words, tips, {}, samples)


def proven(docs: Path) -> Library:
    """Return all content under *docs*, every letter that a reader can reach proven.

    Raises `ContentError` with one line for each mistake, and each tip that a letter breaks.
    """
    files = Files(docs.parent)
    found = _library(files, docs)
    proofs = prove_all(files, found)
    files.close()
    return replace(found, proofs=proofs)


def _library(files: Files, docs: Path) -> Library:
    vocabulary = read_vocabulary(files, docs / "_data" / "vocabulary.yml")
    tips = read_tips(files, docs / "_data" / "tips")
    habits = read_habits(files, docs / "_data" / "habits")
    forms = read_forms(files, docs / "_data" / "forms", vocabulary)
    samples = read_samples(files, docs / "samples", vocabulary, tips)
    # Imported here, since what it asks of its file takes a while to set up.
    from . import evidence

    known = evidence.read(files, docs)
    if vocabulary is None:
        raise ContentError(*files.mistakes)
    return Library(vocabulary, tips, forms, samples, habits, evidence=known)


def vocabulary(docs: Path) -> Vocabulary:
    """Return the shared words alone, whatever mistakes the other files hold."""
    files = Files(docs.parent)
    words = read_vocabulary(files, docs / "_data" / "vocabulary.yml")
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
            for mistake in blanks.unoffered(fields[label], value.value):
                files.mistake(path, line, mistake)
        else:
            files.mistake(path, line, f"'[{label}]' has more than a text. Put it in quotes.")
    files.close()
    return given
