"""Model to HTML, by autoescaped templates only."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from string import ascii_lowercase
from typing import Any
from urllib.parse import quote

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from markupsafe import Markup, escape

from .. import blanks
from ..model import Blank, Form, Letter, Library, Line, Part, Picks, Proofs, Sample, Window
from . import desk
from .take.offers import OFFERS

ADDRESS = "%/:?#@!$&'()*+,;=~"
"""What stands in an address as it is, besides letters and digits."""

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line, and the tips that it proves."""

    part: Part
    tips: tuple[str, ...] = ()
    id: str = ""
    """Where links to the proof lead: set on pieces that prove something."""

    @property
    def blank(self) -> Blank | None:
        """The blank, where the part is one."""
        return self.part if isinstance(self.part, Blank) else None


def compile_templates(kept: Path) -> None:
    """Keep in a folder what the guide's templates are compiled to."""
    templates = _environment({}, {}, kept)
    for name in templates.list_templates():
        templates.get_template(name)


def _environment(
    rooms: Mapping[str, Path], answers: Mapping[str, str], kept: Path | None
) -> Environment:
    """Return what reads the templates, with their filters; their names come with a library."""
    others: dict[str, BaseLoader] = {name: FileSystemLoader(at) for name, at in rooms.items()}
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader(others)]),
        bytecode_cache=FileSystemBytecodeCache(str(kept)) if kept else None,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(text=partial(blanks.fill, values=answers), brief=brief, typed=as_typed)
    return made


