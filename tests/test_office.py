"""An office's own edition: what it may say of itself, and where that then stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest

from macros import blanks
from macros.book import chapters, editions
from macros.content import office
from macros.errors import ContentError
from macros.model import Library, Office

from . import markup
from .conftest import ROOT

LOGO = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
  xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" viewBox="0 0 20 10">
<title>A bar</title><inkscape:note/><style>.a { fill: url(#b) }</style>
<defs><linearGradient id="b"><stop offset="0" stop-color="#123"/></linearGradient></defs>
<path class="a" d="M0 0h20v10H0z"/><use xlink:href="#b"/>
</svg>
"""
SETTINGS = """site_name: After the Interview
extra:
  office:
    name: Careers
    logo: assets/office.svg
    line: Room 2
"""
EMPTY = "holds no keys. Write name, and if you like line, contact and logo, below it."
SHAPES = "Keep to drawn shapes."
NASTY = "<b onclick='x'>&amp; \"R&D\" {{ 7*7 }}"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A docs folder with a logo, below the settings that name it."""
    (tmp_path / "mkdocs.yml").write_text(SETTINGS, "utf-8")
    (tmp_path / "docs" / "assets").mkdir(parents=True)
    (tmp_path / "docs" / "assets" / "office.svg").write_text(LOGO, "utf-8")
    return tmp_path / "docs"


def read(given: Any, docs: Path) -> Office | None:
    return office.read(given, docs.parent / "mkdocs.yml", docs)


def said(given: Any, docs: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read(given, docs)
    return list(caught.value.mistakes)


def test_an_office_is_read_whole_and_need_not_be_there(docs: Path) -> None:
    assert read(None, docs) is None
    assert read({"name": " Careers "}, docs) == Office("Careers")
    given = {"name": "C", "line": "L", "contact": "c@example.org", "logo": "assets/office.svg"}
    assert read(given, docs) == Office("C", "L", "c@example.org", "assets/office.svg")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            "Careers",
            [f"3: office: {EMPTY}"],
        ),
        (
            [],
            [f"3: office: {EMPTY}"],
        ),
        ({}, ["3: office: has no 'name'. Add who made this edition."]),
        (
            {"name": "A", "nmae": "B", "line": 7, "contact": ""},
            [
                "3: office: unknown key 'nmae'. Did you mean 'name'?",
                "6: office: 'line' is 7, not a text. Put it in quotes, or leave it out.",
                "3: office: 'contact' is '', not a text. Put it in quotes, or leave it out.",
            ],
        ),
        (
            {"name": "A\nB"},
            ["4: office: 'name' holds a line break or a control character. Write it on one line."],
        ),
        ({"name": "A" * 61}, ["4: office: 'name' has 61 characters. Use at most 60."]),
        (
            {"name": "A", "logo": "../mkdocs.yml"},
            [
                "5: office: logo '../mkdocs.yml' lies outside docs/. "
                "Put it below, such as in assets/."
            ],
        ),
        (
            {"name": "A", "logo": "assets/lost.svg"},
            ["5: office: logo 'docs/assets/lost.svg' is missing. Put it there, or mend its path."],
        ),
    ],
)
def test_each_mistake_is_one_line_with_its_place(
    given: Any, expected: list[str], docs: Path
) -> None:
    assert said(given, docs) == [f"mkdocs.yml:{line}" for line in expected]


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("logo.png", b"\x89PNG", "is no SVG. Export the drawing as SVG."),
        ("logo.svg", b"\x89PNG", "is no SVG that can be read. Export it again."),
        ("logo.svg", b"", "is no SVG that can be read. Export it again."),
        (
            "logo.svg",
            b"<html/>",
            "is no SVG: its first element is another. Export the drawing as SVG.",
        ),
        (
            "logo.svg",
            LOGO.encode() + b" " * 100_000,
            "has 101 KB. Use at most 100 KB of drawn shapes.",
        ),
    ],
)
def test_a_logo_that_is_no_small_svg_is_refused(
    name: str, data: bytes, what: str, docs: Path
) -> None:
    (docs / name).write_bytes(data)
    assert said({"name": "A", "logo": name}, docs) == [
        f"mkdocs.yml:5: office: logo {name!r} {what}"
    ]


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("<script>alert(1)</script>", f"holds <script>. {SHAPES}"),
        ("<path onclick='x'/>", "holds a script in 'onclick'. Take it out."),
        ("<text>A</text>", "holds <text>. Turn letters into outlines."),
        ("<foreignObject/>", f"holds <foreignObject>. {SHAPES}"),
        ("<image href='x.png'/>", f"holds <image>. {SHAPES}"),
        ("<use href='https://example.org/x.svg#a'/>", f"leads to another file in 'href'. {SHAPES}"),
        ("<use xlink:href='x.svg#a'/>", f"leads to another file in 'href'. {SHAPES}"),
        ("<path fill='url(x.svg#a)'/>", f"opens another file in 'fill'. {SHAPES}"),
        ("<style>@import 'x.css';</style>", f"has style that opens another file. {SHAPES}"),
        (
            "<style>a { b: url( 'https://x') }</style>",
            f"has style that opens another file. {SHAPES}",
        ),
        ("<style>a { b: u\\72l(x) }</style>", f"has style that opens another file. {SHAPES}"),
        (
            "<?xml-stylesheet href='x.css'?>",
            "names a style sheet or a program. Save it as plain SVG.",
        ),
        ("<h:script xmlns:h='http://www.w3.org/1999/xhtml'/>", f"holds <script>. {SHAPES}"),
    ],
)
def test_a_logo_that_is_more_than_a_drawing_is_refused(part: str, what: str, docs: Path) -> None:
    path = docs / "assets" / "office.svg"
    path.write_text(LOGO.replace("</svg>", f"{part}</svg>"), "utf-8")
    lines = said({"name": "A", "logo": "assets/office.svg"}, docs)
    assert f"mkdocs.yml:5: office: logo 'assets/office.svg' {what}" in lines
    assert all(line.count("\n") == 0 for line in lines)


def test_a_logo_with_entities_is_refused_before_they_grow(docs: Path) -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
    text = LOGO.partition("<svg")[2]
    (docs / "assets" / "office.svg").write_text(
        f'<!DOCTYPE svg [<!ENTITY a0 "ha">{laughs}]><svg{text}', "utf-8"
    )
    assert said({"name": "A", "logo": "assets/office.svg"}, docs) == [
        "mkdocs.yml:5: office: logo 'assets/office.svg' declares entities. Save it as plain SVG."
    ]


def test_a_character_that_the_book_can_t_show_is_refused() -> None:
    with pytest.raises(ContentError, match=r"mkdocs\.yml:1: '漢' \(U\+6F22\) is missing"):
        chapters.check_glyphs("mkdocs.yml", "Careers 漢")


def test_an_office_stands_on_cover_imprint_back_and_class_pack_and_nowhere_without_it(
    library: Library, docs: Path
) -> None:
    sample = library.samples["thank-you-note"]
    small = replace(library, samples={sample.id: replace(sample, related=())})
    made_by = Office(NASTY, "The second line", "desk@example.org", "assets/office.svg")
    texts, plain = [], []
    for found, told in ((plain, small), (texts, replace(small, office=made_by))):
        [(book, _)] = editions.books(told, [], docs, sizes=["a5"])
        for made in (book, *editions.packs(told, [], docs, sizes=["a5"])):
            with pypdfium2.PdfDocument(made.data) as opened:
                found += [page.get_textpage().get_text_range() for page in opened]
    name = blanks.curl(NASTY)
    where = [number for number, text in enumerate(texts) if name in " ".join(text.split())]
    pages = len(texts) - 4
    assert where == [0, 2, *range(pages - 1, pages + 4)]  # each side of the pack has a foot
    said = [number for number, text in enumerate(texts) if "desk@example.org" in text]
    assert said == [0, 2, pages - 1, pages + 3]
    assert len(plain) == len(texts)
    assert "desk@example.org" not in "".join(plain)


def test_an_office_stands_in_the_footer_as_text_and_nowhere_without_it() -> None:
    from jinja2 import Environment, FileSystemLoader

    templates = Environment(loader=FileSystemLoader(ROOT / "overrides" / "partials"))
    templates.filters["url"] = lambda path: f"../{path}"

    def footer(extra: dict[str, Any]) -> Any:
        config = {"extra": extra, "copyright": ""}
        html = templates.get_template("footer.html").render(
            config=config, page=None, nav=SimpleNamespace(items=[])
        )
        return markup.document(
            f'<!doctype html><meta charset="utf-8"><title>T</title>{html}'.encode()
        )

    said = {"name": NASTY, "line": "L", "contact": "C", "logo": 'assets/"x".svg'}
    [part] = (part for part in footer({"office": said}).iter("p") if part.get("class") == "office")
    assert markup.text(part) == f"{NASTY} · L · C"
    assert [dict(image.attrib) for image in part.iter("img")] == [
        {"src": '../assets/"x".svg', "alt": "", "height": "40"}
    ]
    assert not [part for part in footer({}).iter("p") if part.get("class") == "office"]
