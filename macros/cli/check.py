"""What ``follow-up check`` says about anybody's drafts."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from ..errors import ContentError
from ..model import Finding, Habit, Span, Tip

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"])


@click.command(
    epilog="""\b
Examples:
  follow-up check my-draft.txt
  follow-up check drafts/*.eml --format jsonl
  follow-up check --interviewed 2026-03-02T15:00 < my-draft.txt
"""
)
@click.argument("files", metavar="FILE…", nargs=-1)
@click.option(
    "--interviewed",
    type=MOMENT,
    metavar="WHEN",
    help="When you were interviewed, such as 2026-03-02T15:00: judges promptness by the clock.",
)
@click.option(
    "--sending",
    type=MOMENT,
    metavar="WHEN",
    help="When you will send it; now, where not given.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="For people, or a line of JSON for each draft.",
)
@click.pass_context
def check(
    context: click.Context,
    files: tuple[str, ...],
    interviewed: datetime | None,
    sending: datetime | None,
    form: str,
) -> None:
    """Tell whether your own draft follows the tips.

    FILE is a draft: plain text, Markdown or a saved email (.eml).
    Without a FILE, or with -, the draft is read from standard input.
    Exits with 0 where every draft follows every tip, 1 where one does not, 2 where one can't be
    read.
    """
    from ..checker import draft, habits
    from ..content import guide
    from ..content import tips as rulebook

    delay = _delay(interviewed, sending)
    try:
        docs = guide.folder()
        advice, form_rules = rulebook.tips(docs), rulebook.habits(docs)
    except ContentError as error:
        raise click.ClickException(str(error)) from None
    code = 0
    for name in files or ("-",):
        try:
            text = draft.read("standard input" if name == "-" else name, _bytes(name))
        except ContentError as error:
            click.echo(str(error), err=True)
            code = 2
            continue
        found = _found(text, advice, delay)
        if form == "jsonl":
            click.echo(json.dumps(_record(name, found), ensure_ascii=False))
        else:
            click.echo(_report(name, found, advice, list(habits.check(text, form_rules))))
        if code == 0 and not all(finding.follows for finding in found.values()):
            code = 1
    context.exit(code)


def _delay(interviewed: datetime | None, sending: datetime | None) -> timedelta | None:
    """Return how long after the interview a draft is sent, None where that was not said."""
    if not interviewed:
        if sending:
            raise click.UsageError("--sending needs --interviewed. Say when you were interviewed.")
        return None
    sending = sending or datetime.now()
    if sending < interviewed:
        raise click.UsageError(
            f"--interviewed is {interviewed:%Y-%m-%d %H:%M}, after --sending "
            f"{sending:%Y-%m-%d %H:%M}. Swap or mend them."
        )
    return sending - interviewed


def _found(text: str, advice: Mapping[str, Tip], delay: timedelta | None) -> dict[str, Finding]:
    """Return what the tips find in *text*; where the *delay* is known, it goes by that."""
    from ..checker import tips

    found = tips.check(text, advice)
    for tip in advice.values():
        if tip.clock and delay is not None:
            found[tip.id] = _by_the_clock(found[tip.id], tip.clock, delay)
    return found


def _bytes(name: str) -> bytes:
    """Return what is in a file, or on standard input for ``-``."""
    from ..checker.draft import LONGEST

    try:
        if name == "-":
            return sys.stdin.buffer.read(LONGEST + 1)
        with Path(name).open("rb") as file:
            return file.read(LONGEST + 1)
    except OSError as error:
        raise ContentError(f"{name}: can't be read: {error.strerror}. Check the name.") from None
    except ValueError:
        raise ContentError(f"{name!r}: is no file name. Check the name.") from None


def _by_the_clock(finding: Finding, limit: Span, delay: timedelta) -> Finding:
    """Return a finding on promptness that goes by the clock, whatever the words say."""
    if delay <= timedelta(hours=limit.hours):
        return replace(finding, follows=True, advice="", evidence=())
    hours = int(delay.total_seconds() // 3600)
    count = f"{hours} hours" if hours < 72 else f"{hours // 24} days"
    return replace(
        finding,
        follows=False,
        evidence=(),
        advice=f"It goes out {count} after the interview, and the tip says {limit}. "
        "Send it now; say once that it is late, and give no excuse.",
    )


def _record(name: str, found: Mapping[str, Finding]) -> dict[str, Any]:
    """Return what a machine reads about one draft."""
    return {
        "source": name,
        "tips": {
            id: {"follows": finding.follows, "evidence": list(finding.evidence)}
            for id, finding in found.items()
        },
    }


def _report(
    name: str, found: Mapping[str, Finding], advice: Mapping[str, Tip], broken: list[Habit]
) -> str:
    """Return what a person reads about one draft."""
    lines = [click.style("Your draft" if name == "-" else name, bold=True)]
    for id, finding in found.items():
        mark, colour = ("yes", "green") if finding.follows else ("no ", "yellow")
        lines.append(f"  {click.style(mark, fg=colour, bold=True)}  {advice[id].title}")
        lines += [f"       “{' '.join(quote.split())}”" for quote in finding.evidence]
        if finding.advice:
            lines += _wrapped(finding.advice, "       ")
    if broken:
        lines.append("  Besides:")
        for habit in broken:
            lines += _wrapped(f"- {habit.rule.otherwise} {habit.reason}", "  ", "    ")
    return "\n".join(lines)


def _wrapped(text: str, indent: str, hanging: str = "") -> list[str]:
    import textwrap

    return textwrap.wrap(text, 80, initial_indent=indent, subsequent_indent=hanging or indent)
