"""Nothing leaks, nothing breaks: hostile values through every format, and what holds them."""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import icalendar
import pikepdf
import pytest
import yaml
from click.testing import CliRunner

from macros import blanks
from macros.book import filled
from macros.cli.main import main
from macros.content import files
from macros.errors import ContentError
from macros.model import Field, Widget
from macros.web import downloads, render
from macros.web.take import data, dates, espanso, packing, snippets

from . import hostile
from .conftest import ROOT

COUNT, COUNT_PDF = 1000, 100
"""How many values the tests try with each format; ``make bench`` tries ten thousand.

A PDF takes longer: its library reads the typeface again for each field.
"""

ALL = 10_000


def test_the_values_are_the_same_each_time_and_hostile_in_every_way() -> None:
    found = list(hostile.values(ALL))
    assert found == list(hostile.values(ALL))
    whole = "\n".join(found)
    assert all(fragment in whole for fragment in hostile.FRAGMENTS)
    assert len(set(found)) == ALL


def test_every_download_is_tried_here() -> None:
    assert {*downloads.formats(), "ics"} <= set(hostile.FORMATS)


@pytest.mark.parametrize("format", hostile.FORMATS)
def test_a_hostile_value_comes_back_as_it_was_cleaned(format: str) -> None:
    for given in hostile.sheets(COUNT_PDF if format == "pdf" else COUNT):
        assert hostile.FORMATS[format](given) == hostile.expected(format, given)


def test_an_answer_is_taken_whole_or_refused_in_one_clear_line() -> None:
    field = Field("Company", "", "company", lines=2)
    refused = 0
    for value in hostile.values(ALL):
        try:
            assert blanks.accepted(field, value) == blanks.clean(value).strip()
        except ContentError as error:
            refused += 1
            [line] = error.mistakes
            assert re.fullmatch(r"\[Company\]: .+\. .+\.", line)
            assert line.isprintable()
    assert ALL * 0.1 < refused < ALL * 0.6


# Each defence, and what happens without it.


def said(value: str, format: str = "txt") -> str:
    """Return what *format* makes of one value, read back."""
    given = dict.fromkeys(hostile.LABELS, "x") | {"Blank 1": value}
    return hostile.FORMATS[format](given)["Blank 1"]


def in_pdf(value: str) -> str:
    """Return what the field of a PDF holds that was filled in alone."""
    made, _ = filled.write("x", hostile.form(), {"Blank 1": value}, hostile.FIELDS)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return str(pdf.Root.AcroForm.Fields[1].V)


