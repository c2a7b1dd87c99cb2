"""What waits for no page, made in a process of its own while the pages are built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from ..model import Library
from . import downloads
from .take import offers


class Beside:
    """The downloads and offers of a *library*: asked for, not awaited.

    Downloads and offers are filled in with *answers*, by label.  *manual* makes the manual page.
    """

    def __init__(
        self, library: Library, manual: Callable[[], bytes], answers: Mapping[str, str] = {}
    ) -> None:
        # One process alone, so that what it has made is there when it is told to write it.
        self._other = ProcessPoolExecutor(1)
        self._made = self._other.submit(_make, library, answers)
        self._offers = self._other.submit(offers.made, library, answers)
        self._manual = self._other.submit(manual)

    def write(self, site: Path) -> Callable[[], None]:
        """Begin to write the downloads into *site*; return what waits until they are there.

        It raises what went wrong while they were made, too.
        """
        written = self._other.submit(_write, site)
        self._other.shutdown(wait=False)

        def wait() -> None:
            self._made.result()
            written.result()

        return wait

    def offers(self) -> dict[str, bytes]:
        """Return the files for other programs as soon as they are made."""
        return self._offers.result()

    def manual(self) -> bytes:
        """Return the manual page as soon as it is made."""
        return self._manual.result()


MADE: dict[str, bytes] = {}
"""The downloads, in the process that makes them: to hand them over takes longer than to write."""


def _make(library: Library, answers: Mapping[str, str]) -> None:
    MADE.update(downloads.made(library, answers))


def _write(site: Path) -> None:
    downloads.write(MADE, site)
