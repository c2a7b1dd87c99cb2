"""The command line: ``follow-up``."""

from __future__ import annotations

import click


@click.group()
def main() -> None:
    """Thank-you notes and follow-up emails after a job interview."""