class Renderer:
    """Makes the guide's HTML from a *library*, with links to each sample's *downloads*.

    *downloads* returns the file extensions that a sample's letters are offered in, and
    what readers call them.  *rooms* are further folders of templates, by the name that
    stands before theirs.  *answers*, by label, are one reader's own: blanks hold them.
    What templates are compiled to is *kept* in a folder, if there is one.
    """

    def __init__(
        self,
        library: Library,
        downloads: Callable[[Sample], Mapping[str, str]] = lambda sample: {},
        rooms: Mapping[str, Path] = {},
        answers: Mapping[str, str] = {},
        kept: Path | None = None,
    ) -> None:
        self.library = library
        self.answers = answers
        self.kept = kept
        self._proofs: dict[str, Proof] = {}
        own = {label: blanks.clean(text) for label, text in answers.items()}
        self.templates = _environment(rooms, answers, kept)
        self.templates.globals.update(
            library=library,
            letters=blanks.letters,
            mailto=partial(mailto, values=answers),
            answers=own,
            BETWEEN=blanks.BETWEEN,
            whose=whose(library, own) if answers else "",
            owner=owner(library, own),
            downloads=downloads,
            windows=windows,
            events=events,
            days=TIMELINE_DAYS,
            tip_codes={tip: f"t{number}" for number, tip in enumerate(library.tips, 1)},
        )

    def html(self, template: str, /, **names: Any) -> str:
        """Return a template filled in, as HTML that Markdown leaves as it is.

        Python-Markdown takes a block of HTML as it stands from a tag at the left edge on.
        """
        text = self.templates.get_template(f"{template}.html.jinja").render(names)
        return "\n".join(line.strip() for line in text.split("\n") if line.strip())

    def letter(self, sample: Sample) -> str:
        """Return a sample's fill-in letter with its choices, proof and downloads."""
        proof = self._proof(sample)
        return self.html(
            "letter",
            sample=sample,
            codes=codes(sample),
            related=[self.library.samples[id] for id in sample.related],
            pieces=proof.pieces,
            proofs=proof.quotes(),
            waits=desk.waits(self.library, sample),
        )

    def said(self, sample: Sample) -> str:
        """Return what a search reads of a sample: its first letter, and what to leave out."""
        letter = next(blanks.letters(sample))
        return self.html("said", sample=sample, letter=blanks.body(letter, self.answers))

    def desk(self, first: str) -> str:
        """Return the sheet that holds every letter, with the sample *first* on it."""
        tones = desk.tones(self.library)
        return self.html(
            "desk",
            first=self.library.samples[first].id,
            tone=self.library.vocabulary.choices[desk.TONE],
            segments=desk.segments(self.library),
            postmarks=desk.postmarks(self.library),
            addressed=desk.addressed(self.library),
            lacking=lambda sample: desk.lacking(sample, tones),
            files=desk.files(self.library),
            left_out=desk.left_out(self.library),
            taken=desk.taken(self.library),
            proven=desk.proven(self.library),
            waiting=desk.waiting(self.library),
        )

    def desk_rules(self) -> str:
        """Return the style rules that show the chosen letter on the desk."""
        waiting = {id for ids in desk.waiting(self.library).values() for id in ids}
        return self.html(
            "desk-rules",
            samples=list(self.library.samples),
            tones=desk.tones(self.library),
            waiting=[id for id in self.library.samples if id in waiting],
        )

    def site_rules(self) -> str:
        """Return the style rules that show what the choices on any page say."""
        words = self.library.vocabulary
        used = [code for s in self.library.samples.values() for code in codes(s).values()]
        return self.html(
            "site-rules",
            options=sorted(set(used)),
            answers=[f"a{number}" for number in range(1, len(words.groups) + 1)]
            + [f"b{number}" for number in range(1, len(words.meetings) + 1)],
        )

    def samples(self) -> str:
        """Return all samples, grouped by what just happened."""
        return self.html("samples")

    def shelves(self) -> str:
        """Return the groups of samples, each with how many it holds."""
        return self.html("shelves")

    def index(self) -> str:
        """Return every sample by what happened, and by the words that name it."""
        return self.html("index", words=index(self.library))

    def chooser(self) -> str:
        """Return two questions that find a reader's letter."""
        return self.html("chooser")

    def timeline(self) -> str:
        """Return a picture of when each message is sent, and the same in words."""
        return self.html("timeline")

    def subject_lines(self) -> str:
        """Return the subject line of every sample that has one."""
        return self.html("subject-lines")

    def tip_cards(self) -> str:
        """Return every tip with its reason and the examples that the tests run."""
        return self.html("tip-cards", adapting=self._adapting)

    def _adapting(self, tip: str, adaptation: str) -> list[Sample]:
        """Return the samples that take *tip* in the same other way."""
        return [
            sample
            for sample in self.library.samples.values()
            if any(s.tip == tip and s.adapted == adaptation for s in sample.stances)
        ]

    def proof(self) -> str:
        """Return all samples against all tips, with the words that prove them."""
        table = {
            sample: {
                tip: Said(tip, self.library.proofs.get(sample.id, {})) for tip in self.library.tips
            }
            for sample in self.library.samples.values()
        }
        return self.html("proof", table=table)

    def _proof(self, sample: Sample) -> Proof:
        if sample.id not in self._proofs:
            self._proofs[sample.id] = Proof(sample, self.library.proofs.get(sample.id, {}))
        return self._proofs[sample.id]

    def form(self, form: Form) -> str:
        """Return a form to fill in."""
        return self.html("form", form=form)

    def survey_chart(self, id: str) -> str:
        """Return a picture of figures side by side, with the same in words."""
        return self.html("evidence/chart", chart=self.library.evidence.charts[id])

    def surveys(self) -> str:
        """Return all surveys at a glance; each opens to its figures and what it can't show."""
        return self.html("evidence/surveys")

    def rumours(self) -> str:
        """Return the numbers in circulation that have no source, or not the one they claim."""
        return self.html("evidence/rumours")

    def disagreement(self, id: str) -> str:
        """Return a box with both sides of a disputed question, and our advice."""
        return self.html(
            "evidence/disagreement", disagreement=self.library.evidence.disagreements[id]
        )

    def take(self, id: str) -> str:
        """Return what there is to take along as files: a picture, and links with their sizes."""
        return self.html("take", id=id, offer=OFFERS[id])

    def references(self) -> str:
        """Return every source, with the date on which it was seen."""
        return self.html("evidence/references")

    def source(self, id: str) -> str:
        """Return a source's name for a sentence: Markdown, linked to what was read."""
        source = self.library.evidence.sources[id]
        return f"[{as_markdown(source.by)}](<{quote(source.url, safe=ADDRESS)}>)"

    def figure(self, id: str, page: PurePath) -> str:
        """Return a survey's figure for a sentence on *page*: Markdown, linked to the survey."""
        figure = self.library.evidence.figures[id]
        survey = self.library.evidence.surveys[figure.survey]
        up = "../" * (len(page.parts) - 1)
        says, title = as_markdown(str(figure)), as_markdown(survey.title)
        return f'[{says}]({up}evidence.md#{survey.id} "{title}")'


