"""HTML from the model: a golden for each widget, letters cut at their proof, names for controls.

A golden, `tests/forms/<widget>.yml`, holds a field and the HTML that it becomes.  Both are
compared as trees, so that a golden may be laid out to be read.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from macros import blanks
from macros.model import (
    Blank,
    Choice,
    Field,
    Form,
    Library,
    Line,
    Option,
    Paragraph,
    Sample,
    Section,
    Widget,
)
from macros.web import render

from . import markup
from .conftest import content

FORMS = Path(__file__).parent / "forms"
LIBRARY = content()
SAMPLES = list(LIBRARY.samples.values())
OWN = ("your",)
"""How the labels of a reader's own data begin."""


def renderer(library: Library = LIBRARY) -> render.Renderer:
    return render.Renderer(library)


def form(*fields: Field) -> Form:
    return Form("case", "A case", (Section("Part", fields),))


@pytest.mark.parametrize("widget", Widget)
def test_a_widget_is_its_golden(widget: Widget) -> None:
    golden = yaml.safe_load((FORMS / f"{widget}.yml").read_text("utf-8"))
    given = golden["field"]
    field = Field(**{**given, "widget": widget, "options": tuple(given.get("options", ()))})
    (made,) = markup.fragment(renderer().form(form(field)))
    (legend, shown) = made.find("fieldset") or ()
    (expected,) = markup.fragment(golden["html"])
    assert legend.text == "Part"
    assert markup.tree(shown) == markup.tree(expected)


def test_every_golden_is_of_a_widget() -> None:
    assert {path.stem for path in FORMS.iterdir()} == set(Widget)


def test_a_form_is_its_title_its_words_and_its_sections() -> None:
    one, two = Field("One", "First", "one"), Field("Two", "Second", "two")
    made = renderer().form(
        Form(
            "case", "A case", (Section("A", (one,), "Hint <a>"), Section("B", (two,))), "Fill & go"
        )
    )
    (tree,) = markup.fragment(made)
    assert dict(tree.attrib) == {
        "class": "worksheet",
        "method": "dialog",
        "data-form": "case",
        "aria-label": "A case",
    }
    assert [markup.text(paragraph) for paragraph in tree.findall("p")] == ["Fill & go"]
    assert [
        [markup.text(part) for part in section if part.tag in ("legend", "p")]
        for section in tree.findall("fieldset")
    ] == [["A", "Hint <a>"], ["B"]]
    assert [control.get("name") for control in markup.controls(tree)] == ["one", "two"]


@pytest.mark.parametrize("one", LIBRARY.forms.values(), ids=lambda form: form.id)
def test_every_control_of_a_form_says_what_it_asks_and_how(one: Form) -> None:
    (tree,) = markup.fragment(renderer().form(one))
    by_id = {element.get("id"): element for element in tree.iter() if element.get("id")}
    fields = {field.name: field for section in one.sections for field in section.fields}
    asked = set()
    for group in tree.iter():
        if "data-widget" not in group.attrib:
            continue
        inside = list(markup.controls(group))
        field = fields[inside[0].get("name") or ""]
        asked.add(field.name)
        many = field.widget in (Widget.CHOICE, Widget.SEVERAL)
        label = f"{field.label} (optional)" if field.optional else field.label
        named = [markup.name(control, tree) for control in inside]
        assert named == (list(field.options) if many else [label])
        assert [markup.text(part) for part in group.findall("legend")] == ([label] if many else [])
        described = group if many else inside[0]
        assert markup.text(by_id[described.get("aria-describedby")]) == field.hint
    assert asked == set(fields)


@pytest.mark.parametrize("one", LIBRARY.forms.values(), ids=lambda form: form.id)
def test_a_form_neither_hints_in_a_box_nor_cuts_off_nor_fills_in_for_others(one: Form) -> None:
    (tree,) = markup.fragment(renderer().form(one))
    for control in markup.controls(tree):
        assert {"placeholder", "maxlength", "required", "pattern"} & set(control.attrib) == set()
        if control.get("autocomplete", "off") != "off":
            assert markup.name(control, tree).lower().startswith(OWN)


@pytest.mark.parametrize("one", LIBRARY.forms.values(), ids=lambda form: form.id)
def test_no_two_parts_of_a_form_share_an_id(one: Form) -> None:
    ids = markup.ids(markup.fragment(renderer().form(one)))
    assert sorted(set(ids)) == sorted(ids)


# Letters.


WHO = Blank(Field("Who", "", "who"))
WHAT = Blank(Field("What", "", "what"))
PARTS = st.lists(
    st.sampled_from([WHO, WHAT]) | st.text("ab c.", min_size=1, max_size=9), max_size=6
)


@st.composite
def proofs(draw: st.DrawFn) -> tuple[Line, dict[str, list[str]]]:
    """Draw a line, and for each of two tips some of its words."""
    line = Line(tuple(draw(PARTS)))
    text = str(line)
    places = st.integers(0, len(text))
    quotes = st.lists(st.tuples(places, places).map(lambda at: text[min(at) : max(at)]), max_size=3)
    return line, {tip: [quote for quote in draw(quotes) if quote] for tip in ("one", "two")}


@given(proofs())
def test_pieces_together_are_the_line_and_cut_no_blank(
    proof: tuple[Line, dict[str, list[str]]],
) -> None:
    line, evidence = proof
    made = list(render.pieces(line, evidence))
    assert "".join(str(piece.part) for piece in made) == str(line)
    assert [piece.blank for piece in made if piece.blank] == [
        part for part in line.parts if isinstance(part, Blank)
    ]


