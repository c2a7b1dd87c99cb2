"""The desk: all letters on one sheet whose blanks they share, so that each is filled in once.

Blanks stand in one order in all letters, the vocabulary's.  The sheet is that row of blanks;
between two of them stand the words of each letter, each marked with the samples and the tones
that it belongs to.  What a reader has not chosen is hidden, and what was typed stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .. import blanks
from ..model import Blank, Field, Letter, Library, Part, Sample, Window

TONE = "tone"
"""The choice that the desk asks for beside the letter.

A sample's other choices stand at their first option; its own page asks for them.
"""


@dataclass(frozen=True, slots=True)
class Words:
    """Words between two blanks, and the letters that they belong to."""

    text: str
    samples: tuple[str, ...]
    tones: tuple[str, ...] = ()
    """The tones that hold these words; none where all do."""
    gap: bool = False
    """White space before a blank that may stay empty, and goes with it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A blank of the sheet, and the samples whose letters hold it; none where all do."""

    field: Field
    samples: tuple[str, ...] = ()


Segment = Words | Place


def tones(library: Library) -> tuple[str, ...]:
    """Return the tones that a reader of *library* can choose."""
    choice = library.vocabulary.choices.get(TONE)
    return tuple(option.value for option in choice.options) if choice else ()


def spoken(sample: Sample, tones: Iterable[str]) -> dict[str, Letter]:
    """Return the letter of *sample* for each tone: its first where it lacks that tone."""
    made = list(blanks.letters(sample))
    return {
        tone: next((letter for letter in made if (TONE, tone) in letter.picks), made[0])
        for tone in tones
    }


def lacking(sample: Sample, tones: Iterable[str]) -> list[str]:
    """Return the tones that *sample* has no words of its own for."""
    own = {option.value for choice in sample.choices for option in choice.options}
    return [tone for tone in tones if tone not in own]


def segments(library: Library) -> list[Segment]:
    """Return the sheet that holds every letter: blanks, and before each what leads to it."""
    all_tones = tones(library) or ("",)
    order = list(library.vocabulary.fields)
    slots: dict[str, dict[str, dict[str, str]]] = {label: {} for label in [*order, ""]}
    for sample in library.samples.values():
        for tone, letter in spoken(sample, all_tones).items():
            for label, text in _runs(letter):
                slots[label].setdefault(sample.id, {})[tone] = text
    everyone = len(library.samples)
    found: list[Segment] = []
    for label in [*order, ""]:
        users = tuple(slots[label])
        field = library.vocabulary.fields.get(label)
        found += _words(slots[label], all_tones, bool(field and field.optional))
        if field and users:
            found.append(Place(field, users if len(users) < everyone else ()))
    return found


def _runs(letter: Letter) -> Iterator[tuple[str, str]]:
    """Yield each blank's label with the words that lead to it; last the words behind all."""
    parts: list[Part] = []
    for paragraph in letter.paragraphs:
        parts += ["\n\n", *paragraph] if parts else paragraph
    words = ""
    for part in parts:
        if isinstance(part, Blank):
            yield part.field.label, words
            words = ""
        else:
            words += part
    yield "", words


def _words(
    said: Mapping[str, Mapping[str, str]], tones: tuple[str, ...], optional: bool
) -> Iterator[Words]:
    """Yield the words of one slot, those that several letters share once.

    *said* holds for each sample its words by tone.  Where the blank behind them is
    *optional*, the white space between stands apart, and last.
    """
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    gaps: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for sample, by_tone in said.items():
        for into, cut in ((found, str.rstrip), (gaps, _tail)) if optional else ((found, str),):
            alike: dict[str, list[str]] = {}
            for tone, text in by_tone.items():
                alike.setdefault(cut(text), []).append(tone)
            for text, spoken in alike.items():
                held = () if len(spoken) == len(tones) else tuple(spoken)
                into.setdefault((text, held), []).append(sample)
    for made, is_gap in ((found, False), (gaps, True)):
        for (text, held), samples in made.items():
            if text:
                yield Words(text, tuple(samples), held, is_gap)


