"""A letter for Word, which is filled in once.

Each open blank is a content control bound to one part of the file that holds the answers, so
that a name typed once stands wherever its blank does.  A blank that has an answer is plain
text: there the answer is bent to its sentence, which binding would undo.
"""

from __future__ import annotations

import functools
import io
import re
import uuid
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from ... import blanks
from ...model import Blank, Field, Letter, Part
from .packing import moment, package

LANGUAGE = "en-GB"

DOCUMENT, ABOUT = "word/document.xml", "docProps/core.xml"
STORE, HINTS = "customXml/item1.xml", "word/glossary/document.xml"
"""The parts of a Word document that differ between letters."""

ANSWERS = "urn:after-the-interview:answers"
"""The namespace of the part that holds what is typed."""

STORE_ID = f"{{{str(uuid.uuid5(uuid.NAMESPACE_URL, ANSWERS)).upper()}}}"
"""The name by which controls know that part."""

SERIF = "Georgia"
"""A book face that Windows and macOS both have."""

OPTIONAL = "May be deleted. "
"""What the hint of a sentence begins with that the letter can do without."""

SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def docx(letter: Letter, values: Mapping[str, str] = {}) -> bytes:
    """Return *letter* as a Word document in which blanks without a value can be filled in."""
    from lxml import etree

    subject = _one_line(blanks.answered(letter.sample.subject, values))
    texts = [blanks.answered(paragraph, values) for paragraph in letter.paragraphs]
    asked = dict.fromkeys(p.field for ps in [subject, *texts] for p in ps if isinstance(p, Blank))
    parts = dict(_stationery(bool(asked)))
    document = etree.fromstring(parts[DOCUMENT])
    # The page's measures come last in a Word document.
    measures = document[0][-1]
    made = _Writer()
    if subject:
        measures.addprevious(made.paragraph(["Subject: ", *subject], "Subject"))
    for text in texts:
        if any(isinstance(part, Blank) or part.strip() for part in text):
            measures.addprevious(made.paragraph(text))
    about = etree.fromstring(parts[ABOUT])
    now = f"{moment():%Y-%m-%dT%H:%M:%SZ}"
    for name, said in {"title": _title(letter), "created": now, "modified": now}.items():
        for place in about.iterfind(f"{{*}}{name}"):
            place.text = said
    trees = {DOCUMENT: document, ABOUT: about}
    if asked:
        trees |= {STORE: _store(asked), HINTS: made.glossary(asked)}
    for name, tree in trees.items():
        parts[name] = etree.tostring(tree, encoding="UTF-8", standalone=True)
    return package(parts)


def _one_line(parts: Iterable[Part]) -> list[Part]:
    """Return *parts* with one space for any run of white space, and none at either end."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            part = re.sub(r"\s+", " ", part)
            if not found or str(found[-1]).endswith(" "):
                part = part.lstrip(" ")
        if part:
            found.append(part)
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip(" ")
    return [part for part in found if part]


def _title(letter: Letter) -> str:
    """Return the sample's title and, in brackets, the options that are not its first."""
    others = [
        option.label.lower()
        for choice in letter.sample.choices
        for option in choice.options[1:]
        if (choice.name, option.value) in letter.picks
    ]
    return f"{letter.sample.title} ({', '.join(others)})" if others else letter.sample.title


def _element(field: Field) -> str:
    """Return the name of the element that holds the answer to *field*."""
    return field.name if field.name[0].isalpha() else f"_{field.name}"


def _prompt(field: Field) -> str:
    """Return what stands in a control until it is filled in.

    In brackets, since not every program shows the style of what is not yet typed.
    """
    return f"[{OPTIONAL if field.optional else ''}{field.hint}]"


def _store(fields: Iterable[Field]) -> Any:
    """Return the part that holds the answers, all of them still empty."""
    from lxml.builder import ElementMaker

    make = ElementMaker(namespace=ANSWERS, nsmap={None: ANSWERS})
    return make.answers(*(make(_element(field)) for field in fields))


class _Writer:
    """Makes the paragraphs of one document, whose controls are numbered."""

    def __init__(self) -> None:
        from docx.oxml.ns import nsmap
        from lxml.builder import ElementMaker

        self.names = {"w": nsmap["w"]}
        self.make = ElementMaker(namespace=nsmap["w"], nsmap=self.names)
        self.controls = 0

    def _set(self, tag: str, **values: str) -> Any:
        """Return an element of Word's with attributes of Word's."""
        return self.make(tag, {f"{{{self.names['w']}}}{key}": v for key, v in values.items()})

    def _run(self, text: str, style: str = "") -> Any:
        run = self.make.r(*([self.make.rPr(self._set("rStyle", val=style))] if style else []))
        for piece in re.split(r"([\n\t])", text):
            if piece == "\n":
                run.append(self.make.br())
            elif piece == "\t":
                run.append(self.make.tab())
            elif piece:
                run.append(self.make.t({SPACE: "preserve"}, piece))
        return run

    def paragraph(self, parts: Iterable[Part], style: str = "Normal") -> Any:
        """Return *parts* as a paragraph: text, and a control for each blank."""
        paragraph = self.make.p(self.make.pPr(self._set("pStyle", val=style)))
        for part in parts:
            paragraph.append(self._run(part) if isinstance(part, str) else self._control(part))
        return paragraph

    def _control(self, blank: Blank) -> Any:
        """Return a control that shows the hint until something is typed in it, or elsewhere."""
        field = blank.field
        self.controls += 1
        return self.make.sdt(
            self.make.sdtPr(
                self._set("alias", val=field.label),
                self._set("tag", val=field.name),
                self._set("id", val=str(self.controls)),
                self.make.placeholder(self._set("docPart", val=field.name)),
                self.make.showingPlcHdr(),
                self._set(
                    "dataBinding",
                    prefixMappings=f"xmlns:a='{ANSWERS}'",
                    xpath=f"/a:answers[1]/a:{_element(field)}[1]",
                    storeItemID=STORE_ID,
                ),
                self._set("text", multiLine="1") if field.lines > 1 else self.make.text(),
            ),
            self.make.sdtContent(self._run(_prompt(field), "Blank")),
        )

    def glossary(self, fields: Iterable[Field]) -> Any:
        """Return the part from which Word takes the hint of a control that was emptied."""
        return self.make.glossaryDocument(
            self.make.docParts(*(self._hint(field) for field in fields))
        )

    def _hint(self, field: Field) -> Any:
        make = self.make
        id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{ANSWERS}:{field.name}")).upper()
        return make.docPart(
            make.docPartPr(
                self._set("name", val=field.name),
                make.category(
                    self._set("name", val="General"), self._set("gallery", val="placeholder")
                ),
                make.types(self._set("type", val="bbPlcHdr")),
                make.behaviors(self._set("behavior", val="content")),
                self._set("guid", val=f"{{{id}}}"),
            ),
            make.docPartBody(make.p(self._run(_prompt(field), "Blank"))),
        )


