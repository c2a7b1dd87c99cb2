"""Whatever a text holds comes out as text: nowhere as markup, template code or Markdown.

A small library is made twice, once with harmless words and once with whatever hypothesis
thinks of.  Each macro's HTML, after Markdown has had its turn at it, must be the harmless
page with the words exchanged: the same elements, the same attributes, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from inspect import signature
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import markdown
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from mkdocs.utils import meta

from macros import blanks, takes
from macros.content import library as load
from macros.content import samples
from macros.content.files import Files
from macros.model import (
    Adaptation,
    Blank,
    Chart,
    Choice,
    Disagreement,
    Evidence,
    Example,
    Field,
    Figure,
    Finding,
    Form,
    Library,
    Line,
    Option,
    Paragraph,
    Position,
    Rumour,
    Sample,
    Section,
    Source,
    Span,
    Stance,
    Survey,
    Tip,
    Vocabulary,
    Widget,
    Window,
)
from macros.web import render

from . import markup
from .test_library import docs, mistakes

__all__ = ["docs"]

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</span></p></form></article><h1>",
    '" onfocus="alert(1)" x="',
    "' onfocus='alert(1)",
    "R&D &lt;b&gt; &amp; &copy; &#60;b&#62;",
    "{{ 7 * 7 }}",
    "{% raw %}{% include 'x' %}{# #}",
    "*one* _two_ **three** `four` ~~five~~",
    "[a](javascript:alert(1)) ![b](c) <https://example.org>",
    "# one",
    "1. one",
    "- - -",
    "    four spaces",
    "a | b\\* \\<",
    "https://example.org/?a=b&c=d#e",
    "\u200fשלום\u200e \u061cمرحبا",
    "<!-- a --> <![CDATA[ b ]]> <?php",
    "wzxhzdk:0 klzzwxh:0000 \\x02",
    "Zoë Ω ß ﬁ 👩\u200d🔧",
    "%s %(x)s {x} $x ${x}",
)
"""What HTML, Jinja, Markdown or a formatter might take for more than text."""

TEXTS = (st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), max_size=30)).map(
    lambda text: " ".join(blanks.clean(text).split()) or "-"
)
"""What the loader lets through as one line."""


def library(words: Callable[[], str]) -> Library:
    """Return a library with one of everything, each of its texts one of *words*."""
    who = Field(words(), words(), "who", autocomplete="name", signs=True)
    what = Field(words(), words(), "what", Widget.TEXTAREA, concrete=True, lines=2)
    fields = [
        who,
        what,
        *(
            Field(words(), words(), f"f-{widget}", widget, options=(words(), words()))
            for widget in Widget
        ),
    ]
    tone = Choice("tone", words(), (Option("warm", words()), Option("formal", words())))
    window = Window(words(), Span(24, "hour"))
    tips = {
        id: Tip(
            id,
            words(),
            words(),
            words(),
            adaptations={"late": Adaptation(words(), ())},
            follows=(Example(words()),),
            breaks=(Example(words(), words()),),
        )
        for id in ("be-prompt", "be-specific")
    }
    proven, said = words(), words()
    samples = {
        id: Sample(
            id=id,
            path=f"docs/samples/{id}.md",
            title=words(),
            situation=words(),
            group="after",
            channel="email",
            send=(window,),
            subject=(f"{words()} ", Blank(who), f" {words()}"),
            paragraphs=(
                Paragraph((Line((f"{words()} ", Blank(what), f" {said}")),)),
                Paragraph(
                    (
                        Line((proven,), ("tone", "warm")),
                        Line((words(),), ("tone", "formal")),
                    )
                ),
                Paragraph((Line((words(),)), Line((Blank(who),))), flows=False),
            ),
            choices=(tone,),
            stances=(Stance("be-prompt", "late", words()), Stance("be-specific")),
            words=(1, 100),
            to=words(),
            related=("one",) if id == "two" else (),
            leave_out=(words(),),
        )
        for id in ("one", "two")
    }
    finding = {"be-specific": Finding("be-specific", True, (proven, said))}
    proofs = {id: {(("tone", option.value),): finding for option in tone.options} for id in samples}
    source = Source("s", words(), words(), "https://example.org/", date(2026, 1, 2), words())
    figure = Figure("f", "v", 22, words(), words())
    survey = Survey("v", *(words() for _ in range(7)), (figure,), (source,))
    known = Evidence(
        {"s": source},
        {"v": survey},
        {"f": figure},
        {"c": Chart("c", words(), words(), ((words(), figure),))},
        (Rumour(words(), words(), words(), (source,)),),
        {"d": Disagreement("d", words(), (Position(words(), (source,)),), words(), words())},
    )
    return Library(
        Vocabulary(
            {field.label: field for field in fields},
            {"tone": tone},
            {"after": words()},
            {window.of: words()},
            {"email": words()},
            {"video": words()},
        ),
        tips,
        {"f": Form("f", words(), (Section(words(), tuple(fields), words()),), words())},
        samples,
        proofs=proofs,
        evidence=known,
    )


SINKS: dict[str, Callable[[render.Renderer], str]] = {
    "take": lambda made: made.take("espanso"),
    "letter": lambda made: made.letter(made.library.samples["two"]),
    "form": lambda made: made.form(made.library.forms["f"]),
    "samples": lambda made: made.samples(),
    "desk": lambda made: made.desk("two"),
    "shelves": lambda made: made.shelves(),
    "index": lambda made: made.index(),
    "chooser": lambda made: made.chooser(),
    "timeline": lambda made: made.timeline(),
    "subject_lines": lambda made: made.subject_lines(),
    "tip_cards": lambda made: made.tip_cards(),
    "proof": lambda made: made.proof(),
    "survey_chart": lambda made: made.survey_chart("c"),
    "surveys": lambda made: made.surveys(),
    "rumours": lambda made: made.rumours(),
    "disagreement": lambda made: made.disagreement("d"),
    "references": lambda made: made.references(),
    "source": lambda made: f"In a sentence, {made.source('s')} stands so.",
    "figure": lambda made: f"In a sentence, {made.figure('f', Path('a.md'))} stands so.",
}
"""Every macro that pages call."""


def page(html: str) -> markup.Tree:
    """Return what Markdown makes of *html* in the middle of a page, parsed strictly."""
    text = f"# Title\n\nSome *words*.\n\n{html}\n\nMore *words*.\n"
    made = markdown.Markdown(extensions=["toc", "tables", "fenced_code"]).convert(text)
    return markup.tree(markup.fragment(made, "article"))


def counted() -> Callable[[], str]:
    """Return a function that gives a new harmless word each time."""
    words = (f"word{number}x" for number in range(10_000))
    return lambda: next(words)


def exchanged(tree: markup.Tree, words: dict[str, str]) -> markup.Tree:
    """Return *tree* with each harmless word exchanged, and its places counted, not measured."""
    places: dict[str, str] = {}

    def text(old: str) -> str:
        # A postmark is in capitals; a link writes its words its own way.
        if old.startswith("mailto:"):
            old = unquote(old)
        new = re.sub(r"word\d+x", lambda found: words[found[0].lower()], old, flags=re.IGNORECASE)
        if place := re.fullmatch(r"(#?)line-\d+-\d+", new):
            new = place[1] + places.setdefault(new.removeprefix("#"), f"place-{len(places)}")
        return " ".join(new.upper().casefold().split())

    def part(tree: markup.Tree) -> markup.Tree:
        tag, attributes, parts = tree
        return (
            tag,
            {name: text(value) for name, value in attributes.items()},
            [text(each) if isinstance(each, str) else part(each) for each in parts],
        )

    return part(tree)


def macros() -> dict[str, Callable[..., str]]:
    """Return all macros that the edge gives to pages."""
    from macros import define_env

    class Host:
        """A site generator that only listens."""

        conf: dict[str, object] = {
            "docs_dir": str(Path(__file__).parent.parent / "docs"),
            "nav": None,
            "markdown_extensions": [],
        }
        page = None
        variables: dict[str, object] = {}

        def macro(self, function: Callable[..., str], name: str) -> None:
            found[name] = function

    found: dict[str, Callable[..., str]] = {}
    define_env(Host())  # type: ignore[arg-type]
    return found


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where templates are compiled once for all renderers."""
    return tmp_path_factory.mktemp("compiled")


