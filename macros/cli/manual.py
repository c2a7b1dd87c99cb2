"""The manual page, made of what the commands say of themselves.

click-man, which does the same, leaves out the examples and the exit codes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import click

NAME = "follow-up"
AS_IT_IS = "\b\n"
"""What a paragraph begins with whose lines stay as they are."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of help: its lines, and whether they stay as they are."""

    lines: tuple[str, ...]
    fixed: bool

    @property
    def text(self) -> str:
        """The paragraph as one line."""
        return " ".join(line.strip() for line in self.lines)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manual says about one command."""

    name: str
    usage: str
    help: tuple[Block, ...]
    options: tuple[tuple[str, str], ...]
    after: tuple[Block, ...]


def page(main: click.Group) -> bytes:
    """Return the manual page of *main* and all its commands, for ``man``."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from ..web.take.packing import moment

    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["roff"] = roff
    text = templates.get_template("manual.1.jinja").render(
        day=f"{moment():%Y-%m-%d}",
        version=version("after-the-interview"),
        main=_entry(main, click.Context(main, info_name=NAME)),
        commands=list(_commands(main)),
    )
    return text.encode()


def _commands(main: click.Group) -> Iterator[Entry]:
    top = click.Context(main, info_name=NAME)
    for name in main.list_commands(top):
        command = main.commands[name]
        yield _entry(command, click.Context(command, info_name=name, parent=top))


def _entry(command: click.Command, context: click.Context) -> Entry:
    records = (
        option.get_help_record(context)
        for option in command.get_params(context)
        if isinstance(option, click.Option)
    )
    return Entry(
        context.command_path,
        " ".join(command.collect_usage_pieces(context)),
        tuple(_blocks(command.help)),
        tuple(record for record in records if record),
        tuple(_blocks(command.epilog)),
    )


def _blocks(text: str | None) -> Iterator[Block]:
    for part in inspect.cleandoc(text or "").split("\n\n"):
        if part.strip():
            yield Block(tuple(part.removeprefix(AS_IT_IS).split("\n")), part.startswith(AS_IT_IS))


def roff(text: str) -> str:
    r"""Return *text* so that a manual shows it as it is.

    >>> print(roff(".a --b\\c"))
    \&.a \-\-b\ec
    """
    shown = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", shown, flags=re.M)