@functools.cache
def _stationery(asks: bool) -> Mapping[str, bytes]:
    """Return the parts of an empty Word document: a book page, the styles of a letter.

    With them, where the letter *asks* for something, the parts in which that is kept.
    """
    from docx import Document
    from docx.shared import Mm

    document = Document()
    _clear(document)
    _modernise(document)
    _style(document)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(32)
    page.top_margin = page.bottom_margin = Mm(30)
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = ""
    about.title, about.language = "", LANGUAGE
    about.created = about.modified = moment()
    if asks:
        _keep_answers(document.part)
    saved = io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as package:
        return {name: package.read(name) for name in package.namelist()}


def _clear(document: Any) -> None:
    """Leave of the library's own template only what a letter needs."""
    from docx.oxml.ns import qn

    styles = document.styles
    for style in list(styles):
        if style.name not in ("Normal", "Default Paragraph Font"):
            style.element.getparent().remove(style.element)
    styles.element.remove(styles.element.find(qn("w:latentStyles")))
    for holder in (document.part.package, document.part):
        for key, relation in list(holder.rels.items()):
            kind = relation.reltype.rpartition("/")[2]
            if kind not in ("officeDocument", "core-properties", "styles", "settings"):
                del holder.rels[key]


def _modernise(document: Any) -> None:
    """Make the document one of today's Word, which else calls it older, and its language ours."""
    from docx.oxml.ns import qn

    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    path = f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}"
    defaults = document.styles.element.find(path)
    fonts, language = defaults.find(qn("w:rFonts")), defaults.find(qn("w:lang"))
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), SERIF)
    language.set(qn("w:val"), LANGUAGE)


def _style(document: Any) -> None:
    """Set the styles of a letter's words, of its subject and of its blanks."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = SERIF, Pt(11.5)
    normal.paragraph_format.line_spacing = 1.35
    normal.paragraph_format.space_after = Pt(11)
    normal.paragraph_format.widow_control = True
    subject = document.styles.add_style("Subject", WD_STYLE_TYPE.PARAGRAPH)
    subject.base_style = normal
    subject.font.size, subject.font.color.rgb = Pt(10), RGBColor(0x52, 0x5E, 0x6B)
    subject.paragraph_format.space_after = Pt(22)
    blank = document.styles.add_style("Blank", WD_STYLE_TYPE.CHARACTER)
    blank.font.no_proof = True
    shade = blank.element.get_or_add_rPr().makeelement(
        qn("w:shd"), {qn("w:val"): "clear", qn("w:color"): "auto", qn("w:fill"): "F6E7B4"}
    )
    blank.element.rPr.append(shade)


def _keep_answers(document: Any) -> None:
    """Add to *document* the parts that hold the answers and the hints, still without them."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part as Piece

    def add(name: str, kind: str, data: bytes = b"") -> Any:
        return Piece(PackURI(f"/{name}"), kind, data, document.package)

    store = add(STORE, CONTENT_TYPE.XML)
    properties = (
        f'<ds:datastoreItem ds:itemID="{STORE_ID}" xmlns:ds="http://schemas.openxmlformats.org/'
        f'officeDocument/2006/customXml"><ds:schemaRefs><ds:schemaRef ds:uri="{ANSWERS}"/>'
        "</ds:schemaRefs></ds:datastoreItem>"
    )
    store.relate_to(
        add(
            "customXml/itemProps1.xml", CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES, properties.encode()
        ),
        RELATIONSHIP_TYPE.CUSTOM_XML_PROPS,
    )
    document.relate_to(store, RELATIONSHIP_TYPE.CUSTOM_XML)
    hints = add(HINTS, CONTENT_TYPE.WML_DOCUMENT_GLOSSARY)
    styles = document.part_related_by(RELATIONSHIP_TYPE.STYLES).blob
    hints.relate_to(
        add("word/glossary/styles.xml", CONTENT_TYPE.WML_STYLES, styles), RELATIONSHIP_TYPE.STYLES
    )
    document.relate_to(hints, RELATIONSHIP_TYPE.GLOSSARY_DOCUMENT)
