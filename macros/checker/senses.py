"""Whether a word means a thing, a person, a deed or an idea, after WordNet.

WordNet files every sense under one of 45 headings, the *supersenses* (Ciaramita and Johnson 2003,
"Supersense Tagging of Unknown Nouns in WordNet", EMNLP).  Here those of a word's most frequent
sense are joined into four classes: what can be touched is mostly told of one conversation, ideas
stand in any letter.  `python -m macros.checker.senses /usr/share/wordnet` made ``senses.txt`` from
Debian's wordnet-base; it keeps the words that WordNet's own texts use, and short names of things.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("thing", "idea", "someone", "deed")
LIST = Path(__file__).parent / "senses.txt"
NOUNS = (
    *("Tops", "act", "animal", "artifact", "attribute", "body", "cognition", "communication"),
    *("event", "feeling", "food", "group", "location", "motive", "object", "person"),
    *("phenomenon", "plant", "possession", "process", "quantity", "relation", "shape", "state"),
    *("substance", "time"),
)
"""WordNet's headings for nouns, in its order, which begins at 3."""
VERBS = (
    *("body", "change", "cognition", "communication", "competition", "consumption", "contact"),
    *("creation", "emotion", "motion", "perception", "possession", "social", "stative", "weather"),
)
"""Those for verbs, which begin at 29."""
THINGS = {"animal", "artifact", "body", "food", "object", "plant", "substance"}
DEEDS = {"body", "change", "consumption", "contact", "creation", "motion", "weather"}
NEITHER = {"Tops", "location", "quantity", "time"}
SHORT = 9
"""Letters of a thing's name that is kept though no text of WordNet's uses it."""
ENDINGS = (("", ""), ("s", ""), ("es", ""), ("ies", "y"))
DOING = ("ed", "ing")


class Senses:
    """Looks up the class of words."""

    def __init__(self, lines: str) -> None:
        self.found: dict[str, str] = {}
        for line in lines.splitlines():
            if not line.startswith("#"):
                name, *words = line.split()
                self.found.update(dict.fromkeys(words, name))

    def of(self, form: str) -> str:
        r"""Return the class of a word in any of its forms, "" where none is known.

        >>> senses = Senses("thing heron berry\ndeed drop")
        >>> senses.of("berries"), senses.of("dropped"), senses.of("mostly")
        ('thing', 'deed', '')
        """
        for ending, rest in ENDINGS:
            if form.endswith(ending):
                base = form.removesuffix(ending) + rest
                if base in self.found:
                    return self.found[base]
        for ending in DOING:
            base = form.removesuffix(ending)
            for verb in (base, base + "e", base[:-1]) if base != form else ():
                if self.found.get(verb) == "deed":
                    return "deed"
        return ""


def made(folder: Path) -> Iterator[str]:
    """Yield the lines of the list, made from the files of WordNet in *folder*."""
    nouns, verbs = (_index(folder, kind) for kind in ("noun", "verb"))
    common = _common(folder)
    kept: dict[str, list[str]] = {name: [] for name in NAMES}
    for word in sorted({*nouns, *verbs}):
        used, senses = nouns.get(word, (-1, []))
        more, deeds = verbs.get(word, (-1, []))
        if more > used:
            name = "deed" if deeds[0] in DEEDS else ""
        else:
            name = _noun(senses, used) if word in common else ""
        if name and (max(used, more) > 0 or (name == "thing" and len(word) <= SHORT)):
            kept[name].append(word)
    return (" ".join((name, *words)) for name, words in kept.items())


def _noun(senses: list[str], used: int) -> str:
    """Return the class of a noun; an unused word for a person and a thing is the thing's."""
    if senses[0] in THINGS or (senses[0] == "person" and not used and THINGS & set(senses[1:2])):
        return "thing"
    if senses[0] == "person":
        return "someone"
    return "" if senses[0] in NEITHER else "idea"


def _index(folder: Path, kind: str) -> dict[str, tuple[int, list[str]]]:
    """Return how many senses of each word texts use, and the headings of all, by frequency."""
    first, names = (3, NOUNS) if kind == "noun" else (29, VERBS)
    heads = {
        line[:8]: names[int(line[9:11]) - first]
        for line in (folder / f"data.{kind}").read_text("utf-8").splitlines()
        if line[0] != " "
    }
    found = {}
    for line in (folder / f"index.{kind}").read_text("utf-8").splitlines():
        word, *rest = line.split()
        if re.fullmatch("[a-z]{3,14}", word):
            senses = rest[-int(rest[1]) :]
            found[word] = int(rest[-len(senses) - 1]), [heads[sense] for sense in senses]
    return found


def _common(folder: Path) -> set[str]:
    """Return the nouns that are not names."""
    found = set()
    for line in (folder / "data.noun").read_text("utf-8").splitlines():
        if line[0] != " ":
            parts = line.split()
            found.update(parts[4 : 4 + 2 * int(parts[3], 16) : 2])
    return {word for word in found if word.islower()}


def main() -> None:
    """Write the list anew under its notice."""
    notice = [line for line in LIST.read_text("utf-8").splitlines() if line.startswith("#")]
    LIST.write_text("\n".join([*notice, *made(Path(sys.argv[1]))]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
