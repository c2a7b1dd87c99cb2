"""The README's pictures, taken from the built site: `make screenshots` writes docs/assets/."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import sync_playwright

from .conftest import serve

SITE, ASSETS = Path("site"), Path("docs/assets")
SIGHTS = {
    "desk": (1280, 800, "light"),
    "desk-dark": (1280, 800, "dark"),
    "desk-phone": (375, 740, "light"),
}
"""What is looked at: width and height of the window, and the colour scheme."""
OPENING = (23, 24)
"""The pages of the book that are shown: a left and a right one, counted from nought."""


def main() -> None:
    """Write each picture."""
    with sync_playwright() as play, serve(SITE) as address:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, (width, height, scheme) in SIGHTS.items():
            context = browser.new_context(
                java_script_enabled=False,
                viewport={"width": width, "height": height},
                color_scheme=scheme,
            )
            page = context.new_page()
            page.goto(address)
            page.screenshot(path=ASSETS / f"{name}.png")
            context.close()
        browser.close()
    book = pypdfium2.PdfDocument(SITE / "handbook" / "handbook-a5.pdf")
    left, right = (book[number].render(scale=1.5).to_pil() for number in OPENING)
    opening = Image.new("RGB", (left.width + right.width, left.height), "white")
    opening.paste(left, (0, 0))
    opening.paste(right, (left.width, 0))
    opening.save(ASSETS / "book.png")
    for path in (*(ASSETS / f"{name}.png" for name in SIGHTS), ASSETS / "book.png"):
        Image.open(path).convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(
            path, optimize=True
        )


if __name__ == "__main__":
    main()
