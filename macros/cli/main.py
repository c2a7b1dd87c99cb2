"""The command line: ``follow-up``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from ..content import guide
from ..errors import ContentError
from ..model import Sample, Vocabulary
from . import shared
from .answers import answers
from .check import check
from .fill import fill
from .shared import Trouble


class Commands(click.Group):
    """Commands that tell every trouble in the same way."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except ContentError as error:
            raise Trouble(str(error)) from None
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Trouble(f"{error.filename}: {error.strerror}. Choose another path.") from None
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise Trouble(error.format_message()) from None


@click.group(
    cls=Commands,
    epilog="""\b
Examples:
  follow-up list
  follow-up fill thank-you-note
  follow-up check my-draft.txt

\b
Exit codes:
  0    done
  1    done in part: a draft breaks a tip, or a letter lacks an answer
  2    not done; a line on standard error says why
  130  stopped by Ctrl+C, with every answer kept

Colours are for terminals, and for none where NO_COLOR is set.

\b
Your shell completes commands, options and the names of letters once it has read:
  bash  eval "$(_FOLLOW_UP_COMPLETE=bash_source follow-up)"
  zsh   eval "$(_FOLLOW_UP_COMPLETE=zsh_source follow-up)"
  fish  _FOLLOW_UP_COMPLETE=fish_source follow-up | source
""",
)
@click.pass_context
def main(context: click.Context) -> None:
    """Thank-you notes and follow-up emails after a job interview.

    The commands work anywhere. Inside a checkout of the guide they use its letters, elsewhere
    those that came with the command. Nothing leaves this machine.
    """
    if os.environ.get("NO_COLOR"):
        context.color = False
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal may know fewer letters than a note
            stream.reconfigure(errors="replace")


main.add_command(check)
main.add_command(fill)
main.add_command(answers)


@main.command(
    "list",
    epilog="""\b
Examples:
  follow-up list
  follow-up list --format jsonl
""",
)
@click.option(
    "--format",
    "format",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    help="text for reading, which is the default, or jsonl: one JSON object to a line.",
)
@shared.docs_option
def list_(format: str, docs: Path | None) -> None:
    """List the samples: id, title, and when to send the letter.

    As jsonl, each sample also names its blanks and the options to choose from.
    """
    samples = shared.library(docs).samples.values()
    rows = [(sample.id, sample.title, " or ".join(map(str, sample.send))) for sample in samples]
    if format == "jsonl":
        for row, sample in zip(rows, samples, strict=True):
            entry = dict(zip(("id", "title", "window"), row, strict=True))
            click.echo(json.dumps({**entry, **_answers_to(sample)}, ensure_ascii=False))
        return
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    for id, title, window in rows:
        click.echo(f"{id:{widths[0]}}  {title:{widths[1]}}  {window}")


def _answers_to(sample: Sample) -> dict[str, Any]:
    """Return what a sample asks: the labels of its blanks, the options of its choices."""
    return {
        "blanks": [blank.field.label for blank in sample.blanks],
        "choices": {
            choice.name: [option.value for option in choice.options] for choice in sample.choices
        },
    }


@main.command(
    epilog="""\b
Examples:
  follow-up new asked-for-references
"""
)
@click.argument("id")
@shared.docs_option
def new(id: str, docs: Path | None) -> None:
    """Begin a new sample: write docs/samples/ID.md and print its path.

    ID is the file's name and the page's address: lower case, digits and hyphens. The file says
    what each key means; fill it in, and the site takes it up. It never overwrites a file.
    """
    from ..content import files
    from ..content.library import vocabulary

    folder = guide.folder(docs) if docs else guide.around(Path.cwd())
    if not folder:
        raise Trouble(
            "no guide's project in this folder or above it, and a new sample belongs in one. "
            "Name its docs folder with --docs."
        )
    if not files.STEM.fullmatch(id):
        raise Trouble(f"{id!r} can't be an id. Use lower case, digits and hyphens.")
    path = folder / "samples" / f"{id}.md"
    tips = sorted(file.stem for file in (folder / "_data" / "tips").glob("*.yml"))
    text = _page(vocabulary(folder), tips)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise Trouble(f"{os.path.relpath(path)} exists. Choose another id, or edit it.") from None
    click.echo(os.path.relpath(path))


def _page(vocabulary: Vocabulary, tips: Iterable[str]) -> str:
    """Return a sample's page to fill in, which loads once that is done and not before."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Angle brackets mark the template's own code: the page has "{% call letter() %}" in it.
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return templates.get_template("sample.md.jinja").render(vocabulary=vocabulary, tips=tips)
