"""Files to take a letter along in; a new format is one function and one entry in `formats`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import policy
from email.header import Header
from email.message import EmailMessage
from pathlib import Path

from .. import blanks
from ..model import Letter, Library, Sample
from .take import word


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: what readers call it, and the function that makes one."""

    label: str
    make: Callable[[Letter, Mapping[str, str]], bytes]
    channel: str = ""
    """The only channel whose letters are offered in it; empty where all are."""


def formats() -> dict[str, Format]:
    """Return every format by its file extension."""
    return {
        "eml": Format("Draft email", eml, channel="email"),
        "docx": Format("Word", word.docx),
        "txt": Format("Plain text", txt),
    }


def labels(sample: Sample) -> dict[str, str]:
    """Return the formats that a page offers for *sample*: extension and label."""
    return {
        extension: format.label
        for extension, format in formats().items()
        if format.channel in ("", sample.channel)
    }


def made(library: Library, values: Mapping[str, str] = {}) -> dict[str, bytes]:
    """Return every reachable letter in every format, by its path beside its sample's page."""
    return {
        f"samples/{sample.id}/{letter.name}.{extension}": format.make(letter, values)
        for sample in library.samples.values()
        for letter in blanks.letters(sample)
        for extension, format in formats().items()
    }


def write(files: Mapping[str, bytes], site: Path) -> None:
    """Write *files*, as `made` returns them, into *site*."""
    for folder in {name.rpartition("/")[0] for name in files}:
        (site / folder).mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (site / name).write_bytes(data)


def txt(letter: Letter, values: Mapping[str, str] = {}) -> bytes:
    """Return *letter* as plain text, its subject line first."""
    subject = _subject_line(letter, values)
    body = blanks.body(letter, values)
    return (f"{subject}\n\n{body}\n" if subject else f"{body}\n").encode()


def eml(letter: Letter, values: Mapping[str, str] = {}) -> bytes:
    """Return *letter* as an email that mail programs open as a draft, addressed to nobody."""
    message = EmailMessage(policy=policy.SMTP)
    if subject := blanks.subject(letter, values):
        # Not by message["Subject"]: that takes "=?" in a value for an encoded word.
        message.set_raw("Subject", _header("Subject", subject))
    message["X-Unsent"] = "1"
    message.set_content(f"{blanks.body(letter, values)}\n", charset="utf-8", cte="quoted-printable")
    return message.as_bytes()


def _header(name: str, value: str) -> str:
    """Return a header's *value* in folded lines, readable where ASCII alone can say it."""
    plain = value.isascii() and "=?" not in value and len(f"{name}: {value}") <= 78
    return value if plain else Header(value, "utf-8", header_name=name).encode(linesep="\r\n")


def _subject_line(letter: Letter, values: Mapping[str, str]) -> str:
    subject = blanks.subject(letter, values)
    return f"Subject: {subject}" if subject else ""
