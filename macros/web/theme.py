"""The built site's own files: its style in one sheet, and nothing unused."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

INLINE = re.compile(r"<script>(.*?)</script>", re.S)
IMPORT = re.compile(r'@import url\("([^"]+)"\);')
TOGGLE = re.compile(r'(<input class="md-toggle"[^>]*) autocomplete="off"')
LOADED = re.compile(r"assets/(?:javascripts|stylesheets|images)/[\w./-]+")


def finish(site: Path, rules: str, desk_rules: str) -> None:
    """Complete *site* with its style *rules* and those of the desk."""
    from rcssmin import cssmin

    assets = site / "assets"
    join(assets / "site.css", rules)
    join(assets / "guide.css")
    (assets / "desk.css").write_text(cssmin(desk_rules), "utf-8")
    seal(site / "search" / "index.html")
    prune(site)


def join(sheet: Path, rules: str = "") -> None:
    """Put what *sheet* imports, and the generated *rules*, into it, and remove the parts."""
    from rcssmin import cssmin

    parts = {}

    def part(found: re.Match[str]) -> str:
        path = sheet.parent / found[1]
        parts[path] = path.read_text("utf-8")
        return parts[path]

    whole = IMPORT.sub(part, sheet.read_text("utf-8")) + rules
    sheet.write_text(cssmin(whole), "utf-8")
    for path in parts:
        path.unlink()
    for folder in {path.parent for path in parts}:
        if not any(folder.iterdir()):
            folder.rmdir()


def seal(page: Path) -> None:
    """Let *page* run the scripts that stand in it, by their hashes, and no others.

    The theme's check boxes lose an attribute that HTML doesn't know for them.
    """
    if not page.exists():
        return
    text = TOGGLE.sub(r"\1", page.read_text("utf-8"))
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in INLINE.findall(text)
    )
    page.write_text(text.replace("'inline-hashes'", hashes), "utf-8")


def prune(site: Path) -> None:
    """Remove from *site* what no page loads: files of the theme, and a map without addresses."""
    sitemap = site / "sitemap.xml"
    if sitemap.exists() and "<loc>" not in sitemap.read_text("utf-8"):
        for empty in site.glob("sitemap.xml*"):
            empty.unlink()
    loaded = set()
    for page in site.rglob("*.html"):
        loaded |= set(LOADED.findall(page.read_text("utf-8")))
    for folder in ("javascripts", "stylesheets", "images"):
        for file in sorted((site / "assets" / folder).rglob("*"), reverse=True):
            if file.is_dir():
                if not any(file.iterdir()):
                    file.rmdir()
            elif file.relative_to(site).as_posix() not in loaded:
                file.unlink()
        if (site / "assets" / folder).exists() and not any((site / "assets" / folder).iterdir()):
            (site / "assets" / folder).rmdir()
