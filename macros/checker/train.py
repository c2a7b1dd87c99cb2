"""Teach the reader: `python -m macros.checker.train` writes its weights from training/.

A draft of the corpus says which of its words show what.
A sentence that holds such words carries the meaning; every other sentence does not.
"""

from __future__ import annotations

import collections
import functools
import itertools
import json
from collections.abc import Collection, Container, Iterable
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from ..model import Place
from .reader import (
    BREAK,
    SCALE,
    TENTHS,
    WEIGHTS,
    ZERO,
    Language,
    around,
    bearing,
    features,
    parts,
)
from .sentences import clauses, sentences
from .words import words

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

RULINGS = {"gratitude": 1.3, "interest": 1.6, "refusal": 0.0, "lateness": 0.6, "moment": 0.6}
"""How far the border of each meaning moves from even odds, chosen by cross-validation."""
STRENGTH = 10.0
"""How freely weights may grow."""
ECHOING = 6
"""A word or a turn in no more drafts is rare enough to recognise a draft by."""
TURN = 4
"""Words in a turn."""
ROUGHLY, FINELY = 1e-2, 1e-7
"""How closely weights are fitted, to tell the heaviest and to be kept."""
KEPT = 60_000
"""How many features are kept, the heaviest; with fewer, held-out drafts are judged worse."""
RARE = 2
"""A word in fewer drafts is rare; a feature in fewer sentences teaches nothing."""


Truths: TypeAlias = list[bool | None]
"""Whether a sentence carries each meaning, None where nobody said."""
Row: TypeAlias = tuple[str, str, Collection[str], dict[tuple[int, int], Truths]]
"""A sentence: text, place, what is told around it, and what is true of it and of its clauses."""


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
    told = [each for each in sentences(text) if each.place not in (Place.GREETING, Place.NAME)]
    for sentence, others in zip(told, around([each.text for each in told]), strict=True):
        at, end = sentence.start, len(sentence.text)
        truths: dict[tuple[int, int], Truths] = {}
        for left, right in clauses(sentence.text):
            truths[left, right] = [_fills(at + left, at + right, spans) for spans in marked]
        truths[0, end] = [_touches(at, at + end, spans) for spans in marked]
        yield sentence.text, sentence.place, others, truths


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
            yield text, place, (), {(0, len(text)): truths}


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
                    yield text, Place.BODY, (), {(0, len(text)): truths}


def echoes(held: list[dict[str, Any]]) -> set[str]:
    """Return the single sentences that share a turn or two rare words with a draft *held* back."""
    alone = {row[0]: _traces(row[0]) for row in single()}
    texts = {draft["id"]: _traces(draft["text"]) for draft in drafts()}
    counts = collections.Counter(trace for traces in texts.values() for trace in traces)
    apart = [{trace for trace in texts[draft["id"]] if counts[trace] <= ECHOING} for draft in held]
    return {
        text
        for text, traces in alone.items()
        if any(len(shared := traces & rare) > 1 or any(map(_is_turn, shared)) for rare in apart)
    }


@functools.cache
def _traces(text: str) -> frozenset[str]:
    """Return the stems of *text*, and its turns: every few stems in a row."""
    stems = [word.stem for word in words(text)]
    turns = (" ".join(stems[at : at + TURN]) for at in range(len(stems) - TURN + 1))
    return frozenset((*stems, *turns))


def _is_turn(trace: str) -> bool:
    return " " in trace


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
    language = Language.of({"classes": classes, "negation": negation}, known)
    shown, truths = _shown(rows, language)
    counts = collections.Counter(itertools.chain.from_iterable(shown))
    names = sorted(feature for feature, count in counts.items() if count >= RARE)
    matrix = _matrix(shown, names)
    kept = _heaviest(weigh(matrix, truths, names, ROUGHLY)[0], names)
    names = [names[at] for at in kept]
    fitted, bias = weigh(matrix[:, kept], truths, names, FINELY)
    columns = [[round(float(weight) * TENTHS) for weight in column] for column in fitted]
    shared = [at for at, name in enumerate(names) if not bearing(name)]
    return {
        "classes": classes,
        "negation": negation,
        "known": " ".join(known),
        "meanings": list(MEANINGS),
        "bias": bias,
        "rulings": list(RULINGS.values()),
        "shared": _table(names, columns, shared),
        "own": {
            meaning: _table(names, [column], kept)
            for meaning, column in zip(MEANINGS, columns, strict=True)
            if (kept := [at for at, name in enumerate(names) if bearing(name) == {meaning}])
        },
    }


