"""Answers kept between two conversations, in a file that only its owner can read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..model import Field
from . import shared

PRIVATE, OWN = 0o600, 0o700


def path(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where answers are kept, as the XDG base directories have it."""
    state = environment.get("XDG_STATE_HOME", "")
    # A relative one is to be ignored.
    base = Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state"
    return base / "follow-up" / "answers.yml"


def read(fields: Mapping[str, Field]) -> dict[str, str]:
    """Return the answers that are kept; those to questions no longer asked are left out."""
    import yaml

    try:
        found = yaml.load(path().read_text("utf-8"), Loader=yaml.BaseLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {label: str(found[label]) for label in fields if isinstance(found.get(label), str)}


def write(values: Mapping[str, str]) -> None:
    """Keep *values*, all or, where the disk fails, those from before."""
    place = path()
    place.parent.mkdir(parents=True, exist_ok=True, mode=OWN)
    new = place.with_suffix(".new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with open(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(shared.as_yaml(values))
    new.replace(place)


def forget() -> bool:
    """Delete what is kept; tell whether there was anything."""
    try:
        path().unlink()
    except FileNotFoundError:
        return False
    return True
