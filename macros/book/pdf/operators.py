"""What is painted on the pages of a PDF: each thing marked once, in few bytes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from . import tags


def tidy(pdf: Any) -> None:
    """Mark running heads and page numbers as artifacts, and say once what is said again.

    The library leaves them outside the tree, so a mark that no element knows is one.
    It also marks each line of a paragraph and names the font for each; both last.
    """
    from pikepdf import Array

    owners: dict[tuple[int, int], dict[int, Any]] = {}
    follows: dict[tuple[int, int], dict[int, int]] = {}
    for element in tags.elements(pdf):
        kids = tags.kids_of(element) if "/Pg" in element else []
        for before, kid in zip([None, *kids], kids, strict=False):
            if isinstance(kid, int):
                owners.setdefault(element.Pg.objgen, {})[kid] = element
                if isinstance(before, int):
                    follows.setdefault(element.Pg.objgen, {})[kid] = before
    marks = tags.marks_of(pdf)
    for page in pdf.pages:
        known, before = owners.get(page.obj.objgen, {}), follows.get(page.obj.objgen, {})
        data, artifacts, joined = _mark_anew(page.Contents.read_bytes(), known, before)
        for mark in artifacts | joined:
            marks[int(page.StructParents)][mark] = None
        for owner in {known[mark].objgen: known[mark] for mark in joined}.values():
            owner.K = Array(
                [kid for kid in tags.kids_of(owner) if tags.is_element(kid) or kid not in joined]
            )
        page.Contents = pdf.make_stream(_shorten(data))
    for element in tags.elements(pdf):
        if "/Pg" in element and all(map(tags.is_element, tags.kids_of(element))):
            del element.Pg  # said by what it holds


MARK = re.compile(rb"(?P<end>EMC\n)?/\S+\n<</MCID (?P<mark>\d+)>>\nBDC\n")


def _mark_anew(
    data: bytes, known: Collection[int], follows: Mapping[int, int]
) -> tuple[bytes, set[int], set[int]]:
    """Return a page's content with marks that belong together in one.

    Marks that are not *known* become artifacts; a mark goes on with the one that it
    *follows* in its element.  Returns also the artifacts, and the marks that are gone.
    """
    artifacts: set[int] = set()
    joined: set[int] = set()
    last: int | None = None

    def mark(found: re.Match[bytes]) -> bytes:
        nonlocal last
        number, before, end = int(found["mark"]), last, found["end"] or b""
        if number not in known:
            last = None
            artifacts.add(number)
            return end + b"/Artifact BMC\n"
        last = number
        if end and before is not None and follows.get(number) == before:
            joined.add(number)
            return b""
        return found[0]

    return MARK.sub(mark, data), artifacts, joined


def _shorten(data: bytes) -> bytes:
    """Return a page's content without what changes nothing that an eye can see.

    The library writes one operator a line, and text as hexadecimal strings only.
    """
    data = data.replace(b"BT\nET\n", b"").replace(b"ET\nBT\n", b"")
    while b"q\nQ\n" in data:
        data = data.replace(b"q\nQ\n", b"")
    given = data.split(b"\n")
    opaque = {line for line in given if line.endswith(b" gs")} <= OPAQUE
    lines: list[bytes] = []
    # What holds until it is set again or the state before is restored: font and colour.
    state: dict[bytes, bytes] = {}
    states: list[dict[bytes, bytes]] = []
    for line in given:
        kind = line[-3:]
        if line == b"q":
            states.append(dict(state))
        elif line == b"Q":
            state = states.pop()
        elif kind in (b" Tf", b" rg"):
            if state.get(kind) == line:
                continue
            state[kind] = line
        elif opaque and line in OPAQUE:
            continue
        lines.append(_round(line))
    return b"\n".join(lines)


OPAQUE = {b"/a1 gs", b"/a1.0 gs", b"/A1 gs", b"/A1.0 gs"}
"""What the library says before it paints; so it is without saying."""

TEXT = re.compile(rb"<([0-9a-f]*)>")
SPECIAL = re.compile(rb"[()\\]")
NUMBER = re.compile(rb"(?<![/\w])-?\d+\.\d+")


def _round(line: bytes) -> bytes:
    r"""Return an instruction of a page in fewer bytes.

    >>> _round(b"1 0 0 -1 147.40158 632.68562 Tm"), _round(b"[<0041>0<0042>5<0028>0] TJ")
    (b'1 0 0 -1 147.4 632.7 Tm', b'[(\x00A\x00B)5(\x00\\()]TJ')
    """
    if line.endswith(b"TJ"):
        return TEXT.sub(_bare, line.replace(b">0<", b"").replace(b">0] ", b">]"))
    if line.endswith(b" Tm"):
        # What turns or scales needs more digits than what only moves.
        *turn, x, y, operator = line.split()
        return b" ".join([*(_short(n, 5) for n in turn), _short(x, 1), _short(y, 1), operator])
    digits = 5 if line.endswith(b" cm") else 2
    return NUMBER.sub(lambda number: _short(number[0], digits), line) if b"." in line else line


def _short(number: bytes, digits: int) -> bytes:
    short = f"{float(number):.{digits}f}"
    return (short.rstrip("0").rstrip(".") if "." in short else short).encode()


def _bare(text: re.Match[bytes]) -> bytes:
    """Return a hexadecimal string as the bytes that it stands for."""
    bare = SPECIAL.sub(rb"\\\g<0>", bytes.fromhex(text[1].decode()))
    return b"(%s)" % bare.replace(b"\r", rb"\r")


DRAWING = re.compile(
    rb"(?P<mark>/Figure\n<</MCID \d+>>\nBDC\n)"
    rb"(?P<place>(?:q\n|/\S+ gs\n)*[^\n]+ cm\n)(?P<body>.*?)EMC\n",
    re.S,
)
USE = re.compile(rb"(/\S+) Do\n")


def share_drawings(pdf: Any) -> None:
    """Paint drawings that are alike, such as postmarks, from one form."""
    from pikepdf import Array, Name

    shared: dict[bytes, bytes] = {}
    resources = pdf.pages[0].Resources  # all pages share them
    twins = _twins(resources.XObject)
    for page in pdf.pages:
        data = USE.sub(lambda use: twins.get(use[1], use[1]) + b" Do\n", page.Contents.read_bytes())
        for drawing in DRAWING.finditer(data):
            end = b"Q\n" * drawing["place"].count(b"q\n")
            body = drawing["body"].removesuffix(end)
            if len(body) < 500 or body == drawing["body"]:
                continue
            if body not in shared:
                name = f"/drawing-{len(shared)}"
                shared[body] = name.encode()
                resources.XObject[name] = pdf.make_stream(
                    body,
                    Type=Name.XObject,
                    Subtype=Name.Form,
                    BBox=Array([-9, -9, 999, 999]),
                    Resources=resources,
                )
            use = drawing["mark"] + drawing["place"] + shared[body] + b" Do\n" + end + b"EMC\n"
            data = data.replace(drawing[0], use)
        page.Contents = pdf.make_stream(data)


def _twins(forms: Any) -> dict[bytes, bytes]:
    """Return for each of the *forms* the first that looks alike, such as one letter's."""
    seen: dict[tuple[bytes, bytes], bytes] = {}
    twins = {}
    for name, form in forms.items():
        if form.get("/Subtype") == "/Form":
            look = form.read_bytes(), form.BBox.unparse()
            twins[name.encode()] = seen.setdefault(look, name.encode())
    for name in twins.keys() - seen.values():
        del forms[name.decode()]
    return twins
