"""Values that nobody should type, and the way of each through every format and back.

Each value is written by our code and read by a program that is not ours.  What comes back
must be the value after the one cleaning that all formats share, `blanks.clean`.
"""

from __future__ import annotations

import csv
import email
import email.policy
import functools
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import docx
import html5lib
import markdown
import pikepdf
import yaml
from docx.oxml.ns import qn
from docx.text.run import Run
from icalendar import Calendar

from macros import blanks
from macros.book import filled
from macros.book.pdf import document
from macros.model import (
    Blank,
    Choice,
    Field,
    Form,
    Letter,
    Library,
    Line,
    Option,
    Paragraph,
    Sample,
    Section,
    Span,
    Vocabulary,
    Widget,
    Window,
)
from macros.web import downloads, render
from macros.web.take import data, dates, espanso, packing, snippets, word

AT_ONCE = 100
"""How many values one document holds."""

END = "§"
"""What parts values in one text; no value has it."""

FRAGMENTS = (
    *("\r\nBcc: x@example.org", "\nBcc: x@example.org\n\n", "\r", "\n", "\n\n", "\t", "  ", "\x00"),
    *("\x0b", "\x0c", "\x1c", "\x1f", "\x7f", "\x85", "\u2028", "\u2029", "\ufffe", "\U0001ffff"),
    *("\ud800", "\udfff", "\ud83d", "\u202e", "\u2066", "\u2069", "\u200f", "\ufeff", "\u00ad"),
    *(
        "<script>alert(1)</script>",
        "</span></p>",
        "<!--",
        "-->",
        "]]>",
        "<?xml ?>",
        "&amp;",
        "&#0;",
    ),
    *(
        '" onfocus="x',
        "' x='",
        "`",
        "**b**",
        "[a](b)",
        "    ",
        "# h",
        "- i",
        "| a |",
        "<https://a>",
    ),
    *(
        "{{ 7 * 7 }}",
        "{% raw %}",
        "{# #}",
        "{{letter.x}}",
        "\\{\\{",
        "[[x]]",
        "$|$",
        "${1:x}",
        "$1",
    ),
    *("$", "}", "{", "\\", "\\n", "%s", "%(x)s", "{0}", "\\u0000", "\\x00", "\\000"),
    *("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "'", "''", ",", ";", '"', '""', "|"),
    *("No", "yes", "y", "null", "~", "1e3", "0o17", "0x1F", "1:30", "2026-03-02", ".inf", "*a"),
    *(
        "&a b",
        "!!python/object:os.system",
        "!tag",
        "? a",
        ": b",
        " #c",
        "---",
        "...",
        "%YAML",
        "@b",
    ),
    *(
        "a@example.org, b@example.org",
        "<a@example.org>",
        "=?utf-8?q?Bcc=3A?=",
        "=20",
        ".\n.",
        "From ",
    ),
    *("BEGIN:VEVENT", "END:VCALENDAR", "\nATTENDEE:mailto:x", ";X=1:", "^n", "_x000D_", "\u0000"),
    *(
        "../../etc/passwd",
        "CON",
        "a/b",
        "..\\",
        "C:\\",
        "()",
        "(a)",
        ")",
        "\\(",
        "%PDF-",
        "endobj",
        "<FEFF>",
    ),
    *(
        "Zoë",
        "e\u0301",
        "Łukaś",
        "İ",
        "ß",
        "ﬁ",
        "李",
        "👩\u200d🔧",
        "🏽",
        "שלום",
        "مرحبا",
        "नमस्ते",
        "\u0345",
    ),
    *("é" * 80, "x" * 300, "a b " * 40),
)
"""What one format or another might take for more than text."""


def values(count: int, seed: int = 12) -> Iterator[str]:
    """Yield *count* values, no two alike, the same for the same *seed*."""
    chance = random.Random(seed)
    seen: set[str] = set()
    while len(seen) < count:
        parts = [
            chance.choice(FRAGMENTS)
            if chance.random() < 0.75
            else "".join(chr(chance.choice(RANGES)(chance)) for _ in range(chance.randint(1, 8)))
            for _ in range(chance.randint(1, 5))
        ]
        value = "".join(parts).replace(END, "")
        if value not in seen:
            seen.add(value)
            yield value


RANGES: tuple[Callable[[random.Random], int], ...] = (
    lambda chance: chance.randint(0x20, 0x7E),
    lambda chance: chance.randint(0, 0xFF),
    lambda chance: chance.randint(0x100, 0x33FF),
    lambda chance: chance.randint(0xD800, 0xFFFF),
    lambda chance: chance.randint(0x10000, 0x10FFFF),
)


def sheets(count: int) -> Iterator[dict[str, str]]:
    """Yield the values by label, as many at once as one document holds."""
    batch: list[str] = []
    for value in values(count):
        batch.append(value)
        if len(batch) == AT_ONCE:
            yield dict(zip(LABELS, batch, strict=True))
            batch = []
    assert not batch


FIELDS = {
    f"Blank {n}": Field(f"Blank {n}", "A hint", f"blank-{n}", widget=Widget.TEXTAREA, lines=2)
    for n in range(AT_ONCE)
}
LABELS = list(FIELDS)
WINDOW = Window("the interview", within=Span(24, "hour"))
SAMPLE = Sample(
    id="hostile",
    path="docs/samples/hostile.md",
    title="Hostile",
    situation="Somebody typed this",
    group="after",
    channel="email",
    send=(WINDOW,),
    subject=(Blank(FIELDS["Blank 0"]),),
    paragraphs=tuple(Paragraph((Line((Blank(field), f"\n{END}")),)) for field in FIELDS.values()),
    choices=(),
    stances=(),
    words=(0, 9999),
)
LETTER = Letter(SAMPLE, ())
CHOICES = {"tone": Choice("tone", "Tone", (Option("plain", "Plain"), Option("warm", "Warm")))}
LIBRARY = Library(
    Vocabulary(
        FIELDS, CHOICES, {"after": "After"}, {"the interview": "Met"}, {"email": "Email"}, {}
    ),
    {},
    {},
    {"hostile": SAMPLE},
)
Read = dict[str, str]


def apart(text: str) -> Read:
    """Return the values in a letter's *text*, by label."""
    parts = re.split(rf"\n{END}(?:\n\n)?", text)
    assert parts.pop() in ("", "\n")
    return dict(zip(LABELS, parts, strict=True))


def lone(value: str, label: str) -> str:
    """Return what a letter says for *value*: nothing round it, the label where it is empty."""
    return blanks.clean(value).strip() or f"[{label}]"


def by_txt(given: Read) -> Read:
    """Through a text, read as UTF-8."""
    return apart(downloads.txt(LETTER, given).decode().partition("\n\n")[2])


def by_eml(given: Read) -> Read:
    """Through a draft email, read by Python's parser."""
    found = email.message_from_bytes(downloads.eml(LETTER, given), policy=email.policy.SMTP)
    assert not found.defects
    assert set(found.keys()) == {
        *("Subject", "X-Unsent", "Content-Type", "Content-Transfer-Encoding", "MIME-Version")
    }
    assert found["Subject"] == " ".join(lone(given["Blank 0"], "Blank 0").split())
    return apart(found.get_content().replace("\r\n", "\n"))


def by_docx(given: Read) -> Read:
    """Through a Word file, read by python-docx."""
    paragraphs = docx.Document(io.BytesIO(word.docx(LETTER, given))).paragraphs[1:]

    def said(part: object, paragraph: object) -> str:
        if part.tag == qn("w:r"):  # type: ignore[attr-defined]
            return str(Run(part, paragraph).text)  # type: ignore[arg-type]
        control = part.find(".//" + qn("w:alias"))  # type: ignore[attr-defined]
        return f"[{control.get(qn('w:val'))}]" if control is not None else ""

    return apart("\n\n".join("".join(said(part, p) for part in p._p) for p in paragraphs))


def by_ics(given: Read) -> Read:
    """Through a calendar, read by icalendar."""
    made = datetime(2026, 1, 1, tzinfo=UTC)
    due = dates.due(SAMPLE, datetime(2026, 3, 2, 15))
    calendar = Calendar.from_ical(dates.ics(LETTER, given, due, [], made))
    [event] = calendar.walk("VEVENT")
    assert "attendee" not in event
    return apart(str(event["description"]).partition("\n\n")[2])


@functools.cache
def form() -> bytes:
    """Return a PDF with a field for each label, made as the book is."""
    inputs = "".join(
        f'<p><label><textarea name="{f.name}" title="{f.label}"></textarea></label></p>'
        for f in FIELDS.values()
    )
    page = f'<!doctype html><html lang="en"><title>x</title><body><h1>x</h1>{inputs}</body></html>'
    sheet = "body{font-family:BookFace} textarea{font:9pt FormFace;display:block}"
    return document.write(page, [sheet], {}, {})[0]


def by_pdf(given: Read) -> Read:
    """Through the fields of a PDF, read by qpdf."""
    made, _ = filled.write("x", form(), given, FIELDS)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        found = {str(field.T): str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields}
    return {label: found[field.name] for label, field in FIELDS.items()}


def by_html(given: Read) -> Read:
    """Through a page of a site of one's own, read by html5lib."""
    return boxes(on_a_page(render.Renderer(LIBRARY, answers=given).letter(SAMPLE)))


def on_a_page(made: str) -> Element:
    """Return HTML as it is once Markdown has had its turn at it, parsed."""
    page = markdown.Markdown(extensions=["toc", "tables"]).convert(f"# x\n\n{made}\n\ny\n")
    found: Element = html5lib.parse(page, namespaceHTMLElements=False)
    return found


def boxes(tree: Element) -> Read:
    """Return what stands in the blanks of a page, which hold text and nothing else."""
    found = [part for part in tree.iter("span") if part.get("role") == "textbox"]
    assert all(len(box) == 0 for box in found)
    return {str(box.get("aria-label")): box.text or "" for box in found}


def by_desk(given: Read) -> Read:
    """Through the desk of such a site."""
    return boxes(on_a_page(render.Renderer(LIBRARY, answers=given).desk("hostile")))


def by_worksheet(given: Read) -> Read:
    """Through a worksheet of such a site."""
    form = Form("f", "F", (Section("S", tuple(FIELDS.values())),))
    tree = on_a_page(render.Renderer(LIBRARY, answers=given).form(form))
    names = {field.name: label for label, field in FIELDS.items()}
    return {names[str(box.get("name"))]: box.text or "" for box in tree.iter("textarea")}


def by_espanso(given: Read) -> Read:
    """Through a package for Espanso, read as YAML."""
    match, _ = yaml.safe_load(espanso.package(LIBRARY, given)["package.yml"])["matches"]
    [form] = match["vars"]
    fields = form["params"]["fields"]
    assert form.get("inject_vars") is (False if "{{" in str(fields) else None)
    return {f.label: fields[espanso.key(f)].get("default", "") for f in FIELDS.values()}


PLACE = re.compile(r"\\(?P<plain>[\\$}])|\$\{(?P<number>\d+):(?P<text>(?:\\[\\$}]|[^\\$}])*)\}")


def by_vscode(given: Read) -> Read:
    """Through snippets, read as JSON and by the grammar that VS Code documents."""
    [made] = json.loads(snippets.snippets(LIBRARY, given)).values()
    body = "\n".join(made["body"])
    assert not re.search(r"[\\$]", PLACE.sub("", body))
    found = [
        (int(place["number"]), re.sub(r"\\([\\$}])", r"\1", place["text"]))
        for place in PLACE.finditer(body)
        if place["number"]
    ]
    assert found[0] == found[1]  # the subject's blank, and the same in the letter
    return {LABELS[number - 1]: text for number, text in found}


def by_json(given: Read) -> Read:
    """Through the library's JSON."""
    made = json.loads(data.as_json(LIBRARY, given))
    [letter] = made["samples"][0]["letters"]
    assert apart(letter["body_text"]) == by_txt(given)
    return dict(made["answers"])


def by_csv(given: Read) -> Read:
    """Through the table, read by Python's reader."""
    made = data.as_csv(LIBRARY, given).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(made, newline=""))
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    return apart(row["body"].removeprefix("'"))


def by_yaml(given: Read) -> Read:
    """Through the answers that the command prints."""
    found = yaml.safe_load(packing.as_yaml({k: blanks.clean(v) for k, v in given.items()}))
    return dict(found)


SAID: dict[str, Callable[[Read], Read]] = {
    "txt": by_txt,
    "eml": by_eml,
    "docx": by_docx,
    "ics": by_ics,
    "csv": by_csv,
}
"""Formats in which a letter is finished."""

HELD: dict[str, Callable[[Read], Read]] = {
    "pdf": by_pdf,
    "html": by_html,
    "desk": by_desk,
    "worksheet": by_worksheet,
    "espanso": by_espanso,
    "vscode": by_vscode,
    "json": by_json,
    "yaml": by_yaml,
}
"""Formats that hold the answers as they are."""

FORMATS = {**SAID, **HELD}


def expected(format: str, given: Read) -> Read:
    """Return what must come back of *given* values."""
    if format in SAID:
        return {label: lone(value, label) for label, value in given.items()}
    if format == "vscode":
        return {label: blanks.clean(value) or label for label, value in given.items()}
    return {label: blanks.clean(value) for label, value in given.items()}