def codes(sample: Sample) -> dict[tuple[str, str], str]:
    """Return a short name for each option of *sample*'s choices: `a1`, `a2`, `b1`, ….

    Style rules show an alternative by it.
    """
    return {
        (choice.name, option.value): f"{ascii_lowercase[place]}{number}"
        for place, choice in enumerate(sample.choices)
        for number, option in enumerate(choice.options, 1)
    }


def as_markdown(text: str) -> str:
    """Return *text* so that Markdown shows it as it is.

    >>> as_markdown("R&D *now*")
    'R&#38;D &#42;now&#42;'
    """
    return re.sub(r"[^\w\s]|_", lambda mark: f"&#{ord(mark[0])};", text)


def as_typed(text: str) -> Markup:
    r"""Return *text* as HTML that neither Markdown nor a template's lines change.

    >>> as_typed("R&D\n\tnow")
    Markup('R&amp;D&#10;&#9;now')
    """
    return escape(text).replace("\n", Markup("&#10;")).replace("\t", Markup("&#9;"))


def brief(quote: str, most: int = 6) -> str:
    """Return the first words of *quote*, an ellipsis for blanks and for what is left out.

    >>> brief("I have been thinking about [A moment from the interview].")
    'I have been thinking about …'
    >>> brief("Thank you again for your time and for considering me.")
    'Thank you again for your time …'
    """
    words = blanks.MARK.sub("…", quote).split()
    text = " ".join(words[:most]) + (" …" if words[most:] else "")
    return re.sub(r"…(?:[.,]| …)+$", "…", text)


TOO_COMMON = frozenset((Path(__file__).parent / "common.txt").read_text("utf-8").split())
"""Words that say little about one letter."""


def index(library: Library, most: int = 6) -> dict[str, list[Sample]]:
    """Return the words that name samples, by the alphabet; none that names more than *most*."""
    found: dict[str, list[Sample]] = {}
    for sample in library.samples.values():
        words = re.findall(r"[a-z]+(?:[-’'][a-z]+)*", f"{sample.title} {sample.situation}".lower())
        for word in dict.fromkeys(words):
            if len(word) > 3 and word.replace("'", "’") not in TOO_COMMON:
                found.setdefault(word, []).append(sample)
    return {word: found[word] for word in sorted(found) if len(found[word]) <= most}


TIMELINE_DAYS = 14
"""How far the timeline reaches."""


def windows(library: Library) -> dict[str, dict[Window, list[Sample]]]:
    """Return the windows of all samples by their length, each with its samples, soonest first."""
    found: dict[str, dict[Window, list[Sample]]] = {}

    def place(window: Window) -> tuple[float, float]:
        return (
            window.after.hours if window.after else 0.0,
            window.within.hours if window.within else 0.0,
        )

    sent = [(window, sample) for sample in library.samples.values() for window in sample.send]
    for window, sample in sorted(sent, key=lambda pair: place(pair[0])):
        found.setdefault(window.length, {}).setdefault(window, []).append(sample)
    return found


def events(library: Library) -> dict[str, dict[Window, list[Sample]]]:
    """Return for each event, in the vocabulary's order, its windows, soonest first."""
    found: dict[str, dict[Window, list[Sample]]] = {of: {} for of in library.vocabulary.events}
    for same in windows(library).values():
        for window, samples in same.items():
            found.setdefault(window.of, {})[window] = samples
    return {of: sent for of, sent in found.items() if sent}


