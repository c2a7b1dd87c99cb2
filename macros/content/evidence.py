"""What is known: surveys, figures, sources and where they differ, from one file.

A figure stands in that file or nowhere: pages quote it with ``{{ figure("…") }}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Key

from ..errors import suggest
from ..model import (
    Chart,
    Disagreement,
    Evidence,
    Figure,
    Position,
    Rumour,
    Source,
    Survey,
)
from .files import Entry, Files, Prose, Text, line_at, line_of

QUOTE = re.compile(r"\{([^{}\s]*)\}")
"""A figure quoted in the evidence file itself: ``{survey-figure}``."""

CALL = re.compile(r"\b(figure|survey_chart|disagreement|source)\(\s*(['\"])(.*?)\2\s*\)")
"""A page's use of the evidence, by macro and id."""

LABEL = 38
"""How many characters of label and figure fit over a bar on a small screen."""

_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
_ASKED = "employers|executives|hirers|interviewers|managers|recruiters|applicants|candidates"

RAW = re.compile(
    rf"""
    \b\d[\d.,]*\s?(?:%|per\s?cent\b)
    | \b(?:{_SMALL}|{_TENS})(?:[-\s](?:{_SMALL}))?\s+per\s?cent\b
    | \b(?:{_SMALL}|\d+)\s+(?:in|out\s+of)\s+(?:every\s+)?(?:{_SMALL}|{_TENS}|\d+)\b
      (?!\s+(?:minute|hour|day|week|month|word|sentence|line)s?\b)
    | \b(?:half|thirds?|quarters?)\s+of\s+(?:all\s+|the\s+)*(?:\w+\s+)?(?:{_ASKED})\b
    | \b(?!(?:19|20)\d\d\b)\d[\d,]{{2,}}\s+(?:\w+\s+){{0,2}}(?:{_ASKED})\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A survey figure written out: ``22%``, ``one in five``, ``2,800 US employers``."""


def read(files: Files, docs: Path) -> Evidence:
    """Return the evidence under *docs*, with every mistake in it or in its use noted at *files*."""
    path = docs / "_data" / "evidence.yml"
    text = files.text(path) if path.exists() else None
    entry = files.entry(EvidenceEntry, path, text) if text is not None else None
    reading = Reading(files, path, text or "", entry or EvidenceEntry())
    found = reading.evidence()
    for page in files.below(docs, ".md"):
        # What an unreadable file holds can't be missed.
        reading.cited |= _check(files, page, found if entry or text is None else None)
    reading.uncited()
    return found


# What the file may hold.


def _address(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s…]+\.[^\s…]+", url):
        raise ValueError(f"is {url!r}, not a full address. Write all of it, from https:// on.")
    return url


Address = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_address)]


class SourceEntry(Entry):
    by: Text
    title: Text
    url: Address
    seen: date
    dated: Text | None = None


class FigureEntry(Entry):
    value: int = Key(ge=0, le=100)
    says: Text
    about: Text | None = None


class SurveyEntry(Entry):
    title: Text
    asker: Text
    asked: Text
    sample: Text
    when: Text
    question: Prose
    limits: Prose
    figures: dict[Text, FigureEntry] = Key(min_length=1)
    sources: list[Text] = Key(min_length=1)


class ChartEntry(Entry):
    title: Text
    note: Prose
    bars: dict[Text, Text] = Key(min_length=2)


class RumourEntry(Entry):
    claim: Text
    met: Text
    trouble: Prose
    sources: list[Text] = []


class PositionEntry(Entry):
    says: Prose
    sources: list[Text] = Key(min_length=1)


class DisagreementEntry(Entry):
    question: Text
    positions: list[PositionEntry] = Key(min_length=2)
    advice: Prose
    reason: Prose


class EvidenceEntry(Entry):
    sources: dict[Text, SourceEntry] = {}
    surveys: dict[Text, SurveyEntry] = {}
    charts: dict[Text, ChartEntry] = {}
    rumours: list[RumourEntry] = []
    disagreements: dict[Text, DisagreementEntry] = {}


