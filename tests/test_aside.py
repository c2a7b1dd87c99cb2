"""What macros made passes through Markdown as it is; what they left links to is still known."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown import Markdown
from markdown.preprocessors import Preprocessor
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from macros.web import aside, render

from .conftest import ROOT, content

LIBRARY = content()
RENDERER = render.Renderer(LIBRARY)
BLOCKS = {
    **{f"form {form.id}": RENDERER.form(form) for form in LIBRARY.forms.values()},
    **{name: getattr(RENDERER, name)() for name in ("surveys", "samples", "chooser")},
    "letter": RENDERER.letter(LIBRARY.samples["thank-you-note"]),
    "with marks": "<p>*a* `b` &lt; 'c' [d](e) {{ f }} \\1</p>",
}
PAGE = "# Title\n\nThe *first* 'words'.\n\n{block}\n\n- one\n- two\n"


def lines(html: str) -> list[str]:
    return [line for line in html.split("\n") if line and not line.startswith("<!--")]


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_comes_out_as_it_went_in_and_as_markdown_leaves_it(name: str) -> None:
    html = BLOCKS[name]
    page = PAGE.format(block=aside.block(lambda: html)())
    made = Markdown(extensions=["smarty", "toc", aside.Aside()]).convert(page)
    assert lines(made) == lines(Markdown(extensions=["smarty", "toc"]).convert(page))
    assert html in made
    assert "<!--" not in made


def test_blocks_of_one_page_do_not_stand_on_the_next() -> None:
    md = Markdown(extensions=[aside.Aside()])
    for words in ("first", "second"):
        html = f"<p>{words}</p>"
        assert md.reset().convert(aside.block(lambda html=html: html)()).strip() == html


def test_what_looks_for_anchors_sees_those_of_blocks_and_little_else() -> None:
    seen: list[str] = []

    class Looks(Preprocessor):
        def run(self, lines: list[str]) -> list[str]:
            seen.extend(lines)
            return lines

    md = Markdown(extensions=[aside.Aside()])
    md.preprocessors.register(Looks(md), "as MkDocs does", 21)
    md.convert(aside.block(lambda: '<p id="a">Words</p>\n<i class="x" id="b"></i>')())
    assert "".join(seen) == '<!-- made 0 --><a id="a"><a id="b">'


def test_mkdocs_knows_the_anchors_of_blocks(tmp_path: Path) -> None:
    config = load_config(str(ROOT / "mkdocs.yml"), plugins=[], hooks=[])
    config.markdown_extensions.append(aside.Aside())
    made = aside.block(lambda: BLOCKS["surveys"])()
    (tmp_path / "a.md").write_text(f"{made}\n\n## Last", "utf-8")
    file = File("a.md", str(tmp_path), config.site_dir, use_directory_urls=True)
    page = Page(None, file, config)
    page.read_source(config)
    page.render(config, Files([file]))
    assert set(LIBRARY.evidence.surveys) | {"last"} <= page.present_anchor_ids
