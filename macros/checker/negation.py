"""A sentence's no: which of its words mean the opposite of what they say.

Words in the scope of a negation are marked as such, after Das and Chen (2001, "Yahoo! for Amazon")
and Pang, Lee and Vaithyanathan (2002, "Thumbs up?", EMNLP), who prefix them with NOT.  Unlike
there, marking begins with a word whose sense a no can turn, spares times and things, a second no
takes the first one back, and a list of phrases ("can't thank you enough") tells what only seems to
say no.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from .words import Word

REACH = 8
"""How many words a no reaches where nothing else ends it."""
GAP = 8
"""How many words may stand where a phrase leaves a gap."""
TURN = frozenset(["but", "because", "although", "though", "however", "while", "whereas"])
"""Words that begin something new, beyond the reach of a no."""
EXCEPT = frozenset(["anything", "nothing", "anywhere", "nobody", "anyone", "all"])
"""Words after which "but" is "except"."""
LINK = frozenset(["and", "so"])
"""Words that do so before one of the words of `FRESH`."""
FRESH = frozenset(["i", "we", "you", "it", "thank", "thanks"])
AGAIN = frozenset(("nor", "neither", "or", "none"))
"""Words that go on saying no and never take one back."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a sentence's words are, by their places: those turned, and those that only seem to."""

    turned: Set[int]
    seeming: Set[int]


class Negation:
    """Finds what a no reaches; made from the lists of ``negation.yml``."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.turns = frozenset(data["turns"].split())
        self.stays = frozenset(data["stays"].split())
        self.deny = _pattern([data["deny"].replace(" ", "/")])
        self.denying = _pattern(data["denying"])
        self.undoing = _pattern(data["undoing"])
        self.affirming = _pattern(data["affirming"])

    def of(self, found: Sequence[Word], classes: Sequence[Sequence[str]]) -> Scope:
        """Return the scope of every no in a sentence of *found* words with their *classes*."""
        forms = [word.form for word in found]
        breaks = [at for at in range(1, len(forms)) if found[at].pause or _turns(forms, at)]
        seeming: set[int] = set()
        ends: set[int] = set()
        for start, end in itertools.pairwise([0, *breaks, len(forms)]):
            line = " ".join(forms[start:end])
            only = {place for places in _matches(self.affirming, line) for place in places}
            seeming |= {start + place for place in only}
            ends |= {
                start + max(places)
                for pattern in (self.deny, self.denying)
                for places in _matches(pattern, line)
                if not places & only
            }
        turned: set[int] = set()
        left, no, begun = 0, False, False
        for at, word in enumerate(found):
            if at in ends:
                no = word.form in AGAIN or not (left and no)
                left = REACH
                continue
            if word.pause or _turns(forms, at) or _links(forms, at):
                left, no, begun = 0, False, False
            left = max(left - 1, 0)
            begun = no and (begun or (left > 0 and not self.turns.isdisjoint(classes[at])))
            if begun and self.stays.isdisjoint(classes[at]):
                turned.add(at)
        for places in _matches(self.undoing, " ".join(forms)):
            if not places & seeming:
                first = min(
                    (at for at in range(min(places)) if not self.turns.isdisjoint(classes[at])),
                    default=len(forms),
                )
                turned |= {
                    at
                    for at in range(first, min(places))
                    if at not in seeming and self.stays.isdisjoint(classes[at])
                }
        return Scope(turned, seeming)


def _turns(forms: Sequence[str], at: int) -> bool:
    """Tell whether something new begins with a word, as with "but", though not in "nothing but"."""
    return forms[at] in TURN and not (at and forms[at - 1] in EXCEPT)


def _links(forms: Sequence[str], at: int) -> bool:
    """Tell whether a word links another statement, as in "and I"."""
    return forms[at] in LINK and at + 1 < len(forms) and forms[at + 1] in FRESH


def _matches(pattern: re.Pattern[str], line: str) -> list[set[int]]:
    """Return for each match of *pattern* the places of its words."""
    found = []
    for match in pattern.finditer(line):
        first = line.count(" ", 0, match.start())
        found.append(set(range(first, first + match[0].count(" ") + 1)))
    return found


def _pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for any of *phrases* in words parted by single blanks."""
    ways = []
    for phrase in phrases:
        way = ""
        for word in phrase.split():
            if word == "…":
                way += rf"(?: \S+){{0,{GAP}}}?"
                continue
            choices = "|".join(
                re.escape(each.rstrip("*")) + (r"\S*" if each.endswith("*") else "")
                for each in word.split("/")
            )
            way += f"{' ' if way else ''}(?:{choices})"
        ways.append(way)
    return re.compile(rf"(?<!\S)(?:{'|'.join(ways)})(?!\S)")
