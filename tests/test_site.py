"""Every page of the built site: valid, in order, labelled, at home, for every eye and on paper."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

import material
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request

from macros import blanks
from macros.model import Sample

from . import markup
from .conftest import ROOT, content


def place(source: Path) -> str:
    """Return where a page of `docs` stands on the site."""
    path = source.relative_to(ROOT / "docs").with_suffix("").as_posix()
    return "" if path == "index" else f"{path.removesuffix('/index')}/"


PAGES = [*sorted(map(place, (ROOT / "docs").rglob("*.md"))), "404.html"]
SAMPLES = list(content().samples.values())
SMALL, LARGE = (320, 640), (1280, 800)
THEME = Path(material.__file__).parent / "templates"

every_page = pytest.mark.parametrize("name", PAGES)
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)


def file(site: Path, name: str) -> Path:
    return site / name / "index.html" if not name.endswith(".html") else site / name


def article(site: Path, name: str) -> str:
    """Return the source of a page's article, which is all of its own content."""
    text = file(site, name).read_text("utf-8")
    return text[text.index("<article") : text.index("</article>") + len("</article>")]


def test_every_page_was_built_and_no_other(site: Path) -> None:
    built = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert built == {file(Path(), name).as_posix() for name in PAGES}


@every_page
def test_the_article_is_strictly_valid_html(name: str, site: Path) -> None:
    markup.fragment(article(site, name))


@every_page
def test_headings_begin_with_one_h1_and_leave_out_no_level(name: str, site: Path) -> None:
    levels = [
        int(part.tag[1])
        for part in markup.built(file(site, name)).iter()
        if part.tag in markup.HEADINGS
    ]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@every_page
def test_every_control_has_a_name(name: str, site: Path) -> None:
    page = markup.built(file(site, name))
    # Material's toggles are never shown; its labels press them.
    shown = [one for one in markup.controls(page) if one.get("class") != "md-toggle"]
    assert [one.attrib for one in shown if not markup.name(one, page)] == []


@every_page
def test_ids_are_unique_and_whatever_points_to_one_finds_it(name: str, site: Path) -> None:
    page = markup.built(file(site, name))
    ids = markup.ids(page)
    assert sorted(set(ids)) == sorted(ids)
    pointed = {
        id
        for part in page.iter()
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list")
        for id in (part.get(attribute) or "").split()
    }
    assert pointed <= set(ids)


CODE = {"code", "kbd", "pre", "script", "style"}


def prose(part: Element) -> Iterator[str]:
    """Yield what an element says to a reader, code apart."""
    for key in ("alt", "aria-description", "aria-label", "content", "data-hint", "title"):
        if part.tag != "meta" or part.get("name") == "description":
            yield part.get(key) or ""
    if part.tag not in CODE and part.get("class") != "code":
        yield part.text or ""
        for inner in part:
            yield from prose(inner)
            yield inner.tail or ""


@every_page
def test_quotation_marks_are_a_printer_s(name: str, site: Path) -> None:
    said = [text for text in prose(markup.built(file(site, name))) if text.strip()]
    assert len(said) > 20
    assert [text for text in said if re.search("[\"']", text)] == []


@every_page
def test_every_address_leads_to_a_file_and_a_place_in_it(name: str, site: Path) -> None:
    page = markup.built(file(site, name))
    lost = []
    for part in page.iter():
        for attribute in ("href", "src", "action", "poster", "data"):
            address = part.get(attribute)
            if not address or urlsplit(address).scheme in ("mailto", "https", "http", "data"):
                continue
            path, place = urldefrag(urljoin(f"/{name}", address))
            found = site / unquote(path).lstrip("/")
            found = found / "index.html" if path.endswith("/") or found.is_dir() else found
            if not found.is_file() or (
                place and unquote(place) not in markup.ids(markup.built(found))
            ):
                lost.append(address)
    assert lost == []