def _tail(text: str) -> str:
    """Return the white space that *text* ends in."""
    return text[len(text.rstrip()) :]


def text(segments: Iterable[Segment], sample: str, tone: str) -> str:
    """Return the letter that shows on the sheet, ``[Label]`` for each blank."""
    shown = []
    for segment in segments:
        if sample in segment.samples or (isinstance(segment, Place) and not segment.samples):
            if isinstance(segment, Place):
                shown.append(str(Blank(segment.field)))
            elif not segment.tones or tone in segment.tones:
                shown.append(segment.text)
    return "".join(shown)


def postmarks(library: Library) -> dict[Window, list[str]]:
    """Return the windows that postmarks show, each with the ids of its samples."""
    found: dict[Window, list[str]] = {}
    for sample in library.samples.values():
        found.setdefault(sample.send[0], []).append(sample.id)
    return found


# What is said about the letters; each text once, with the ids of its samples.

Said = dict[str, list[str]]


def addressed(library: Library) -> Said:
    """Return whom letters are sent to."""
    found: Said = {}
    for sample in library.samples.values():
        if sample.to:
            found.setdefault(sample.to, []).append(sample.id)
    return found


def left_out(library: Library) -> Said:
    """Return what letters should leave out."""
    found: Said = {}
    for sample in library.samples.values():
        for item in sample.leave_out:
            found.setdefault(item, []).append(sample.id)
    return found


def taken(library: Library) -> dict[str, Said]:
    """Return for each tip how letters take it, where that needs words."""
    found: dict[str, Said] = {tip: {} for tip in library.tips}
    for sample in library.samples.values():
        for stance in sample.stances:
            if stance.adapted:
                text = f"Adapted. {stance.because}"
            elif library.tips[stance.tip].clock:
                text = f"Send it {' or '.join(map(str, sample.send))}."
            else:
                continue
            found[stance.tip].setdefault(text, []).append(sample.id)
    return found


def proven(library: Library) -> dict[str, dict[tuple[str, tuple[str, ...]], list[str]]]:
    """Return for each tip the first words that prove it, with their tones."""
    all_tones = tones(library)
    found: dict[str, dict[tuple[str, tuple[str, ...]], list[str]]] = {t: {} for t in library.tips}
    for sample in library.samples.values():
        proofs = library.proofs.get(sample.id, {})
        for tip in library.tips:
            alike: dict[str, list[str]] = {}
            for tone, letter in spoken(sample, all_tones).items():
                finding = proofs.get(letter.picks, {}).get(tip)
                if finding and finding.evidence:
                    alike.setdefault(finding.evidence[0], []).append(tone)
            for words, held in alike.items():
                key = (words, () if len(held) == len(all_tones) else tuple(held))
                found[tip].setdefault(key, []).append(sample.id)
    return found


def waits(library: Library, sample: Sample) -> list[str]:
    """Return the tips that *sample* meets only once a blank is filled in."""
    concrete = [str(blank) for blank in sample.blanks if blank.field.concrete]
    said = [
        (tip, words)
        for findings in library.proofs.get(sample.id, {}).values()
        for tip, finding in findings.items()
        for words in finding.evidence
    ]
    return list(dict.fromkeys(tip for tip, words in said for mark in concrete if mark in words))


def waiting(library: Library) -> dict[str, list[str]]:
    """Return for each tip the samples that meet it only once a blank is filled in."""
    found: dict[str, list[str]] = {tip: [] for tip in library.tips}
    for sample in library.samples.values():
        for tip in waits(library, sample):
            found[tip].append(sample.id)
    return found


def files(library: Library) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return for each sample the names of its letters, each with the tones it is taken for."""
    all_tones = tones(library)
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for sample in library.samples.values():
        for tone, letter in spoken(sample, all_tones).items():
            names = found.setdefault(sample.id, {})
            names[letter.name] = (*names.get(letter.name, ()), tone)
    return found
