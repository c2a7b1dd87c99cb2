"""The faces: whole and licensed as they came, and under another name where they are cut."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from fontTools.ttLib import TTFont

from macros.book import fonts
from macros.web import face


def test_every_face_lies_beside_its_licence_and_no_other_file_does() -> None:
    files = {path.relative_to(fonts.FILES).as_posix() for path in fonts.FILES.rglob("*.*")}
    faces = {file for *_, file in fonts.FACES.values()}
    licences = {f"{file.partition('/')[0]}/LICENSE.txt" for file in faces}
    assert files == faces | licences | {"README.md"}
    for licence in licences:
        assert "SIL OPEN FONT LICENSE" in (fonts.FILES / licence).read_text("utf-8").upper()


@pytest.mark.parametrize("cut", [fonts.form, face.CUT.read_bytes], ids=["fields", "web"])
def test_a_face_that_was_cut_does_not_bear_the_reserved_name(cut: Callable[[], bytes]) -> None:
    names = [str(name) for name in TTFont(io.BytesIO(cut()))["name"].names]
    assert names
    assert not [name for name in names if "source" in name.lower()]


def test_the_web_s_face_shows_what_letters_hold() -> None:
    shown = TTFont(io.BytesIO(face.CUT.read_bytes())).getBestCmap()
    assert {ord(letter) for letter in "Renée Łukaś Żółć İbrahim “Dear” – …"} <= set(shown)


def test_the_web_s_face_is_cut_from_the_book_s() -> None:
    assert face.WHOLE.read_bytes() == fonts.face("book.ttf")
    assert face.cut(face.WHOLE.read_bytes()) == face.CUT.read_bytes()
