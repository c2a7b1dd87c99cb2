"""The structure tree of a PDF: what a screen reader reads, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

INLINE = {
    *(f"/H{level}" for level in range(1, 7)),
    *("/Caption", "/LBody", "/Lbl", "/Link", "/NonStruct", "/P", "/Span", "/TD", "/TH"),
}
"""Elements that hold text themselves."""

GROUPS = {"/Document", "/Part", "/Art", "/Sect", "/Div"}
"""Elements that hold other elements."""

PLAIN = {"/Type", "/S", "/K", "/Pg", "/P"}
"""What an element has that says nothing of its own."""


def kids_of(element: Object) -> list[Object]:
    """Return what an element holds: elements, marks in the content, references to widgets."""
    import pikepdf

    kids = element.get("/K", pikepdf.Array())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def is_element(kid: Object) -> bool:
    import pikepdf

    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def elements(pdf: Pdf) -> Iterator[Object]:
    """Yield the elements of the structure tree, in reading order."""
    pile = [pdf.Root.StructTreeRoot]
    while pile:
        element = pile.pop()
        yield element
        pile += [kid for kid in reversed(kids_of(element)) if is_element(kid)]


def tidy_lists(pdf: Pdf) -> None:
    """Put what stands in a list item, apart from its mark, into the item's body."""
    from pikepdf import Array, Dictionary, Name

    for item in list(elements(pdf)):
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


def trim(pdf: Pdf) -> None:
    """Take out the elements that neither mean nor hold anything, and give their marks on.

    The library makes one for every box of the layout; they are most of the tree.
    """
    from pikepdf import Array, Dictionary, Name

    marks, nums = marks_of(pdf), pdf.Root.StructTreeRoot.ParentTree.Nums
    page_of = {page.obj.objgen: int(page.StructParents) for page in pdf.pages}
    doubles: set[tuple[int, int]] = set()

    def lifted(parent: Object, kids: Iterable[Object]) -> Iterator[Object]:
        for kid in kids:
            if is_element(kid) and _says_nothing(parent, kid):
                yield from lifted(parent, kids_of(kid))
            elif is_element(kid):
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
    for element in reversed(list(elements(pdf))):
        if "/S" in element:
            del element.Type
            element.K = Array(list(lifted(element, kids_of(element))))
    for page in pdf.pages:
        if "/Annots" in page:
            page.Annots = Array([note for note in page.Annots if note.objgen not in doubles])


def _says_nothing(parent: Object, element: Object) -> bool:
    """Tell whether an element can give its place in *parent* to what it holds."""
    kids = kids_of(element)
    if parent.S == "/Link" and element.S in ("/Link", "/NonStruct", "/Span"):
        return True  # each box inside a link is one more link to the same place
    if element.S not in ("/NonStruct", "/Span", "/Div") or set(element.keys()) - PLAIN:
        return False
    if not kids:
        return parent.S not in ("/TR", "/Table")
    if parent.S in INLINE:
        return bool(parent.Pg.objgen == element.Pg.objgen) and all(
            is_element(kid) or isinstance(kid, int) for kid in kids
        )
    if parent.S == "/L":
        return all(is_element(kid) and kid.S == "/LI" for kid in kids)
    return parent.S in GROUPS and all(
        is_element(kid) and kid.S not in ("/Span", "/NonStruct", "/Form", "/Link") for kid in kids
    )


def marks_of(pdf: Pdf) -> dict[int, Object]:
    """Return, for each page, the elements to which the marks in its content belong."""
    nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    return dict(zip((int(key) for key in nums[::2]), nums[1::2], strict=True))
