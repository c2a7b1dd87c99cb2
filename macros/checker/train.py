"""Teach the reader: `python -m macros.checker.train` writes its weights from training/.

A draft of the corpus says which of its words show what.
A sentence that holds such words carries the meaning; every other sentence does not.
"""

from __future__ import annotations

import collections
import json
import math
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from ..model import Place
from .negation import Negation
from .reader import SCALE, TENTHS, WEIGHTS, WHOLE, Language, features, parts
from .sentences import clauses, sentences
from .words import Lexicon, words

HERE = Path(__file__).parent
CORPUS = HERE / "training" / "corpus"
SENTENCES = HERE / "training" / "sentences"
LEXICON = HERE / "lexicon.yml"
FRAMES = HERE / "training" / "frames.yml"
NEGATION = HERE / "negation.yml"
MEANINGS = {
    "gratitude": ("evidence", "gratitude"),
    "interest": ("evidence", "interest"),
    "refusal": ("counter", "interest"),
    "lateness": ("evidence", "prompt"),
    "moment": ("evidence", "specific"),
}
"""Where a draft of the corpus holds the words that show each meaning."""

RULINGS = {"gratitude": 1.4, "interest": 1.6, "refusal": 0.0, "lateness": 1.3, "moment": 0.7}
"""How far the border of each meaning moves from even odds, chosen by cross-validation."""
STRENGTH = 10.0
"""How freely weights may grow."""
ECHOING = 6
"""A word in no more drafts is rare enough to recognise a draft by."""
KEPT = 24_000
"""How many features are kept, the heaviest."""
RARE = 2
"""A word in fewer drafts is rare; a feature in fewer sentences teaches nothing."""


Truths: TypeAlias = list[bool | None]
"""Whether a sentence carries each meaning, None where nobody said."""
Row: TypeAlias = tuple[str, str, dict[tuple[int, int], Truths]]
"""A sentence: text, place, and what is true of it and of its clauses, by where they stand."""


def drafts(*paths: Path) -> list[dict[str, Any]]:
    """Return the drafts in *paths*, or in the whole corpus."""
    return [
        json.loads(line)
        for path in paths or sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]


def labelled(draft: dict[str, Any]) -> Iterable[Row]:
    """Yield a draft's sentences and their clauses."""
    text = draft["text"]
    marked = [
        [(text.index(quote), text.index(quote) + len(quote)) for quote in draft[part][key]]
        for part, key in MEANINGS.values()
    ]
    for sentence in sentences(text):
        if sentence.place in (Place.GREETING, Place.NAME):
            continue
        at, end = sentence.start, len(sentence.text)
        truths: dict[tuple[int, int], Truths] = {}
        for left, right in clauses(sentence.text):
            truths[left, right] = [
                None if meaning in WHOLE else _fills(at + left, at + right, spans)
                for meaning, spans in zip(MEANINGS, marked, strict=True)
            ]
        truths[0, end] = [_touches(at, at + end, spans) for spans in marked]
        yield sentence.text, sentence.place, truths


Spans: TypeAlias = list[tuple[int, int]]


def _touches(start: int, end: int, spans: Spans) -> bool:
    """Tell whether a sentence holds some of the words marked at *spans*."""
    return any(
        min(end, right) - max(start, left) > min(4, right - left - 1) for left, right in spans
    )


def _fills(start: int, end: int, spans: Spans) -> bool | None:
    """Tell whether a clause holds most of the marked words, or they most of it; None if some."""
    shared = [(min(end, right) - max(start, left), right - left) for left, right in spans]
    if all(common <= 2 for common, _ in shared):
        return False
    return True if any(c >= (end - start) / 2 or c > 0.6 * n for c, n in shared) else None


def single() -> Iterable[Row]:
    """Yield the sentences written to teach one meaning; of the others nothing is known."""
    yield from framed()
    for path in sorted(SENTENCES.glob("*.txt")):
        for line in path.read_text("utf-8").splitlines()[1:]:
            sign, _, text = line.partition(" ")
            place = Place.SUBJECT if text.startswith("Subject:") else Place.BODY
            truths = [sign == "+" if name == path.stem else None for name in MEANINGS]
            yield text, place, {(0, len(text)): truths}


FILLINGS = 3
"""How often a frame is filled in."""


