"""The conversation at a terminal, held by a real one: a pseudo-terminal of the system's."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from macros import blanks
from macros.cli import clipboard

from .conftest import ROOT, content
from .test_downloads import plain

NOTE = next(blanks.letters(content().samples["thank-you-note"]))
BLANKS = NOTE.sample.blanks
ANSWERS = [f"the {blank.field.label.lower()}" for blank in BLANKS]
VALUES = {blank.field.label: text for blank, text in zip(BLANKS, ANSWERS, strict=True)}


class Terminal:
    """``follow-up`` at a terminal, in a home of its own."""

    def __init__(self, home: Path, *words: str, **environment: str) -> None:
        self.home = home
        self.state = home / "state" / "follow-up" / "answers.yml"
        main, self.inside = pty.openpty()
        self.master = main
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from macros.cli.main import main; main()", *words],
            stdin=self.inside,
            stdout=self.inside,
            stderr=self.inside,
            cwd=home,
            start_new_session=True,
            preexec_fn=lambda: _control(),
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "HOME": str(home),
                "XDG_STATE_HOME": str(home / "state"),
                "LC_ALL": "C.UTF-8",
                "NO_COLOR": "1",
                **environment,
            },
        )
        os.close(self.inside)
        self.seen = ""

    def until(self, words: str) -> str:
        """Return what is printed up to *words*."""
        start = len(self.seen)
        while words not in self.seen[start:]:
            ready, _, _ = select.select([self.master], [], [], 60)
            assert ready, self.seen
            try:
                data = os.read(self.master, 4096)
            except OSError:
                data = b""
            assert data, self.seen
            self.seen += data.decode()
        return self.seen[start:]

    def type(self, line: str) -> None:
        os.write(self.master, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl+C, and again where nothing comes of it.

        Python misses a signal that arrives after its last look and before it waits for input.
        """
        while self.process.poll() is None:
            os.write(self.master, b"\x03")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(2)

    def end(self) -> int:
        with contextlib.suppress(OSError):
            while data := os.read(self.master, 4096):
                self.seen += data.decode()
        os.close(self.master)
        return self.process.wait()


def _control() -> None:
    import fcntl
    import termios

    # Whoever runs the tests in the background of a script gives them a deaf ear to Ctrl+C.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def talk(terminal: Terminal, answers: list[str]) -> None:
    for answer in answers:
        terminal.until("> ")
        terminal.type(answer)


def test_it_asks_blank_by_blank_and_saves_the_letter(home: Path) -> None:
    terminal = Terminal(home, "fill", "thank-you-note")
    for blank, answer in zip(BLANKS, ANSWERS, strict=True):
        asked = terminal.until("> ")
        assert blank.field.label in asked
        hint = re.sub(r",? ?such as:? .*", "", blank.field.hint)
        assert " ".join(hint.split()) in " ".join(asked.split())
        assert ("Example: " in asked) == ("such as" in blank.field.hint)
        terminal.type(answer)
    shown = terminal.until("q quits")
    assert plain(NOTE, VALUES) in shown.replace("\r\n", "\n")
    terminal.type("s")
    terminal.until("Name of the file")
    terminal.type("mine.txt")
    assert terminal.end() == 0
    assert (home / "mine.txt").read_text("utf-8") == f"{plain(NOTE, VALUES)}\n"
    assert str(terminal.state) in terminal.seen


def test_one_can_go_back_and_change_an_answer(home: Path) -> None:
    terminal = Terminal(home, "fill", "thank-you-note", "--output", "mine.txt")
    talk(terminal, ["Dina", "<", "Dana Reyes", *ANSWERS[1:]])
    assert terminal.end() == 0
    values = {**VALUES, BLANKS[0].field.label: "Dana Reyes"}
    assert (home / "mine.txt").read_text("utf-8") == f"{plain(NOTE, values)}\n"


