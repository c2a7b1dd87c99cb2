"""The proof that every letter a reader can reach follows the tips."""

from __future__ import annotations

from .. import blanks
from ..checker import habits as good_form
from ..checker import tips as rules
from ..model import (
    Library,
    Proofs,
)
from .files import Files


def prove_all(files: Files, library: Library) -> dict[str, Proofs]:
    """Return what proves each letter that a reader can reach, by sample; note what fails."""
    tips = library.tips
    proofs: dict[str, Proofs] = {}
    for sample in library.samples.values():
        stances = {stance.tip: stance.adapted for stance in sample.stances}
        if any(way and way not in tips[tip].adaptations for tip, way in stances.items()):
            continue
        # Words that could not be read would be missed here a second time.
        if any(name == sample.path and line >= sample.line for name, line, _ in files.noted):
            continue
        for letter in blanks.letters(sample):
            picks = f"({', '.join(option for _, option in letter.picks)}) " if letter.picks else ""
            found = rules.prove(letter, tips)
            proofs.setdefault(sample.id, {})[letter.picks] = found
            for tip, finding in found.items():
                if not finding.follows:
                    files.mistake(
                        files.root / sample.path,
                        sample.line,
                        f"the {picks}letter does not follow {tips[tip].title!r}"
                        f"{f' as {stances[tip]!r}' if stances.get(tip) else ''}. "
                        f"{finding.advice}",
                    )
            for habit in good_form.prove(letter, library.habits):
                files.mistake(
                    files.root / sample.path,
                    sample.line,
                    f"the {picks}letter breaks the habit {habit.id!r}. {habit.rule.otherwise}",
                )
    return proofs
