"""``make bench``: every figure the project holds itself to, in one table.

Each module ``tests/bench_*.py`` adds its rows.  Name some to run only those.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

PARTS = sorted(
    path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")
)


def main(parts: list[str]) -> None:
    """Print the rows of *parts*."""
    for part in parts:
        print(f"\n{part}\n{'-' * len(part)}")
        for name, figure, hold in importlib.import_module(f"tests.bench_{part}").rows():
            print(f"{name:<78} {figure:>14}   {'hold ' + hold if hold else ''}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or PARTS)
