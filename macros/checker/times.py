"""When a note says things happened: times told from the day of writing, and a date against a date.

A time such as "the Friday before last" is one of the classes `NEAR` (the same day or the day
before), `PAST`, `COMING`, `LASTS` (how long something lasts) or `ASIDE` ("last Tuesday's flood",
the time of something else); the reader weighs these like any other class of words.  Where a note
tells both the day of the meeting and the day of writing, their distance is reckoned and nothing
weighed.

The expressions are those of TIMEX3 (Pustejovsky et al. 2003, "TimeML") that notes hold.  Kept
libraries read a single date; none tells which of two is the day of writing.
"""

from __future__ import annotations

import calendar
import datetime
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

COUNTS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    *("twenty", "thirty", "forty"),
)
FIRSTS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth", "twentieth", "twenty-first", "twenty-second"),
    *("twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth", "twenty-seventh"),
    *("twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first"),
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _any(*ways: str) -> str:
    """Return a pattern for any of *ways*."""
    return f"(?:{'|'.join(ways)})"


WEEKDAY = _any(
    *("mon(?:day)?", "tue(?:s(?:day)?)?", "weds", "wednesday", "thu(?:r(?:s(?:day)?)?)?"),
    *("fri(?:day)?", "saturday", "sunday"),
)
MONTH = _any(
    *("jan(?:uary)?", "feb(?:ruary)?", "march", "mar", "apr(?:il)?", "may", "june?", "july?"),
    *("aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"),
)
SEASON = _any(
    *("spring", "summer", "autumn", "winter", "christmas", "easter", "term", "season"),
    *("half-term", "eid", "diwali", "ramadan"),
)
LONG = (
    r"(?:(?:working|business|calendar|school|whole|full|long|good|clear|odd|more) )*"
    r"(?:days?|wks?|weeks?|weekends?|fortnights?|months?|years?|yrs?|terms?|seasons?|shifts?|"
    r"pay-?days?|nights|(?:sun|mon|tues|wednes|thurs|fri|satur)days?)"
)
SHORT = "(?:seconds?|secs?|minutes?|mins?|moments?|hours?|hrs?|half-hour)"
NUMBER = _any(
    *(r"\d+", "an?", *COUNTS, "(?:a )?(?:couple|few|handful)(?: of)?", "several", "some"),
    *("many", "(?:a )?half an?", "the best part of an?"),
)
COUNT = (
    r"(?:(?:about|around|over|almost|nearly|exactly|just|only|more than|well over|at least|good|"
    rf"roughly|some|the|these|those|all of) )*{NUMBER}(?: (?:and a half|or|to|and) {NUMBER})?"
)
GONE = (
    r"(?:(?:has|have|had|is|are|'s|'ve)? ?(?:now |already |since |all )*"
    r"(?:ago|back|since|earlier|gone|past|passed|elapsed|lapsed|flown|slipped|rolled|later|late|"
    r"overdue|went|come and gone|behind us|been and gone))"
)
MEETING = (
    r"(?:'s (?:(?:first|second|third|final|phone|video|zoom|panel|trial) )*(?:interview|meeting|"
    r"talk|chat|call|conversation|visit|discussion|trial|session|tour|assessment|audition|round|"
    r"shift))"
)
LASTING = "[§¥]+"
THEN = rf"(?:week(?:end)?|month|year|season|{WEEKDAY}|{MONTH}|{SEASON})"
WAYS = {
    "ASIDE": (rf"(?:last|previous) {THEN}(?!{MEETING})'s",),
    "LASTS": (
        rf"{LASTING}'? (?:of(?! silence| waiting)|experience|notice|in the (?:trade|job))",
        rf"(?:for|over|during|in) the (?:last|past) (?:{LASTING}|{LONG})",
        "(?:for|after|within|every|each|per|lasts?|takes?|took|needs?) ¥+",
    ),
    "PAST": (
        rf"{LASTING} {GONE}",
        rf"{LASTING} (?:today|tomorrow|(?:on|come) {WEEKDAY}) since",
        rf"{LASTING},? (?:on|now)(?=[,.]| and| i)",
        r"(?:it is|it's|its|it has been|it's been|been) (?:now |already |all of )*"
        rf"{LASTING}(?: now| already)?",
        rf"(?:{LASTING}|week|fortnight) (?:ago )?(?:on|last|past|come) {WEEKDAY}",
        rf"(?:the )?(?:week|month|day|weekend|year|term|{WEEKDAY})(?: of the week)? before "
        "(?:last|yesterday)",
        rf"(?:on )?{WEEKDAY}(?: \w+)? (?:of )?(?:last week|the week before|last)",
        "(?:at |towards )?(?:the )?(?:early|late|beginning|start|middle|end|first week|last week|"
        rf"mid)(?: of|-)? ?last (?:week|month|year|term|{MONTH})",
        rf"(?:this time |early |late |just )?(?:last|previous) {THEN}(?:(?={MEETING})|(?!'s ))",
        rf"back in (?:early |late |mid-?)?(?:the )?(?:{MONTH}|{SEASON})",
        rf"back on (?:the )?(?:\d+|{WEEKDAY})\w*",
        "(?:earlier|at the (?:start|beginning)) (?:of |in )?(?:this|the) (?:week|month|year|term)",
        "the other (?:day|week|month)",
        "(?:quite )?(?:some|a|a (?:long|good|little|short)) (?:time|while|bit) (?:ago|back|since)",
        "(?:ages (?:ago|back)|long ago)",
    ),
    "COMING": (
        rf"(?:this )?(?:next|coming|following) (?:{LONG}|{MONTH}|{SEASON})",
        r"tomorrow(?: \w+)?",
        rf"(?:in|within) {LASTING}'?(?: time)?",
        rf"{LASTING} (?:from (?:now|today)|hence)",
        r"(?:by|until|till|til|before|from|starting|as of|any day) (?:next |this |the end of )?"
        rf"(?:the )?(?:(?:\d+(?:st|nd|rd|th)?(?: of)? )?{MONTH}(?: \d+)?|{WEEKDAY}(?!'s)|"
        rf"\d+(?:st|nd|rd|th)|next {LONG})",
        rf"{WEEKDAY} week",
        r"later (?:today|this \w+)",
        "any day this week",
        rf"{LASTING}' notice",
    ),
    "NEAR": (
        "(?:today|tonight|just now)",
        "(?:not|hardly|barely|scarcely|less than|only) ¤+ (?:(?:has|have|had) )?(?:yet )?"
        "(?:gone by|gone|passed|ago|since)",
        r"this (?:very |same |past )?(?:morn\w*|afternoon|aft|arvo|evening|noon|lunch\w*|dinner\w*|"
        "forenoon|day|date)",
        r"yesterday(?: \w+noon| morning| evening)?",
        "last (?:night|evening)",
        "earlier(?! than)(?: on| today)?",
        rf"(?:¤+|{SHORT}) (?:ago|back|since)",
        "(?:half|quarter of) an hour (?:ago|back|since)",
        r"(?:have|'ve|'m|am) (?:only )?just (?:\w+ )?(?:got|left|come|walked|put|hung|sat|finished|"
        "back|home|off)",
        "just (?:got|left|come|walked|put down|hung up|finished|off|back|in from)",
    ),
}
"""How each class of time is told, the first way that fits winning."""
AMOUNTS = (
    ("(?:a|one) (?:day|week|month|year) (?:or|and) (?:two|three|so|a half|more)", "§"),
    ("(?:a|one|1)(?: single)? day", "¤"),
    (f"{COUNT} (?:years?|yrs?|decades?)", "¥"),
    (rf"(?:{COUNT} {LONG}|(?:4[89]|[79]\d|forty-eight|seventy-two) hours)", "§"),
    (f"{COUNT} {SHORT}", "¤"),
)
"""How long something lasts: years, days, a day at most, and the sign that stands for it."""
NAMES = frozenset(WAYS)


