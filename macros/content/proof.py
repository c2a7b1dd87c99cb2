"""The proof that every letter a reader can reach follows the tips."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from .. import blanks
from ..checker import habits as good_form
from ..checker import tips as rules
from ..model import Finding, Letter, Library, Proofs, Sample, Tip


def prove_all(
    library: Library, unread: Collection[str] = ()
) -> tuple[dict[str, Proofs], list[tuple[str, str]]]:
    """Return what proves each letter that a reader can reach, by sample, and what fails.

    What fails is the id of a sample and a text.  Samples that are *unread*, or in part, are
    left out: words that could not be read would be missed here a second time.
    """
    proofs: dict[str, Proofs] = {}
    failed: list[tuple[str, str]] = []
    for sample in library.samples.values():
        if sample.id in unread or not _adapts(sample, library.tips):
            continue
        for letter in blanks.letters(sample):
            found = rules.prove(letter, library.tips)
            proofs.setdefault(sample.id, {})[letter.picks] = found
            failed += [(sample.id, text) for text in _fails(letter, found, library)]
    return proofs, failed


def _adapts(sample: Sample, tips: Mapping[str, Tip]) -> bool:
    """Tell whether a sample takes each tip in a way that there is."""
    return all(
        not stance.adapted or stance.adapted in tips[stance.tip].adaptations
        for stance in sample.stances
    )


def _fails(letter: Letter, found: Mapping[str, Finding], library: Library) -> Iterator[str]:
    """Yield what a letter breaks: a tip, as *found*, or a habit."""
    picks = f"({', '.join(option for _, option in letter.picks)}) " if letter.picks else ""
    ways = {stance.tip: stance.adapted for stance in letter.sample.stances}
    for tip, finding in found.items():
        if not finding.follows:
            way = f" as {ways[tip]!r}" if ways.get(tip) else ""
            title = library.tips[tip].title
            yield f"the {picks}letter does not follow {title!r}{way}. {finding.advice}"
    for habit in good_form.prove(letter, library.habits):
        yield f"the {picks}letter breaks the habit {habit.id!r}. {habit.rule.otherwise}"