def test_every_macro_is_tried_here() -> None:
    assert macros().keys() == SINKS.keys()


def test_pages_are_checked_against_what_macros_take() -> None:
    taken = {
        name: [each for each in signature(macro).parameters if each != "caller"]
        for name, macro in macros().items()
    }
    assert takes() == taken


@settings(max_examples=20)  # each tries up to a dozen texts at once, in every macro
@given(texts=st.lists(TEXTS, min_size=1, max_size=12), start=st.integers(0, 50))
def test_a_page_is_the_same_whatever_its_words(
    compiled: Path, texts: list[str], start: int
) -> None:
    harmless = counted()
    words: dict[str, str] = {}

    def hostile() -> str:
        # Each word has its number, since labels and titles must differ.
        word = harmless()
        number = len(words)
        words[word] = f"{texts[(start + number) % len(texts)]} {number}."
        return words[word]

    with pytest.MonkeyPatch.context() as whole:
        # What is cut short, or taken word by word, can't be exchanged text for text.
        whole.setattr(render, "brief", lambda quote: quote)
        whole.setattr(render, "index", lambda library: {})
        mean = render.Renderer(library(hostile), kept=compiled)
        kind = render.Renderer(library(counted()), kept=compiled)
        for name, sink in SINKS.items():
            expected = exchanged(page(sink(kind)), words)
            assert (name, exchanged(page(sink(mean)), {})) == (name, expected)


