"""What the commands share: how they tell trouble, the guide they read, the answers given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import click

from .. import blanks
from ..content import guide
from ..errors import ContentError, suggest
from ..model import Field, Library

PDF = b"%PDF-"


class Trouble(click.ClickException):
    """What keeps a command from its work: plain lines on standard error, exit code 2."""

    exit_code: ClassVar[int] = 2

    def show(self, file: Any = None) -> None:
        """Print the lines as they are."""
        click.echo(self.message, file=file, err=file is None)


docs_option = click.option(
    "--docs",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="The guide's docs folder. Without it, the one of the checkout that you are in, else "
    "the one that came with the command.",
)


def samples(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the ids of samples that begin like what was *begun*, for the shell to complete."""
    folder = guide.folder(context.params.get("docs")) / "samples"
    ids = sorted(path.stem for path in folder.glob("*.md") if path.stem != "index")
    return [id for id in ids if id.startswith(begun)]


def options(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the ways to say it that begin like what was *begun*, for the shell to complete."""
    from ..content.library import vocabulary

    choices = vocabulary(guide.folder(context.params.get("docs"))).choices.values()
    words = (option.value for choice in choices for option in choice.options)
    return [word for word in words if word.startswith(begun)]


def library(docs: Path | None) -> Library:
    """Return what letters need of the guide's content."""
    # Imported here, since pydantic would slow down what needs no content.
    from ..content.library import letters

    return letters(guide.folder(docs))


def given(
    fields: Mapping[str, Field], settings: tuple[str, ...], source: Path | None
) -> dict[str, str]:
    """Return the answers by label, from a file and from ``LABEL=VALUE``; an empty one is none."""
    found = from_file(source, fields) if source else {}
    labels = {name: label for label, field in fields.items() for name in (field.name, label)}
    for setting in settings:
        name, equals, value = setting.partition("=")
        name = name.strip().removeprefix("[").removesuffix("]")
        if not equals:
            raise Trouble(f'{setting!r} sets nothing. Write it as "Interviewer=Dana Reyes".')
        if name not in labels:
            raise Trouble(f"unknown blank '[{name}]'. {suggest(name, fields)}")
        found[labels[name]] = value
    return accepted(fields, found)


def from_file(source: Path, fields: Mapping[str, Field]) -> dict[str, str]:
    """Return the answers that *source* holds: a filled-in book, or YAML."""
    from ..content.library import answers

    data = source.read_bytes() if source.is_file() else b""
    if data.startswith(PDF):
        from ..book import filled

        return filled.read(str(source), data, fields)
    return answers(source, fields)


def accepted(fields: Mapping[str, Field], found: Mapping[str, str]) -> dict[str, str]:
    """Return *found* cleaned, without what is empty, in the order of *fields*."""
    kept: dict[str, str] = {}
    mistakes: list[str] = []
    for label, field in fields.items():
        try:
            if text := blanks.accepted(field, found.get(label, "")):
                kept[label] = text
        except ContentError as error:
            mistakes += error.mistakes
    if mistakes:
        raise ContentError(*mistakes)
    return kept


def as_yaml(values: Mapping[str, str]) -> str:
    """Return answers as the YAML that ``--from`` takes."""
    from ..web.take.packing import as_yaml

    return as_yaml({label: blanks.clean(text) for label, text in values.items()}) if values else ""
