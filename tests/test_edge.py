"""The edge works under a generator that is not MkDocs, where the project is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from macros.book import editions
from macros.content.library import proven
from macros.web import downloads, render

from . import markup
from .conftest import ROOT

OTHER = """
import sys
from types import SimpleNamespace

for absent in ("mkdocs", "mkdocs_macros", "material", "weasyprint", "pikepdf", "fontTools"):
    sys.modules[absent] = None

from macros import define_env

macros = {}
host = SimpleNamespace(
    conf={"docs_dir": "docs", "nav": None},
    page=SimpleNamespace(path="samples/thank-you-note.md"),
    variables={},
    macro=lambda function, name: macros.setdefault(name, function),
)
define_env(host)
sys.stdout.buffer.write(macros["letter"](lambda: "").encode())
sys.stdout.buffer.write(macros["form"]("debrief").encode())
"""
"""What such a generator does: it has no MkDocs, and a page of its own kind."""


def test_pages_are_made_without_mkdocs_and_without_what_prints_the_book() -> None:
    made = subprocess.run(
        [sys.executable, "-c", OTHER],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        check=True,
    ).stdout
    ours = render.Renderer(proven(ROOT / "docs"), downloads=downloads.labels)
    letter = ours.letter(ours.library.samples["thank-you-note"])
    assert made.decode() == letter + ours.form(ours.library.forms["debrief"])


def test_zensical_builds_the_same_letters(site: Path, tmp_path: Path) -> None:
    for part in ("docs", "macros", "overrides"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    subprocess.run(
        [Path(sys.executable).with_name("zensical"), "build"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        check=True,
    )
    for page in (path.relative_to(site) for path in site.rglob("samples/*/index.html")):
        ours, theirs = (
            next(markup.document((folder / page).read_bytes()).iter("form"))
            for folder in (site, tmp_path / "site")
        )
        assert markup.tree(theirs) == markup.tree(ours), page


def test_where_nothing_is_installed_the_book_knows_its_edition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installed = editions.about({}).edition

    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(editions, "version", absent)
    assert editions.about({}).edition == installed
