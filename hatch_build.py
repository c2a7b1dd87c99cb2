"""Packs the guide's text, its samples and data into the wheel, so that the command works anywhere.

Not into an editable install, which has the checkout's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TEXT = (".md", ".yml")


class Guide(BuildHookInterface):  # type: ignore[type-arg]
    """Adds what no module is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files and where in the package they go."""
        if version == "standard":
            docs = Path(self.root, "docs")
            for path in sorted(docs.rglob("*")):
                if path.suffix in TEXT:
                    build_data["force_include"][str(path)] = (
                        f"macros/guide/{path.relative_to(docs)}"
                    )
