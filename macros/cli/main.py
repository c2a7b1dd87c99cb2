"""The command line: ``follow-up``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import click

from .. import blanks
from ..content import guide
from ..errors import ContentError, suggest
from ..model import Letter, Library, Sample, Vocabulary
from ..web import downloads
from .check import check


class Trouble(click.ClickException):
    """What keeps a command from its work: plain lines on standard error, exit code 2."""

    exit_code: ClassVar[int] = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=file is None)


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


@click.group(cls=Commands)
def main() -> None:
    """Thank-you notes and follow-up emails after a job interview.

    The commands work anywhere. Inside a checkout of the guide they use its letters, elsewhere
    those that came with the command.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal may know fewer letters than a note
            stream.reconfigure(errors="replace")


main.add_command(check)


docs_option = click.option(
    "--docs",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="The guide's docs folder. Without it, the one of the checkout that you are in, else "
    "the one that came with the command.",
)


@main.command("list")
@click.option(
    "--format",
    "format",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    help="text for reading, which is the default, or jsonl: one JSON object to a line.",
)
@docs_option
def list_(format: str, docs: Path | None) -> None:
    """List the samples: id, title, and when to send the letter.

    As jsonl, each sample also names its blanks and the options to choose from.
    """
    samples = _library(docs).samples.values()
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


@main.command()
@click.argument("sample", required=False)
@click.option("--all", "every", is_flag=True, help="Fill in every letter that the guide has.")
@click.option(
    "--set",
    "settings",
    metavar="LABEL=VALUE",
    multiple=True,
    help='What to put in a blank, such as "Interviewer=Dana Reyes". Repeat it for each.',
)
@click.option(
    "--from",
    "source",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A YAML file of answers, a line for each blank: 'Interviewer: Dana Reyes'. "
    "Answers that a letter does not ask for wait for another. --set goes before them.",
)
@click.option(
    "--tone",
    "options",
    metavar="OPTION",
    multiple=True,
    help="How to say it, such as warm, formal or brief. Without it, the letter's first way.",
)
@click.option(
    "--format",
    "extension",
    type=click.Choice(list(downloads.formats())),
    help="The kind of file. Without it, what the output's name says, else txt.",
)
@click.option(
    "--output",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="The file to write instead of printing; with --all, the folder.",
)
@click.option("--keep-blanks", is_flag=True, help="Leave blanks without an answer as [Label].")
@docs_option
def fill(
    sample: str | None,
    every: bool,
    settings: tuple[str, ...],
    source: Path | None,
    options: tuple[str, ...],
    extension: str | None,
    output: Path | None,
    keep_blanks: bool,
    docs: Path | None,
) -> None:
    """Fill in the letter of SAMPLE and print it, ready to send.

    A letter with a blank still open is refused, and the blank named, so that nobody sends it
    by mistake.

    Answer once: with --all, the answers from one debrief go into every letter of the guide.
    Those that are complete are written to the output folder, the others named; the exit code
    is then 1.
    """
    library = _library(docs)
    values = _values(library, settings, source)
    if every:
        if sample or not output:
            raise Trouble("--all writes every letter. Name no sample, and a folder with --output.")
        _fill_all(library, values, options, extension or "txt", output, keep_blanks)
        return
    if not sample:
        raise Trouble("no sample named. Name one that follow-up list shows, or give --all.")
    if sample not in library.samples:
        raise Trouble(f"unknown sample {sample!r}. {suggest(sample, library.samples)}")
    letter = _letter(library.samples[sample], options)
    if (lacking := _lacking(letter, values)) and not keep_blanks:
        raise Trouble(lacking)
    formats = downloads.formats()
    suffix = output.suffix.lstrip(".").lower() if output else ""
    extension = extension or (suffix if suffix in formats else "txt")
    data = formats[extension].make(letter, values)
    if output:
        output.write_bytes(data)
    elif extension == "docx" and sys.stdout.isatty():
        raise Trouble("a Word file can't be shown here. Name a file for it with --output.")
    else:
        click.echo(data, nl=False)


def _fill_all(
    library: Library,
    values: Mapping[str, str],
    options: tuple[str, ...],
    extension: str,
    folder: Path,
    keep_blanks: bool,
) -> None:
    """Write every letter with *options* (without any, with all) that *values* complete."""
    known = {
        option.value for choice in library.vocabulary.choices.values() for option in choice.options
    }
    for option in options:
        if option not in known:
            raise Trouble(f"unknown option {option!r}. {suggest(option, known)}")
    make = downloads.formats()[extension].make
    letters: list[Letter] = []
    refused: list[str] = []
    for sample in library.samples.values():
        lacking = _lacking(next(blanks.letters(sample)), values)
        if lacking and not keep_blanks:
            refused.append(lacking)
        else:
            letters += _with(blanks.letters(sample), options)
    for letter in letters:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{letter.name}.{extension}").write_bytes(make(letter, values))
    if letters:
        click.echo(f"{len(letters)} letter{'' if len(letters) == 1 else 's'} in {folder}")
    for line in refused:
        click.echo(line, err=True)
    if refused:
        click.get_current_context().exit(1 if letters else 2)


def _with(letters: Iterator[Letter], options: tuple[str, ...]) -> Iterator[Letter]:
    """Yield the *letters* that take each of *options* wherever their sample offers it."""
    for letter in letters:
        wanted = {
            choice.name: option.value
            for choice in letter.sample.choices
            for option in choice.options
            if option.value in options
        }
        if wanted.items() <= set(letter.picks):
            yield letter


def _letter(sample: Sample, options: tuple[str, ...]) -> Letter:
    """Return the letter of *sample* with *options*, and otherwise its first ones."""
    owners = {option.value: choice.name for choice in sample.choices for option in choice.options}
    for option in options:
        if option not in owners:
            raise Trouble(f"{sample.id} has no option {option!r}. {suggest(option, owners)}")
    return next(_with(blanks.letters(sample), options))


def _lacking(letter: Letter, values: Mapping[str, str]) -> str:
    """Return a line that names the blanks of *letter* that *values* leave open, if any."""
    open_ = [blank for blank in letter.sample.blanks if blank.field.label not in values]
    if not open_:
        return ""
    return (
        f"{letter.sample.id}: no answer for {', '.join(map(str, open_))}. "
        f'Give --set "{open_[0].field.label}=…" for each, or --keep-blanks.'
    )


def _values(library: Library, settings: tuple[str, ...], source: Path | None) -> dict[str, str]:
    """Return the answers by label; an empty one is none."""
    from ..content.library import answers

    fields = library.vocabulary.fields
    given = answers(source, fields) if source else {}
    labels = {name: label for label, field in fields.items() for name in (field.name, label)}
    for setting in settings:
        name, equals, value = setting.partition("=")
        name = name.strip().removeprefix("[").removesuffix("]")
        if not equals:
            raise Trouble(f'{setting!r} sets nothing. Write it as "Interviewer=Dana Reyes".')
        if name not in labels:
            raise Trouble(f"unknown blank '[{name}]'. {suggest(name, fields)}")
        given[labels[name]] = value
    return {label: text for label, value in given.items() if (text := blanks.clean(value).strip())}


@main.command()
@click.argument("id")
@docs_option
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


def _library(docs: Path | None) -> Library:
    """Return the guide's content."""
    # Imported here, since pydantic would slow down what needs no content.
    from ..content.library import library

    return library(guide.folder(docs))
