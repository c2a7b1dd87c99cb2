"""``follow-up fill``: letters from answers, told in words, in a file or at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from .. import blanks
from ..errors import suggest
from ..model import Letter, Library, Sample
from ..web import downloads
from ..web.take import dates, packing
from . import asking, clipboard, kept, shared
from .shared import Trouble

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"])
CALENDAR = "ics"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made of the answers."""

    options: tuple[str, ...]
    extension: str
    output: Path | None
    keep_blanks: bool
    copy: bool
    interviewed: datetime | None


@click.command(
    epilog="""\b
Examples:
  follow-up fill thank-you-note
  follow-up fill thank-you-note --tone warm --from answers.yml --copy
  follow-up fill --all --from my-handbook.pdf --output letters/
  follow-up fill thank-you-note --from answers.yml --output letter.docx
  follow-up fill thank-you-note --interviewed 2026-03-02T15:00 --output due.ics
"""
)
@click.argument("sample", required=False, shell_complete=shared.samples)
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
    help="Answers: the handbook's PDF that you filled in, or a YAML file with a line for each "
    "blank: 'Interviewer: Dana Reyes'. Answers that a letter does not ask for wait for "
    "another. --set goes before them.",
)
@click.option(
    "--tone",
    "options",
    metavar="OPTION",
    multiple=True,
    shell_complete=shared.options,
    help="How to say it, such as warm, formal or brief. Without it, the letter's first way.",
)
@click.option(
    "--format",
    "extension",
    type=click.Choice([*downloads.formats(), CALENDAR]),
    help="The kind of file. Without it, what the output's name says, else txt. "
    "ics is a calendar with the letter's deadline, and needs --interviewed.",
)
@click.option(
    "--output",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="The file to write instead of printing; with --all, the folder.",
)
@click.option("--copy", is_flag=True, help="Put the letter on the clipboard instead of printing.")
@click.option(
    "--interviewed",
    type=MOMENT,
    metavar="WHEN",
    help="When you were interviewed, such as 2026-03-02T15:00: says when the letter is due.",
)
@click.option("--keep-blanks", is_flag=True, help="Leave blanks without an answer as [Label].")
@click.option("--forget", is_flag=True, help="Delete the answers that were kept on this machine.")
@shared.docs_option
@click.pass_context
def fill(
    context: click.Context,
    sample: str | None,
    every: bool,
    settings: tuple[str, ...],
    source: Path | None,
    options: tuple[str, ...],
    extension: str | None,
    output: Path | None,
    copy: bool,
    interviewed: datetime | None,
    keep_blanks: bool,
    forget: bool,
    docs: Path | None,
) -> None:
    """Fill in the letter of SAMPLE and print it, ready to send.

    On a terminal it asks for what is missing, one blank after the other, then offers to copy
    the letter or to save it. In a pipe it never asks: a letter with a blank still open is
    refused, and the blank named, so that nobody sends it by mistake.

    Answer once: with --all, the answers from one debrief go into every letter of the guide.
    Those that are complete are written to the output folder, the others named; the exit code
    is then 1.
    """
    if forget:
        there = kept.forget()
        click.echo(f"{'Forgotten' if there else 'Nothing was kept'}: {kept.path()}", err=True)
        if not (sample or every):
            return
    library = shared.library(docs)
    values = shared.given(library.vocabulary.fields, settings, source)
    order = Order(options, _extension(extension, output), output, keep_blanks, copy, interviewed)
    if order.extension == CALENDAR and not interviewed:
        raise Trouble("a calendar counts from the interview. Say when it was with --interviewed.")
    if every:
        if sample or not output or copy:
            raise Trouble("--all writes every letter. Name no sample, and a folder with --output.")
        if order.extension == CALENDAR:
            raise Trouble("a calendar is made for one letter. Name its sample instead of --all.")
        _fill_all(library, values, order, output)
        return
    _fill_one(context, library, sample, values, order)


def _fill_one(
    context: click.Context,
    library: Library,
    id: str | None,
    values: Mapping[str, str],
    order: Order,
) -> None:
    """Hand over the letter of one sample, or its calendar; ask for what is missing."""
    letter = _letter(_named(library, id), order.options)
    when = order.interviewed
    dues = dates.due(letter.sample, when) if when else []
    nudges = dates.nudges(library, when) if when else []
    if when:
        _tell(letter.sample, dues, nudges)
    lacking = _lacking(letter, values)
    if order.extension == CALENDAR:
        if not dues:
            raise Trouble(f"{id} has no date that counts from the interview. Make none.")
        _hand_over(letter, dates.ics(letter, values, dues, nudges, packing.moment()), order)
    elif not lacking or order.keep_blanks:
        _hand_over(letter, downloads.formats()[order.extension].make(letter, values), order)
    elif sys.stdin.isatty() and sys.stdout.isatty():
        _converse(context, library, letter, values, order)
    else:
        raise Trouble(lacking)