@every_page
def test_no_page_but_search_holds_a_script(name: str, site: Path) -> None:
    """Search has Material's own files, letter for letter, and nothing else that runs."""
    page = markup.built(file(site, name))
    scripts = list(page.iter("script"))
    assert bool(scripts) == (name == "search/")
    for script in scripts:
        if source := script.get("src"):
            path = urlsplit(urljoin(f"/{name}", source)).path.lstrip("/")
            assert (site / path).read_bytes() == (THEME / path).read_bytes()
    for part in page.iter():
        assert not [key for key in part.attrib if key.lower().startswith("on")]
        assert not (part.get("href") or "").strip().lower().startswith("javascript:")


@every_page
def test_every_page_says_what_may_run_and_where_forms_go(name: str, site: Path) -> None:
    policy = next(
        part.get("content") or ""
        for part in markup.built(file(site, name)).iter("meta")
        if part.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    runs = rules.pop("script-src").split()
    assert rules == {
        "default-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    if name != "search/":
        assert runs == ["'none'"]
    else:
        assert runs[0] == "'self'"
        assert all(rule.startswith("'sha256-") for rule in runs[1:])


def test_nothing_of_the_theme_is_there_that_no_page_loads(site: Path) -> None:
    kept = {path.relative_to(site / "assets").as_posix() for path in (site / "assets").rglob("*.*")}
    ours = {"desk.css", "guide.css", "site.css", "letter.woff2", "favicon.svg", "logo.svg"}
    assert {path.split("/")[0] for path in kept - ours} == {"javascripts"}
    assert all(path.endswith(".min.js") for path in kept - ours)


# In the browser.


@pytest.fixture(scope="module")
def open_to_axe(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """Yield a browser that has axe in every page."""
    context = chromium.new_context(base_url=address, reduced_motion="reduce")
    context.add_init_script(Axe().axe_script)
    yield context
    context.close()


@pytest.fixture(scope="module")
def loud(open_to_axe: BrowserContext) -> Page:
    """A page with scripts on."""
    return open_to_axe.new_page()


@pytest.fixture(scope="module")
def plain(open_to_axe: BrowserContext) -> Page:
    """A page in which a test can run its own scripts."""
    return open_to_axe.new_page()


def asked(page: Page) -> list[str]:
    """Return a list that grows by the address of whatever *page* asks for from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob"):
            found.append(request.url)

    page.on("request", note)
    return found


def test_no_request_of_a_script_leaves_the_site(loud: Page, address: str) -> None:
    """Only this page has any; what pages ask for without, a test below sees."""
    urls = asked(loud)
    loud.goto("search/")
    loud.bring_to_front()
    loud.locator(".md-search__input").press_sequentially("note")
    loud.locator(".md-search-result__link").first.wait_for()
    assert any(url.endswith(".js") for url in urls)
    assert [url for url in urls if not url.startswith(address)] == []


SIGHTS = list(itertools.product((LARGE, SMALL), ("light", "dark")))
AGAIN = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")
"""Rules of axe for which it matters how wide a page is, and whether it is light or dark."""


def faults(page: Page) -> dict[str, list[str]]:
    """Return what axe finds wrong with an open page: all its rules once, some at each sight."""
    page.bring_to_front()
    found: dict[str, list[str]] = {}
    for size, scheme in SIGHTS:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        options = {"resultTypes": ["violations"], **({"runOnly": [*AGAIN]} if found else {})}
        response = page.evaluate("options => axe.run(options)", options)
        assert not response.get("error")
        found[f"{scheme}, {size[0]} px"] = [
            f"{fault['id']}: {[node['target'] for node in fault['nodes']]}"
            for fault in response["violations"]
        ]
    return {sight: several for sight, several in found.items() if several}


SHOW = """async ([path, page]) => {
    history.replaceState(null, "", path)
    document.open()
    document.write(page)
    const whole = new Promise(done => addEventListener("load", done, {once: true}))
    document.close()
    await whole
}"""
"""Shows a page in the window that is there, so that axe, half a megabyte, is compiled once."""


@every_page
def test_axe_finds_no_fault(name: str, plain: Page, site: Path) -> None:
    """As the page is without scripts, of which only the one for searching has any."""
    text = re.sub(r"<script\b.*?</script>", "", file(site, name).read_text("utf-8"), flags=re.S)
    if not plain.url.startswith("http"):
        plain.goto("404.html")
    plain.evaluate(SHOW, [f"/{name}", text])
    assert plain.title() in unescape(text)
    assert faults(plain) == {}


def test_axe_finds_no_fault_in_a_letter_that_is_filled_in(plain: Page) -> None:
    plain.goto(f"samples/{SAMPLES[0].id}/")
    for blank in plain.get_by_role("textbox").all():
        blank.fill("something they said")
    assert faults(plain) == {}


def test_axe_finds_no_fault_in_a_search(loud: Page) -> None:
    loud.goto("search/")
    loud.bring_to_front()
    loud.locator(".md-search__input").press_sequentially("thank")
    loud.locator(".md-search-result__link").first.wait_for()
    assert faults(loud) == {}


def test_axe_sees_a_fault(plain: Page) -> None:
    plain.goto(f"samples/{SAMPLES[0].id}/")
    plain.evaluate("document.querySelector('h1').style.color = '#ccc'")
    plain.evaluate("document.querySelector('.blank').removeAttribute('aria-label')")
    seen = faults(plain)
    assert any("color-contrast" in fault for fault in seen["light, 320 px"])
    assert any("aria-input-field-name" in fault for fault in seen["light, 1280 px"])


@every_page
def test_no_page_scrolls_sideways_nor_asks_for_anything_of_others(
    name: str, page: Page, address: str
) -> None:
    """On the smallest screen not even where a word in each blank is longer than a line."""
    urls = asked(page)
    page.goto(name)
    wide = {}
    for width in (LARGE[0], 768, SMALL[0]):
        page.set_viewport_size({"width": width, "height": 640})
        wide[width] = page.evaluate("document.documentElement.scrollWidth")
    assert all(found <= width for width, found in wide.items()), wide
    typed = page.locator(".blank").evaluate_all(
        "(blanks, word) => blanks.map(blank => { blank.textContent = word })",
        "Donaudampfschifffahrtsgesellschaft" * 3,
    )
    assert bool(typed) == bool(re.fullmatch(r"(?:samples/.+/)?", name))
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL[0]
    assert urls
    assert [url for url in urls if not url.startswith(address)] == []


@every_sample
def test_forced_colours_keep_a_line_under_every_blank_and_mark_the_choice(
    sample: Sample, page: Page
) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"samples/{sample.id}/")
    page.locator(".blank").first.fill("filled")
    lines = page.locator(".blank").evaluate_all(
        "blanks => blanks.map(blank => getComputedStyle(blank))"
        ".map(s => [s.borderBottomStyle, parseFloat(s.borderBottomWidth)])"
    )
    borders = page.locator(".pick label").evaluate_all(
        "labels => labels.map(l => [l.querySelector('input').checked,"
        " parseFloat(getComputedStyle(l).borderTopWidth)])"
    )
    page.emulate_media(forced_colors="none")
    assert lines
    assert all(style != "none" and width >= 1 for style, width in lines)
    assert all((width > 1) == checked for checked, width in borders)


# On paper.


@every_sample
def test_a_printed_sample_is_one_sheet_with_its_first_letter_and_nothing_to_press(
    sample: Sample, page: Page
) -> None:
    """Of the letter's lines all are there that stand in it, and no other, with their labels."""
    page.goto(f"samples/{sample.id}/")
    pressed = ".to-menu, .imprint, .pick label, .bar li, .take a, .proof-says"
    words = {markup.squeezed(text) for text in page.locator(pressed).all_text_contents()} - {""}
    menu = markup.squeezed(page.locator(".menu").text_content() or "")
    [sheet] = pypdfium2.PdfDocument(page.pdf(**markup.SHEET))
    text = markup.squeezed(sheet.get_textpage().get_text_bounded())
    letter = next(blanks.letters(sample))
    first = markup.squeezed(blanks.body(letter))
    for line in (line for paragraph in sample.paragraphs for line in paragraph.lines):
        for part in line.parts:
            said = markup.squeezed(part if isinstance(part, str) else part.field.label)
            if line.stands(letter.picks):
                assert said in text
            elif len(said) > 20 and said not in first:
                assert said not in text
    assert len(words) > 5
    assert {each for each in words if len(each) > 8 and each in text} == set()
    assert not text.endswith(menu)
