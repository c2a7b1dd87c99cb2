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
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import html

from macros import blanks
from macros.content import library as load

ROOT = Path(__file__).parent.parent
Row = tuple[str, str, str]
"""What was measured, the figure, and the figure to hold."""

PLAIN = """\
site_name: Plain
theme: {name: material, font: false}
plugins: [search]
"""
BLOCKS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "td", "th", "dt", "dd", "label", "legend")


def rows() -> Iterator[Row]:
    """Yield the site's figures."""
    with TemporaryDirectory() as folder:
        here = Path(folder)
        ours = _copy(here / "ours")
        _build(ours)
        plain = _plain(ours / "site", here / "plain")
        yield from _weights(ours / "site")
        yield from _compared(ours, plain)
        for count in (100, 1000):
            grown = _grow(ours, here / f"grown-{count}", count)
            yield f"build, {count} samples", f"{_build(grown):.1f} s", "20 s" if count > 100 else ""
        yield "build with all PDFs, nothing kept", f"{_build(_anew(ours), 'yes'):.1f} s", "15 s"
    yield "what make site installs", f"{_installed() / 1e6:.0f} MB", "400 MB"
    yield from _actions()


def _copy(to: Path) -> Path:
    skip = shutil.ignore_patterns(".git", ".venv", "site", "tests", ".*_cache", "__pycache__")
    return Path(shutil.copytree(ROOT, to, ignore=skip))


def _plain(site: Path, to: Path) -> Path:
    """Return a project with the same pages under plain Material: all words of *site*, no more.

    The handbook's page, which is made after all others and holds the whole guide, stays empty.
    """
    for page in sorted(site.rglob("index.html")):
        name = page.parent.relative_to(site).as_posix()
        target = to / "docs" / name / "index.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        article = html.parse(str(page)).find(".//article")
        words = "# Handbook" if name == "handbook" else "\n\n".join(_written(article))
        target.write_text(words, "utf-8")
    (to / "mkdocs.yml").write_text(PLAIN, "utf-8")
    return to


def _written(article: html.HtmlElement) -> Iterator[str]:
    """Yield the blocks of a page as Markdown."""
    for block in article.iter(*BLOCKS):
        if any(above.tag in BLOCKS for above in block.iterancestors()):
            continue
        words = " ".join(block.text_content().split())
        mark = f"{'#' * int(block.tag[1])} " if block.tag[0] == "h" else ""
        yield f"{'- ' if block.tag == 'li' else mark}{words}"


def _grow(project: Path, to: Path, count: int) -> Path:
    """Return the project with copies of a sample, *count* samples in all."""
    shutil.copytree(project, to, ignore=shutil.ignore_patterns("site"))
    samples = to / "docs" / "samples"
    text = (samples / "thank-you-note.md").read_text("utf-8")
    for number in range(count - len(list(samples.glob("*.md"))) + 1):
        copy = re.sub("^title: .*", f"title: Copy {number}", text, count=1, flags=re.M)
        (samples / f"copy-{number}.md").write_text(copy, "utf-8")
    return to


def _build(project: Path, handbook: str = "no") -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"],
        cwd=project,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "HANDBOOK": handbook},
        check=True,
    )
    return time.perf_counter() - start


def _compared(ours: Path, plain: Path, runs: int = 5) -> Iterator[Row]:
    """Yield how long our build takes against plain Material's: medians of *runs* in turn."""
    taken: dict[str, list[float]] = {"plain Material": [], "proven anew": [], "proofs kept": []}
    for _ in range(runs):
        taken["plain Material"].append(_build(plain))
        taken["proven anew"].append(_build(_anew(ours)))
        taken["proofs kept"].append(_build(ours))
    seconds = {name: statistics.median(each) for name, each in taken.items()}
    pages = len(list((ours / "docs").rglob("*.md")))
    for name, each in seconds.items():
        yield f"build, {pages} pages, {name}", f"{each:.2f} s", ""
    for name, hold in (("proven anew", "2.0"), ("proofs kept", "1.5")):
        yield f"ratio, {name}", f"{seconds[name] / seconds['plain Material']:.2f}", hold


def _anew(project: Path) -> Path:
    """Return *project* without what it has kept of earlier builds."""
    shutil.rmtree(project / ".cache", ignore_errors=True)
    return project


def _installed() -> int:
    """Return the bytes on disk of the packages that `requirements.lock` names."""
    names = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.M)
    files = [
        Path(str(part.locate_file(file)))
        for name in dict.fromkeys(names)
        for part in distributions(name=name)
        for file in part.files or ()
    ]
    return sum(file.stat().st_blocks * 512 for file in files if file.is_file())


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
    yield f"heaviest sample page, gzip ({heaviest[1]})", f"{heaviest[0] / 1024:.1f} KB", "14 KB"


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