def test_ctrl_c_keeps_what_was_answered_for_its_owner_alone(home: Path) -> None:
    terminal = Terminal(home, "fill", "thank-you-note")
    talk(terminal, ANSWERS[:2])
    terminal.until("> ")
    terminal.interrupt()
    assert terminal.end() == 130
    assert f"Your answers are kept in {terminal.state}." in terminal.seen
    assert stat.S_IMODE(terminal.state.stat().st_mode) == 0o600
    kept = yaml.safe_load(terminal.state.read_text("utf-8"))
    assert kept == dict(list(VALUES.items())[:2])

    again = Terminal(home, "fill", "thank-you-note", "--output", "mine.txt")
    assert f"Now: {ANSWERS[0]}" in again.until("> ")
    again.type("")
    talk(again, ["", *ANSWERS[2:]])
    assert again.end() == 0
    assert (home / "mine.txt").read_text("utf-8") == f"{plain(NOTE, VALUES)}\n"

    forgetting = Terminal(home, "fill", "--forget")
    assert forgetting.end() == 0
    assert "Forgotten" in forgetting.seen
    assert not terminal.state.exists()


def test_even_a_terminal_that_goes_away_loses_nothing(home: Path) -> None:
    terminal = Terminal(home, "fill", "thank-you-note")
    talk(terminal, ANSWERS[:1])
    terminal.until("> ")
    terminal.process.send_signal(signal.SIGKILL)
    terminal.end()
    assert ANSWERS[0] in terminal.state.read_text("utf-8")


def test_what_the_letter_can_t_take_is_asked_again(home: Path) -> None:
    terminal = Terminal(home, "fill", "thank-you-note", "--output", "mine.txt")
    talk(terminal, ["", "Dana\u202e", *ANSWERS])
    assert terminal.end() == 0
    assert "The letter needs this one." in terminal.seen
    assert "holds U+202E" in terminal.seen


def test_only_what_is_missing_is_asked(home: Path) -> None:
    words = [f"--set={label}={text}" for label, text in list(VALUES.items())[1:]]
    terminal = Terminal(home, "fill", "thank-you-note", *words, "--output", "mine.txt")
    talk(terminal, ["Dana"])
    assert terminal.end() == 0
    assert "(1 of 1)" in terminal.seen


def test_in_a_pipe_it_never_asks(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from macros.cli.main import main; main()", "fill", NOTE.name],
        input="Dana\n" * 20,
        capture_output=True,
        text=True,
        cwd=home,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(home)},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("thank-you-note: no answer for [Interviewer]")
    assert not list(home.iterdir())


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("wl-copy", {"WAYLAND_DISPLAY": "wayland-0"}),
        ("xclip", {"DISPLAY": ":0"}),
        ("xsel", {"DISPLAY": ":0"}),
        ("pbcopy", {}),
        ("clip.exe", {}),
    ],
)
def test_it_copies_by_what_the_system_has(
    name: str, needs: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / name
    program.write_text(f'#!/bin/sh\n/bin/cat > "{tmp_path}/copied"\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    for variable in ("WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    assert bool(clipboard.program()) == (not needs)
    for variable, value in needs.items():
        monkeypatch.setenv(variable, value)
    assert clipboard.copy("Renée 李\n") == name
    encoding = "utf-16" if name == "clip.exe" else "utf-8"
    assert (tmp_path / "copied").read_bytes().decode(encoding) == "Renée 李\n"


def test_without_such_a_program_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert clipboard.copy("x") == ""


@pytest.mark.parametrize("colourless", ["", "1"])
def test_colours_are_for_terminals_that_want_them(colourless: str, home: Path) -> None:
    (home / "draft.txt").write_text("Dear Dana,\n\nThank you.\n", "utf-8")
    terminal = Terminal(home, "check", "draft.txt", NO_COLOR=colourless)
    assert terminal.end() == 1
    assert ("\x1b[" in terminal.seen) == (not colourless)


def test_a_terminal_shows_how_far_it_is_and_a_pipe_does_not(home: Path) -> None:
    words = ["fill", "--all", "--keep-blanks", "--output", "letters"]
    terminal = Terminal(home, *words)
    assert terminal.end() == 0
    assert "Writing" in terminal.seen
    assert "100%" in terminal.seen
    done = subprocess.run(
        [sys.executable, "-c", "from macros.cli.main import main; main()", *words],
        capture_output=True,
        text=True,
        cwd=home,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(home)},
    )
    assert (done.returncode, done.stderr) == (0, "")