@given(st.text())
def test_words_of_the_index_hold_no_markup(text: str) -> None:
    made = library(lambda: "word")
    one, *_ = made.samples.values()
    named = replace(made, samples={one.id: replace(one, title=text, situation="")})
    assert all(re.fullmatch(r"[a-z]+(?:[-’'][a-z]+)*", word) for word in render.index(named))


@given(text=TEXTS, other=TEXTS)
def test_a_mail_link_holds_subject_and_letter_as_they_are(text: str, other: str) -> None:
    words = iter([text, other] * 500)
    made = library(lambda: next(words))
    for letter in blanks.letters(made.samples["one"]):
        query = urlsplit(render.mailto(letter)).query
        assert "+" not in query
        assert " " not in query
        assert dict(parse_qsl(query, strict_parsing=True)) == {
            "subject": blanks.subject(letter),
            "body": blanks.body(letter).replace("\n", "\r\n"),
        }


# Files: what YAML and front matter hold.


def sample(**changes: object) -> str:
    """Return a sample's source with some keys changed, as YAML writes them."""
    keys: dict[str, object] = {
        "title": "Note",
        "situation": "You met",
        "group": "after-the-interview",
        "channel": "card",
        "send": {"within": "24 hours", "of": "the interview"},
    }
    front = yaml.safe_dump({**keys, **changes}, allow_unicode=True)
    return f"---\n{front}---\n\n{{% call letter() %}}\nDear [Interviewer],\n{{% endcall %}}\n"


@given(text=st.text(max_size=40) | st.sampled_from(HOSTILE))
def test_a_title_is_read_as_it_was_written_or_refused(text: str) -> None:
    source = sample(title=text)
    files = Files(Path("project"))
    path = Path("project/docs/samples/note.md")
    front = source.split("---\n")[1]
    if "\n---" in front:
        return
    entry = files.entry(samples.SampleEntry, path, front, 2)
    if entry is None or files.mistakes:
        assert files.mistakes
        assert all("\n" not in mistake for mistake in files.mistakes)
    else:
        assert entry.title == blanks.curl(text.strip())
        assert meta.get_data(source)[1]["title"] == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_in_a_file_is_the_same_text_in_the_model(text: str, docs: Path) -> None:
    text = " ".join(text.split())
    printed = blanks.curl(text)
    change = {"title": text, "situation": text, "to": text, "leave-out": [text], "subject": "x"}
    (docs / "samples" / "note.md").write_text(sample(**change), "utf-8")
    words = yaml.safe_load((docs / "_data" / "vocabulary.yml").read_text("utf-8"))
    words["fields"]["Interviewer"]["hint"] = text
    words["groups"]["after-the-interview"] = text
    (docs / "_data" / "vocabulary.yml").write_text(yaml.safe_dump(words), "utf-8")
    if samples.TEMPLATE_CODE.search(text):
        assert {
            re.sub(r":\d+:.*is (template code).*", r" \1", line) for line in mistakes(docs)
        } == {"docs/samples/note.md template code"}
        (docs / "samples" / "note.md").write_text(sample(), "utf-8")
        one = load.library(docs)
    else:
        one = load.library(docs)
        note = one.samples["note"]
        assert {note.title, note.situation, note.to, *note.leave_out} == {printed}
    assert one.vocabulary.fields["Interviewer"].hint == printed
    assert one.vocabulary.groups["after-the-interview"] == printed


@given(text=st.text(max_size=60) | st.sampled_from(HOSTILE))
def test_no_text_between_the_letter_s_marks_is_run(text: str) -> None:
    """The page's template, run as MkDocs-Macros runs it, gives the text alone or is refused."""
    files = Files(Path("project"))
    page = f"{{% call letter() %}}\n{text}\n{{% endcall %}}\n"
    found = samples._letter(files, Path("project/docs/samples/note.md"), page, 1)
    if found is None:
        assert files.mistakes
        return
    said: list[str] = []
    Environment(keep_trailing_newline=True).from_string(page).render(
        letter=lambda caller: said.append(caller()) or ""
    )
    assert said == [f"\n{text}\n".replace("\r\n", "\n").replace("\r", "\n")]
