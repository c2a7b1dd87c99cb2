"""HTML to a PDF: tagged, with fields that are filled in once, the same bytes every time."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...errors import ContentError
from .. import fonts
from . import artifacts, tags

if TYPE_CHECKING:
    from pikepdf import Object, Pdf
    from weasyprint import Document

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
    folded: bool = False,
) -> tuple[bytes, int]:
    """Return *html* as a PDF, laid out by the style *sheets*, and how many pages it has.

    A *folded* book has a multiple of four pages: before its last one come pages for notes.

    Nothing but *files* and the faces can be opened.  *titles* names the target of every
    inner link, for readers who hear it.  Raises `ContentError` for whatever would make
    the page differ from what was meant: a lost image, an unknown rule, a foreign font.
    """
    known = {f"{BASE}{name}": read for name, read in files.items()}
    known |= {f"{BASE}fonts/{name}": _face(name) for name in fonts.FACES}
    known[f"{BASE}fonts/form.ttf"] = fonts.form
    with _no_warnings():
        made = _lay_out(html, [fonts.sheet(), *sheets], known)
    return _finish(made, titles, folded)


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
        options: dict[str, Any] = {
            "pdf_variant": "pdf/ua-1",
            "pdf_forms": True,
            "uncompressed_pdf": True,  # packed once, when it is finished
        }
        laid_out = source.render(stylesheets=styles, font_config=faces, **options)
        _all_fits(laid_out)
        made = laid_out.write_pdf(**options)
    # It derives from BaseException, so that the library's own handlers let it pass.
    except FatalURLFetchingError as error:
        raise ContentError(f"handbook: {error}: {error.__cause__}. Mend the address.") from error
    return bytes(made)


def _all_fits(laid_out: Document) -> None:
    """Refuse what is said to fit on one page, by ``data-fits``, and goes on to the next."""
    filled: dict[str, dict[int, float]] = {}
    room = 0.0
    for number, page in enumerate(laid_out.pages):
        room = float(page._page_box.height)
        for box in page._page_box.descendants():
            element = box.element
            name = element.get("data-fits") if element is not None else None
            if name and box.element_tag == "section":
                parts = filled.setdefault(name, {})
                parts[number] = max(parts.get(number, 0.0), _filled(box))
    over = {name: sum(parts.values()) - room for name, parts in filled.items() if len(parts) > 1}
    mistakes = [
        f"handbook: {name}: its page is {max(round(height * MM), 1)} mm too long. Say less."
        for name, height in over.items()
    ]
    if mistakes:
        raise ContentError(*mistakes)


def _filled(box: Any) -> float:
    """Return how far down the lines in *box* reach, from its top."""
    lines = [each for each in box.descendants() if type(each).__name__ == "LineBox"]
    ends = [float(line.position_y + line.height) for line in lines]
    return max(ends, default=0) - float(box.position_y) if ends else 0.0


MM = 25.4 / 96
"""Millimetres in a pixel of CSS."""


def _finish(made: bytes, titles: Mapping[str, str], folded: bool) -> tuple[bytes, int]:
    """Return the PDF *made* with its fields joined and what the library leaves open closed."""
    import pikepdf

    with pikepdf.open(io.BytesIO(made)) as pdf:
        _own_fonts_only(pdf)
        _join_fields(pdf)
        _name_links(pdf, titles)
        tags.tidy_lists(pdf)
        tags.trim(pdf)
        artifacts.mark(pdf)
        _drop_unused_places(pdf)
        while folded and len(pdf.pages) % 4:
            _add_notes(pdf)
        packed = io.BytesIO()
        pikepdf.settings.set_flate_compression_level(9)
        pdf.save(
            packed,
            deterministic_id=True,
            recompress_flate=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return packed.getvalue(), len(pdf.pages)


def _add_notes(pdf: Pdf) -> None:
    """Add a page of ruled lines, 8 mm apart, before the last one; there is nothing to read."""
    from pikepdf import Array, Dictionary, Name, Page

    box = pdf.pages[-1].MediaBox
    width, height = float(box[2]), float(box[3])
    lines = b"\n".join(
        b"48 %.1f m %.1f %.1f l S" % (y, width - 48, y)
        for y in (height - 68 - 22.7 * line for line in range(21))
    )
    page = Dictionary(Type=Name.Page, MediaBox=Array(box), Resources=Dictionary(), Tabs=Name.S)
    page.Contents = pdf.make_stream(
        b"/Artifact BMC\nq .54 .56 .59 RG .5 w\n" + lines + b"\nQ EMC\n"
    )
    pdf.pages.insert(len(pdf.pages) - 1, Page(pdf.make_indirect(page)))


def _own_fonts_only(pdf: Pdf) -> None:
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
            continue
        for instruction in pikepdf.parse_content_stream(page, "Tf"):
            stranger = strangers.get(str(instruction.operands[0]))
            if stranger:
                raise ContentError(
                    f"handbook, page {number}: a glyph is taken from the system's font "
                    f"{stranger!r}. Use a character that the book's faces have."
                )


def _join_fields(pdf: Pdf) -> None:
    """Make the widgets of one name the places of one field, so that it is filled in once."""
    from pikepdf import Array, Dictionary

    form = pdf.Root.get("/AcroForm")
    if form is None:
        return
    resource = _whole_font(form)
    del form["/NeedAppearances"]
    places: dict[str, list[Object]] = {}
    for widget in form.Fields:
        places.setdefault(str(widget.T), []).append(widget)
    ticks: dict[tuple[int, int], Object] = {}
    form.Fields = Array([_field(pdf, name, places[name], resource, ticks) for name in places])
    form.DR = Dictionary(Font=Dictionary({resource: form.DR.Font[resource]}))


def _whole_font(form: Object) -> str:
    """Return the resource name of the form's font, named as the whole that it is."""
    from pikepdf import Name

    for resource, font in form.DR.Font.items():
        if str(font.BaseFont).rpartition("+")[2].lstrip("/").startswith(fonts.FORM):
            font.BaseFont = font.DescendantFonts[0].BaseFont = Name(f"/{fonts.FORM}")
            font.DescendantFonts[0].FontDescriptor.FontName = Name(f"/{fonts.FORM}")
            return str(resource)
    raise ContentError("handbook: no field uses the form's font. Set it in book.css.")


def _field(
    pdf: Pdf, name: str, widgets: list[Object], resource: str, ticks: dict[tuple[int, int], Object]
) -> Object:
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
    empty: dict[tuple[int, int], Object] = {}
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


def _empty(pdf: Pdf, width: float, height: float) -> Object:
    """Return what a field looks like before it is filled in."""
    from pikepdf import Array, Dictionary, Name

    return pdf.make_stream(
        b"/Tx BMC EMC",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, width, height]),
        Resources=Dictionary(),
    )


def _name_links(pdf: Pdf, titles: Mapping[str, str]) -> None:
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


def _drop_unused_places(pdf: Pdf) -> None:
    """Forget the names of places that no link leads to."""
    from pikepdf import Array

    used = {
        str(note.Dest) for page in pdf.pages for note in page.get("/Annots", ()) if "/Dest" in note
    }
    names = list(pdf.Root.Names.Dests.Names) if "/Names" in pdf.Root else []
    kept = [pair for pair in zip(names[::2], names[1::2], strict=True) if str(pair[0]) in used]
    if names:
        pdf.Root.Names.Dests.Names = Array([part for pair in kept for part in pair])
