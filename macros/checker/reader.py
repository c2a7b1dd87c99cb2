"""What sentences mean: thanks, interest, refusal, lateness, a moment of the conversation.

The method is a linear classifier over binary features, one for each meaning, fitted by logistic
regression.  The features of a sentence, and of each of its clauses, are stems, classes of words
from ``lexicon.yml``, their bigrams and trigrams, and pairs of classes a few words apart; words in
the scope of a no are marked (see ``negation``).  It counts, too, whether a sentence opens or ends
its note.  On lateness bear also the times that a sentence and those around it tell (see
``times``); on a moment, whether words mean things or ideas (see ``senses``) and what tells of one
occasion: names, numbers, the past, quotation marks.  Before the fit a feature is scaled by how
often it goes with the meaning, the log-count ratio of Wang and Manning (2012, "Baselines and
Bigrams", ACL), here kept between 0.3 and 1.8; a sum is divided by the root of the number of
features.

A sentence carries a meaning where its log-odds, the mean of its own and its best clause's, pass a
threshold, the meaning's *ruling*, chosen by cross-validation over writers.  Where a note tells both
the day of the meeting and the day of writing, these alone decide whether it is late.  A note
carries a meaning as strongly as the log of one plus its sentences' odds, summed.
`python -m macros.checker.train` learns the weights.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ..model import Draft, Passage, Place, Reading, Sentence
from . import senses, times
from .negation import Negation
from .sentences import clauses, sentences
from .words import Lexicon, Word, stem, words

WEIGHTS = Path(__file__).parent / "weights.json"
REACH = 6
"""How many words apart two classes still count as a pair."""
LONGEST = 160
"""Words of a sentence that are read as a whole; its clauses are read to the end."""


ABSTRACT = re.compile(
    r"(?:tions?|sions?|ments?|ness|ities|ity|ances?|ences?|isms?|ships?|ives?|ively|fully|ful|ously|"
    r"ous|ably|able|ible|ally|ically|ical|ised?|ized?|ising|izing|less|ely|edly|ingly)$"
)
"""Endings of words for ideas and manners; a rare word without one is mostly a thing."""


Parts: TypeAlias = tuple[tuple[int, int, tuple[float, ...]], ...]
"""A sentence and its clauses: where each begins and ends, how surely it carries each meaning."""
Unit: TypeAlias = tuple[str, ...]
"""A word as it is weighed: its stem and its classes."""


@dataclass(frozen=True, slots=True)
class Language:
    """What is known of words: classes, senses, what says no, and which are known at all."""

    lexicon: Lexicon
    negation: Negation
    senses: senses.Senses
    known: Collection[str]

    @classmethod
    def of(cls, data: Mapping[str, Any], known: Iterable[str]) -> Language:
        """Return the language of *data*, with its classes and its lists of what says no."""
        return cls(
            Lexicon(data["classes"]),
            Negation(data["negation"]),
            senses.Senses(senses.LIST.read_text("utf-8")),
            frozenset(known),
        )


def features(units: Sequence[Unit], place: str = "body", around: Collection[str] = ()) -> set[str]:
    """Return what *units* of a sentence hold, its place, and what is told *around* it."""
    edges = [("<",), *units, (">",)]
    shown = {name for unit in units for name in unit}
    for one, two in itertools.pairwise(edges):
        shown.update([f"{left} {right}" for left in one for right in two])
    short = [unit[:2] for unit in edges]
    for one, two, three in zip(short, short[1:], short[2:], strict=False):
        shown.update(
            [f"{left} {middle} {right}" for left in one for middle in two for right in three]
        )
    classes = [unit[1:] for unit in units]
    for at, some in enumerate(classes):
        for later in classes[at + 2 : at + REACH + 1] if some else ():
            if later:
                shown.update([f"{left} ~ {right}" for left in some for right in later])
    if place != Place.BODY:
        shown.add(f"@{place}")
    shown.update(f"&{name}" for name in around)
    concrete = sum(not CONCRETE.isdisjoint(unit) for unit in units)
    shown.update(f"concrete {'+' * many}" for many in range(1, min(concrete, MANY) + 1))
    return shown


CONCRETE = {"thing", "THING", "NAME", "named"}
MANY = 6
"""How many words for something concrete are counted."""


def around(texts: Sequence[str]) -> list[frozenset[str]]:
    """Return for each of a note's sentences what the others tell of it.

    That is whether it opens or ends the note, and the classes of the times that the others tell.
    """
    told = [{name for name, *_ in times.times(text)} & AROUND for text in texts]
    return [
        frozenset(_standing(at, len(texts))).union(*told[:at], *told[at + 1 :])
        for at in range(len(told))
    ]


def _standing(at: int, count: int) -> set[str]:
    """Return whether sentence *at* opens or ends a note of *count*."""
    if count == 1:
        return set()
    return {"FIRST"} if at == 0 else {"LAST"} if at == count - 1 else set()


AROUND = {"NEAR", "PAST"}
"""The times that bear on what the other sentences of a note mean."""


OCCASION = ("past", "definite", "own", "asking", "count", "named", "quoted", "concrete")
"""What tells of one occasion: the classes in small letters, and how a word stands."""
BEARING = {
    **dict.fromkeys((*times.NAMES, *(f"&{name}" for name in AROUND)), "lateness"),
    **dict.fromkeys((*senses.NAMES, *OCCASION), "moment"),
}
"""The one meaning that a class bears on: times do on lateness, senses on a moment."""


def bearing(feature: str) -> frozenset[str]:
    """Return the one meaning that a feature bears on, more where it bears on none, or no names."""
    found = [BEARING[part] for part in feature.replace("!", "").split() if part in BEARING]
    return frozenset(found) if found else NOTHING


NOTHING: frozenset[str] = frozenset()


def units(text: str, found: Sequence[Word], language: Language) -> list[Unit]:
    """Return each word's stem and classes; what a no turns, or seems to, is marked."""
    read = [_unit(word, language) for word in found]
    for name, start, end in times.times(text):
        for at, word in enumerate(found):
            if start <= word.start < end:
                read[at] = (*read[at], name)
    scope = language.negation.of(found, [unit[1:] for unit in read])
    for at in scope.turned:
        read[at] = tuple(f"!{name}" for name in read[at])
    for at in scope.seeming:
        read[at] = tuple("YES" if name == "NOT" else name for name in read[at])
    return read


