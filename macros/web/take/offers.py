"""What there is to take along, made once the site is built: each offer's files, and their sizes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...model import Library
from . import data, espanso, offline, packing, snippets

FOLDER = "take"
"""Where the files lie on the site, beside the page that offers them."""

WHOLE = "after-the-interview.zip"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to take along: what its picture shows, and its files with what they are."""

    picture: str
    files: Mapping[str, str]


OFFERS: Mapping[str, Offer] = {
    "word": Offer(
        "A letter whose blanks are boxes; a name typed into the first one "
        "stands in the second one too.",
        {},
    ),
    "espanso": Offer(
        "A window asks for the interviewer, the position and the company; "
        "behind it the letter is written where one typed.",
        {"espanso.zip": "The package, zipped"},
    ),
    "vscode": Offer(
        "An editor in which the letter stands with its blanks marked, the first one chosen.",
        {"after-the-interview.code-snippets": "The snippets"},
    ),
    "data": Offer(
        "On the left the letters as JSON, on the right as a table.",
        {
            "letters.json": "The library as JSON",
            "letters.schema.json": "What the JSON holds, as JSON Schema, version 1",
            "letters.csv": "A table, a row for each letter",
        },
    ),
    "command": Offer(
        "A terminal in which a command fills in a letter and copies it.",
        {"follow-up.1": "The manual page"},
    ),
    "offline": Offer(
        "A stick on which the whole guide lies, and no cable.",
        {WHOLE: "All pages and the books, zipped"},
    ),
}
"""Each offer by its id, which is its picture's name too."""

SIZE = re.compile(r'(<span data-size="([^"]+)">)[^<]*(</span>)')
"""Where a page says how much there is to download."""


def made(library: Library, values: Mapping[str, str] = {}) -> dict[str, bytes]:
    """Return the files of every offer but the whole site's, filled in with *values*."""
    package = espanso.package(library, values)
    return {
        **{f"espanso/{espanso.NAME}/{name}": text for name, text in package.items()},
        "espanso.zip": packing.package({f"{espanso.NAME}/{n}": t for n, t in package.items()}),
        "after-the-interview.code-snippets": snippets.snippets(library, values),
        "letters.json": data.as_json(library, values),
        "letters.schema.json": data.SCHEMA.read_bytes(),
        "letters.csv": data.as_csv(library, values),
    }


def write(files: Mapping[str, bytes], site: Path) -> None:
    """Add *files*, and the whole *site* in one, to a built site; say their sizes on its page."""
    folder = site / FOLDER
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    sizes = {name: len(content) for name, content in files.items()}
    # The copy in the zip file can't know how large the file around it is.
    _say(folder / "index.html", sizes)
    whole = offline.pack(site, [f"{FOLDER}/{WHOLE}"])
    (folder / WHOLE).write_bytes(whole)
    _say(folder / "index.html", {**sizes, WHOLE: len(whole)})


def _say(page: Path, sizes: Mapping[str, int]) -> None:
    """Write on *page* how large each file is."""
    if page.is_file():
        text = page.read_text("utf-8")
        page.write_text(
            SIZE.sub(lambda place: f"{place[1]}{weight(sizes.get(place[2]))}{place[3]}", text),
            "utf-8",
            newline="\n",
        )


def weight(size: int | None) -> str:
    """Return a size as readers take it, none where it is not known.

    >>> weight(1234), weight(3_456_789), weight(None)
    ('1 KB', '3.5 MB', 'this copy')
    """
    if size is None:
        return "this copy"
    return f"{max(round(size / 1000), 1)} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
