"""HTML to a PDF: tagged, with fields that are filled in once, the same bytes every time."""

from __future__ import annotations

import contextlib
import io
import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from . import fonts
from .errors import ContentError

PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
"""The Debian packages that the PDF library needs."""

BASE = "file:///book/"
"""Where the book's files seem to lie; nothing there is on a disk."""

ONE_VALUE = ("/FT", "/T", "/V", "/DV", "/Ff", "/MaxLen", "/Opt", "/DA")
"""What belongs to a field, not to one of its places."""


def missing() -> str:
    """Return what to install before a PDF can be made, in one line; empty when nothing is."""
    try:
        # The library prints advice of its own, longer than a line, before it gives up.
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return (
            "The handbook's PDFs are left out: Pango is missing. "
            f"On Debian and Ubuntu: apt-get install --no-install-recommends {PANGO}; "
            "on macOS: brew install pango."
        )
    return ""


def write(
    html: str,
    sheets: Iterable[str],
    files: Mapping[str, Callable[[], bytes]],
    titles: Mapping[str, str],
) -> tuple[bytes, int]:
    """Return *html* as a PDF, laid out by the style *sheets*, and how many pages it has.

    Nothing but *files* and the faces can be opened.  *titles* names the target of every
    inner link, for readers who hear it.  Raises `ContentError` for whatever would make
    the page differ from what was meant: a lost image, an unknown rule, a foreign font.
    """
    known = {f"{BASE}{name}": read for name, read in files.items()}
    known |= {f"{BASE}fonts/{name}": _face(name) for name in fonts.FACES}
    known[f"{BASE}fonts/form.ttf"] = fonts.form
    with _no_warnings():
        made = _lay_out(html, [fonts.sheet(), *sheets], known)
    return _finish(made, titles)


def _face(name: str) -> Callable[[], bytes]:
    return lambda: fonts.face(name)


@contextlib.contextmanager
def _no_warnings() -> Iterator[None]:
    """Turn whatever the PDF library logs as a warning into a mistake."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, listener = logging.getLogger("weasyprint"), Listener(logging.WARNING)
    handlers, logger.handlers = logger.handlers, [listener]
    try:
        yield
    finally:
        logger.handlers = handlers
    if said:
        raise ContentError(*(f"handbook: {text}. Mend it." for text in dict.fromkeys(said)))


def _lay_out(html: str, sheets: Iterable[str], known: Mapping[str, Callable[[], bytes]]) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Closed(URLFetcher):  # type: ignore[misc]
        """Opens what the book holds, and nothing else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if url not in known:
                raise ValueError("not a file of the book")
            return URLFetcherResponse(url, known[url]())

    fetcher, faces = Closed(fail_on_errors=True), FontConfiguration()
    try:
        source = HTML(string=html, base_url=BASE, url_fetcher=fetcher)
        styles = [
            CSS(string=sheet, base_url=BASE, url_fetcher=fetcher, font_config=faces)
            for sheet in sheets
        ]
        made = source.write_pdf(
            stylesheets=styles,
            font_config=faces,
            pdf_variant="pdf/ua-1",
            pdf_forms=True,
            uncompressed_pdf=True,  # packed once, when it is finished
        )
    # It derives from BaseException, so that the library's own handlers let it pass.
    except FatalURLFetchingError as error:
        raise ContentError(f"handbook: {error}: {error.__cause__}. Mend the address.") from error
    return bytes(made)