def without(pattern: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Return what lets the characters of *pattern* through the cleaning."""

    def off(patch: pytest.MonkeyPatch) -> None:
        rest = re.compile(f"(?!{pattern}){blanks.UNTYPEABLE.pattern}")
        patch.setattr(blanks, "UNTYPEABLE", rest)

    return off


def no_nfc(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(blanks, "unicodedata", SimpleNamespace(normalize=lambda form, text: text))


def many_lines(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(blanks, "subject", lambda letter, values: values["Blank 0"])


def naive_yaml(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(packing, "as_yaml", lambda d: "".join(f"{k}: {v}\n" for k, v in d.items()))


def plain_dumper(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(packing, "_dumper", lambda: yaml.SafeDumper)


def injected(patch: pytest.MonkeyPatch) -> None:
    form = espanso._form

    def open_to_variables(*given: Any) -> dict[str, Any]:
        return {key: part for key, part in form(*given).items() if key != "inject_vars"}

    patch.setattr(espanso, "_form", open_to_variables)


def no_escape(patch: pytest.MonkeyPatch) -> None:
    made = render.Renderer.html

    def unescaped(self: render.Renderer, template: str, /, **names: Any) -> str:
        self.templates.filters["typed"] = lambda text: render.Markup(text)
        return made(self, template, **names)

    patch.setattr(render.Renderer, "html", unescaped)


def lines_as_they_are(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(render, "as_typed", render.escape)


def unescaped_calendar(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(icalendar.prop.vText, "to_ical", lambda self: str(self).encode())


def subject(value: str) -> str:
    """Return what an email's reader takes for its subject, its other headers being ours."""
    hostile.by_eml(dict.fromkeys(hostile.LABELS, "x") | {"Blank 0": value})
    return value


def first_cell(value: str) -> str:
    given = dict.fromkeys(hostile.LABELS, "x") | {"Blank 0": value}
    return hostile.by_csv(given)["Blank 0"]


def address(value: str) -> str:
    """Return an address that was accepted, which only one may be."""
    field = Field("To", "", "to", Widget.EMAIL)
    try:
        text = blanks.accepted(field, value)
    except ContentError:
        return value
    return f"accepted: {text}"


def quoted(value: str) -> str:
    """Return what a reader of YAML 1.2 takes for text: it needs quotes to be sure."""
    line = packing.as_yaml({"a": value}).strip()
    return value if line == f"a: '{value}'" else line


def long(value: str) -> str:
    try:
        return blanks.accepted(Field("Company", "", "company"), value)
    except ContentError:
        return "refused"


def page_name(value: str) -> str:
    """Return the name of a new page where it is refused, since it would leave its folder."""
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "docs"
        shutil.copytree(ROOT / "docs" / "_data", docs / "_data")
        (docs / "samples").mkdir()
        CliRunner().invoke(main, ["new", value, "--docs", str(docs)])
        return value if not list(docs.glob("*.md")) else "a page outside"


DEFENCES: dict[str, tuple[Callable[[str], str], str, str, Callable[[pytest.MonkeyPatch], None]]] = {
    "accents are composed": (said, "Rene\u0301e", "Renée", no_nfc),
    "NUL": (lambda v: said(v, "docx"), "a\x00b", "ab", without("\x00")),
    "control characters": (lambda v: said(v, "docx"), "a\x0bb", "ab", without("\x0b")),
    "XML's limits": (lambda v: said(v, "docx"), "a\uffffb", "ab", without("\uffff")),
    "a lone surrogate in text": (said, "a\ud800b", "ab", without("\ud800")),
    "a lone surrogate in JSON": (lambda v: said(v, "json"), "a\ud800b", "ab", without("\ud800")),
    "a lone surrogate in a PDF": (in_pdf, "a\ud800b", "ab", without("\ud800")),
    "bidi controls": (said, "a\u202eb", "ab", without("\u202e")),
    "old line ends": (
        said,
        "a\rb",
        "a\nb",
        lambda patch: patch.setattr(blanks, "LINE_END", re.compile("(?!)")),
    ),
    "header injection": (subject, "x\nBcc: a@example.org", "x\nBcc: a@example.org", many_lines),
    "encoded words": (
        subject,
        "=?utf-8?q?Bcc=3A?=",
        "=?utf-8?q?Bcc=3A?=",
        lambda patch: patch.setattr(downloads, "_header", lambda name, value: value),
    ),
    "two addresses in one": (
        address,
        "a@example.org, b@example.org",
        "a@example.org, b@example.org",
        lambda patch: patch.setattr(blanks, "_check_address", lambda field, text: None),
    ),
    "formulas in a table": (
        first_cell,
        "=1+1",
        "=1+1",
        lambda patch: patch.setattr(data, "guarded", lambda cell: cell),
    ),
    "YAML's words": (lambda v: said(v, "yaml"), "No", "No", naive_yaml),
    "YAML's signs": (lambda v: said(v, "yaml"), "a: b #c", "a: b #c", naive_yaml),
    "YAML 1.2's numbers": (quoted, "1e3", "1e3", plain_dumper),
    "YAML's lone letters": (quoted, "y", "y", plain_dumper),
    "Espanso's variables": (lambda v: said(v, "espanso"), "{{x}}", "{{x}}", injected),
    "a snippet's dollar": (
        lambda v: said(v, "vscode"),
        "${1:x} \\",
        "${1:x} \\",
        lambda patch: patch.setattr(snippets, "escaped", lambda text: text),
    ),
    "markup": (lambda v: said(v, "html"), "<b>x</b>", "<b>x</b>", no_escape),
    "lines and tabs in a page": (
        lambda v: said(v, "html"),
        "a\n\n\tb",
        "a\n\n\tb",
        lines_as_they_are,
    ),
    "a calendar's lines": (
        lambda v: said(v, "ics"),
        "x\nEND:VEVENT",
        "x\nEND:VEVENT",
        unescaped_calendar,
    ),
    "names of files": (
        page_name,
        "../odd-name",
        "../odd-name",
        lambda patch: patch.setattr(files, "STEM", re.compile(".*")),
    ),
    "answers without end": (
        long,
        "x" * 5001,
        "refused",
        lambda patch: patch.setattr(blanks, "LONGEST", 10**9),
    ),
}
"""Each by what it is against: a try, a value, what must come of it, and what switches it off."""


@pytest.mark.parametrize("name", DEFENCES)
def test_a_defence_holds_and_without_it_something_breaks(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt, value, outcome, off = DEFENCES[name]
    assert attempt(value) == outcome
    off(monkeypatch)
    try:
        broken = attempt(value) != outcome
    except Exception:  # a crash is what the defence keeps away
        broken = True
    assert broken


def test_a_calendar_holds_a_backslash_as_the_standard_has_it() -> None:
    given = dict.fromkeys(hostile.LABELS, "x") | {"Blank 1": "a\\No"}
    due = dates.due(hostile.SAMPLE, datetime(2026, 3, 2, 15))
    made = dates.ics(hostile.LETTER, given, due, [], datetime(2026, 1, 1, tzinfo=UTC))
    assert b"a\\\\No" in made.replace(b"\r\n ", b"")


def test_json_of_the_library_is_what_every_reader_of_json_takes() -> None:
    given = dict.fromkeys(hostile.LABELS, "\u2028</script>\\u0000")
    text = data.as_json(hostile.LIBRARY, given).decode()
    assert "\u2028" not in text
    assert json.loads(text)["answers"]["Blank 3"] == "\n</script>\\u0000"
