"""The clipboard of whatever system this is, by the program that the system has for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping

PROGRAMS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("wl-copy", "--type", "text/plain;charset=utf-8"), "WAYLAND_DISPLAY"),
    (("xclip", "-selection", "clipboard"), "DISPLAY"),
    (("xsel", "--clipboard", "--input"), "DISPLAY"),
    (("pbcopy",), ""),
    (("clip.exe",), ""),
)
"""Each program with its words, and the variable without which it can't work."""

NONE = "no program to copy with. Install wl-copy, xclip or xsel, or use --output."


def program(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the first program that is installed and can work here; empty where none can."""
    for words, needs in PROGRAMS:
        if (not needs or environment.get(needs)) and shutil.which(words[0]):
            return words
    return ()


def copy(text: str) -> str:
    """Put *text* on the clipboard; return the name of the program, or empty if none could."""
    words = program()
    if not words:
        return ""
    # clip.exe takes UTF-16 alone for more than ASCII.
    data = text.encode("utf-16" if words[0] == "clip.exe" else "utf-8")
    environment = {**os.environ, **({"LC_ALL": "en_US.UTF-8"} if words[0] == "pbcopy" else {})}
    try:
        # xclip and wl-copy stay behind to hand the text out, so nobody waits for their output.
        done = subprocess.run(
            words,
            input=data,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if done.returncode else words[0]
