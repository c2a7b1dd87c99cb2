"""What words mean, after WordNet: the list that is kept, and how it is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.checker.senses import LIST, NAMES, Senses, made

DATA = {
    "data.noun": """  a line of the licence
00000001 05 n 01 heron 0 000 | a bird
00000002 09 n 01 idea 0 000 | a thought
00000003 18 n 01 Drew 0 000 | a name
00000004 18 n 01 clerk 0 000 | a person
00000005 28 n 01 week 0 000 | a time
00000006 06 n 01 harpsichord 0 000 | an instrument
""",
    "index.noun": """  a line of the licence
heron n 1 0 1 0 00000001
idea n 1 0 1 5 00000002
drew n 1 0 1 0 00000003
clerk n 1 1 @ 1 2 00000004
week n 1 0 1 9 00000005
harpsichord n 1 0 1 0 00000006
""",
    "data.verb": "00000007 35 v 01 drop 0 000 | let fall\n00000008 31 v 01 think 0 000 | mind\n",
    "index.verb": "drop v 1 0 1 3 00000007\nthink v 1 0 1 3 00000008\n",
}


def test_the_list_is_made_of_headings_and_of_how_often_a_word_is_used(tmp_path: Path) -> None:
    for name, text in DATA.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert list(made(tmp_path)) == ["thing heron", "idea idea", "someone clerk", "deed drop"]


@pytest.mark.parametrize(
    ("word", "sense"),
    [("parrots", "thing"), ("culture", "idea"), ("bishop", "someone"), ("dropped", "deed")],
)
def test_a_word_has_its_sense(word: str, sense: str) -> None:
    assert Senses(LIST.read_text("utf-8")).of(word) == sense


def test_the_list_carries_its_licence_and_every_sense() -> None:
    lines = LIST.read_text("utf-8").splitlines()
    notice = [line for line in lines if line.startswith("#")]
    assert any("Princeton University" in line for line in notice)
    assert tuple(line.partition(" ")[0] for line in lines[len(notice) :]) == NAMES
