"""What is kept between builds: a library, under the hash of all that it was proven from."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from ..model import Library

PACKAGE = Path(__file__).parent.parent
JUDGES = ("sentencex", "pydantic", "pyyaml", "jinja2")
"""The libraries that have a say in what content means, and whether it holds."""


class Shelf:
    """Holds one library: that of *docs* as they are now, judged by the code as it is now.

    The key covers every byte of every file under *docs* and of the package, with its weights,
    and the versions of Python and of `JUDGES`.  Whatever changes, nothing is found.
    """

    def __init__(self, docs: Path) -> None:
        self.path = docs.parent / ".cache" / "proven"
        self.code = code()
        self.key = hashlib.sha256(self.code + digest(docs)).digest()

    def get(self) -> Library | None:
        """Return the library that was put here, if it was of the same content and code."""
        try:
            data = self.path.read_bytes()
        except OSError:
            return None
        head, held = data[: len(self.key) + DIGEST], data[len(self.key) + DIGEST :]
        if head != self.key + hashlib.sha256(held).digest():
            return None
        found = pickle.loads(held)
        return found if isinstance(found, Library) else None

    def templates(self) -> Path | None:
        """Return the folder of what this code compiled templates to; None where none can be kept.

        Jinja knows by its own hash whether a template is the same, not whether the code is.
        """
        folder = self.path.parent / f"templates-{self.code.hex()[:16]}"
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        for other in self.path.parent.glob("templates-*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        return folder if os.access(folder, os.W_OK) else None

    def put(self, library: Library) -> None:
        """Keep *library* for the next build; where nothing can be written, nothing is kept."""
        held = pickle.dumps(library)
        written = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            written.parent.mkdir(exist_ok=True)
            written.write_bytes(self.key + hashlib.sha256(held).digest() + held)
            written.replace(self.path)


DIGEST = hashlib.sha256().digest_size


def code() -> bytes:
    """Return the hash of all code that has a say in a library and its proofs."""
    found = hashlib.sha256(sys.version.encode())
    for name in JUDGES:
        found.update(f"{name} {version(name)}\n".encode())
    found.update(digest(PACKAGE))
    return found.digest()


def digest(root: Path) -> bytes:
    """Return the hash of every byte of every file under *root*, with their names and its own."""
    found = hashlib.sha256(root.name.encode())
    for path in sorted(root.rglob("*")):
        if path.suffix != ".pyc" and not path.is_dir():
            data = _data(path)
            found.update(f"{path.relative_to(root).as_posix()} {len(data)}\n".encode())
            found.update(data)
    return found.digest()


def _data(path: Path) -> bytes:
    """Return what a file holds; one that can't be read counts too, since it is a mistake."""
    try:
        return path.read_bytes()
    except OSError as error:
        return repr(error).encode()