class Reading:
    """One reading of the evidence file: its entries become the model."""

    def __init__(self, files: Files, path: Path, text: str, entry: EvidenceEntry) -> None:
        self.files = files
        self.path = path
        self.text = text
        self.entry = entry
        self.sources = {
            id: Source(id, given.by, given.title, given.url, given.seen, given.dated or "")
            for id, given in entry.sources.items()
        }
        self.figures = {
            f"{survey}-{name}": Figure(
                f"{survey}-{name}", survey, given.value, given.says, given.about or ""
            )
            for survey, asked in entry.surveys.items()
            for name, given in asked.figures.items()
        }
        self.cited: set[str] = set()

    def evidence(self) -> Evidence:
        """Return all of the file; its mistakes are noted with its file."""
        return Evidence(
            dict(sorted(self.sources.items(), key=lambda item: (item[1].by.lower(), item[0]))),
            {id: self._survey(id, given) for id, given in self.entry.surveys.items()},
            self.figures,
            {id: self._chart(id, given) for id, given in self.entry.charts.items()},
            tuple(self._rumour(at, given) for at, given in enumerate(self.entry.rumours)),
            {id: self._disagreement(id, given) for id, given in self.entry.disagreements.items()},
        )

    def uncited(self) -> None:
        """Note each source that nothing cites."""
        for id in self.sources:
            if id not in self.cited:
                self._wrong(
                    f"{id}:",
                    f"source {id!r} is cited nowhere. Cite it or delete it.",
                    "sources",
                    id,
                )

    def _survey(self, id: str, given: SurveyEntry) -> Survey:
        return Survey(
            id,
            given.title,
            given.asker,
            given.asked,
            given.sample,
            given.when,
            self._words(given.question, "surveys", id, "question"),
            self._words(given.limits, "surveys", id, "limits"),
            tuple(self.figures[f"{id}-{name}"] for name in given.figures),
            self._cite(given.sources, "surveys", id, "sources"),
        )

    def _chart(self, id: str, given: ChartEntry) -> Chart:
        bars = []
        for figure, label in given.bars.items():
            place = ("charts", id, "bars", figure)
            if not self._knows(figure, *place):
                continue
            if len(f"{label} {self.figures[figure]}") > LABEL:
                self._wrong(
                    f"{figure}:",
                    f"label {label!r} and its figure are too long for a small screen. "
                    f"Cut them to {LABEL} characters.",
                    *place,
                )
            bars.append((label, self.figures[figure]))
        return Chart(id, given.title, self._words(given.note, "charts", id, "note"), tuple(bars))

    def _rumour(self, at: int, given: RumourEntry) -> Rumour:
        # The claim keeps its number: that is what went round.
        return Rumour(
            given.claim,
            given.met,
            self._words(given.trouble, "rumours", at, "trouble"),
            self._cite(given.sources, "rumours", at, "sources"),
        )

    def _disagreement(self, id: str, given: DisagreementEntry) -> Disagreement:
        here = ("disagreements", id)
        return Disagreement(
            id,
            given.question,
            tuple(
                Position(
                    self._words(position.says, *here, "positions", at, "says"),
                    self._cite(position.sources, *here, "positions", at, "sources"),
                )
                for at, position in enumerate(given.positions)
            ),
            self._words(given.advice, *here, "advice"),
            self._words(given.reason, *here, "reason"),
        )

    def _cite(self, ids: list[str], *place: object) -> tuple[Source, ...]:
        for at, id in enumerate(ids):
            if id not in self.sources:
                self._wrong(
                    id, f"source {id!r} is unknown. {suggest(id, self.sources)}", *place, at
                )
        self.cited.update(ids)
        return tuple(self.sources[id] for id in ids if id in self.sources)

    def _words(self, text: str, *place: object) -> str:
        """Return *text*, which stands at *place*, with the figures that it quotes by id."""
        if raw := RAW.search(text):
            self._wrong(
                raw[0], f"{raw[0]!r} is a figure written out. Quote it as {{its-id}}.", *place
            )

        def quoted(quote: re.Match[str]) -> str:
            known = self._knows(quote[1], *place)
            return str(self.figures[quote[1]]) if known else quote[0]

        return QUOTE.sub(quoted, text)

    def _knows(self, figure: str, *place: object) -> bool:
        if figure in self.figures:
            return True
        self._wrong(
            figure, f"figure {figure!r} is unknown. {suggest(figure, self.figures)}", *place
        )
        return False

    def _wrong(self, near: str, text: str, *place: object) -> None:
        """Note a mistake where *near* stands, at *place* or on the lines that follow it."""
        start = self.files.line(self.path, *place)
        below = "\n".join(self.text.split("\n")[start - 1 :])
        self.files.mistake(self.path, line_of(below, near, start), text)


def _check(files: Files, page: Path, evidence: Evidence | None) -> set[str]:
    """Return the sources that a page cites.

    A figure written out in it, and evidence that it asks for in vain, are noted.
    """
    known: dict[str, Iterable[str]] = {}
    if evidence:
        known = {
            "figure": evidence.figures,
            "survey_chart": evidence.charts,
            "disagreement": evidence.disagreements,
            "source": evidence.sources,
        }
    cited = set()
    text = files.text(page) or ""
    for raw in RAW.finditer(text):
        files.mistake(
            page,
            line_at(text, raw),
            f"{raw[0]!r} is a figure written out. "
            'Enter it in docs/_data/evidence.yml and quote it with {{ figure("…") }}.',
        )
    for call in CALL.finditer(text):
        macro, _, id = call.groups()
        if id not in known.get(macro, [id]):
            files.mistake(
                page,
                line_at(text, call),
                f"{macro} {id!r} is unknown. {suggest(id, known[macro])}",
            )
        elif macro == "source":
            cited.add(id)
    return cited
