"""Content files, read: checked entries, and every mistake with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from .. import blanks
from ..errors import ContentError, suggest
from ..model import HOURS, Span

STEM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FRONT = re.compile(r"-{3}[ \t]*\n(?P<front>.*?\n)(?:-{3}|\.{3})[ \t]*\n(?P<page>.*)", re.S)
"""Front matter and page, apart exactly where MkDocs parts them."""
LARGEST = 200_000
"""Bytes in a content file: many times the longest sample."""
DEEPEST = 12
"""Levels in a content file: twice what any of ours needs."""

E = TypeVar("E", bound="Entry")


SPAN = re.compile(r"(\d+) (" + "|".join(HOURS) + r")s?")


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


Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(blanks.curl)
]
Text = Annotated[Prose, AfterValidator(_one_line)]


class Guarded:
    """YAML without aliases, tags and depths, which let a small file mean something huge."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Return the next node."""
        event = self.peek_event()  # type: ignore[attr-defined]
        problem = None
        if isinstance(event, yaml.AliasEvent):
            problem = "'*' begins an alias"
        elif getattr(event, "tag", None):
            problem = "'!' begins a tag"
        elif self.depth == DEEPEST:
            problem = f"this is more than {DEEPEST} levels deep"
        if problem:
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)  # type: ignore[misc, no-any-return]
        finally:
            self.depth -= 1

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Return what *node* means."""
        try:
            return super().construct_object(node, deep)  # type: ignore[misc]
        except ValueError:
            problem = f"{node.value!r} looks like a date or a number, and is none"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark) from None


class Plain(Guarded, yaml.SafeLoader):
    """Guarded YAML, read in Python: slower, and clear about what is wrong."""


if yaml.__with_libyaml__:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

    class Fast(
        Guarded,
        yaml.composer.Composer,
        CParser,
        yaml.constructor.SafeConstructor,
        yaml.resolver.Resolver,
    ):
        """Guarded YAML, read by libyaml, four times as fast."""

        def __init__(self, source: str) -> None:
            yaml.composer.Composer.__init__(self)
            CParser.__init__(self, source)
            yaml.constructor.SafeConstructor.__init__(self)
            yaml.resolver.Resolver.__init__(self)

    LOADERS: tuple[type[Any], ...] = (Fast, Plain)
else:
    LOADERS = (Plain,)


def _compose(source: str) -> tuple[yaml.Node | None, Any]:
    """Return the tree of YAML *source* and what it means."""
    for kind in LOADERS:
        loader = kind(source)
        try:
            node = loader.get_single_node()
            return node, loader.construct_document(node) if node else None
        except yaml.MarkedYAMLError:
            # Python's reader finds the same mistake, and words it better.
            if kind is Plain:
                raise
        finally:
            loader.dispose()
    return None, None


def _span(text: object) -> Span:
    match = SPAN.fullmatch(str(text))
    if not match or not int(match[1]):
        units = ", ".join(f"{unit}s" for unit in HOURS)
        raise ValueError(f"is {text!r}, not a length of time. Write a number and one of: {units}.")
    return Span(int(match[1]), match[2])


Length = Annotated[Span, BeforeValidator(_span)]


class Files:
    """Reads files, and gathers the mistakes in them: ``path:line: what. What to do``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.noted: list[tuple[str, int, str]] = []
        self.spoilt: set[str] = set()
        """Ids of tips that stand in a file with a mistake: known, though not read."""
        self.texts: dict[Path, str | None] = {}
        self.scalars: dict[Path, list[tuple[int, str]]] = {}
        """Every key and value in a file read by `entry`, with its line."""
        self.places: dict[tuple[Path, tuple[str, ...]], int] = {}

    def name(self, path: Path) -> str:
        """Return *path* as mistakes name it: relative to the project, with slashes, printable."""
        name = path.relative_to(self.root).as_posix()
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)

    def mistake(self, path: Path, line: int, text: str) -> None:
        """Note a mistake in a file, once."""
        noted = (self.name(path), line, text)
        if noted not in self.noted:
            self.noted.append(noted)

    @property
    def mistakes(self) -> list[str]:
        """The mistakes noted: file by file, and in each from top to bottom."""
        self.noted.sort(key=lambda noted: noted[:2])
        return [f"{name}:{line}: {text}" for name, line, text in self.noted]

    def below(self, folder: Path, suffix: str, *others: str) -> Iterator[Path]:
        """Yield the files below *folder*; *others* are endings that a writer may have meant."""
        for path in sorted(folder.rglob("*")):
            # Dot files are an editor's or the system's own.
            if path.is_dir() or path.name.startswith("."):
                continue
            if path.suffix == suffix:
                yield path
            elif path.suffix.lower() in (suffix, *others):
                self.mistake(
                    path, 1, f"ends in {path.suffix!r}, so it is not read. End it in {suffix!r}."
                )

    def id(self, path: Path, folder: Path) -> None:
        """Note where a file's name can't be an id, or its place is not *folder* itself."""
        if not STEM.fullmatch(path.stem):
            self.mistake(
                path,
                1,
                f"file name {path.name!r} can't be an id. Use lower case, digits and hyphens.",
            )
        if path.parent != folder:
            self.mistake(path, 1, f"lies in a folder of its own. Move it to {self.name(folder)}/.")

    def close(self) -> None:
        """Raise what was noted, if anything was."""
        if self.mistakes:
            raise ContentError(*self.mistakes)

    def text(self, path: Path) -> str | None:
        """Return the text of a file, read once, or None with its mistake noted."""
        if path not in self.texts:
            self.texts[path] = self._text(path)
        return self.texts[path]

    def _text(self, path: Path) -> str | None:
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except FileNotFoundError:
            self.mistake(path, 1, "is missing. Create it.")
            return None
        except OSError as error:
            self.mistake(path, 1, f"can't be read: {error.strerror}. Make it a readable file.")
            return None
        if len(data) > LARGEST:
            self.mistake(path, 1, f"holds more than {LARGEST} bytes. Delete what does not belong.")
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
            self.mistake(path, line_at(text, odd), _odd(odd[0]))
            return None
        return text

    def entry(self, kind: type[E], path: Path, source: str, start: int = 1) -> E | None:
        """Return YAML *source*, which begins on line *start*, as a checked *kind*."""
        try:
            node, data = _compose(source)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line if error.problem_mark else 0
            self.mistake(
                path,
                start + line,
                f"can't be read: {error.problem}. "
                "Put a text in quotes that holds ': ' or ' #' or begins with a mark like [ or *.",
            )
            return None
        if not isinstance(data, dict):
            self.mistake(path, start, "holds no keys. Write 'title: …' and the like.")
            return None
        self.scalars[path] = [(start + at.start_mark.line, at.value) for at in _scalars(node)]
        for line, text in self.scalars[path]:
            # In quotes, \u0007 is read as the character itself.
            if odd := blanks.UNTYPEABLE.search(text):
                self.mistake(path, line, _odd(odd[0]))
        self.places[path, ()] = start
        for keys, line in _lines(node):
            at = (path, tuple(map(blanks.curl, keys)))
            if at in self.places:
                self.mistake(path, start + line, f"key {keys[-1]!r} stands twice. Keep one.")
            self.places.setdefault(at, start + line)
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                place = [part for part in fault["loc"] if not str(part).endswith("Entry")]
                self.mistake(path, self.line(path, *place), _fault(kind, fault))
            return None

    def line(self, path: Path, *place: object) -> int:
        """Return the line of a key in a file read by `entry`, or of what is nearest above it."""
        found: tuple[str, ...] = ()
        for name in (blanks.curl(str(part)) for part in place):
            if (path, (*found, name)) in self.places:
                found = (*found, name)
            elif not name.isdigit():  # A list of one thing may be written without its list.
                break
        return self.places[path, found]