@given(proofs())
def test_every_word_that_proves_a_tip_lies_in_pieces_that_say_so(
    proof: tuple[Line, dict[str, list[str]]],
) -> None:
    line, evidence = proof
    marked: dict[str, str] = {}
    for tip in evidence:
        marked[tip] = "".join(
            str(piece.part) if tip in piece.tips else "\0"
            for piece in render.pieces(line, evidence)
        )
    for tip, quotes in evidence.items():
        assert all(quote in marked[tip] for quote in quotes)
        if not quotes:
            assert set(marked[tip]) <= {"\0"}


@given(proofs())
def test_a_piece_has_an_id_of_its_own_where_it_proves_something(
    proof: tuple[Line, dict[str, list[str]]],
) -> None:
    made = list(render.pieces(*proof))
    assert [bool(piece.id) for piece in made] == [bool(piece.tips) for piece in made]
    ids = [piece.id for piece in made if piece.id]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_a_letter_shows_what_python_renders(sample: Sample) -> None:
    """With its blanks' labels in their places, for every choice."""
    tree = markup.fragment(renderer().letter(sample))
    codes = {
        (control.get("name"), control.get("value")): control.get("data-pick")
        for control in markup.controls(tree)
        if control.get("type") == "radio"
    }
    (shown,) = (part for part in tree.iter() if part.get("data-letter") == sample.id)
    for letter in blanks.letters(sample):
        hidden = {code for pick, code in codes.items() if pick not in letter.picks}
        said = []
        for paragraph in shown.findall("p"):
            if hidden.isdisjoint((paragraph.get("data-for") or "").split()):
                said.append(" ".join(read(paragraph, hidden).split()))
        assert said == [" ".join(text.split()) for text in blanks.body(letter).split("\n\n")]


def read(element: markup.Element, hidden: set[str | None]) -> str:
    """Return the words of a paragraph of a letter that are not *hidden*, labels for blanks."""
    words = element.text or ""
    if element.get("role") == "textbox":
        words = f"[{element.get('aria-label')}]"
    for child in element:
        if hidden.isdisjoint((child.get("data-for") or "").split()):
            words += "\n" if child.tag == "br" else read(child, hidden)
        words += child.tail or ""
    return words


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_every_blank_has_its_label_and_its_hint(sample: Sample) -> None:
    tree = markup.fragment(renderer().letter(sample))
    found = [part for part in tree.iter() if part.get("role") == "textbox"]
    for blank in found:
        field = LIBRARY.vocabulary.fields[blank.get("aria-label") or ""]
        assert blank.get("contenteditable") == "plaintext-only"
        said = f"May stay empty. {field.hint}" if field.optional else field.hint
        assert (blank.get("aria-description"), blank.get("data-hint")) == (said, field.hint)
        assert ("data-concrete" in blank.attrib) == field.concrete
    assert {blank.get("aria-label") for blank in found} == {
        blank.field.label for blank in sample.blanks
    }


def crowded() -> Library:
    """Return the guide with more choices, options, tips, groups and ways to meet than it has."""
    choices = tuple(
        Choice(f"c{n}", "", tuple(Option(f"c{n}o{m}", "") for m in range(6))) for n in range(5)
    )
    lines = tuple(
        Line((f"{option.value} ",), (choice.name, option.value))
        for choice in choices
        for option in choice.options
    )
    sample = replace(
        SAMPLES[0], choices=choices, paragraphs=(Paragraph((Line(("words",)), *lines)),), related=()
    )
    many = {f"more-{n}": "More" for n in range(9)}
    words = LIBRARY.vocabulary
    words = replace(words, groups={**words.groups, **many}, meetings={**words.meetings, **many})
    tip = next(iter(LIBRARY.tips.values()))
    tips = {**LIBRARY.tips, **{f"tip-{n}": replace(tip, id=f"tip-{n}") for n in range(9)}}
    return replace(LIBRARY, vocabulary=words, tips=tips, samples={sample.id: sample}, proofs={})


@pytest.mark.parametrize("library", [LIBRARY, crowded()], ids=["the guide", "a crowded guide"])
def test_the_style_knows_every_code_that_a_page_uses(library: Library) -> None:
    made = renderer(library)
    letters = [markup.fragment(made.letter(sample)) for sample in library.samples.values()]
    picked = {e.get("data-pick") for tree in letters for e in tree.iter() if e.get("data-pick")}
    rules = made.site_rules()
    for code in picked:
        assert f'[data-pick="{code}"]:not(:checked)) [data-for~="{code}"]' in rules
    asked = markup.fragment(made.chooser())
    for code in {e.get("data-pick") for e in asked.iter() if e.get("data-pick")}:
        assert f'[data-pick="{code}"]:checked) [data-fits]:not([data-fits~="{code}"])' in rules
    for code in made.templates.globals["tip_codes"].values():
        assert f'[data-tip="{code}"]:is(:hover, :focus-within)) [data-proves~="{code}"]' in rules


def test_each_option_of_a_letter_has_a_code_of_its_own() -> None:
    library = crowded()
    (sample,) = library.samples.values()
    tree = markup.fragment(renderer(library).letter(sample))
    found = [c.get("data-pick") for c in markup.controls(tree) if c.get("type") == "radio"]
    assert len(set(found)) == len(found) == sum(len(c.options) for c in sample.choices)
