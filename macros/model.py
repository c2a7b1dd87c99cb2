"""What the guide is made of: frozen data, no files, no HTML.

Six words carry one meaning each.
A *Sample* is a letter's source page; a *Letter* is what a reader gets from it once
every choice is made.  A *Field* is one question with a label; a *Blank* is a place in a
sample where a field's value goes.  A *Form* is a set of fields to fill in.  A *Tip* is a
piece of advice with rules that prove it; a *Finding* is what a rule found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeAlias


class Widget(StrEnum):
    """How a field is filled in; each value is the stem of its template."""

    TEXT = "text"
    TEXTAREA = "textarea"
    EMAIL = "email"
    TELEPHONE = "telephone"
    DATE = "date"
    CHOICE = "choice"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the shared vocabulary, the same wherever its label stands."""

    label: str
    hint: str
    name: str
    widget: Widget = Widget.TEXT
    autocomplete: str = "off"
    options: tuple[str, ...] = ()
    optional: bool = False
    concrete: bool = False
    """The answer can belong to one conversation only."""
    signs: bool = False
    """The answer is the writer's signature."""
    sentence: bool = False
    """The answer is a whole sentence of the writer's own."""
    lead: str = ""
    """Words that make a sentence of an answer that is none."""
    link: str = ""
    """Words that join on a sentence in which the writer says *I*."""
    lines: int = 1
    """How many ruled lines an answer needs on paper."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A place in a text where the value of *field* goes."""

    field: Field

    def __str__(self) -> str:
        return f"[{self.field.label}]"


Part: TypeAlias = str | Blank


@dataclass(frozen=True, slots=True)
class Option:
    """One way to say a paragraph."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader chooses between, such as a letter's tone."""

    name: str
    label: str
    options: tuple[Option, ...]


Picks: TypeAlias = tuple[tuple[str, str], ...]
"""A choice's name and the option picked, for each choice of a sample."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sample; with *option*, only where that choice is made."""

    parts: tuple[Part, ...]
    option: tuple[str, str] | None = None

    def __str__(self) -> str:
        return "".join(map(str, self.parts))

    def stands(self, picks: Picks) -> bool:
        """Tell whether the line is part of the letter with *picks*."""
        return self.option is None or self.option in picks


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together: they flow, or (where the writer signs) each stands alone."""

    lines: tuple[Line, ...]
    flows: bool = True

    @property
    def joint(self) -> str:
        """What stands between two lines."""
        return " " if self.flows else "\n"

    @property
    def versions(self) -> tuple[tuple[tuple[str, str] | None, tuple[Line, ...]], ...]:
        """The paragraph's lines, apart by option where every line belongs to one.

        A letter without such a version has no paragraph there, not an empty one.
        """
        options = tuple(dict.fromkeys(line.option for line in self.lines))
        if None in options or len({choice for choice, _ in filter(None, options)}) > 1:
            return ((None, self.lines),)
        return tuple(
            (option, tuple(line for line in self.lines if line.option == option))
            for option in options
        )


HOURS = {
    "minute": 1 / 60,
    "hour": 1.0,
    "day": 24.0,
    "working day": 24.0 * 7 / 5,
    "week": 168.0,
}
"""Hours in each unit of time; five working days last a week."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, as advice gives it: a count and a unit."""

    count: int
    unit: str

    @property
    def hours(self) -> float:
        """The length in hours."""
        return self.count * HOURS[self.unit]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Window:
    """When a message is sent, counted from the event *of*."""

    of: str
    within: Span | None = None
    after: Span | None = None

    @property
    def length(self) -> str:
        """The time alone, without its event: ``within 24 hours of``, ``5 to 7 days after``."""
        if self.after and self.within:
            start = self.after.count if self.after.unit == self.within.unit else self.after
            return f"{start} to {self.within} after"
        return f"{self.after} after" if self.after else f"within {self.within} of"

    def __str__(self) -> str:
        return f"{self.length} {self.of}"


