"""Firefox and WebKit, driven without any download: WebDriver's commands by their own roads."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

PATIENCE = 30.0
"""Seconds that an engine may take to start."""

KEYS = {"Shift": "\ue008", "Control": "\ue009", "Tab": "\ue004", "Enter": "\ue007"} | {
    "ArrowDown": "\ue015",
    "Backspace": "\ue003",
}


class Engine(Protocol):
    """A browser with one window."""

    def do(self, command: str, **given: Any) -> Any:
        """Carry out a WebDriver command, named as the standard does, and return its value."""


class Window:
    """What a person does in an *engine*'s window."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def open(self, address: str) -> None:
        """Show a page."""
        self.engine.do("Navigate", url=address)

    def ask(self, script: str, *given: object) -> Any:
        """Return what *script*, a function's body, returns."""
        return self.engine.do("ExecuteScript", script=script, args=list(given))

    def press(self, *keys: str) -> None:
        """Press *keys*, letters or names from `KEYS`, all at once."""
        codes = [KEYS.get(key, key) for key in keys]
        moves = [{"type": "keyDown", "value": code} for code in codes]
        moves += [{"type": "keyUp", "value": code} for code in reversed(codes)]
        self.engine.do("PerformActions", actions=[{"type": "key", "id": "keys", "actions": moves}])

    def type(self, text: str) -> None:
        """Type *text*."""
        moves = [
            {"type": f"key{way}", "value": letter} for letter in text for way in ("Down", "Up")
        ]
        self.engine.do("PerformActions", actions=[{"type": "key", "id": "keys", "actions": moves}])

    def click(self, css: str, dx: float = 3, dy: float = 12) -> None:
        """Click an element, *dx* and *dy* from where its first line begins."""
        x, y = self.ask(
            "const part = document.querySelector(arguments[0]);"
            "if (!part) throw Error('no ' + arguments[0]);"
            "part.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const box = part.getClientRects()[0]; return [box.left, box.top]",
            css,
        )
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}}
        moves = [
            {"type": "pointerMove", "x": round(x + dx), "y": round(y + dy), "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.engine.do("PerformActions", actions=[pointer | {"actions": moves}])

    def until(self, script: str) -> None:
        """Wait until *script* returns true."""
        latest = time.monotonic() + PATIENCE
        while not self.ask(script):
            if time.monotonic() > latest:
                raise TimeoutError(script)
            time.sleep(0.02)

    @property
    def selected(self) -> str:
        """The selected text, as it would be copied."""
        return str(self.ask("return String(getSelection())"))


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Marionette:
    """Firefox's own protocol: length, colon, JSON; an answer is [1, number, error, result]."""

    def __init__(self, port: int) -> None:
        self.number = 0
        self.socket = _reach(port)
        self.stream = self.socket.makefile("rb")
        self._read()
        self.do("NewSession", capabilities={})

    def _read(self) -> Any:
        size = b""
        while (byte := self.stream.read(1)) not in (b":", b""):
            size += byte
        return json.loads(self.stream.read(int(size)))

    def do(self, command: str, **given: Any) -> Any:
        """Carry out a command."""
        self.number += 1
        text = json.dumps([0, self.number, f"WebDriver:{command}", given]).encode()
        self.socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return result.get("value") if isinstance(result, dict) else result


class WebKit:
    """The W3C's protocol over HTTP."""

    ROADS = {"Navigate": "url", "ExecuteScript": "execute/sync", "PerformActions": "actions"}

    def __init__(self, port: int, options: dict[str, Any]) -> None:
        _reach(port).close()
        self.address = f"http://127.0.0.1:{port}/session"
        made = self._post("", {"capabilities": {"alwaysMatch": options}})
        self.address += f"/{made['sessionId']}"

    def _post(self, road: str, given: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"{self.address}{road}",
            json.dumps(given).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]

    def do(self, command: str, **given: Any) -> Any:
        """Carry out a command."""
        return self._post(f"/{self.ROADS[command]}", given)


def _reach(port: int) -> socket.socket:
    """Return a connection to *port*, as soon as somebody listens there."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), PATIENCE)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@contextlib.contextmanager
def running(*command: str, **variables: str) -> Iterator[None]:
    """Run a program, and end it and what it started afterwards."""
    process = subprocess.Popen(
        command,
        env=os.environ | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(process.pid, 15)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


PREFERENCES = """
user_pref("marionette.port", {port});
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,none");
"""


@contextlib.contextmanager
def firefox() -> Iterator[Window]:
    """Give a window of Firefox, with a fresh profile."""
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "user.js").write_text(PREFERENCES.format(port=port), "utf-8")
        program = shutil.which("firefox-esr") or "firefox"
        with running(
            program, "-marionette", "-headless", "-no-remote", "-profile", home, HOME=home
        ):
            driver = Marionette(port)
            yield Window(driver)
            driver.stream.close()
            driver.socket.close()


@contextlib.contextmanager
def webkit() -> Iterator[Window]:
    """Give a window of WebKitGTK, on a screen of its own."""
    port = free_port()
    browser = next(Path("/usr/lib").rglob("MiniBrowser"))
    with running("xvfb-run", "-a", "WebKitWebDriver", f"--port={port}", LIBGL_ALWAYS_SOFTWARE="1"):
        options = {"binary": str(browser), "args": ["--automation"]}
        yield Window(WebKit(port, {"webkitgtk:browserOptions": options}))
