"""Files to take a letter along in; a new format is one function and one entry in `formats`."""

from __future__ import annotations

import functools
import io
import os
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from .. import blanks
from ..model import Letter, Library, Sample

LANGUAGE = "en-GB"

DOCUMENT, ABOUT = "word/document.xml", "docProps/core.xml"
"""The two parts of a Word document that differ between letters."""

SERIF = "Georgia"
"""A book face that Windows and macOS both have."""


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
        "docx": Format("Word", docx),
        "txt": Format("Plain text", txt),
    }


def labels(sample: Sample) -> dict[str, str]:
    """Return the formats that a page offers for *sample*: extension and label."""
    return {
        extension: format.label
        for extension, format in formats().items()
        if format.channel in ("", sample.channel)
    }


def made(library: Library) -> dict[str, bytes]:
    """Return every reachable letter in every format, by its path beside its sample's page."""
    return {
        f"samples/{sample.id}/{letter.name}.{extension}": format.make(letter, {})
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


def docx(letter: Letter, values: Mapping[str, str] = {}) -> bytes:
    """Return *letter* as a Word document in which blanks without a value are marked."""
    from lxml import etree

    parts = dict(_stationery())
    document = etree.fromstring(parts[DOCUMENT])
    # The page's measures come last in a Word document.
    measures = document[0][-1]
    if subject := _subject_line(letter, values):
        measures.addprevious(_paragraph(subject, letter.sample, "Subject"))
    for paragraph in letter.paragraphs:
        measures.addprevious(_paragraph(blanks.fill(paragraph, values), letter.sample))
    about = etree.fromstring(parts[ABOUT])
    about.find("{*}title").text = _title(letter)
    for name in ("created", "modified"):
        about.find(f"{{*}}{name}").text = f"{moment():%Y-%m-%dT%H:%M:%SZ}"
    for name, tree in ((DOCUMENT, document), (ABOUT, about)):
        parts[name] = etree.tostring(tree, encoding="UTF-8", standalone=True)
    return package(parts)


def _subject_line(letter: Letter, values: Mapping[str, str]) -> str:
    subject = blanks.subject(letter, values)
    return f"Subject: {subject}" if subject else ""


def _title(letter: Letter) -> str:
    """Return the sample's title and, in brackets, the options that are not its first."""
    others = [
        option.label.lower()
        for choice in letter.sample.choices
        for option in choice.options[1:]
        if (choice.name, option.value) in letter.picks
    ]
    return f"{letter.sample.title} ({', '.join(others)})" if others else letter.sample.title


def _paragraph(text: str, sample: Sample, style: str = "Normal") -> Any:
    """Return *text* as a paragraph of Word's, the labels of blanks in a style of their own."""
    from docx.oxml.ns import nsmap, qn
    from lxml.builder import ElementMaker

    make = ElementMaker(namespace=nsmap["w"])
    value, space = qn("w:val"), "{http://www.w3.org/XML/1998/namespace}space"
    paragraph = make.p(make.pPr(make.pStyle({value: style})))
    labels = "|".join(re.escape(str(blank)) for blank in sample.blanks) or "(?!)"
    for place, words in enumerate(re.split(f"({labels})", text)):
        if not words:
            continue
        run = make.r(*([make.rPr(make.rStyle({value: "Blank"}))] if place % 2 else []))
        for piece in re.split(r"([\n\t])", words):
            if piece == "\n":
                run.append(make.br())
            elif piece == "\t":
                run.append(make.tab())
            elif piece:
                run.append(make.t({space: "preserve"}, piece))
        paragraph.append(run)
    return paragraph


@functools.cache
def _stationery() -> Mapping[str, bytes]:
    """Return the parts of an empty Word document: a book page, the styles of a letter."""
    from docx import Document
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    document = Document()
    styles = document.styles
    for style in list(styles):
        if style.name not in ("Normal", "Default Paragraph Font"):
            style.element.getparent().remove(style.element)
    styles.element.remove(styles.element.find(qn("w:latentStyles")))
    # Of the library's own template only what a letter needs stays.
    for holder in (document.part.package, document.part):
        for key, relation in list(holder.rels.items()):
            kind = relation.reltype.rpartition("/")[2]
            if kind not in ("officeDocument", "core-properties", "styles", "settings"):
                del holder.rels[key]

    # Word would call the document one of an older Word, and so does its title bar.
    settings = document.settings.element
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    defaults = styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    fonts, language = defaults.find(qn("w:rFonts")), defaults.find(qn("w:lang"))
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), SERIF)
    language.set(qn("w:val"), LANGUAGE)

    normal = styles["Normal"]
    normal.font.name, normal.font.size = SERIF, Pt(11.5)
    normal.paragraph_format.line_spacing = 1.35
    normal.paragraph_format.space_after = Pt(11)
    normal.paragraph_format.widow_control = True
    subject = styles.add_style("Subject", WD_STYLE_TYPE.PARAGRAPH)
    subject.base_style = normal
    subject.font.size, subject.font.color.rgb = Pt(10), RGBColor(0x52, 0x5E, 0x6B)
    subject.paragraph_format.space_after = Pt(22)
    blank = styles.add_style("Blank", WD_STYLE_TYPE.CHARACTER)
    blank.font.no_proof = True
    shade = blank.element.get_or_add_rPr().makeelement(
        qn("w:shd"), {qn("w:val"): "clear", qn("w:color"): "auto", qn("w:fill"): "F6E7B4"}
    )
    blank.element.rPr.append(shade)

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(32)
    page.top_margin = page.bottom_margin = Mm(30)
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = ""
    about.title, about.language = "", LANGUAGE
    about.created = about.modified = moment()
    saved = io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as package:
        return {name: package.read(name) for name in package.namelist()}


def package(parts: Mapping[str, bytes]) -> bytes:
    """Return *parts* as a zip file in which all are dated alike."""
    packed = io.BytesIO()
    # A zip file's years begin at 1980.
    dated = max(moment(), datetime(1980, 1, 1, tzinfo=UTC)).timetuple()[:6]
    with zipfile.ZipFile(packed, "w") as package:
        for name, data in parts.items():
            part = zipfile.ZipInfo(name, dated)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3  # else it would tell where it was made
            package.writestr(part, data)
    return packed.getvalue()


def moment() -> datetime:
    """Return the date that SOURCE_DATE_EPOCH gives to everything made, else the present."""
    return datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()), UTC)