@dataclass(frozen=True, slots=True)
class Stance:
    """How a sample takes a tip: as it stands, or adapted, and then why."""

    tip: str
    adapted: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter's source page: text with blanks and alternatives, and its facts."""

    id: str
    path: str
    title: str
    situation: str
    group: str
    channel: str
    send: tuple[Window, ...]
    subject: tuple[Part, ...]
    paragraphs: tuple[Paragraph, ...]
    choices: tuple[Choice, ...]
    stances: tuple[Stance, ...]
    words: tuple[int, int]
    to: str = ""
    order: int = 0
    meetings: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    line: int = 1
    """Where the letter begins in its file."""

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """The blanks of subject and letter, each label once, in reading order."""
        parts = [*self.subject]
        for paragraph in self.paragraphs:
            for line in paragraph.lines:
                parts += line.parts
        return tuple(dict.fromkeys(part for part in parts if isinstance(part, Blank)))


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter that a reader can reach: a sample with every choice made."""

    sample: Sample
    picks: Picks

    @property
    def name(self) -> str:
        """The sample's id and the options that are not its first, for file names."""
        picked = dict(self.picks)
        others = [
            picked[choice.name]
            for choice in self.sample.choices
            if picked[choice.name] != choice.options[0].value
        ]
        return "-".join([self.sample.id, *others])

    @property
    def paragraphs(self) -> tuple[tuple[Part, ...], ...]:
        """The parts of each paragraph, lines joined as the letter shows them."""
        shown = []
        for paragraph in self.sample.paragraphs:
            parts: list[Part] = []
            for line in paragraph.lines:
                if line.stands(self.picks):
                    parts += [paragraph.joint, *line.parts] if parts else line.parts
            if parts:
                shown.append(tuple(parts))
        return tuple(shown)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form: a legend and its fields."""

    legend: str
    fields: tuple[Field, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A set of fields to fill in, on screen or on paper."""

    id: str
    title: str
    sections: tuple[Section, ...]
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The shared words that samples and forms may use."""

    fields: Mapping[str, Field]
    choices: Mapping[str, Choice]
    groups: Mapping[str, str]
    events: Mapping[str, str]
    channels: Mapping[str, str]
    meetings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """What a rule saw in a text: whether it is met, and the words that decide it."""

    met: bool
    evidence: tuple[str, ...] = ()
    otherwise: str = ""
    """What to do, where that is not what the rule says for every failure."""


class Place(StrEnum):
    """The part that a sentence plays in a note."""

    SUBJECT = "subject"
    GREETING = "greeting"
    BODY = "body"
    CLOSING = "closing"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a note, letter for letter, and where it begins."""

    text: str
    start: int
    place: Place = Place.BODY


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a note that carry a meaning, letter for letter, and their sentence."""

    text: str
    start: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a note carries one meaning, and how strongly the note does as a whole."""

    passages: tuple[Passage, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Draft:
    """A note, split and read once: its sentences, and a reading for each meaning."""

    text: str
    sentences: tuple[Sentence, ...]
    readings: Mapping[str, Reading]


class Rule(Protocol):
    """One thing that a text must show for a tip to be followed."""

    @property
    def otherwise(self) -> str:
        """What to do where the rule is not met."""

    def look(self, draft: Draft, sample: Sample | None) -> Look:
        """Judge *draft*, which is a letter of *sample* or somebody's own."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text that follows a tip, or breaks it, and then why."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Adaptation:
    """Another way to take a tip, where the situation asks for one."""

    means: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Tip:
    """A piece of advice, the rules that prove it, and examples that follow and break it."""

    id: str
    title: str
    advice: str
    reason: str
    order: int = 0
    clock: Span | None = None
    """The time from the interview by which the clock judges it, where one can."""
    rules: tuple[Rule, ...] = ()
    """What anybody's draft must show."""
    letters: tuple[Rule, ...] = ()
    """What the guide's own letters must show instead, where more is asked of them."""
    adaptations: Mapping[str, Adaptation] = field(default_factory=dict)
    follows: tuple[Example, ...] = ()
    breaks: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Habit:
    """A rule of good form, with its reason and where that comes from."""

    id: str
    rule: Rule
    reason: str
    source: str
    holds_for: tuple[str, ...] = ("letters", "drafts")
    """The guide's own *letters*, anybody's *drafts*, or both."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a tip's rules found in one text."""

    tip: str
    follows: bool
    evidence: tuple[str, ...] = ()
    """The words that show it, letter for letter as they stand in the text."""
    advice: str = ""
    """What to do, where the text does not follow the tip."""


Proofs: TypeAlias = dict[Picks, dict[str, Finding]]
"""For each letter of a sample, by its picks: what proves that it follows each tip."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page that was read, and when."""

    id: str
    by: str
    title: str
    url: str
    seen: date
    dated: str = ""
    """When the page says that it was published, in its own terms."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share, in per cent, that a survey found, with the words it was published with."""

    id: str
    survey: str
    value: int
    says: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.about} {self.value}%".lstrip()


@dataclass(frozen=True, slots=True)
class Survey:
    """Who asked whom, how many, when and what, and what the answers can't show."""

    id: str
    title: str
    asker: str
    asked: str
    sample: str
    when: str
    question: str
    limits: str
    figures: tuple[Figure, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures to be seen side by side, each with its label."""

    id: str
    title: str
    note: str
    bars: tuple[tuple[str, Figure], ...]


@dataclass(frozen=True, slots=True)
class Rumour:
    """A number in circulation that has no source, or says what its source does not."""

    claim: str
    met: str
    trouble: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """One answer to a disputed question, and who gives it."""

    says: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A question on which sources differ, and our advice with its reason."""

    id: str
    question: str
    positions: tuple[Position, ...]
    advice: str
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known, who says so, and what only seems to be known."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    charts: Mapping[str, Chart] = field(default_factory=dict)
    rumours: tuple[Rumour, ...] = ()
    disagreements: Mapping[str, Disagreement] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Office:
    """Who made an edition of their own, as ``extra.office`` in ``mkdocs.yml`` says."""

    name: str
    line: str = ""
    contact: str = ""
    logo: str = ""
    """The path of an SVG below the docs folder."""


@dataclass(frozen=True, slots=True, repr=False)  # shown, it is as long as the guide
class Library:
    """All content of the guide, loaded and checked."""

    vocabulary: Vocabulary
    tips: Mapping[str, Tip]
    forms: Mapping[str, Form]
    samples: Mapping[str, Sample]
    habits: Mapping[str, Habit] = field(default_factory=dict)
    proofs: Mapping[str, Proofs] = field(default_factory=dict)
    """By sample; empty until `library.proven` has proven them."""
    evidence: Evidence = Evidence()
    office: Office | None = None
    address: str = ""
    """Where its site is published, with no scheme before it and no slash behind, if anywhere."""
