"""``follow-up answers``: out of a filled-in book, and into a fresh one."""

from __future__ import annotations

from pathlib import Path

import click

from . import shared
from .shared import Trouble


@click.command(
    epilog="""\b
Examples:
  follow-up answers my-handbook.pdf > answers.yml
  follow-up answers answers.yml --to handbook-a5.pdf
  follow-up answers my-handbook.pdf --to handbook-a5.pdf --output mine.pdf
"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "book",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A fresh handbook or class pack, as PDF, to write the answers into.",
)
@click.option(
    "--output",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="With --to, the file to write; without it, the book itself is filled in.",
)
@shared.docs_option
def answers(file: Path, book: Path | None, output: Path | None, docs: Path | None) -> None:
    """Print the answers in FILE as the YAML that fill --from takes.

    FILE is a handbook or class pack that you filled in and saved, or YAML. With --to, the
    answers are written into another book instead.
    """
    from ..content import guide
    from ..content.library import vocabulary

    if output and not book:
        raise Trouble("--output is for --to. Name the book, or send what is printed to a file.")
    fields = vocabulary(guide.folder(docs)).fields
    found = shared.accepted(fields, shared.from_file(file, fields))
    if not found:
        raise Trouble(f"{file}: nothing is filled in. Fill it in, save it, and try again.")
    if not book:
        click.echo(shared.as_yaml(found), nl=False)
        return
    from ..book import filled

    if not book.is_file():
        raise Trouble(f"{book}: no such file. Check the name.")
    fresh = book.read_bytes()
    data, lacking = filled.write(str(book), fresh, found, fields)
    if data == fresh:
        raise Trouble(f"{book}: has no field for any of the answers. Name a fresh handbook.")
    (output or book).write_bytes(data)
    click.echo(f"{len(found)} answer{'' if len(found) == 1 else 's'} in {output or book}")
    if lacking:
        click.echo(
            f"{output or book}: shows ? for {lacking}, which its letters lack; the answers "
            "themselves are whole.",
            err=True,
        )
