"""Teach the reader: `python -m tests.train` writes macros/reading.json from tests/data/corpus.

A draft of the corpus says which of its words show what.
A sentence that holds such words carries the meaning; every other sentence does not.
"""

from __future__ import annotations

import collections
import hashlib
import json
import math
from collections.abc import Iterable
from pathlib import Path

import yaml

from macros.reading import LONGEST, SCALE, WEIGHTS, features
from macros.sentences import Place, sentences
from macros.words import Lexicon, words

CORPUS = Path("tests/data/corpus")
LEXICON = Path("macros/lexicon.yml")
MEANINGS = {
    "gratitude": ("evidence", "gratitude"),
    "interest": ("evidence", "interest"),
    "refusal": ("counter", "interest"),
    "lateness": ("evidence", "prompt"),
    "moment": ("evidence", "specific"),
}
"""Where a draft of the corpus holds the words that show each meaning."""

RULINGS = {"gratitude": 0.5, "interest": 0.7, "refusal": 0.5, "lateness": 0.7, "moment": 0.0}
"""How far the border of each meaning moves from even odds, chosen by cross-validation."""
STRENGTH = 1.0
"""How freely weights may grow."""
RARE = 2
"""A word in fewer drafts is rare; a feature in fewer sentences teaches nothing."""


def drafts(*paths: Path) -> list[dict]:
    """Return the drafts in *paths*, or in the whole corpus."""
    return [
        json.loads(line)
        for path in paths or sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]


def digest() -> str:
    """Return a fingerprint of all that the weights are learned from."""
    paths = [*sorted(CORPUS.glob("*.jsonl")), LEXICON, Path(__file__)]
    paths += [Path(f"macros/{name}.py") for name in ("reading", "sentences", "words")]
    return hashlib.sha256(
        b"".join(path.read_bytes().replace(b"\r\n", b"\n") for path in paths)
    ).hexdigest()


def labelled(draft: dict) -> Iterable[tuple[str, str, list[bool]]]:
    """Yield a draft's sentences: text, place, and whether it carries each meaning."""
    text = draft["text"]
    spans = [
        [(text.index(quote), text.index(quote) + len(quote)) for quote in draft[part][key]]
        for part, key in MEANINGS.values()
    ]
    for sentence in sentences(text):
        if sentence.place in (Place.GREETING, Place.NAME):
            continue
        start, end = sentence.start, sentence.start + len(sentence.text)
        yield (
            sentence.text,
            sentence.place,
            [
                any(
                    min(end, right) - max(start, left) > min(4, right - left - 1)
                    for left, right in found
                )
                for found in spans
            ],
        )


def learn(source: list[dict]) -> dict:
    """Return the reader's data, learned from *source*."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    classes = yaml.safe_load(LEXICON.read_text("utf-8"))
    lexicon = Lexicon(classes)
    rows = [row for draft in source for row in labelled(draft)]
    seen: collections.Counter[str] = collections.Counter()
    for draft in source:
        seen.update({word.stem for word in words(draft["text"])})
    known = sorted(stem for stem, count in seen.items() if count >= RARE)
    taken = frozenset(known)
    shown = [features(words(text)[:LONGEST], lexicon, taken, place) for text, place, _ in rows]
    counts = collections.Counter(feature for row in shown for feature in row)
    names = sorted(feature for feature, count in counts.items() if count >= RARE)
    place = {name: at for at, name in enumerate(names)}
    data, across, starts = [], [], [0]
    for row in shown:
        held = [place[feature] for feature in row if feature in place]
        data += [SCALE / math.sqrt(len(held) or 1)] * len(held)
        across += held
        starts.append(len(across))
    matrix = csr_matrix((data, across, starts), shape=(len(rows), len(names)))
    columns, bias = [], []
    for index, meaning in enumerate(MEANINGS):
        model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0, tol=1e-5)
        model.fit(matrix, [labels[index] for *_, labels in rows])
        columns.append(model.coef_[0])
        bias.append(round(float(model.intercept_[0]) + RULINGS[meaning], 3))
    weights = {
        name: [round(float(column[at]), 2) for column in columns] for name, at in place.items()
    }
    return {
        "classes": classes,
        "known": " ".join(known),
        "meanings": list(MEANINGS),
        "bias": bias,
        "weights": {name: row for name, row in weights.items() if any(row)},
    }


def main() -> None:
    """Write the weights that the guide reads with."""
    data = {"learned-from": digest(), **learn(drafts())}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    WEIGHTS.write_text(text.replace('],"', '],\n"') + "\n", "utf-8")


if __name__ == "__main__":
    main()
