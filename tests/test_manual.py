"""The manual page says all that the help says, and is right by the rules of its program."""

from __future__ import annotations

import re
import shutil
import subprocess

import click
import pytest

from macros.cli import manual
from macros.cli.main import main

from .test_downloads import EPOCH


def shown(page: bytes) -> str:
    """Return what ``man`` shows of *page*; any warning about it fails."""
    if not shutil.which("groff"):
        pytest.skip("NOT CHECKED: groff is missing. Install groff-base.")
    done = subprocess.run(
        ["groff", "-man", "-ww", "-K", "utf8", "-T", "utf8", "-P", "-cbou", "-rLL=400n"],
        input=page,
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    return " ".join(done.stdout.decode().replace("\u2010", "-").replace("\u2212", "-").split())


def test_the_manual_shows_every_command_option_and_example() -> None:
    text = shown(manual.page(main))
    for command in (main, *main.commands.values()):
        context = click.Context(command)
        for option in command.get_params(context):
            record = option.get_help_record(context)
            if record:
                assert f"{record[0]} {' '.join(record[1].split())}" in text
        for line in re.findall(r"^  (\S.*)", command.epilog or "", re.M):
            assert " ".join(line.split()) in text
        for part in (command.help or "").split("\n\n"):
            assert " ".join(part.split()) in text
    assert "Exit codes: 0 done" in text


def test_the_manual_is_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    assert manual.page(main) == manual.page(main)
    assert b'"2026-01-01"' in manual.page(main)
