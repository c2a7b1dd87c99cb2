"""One strict build and one browser for the whole run."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import gc
import os
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from macros import blanks
from macros.content import library as load
from macros.model import Letter, Library

ROOT = Path(__file__).parent.parent

os.environ["NO_MKDOCS_2_WARNING"] = "1"
os.environ.setdefault("SOURCE_DATE_EPOCH", "1767225600")

# No test may depend on how fast the machine is, nor on yesterday's run.
settings.register_profile("guide", deadline=None, derandomize=True, database=None)
settings.load_profile("guide")


LONGEST = (
    "test_the_reader_learned_from_the_corpus_as_it_is",
    "test_a_build_in_another_place_gives_the_same_bytes",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest, so that none is left to one worker at the end."""
    items.sort(key=lambda item: item.name not in LONGEST)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not among what stays: a tenth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@functools.cache
def content() -> Library:
    """Return the guide's own content, loaded once, for parametrizing."""
    return load.library(ROOT / "docs")


def letters(library: Library) -> list[Letter]:
    """Return every letter that a reader can reach."""
    return [letter for sample in library.samples.values() for letter in blanks.letters(sample)]


@pytest.fixture(scope="session")
def library() -> Library:
    return content()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the whole site, built strictly, once for all who run tests at the same time."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, built = shared / "site", shared / "site-is-built"
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            build(folder)
            built.touch()
    return folder


def build(folder: Path) -> None:
    """Build the whole site into *folder*; any warning is raised."""
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    build_site(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True))


@contextlib.contextmanager
def serve(site: Path) -> Iterator[str]:
    """Serve a built site, on this machine only, and give its address."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Keep quiet."""

        def end_headers(self) -> None:
            """Let what pages share be asked for once."""
            if "/assets/" in self.path:
                self.send_header("Cache-Control", "max-age=600")
            super().end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    with serve(site) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def quiet(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """Yield a browser with scripts off, as the guide must work."""
    context = chromium.new_context(
        java_script_enabled=False, base_url=address, reduced_motion="reduce"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    yield context
    context.close()


@pytest.fixture(scope="session")
def window(quiet: BrowserContext) -> Page:
    """The page with scripts off that all tests share."""
    return quiet.new_page()


WIDE: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture
def page(window: Page) -> Page:
    """A wide page with scripts off, in front; opening an address makes it fresh."""
    window.bring_to_front()
    if window.viewport_size != WIDE:
        window.set_viewport_size(WIDE)
    return window
