"""How well drafts are judged: by writers that the reader has not learned from, and unseen ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from macros.checker import reader, tips, train
from macros.content import tips as rulebook

LABELS = {
    "be-prompt": "prompt",
    "be-specific": "specific",
    "reiterate-interest": "interest",
    "express-gratitude": "gratitude",
}
KEYWORDS = {
    "be-prompt": r"ago|last week|sorry for the (?:late|delay)|weeks|belated",
    "be-specific": r"discussed|project|specifically|particularly|mentioned",
    "reiterate-interest": r"interest(?:ed)?|excited|look forward|keen",
    "express-gratitude": r"thanks?|grateful|appreciate[sd]?|gratitude",
}
"""What a checker without any understanding would look for; lateness breaks its tip."""

Verdicts = Mapping[str, bool]


def by_keywords(text: str) -> Verdicts:
    """Return the naive verdict on each tip."""
    return {
        tip: bool(re.search(rf"\b(?:{words})\b", text, re.I)) != (tip == "be-prompt")
        for tip, words in KEYWORDS.items()
    }


def by_rules(text: str) -> Verdicts:
    """Return the guide's verdict on each tip."""
    return {
        id: finding.follows
        for id, finding in tips.check(text, rulebook.tips(Path("docs").resolve())).items()
    }


GROUPS = 8
"""How many times the reader learns anew, each time without an eighth of the writers."""


def crossed() -> list[tuple[dict, Verdicts]]:
    """Return the corpus's drafts, each judged by a reader that never met its writer."""
    judged = []
    own = reader.reader
    writers = sorted(train.CORPUS.glob("*.jsonl"))
    try:
        for group in (writers[start::GROUPS] for start in range(GROUPS)):
            held = train.drafts(*group)
            others = [writer for writer in writers if writer not in group]
            learned = reader.Reader(train.learn(train.drafts(*others), train.echoes(held)))
            reader.reader = lambda learned=learned: learned
            judged += [(draft, by_rules(draft["text"])) for draft in held]
    finally:
        reader.reader = own
    return judged


def scores(judged: list[tuple[dict, Verdicts]], tip: str, follows: bool) -> tuple[float, ...]:
    """Return precision, recall and F1 of one verdict on *tip*."""
    truth = [draft["labels"][LABELS[tip]] is follows for draft, _ in judged]
    given = [verdicts[tip] is follows for _, verdicts in judged]
    both = sum(a and b for a, b in zip(truth, given, strict=True))
    precision, recall = both / (sum(given) or 1), both / (sum(truth) or 1)
    return precision, recall, 2 * both / ((sum(given) + sum(truth)) or 1)


MEANT = {
    "gratitude": "express-gratitude",
    "interest": "reiterate-interest",
    "moment": "be-specific",
}


def tables() -> Iterator[tuple[str, str, list[tuple[dict, Verdicts]]]]:
    """Yield the tables of sentences that hang on a no, and that of notes that hang on a time."""
    data = Path("tests/data")
    for meaning, kinds in yaml.safe_load((data / "negation.yml").read_text("utf-8")).items():
        yield "a no", MEANT[meaning], list(_table(MEANT[meaning], kinds, "follows"))
    kinds = yaml.safe_load((data / "lateness.yml").read_text("utf-8"))
    yield "a time", "be-prompt", list(_table("be-prompt", kinds, "not late"))


def _table(
    tip: str, kinds: Mapping[str, list[str]], follows: str
) -> Iterator[tuple[dict, Verdicts]]:
    for kind, texts in kinds.items():
        for text in texts:
            yield {"labels": {LABELS[tip]: kind == follows}}, by_rules(text)


def rows() -> Iterator[tuple[str, str, str]]:
    """Yield precision, recall and F1 of each tip, for each way to judge."""
    ways = {"by the rules, writer held out": crossed()}
    for name in ("development", "unseen"):
        aside = train.drafts(Path(f"tests/data/{name}.jsonl"))
        ways[f"by keywords, {name}"] = [(draft, by_keywords(draft["text"])) for draft in aside]
        ways[f"by the rules, {name}"] = [(draft, by_rules(draft["text"])) for draft in aside]
    judgements = [(way, tip, judged) for way, judged in ways.items() for tip in LABELS]
    judgements += [(f"by the rules, hanging on {what}", *rest) for what, *rest in tables()]
    for way, tip, judged in judgements:
        for follows in (True, False):
            figures = " ".join(f"{figure:.3f}" for figure in scores(judged, tip, follows))
            verdict = "follows" if follows else "breaks"
            yield f"{way}: {tip} {verdict} (P R F1)", figures, ""
