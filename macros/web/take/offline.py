"""The whole site in one zip file, to read from a disk: no server, no network, no script."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from .packing import package

FOLDER = "after-the-interview"
"""What the zip file unpacks into."""

LEFT_OUT = re.compile(r"404\.html|sitemap\.xml.*|assets/javascripts/.*|search/search_index\.json")
"""What works only where there is a server: the search, and what is meant for machines."""

LINK = re.compile(r'(<(?:a|link)\b[^>]*?\shref=")([^"]*)(")')
SCRIPT = re.compile(r"<script\b.*?</script>|<span data-online>.*?</span>", re.S)
"""What runs, and what is said about it."""


def pack(site: Path, without: Iterable[str] = ()) -> bytes:
    """Return the built *site* as a zip file whose pages lead to each other on a disk.

    Files *without*, named from the site's root, are left out.
    """
    skipped = set(without)
    parts = {}
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*")}
    for name, path in sorted(files.items()):
        if path.is_file() and name not in skipped and not LEFT_OUT.fullmatch(name):
            data = path.read_bytes()
            parts[f"{FOLDER}/{name}"] = on_disk(data) if name.endswith(".html") else data
    return package(parts)


def on_disk(page: bytes) -> bytes:
    """Return a page whose links to folders name the page in them, and nothing runs.

    >>> on_disk(b'<a href="../x/#y">z</a> <a href=".">home</a> <a href="a.txt">b</a>')
    b'<a href="../x/index.html#y">z</a> <a href="./index.html">home</a> <a href="a.txt">b</a>'
    """
    text = SCRIPT.sub("", page.decode())
    return LINK.sub(lambda link: link[1] + _file(link[2]) + link[3], text).encode()


@functools.cache
def _file(address: str) -> str:
    """Return the file that *address* means where no server looks for it."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path:
        return address
    last = parts.path.rpartition("/")[2]
    if last not in ("", ".", ".."):
        return address
    path = parts.path + ("/" if last else "") + "index.html"
    return parts._replace(path=path).geturl()
