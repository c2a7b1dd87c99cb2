"""Ten thousand hostile values through every format and back, and how long that takes."""

from __future__ import annotations

import time
from collections.abc import Iterator

from . import hostile

COUNT = 10_000

Row = tuple[str, str, str]


def rows() -> Iterator[Row]:
    """Yield for each format how many values came back as they were cleaned."""
    for name, there_and_back in hostile.FORMATS.items():
        start = time.perf_counter()
        whole = 0
        for given in hostile.sheets(COUNT):
            found, due = there_and_back(given), hostile.expected(name, given)
            whole += sum(found[label] == due[label] for label in given)
        taken = time.perf_counter() - start
        yield f"hostile values that come back whole: {name} ({taken:.0f} s)", str(whole), str(COUNT)
