"""Where the guide's content lies: in the checkout that one is in, or inside the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from ..errors import ContentError

VOCABULARY = Path("_data") / "vocabulary.yml"
"""What tells a docs folder of the guide from any other, together with `TIPS`."""

TIPS = Path("_data") / "tips"

PACKED = "guide"
"""The folder of the package in which a wheel carries samples and data."""


def folder(named: Path | None = None) -> Path:
    """Return the guide's docs folder.

    That is the one *named*; else the one of the checkout around the working folder; else
    the one that came with the package.
    """
    if named:
        if not is_guide(named):
            raise ContentError(
                f"{named} holds no {VOCABULARY.as_posix()}. Name the guide's docs folder."
            )
        return named.resolve()
    return around(Path.cwd()) or shipped()


def around(place: Path) -> Path | None:
    """Return the docs folder of the checkout that *place* lies in, if it lies in one."""
    return next(
        (above / "docs" for above in (place, *place.parents) if is_guide(above / "docs")), None
    )


def shipped() -> Path:
    """Return the docs folder that belongs to the running code.

    A wheel has it inside the package; code that runs from a checkout has it beside.
    """
    package = Path(str(files(__name__.partition(".")[0])))
    for place in (package / PACKED, package.parent / "docs"):
        if is_guide(place):
            return place
    raise ContentError("the guide came without its data. Install it again, or name it with --docs.")


def is_guide(docs: Path) -> bool:
    """Tell whether *docs* holds the guide's data."""
    return (docs / VOCABULARY).is_file() and (docs / TIPS).is_dir()