def _odd(character: str) -> str:
    return f"control character U+{ord(character):04X}. Delete it."


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Yield every key and value of a YAML tree that is no mapping or list."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from (scalar for part in pair for scalar in _scalars(part))
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _scalars(part)


def _lines(node: yaml.Node | None, place: tuple[str, ...] = ()) -> Iterator[tuple[Any, int]]:
    """Yield where each key of a YAML tree stands: its place in the data, its line."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            inner = (*place, key.value)
            yield inner, key.start_mark.line
            if key.value not in seen:
                yield from _lines(value, inner)
            seen.add(key.value)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield (*place, str(index)), value.start_mark.line
            yield from _lines(value, (*place, str(index)))


def _fault(kind: type[Entry], fault: Any) -> str:
    """Return a fault that pydantic found in our words."""
    place = [str(part) for part in fault["loc"] if not str(part).endswith("Entry")]
    name = ".".join(part for part in place if not part.isdigit() and part != "[key]")
    given = fault["input"]
    match fault["type"]:
        case "invalid_key":
            return f"key {brief(given)} is not a text. Put it in quotes."
        case "missing":
            return f"{name!r} is missing. Add '{place[-1]}: …'."
        case "extra_forbidden":
            return f"unknown key {name!r}. {suggest(place[-1], _keys(kind, place[:-1]))}"
        case "value_error":
            return f"{name!r} {fault['ctx']['error']}"
        case "string_too_short":
            return f"{name!r} is empty. Fill it in."
        case _ if given is None or given in ([], {}):
            return f"{name!r} is empty. Fill it in."
        case "too_short":
            least = fault["ctx"]["min_length"]
            return f"{name!r} holds {len(given)}, fewer than {least}. Add another."
        case "enum" | "literal_error":
            return f"{name!r} is {brief(given)}. Use one of: {fault['ctx']['expected']}."
        case "string_type":
            return f"{name!r} is {brief(given)}, not a text. Put it in quotes."
        case "list_type" | "tuple_type":
            return f"{name!r} is {brief(given)}, not a list. Write it like [one, two]."
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"{name!r} is {brief(given)}, not keys with values. Write it like 'key: text'."
        case "int_type" | "int_parsing" | "int_from_float":
            return f"{name!r} is {brief(given)}, not a number. Write it in digits."
        case "bool_type" | "bool_parsing":
            return f"{name!r} is {brief(given)}. Use one of: 'true', 'false'."
        case _:
            return f"{name!r} is {brief(given)}. {fault['msg'].replace('Input', 'It')}."


def brief(given: object) -> str:
    """Return *given* in quotes, its beginning where it is long."""
    text = repr(str(given) if isinstance(given, date) else given)
    return text if len(text) <= 60 else f"{text[:60]}…"


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


def line_at(source: str, found: re.Match[str]) -> int:
    """Return the line of *source* on which what was *found* in it begins."""
    return source.count("\n", 0, found.start()) + 1
