"""When a note says things happened: expressions, and one date against another."""

from __future__ import annotations

import pytest

from macros.checker.times import Date, apart, compared, times


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I came the Friday before last.", ["PAST"]),
        ("We met on Tuesday of last week.", ["PAST"]),
        ("Five Sundays ago you saw me.", ["PAST"]),
        ("Six shifts have passed since then.", ["PAST"]),
        ("Thank you for last Thursday’s interview.", ["PAST"]),
        ("Last Tuesday's flood is in the papers.", ["ASIDE"]),
        ("You saw me this morning.", ["NEAR"]),
        ("I left you an hour ago.", ["NEAR"]),
        ("We met a day ago.", ["NEAR"]),
        ("We met a day or two ago.", ["PAST"]),
        ("It is 72 hours since we met.", ["PAST"]),
        ("We spoke yesterday, and I can start in two weeks.", ["NEAR", "COMING"]),
        ("I hear by Friday, and start next month.", ["COMING", "COMING"]),
        ("I have ten years of experience.", ["LASTS"]),
        ("The tower is old and the bells are older.", []),
    ],
)
def test_a_time_is_told_by_its_class(text: str, told: list[str]) -> None:
    assert [name for name, *_ in times(text)] == told


@pytest.mark.parametrize(
    ("note", "late"),
    [
        (["My interview was on 3 March; it is now the 9th."], True),
        (["We met on 28 February.", "Today is 1 March."], False),
        (["We met on 28 February.", "Today is 2 March."], True),
        (["You saw me on 31 December 2024 and it is now 1 January 2025."], False),
        (["I came on December 29.", "It is 4 January today."], True),
        (["The panel was held on 11.02.2024; it is now 04.03.2024."], True),
        (["I was interviewed on 2024-02-28 and today is 2024-02-29."], False),
        (["We spoke on Monday, and here it is Friday already."], True),
        (["We talked on Sunday and it's Monday morning now."], False),
        (["Today is Thursday and I am still tired from Monday's second interview."], True),
        (["It was in May that we met, and it is already August."], True),
        (["You saw me on the fifth of April and today is the twentieth of April."], True),
    ],
)
def test_two_dates_tell_whether_a_note_is_late(note: list[str], late: bool) -> None:
    assert set(compared(note).values()) == {late}


@pytest.mark.parametrize(
    "text",
    [
        "We met on 3 March.",
        "It is now the 9th.",
        "We met today, and I can start on 3 March or the 9th.",
        "You said that I would hear by Friday; it is Monday today.",
        "You asked me for my hours, and it is mon, tue and fri after 4.",
        "We met on Monday, and it is Monday.",
        "We met on 31 May and it is June.",
        "On 45 March we met; it is now the 99th.",
    ],
)
def test_dates_that_say_nothing_decide_nothing(text: str) -> None:
    assert compared([text]) == {}


def test_a_year_that_has_turned_is_long() -> None:
    assert (apart(Date(3, 3, 2024), Date(4, 3, 2025)) or 0) > 300