def _finish(made: bytes, titles: Mapping[str, str]) -> tuple[bytes, int]:
    """Return the PDF *made* with its fields joined and what the library leaves open closed."""
    import pikepdf

    with pikepdf.open(io.BytesIO(made)) as pdf:
        _own_fonts_only(pdf)
        _join_fields(pdf)
        _name_links(pdf, titles)
        _tidy_lists(pdf)
        _trim_tree(pdf)
        _tidy_content(pdf)
        _share_drawings(pdf)
        _drop_unused_places(pdf)
        packed = io.BytesIO()
        pikepdf.settings.set_flate_compression_level(9)
        pdf.save(
            packed,
            deterministic_id=True,
            recompress_flate=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return packed.getvalue(), len(pdf.pages)


def _own_fonts_only(pdf: Any) -> None:
    """Refuse a glyph that a font of the system lent."""
    import pikepdf

    ours = (fonts.SERIF, fonts.SANS, fonts.FORM)
    for number, page in enumerate(pdf.pages, 1):
        strangers = {
            key: name
            for key, font in page.Resources.Font.items()
            if not (name := str(font.BaseFont).rpartition("+")[2].lstrip("/")).startswith(ours)
        }
        if not strangers:
            return
        for instruction in pikepdf.parse_content_stream(page, "Tf"):
            stranger = strangers.get(str(instruction.operands[0]))
            if stranger:
                raise ContentError(
                    f"handbook, page {number}: a glyph is taken from the system's font "
                    f"{stranger!r}. Use a character that the book's faces have."
                )


def _join_fields(pdf: Any) -> None:
    """Make the widgets of one name the places of one field, so that it is filled in once."""
    from pikepdf import Array, Dictionary

    form = pdf.Root.get("/AcroForm")
    if form is None:
        return
    resource = _whole_font(form)
    del form["/NeedAppearances"]
    places: dict[str, list[Any]] = {}
    for widget in form.Fields:
        places.setdefault(str(widget.T), []).append(widget)
    ticks: dict[tuple[int, int], Any] = {}
    form.Fields = Array([_field(pdf, name, places[name], resource, ticks) for name in places])
    form.DR = Dictionary(Font=Dictionary({resource: form.DR.Font[resource]}))


def _whole_font(form: Any) -> str:
    """Return the resource name of the form's font, named as the whole that it is."""
    from pikepdf import Name

    for resource, font in form.DR.Font.items():
        if str(font.BaseFont).rpartition("+")[2].lstrip("/").startswith(fonts.FORM):
            font.BaseFont = font.DescendantFonts[0].BaseFont = Name(f"/{fonts.FORM}")
            font.DescendantFonts[0].FontDescriptor.FontName = Name(f"/{fonts.FORM}")
            return str(resource)
    raise ContentError("handbook: no field uses the form's font. Set it in book.css.")


def _field(
    pdf: Any, name: str, widgets: list[Any], resource: str, ticks: dict[tuple[int, int], Any]
) -> Any:
    """Return a field *name* whose places are *widgets*; boxes to tick share their looks."""
    from pikepdf import Array, Dictionary, Name, String

    first = widgets[0]
    if len({(str(widget.FT), int(widget.get("/Ff", 0))) for widget in widgets}) > 1:
        raise ContentError(f"handbook: field {name!r} has two kinds of widget. Use one.")
    field = Dictionary(FT=first.FT, T=String(name), TU=first.TU, Ff=first.get("/Ff", 0))
    if field.FT == "/Tx":
        words = str(first.DA).split()
        size = float(words[words.index("Tf") - 1])
        field.DA = String(f"{resource} {size:g} Tf 0.11 0.15 0.2 rg")
        field.V = field.DV = String("")
    else:
        field.V = field.DV = Name.Off
    field = pdf.make_indirect(field)
    field.Kids = Array(widgets)
    # One look for all places of a size; another field's would be filled in with it.
    empty: dict[tuple[int, int], Any] = {}
    for widget in widgets:
        for key in ONE_VALUE:
            if key in widget:
                del widget[key]
        # A rule of PDF/UA looks for the name on each place, not on its parent.
        widget.TU, widget.Parent = field.TU, field
        x1, y1, x2, y2 = (round(float(edge), 2) for edge in widget.Rect)
        left, right, low, high = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        widget.Rect = Array([left, low, right, high])
        size_of_box = round(right - left), round(high - low)
        if field.FT == "/Tx":
            if size_of_box not in empty:
                empty[size_of_box] = _empty(pdf, *size_of_box)
            widget.DA, widget.AP = field.DA, Dictionary(N=empty[size_of_box])
        else:
            if size_of_box not in ticks:
                off = _empty(pdf, *size_of_box)
                ticks[size_of_box] = pdf.make_indirect(Dictionary(Yes=widget.AP.N["/on"], Off=off))
            widget.AS, widget.AP = Name.Off, Dictionary(N=ticks[size_of_box])
    return field


def _empty(pdf: Any, width: float, height: float) -> Any:
    """Return what a field looks like before it is filled in."""
    from pikepdf import Array, Dictionary, Name

    return pdf.make_stream(
        b"/Tx BMC EMC",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, width, height]),
        Resources=Dictionary(),
    )