def _heaviest(columns: Any, names: list[str]) -> list[int]:
    """Return the places of those *names* that weigh the most for some meaning."""
    heavy = [round(float(weight), 2) for weight in abs(columns).max(axis=0)]
    return sorted(sorted(range(len(names)), key=lambda at: (-heavy[at], names[at]))[:KEPT])


def _table(names: list[str], columns: list[list[int]], kept: list[int]) -> dict[str, Any]:
    """Return the features *kept* and a column of weights for each meaning."""
    return {
        "features": BREAK.join(names[at] for at in kept),
        "weights": [bytes(_byte(column[at]) for at in kept).hex() for column in columns],
    }


def _byte(weight: int) -> int:
    """Return *weight* as the reader keeps it; none is so heavy that it must be cut."""
    return ZERO + max(-ZERO, min(ZERO - 1, weight))


def _shown(rows: Iterable[Row], language: Language) -> tuple[list[set[str]], list[Truths]]:
    """Return what each part of the sentences shows, and what is true of it."""
    shown: list[set[str]] = []
    truths: list[Truths] = []
    for text, place, others, told in rows:
        for start, end, part in parts(text, language):
            if (start, end) in told:
                shown.append(features(part, place, others))
                truths.append(told[start, end])
    return shown, truths


def weigh(
    matrix: Any, truths: list[Truths], names: list[str], tolerance: float
) -> tuple[Any, list[float]]:
    """Return the weights of *names*, a row for each meaning, and each bias.

    The *matrix* says which of *names* each sentence or clause holds, *truths* what it carries.
    """
    import numpy
    from scipy.sparse import diags
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    columns, bias = [], []
    bears = [bearing(name) for name in names]
    for index, meaning in enumerate(MEANINGS):
        told = [at for at, labels in enumerate(truths) if labels[index] is not None]
        carried = numpy.array([truths[at][index] for at in told])
        kept = [at for at, one in enumerate(bears) if one <= {meaning}]
        there = matrix[told][:, kept]
        many = numpy.maximum(numpy.asarray(there.sum(1)).ravel(), 1)
        # What goes with a meaning far more often than without may weigh more from the start.
        often = [numpy.asarray(1 + there[side].sum(0)).ravel() for side in (carried, ~carried)]
        odds = numpy.log(often[0] / often[0].sum()) - numpy.log(often[1] / often[1].sum())
        start = 0.3 + numpy.minimum(abs(odds), 3) / 2
        model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0, tol=tolerance)
        # Sums shared out among more threads differ in their last digits, and take longer.
        with threadpool_limits(1, "blas"):
            model.fit((diags(SCALE / numpy.sqrt(many)) @ there @ diags(start)).tocsr(), carried)
        column = numpy.zeros(len(names))
        column[kept] = model.coef_[0] * start
        columns.append(column)
        bias.append(round(float(model.intercept_[0]), 2))
    return numpy.array(columns), bias


def _matrix(shown: list[set[str]], names: list[str]) -> Any:
    """Return which of *names* each of *shown* holds."""
    import numpy
    from scipy.sparse import csr_matrix

    place = {name: at for at, name in enumerate(names)}
    across = [[place[feature] for feature in row if feature in place] for row in shown]
    starts = [0, *itertools.accumulate(map(len, across))]
    found = numpy.fromiter(itertools.chain.from_iterable(across), numpy.int32, starts[-1])
    matrix = csr_matrix((numpy.ones(len(found)), found, starts), shape=(len(shown), len(names)))
    # The order of sets changes from run to run, and with it the last digits of a sum.
    matrix.sort_indices()
    return matrix


def written(data: dict[str, Any]) -> str:
    """Return what was learned as the file of weights holds it."""
    text = json.dumps({"generated": "by python -m macros.checker.train", **data}, **COMPACT)
    return text.replace('","', '",\n"') + "\n"


COMPACT: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


def main() -> None:
    """Write the weights that the guide reads with."""
    WEIGHTS.write_text(written(learn(drafts())), "utf-8")


if __name__ == "__main__":
    main()
