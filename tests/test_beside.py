"""What another process makes is there when it is waited for, and so is what went wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.model import Library
from macros.web import beside, downloads


def manual() -> bytes:
    return b"how it is used"


def test_what_was_made_is_written_when_it_is_waited_for(library: Library, tmp_path: Path) -> None:
    made = beside.Beside(library, manual)
    made.write(tmp_path)()
    for name, data in downloads.made(library).items():
        assert (tmp_path / name).stat().st_size == len(data)
    assert made.manual() == b"how it is used"


def test_what_could_not_be_made_stops_whoever_waits(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> dict[str, bytes]:
        raise ValueError("no letter to be made")

    monkeypatch.setattr(downloads, "made", fail)
    written = beside.Beside(library, manual).write(tmp_path)
    with pytest.raises(ValueError, match="no letter to be made"):
        written()