def _name_links(pdf: Any, titles: Mapping[str, str]) -> None:
    """Say of each link where it leads, in words."""
    from pikepdf import String

    for page in pdf.pages:
        for note in page.get("/Annots", ()):
            if note.Subtype != "/Link":
                continue
            if "/Dest" in note:
                target = str(note.Dest)
                if target not in titles:
                    raise ContentError(f"handbook: a link leads to {target!r}, which has no name.")
                note.Contents = String(f"Go to: {titles[target]}")
            else:
                note.Contents = String(f"Open {note.A.URI}")


INLINE = {
    *(f"/H{level}" for level in range(1, 7)),
    *("/Caption", "/LBody", "/Lbl", "/Link", "/NonStruct", "/P", "/Span", "/TD", "/TH"),
}
"""Elements that hold text themselves."""

GROUPS = {"/Document", "/Part", "/Art", "/Sect", "/Div"}
"""Elements that hold other elements."""

PLAIN = {"/Type", "/S", "/K", "/Pg", "/P"}
"""What an element has that says nothing of its own."""


def _kids(element: Any) -> list[Any]:
    """Return what an element holds: elements, marks in the content, references to widgets."""
    import pikepdf

    kids = element.get("/K", ())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _is_element(kid: Any) -> bool:
    import pikepdf

    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def _elements(pdf: Any) -> Iterator[Any]:
    """Yield the elements of the structure tree, in reading order."""
    pile = [pdf.Root.StructTreeRoot]
    while pile:
        element = pile.pop()
        yield element
        pile += [kid for kid in reversed(_kids(element)) if _is_element(kid)]


def _tidy_lists(pdf: Any) -> None:
    """Put what stands in a list item, apart from its mark, into the item's body."""
    from pikepdf import Array, Dictionary, Name

    for item in list(_elements(pdf)):
        if item.get("/S") != "/LI":
            continue
        loose = [kid for kid in item.K if kid.S not in ("/Lbl", "/LBody")]
        if not loose:
            continue
        body = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.LBody, P=item, Pg=item.Pg, K=Array(loose))
        )
        for kid in loose:
            kid.P = body
        item.K = Array([*(kid for kid in item.K if kid.S in ("/Lbl", "/LBody")), body])


def _trim_tree(pdf: Any) -> None:
    """Take out the elements that neither mean nor hold anything, and give their marks on.

    The library makes one for every box of the layout; they are most of the tree.
    """
    from pikepdf import Array, Dictionary, Name

    marks, nums = _marks(pdf), pdf.Root.StructTreeRoot.ParentTree.Nums
    page_of = {page.obj.objgen: int(page.StructParents) for page in pdf.pages}
    doubles: set[tuple[int, int]] = set()

    def lifted(parent: Any, kids: Iterable[Any]) -> Iterator[Any]:
        for kid in kids:
            if _is_element(kid) and _says_nothing(parent, kid):
                yield from lifted(parent, _kids(kid))
            elif _is_element(kid):
                kid.P = parent
                yield kid
            elif isinstance(kid, int):
                marks[page_of[parent.Pg.objgen]][kid] = parent
                yield kid
            elif nums[2 * int(kid.Obj.StructParent) + 1].objgen != parent.objgen:
                # A box inside a link is one more link to the same place.
                doubles.add(kid.Obj.objgen)
                nums[2 * int(kid.Obj.StructParent) + 1] = None
            else:
                yield Dictionary(Type=Name.OBJR, Obj=kid.Obj, Pg=kid.Pg)

    # From the leaves up: what holds nothing is gone before its parent is looked at.
    for element in reversed(list(_elements(pdf))):
        if "/S" in element:
            del element.Type
            element.K = Array(list(lifted(element, _kids(element))))
    for page in pdf.pages:
        if "/Annots" in page:
            page.Annots = Array([note for note in page.Annots if note.objgen not in doubles])


