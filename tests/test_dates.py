"""When a letter is due, told in words and as a calendar that icalendar reads back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from macros import blanks
from macros.web.take import dates

from .conftest import content

LIBRARY = content()
MONDAY = datetime(2026, 3, 2, 15)
NOTE = next(blanks.letters(LIBRARY.samples["thank-you-note"]))
HOSTILE = "Dana\nEND:VEVENT\nATTENDEE:mailto:x@example.org;,\\ 李" + "é" * 100


def test_the_events_that_an_interview_dates_are_the_guide_s() -> None:
    assert set(dates.MEETINGS) <= set(LIBRARY.vocabulary.events)


def test_a_note_is_due_a_day_later_and_the_nudge_after_five_business_days() -> None:
    assert list(map(str, dates.due(NOTE.sample, MONDAY))) == [
        "by Tuesday 3 March 2026, 15:00 (within 24 hours of the interview)"
    ]
    assert [(each.sample.id, each.opens.date()) for each in dates.nudges(LIBRARY, MONDAY)] == [
        ("first-nudge", date(2026, 3, 9))
    ]


def test_the_calendar_holds_deadline_alarm_and_nudge_whatever_is_typed() -> None:
    values = {blank.field.label: HOSTILE for blank in NOTE.sample.blanks}
    due, nudges = dates.due(NOTE.sample, MONDAY), dates.nudges(LIBRARY, MONDAY)
    data = dates.ics(NOTE, values, due, nudges, datetime(2026, 1, 1, tzinfo=UTC))
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    deadline, nudge = Calendar.from_ical(data).walk("VEVENT")
    assert deadline["dtstart"].dt == datetime(2026, 3, 3, 15)
    assert [alarm["trigger"].dt for alarm in deadline.walk("VALARM")] == [timedelta(hours=-3)]
    assert blanks.body(NOTE, values) in str(deadline["description"])
    assert "attendee" not in deadline
    assert nudge["dtstart"].dt == date(2026, 3, 9)
