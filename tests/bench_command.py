"""The command in figures: how soon it starts, how fast it writes, what comes back whole."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from macros.web import downloads
from macros.web.take import data, espanso, snippets

from .conftest import content, letters
from .test_downloads import READERS, plain
from .test_take import matches, read_csv, read_snippets

Row = tuple[str, str, str]


def rows() -> Iterator[Row]:
    """Yield the command's figures."""
    for words in (["list"], ["fill", "thank-you-note", "--keep-blanks"], ["--help"]):
        yield f"processor time of follow-up {words[0]}", f"{_processor(words):.2f} s", "0.40 s"
    library = content()
    reachable = letters(library)
    start = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        downloads.write(downloads.made(library), Path(folder))
    yield "all letters in all formats, processor time", f"{time.process_time() - start:.2f} s", ""
    start = time.process_time()
    espanso.package(library)
    snippets.snippets(library)
    data.as_json(library)
    data.as_csv(library)
    taken = time.process_time() - start
    yield "Espanso, VS Code, JSON and table, processor time", f"{taken:.2f} s", ""
    values = {label: f"{label} of Renée & Łukaś." for label in library.vocabulary.fields}
    whole = sum(
        READERS[extension](format.make(letter, answers)) == plain(letter, answers)
        for letter in reachable
        for answers in ({}, values)
        for extension, format in downloads.formats().items()
    )
    due = len(reachable) * 2 * len(downloads.formats())
    yield "round trips: letters by formats, open and answered", str(whole), str(due)
    kept = {
        "Espanso": sum(1 for match in matches() if not match["trigger"].endswith("-subject:")),
        "VS Code": len(read_snippets()),
        "table": len(read_csv(data.as_csv(library))),
    }
    for name, count in kept.items():
        yield f"letters in {name}", str(count), str(len(reachable))


def _processor(words: list[str]) -> float:
    """Return the processor seconds of the command with *words*, the least of five times."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [str(Path(sys.executable).with_name("follow-up")), *words],
            check=True,
            stdout=subprocess.DEVNULL,
            env=dict(os.environ),
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return min(times)