def _says_nothing(parent: Any, element: Any) -> bool:
    """Tell whether an element can give its place in *parent* to what it holds."""
    kids = _kids(element)
    if parent.S == "/Link" and element.S in ("/Link", "/NonStruct", "/Span"):
        return True  # each box inside a link is one more link to the same place
    if element.S not in ("/NonStruct", "/Span", "/Div") or set(element.keys()) - PLAIN:
        return False
    if not kids:
        return parent.S not in ("/TR", "/Table")
    if parent.S in INLINE:
        return bool(parent.Pg.objgen == element.Pg.objgen) and all(
            _is_element(kid) or isinstance(kid, int) for kid in kids
        )
    if parent.S == "/L":
        return all(_is_element(kid) and kid.S == "/LI" for kid in kids)
    return parent.S in GROUPS and all(
        _is_element(kid) and kid.S not in ("/Span", "/NonStruct", "/Form", "/Link") for kid in kids
    )


def _marks(pdf: Any) -> dict[int, Any]:
    """Return, for each page, the elements to which the marks in its content belong."""
    nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    return dict(zip((int(key) for key in nums[::2]), nums[1::2], strict=True))


def _tidy_content(pdf: Any) -> None:
    """Mark running heads and page numbers as artifacts, and say once what is said again.

    The library leaves them outside the tree, so a mark that no element knows is one.
    It also marks each line of a paragraph and names the font for each; both last.
    """
    from pikepdf import Array

    owners: dict[tuple[int, int], dict[int, Any]] = {}
    follows: dict[tuple[int, int], dict[int, int]] = {}
    for element in _elements(pdf):
        kids = _kids(element) if "/Pg" in element else []
        for before, kid in zip([None, *kids], kids, strict=False):
            if isinstance(kid, int):
                owners.setdefault(element.Pg.objgen, {})[kid] = element
                if isinstance(before, int):
                    follows.setdefault(element.Pg.objgen, {})[kid] = before
    marks = _marks(pdf)
    for page in pdf.pages:
        known, before = owners.get(page.obj.objgen, {}), follows.get(page.obj.objgen, {})
        data, artifacts, joined = _mark_anew(page.Contents.read_bytes(), known, before)
        for mark in artifacts | joined:
            marks[int(page.StructParents)][mark] = None
        for owner in {known[mark].objgen: known[mark] for mark in joined}.values():
            owner.K = Array([kid for kid in _kids(owner) if _is_element(kid) or kid not in joined])
        page.Contents = pdf.make_stream(_shorten(data))
    for element in _elements(pdf):
        if "/Pg" in element and all(map(_is_element, _kids(element))):
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


def _share_drawings(pdf: Any) -> None:
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


def _drop_unused_places(pdf: Any) -> None:
    """Forget the names of places that no link leads to."""
    from pikepdf import Array

    used = {
        str(note.Dest) for page in pdf.pages for note in page.get("/Annots", ()) if "/Dest" in note
    }
    names = list(pdf.Root.Names.Dests.Names) if "/Names" in pdf.Root else []
    kept = [pair for pair in zip(names[::2], names[1::2], strict=True) if str(pair[0]) in used]
    if names:
        pdf.Root.Names.Dests.Names = Array([part for pair in kept for part in pair])