class Said:
    """The words of a sample's letters that prove one tip."""

    def __init__(self, tip: str, proofs: Proofs) -> None:
        self.all: dict[tuple[str, ...], list[Picks]] = {}
        """What proves it, each with the letters that say so."""
        for picks, findings in proofs.items():
            if tip in findings and (quotes := findings[tip].evidence):
                self.all.setdefault(quotes, []).append(picks)
        others = {
            quote
            for findings in proofs.values()
            for other, finding in findings.items()
            if other != tip
            for quote in finding.evidence
        }
        every = [quote for quotes in self.all for quote in quotes]
        alone = [quote for quote in every if quote not in others]
        self.first = next(iter(alone or every), "")
        """The first words that prove it, and where there are such, nothing else."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that prove a tip, and where on the page they stand."""

    words: str
    anchor: str


class Proof:
    """Where a sample's letters follow the tips: its lines cut at the words that show it."""

    def __init__(self, sample: Sample, proofs: Proofs) -> None:
        self.proofs = proofs
        self.lines = [line for paragraph in sample.paragraphs for line in paragraph.lines]
        self.pieces = {
            line: tuple(pieces(line, self._evidence(line), f"line-{number}"))
            for number, line in enumerate(self.lines, 1)
        }

    def _evidence(self, line: Line) -> dict[str, set[str]]:
        """Return for each tip the words of *line* that prove it in some letter."""
        found: dict[str, set[str]] = {}
        text = str(line)
        for picks, tips in self.proofs.items():
            if line.stands(picks):
                for tip, finding in tips.items():
                    quotes = {words for words in finding.evidence if words in text}
                    found.setdefault(tip, set()).update(quotes)
        return found

    def quotes(self) -> dict[str, dict[tuple[Quote, ...], list[Picks]]]:
        """Return for each tip the words that prove it, each with the letters they prove."""
        found: dict[str, dict[tuple[Quote, ...], list[Picks]]] = {}
        for picks, tips in self.proofs.items():
            for tip, finding in tips.items():
                said = tuple(
                    Quote(words, next(piece.id for piece in self.pieces[line] if tip in piece.tips))
                    for line in self.lines
                    if line.stands(picks)
                    for words in finding.evidence
                    if words in str(line)
                )
                found.setdefault(tip, {}).setdefault(said, []).append(picks)
        return found


def pieces(
    line: Line, evidence: Mapping[str, Iterable[str]] = {}, id: str = "line"
) -> Iterator[Piece]:
    """Yield a line cut where the words that prove a tip begin and end.

    *evidence* holds, for each tip, words of the line in which a blank reads ``[Label]``.
    """
    text = str(line)
    spans = [
        (text.index(words), text.index(words) + len(words), tip)
        for tip, quotes in evidence.items()
        for words in sorted(quotes)
        if words in text
    ]
    cuts = {edge for start, end, _ in spans for edge in (start, end)}
    at = 0
    for part in line.parts:
        length = len(str(part))
        inner = sorted(cut - at for cut in cuts if at < cut < at + length)
        edges = [0, *inner, length] if isinstance(part, str) else [0, length]
        for start, end in itertools.pairwise(edges):
            tips = tuple(
                dict.fromkeys(
                    tip for left, right, tip in spans if left < at + end and at + start < right
                )
            )
            yield Piece(
                part[start:end] if isinstance(part, str) else part,
                tips,
                f"{id}-{at + start}" if tips else "",
            )
        at += length


def mailto(letter: Letter, values: Mapping[str, str] = {}) -> str:
    """Return a link that opens *letter* in the reader's mail program, open blanks marked."""
    return blanks.mailto(blanks.subject(letter, values), blanks.body(letter, values))


def whose(library: Library, answers: Mapping[str, str]) -> str:
    """Return the line that says for whom a guide with *answers* in it was made."""
    name = owner(library, answers) or "one reader"
    return f"Filled in for {name} alone. Not for publishing."


def owner(library: Library, answers: Mapping[str, str]) -> str:
    """Return the name that *answers* are signed with, if there is one."""
    signed = (label for label, field in library.vocabulary.fields.items() if field.signs)
    return next((answers[label] for label in signed if label in answers), "")