def plain(text: str) -> str:
    """Return *text* in small letters with straight apostrophes, as long as it was."""
    same = re.sub("[’‘`´]", "'", text.replace("\n", " "))
    if len(same.lower()) == len(same):
        return same.lower()
    return "".join(low if len(low := each.lower()) == 1 else each for each in same)


@functools.lru_cache(maxsize=4096)
def times(text: str) -> tuple[tuple[str, int, int], ...]:
    """Return the class, beginning and end of each time that a sentence tells, in order.

    >>> [name for name, *_ in times("I came the Friday before last and can start in two weeks.")]
    ['PAST', 'COMING']
    """
    line = plain(text)
    amounts, classes = _patterns()
    for pattern, sign in amounts:
        for match in pattern.finditer(line):
            line = line[: match.start()] + sign * len(match[0]) + line[match.end() :]
    found: list[tuple[str, int, int]] = []
    for pattern, name in classes:
        for match in pattern.finditer(line):
            start, end = match.span()
            if all(end <= left or right <= start for _, left, right in found):
                found.append((name, start, end))
    return tuple(sorted(found, key=lambda each: each[1]))


Patterns: TypeAlias = tuple[tuple[re.Pattern[str], str], ...]


@functools.cache
def _patterns() -> tuple[Patterns, Patterns]:
    """Return the patterns of amounts and of classes, which take longer to compile than to import.

    Whoever builds what is already proven needs none.
    """
    return (
        tuple((re.compile(rf"(?<![\w'-]){amount}(?!\w)"), sign) for amount, sign in AMOUNTS),
        tuple(
            (re.compile(rf"(?<![\w'-]){_any(*ways)}(?!\w)"), name) for name, ways in WAYS.items()
        ),
    )


