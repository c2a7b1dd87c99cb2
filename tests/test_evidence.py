"""Evidence: what the file may say, and what pages may say about it."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from xml.etree import ElementTree

import markdown
import pytest

from macros.content import evidence
from macros.content import library as load
from macros.content.evidence import LABEL, RAW
from macros.content.files import Files
from macros.model import Chart, Disagreement, Library, Source, Survey
from macros.web.render import Renderer

from . import markup
from .conftest import ROOT, content

EVIDENCE = content().evidence
KNOWN = """\
sources:
  poll: {by: A Firm, title: A poll, url: "https://example.org/poll", seen: 2026-11-23}
surveys:
  firm:
    title: A Firm, 2020
    asker: A firm
    asked: Managers
    sample: "100"
    when: "2020"
    question: Whether.
    limits: It is an opinion.
    figures:
      for: {value: 22, says: said yes}
      against: {value: 7, about: nearly, says: said no}
    sources: [poll]
charts:
  both: {title: Both, note: Side by side., bars: {firm-for: "Yes", firm-against: "No"}}
disagreements:
  when:
    question: When?
    positions: [{says: Now., sources: [poll]}, {says: Later., sources: [poll]}]
    advice: Now, said {firm-for}.
    reason: It is sooner.
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder with a small evidence file and one page."""
    folder = tmp_path / "docs"
    (folder / "_data").mkdir(parents=True)
    (folder / "_data" / "evidence.yml").write_text(KNOWN, "utf-8")
    return folder


def mistakes(docs: Path) -> list[str]:
    files = Files(docs.parent)
    evidence.read(files, docs)
    return files.mistakes


def test_a_folder_without_evidence_has_none(tmp_path: Path) -> None:
    files = Files(tmp_path)
    assert (evidence.read(files, tmp_path).figures, files.mistakes) == ({}, [])


def test_the_file_may_quote_its_own_figures(docs: Path) -> None:
    found = evidence.read(Files(docs.parent), docs)
    assert found.disagreements["when"].advice == "Now, said 22%."
    assert [str(figure) for figure in found.figures.values()] == ["22%", "nearly 7%"]


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        (
            "value: 22",
            "value: 122",
            "13: 'surveys.firm.figures.for.value' is 122. It should be less than or equal to 100.",
        ),
        (
            "limits: It is an opinion.",
            "limits: Only 22% answered.",
            "11: '22%' is a figure written out. Quote it as {its-id}.",
        ),
        (
            "said {firm-for}",
            "said {firm-fur}",
            "22: figure 'firm-fur' is unknown. Did you mean 'firm-for'?",
        ),
        (
            'firm-against: "No"',
            'firm-agianst: "No"',
            "17: figure 'firm-agianst' is unknown. Did you mean 'firm-against'?",
        ),
        (
            'firm-against: "No"',
            'firm-against: "No, not ever and not in the least"',
            "17: label 'No, not ever and not in the least' and its figure are too long "
            f"for a small screen. Cut them to {LABEL} characters.",
        ),
        (
            "sources: [poll]}, {says: Later",
            "sources: [pool]}, {says: Later",
            "21: source 'pool' is unknown. Did you mean 'poll'?",
        ),
        (
            # The same words stand further up, where they are right.
            "advice: Now, said {firm-for}.",
            "advice: Now, said {A}.",
            "22: figure 'A' is unknown. Use one of: 'firm-against', 'firm-for'.",
        ),
        (
            "surveys:\n",
            '  other: {by: B, title: B, url: "https://example.org", seen: 2026-11-23}\nsurveys:\n',
            "3: source 'other' is cited nowhere. Cite it or delete it.",
        ),
        (
            "https://example.org/poll",
            "example.org/…",
            "2: 'sources.poll.url' is 'example.org/…', not a full address. "
            "Write all of it, from https:// on.",
        ),
        (
            ", seen: 2026-11-23",
            "",
            "2: 'sources.poll.seen' is missing. Add 'seen: …'.",
        ),
        (
            "    limits: It is an opinion.\n",
            "",
            "4: 'surveys.firm.limits' is missing. Add 'limits: …'.",
        ),
    ],
)
def test_a_mistake_in_the_file_is_one_clear_line(
    docs: Path, old: str, new: str, mistake: str
) -> None:
    text = KNOWN.replace(old, new, 1)
    (docs / "_data" / "evidence.yml").write_text(text, "utf-8")
    assert mistakes(docs) == [f"docs/_data/evidence.yml:{mistake}"]


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        (
            "In a poll 22% said yes.",
            "'22%' is a figure written out. "
            'Enter it in docs/_data/evidence.yml and quote it with {{ figure("…") }}.',
        ),
        (
            'So {{ figure("firm-far") }} did.',
            "figure 'firm-far' is unknown. Did you mean 'firm-for'?",
        ),
        ("{{ survey_chart('bot') }}", "survey_chart 'bot' is unknown. Did you mean 'both'?"),
        ('{{ disagreement("wen") }}', "disagreement 'wen' is unknown. Did you mean 'when'?"),
        ('{{ source("pol") }}', "source 'pol' is unknown. Did you mean 'poll'?"),
    ],
)
def test_a_page_can_neither_write_out_a_figure_nor_invent_one(
    docs: Path, line: str, mistake: str
) -> None:
    (docs / "page.md").write_text(f"# Page\n\n{line}\n", "utf-8")
    assert mistakes(docs) == [f"docs/page.md:3: {mistake}"]


def test_what_a_page_may_quote_is_quoted_without_a_mistake(docs: Path) -> None:
    calls = ('figure("firm-for")', "survey_chart('both')", 'disagreement("when")', 'source("poll")')
    text = "\n\n".join(f"{{{{ {call} }}}}" for call in calls)
    (docs / "page.md").write_text(text, "utf-8")
    assert mistakes(docs) == []


def test_all_mistakes_come_out_with_those_of_other_files(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    (docs / "_data").mkdir(parents=True)
    (docs / "page.md").write_text("One in five did.", "utf-8")
    with pytest.raises(load.ContentError) as caught:
        load.library(docs)
    assert [mistake.partition(":")[0] for mistake in caught.value.mistakes] == [
        "docs/_data/vocabulary.yml",
        "docs/page.md",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "22%",
        "22 %",
        "3.5 percent",
        "88 per cent",
        "eighty per cent",
        "eighty-eight percent",
        "one in five",
        "nine out of ten",
        "1 in 5",
        "half of employers",
        "two thirds of all managers",
        "a quarter of the hiring managers",
        "2,800 US employers",
        "358 recruiters",
    ],
)
def test_a_written_out_figure_is_recognised(text: str) -> None:
    assert RAW.search(f"In a poll {text} agreed.")


@pytest.mark.parametrize(
    "text",
    [
        "within 24 hours of the interview",
        "60 to 150 words",
        "one in 24 hours",
        "in two taps",
        "In 2017 managers were asked",
        "the 1,000 largest companies",
        "a quarter of an hour",
        "one or two working days",
        "5 to 7 days",
        "three interviewers, three letters",
        "so much per cent",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not RAW.search(text)


@pytest.mark.parametrize("survey", EVIDENCE.surveys.values(), ids=lambda survey: survey.id)
def test_every_survey_has_a_source_that_was_seen(survey: Survey) -> None:
    assert all(source.seen.year >= 2026 for source in survey.sources)


@pytest.mark.parametrize("source", EVIDENCE.sources.values(), ids=lambda source: source.id)
def test_no_address_is_listed_twice(source: Source) -> None:
    assert [other.id for other in EVIDENCE.sources.values() if other.url == source.url] == [
        source.id
    ]


@pytest.mark.parametrize("box", EVIDENCE.disagreements.values(), ids=lambda box: box.id)
def test_both_sides_of_a_disagreement_are_said_differently(box: Disagreement) -> None:
    says = [position.says for position in box.positions]
    assert len(set(says)) == len(says) >= 2


@pytest.mark.parametrize("chart", EVIDENCE.charts.values(), ids=lambda chart: chart.id)
def test_a_chart_draws_and_says_the_same(chart: Chart, library: Library) -> None:
    page = ElementTree.fromstring(Renderer(library).survey_chart(chart.id))
    table = page.find("table")
    title = page.find("p")
    assert table is not None
    assert title is not None
    assert (title.text, title.get("id")) == (chart.title, table.get("aria-labelledby"))
    rows = list(table.iter("tr"))[1:]
    said = [(markup.text(row[0]), markup.text(row[1])) for row in rows]
    assert said == [(label, str(figure)) for label, figure in chart.bars]
    drawn = [[dot.attrib["cx"] for dot in row.iter("circle")] for row in rows]
    assert drawn == [[f"{figure.value}%"] for _, figure in chart.bars]
    leads = [next(row.iter("a")).attrib["href"] for row in rows]
    assert leads == [f"#{figure.survey}" for _, figure in chart.bars]
    assert all(picture.get("aria-hidden") for picture in page.iter("svg"))


@pytest.mark.parametrize("chart", EVIDENCE.charts.values(), ids=lambda chart: chart.id)
def test_a_chart_has_no_colour_of_its_own(chart: Chart, library: Library) -> None:
    page = ElementTree.fromstring(Renderer(library).survey_chart(chart.id))
    colours = {part.get(name) for part in page.iter() for name in ("fill", "stroke", "style")}
    assert colours == {None}


@pytest.mark.parametrize(
    ("page", "address"),
    [("why-follow-up.md", "evidence.md"), ("samples/withdraw.md", "../evidence.md")],
)
def test_a_figure_in_a_sentence_leads_to_its_survey(
    page: str, address: str, library: Library
) -> None:
    figure = library.evidence.figures["careerbuilder-2005-not-hire"]
    link = Renderer(library).figure(figure.id, PurePath(page))
    ((shown,),) = markup.fragment(markdown.markdown(link))
    assert (shown.text, shown.attrib) == (
        "nearly 15%",
        {"href": f"{address}#careerbuilder-2005", "title": "CareerBuilder, 2005"},
    )


def test_every_page_is_free_of_raw_percentages() -> None:
    pages = sorted((ROOT / "docs").rglob("*.md"))
    found = [
        f"{page.name}: {match[0]}"
        for page in pages
        for match in re.finditer(r"\d+\s*(%|per ?cent)", page.read_text("utf-8"))
    ]
    assert (bool(pages), found) == (True, [])


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_a_figure_in_a_sentence_names_who_asked_and_when(page: Path) -> None:
    for paragraph in page.read_text("utf-8").split("\n\n"):
        for id in re.findall(r'figure\("([^"]+)"\)', paragraph):
            survey = EVIDENCE.surveys[EVIDENCE.figures[id].survey]
            firm, *_, year = survey.title.split(", ")
            assert firm in paragraph, (survey.title, paragraph)
            assert year in paragraph, (survey.title, paragraph)