def framed() -> Iterable[Row]:
    """Yield the frames filled in: sentences with a no, for every meaning that they decide.

    Who denies interest refuses the job; who affirms it does not.
    """
    data = yaml.safe_load(FRAMES.read_text("utf-8"))
    fillers = {slot: words.split(" | ") for slot, words in data.pop("fillers").items()}
    count = 0
    for meaning, signs in data.items():
        for sign, frames in signs.items():
            told = {meaning: sign == "says"}
            if meaning == "interest":
                told["refusal"] = sign == "denies"
            truths = [told.get(name) for name in MEANINGS]
            for frame in frames:
                slots = [slot for slot in fillers if f"{{{slot}}}" in frame]
                for _ in range(FILLINGS if slots else 1):
                    count += 1
                    text = frame
                    for slot in slots:
                        text = text.replace(
                            f"{{{slot}}}", fillers[slot][count % len(fillers[slot])]
                        )
                    text = text[0].upper() + text[1:]
                    yield text, Place.BODY, {(0, len(text)): truths}


def echoes(held: list[dict[str, Any]]) -> set[str]:
    """Return the single sentences that share two rare words with one of the drafts *held* back."""
    alone = {row[0]: {word.stem for word in words(row[0])} for row in single()}
    texts = {draft["id"]: {word.stem for word in words(draft["text"])} for draft in drafts()}
    counts = collections.Counter(stem for stems in texts.values() for stem in stems)
    apart = [{stem for stem in texts[draft["id"]] if counts[stem] <= ECHOING} for draft in held]
    return {text for text, stems in alone.items() if any(len(stems & rare) > 1 for rare in apart)}


def learn(source: list[dict[str, Any]], without: Container[str] = ()) -> dict[str, Any]:
    """Return the reader's data, learned from *source* and the single sentences not in *without*."""
    classes = yaml.safe_load(LEXICON.read_text("utf-8"))
    negation = yaml.safe_load(NEGATION.read_text("utf-8"))
    rows = [row for draft in source for row in labelled(draft)]
    alone = [row for row in single() if row[0] not in without]
    rows += alone
    seen: collections.Counter[str] = collections.Counter()
    for text in [draft["text"] for draft in source] + [text for text, *_ in alone]:
        seen.update({word.stem for word in words(text)})
    known = sorted(stem for stem, count in seen.items() if count >= RARE)
    language = Language(Lexicon(classes), Negation(negation), frozenset(known))
    shown: list[set[str]] = []
    truths: list[Truths] = []
    for text, place, told in rows:
        for start, end, part in parts(text, language):
            if (start, end) in told:
                shown.append(features(part, place))
                truths.append(told[start, end])
    counts = collections.Counter(feature for row in shown for feature in row)
    names = sorted(feature for feature, count in counts.items() if count >= RARE)
    heavy, *_ = weigh(shown, truths, names)
    names = sorted(names[at] for at in heavy.max(axis=1).argsort()[-KEPT:])
    _, columns, bias = weigh(shown, truths, names)
    tenths = {
        name: [round(float(column[at]) * TENTHS) for column in columns]
        for at, name in enumerate(names)
    }
    return {
        "classes": classes,
        "negation": negation,
        "known": " ".join(known),
        "meanings": list(MEANINGS),
        "bias": bias,
        "rulings": list(RULINGS.values()),
        "weights": tenths,
    }


def weigh(
    shown: list[set[str]], truths: list[list[bool | None]], names: list[str]
) -> tuple[Any, list[Any], list[float]]:
    """Return how heavy each of *names* is, its weights for each meaning, and each bias."""
    import numpy
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    place = {name: at for at, name in enumerate(names)}
    data, across, starts = [], [], [0]
    for row in shown:
        held = sorted(place[feature] for feature in row if feature in place)
        data += [SCALE / math.sqrt(len(held) or 1)] * len(held)
        across += held
        starts.append(len(across))
    matrix = csr_matrix((data, across, starts), shape=(len(shown), len(names)))
    columns, bias = [], []
    for index in range(len(MEANINGS)):
        told = [at for at, labels in enumerate(truths) if labels[index] is not None]
        carried = numpy.array([truths[at][index] for at in told])
        held = matrix[told]
        # What goes with a meaning far more often than without may weigh more from the start.
        there = (held > 0).astype(float)
        often = [numpy.asarray(1 + there[side].sum(0)).ravel() for side in (carried, ~carried)]
        odds = numpy.log(often[0] / often[0].sum()) - numpy.log(often[1] / often[1].sum())
        start = 0.3 + numpy.minimum(abs(odds), 3) / 2
        model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0, tol=1e-4)
        model.fit(held.multiply(start).tocsr(), carried)
        columns.append(model.coef_[0] * start)
        bias.append(round(float(model.intercept_[0]), 3))
    return abs(numpy.array(columns).T), columns, bias


def written(data: dict[str, Any]) -> str:
    """Return what was learned as the file of weights holds it."""
    text = json.dumps({"generated": "by python -m macros.checker.train", **data}, **COMPACT)
    return text.replace('],"', '],\n"') + "\n"


COMPACT: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


def main() -> None:
    """Write the weights that the guide reads with."""
    WEIGHTS.write_text(written(learn(drafts())), "utf-8")


if __name__ == "__main__":
    main()