@dataclass(frozen=True, slots=True)
class Date:
    """A day as a note tells it, as far as it does."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None


FIRST = "|".join(sorted(FIRSTS, key=len, reverse=True))
DATE = re.compile(
    r"(?<![\w/.,£$€-])"
    + _any(
        rf"(?:{WEEKDAY},? )?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]"
        rf"(?P<month>{MONTH})\b(?:,? (?P<year>(?:19|20)\d\d))?",
        rf"(?:{WEEKDAY},? )?(?:the )?(?P<spelt>{FIRST}) of (?P<month4>{MONTH})\b",
        rf"(?:{WEEKDAY},? )?(?P<month2>{MONTH})\.? (?:the )?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b"
        r"(?:,? (?P<year2>(?:19|20)\d\d))?",
        r"(?P<day3>\d{1,2})[./-](?P<month3>\d{1,2})(?:[./-](?P<year3>(?:19|20)?\d\d))?(?![\d:])",
        r"(?P<year5>(?:19|20)\d\d)-(?P<month5>\d\d)-(?P<day5>\d\d)",
        rf"(?:{WEEKDAY},? )?the (?P<day4>\d{{1,2}})(?:st|nd|rd|th)\b",
        rf"(?:{WEEKDAY},? )?the (?P<spelt2>{FIRST})(?= instant|[.,;:!?]|$| and| but| now| today|"
        " of (?:the|this) month)",
        rf"(?P<weekday>{WEEKDAY})\b(?:(?={MEETING})|(?='s (?:here|come))|(?!'s))",
        rf"(?P<month6>{MONTH})\b(?! \d)",
    )
)


def _date(match: re.Match[str]) -> Date | None:
    """Return the date that stands in *match*, None where there is no such day."""
    held = {name: words for name, words in match.groupdict().items() if words}

    def of(*names: str) -> str:
        return next((held[name] for name in names if name in held), "")

    month = of("month", "month2", "month3", "month4", "month5", "month6")
    spelt = of("spelt", "spelt2")
    day = FIRSTS.index(spelt) + 1 if spelt else int(of("day", "day2", "day3", "day4", "day5") or 0)
    number = int(month) if month.isdigit() else MONTHS.index(month[:3]) + 1 if month else 0
    year = int(of("year", "year2", "year3", "year5") or 0)
    if number > 12:
        number, day = day, number
    if number > 12 or day > 31:
        return None
    weekday = DAYS.index(held["weekday"][:3]) if "weekday" in held else None
    year = year + 2000 if 0 < year < 100 else year
    return Date(day or None, number or None, year or None, weekday)


NOW_BEFORE = re.compile(
    r"\b"
    + _any(
        *("today", "this day", "tonight", "now", "already", "yet", "it is", "it's", "its"),
        *("this is", "here it is", "here we are", "we are", "we're", "we have", "we write"),
        *("i write(?: to you)?", "writing(?: this| to you)?", "dated", "being", "till date"),
        *("time of writing", "as of", "as at", "until", "reached", "entered", "calendar says"),
    )
    + r"\b"
    + _any(
        *(",", ":", ";", r" i\.e\.", " -", " is", " it is", " now", " already", " being", " on"),
        *(" in", " at", " of", " the", " a", " this", " only", " following", " nearly"),
        *(" almost", " past", " entered", " reached", " today", " mid", " late", " early"),
        *(" well into", " gone", " dated", " very", " date", " in the middle of"),
        *(" in the (?:first|last) week of", " the (?:start|middle|end|beginning) of"),
    )
    + "*[ -]*$"
)
"""What stands before the day of writing."""
NOW_AFTER = re.compile(
    "(?:'s)? ?(?:morning|afternoon|evening|night|dinnertime|teatime|lunchtime)?"
    + _any(
        r",? ?(?:already|here\b|again|as i write)",
        r" (?:now|today|tonight)\b(?!,? (?:it|is|being|i|i'm|we|they|there|you|the)\b)",
        " ?(?:is|has|'s) (?:now |already |all but |almost |nearly |half |well )*"
        "(?:here|upon|over|out|gone|past|begun|started|come)",
    )
)
"""What stands after it."""
EVENT = re.compile(
    r"\b(?:met|meet(?:ing)?|saw|seen|spoke|spoken|talk(?:ed)?|chat(?:ted)?|interview(?:ed)?|came|"
    r"come in|went|visit(?:ed)?|attend(?:ed|ance)?|sat|call(?:ed)?|rang|phoned?|trial|heard by|"
    r"appeared|tried|been (?:for|in|to)|had me|was (?:in|at|there|with)|shook|showed|zoom|skype|"
    r"teams|video|round|told|said|promised|presented|assessment|audition|conversation|discussion|"
    r"held|hosted|welcomed|received me|shift|offer(?:ed)?|letter|yours of)\b"
)
TELLING = re.compile(r"\b(?:in|of|last|early|mid|late|now|is)[ -]$")
"""What stands before a month whose name is a word as well."""
NOT_EVENT = re.compile(
    r"\b(?:by|until|till|before|from|start(?:ing)?(?: on)?|begin(?:ning)?(?: on)?|next|available|"
    r"free|due|deadline|every|on any|this coming|for|either|between|after|could do|can do|closes?|"
    r"see you(?: on)?|decide(?: on)?|decision(?: on)?)(?: the| a)? ?$"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A date in one of a note's sentences, and whether it is the day of writing or of meeting."""

    date: Date
    sentence: int
    now: bool


