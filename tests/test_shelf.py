"""What was proven before is found again only where nothing has changed, however one cheats."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from macros.content import shelf
from macros.model import Library

from .conftest import ROOT, content

NOTE = "docs/samples/thank-you-note.md"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of content and code, whose library lies on its shelf."""
    skip = shutil.ignore_patterns("__pycache__", "training", "*.png")
    for name in ("docs", "macros"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skip)
    monkeypatch.setattr(shelf, "PACKAGE", tmp_path / "macros")
    shelf.Shelf(tmp_path / "docs").put(content())
    return tmp_path


def found(project: Path) -> Library | None:
    return shelf.Shelf(project / "docs").get()


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Return what changes a file to one of the same size, of the same time."""

    def change(project: Path) -> None:
        path = project / name
        before, data = path.stat(), path.read_bytes()
        assert data.count(old.encode()) >= 1
        assert len(old) == len(new)
        path.write_bytes(data.replace(old.encode(), new.encode(), 1))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_size == before.st_size

    return change


def swap(project: Path) -> None:
    one, other = project / NOTE, project / "docs/samples/withdraw.md"
    one_s, other_s = one.read_bytes(), other.read_bytes()
    one.write_bytes(other_s)
    other.write_bytes(one_s)


def move(project: Path) -> None:
    (project / NOTE).rename(project / "docs/samples/thank-you-notes.md")


def add(project: Path) -> None:
    shutil.copy(project / NOTE, project / "docs/samples/another.md")


def remove(project: Path) -> None:
    (project / NOTE).unlink()


def lose(project: Path) -> None:
    (project / "docs/samples/lost.md").symlink_to(project / "nowhere.md")


def join(project: Path) -> None:
    """Move the beginning of a file to the end of the one before it."""
    one, other = sorted((project / "docs/samples").glob("*.md"))[:2]
    one.write_bytes(one.read_bytes() + other.read_bytes()[:20])
    other.write_bytes(other.read_bytes()[20:])


def cut(project: Path) -> None:
    path = project / ".cache/proven"
    path.write_bytes(path.read_bytes()[:-1])


def spoil(project: Path) -> None:
    path = project / ".cache/proven"
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)


def lend(project: Path) -> None:
    """Give the shelf what was proven from other content."""
    replace(NOTE, "Thank you", "Shame you")(project)
    kept = (project / ".cache/proven").read_bytes()
    shelf.Shelf(project / "docs").put(content())
    assert (project / ".cache/proven").read_bytes() != kept
    (project / ".cache/proven").write_bytes(kept)


@pytest.mark.parametrize(
    "cheat",
    [
        replace(NOTE, "Thank you", "Shame you"),
        replace("docs/_data/vocabulary.yml", "Interviewer", "Interviewee"),
        replace("docs/_data/tips/be-prompt.yml", "24 hours", "42 hours"),
        replace("docs/when-to-send.md", "timeline()", "timelime()"),
        replace("macros/checker/weights.json", "8080", "8081"),
        replace("macros/checker/negation.yml", "n", "m"),
        replace("macros/checker/tips.py", "1.5", "9.5"),
        replace("macros/blanks.py", "5000", "6000"),
        *(swap, move, add, remove, lose, join, cut, spoil, lend),
    ],
    ids=[
        *("sample", "vocabulary", "tip", "page", "weights", "negation", "rules", "blanks"),
        *("swap", "move", "add", "remove", "lose", "join", "cut", "spoil", "lend"),
    ],
)
def test_what_has_changed_is_proven_anew(cheat: Callable[[Path], None], project: Path) -> None:
    assert found(project) == content()
    cheat(project)
    assert found(project) is None


@pytest.mark.parametrize("library", shelf.JUDGES)
def test_another_release_of_a_library_proves_anew(
    library: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "version", lambda name: "0" if name == library else "1")
    assert found(project) is None


def test_habits_are_part_of_the_key(project: Path) -> None:
    for path in (project / "docs/_data/habits").glob("*.yml"):
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        assert found(project) is None
        shelf.Shelf(project / "docs").put(content())


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "_data", tmp_path / "docs" / "_data")
    (tmp_path / ".cache").write_text("a file in the way")
    shelf.Shelf(tmp_path / "docs").put(content())
    assert found(tmp_path) is None


def test_templates_compiled_by_other_code_are_not_taken(project: Path) -> None:
    before = shelf.Shelf(project / "docs").templates()
    replace(NOTE, "Thank you", "Shame you")(project)
    assert shelf.Shelf(project / "docs").templates() == before
    assert before
    (before / "kept").touch()
    replace("macros/web/render.py", "trim_blocks=True", "trim_blocks=None")(project)
    after = shelf.Shelf(project / "docs").templates()
    assert after != before
    assert not before.exists()
    assert after
    assert list(after.iterdir()) == []
