"""The architecture: each module imports only what stands to its left."""

import ast
from pathlib import Path

import pytest

LAYERS = (
    "errors",
    "model",
    "blanks",
    "sentences",
    "words",
    "reading",
    "tips",
    "habits",
    "drafts",
    "desk",
    "rulebook",
    "evidence",
    "load",
    "pages",
    "render",
    "exports",
    "verdicts",
    "fonts",
    "book",
    "tree",
    "content",
    "pdf",
    "handbook",
    "cli",
    "__init__",
)
LAZY = ("mkdocs", "weasyprint", "pikepdf", "fontTools", "html5lib")
"""Imported inside functions only: the core loads without a site generator or a PDF library."""

MODULES = sorted(Path("macros").glob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_imports_only_to_its_left(module: Path) -> None:
    left = LAYERS[: LAYERS.index(module.stem)]
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            assert set(names) <= set(left), f"{module}:{node.lineno}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_heavy_libraries_are_imported_where_they_are_needed(module: Path) -> None:
    for node in ast.parse(module.read_text("utf-8")).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        assert not {name.partition(".")[0] for name in names} & set(LAZY), f"{module}:{node.lineno}"
