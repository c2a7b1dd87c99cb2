"""Somebody's own draft, from a file or standard input, to text."""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from email.message import EmailMessage
from html.parser import HTMLParser

from ..errors import ContentError

LONGEST = 100_000
"""Bytes beyond which a file is no note."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
ATTRIBUTION = re.compile(
    r"^(?:On (?=.*[\d@])(?:(?!\b(?:you|I|we)\b)(?:.|\n(?=<)))+?\s+wrote:\s*$"
    r"|-{2,} ?(?:Original|Forwarded) Message ?-{2,}\s*$|-- $"
    r"|(?:_{5,}\s*)?From: .+\n(?:Sent|Date|To): )",
    re.M | re.I,
)
"""What a mail program puts above the message that is answered, with its date or an address."""


def read(name: str, data: bytes) -> str:
    """Return the text of the draft in *data*, which the reader knows as *name*.

    Raises `ContentError` in one line where there is no text to judge.
    """
    if len(data) > LONGEST:
        raise ContentError(
            f"{name}: is longer than {LONGEST // 1000} kB, no note. Give a shorter file."
        )
    text = _mail(name, data) if name.lower().endswith(".eml") else _decoded(name, data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if CONTROL.search(text):
        raise ContentError(f"{name}: is not a text file. Save the draft as plain text.")
    text = _own(text)
    if not re.search(r"\w", text):
        raise ContentError(f"{name}: is empty. Write your draft into it first.")
    return text


def _decoded(name: str, data: bytes) -> str:
    encoding = next((code for mark, code in MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\x00" in data:
            raise ContentError(
                f"{name}: is not a text file. Save the draft as plain text."
            ) from None
        line = data[: error.start].count(b"\n") + 1
        raise ContentError(
            f"{name}:{line}: byte {data[error.start]:#04x} is not UTF-8. Save the file as UTF-8."
        ) from None


def _mail(name: str, data: bytes) -> str:
    """Return the subject and the words of an email message."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    try:
        content = body.get_content() if body else None
    except (LookupError, ValueError, AttributeError):
        content = None
    if not isinstance(content, str) or not message.keys():
        raise ContentError(f"{name}: holds no message that can be read. Save it as plain text.")
    if body and body.get_content_type() == "text/html":
        content = _plain(content)
    subject = message["subject"]
    return f"Subject: {subject}\n\n{content}" if subject else content


class _Words(HTMLParser):
    """Gathers the words of an HTML message, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in ("style", "script", "title")
        if tag in ("p", "div", "br", "li", "tr", "h1", "h2", "h3"):
            self.words.append("\n" if tag == "br" else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script", "title") and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(re.sub(r"\s+", " ", data))


def _plain(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.words)).strip()


def _own(text: str) -> str:
    """Return what the writer wrote, without the message that it answers."""
    mark = next((mark for mark in ATTRIBUTION.finditer(text) if text[: mark.start()].strip()), None)
    own = text[: mark.start()] if mark else text
    own = "\n".join(line for line in own.split("\n") if not line.startswith(">"))
    return own if own.strip() else "\n".join(line.lstrip("> ") for line in text.split("\n"))
