"""Weight and build time of the site, against the same pages under plain Material."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

from macros import blanks
from macros.content import library as load
from macros.content import samples

ROOT = Path(__file__).parent.parent
Row = tuple[str, str, str]
"""What was measured, the figure, and the figure to hold."""

PLAIN = """\
site_name: Plain
theme: {name: material, font: false}
plugins: [search]
exclude_docs: /_data/
"""
OURS = re.compile(r"^\{\{.*\}\}$|\{\{.*?\}\}|^template: .*\n", re.M)
"""What plain Material does not know: macros, and a template of our own."""


def rows() -> Iterator[Row]:
    """Yield the site's figures."""
    with TemporaryDirectory() as folder:
        here = Path(folder)
        ours = _copy(here / "ours")
        plain = _plain(here / "plain")
        seconds = _alternate(ours, plain)
        yield from _weights(ours / "site")
        pages = len(list((ours / "docs").rglob("*.md")))
        yield f"build, {pages} pages", f"{seconds[0]:.2f} s", ""
        yield "the same under plain Material", f"{seconds[1]:.2f} s", ""
        yield "ratio", f"{seconds[0] / seconds[1]:.2f}", "1.5"
        for count in (100, 1000):
            grown = _grow(ours, here / f"grown-{count}", count)
            yield f"build, {count} samples", f"{_build(grown):.1f} s", ""
    yield from _actions()


def _copy(to: Path) -> Path:
    skip = shutil.ignore_patterns(".git", ".venv", "site", "tests", ".*_cache", "__pycache__")
    return Path(shutil.copytree(ROOT, to, ignore=skip))


def _plain(to: Path) -> Path:
    """Return a project with the same pages, letters written out, under plain Material."""
    library = load.library(ROOT / "docs")
    shutil.copytree(ROOT / "docs", to / "docs", ignore=shutil.ignore_patterns("*.css"))
    for page in (to / "docs").rglob("*.md"):
        text = page.read_text("utf-8")
        if sample := library.samples.get(page.stem):
            texts = "\n\n".join(blanks.body(letter) for letter in blanks.letters(sample))
            text = samples.LETTER.sub(lambda _, texts=texts: texts, text)
        page.write_text(OURS.sub("", text), "utf-8")
    (to / "mkdocs.yml").write_text(PLAIN, "utf-8")
    return to


def _grow(project: Path, to: Path, count: int) -> Path:
    """Return the project with copies of a sample, *count* samples in all."""
    shutil.copytree(project, to, ignore=shutil.ignore_patterns("site"))
    samples = to / "docs" / "samples"
    text = (samples / "thank-you-note.md").read_text("utf-8")
    for number in range(count - len(list(samples.glob("*.md"))) + 1):
        copy = re.sub("^title: .*", f"title: Copy {number}", text, count=1, flags=re.M)
        (samples / f"copy-{number}.md").write_text(copy, "utf-8")
    return to


def _build(project: Path) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"],
        cwd=project,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "HANDBOOK": "no"},
        check=True,
    )
    return time.perf_counter() - start


def _alternate(ours: Path, plain: Path, runs: int = 5) -> tuple[float, float]:
    """Return the median seconds of both builds, taken in turn."""
    pairs = [(_build(ours), _build(plain)) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


class _Needs(HTMLParser):
    """Collects what a page loads with scripts off."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") in ("stylesheet", "icon"):
            self.links.append(given["href"] or "")
        if tag == "img":
            self.links.append(given["src"] or "")


def _weights(site: Path) -> Iterator[Row]:
    heaviest = max(
        (_weight(page), page.parent.name) for page in (site / "samples").glob("*/index.html")
    )
    yield f"heaviest sample page, gzip ({heaviest[1]})", f"{heaviest[0] / 1024:.1f} KB", "35 KB"


def _weight(page: Path) -> int:
    needs = _Needs()
    needs.feed(page.read_text("utf-8"))
    files = {page, *((page.parent / link).resolve() for link in needs.links)}
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def _actions() -> Iterator[Row]:
    """Count from the opened page to the text in the clipboard, beyond typing."""
    sample = load.library(ROOT / "docs").samples["thank-you-note"]
    letter = next(blanks.letters(sample))
    asked = {part for parts in letter.paragraphs for part in parts if not isinstance(part, str)}
    name = "actions, thank-you-note: a tap for each blank, one on the letter, one to copy"
    yield name, str(len(asked) + 2), f"{len(asked)} blanks + 2"
