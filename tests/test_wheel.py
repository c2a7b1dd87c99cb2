"""The wheel works alone: installed in a fresh environment, outside the project, offline."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from .conftest import ROOT, content

SAMPLES = content().samples


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel that hatchling makes of this project."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return ``follow-up`` as the wheel installs it, beside the libraries it asks for."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", f"--python={python}", "install", "--quiet"]
    offline = ["--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)]
    subprocess.run([*pip, *offline], check=True)
    # The libraries come from this environment; its own entry for the project is left behind.
    (libraries,) = folder.glob("lib/python*/site-packages")
    (libraries / "libraries.pth").write_text(
        f"import sys; sys.path.append({sysconfig.get_path('purelib')!r})\n"
    )
    return folder / "bin" / "follow-up"


def run(command: Path, folder: Path, *words: str, given: str = "") -> tuple[int, str, str]:
    """Return exit code, output and errors of *command* in *folder*."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [command, *words], cwd=folder, env=bare, input=given, capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


def test_the_wheel_holds_samples_and_data_and_nothing_of_the_project_besides(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {
        f"macros/guide/{path.relative_to(ROOT / 'docs').as_posix()}"
        for path in (ROOT / "docs").rglob("*")
        if path.suffix in (".md", ".yml")
    }
    assert {name for name in names if name.startswith("macros/guide/")} == data
    assert {name.split("/")[0].partition("-")[0] for name in names} == {
        "macros",
        "after_the_interview",
    }


def test_the_code_that_runs_is_the_wheel_s(installed: Path, tmp_path: Path) -> None:
    python = installed.parent / "python"
    code = "import macros; print(macros.__file__)"
    _, where, _ = run(python, tmp_path, "-c", code)
    assert where.startswith(str(installed.parent.parent))


def test_installed_it_lists_fills_and_checks_anywhere(installed: Path, tmp_path: Path) -> None:
    code, listed, errors = run(installed, tmp_path, "list")
    assert (code, errors) == (0, "")
    assert [line.split()[0] for line in listed.splitlines()] == list(SAMPLES)
    words = [f"--set={blank.field.label}=the word" for blank in SAMPLES["thank-you-note"].blanks]
    code, letter, errors = run(installed, tmp_path, "fill", "thank-you-note", *words)
    assert (code, errors) == (0, "")
    assert letter.startswith("Subject: ")
    code, report, errors = run(installed, tmp_path, "check", given=letter)
    assert (code in (0, 1), errors) == (True, "")
    assert "Your draft" in report


def test_inside_a_checkout_it_uses_the_checkout_s(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    page = tmp_path / "docs" / "samples" / "thank-you-note.md"
    page.write_text(page.read_text("utf-8").replace("title: Thank-you note", "title: Mine"))
    code, listed, errors = run(installed, tmp_path / "docs" / "samples", "list")
    assert (code, errors) == (0, "")
    assert "Mine" in listed
