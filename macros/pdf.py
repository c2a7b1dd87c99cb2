"""HTML to a PDF: tagged, with fields that are filled in once, the same bytes every time."""

from __future__ import annotations

import contextlib
import io
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
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
    form.Fields = Array([_field(pdf, name, places[name], resource) for name in places])
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


def _field(pdf: Any, name: str, widgets: list[Any], resource: str) -> Any:
    """Return a field *name* whose places are *widgets*."""
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
    empty: dict[tuple[float, float], Any] = {}
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
        if size_of_box not in empty:
            empty[size_of_box] = _empty(pdf, *size_of_box)
        if field.FT == "/Tx":
            widget.DA, widget.AP = field.DA, Dictionary(N=empty[size_of_box])
        else:
            looks = Dictionary(Yes=widget.AP.N["/on"], Off=empty[size_of_box])
            widget.AS, widget.AP = Name.Off, Dictionary(N=looks)
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
    "/P",
    "/LBody",
    "/Lbl",
    "/TD",
    "/TH",
    "/Caption",
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
    from pikepdf import Array

    marks, nums = _marks(pdf), pdf.Root.StructTreeRoot.ParentTree.Nums
    page_of = {page.obj.objgen: int(page.StructParents) for page in pdf.pages}

    def lifted(parent: Any, kids: Iterable[Any]) -> Iterator[Any]:
        for kid in kids:
            if _is_element(kid) and _says_nothing(parent, kid):
                yield from lifted(parent, _kids(kid))
                continue
            if _is_element(kid):
                kid.P = parent
            elif isinstance(kid, int):
                marks[page_of[parent.Pg.objgen]][kid] = parent
            else:
                nums[2 * int(kid.Obj.StructParent) + 1] = parent
            yield kid

    # From the leaves up: what holds nothing is gone before its parent is looked at.
    for element in reversed(list(_elements(pdf))):
        if "/S" in element:
            element.K = Array(list(lifted(element, _kids(element))))


def _says_nothing(parent: Any, element: Any) -> bool:
    """Tell whether an element can give its place in *parent* to what it holds."""
    kids = _kids(element)
    if (parent.S, element.S) == ("/Link", "/Link"):
        return True  # the page number after a link is a link of its own
    if element.S not in ("/NonStruct", "/Span", "/Div") or set(element.keys()) - PLAIN:
        return False
    if not kids:
        return parent.S not in ("/TR", "/Table")
    if parent.S in INLINE:
        return bool(parent.Pg.objgen == element.Pg.objgen) and all(
            _is_element(kid) or isinstance(kid, int) for kid in kids
        )
    return parent.S in GROUPS and all(
        _is_element(kid) and kid.S not in ("/Span", "/NonStruct", "/Form", "/Link") for kid in kids
    )


def _marks(pdf: Any) -> dict[int, Any]:
    """Return, for each page, the elements to which the marks in its content belong."""
    nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    return dict(zip((int(key) for key in nums[::2]), nums[1::2], strict=True))


def _tidy_content(pdf: Any) -> None:
    """Mark running heads and page numbers as artifacts, and round what no eye can see.

    The library leaves them outside the tree, so a mark that no element knows is one.
    """
    told: dict[tuple[int, int], set[int]] = {}
    for element in _elements(pdf):
        for kid in _kids(element) if "/Pg" in element else ():
            if isinstance(kid, int):
                told.setdefault(element.Pg.objgen, set()).add(kid)
    marks = _marks(pdf)
    for page in pdf.pages:
        known, own = told.get(page.obj.objgen, set()), marks[int(page.StructParents)]

        def marked(mark: re.Match[bytes], known: set[int] = known, own: Any = own) -> bytes:
            if int(mark[1]) in known:
                return mark[0]
            own[int(mark[1])] = None
            return b"/Artifact BMC"

        # The library writes one operator a line, and text as hexadecimal strings only.
        lines = MARK.sub(marked, page.Contents.read_bytes()).split(b"\n")
        page.Contents = pdf.make_stream(b"\n".join(map(_round, lines)))


MARK = re.compile(rb"/\S+\s+<</MCID (\d+)>>\s+BDC")
NUMBER = re.compile(rb"(?<![/\w])-?\d+\.\d+")


def _round(line: bytes) -> bytes:
    """Return an instruction of a page with fewer digits and fewer strings.

    >>> _round(b"1 0 0 -1 147.40158 632.68562 Tm"), _round(b"[<0041>0<0042>5<0043>0] TJ")
    (b'1 0 0 -1 147.4 632.69 Tm', b'[<00410042>5<0043>] TJ')
    """
    if line.endswith(b"TJ"):
        return line.replace(b">0<", b"").replace(b">0]", b">]")
    if line.endswith((b"Tm", b"cm")):
        # What turns or scales needs more digits than what only moves.
        *turn, x, y, operator = line.split()
        return b" ".join(
            [*(NUMBER.sub(_short, n) for n in turn), _shorter(x), _shorter(y), operator]
        )
    return NUMBER.sub(lambda number: _shorter(number[0]), line) if b"." in line else line


def _short(number: re.Match[bytes]) -> bytes:
    return f"{float(number[0]):.5f}".rstrip("0").rstrip(".").encode()


def _shorter(number: bytes) -> bytes:
    return f"{float(number):.2f}".rstrip("0").rstrip(".").encode()


def _share_drawings(pdf: Any) -> None:
    """Keep one of the drawings that are alike, such as a letter of every postmark."""
    for page in pdf.pages[:1]:  # all pages share their resources
        seen: dict[tuple[bytes, bytes], Any] = {}
        for name, drawing in page.Resources.XObject.items():
            if drawing.get("/Subtype") == "/Form":
                look = drawing.read_bytes(), drawing.BBox.unparse()
                page.Resources.XObject[name] = seen.setdefault(look, drawing)