def _unit(word: Word, language: Language) -> Unit:
    """Return a word's stem and classes; a rare word counts as a name, an idea or a thing."""
    if word.form == "0":
        return "0", "NUMBER", "count"
    form, classes = word.form, language.lexicon.classes(word.form)
    if not classes and word.stem not in language.known:
        form = language.lexicon.spelled(form)
        classes = language.lexicon.classes(form)
    base = stem(form)
    if all(name.islower() for name in classes):
        sense = language.senses.of(form)
        classes = (sense, *classes) if sense else classes
        if base not in language.known:
            kind = "NAME" if word.named else "IDEA" if ABSTRACT.search(form) else "THING"
            base, classes = "+rare", (kind, *classes)
    marks = ("IN",) if word.inside else ()
    return (base, *marks, *classes, *_manner(word))


def _manner(word: Word) -> Iterator[str]:
    """Yield how a word stands: in the past, with a capital, between quotation marks."""
    if word.form.endswith("ed") and len(word.form) > len("need"):
        yield "past"
    if word.named:
        yield "named"
    if word.quoted:
        yield "quoted"


class Reader:
    """Reads notes with the weights of each meaning."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.language = Language.of(data, data["known"].split())
        self.meanings: list[str] = data["meanings"]
        self.shared = Weights(data["shared"])
        self.own = {meaning: Weights(table) for meaning, table in data["own"].items()}
        self.bias: list[float] = data["bias"]
        self.rulings: list[float] = data["rulings"]
        self.read = functools.lru_cache(maxsize=4096)(self._read)
        self.draft = functools.lru_cache(maxsize=256)(self._draft)

    def _draft(self, text: str) -> Draft:
        """Return *text* split into sentences and read for every meaning."""
        found = sentences(text)
        told = [
            sentence for sentence in found if sentence.place not in (Place.GREETING, Place.NAME)
        ]
        texts = [sentence.text for sentence in told]
        read = [
            (sentence, self.read(sentence.text, sentence.place, others))
            for sentence, others in zip(told, around(texts), strict=True)
        ]
        dated = {told[at]: late for at, late in times.compared(texts).items()}
        return Draft(
            text,
            found,
            {
                meaning: self._reading(meaning, read, dated if meaning == TIMED else {})
                for meaning in self.meanings
            },
        )

    def _reading(
        self,
        meaning: str,
        told: Sequence[tuple[Sentence, Parts]],
        known: Mapping[Sentence, bool],
    ) -> Reading:
        """Return what *told*, a note's sentences with their parts read, carries of *meaning*.

        Of some it may be *known* whether they carry it.
        """
        index = self.meanings.index(meaning)
        passages: list[Passage] = []
        odds = 0.0
        for sentence, read in told:
            surety = _surety(index, read)
            if sentence in known:
                surety = HIGHEST if known[sentence] else -HIGHEST
            odds += math.exp(min(surety, HIGHEST))
            if surety + self.rulings[index] > 0:
                spans = [(left, right, sureties[index]) for left, right, sureties in read]
                start, end = _words(sentence.text, spans)
                if sentence in known:
                    start, end = 0, len(sentence.text)
                passages.append(Passage(sentence.text[start:end], sentence.start + start, sentence))
        return Reading(tuple(passages), math.log1p(odds))

    def _read(self, text: str, place: str, others: Collection[str]) -> Parts:
        """Return how surely a sentence carries each meaning, and each of its clauses."""
        return tuple(
            (start, end, self._sureties(features(part, place, others)))
            for start, end, part in parts(text, self.language)
        )

    def _sureties(self, found: Collection[str]) -> tuple[float, ...]:
        shared = self.shared.held(found)
        sureties = []
        for index, meaning in enumerate(self.meanings):
            total, count = self.shared.total(index, shared), len(shared)
            if own := self.own.get(meaning):
                held = own.held(found)
                total, count = total + own.total(0, held), count + len(held)
            scale = SCALE / TENTHS / math.sqrt(count or 1)
            sureties.append(self.bias[index] + scale * total)
        return tuple(sureties)


class Weights:
    """A table of weights: features, and for each meaning a column of bytes in hexadecimal."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.places = {feature: at for at, feature in enumerate(table["features"].split(BREAK))}
        self.columns = [bytes.fromhex(column) for column in table["weights"]]

    def held(self, found: Collection[str]) -> list[int]:
        """Return the places of the features *found* that the table knows."""
        return [at for at in map(self.places.get, found) if at is not None]

    def total(self, meaning: int, held: Sequence[int]) -> int:
        """Return what the features at the places *held* weigh together for a meaning."""
        return sum(map(self.columns[meaning].__getitem__, held)) - ZERO * len(held)


