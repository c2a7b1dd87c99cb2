"""Loading: the guide's own content loads, and no mistake in content gets through.

The mistakes stand in `tests/malformed/*.yml`, one entry for each: *files* says how the
good project beside them is changed (texts replaced, a whole new content, or null for no
file), *says* holds the exact lines that a writer reads.  To add one, add an entry.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from macros.content import library as load
from macros.errors import ContentError
from macros.model import Library, Span, Window

from .conftest import ROOT

MALFORMED = Path(__file__).parent / "malformed"
CASES = [
    pytest.param(entry["files"], entry["says"].splitlines(), id=entry["case"])
    for path in sorted(MALFORMED.glob("*.yml"))
    for entry in yaml.safe_load(path.read_text("utf-8"))
]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Return the folder of a small good project, with the guide's own tips."""
    shutil.copytree(MALFORMED / "docs", tmp_path / "docs")
    shutil.copytree(ROOT / "docs" / "_data" / "tips", tmp_path / "docs" / "_data" / "tips")
    return tmp_path / "docs"


def change(path: Path, how: Any) -> None:
    """Change a file as an entry of the table says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if how is None:
        path.unlink()
        return
    if isinstance(how, dict):
        text = path.read_text("utf-8")
        for old, new in how.items():
            assert old in text, f"{path.name} has no {old!r} to change"
            text = text.replace(old, new)
        how = text
    path.write_bytes(how if isinstance(how, bytes) else how.encode())


def mistakes(docs: Path) -> list[str]:
    """Return every line that a writer would read, none for good content."""
    try:
        load.library(docs)
    except ContentError as error:
        return str(error).split("\n")
    return []


@pytest.mark.parametrize(("files", "says"), CASES)
def test_a_mistake_is_told_in_one_line(files: dict[str, Any], says: list[str], docs: Path) -> None:
    for name, how in files.items():
        change(docs / name, how)
    assert mistakes(docs) == says


def test_the_table_holds_no_case_twice() -> None:
    names = [case.id for case in CASES]
    assert sorted(set(names)) == sorted(names)


def test_the_guide_s_own_content_has_no_mistake() -> None:
    assert mistakes(ROOT / "docs") == []


def front(text: str) -> dict[str, dict[str, str]]:
    """Return the change that puts *text* in place of the good sample's last key."""
    return {"related: []": text}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "related: [&a [x,x,x,x,x,x,x,x,x], &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]]",
            "'*' begins an alias",
            id="aliases that multiply",
        ),
        pytest.param("related: &a [*a]", "'*' begins an alias", id="an alias of itself"),
        pytest.param(
            f"related: {'[' * 9000}{']' * 9000}",
            "this is more than 12 levels deep",
            id="a list in a list in a list",
        ),
    ],
)
def test_a_small_file_that_means_something_huge_is_refused(
    text: str, problem: str, docs: Path
) -> None:
    change(docs / "samples" / "note.md", front(text))
    assert mistakes(docs) == [
        f"docs/samples/note.md:10: can't be read: {problem}. "
        "Put a text in quotes that holds ': ' or ' #' or begins with a mark like [ or *."
    ]


def test_a_huge_file_is_refused_unread(docs: Path) -> None:
    change(docs / "samples" / "note.md", {"*Markdown*": "x" * 10_000_000})
    assert mistakes(docs) == [
        "docs/samples/note.md:1: holds more than 200000 bytes. Delete what does not belong."
    ]


def test_a_long_value_is_told_by_its_beginning(docs: Path) -> None:
    change(docs / "samples" / "note.md", front(f"related: {'x' * 5000}"))
    assert mistakes(docs) == [
        f"docs/samples/note.md:10: 'related' is '{'x' * 59}…, not a list. Write it like [one, two]."
    ]


def test_a_link_to_nowhere_is_a_missing_file(docs: Path) -> None:
    (docs / "samples" / "lost.md").symlink_to(docs / "nowhere.md")
    assert mistakes(docs) == ["docs/samples/lost.md:1: is missing. Create it."]


def test_a_new_file_is_a_new_sample(docs: Path) -> None:
    before = load.library(docs).samples
    text = (docs / "samples" / "note.md").read_text("utf-8")
    change(docs / "samples" / "second.md", text.replace("Thank-you note", "A second note"))
    after = load.library(docs).samples
    assert list(after) == [*before, "second"]
    assert after["second"].title == "A second note"


def test_samples_stand_by_group_then_order_then_name(docs: Path) -> None:
    text = (docs / "samples" / "note.md").read_text("utf-8")
    change(docs / "_data" / "vocabulary.yml", {"groups:": "groups:\n  before: Before all"})
    for name, group, order in [
        ("alpha", "after-the-interview", 2),
        ("beta", "after-the-interview", 1),
        ("gamma", "before", 9),
        ("delta", "after-the-interview", 2),
    ]:
        new = text.replace("group: after-the-interview", f"group: {group}\norder: {order}")
        change(docs / "samples" / f"{name}.md", new.replace("Thank-you note", name))
    assert list(load.library(docs).samples) == ["gamma", "beta", "alpha", "delta", "note"]


def test_the_letter_s_line_is_where_its_words_begin(docs: Path) -> None:
    assert load.library(docs).samples["note"].line == 14


def test_windows_are_read_with_their_units(docs: Path) -> None:
    change(
        docs / "samples" / "note.md",
        {"{within: 24 hours,": "{after: 1 working day, within: 2 weeks,"},
    )
    assert load.library(docs).samples["note"].send == (
        Window("the interview", Span(2, "week"), Span(1, "working day")),
    )


def test_only_choices_that_a_letter_uses_are_its_own(docs: Path) -> None:
    (choice,) = load.library(docs).samples["note"].choices
    assert (choice.name, [option.value for option in choice.options]) == (
        "tone",
        ["warm", "formal"],
    )


def test_fields_are_named_in_lower_case_with_hyphens(library: Library) -> None:
    for label, field in library.vocabulary.fields.items():
        assert field.name == label.lower().replace("'", "").replace(" ", "-")
