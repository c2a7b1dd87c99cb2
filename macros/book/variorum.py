"""A sample as an opening of two pages: its first letter whole, the other wordings by number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ..model import Line, Option, Paragraph, Part, Sample


@dataclass(frozen=True, slots=True)
class Wording:
    """Another way to say a passage, and the options in which it is said so."""

    options: tuple[Option, ...]
    text: str

    @property
    def label(self) -> str:
        """The labels of its options."""
        return " and ".join(option.label for option in self.options)

    @property
    def name(self) -> str:
        """The options' values, for the name of its box to tick."""
        return "-".join(option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a paragraph; with a *number*, a passage that other options say otherwise."""

    parts: tuple[Part, ...]
    number: int = 0
    others: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """The first letter of a sample, its changing passages numbered."""

    sample: Sample
    paragraphs: tuple[tuple[Stretch, ...], ...]

    @property
    def passages(self) -> tuple[Stretch, ...]:
        """The passages that are said otherwise elsewhere, in the order of their numbers."""
        return tuple(s for paragraph in self.paragraphs for s in paragraph if s.number)

    @property
    def first(self) -> str:
        """The labels of the options in which the letter stands complete."""
        return ", ".join(choice.options[0].label for choice in self.sample.choices)

    @property
    def rest(self) -> str:
        """The labels of all other options."""
        names = [option.label for choice in self.sample.choices for option in choice.options[1:]]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def opening(sample: Sample) -> Opening:
    """Return *sample* as its first letter, with the other wordings of each passage."""
    paragraphs = []
    number = 0
    for paragraph in sample.paragraphs:
        stretches = []
        for stretch in _stretches(sample, paragraph):
            number += bool(stretch.others)
            stretches.append(
                Stretch(stretch.parts, number if stretch.others else 0, stretch.others)
            )
        paragraphs.append(tuple(stretches))
    return Opening(sample, tuple(paragraphs))


def _stretches(sample: Sample, paragraph: Paragraph) -> Iterator[Stretch]:
    """Yield the parts of a paragraph, apart where it begins or ends to differ by a choice."""
    choices = {choice.name: choice for choice in sample.choices}
    runs = groupby(paragraph.lines, lambda line: line.option[0] if line.option else "")
    last = len(paragraph.lines)
    done = 0
    for name, run in runs:
        lines = list(run)
        done += len(lines)
        joint = paragraph.joint if done < last else ""
        if not name:
            yield Stretch((*_joined(lines, paragraph.joint), joint))
            continue
        said = {
            option: _text(
                [line for line in lines if line.option == (name, option.value)], paragraph.joint
            )
            for option in choices[name].options
        }
        first, *options = choices[name].options
        texts = dict.fromkeys(said[option] for option in options if said[option] != said[first])
        yield Stretch(
            (said[first], joint),
            others=tuple(
                Wording(tuple(option for option in options if said[option] == text), text)
                for text in texts
            ),
        )


def _joined(lines: list[Line], joint: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    for line in lines:
        parts += [joint, *line.parts] if parts else line.parts
    return tuple(parts)


def _text(lines: list[Line], joint: str) -> str:
    return joint.join(map(str, lines))