def _named(library: Library, id: str | None) -> Sample:
    if not id:
        raise Trouble("no sample named. Name one that follow-up list shows, or give --all.")
    if id not in library.samples:
        raise Trouble(f"unknown sample {id!r}. {suggest(id, library.samples)}")
    return library.samples[id]


def _extension(extension: str | None, output: Path | None) -> str:
    suffix = output.suffix.lstrip(".").lower() if output else ""
    return extension or (suffix if suffix in (*downloads.formats(), CALENDAR) else "txt")


def _tell(sample: Sample, dues: list[dates.Due], nudges: list[dates.Due]) -> None:
    """Say when the letter is due, beside the letter and not in it."""
    for each in dues:
        click.echo(f"Send it {each}.", err=True)
    if not dues:
        windows = " or ".join(map(str, sample.send))
        click.echo(f"Send it {windows}, which the interview does not date.", err=True)
    for each in nudges:
        if each.sample is not sample:
            click.echo(f"No answer? {each.sample.id}: {each}.", err=True)


def _converse(
    context: click.Context,
    library: Library,
    letter: Letter,
    values: Mapping[str, str],
    order: Order,
) -> None:
    """Ask for what is missing, then hand the letter over as asked or as chosen."""
    labels = [blank.field.label for blank in letter.sample.blanks]
    before = kept.read(library.vocabulary.fields)
    talk = asking.Talk(
        letter,
        {label: text for label, text in {**before, **values}.items() if label in labels},
        {label: text for label, text in before.items() if label not in labels},
    )
    click.echo(f"{click.style(letter.sample.title, bold=True)}: {letter.sample.situation}.")
    click.echo("Enter goes on, < goes back, - empties an answer, Ctrl+C stops and keeps all.")
    try:
        talk.ask([blank for blank in letter.sample.blanks if blank.field.label not in values])
        if order.output or order.copy:
            data = downloads.formats()[order.extension].make(letter, talk.values)
            _hand_over(letter, data, order)
        else:
            talk.finish(
                lambda: downloads.txt(letter, talk.values).decode(),
                lambda path: _save(path, letter, talk.values),
            )
    except click.Abort:
        talk.keep()
        click.echo(f"\nStopped. {asking.where()}", err=True)
        context.exit(130)
    click.echo(asking.where(), err=True)


def _save(path: Path, letter: Letter, values: Mapping[str, str]) -> None:
    """Write the letter in the format that the file's name says."""
    extension = _extension(None, path)
    path.write_bytes(
        downloads.formats().get(extension, downloads.formats()["txt"]).make(letter, values)
    )


def _hand_over(letter: Letter, data: bytes, order: Order) -> None:
    """Write *data* where it was asked for."""
    if order.copy:
        if order.extension != "txt":
            raise Trouble("only text can be copied. Give --copy or --format, not both.")
        by = clipboard.copy(data.decode())
        if not by:
            raise Trouble(clipboard.NONE)
        click.echo(f"{letter.name}: copied, by {by}.", err=True)
    if order.output:
        order.output.write_bytes(data)
    elif order.copy:
        return
    elif order.extension == "docx" and sys.stdout.isatty():
        raise Trouble("a Word file can't be shown here. Name a file for it with --output.")
    else:
        click.echo(data, nl=False)


def _fill_all(library: Library, values: Mapping[str, str], order: Order, folder: Path) -> None:
    """Write every letter with the options (without any, with all) that *values* complete."""
    known = {
        option.value for choice in library.vocabulary.choices.values() for option in choice.options
    }
    for option in order.options:
        if option not in known:
            raise Trouble(f"unknown option {option!r}. {suggest(option, known)}")
    make = downloads.formats()[order.extension].make
    letters: list[Letter] = []
    refused: list[str] = []
    for sample in library.samples.values():
        lacking = _lacking(next(blanks.letters(sample)), values)
        if lacking and not order.keep_blanks:
            refused.append(lacking)
        else:
            letters += _with(blanks.letters(sample), order.options)
    if letters:
        folder.mkdir(parents=True, exist_ok=True)
    hidden = not sys.stderr.isatty()
    with click.progressbar(letters, label="Writing", file=sys.stderr, hidden=hidden) as each:
        for letter in each:
            (folder / f"{letter.name}.{order.extension}").write_bytes(make(letter, values))
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
    open_ = [
        blank
        for blank in letter.sample.blanks
        if not blank.field.optional and blank.field.label not in values
    ]
    if not open_:
        return ""
    return (
        f"{letter.sample.id}: no answer for {', '.join(map(str, open_))}. "
        f'Give --set "{open_[0].field.label}=…" for each, or --keep-blanks.'
    )
