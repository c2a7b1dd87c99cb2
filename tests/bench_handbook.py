"""What the handbook costs: seconds, memory and bytes, and how they grow with the letters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from macros.book import chapters, editions
from macros.model import Library

ROOT = Path(__file__).parent.parent
Row = tuple[str, str, str]
"""What was measured, the figure, and the figure to hold."""


BEFORE = 1440
"""Sheets that the first edition took for a class of thirty."""


def rows() -> Iterator[Row]:
    """Yield the figures of all six files, and of books with ten times the letters."""
    per_page = []
    for times in (1, 10):
        figures = json.loads(
            subprocess.run(
                [sys.executable, "-m", "tests.bench_handbook", str(times)],
                cwd=ROOT,
                env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "HANDBOOK": "no"},
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        name = "all six files" + (", ten times the letters" if times > 1 else "")
        per_page.append(figures["seconds"] / figures["pages"])
        yield f"{name}: seconds of one processor", f"{figures['seconds']:.1f} s", ""
        yield f"{name}: peak memory", f"{figures['memory']:.0f} MB", ""
        yield f"{name}: pages of a book", f"{figures['pages']}", "96" if times == 1 else ""
        for file, weight in figures["bytes"].items():
            yield f"{file}: size", f"{weight / 1000:.0f} KB", "800 KB" if times == 1 else ""
        if times == 1:
            sheets = 30 * figures["pages"] // 4
            yield f"{name}: sheets for a class of 30", f"{sheets}", f"{BEFORE}"
    yield "milliseconds a page", f"{per_page[0] * 1000:.0f}", ""
    yield "the same with ten times the letters", f"{per_page[-1] * 1000:.0f}", ""
    yield "growth: how much longer a page takes then", f"{per_page[-1] / per_page[0]:.2f}", "1.5"


def measure(times: int) -> dict[str, Any]:
    """Return what it costs to print all, the book's letters *times* as many."""
    import resource
    import time

    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    given: list[tuple[Library, list[chapters.Page]]] = []
    publish = editions.publish
    editions.publish = lambda library, pages, *_: given.append((library, [*pages])) or ""
    try:
        with TemporaryDirectory() as folder:
            build(load_config(str(ROOT / "mkdocs.yml"), site_dir=folder))
    finally:
        editions.publish = publish
    library, pages = given[0]
    library, pages = _grow(library, pages, times)
    start = time.process_time()
    printed = [*editions.books(library, pages, ROOT), editions.packs(library, pages, ROOT)]
    return {
        "seconds": time.process_time() - start,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "pages": int(printed[0][0].says.split()[0]),
        "bytes": {each.file: len(each.data) for several in printed for each in several},
    }


def _grow(
    library: Library, pages: list[chapters.Page], times: int
) -> tuple[Library, list[chapters.Page]]:
    """Return the guide with copies of every sample."""
    samples = dict(library.samples)
    pages = [*pages]
    for number in range(1, times):
        for sample in library.samples.values():
            [page] = [page for page in pages if f"docs/{page.path}" == sample.path]
            id = f"{sample.id}-{number}"
            path = f"samples/{id}.md"
            samples[id] = replace(
                sample, id=id, path=f"docs/{path}", title=f"{sample.title} {number}"
            )
            pages.append(replace(page, title=samples[id].title, url=f"samples/{id}/", path=path))
    ordered = sorted(samples.values(), key=lambda s: list(library.vocabulary.groups).index(s.group))
    return replace(library, samples={sample.id: sample for sample in ordered}), pages


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
