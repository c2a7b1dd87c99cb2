"""Tips and habits of good form, from their files to rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import Field as Key
from pydantic import model_validator

from ..checker import habits as good_form
from ..checker import tips as rules
from ..model import Adaptation, Example, Habit, Rule, Tip
from .files import Entry, Files, Length, Prose, Text

Meaning = Literal["gratitude", "interest", "refusal", "lateness", "moment"]
KINDS = ("says", "never", "words", "avoids", "within", "beyond", "waits", "asks", "counts")


class RuleEntry(Entry):
    """A rule: one key names its kind, `otherwise` says what to do where it is not met."""

    says: Meaning | None = None
    never: Meaning | None = None
    words: list[Text] | None = None
    avoids: list[Text] | None = None
    within: Length | None = None
    beyond: Length | None = None
    waits: Literal[True] | None = None
    asks: Literal["moment"] | None = None
    counts: Literal[*good_form.MEASURES] | None = None  # type: ignore[valid-type]
    naming: list[Text] = []
    instead: list[Text] = []
    over: Meaning | None = None
    outweighed: Text = ""
    least: int = Key(0, ge=0)
    most: int | None = Key(None, ge=0)
    otherwise: Text

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"needs one of these keys: {', '.join(KINDS)}. It has {given}.")
        return self

    def rule(self) -> Rule:
        """Return the rule that the entry describes."""
        if self.says:
            return rules.Says(
                self.otherwise, self.says, tuple(self.naming), self.over or "", self.outweighed
            )
        if self.never:
            return rules.Never(self.otherwise, self.never, tuple(self.instead))
        if self.words:
            return rules.Words(self.otherwise, tuple(self.words), self.most)
        if self.avoids:
            return rules.Avoids(self.otherwise, tuple(self.avoids))
        if self.counts:
            return good_form.Counts(self.otherwise, self.counts, self.least, self.most)
        if self.asks:
            return rules.Asks(self.otherwise)
        return rules.Sent(self.otherwise, self.within, self.beyond, bool(self.waits))


class HabitEntry(RuleEntry):
    reason: Text
    source: Text
    for_: list[Literal["letters", "drafts"]] = Key(["letters", "drafts"], alias="for", min_length=1)


class ExampleEntry(Entry):
    text: Prose
    why: Text


class AdaptationEntry(Entry):
    means: Text
    rules: list[RuleEntry] = Key(min_length=1)


class TipEntry(Entry):
    title: Text
    advice: Prose
    reason: Prose
    order: int = 0
    clock: Length | None = None
    rules: list[RuleEntry] = Key(min_length=1)
    letters: list[RuleEntry] = []
    adaptations: dict[Text, AdaptationEntry] = {}
    follows: list[Prose] = Key(min_length=1)
    breaks: list[ExampleEntry] = Key(min_length=1)


def tips(docs: Path) -> Mapping[str, Tip]:
    """Return the tips under *docs* alone, in order."""
    files = Files(docs.parent)
    folder = docs / "_data" / "tips"
    found = read_tips(files, folder)
    if not folder.is_dir():
        files.mistake(folder, 1, "is missing. Run the command from a copy of the project.")
    files.close()
    return found


def habits(docs: Path) -> Mapping[str, Habit]:
    """Return the habits of good form under *docs* alone."""
    files = Files(docs.parent)
    found = read_habits(files, docs / "_data" / "habits")
    files.close()
    return found


def read_tips(files: Files, folder: Path) -> dict[str, Tip]:
    """Return the tips in *folder*, in order; mistakes are noted on *files*."""
    tips = []
    for path in files.below(folder, ".yml", ".yaml"):
        files.id(path, folder)
        source = files.text(path)
        if source is not None and (entry := files.entry(TipEntry, path, source)):
            tips.append(
                Tip(
                    path.stem,
                    entry.title,
                    entry.advice,
                    entry.reason,
                    entry.order,
                    entry.clock,
                    tuple(given.rule() for given in entry.rules),
                    tuple(given.rule() for given in entry.letters),
                    {
                        id: Adaptation(given.means, tuple(rule.rule() for rule in given.rules))
                        for id, given in entry.adaptations.items()
                    },
                    tuple(map(Example, entry.follows)),
                    tuple(Example(given.text, given.why) for given in entry.breaks),
                )
            )
        else:
            files.spoilt.add(path.stem)
    return {tip.id: tip for tip in sorted(tips, key=lambda tip: (tip.order, tip.id))}


def read_habits(files: Files, folder: Path) -> dict[str, Habit]:
    """Return the habits in *folder*; mistakes are noted on *files*."""
    found = {}
    for path in files.below(folder, ".yml", ".yaml"):
        files.id(path, folder)
        source = files.text(path)
        if source is not None and (entry := files.entry(HabitEntry, path, source)):
            found[path.stem] = Habit(
                path.stem, entry.rule(), entry.reason, entry.source, tuple(entry.for_)
            )
    return found