def _told(sentences: Sequence[str]) -> Iterator[Told]:
    """Yield the days of writing and of meeting that *sentences* tell."""
    for number, text in enumerate(sentences):
        line = plain(text)
        for match in DATE.finditer(line):
            date = _date(match)
            before, after = line[: match.start()], line[match.end() :]
            verb = match["month6"] in ("may", "march", "mar") and not TELLING.search(before)
            if date is None or verb or re.match(rf"[ ,/&]+(?:and )?{WEEKDAY}\b", after):
                continue
            if NOW_BEFORE.search(before) or NOW_AFTER.match(after):
                yield Told(date, number, True)
            elif re.match(MEETING, after) or (
                not NOT_EVENT.search(before) and EVENT.search(before[-CLOSE:] + after[:CLOSE])
            ):
                yield Told(date, number, False)


def apart(event: Date, now: Date) -> int | None:
    """Return how many days at least lie between two dates, None where they do not say.

    >>> apart(Date(day=28, month=2), Date(day=1, month=3)), apart(Date(weekday=4), Date(weekday=0))
    (1, 3)
    """
    if event.weekday is not None or now.weekday is not None:
        if event.weekday is None or now.weekday is None or event.weekday == now.weekday:
            return None
        return (now.weekday - event.weekday) % 7
    if event.day is None or now.day is None:
        if event.month is None or now.month is None or event.month == now.month:
            return None
        later = (now.month - event.month) % 12
        if later == 1 and (event.day or 0) > 28:
            return None
        return 30 * (later - 1) + 2
    month = event.month or now.month or LONGEST
    start = _day(event.year or now.year or COMMON, month, event.day)
    end = _day(now.year or start.year, now.month or month, now.day)
    if end < start and not (now.month or now.year):
        end = _day(start.year + month // 12, month % 12 + 1, now.day)
    elif end < start and not now.year:
        end = _day(start.year + 1, now.month or month, now.day)
    return max((end - start).days, 0)


def _day(year: int, month: int, day: int) -> datetime.date:
    """Return a day, the last of its month where it has no such day."""
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))


COMMON, LONGEST = 2025, 1
"""A year without a 29 February and a month of 31 days, where a note tells none."""


def compared(sentences: Sequence[str]) -> dict[int, bool]:
    """Return which of a note's *sentences* tell by two dates whether it is late.

    >>> compared(["We met on 3 March.", "It is now the 9th."])
    {0: True, 1: True}
    >>> compared(["We talked on Thursday, and I write on Friday morning."])
    {0: False}
    """
    told = list(_told(sentences))
    found: dict[int, bool] = {}
    for now in (each for each in told if each.now):
        for event in (each for each in told if not each.now):
            days = apart(event.date, now.date)
            if days is not None and abs(now.sentence - event.sentence) <= NEARBY:
                for number in (event.sentence, now.sentence):
                    found[number] = found.get(number, False) or days > 1
    return found


CLOSE = 70
"""How many letters may lie between a date and the word for a meeting."""
NEARBY = 6
"""How many sentences may lie between the two dates."""
