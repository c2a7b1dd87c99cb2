"""When a letter is due, counted from the hour of the interview, and as a calendar file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ... import blanks
from ...model import Letter, Library, Sample, Span, Window

MEETINGS = ("the interview", "the meeting", "the call", "the conversation")
"""The events that the hour of an interview dates."""

ALARM = timedelta(hours=3)
"""How long before the deadline a calendar rings."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Due:
    """The time in which a letter is to be sent, and the advice that says so."""

    sample: Sample
    window: Window
    opens: datetime
    closes: datetime | None

    def __str__(self) -> str:
        """Return a line for people."""
        if self.closes and self.window.after:
            return f"{said(self.opens)} to {said(self.closes)} ({self.window})"
        if self.closes:
            return f"by {said(self.closes, hour=True)} ({self.window})"
        return f"from {said(self.opens)} ({self.window})"


def due(sample: Sample, interviewed: datetime) -> list[Due]:
    """Return when the letter of *sample* is due, as far as the interview tells."""
    return [
        Due(
            sample,
            window,
            later(interviewed, window.after) if window.after else interviewed,
            later(interviewed, window.within) if window.within else None,
        )
        for window in sample.send
        if window.of in MEETINGS
    ]


def nudges(library: Library, interviewed: datetime) -> list[Due]:
    """Return the nudges that an interview without an answer asks for, the first first."""
    found = (each for sample in library.samples.values() for each in due(sample, interviewed))
    return sorted((each for each in found if each.window.after), key=lambda each: each.opens)


def later(moment: datetime, span: Span) -> datetime:
    """Return *moment* and *span* later; a working day is none of the weekend.

    >>> later(datetime(2026, 3, 6, 15), Span(2, "working day"))
    datetime.datetime(2026, 3, 10, 15, 0)
    >>> later(datetime(2026, 3, 6, 15), Span(24, "hour"))
    datetime.datetime(2026, 3, 7, 15, 0)
    """
    if span.unit != "working day":
        return moment + timedelta(hours=span.hours)
    left = span.count
    while left:
        moment += timedelta(days=1)
        left -= moment.weekday() < 5
    return moment


def said(moment: datetime, hour: bool = False) -> str:
    """Return a day as people say it, in English whatever the locale.

    >>> said(datetime(2026, 3, 2, 15), hour=True)
    'Monday 2 March 2026, 15:00'
    """
    day = f"{DAYS[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    return f"{day}, {moment:%H:%M}" if hour else day


def ics(
    letter: Letter,
    values: Mapping[str, str],
    dues: Iterable[Due],
    nudges: Iterable[Due],
    made: datetime,
) -> bytes:
    """Return a calendar: the letter's deadline with an alarm, and the days for a nudge.

    Hours are the clock's where the calendar is opened, as the interview's was.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//After the Interview//follow-up//EN")
    calendar.add("version", "2.0")
    for event in _events(letter, values, dues, nudges):
        event.add("dtstamp", made.astimezone(UTC))
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def _events(
    letter: Letter, values: Mapping[str, str], dues: Iterable[Due], nudges: Iterable[Due]
) -> Iterator[Any]:
    from icalendar import Alarm, Event

    for each in dues:
        event = Event()
        event.add("summary", f"Send: {each.sample.title}")
        event.add("description", _text(f"{each.window}\n\n{blanks.body(letter, values)}"))
        if each.window.after:
            event.add("dtstart", each.opens.date())
        else:
            event.add("dtstart", each.closes or each.opens)
            event.add("duration", timedelta(0))
        event.add("uid", _uid(each))
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"Send: {each.sample.title}")
        alarm.add("trigger", timedelta(0) if each.window.after else -ALARM)
        event.add_component(alarm)
        yield event
    for each in nudges:
        if each.sample is letter.sample:
            continue
        event = Event()
        event.add("summary", each.sample.title)
        event.add("description", str(each.window))
        event.add("dtstart", each.opens.date())
        event.add("transp", "TRANSPARENT")
        event.add("uid", _uid(each))
        yield event


def _text(words: str) -> Any:
    """Return *words* for a calendar, whole: the library takes a backslash and N for a line's end.

    So it does in icalendar 7.3, where RFC 5545 has a backslash doubled like any other.
    """
    from icalendar import vText

    class Text(vText):
        def to_ical(self) -> bytes:
            return rb"\\N".join(vText(part).to_ical() for part in self.split(r"\N"))

    return Text(words)


def _uid(due: Due) -> str:
    """Return a name that is the same for the same date, so that importing twice adds nothing."""
    words = f"{due.sample.id} {due.window} {due.opens.isoformat()}"
    return f"{hashlib.sha256(words.encode()).hexdigest()[:32]}@follow-up.invalid"
