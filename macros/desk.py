"""The desk at which content files are read: checked entries, and every mistake with its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from . import blanks
from .errors import ContentError, suggest

E = TypeVar("E", bound="Entry")


class Entry(BaseModel):
    """A mapping in a content file: only the keys it names, hyphens for underscores."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )


def _one_line(text: str) -> str:
    if "\n" in text.strip():
        raise ValueError("holds a line break. Write it on one line.")
    return text


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_one_line)
]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Desk:
    """Reads files, and gathers the mistakes in them: ``path:line: what. What to do``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.mistakes: list[str] = []

    def name(self, path: Path) -> str:
        """Return *path* as mistakes name it: relative to the project, with slashes."""
        return path.relative_to(self.root).as_posix()

    def mistake(self, path: Path, line: int, text: str) -> None:
        """Note a mistake in a file."""
        self.mistakes.append(f"{self.name(path)}:{line}: {text}")

    def close(self) -> None:
        """Raise what was noted, if anything was."""
        if self.mistakes:
            raise ContentError(*self.mistakes)

    def text(self, path: Path) -> str | None:
        """Return the text of a file, or None with its mistake noted."""
        try:
            data = path.read_bytes()
        except OSError as error:
            self.mistake(path, 1, f"can't be read: {error.strerror}. Create it.")
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self.mistake(
                path, line, f"byte {data[error.start]:#04x} is not UTF-8. Save the file as UTF-8."
            )
            return None
        text = text.replace("\r\n", "\n")
        if odd := blanks.UNTYPEABLE.search(text):
            line = text[: odd.start()].count("\n") + 1
            self.mistake(path, line, f"control character U+{ord(odd[0]):04X}. Delete it.")
            return None
        return text

    def entry(self, kind: type[E], path: Path, source: str, start: int = 1) -> E | None:
        """Return YAML *source*, which begins on line *start*, as a checked *kind*."""
        try:
            node = yaml.compose(source, Loader=yaml.SafeLoader)
            data = yaml.safe_load(source)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line if error.problem_mark else 0
            self.mistake(
                path,
                start + line,
                f"not YAML: {error.problem}. "
                "Put texts with ':', '#' or '[' at the start in quotes.",
            )
            return None
        if not isinstance(data, dict):
            self.mistake(path, start, "holds no keys. Write 'title: …' and the like.")
            return None
        at: dict[tuple[str | int, ...], int] = {}
        for place, line in _lines(node):
            if place in at:
                self.mistake(path, start + line, f"key {place[-1]!r} stands twice. Keep one.")
            at.setdefault(place, start + line)
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                place = tuple(part for part in fault["loc"] if part not in ("AdaptedEntry",))
                while place and place not in at:
                    place = place[:-1]
                self.mistake(path, at.get(place, start), _fault(kind, fault))
            return None


def _lines(node: yaml.Node | None, place: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, int]]:
    """Yield where each key of a YAML tree stands: its place in the data, its line."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, key.value)
            yield inner, key.start_mark.line
            yield from _lines(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield (*place, index), value.start_mark.line
            yield from _lines(value, (*place, index))


def _fault(kind: type[Entry], fault: Any) -> str:
    """Return a fault that pydantic found in our words."""
    place = [str(part) for part in fault["loc"] if not str(part).endswith("Entry")]
    name = ".".join(place)
    match fault["type"]:
        case "missing":
            return f"{name!r} is missing. Add '{place[-1]}: …'."
        case "extra_forbidden":
            return f"unknown key {name!r}. {suggest(place[-1], _keys(kind, place[:-1]))}"
        case "value_error":
            return f"{name!r} {fault['ctx']['error']}"
        case "string_too_short" | "too_short":
            return f"{name!r} is empty. Fill it in."
        case "enum" | "literal_error":
            return f"{name!r} is {fault['input']!r}. Use one of: {fault['ctx']['expected']}."
        case "string_type":
            return f"{name!r} is {fault['input']!r}, not a text. Put it in quotes."
        case _:
            return f"{name!r} is {fault['input']!r}: {fault['msg'].lower()}. Mend it."


def _keys(kind: type[Entry], place: list[str]) -> list[str]:
    """Return the keys allowed at *place* inside an entry of *kind*."""
    schema = kind.model_json_schema()
    here = schema
    for part in place:
        here = (
            here.get("properties", {}).get(part)
            or here.get("items")
            or here.get("additionalProperties")
            or {}
        )
        for branch in here.get("anyOf", []):
            if "$ref" in branch:
                here = branch
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rsplit("/", 1)[1]]
    return list(here.get("properties", {}))


def line_of(source: str, text: str, start: int = 1) -> int:
    """Return the line of *source* on which *text* first stands."""
    return start + source.partition(text)[0].count("\n")
