"""The architecture: each module imports only what stands to its left."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LAYERS = (
    "errors",
    "model",
    "answers",
    "blanks",
    "checker.sentences",
    "checker.words",
    "checker.senses",
    "checker.times",
    "checker.negation",
    "checker.reader",
    "checker.train",
    "checker.tips",
    "checker.habits",
    "checker.draft",
    "content.guide",
    "content.shelf",
    "content.files",
    "content.tips",
    "content.evidence",
    "content.vocabulary",
    "content.forms",
    "content.samples",
    "content.proof",
    "content.library",
    "content.pages",
    "content.office",
    "web.take.packing",
    "web.take.word",
    "web.take.data",
    "web.take.snippets",
    "web.take.espanso",
    "web.take.offline",
    "web.take.offers",
    "web.desk",
    "web.render",
    "web.aside",
    "web.searched",
    "web.face",
    "web.theme",
    "web.downloads",
    "web.beside",
    "web.take.dates",
    "book.fonts",
    "book.colours",
    "book.variorum",
    "book.chapters",
    "book.pdf.tags",
    "book.pdf.artifacts",
    "book.pdf.booklet",
    "book.pdf.boxes",
    "book.pdf.document",
    "book.filled",
    "book.editions",
    "cli.shared",
    "cli.clipboard",
    "cli.kept",
    "cli.asking",
    "cli.check",
    "cli.fill",
    "cli.answers",
    "cli.main",
    "cli.manual",
    "hooks",
    "",
)
"""Every module, room by room; the last is the edge to the site generator."""
LAZY = (
    "mkdocs",
    "weasyprint",
    "pikepdf",
    "fontTools",
    "html5lib",
    "pypdf",
    "icalendar",
    "rcssmin",
    "numpy",
    "scipy",
    "sklearn",
    "threadpoolctl",
)
"""Imported inside functions only: the core loads without a site generator or a PDF library."""

ROOT = Path("macros")
LOADED_BY_MKDOCS = ROOT / "hooks.py"
MODULES = sorted(
    path for path in ROOT.rglob("*.py") if path.name != "__init__.py" or path.parent == ROOT
)


def name(module: Path) -> str:
    """Return the name of a module inside the package."""
    return ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix("__init__")


def imports(module: Path) -> Iterator[tuple[str, int]]:
    """Yield the modules of the package that *module* imports, and where."""
    here = name(module).split(".")
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            room = [*here[: len(here) - node.level], *filter(None, (node.module or "").split("."))]
            for alias in node.names:
                whole = ".".join([*room, alias.name])
                yield (whole if whole in LAYERS else ".".join(room)), node.lineno


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_module_imports_only_to_its_left(module: Path) -> None:
    left = LAYERS[: LAYERS.index(name(module))]
    assert [(other, line) for other, line in imports(module) if other not in left] == []


def test_a_room_says_what_it_is() -> None:
    silent = [
        str(path.parent)
        for path in ROOT.rglob("__init__.py")
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize("module", [m for m in MODULES if m != LOADED_BY_MKDOCS], ids=name)
def test_heavy_libraries_are_imported_where_they_are_needed(module: Path) -> None:
    for node in ast.parse(module.read_text("utf-8")).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        assert not {name.partition(".")[0] for name in names} & set(LAZY), f"{module}:{node.lineno}"