BREAK = ","
"""What parts the features in a table of weights; no feature holds it."""
ZERO = 128
"""The byte that weighs nothing."""


def parts(text: str, language: Language) -> Iterator[tuple[int, int, list[Unit]]]:
    """Yield a sentence's units, then those of each of its clauses, with where they stand.

    What a no reaches is told from the sentence, so that no clause loses its no.
    """
    found = words(text)
    read = units(text, found, language)
    yield 0, len(text), read[:LONGEST]
    inner = clauses(text)
    for start, end in inner if len(inner) > 1 else ():
        held = [unit for word, unit in zip(found, read, strict=True) if start <= word.start < end]
        yield start, end, held[:LONGEST]


def _surety(index: int, parts: Parts) -> float:
    """Return how surely a sentence, with its clauses, carries a meaning."""
    whole, *inner = [sureties[index] for *_, sureties in parts]
    return (whole + max(inner)) / 2 if inner else whole


def _words(text: str, parts: Sequence[tuple[int, int, float]]) -> tuple[int, int]:
    """Return where the words of a sentence begin and end that carry a meaning most surely."""
    start, end, _ = max(parts[1:] or parts, key=lambda part: part[2])
    words = text[start:end].strip(" ,;:()–—-\n\t")
    start = text.index(words, start)
    return start, start + len(words)


HIGHEST = 20.0
TIMED = "lateness"
"""The meaning that two dates decide."""
SCALE = 3.0
"""Long sentences hold more features; each then weighs less."""
TENTHS = 10
"""The weights are whole tenths."""


@functools.cache
def reader() -> Reader:
    """Return the reader that comes with the guide."""
    return Reader(json.loads(WEIGHTS.read_text("utf-8")))


def draft(text: str) -> Draft:
    """Return *text* split and read, once for all who ask."""
    return reader().draft(text)
