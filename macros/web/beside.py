"""What waits for no page, made in a process of its own while the pages are built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor

from ..model import Library
from . import downloads, theme
from .take import offers


class Beside:
    """The downloads and offers of a *library*, and a font cut from *face*: asked for, not awaited.

    Downloads and offers are filled in with *answers*, by label.  *manual* makes the manual page.
    """

    def __init__(
        self,
        library: Library,
        face: bytes,
        manual: Callable[[], bytes],
        answers: Mapping[str, str] = {},
    ) -> None:
        with_others = ProcessPoolExecutor(1)
        self._downloads = with_others.submit(downloads.made, library, answers)
        self._offers = with_others.submit(offers.made, library, answers)
        self._face = with_others.submit(theme.subset, face)
        self._manual = with_others.submit(manual)
        with_others.shutdown(wait=False)

    def downloads(self) -> dict[str, bytes]:
        """Return the downloads as soon as they are made."""
        return self._downloads.result()

    def offers(self) -> dict[str, bytes]:
        """Return the files for other programs as soon as they are made."""
        return self._offers.result()

    def face(self) -> bytes:
        """Return the font as soon as it is cut."""
        return self._face.result()

    def manual(self) -> bytes:
        """Return the manual page as soon as it is made."""
        return self._manual.result()
