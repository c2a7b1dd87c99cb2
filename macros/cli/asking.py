"""A conversation on a terminal: asks for what a letter lacks, shows it, hands it over."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click

from .. import blanks
from ..errors import ContentError
from ..model import Blank, Letter
from . import clipboard, kept

BACK, NOTHING = "<", "-"
"""What one types to go to the question before, and to empty an answer."""

WIDTH = 78


@dataclass
class Talk:
    """One letter being filled in by somebody at a terminal."""

    letter: Letter
    values: dict[str, str]
    others: dict[str, str] = field(default_factory=dict)
    """Answers that are kept and that this letter does not ask for."""

    @property
    def lacking(self) -> list[Blank]:
        """The blanks without an answer that the letter can't do without."""
        return [
            blank
            for blank in self.letter.sample.blanks
            if not blank.field.optional and blank.field.label not in self.values
        ]

    def ask(self, asked: list[Blank]) -> None:
        """Ask for each of *asked* in turn; one may go back, and change what is there."""
        place = 0
        while place < len(asked):
            self._show_question(asked[place], place + 1, len(asked))
            typed = click.prompt("", prompt_suffix="> ", default="", show_default=False)
            place = max(place + self._take(asked[place], typed), 0)

    def _show_question(self, blank: Blank, number: int, count: int) -> None:
        asked = blank.field
        click.echo()
        may = ", may stay empty" if asked.optional else ""
        click.echo(f"{click.style(asked.label, bold=True)}  ({number} of {count}{may})")
        hint, _, example = asked.hint.partition("such as")
        click.echo(_wrapped(hint.rstrip(" ,") if example else asked.hint))
        if example:
            click.echo(_wrapped(f"Example: {example.lstrip(': ')}"))
        if asked.label in self.values:
            click.echo(_wrapped(f"Now: {self.values[asked.label]}  (Enter keeps it)"))

    def _take(self, blank: Blank, typed: str) -> int:
        """Take what was *typed* as an answer, and return how far to go on: 1, 0 or -1."""
        label = blank.field.label
        if typed.strip() == BACK:
            return -1
        if typed.strip() == NOTHING:
            self.values.pop(label, None)
        elif typed.strip():
            try:
                self.values[label] = blanks.accepted(blank.field, typed)
            except ContentError as error:
                click.echo(str(error))
                return 0
        self.keep()
        if label in self.values or blank.field.optional:
            return 1
        click.echo("The letter needs this one. Ctrl+C stops, and keeps what you answered.")
        return 0

    def keep(self) -> None:
        """Keep the answers, so that whatever happens none has to be given again."""
        try:
            kept.write({**self.others, **self.values})
        except OSError as error:
            click.echo(f"Your answers can't be kept in {kept.path()}: {error.strerror}.", err=True)

    def finish(self, text: Callable[[], str], save: Callable[[Path], None]) -> None:
        """Show the letter, and offer to copy it, to save it and to change an answer."""
        while True:
            click.echo(f"\n{'-' * 60}\n{text()}{'-' * 60}\n")
            said = click.prompt(
                "c copies it, s saves it, a changes an answer, q quits",
                type=click.Choice(["c", "s", "a", "q"], case_sensitive=False),
                default="c" if clipboard.program() else "s",
            )
            if said == "a":
                self.ask(list(self.letter.sample.blanks))
                continue
            if said == "c":
                by = clipboard.copy(text())
                click.echo(f"Copied, by {by}." if by else clipboard.NONE)
                if not by:
                    continue
            if said == "s" and not self._save(save):
                continue
            return

    def _save(self, save: Callable[[Path], None]) -> bool:
        name = click.prompt("Name of the file", default=f"{self.letter.name}.txt")
        path = Path(name).expanduser()
        if path.exists() and not click.confirm(f"{path} exists. Write over it?"):
            return False
        try:
            save(path)
        except (OSError, ValueError) as error:
            click.echo(f"{path}: {getattr(error, 'strerror', None) or error}. Choose another.")
            return False
        click.echo(f"Saved in {path}.")
        return True


def where() -> str:
    """Return a line that says where answers are kept, and how to be rid of them."""
    return f"Your answers are kept in {kept.path()}. follow-up fill --forget deletes them."


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
