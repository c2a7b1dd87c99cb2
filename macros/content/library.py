"""All content as one `Library`.  Every mistake in every file is found in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import yaml

from .. import blanks
from ..errors import ContentError, suggest
from ..model import Field, Library, Vocabulary
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
    found = _whole(_judged(files, docs), files, docs)
    files.close()
    return found


def letters(docs: Path) -> Library:
    """Return what letters need of the content under *docs*, which is read in half the time.

    Raises `ContentError` with one line for each mistake in that part.
    """
    files = Files(docs.parent)
    found = _letters(files, docs)
    files.close()
    return found


def proven(
    docs: Path,
    meanwhile: Callable[[Library], Iterable[str]] = lambda found: (),
    beside: bool = False,
) -> Library:
    """Return all content under *docs*, every letter that a reader can reach proven.

    Another process proves them *beside*, if that is wanted.  What is done *meanwhile*, where no
    file holds a mistake, gets all but the proofs and returns further mistakes.  Raises
    `ContentError` with one line for each mistake, and each tip that a letter breaks.
    """
    files = Files(docs.parent)
    part = _judged(files, docs)
    proving = (_beside if beside else partial)(prove_all, part, _unread(files, part))
    found = _whole(part, files, docs)
    others = () if files.noted else meanwhile(found)
    proofs, failed = proving()
    for id, text in failed:
        sample = part.samples[id]
        files.mistake(docs.parent / sample.path, sample.line, text)
    if all_mistakes := [*files.mistakes, *others]:
        raise ContentError(*all_mistakes)
    return replace(found, proofs=proofs)


R = TypeVar("R")


def _beside(work: Callable[..., R], *args: object) -> Callable[[], R]:
    """Begin *work* in another process; return what waits for what it returns."""
    other = ProcessPoolExecutor(1)
    done = other.submit(work, *args)
    other.shutdown(wait=False)
    return done.result


def _letters(files: Files, docs: Path) -> Library:
    """Return what letters are made of."""
    words = read_vocabulary(files, docs / "_data" / "vocabulary.yml")
    tips = read_tips(files, docs / "_data" / "tips")
    samples = read_samples(files, docs / "samples", words, tips)
    return Library(words or NONE, tips, {}, samples)


def _judged(files: Files, docs: Path) -> Library:
    """Return what letters are made of, with all that they are held to."""
    return replace(_letters(files, docs), habits=read_habits(files, docs / "_data" / "habits"))


NONE = Vocabulary({}, {}, {}, {}, {}, {})
"""Stands for words that can't be used; since this is a mistake, nobody gets to see it."""


def _whole(part: Library, files: Files, docs: Path) -> Library:
    """Return *part* with all that is no letter's."""
    # Imported here, since what it asks of its file takes a while to set up.
    from . import evidence

    words = None if part.vocabulary is NONE else part.vocabulary
    forms = read_forms(files, docs / "_data" / "forms", words)
    return replace(part, forms=forms, evidence=evidence.read(files, docs))


def _unread(files: Files, library: Library) -> set[str]:
    """Return the samples in whose letters a mistake was found."""
    return {
        sample.id
        for sample in library.samples.values()
        if any(name == sample.path and line >= sample.line for name, line, _ in files.noted)
    }


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
