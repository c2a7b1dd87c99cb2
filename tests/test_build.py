"""The whole build of a folder: what a mistake says and leaves alone, and what a new file adds."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml

from macros import blanks

from . import markup
from .conftest import ROOT

NEW = """---
title: A new note
situation: You met the night shift
group: after-the-interview
channel: email
send: {within: 24 hours, of: the interview}
subject: Thank you for the [Position] interview
---

"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Path:
    """Return a copy of the project with its last good site, which all tests share."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("docs", "macros", "overrides"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*")
        )
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    for name in ("mkdocs.yml", "Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy2(ROOT / name, folder / name)
    shutil.copytree(site, folder / "site")
    return folder


@pytest.fixture
def docs(project: Path) -> Path:
    """Return the copy's pages and data, as good as the project's own."""
    shutil.rmtree(project / "docs")
    shutil.copytree(ROOT / "docs", project / "docs")
    return project / "docs"


def make(project: Path, *settings: str) -> subprocess.CompletedProcess[str]:
    """Run `make site` in *project*, without the book, with the programs that run these tests."""
    programs = Path(sys.executable).parent
    return subprocess.run(
        [
            "make",
            "--silent",
            f"--old-file={programs / 'ready'}",
            "site",
            f"BIN={programs}",
            *settings,
        ],
        cwd=project,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "MAKEFLAGS": "", "HANDBOOK": "no"},
        capture_output=True,
        text=True,
        check=False,
    )


def said(result: subprocess.CompletedProcess[str], place: str = "docs/") -> list[str]:
    """Return the lines of a build that say where something is wrong."""
    return [line for line in result.stdout.splitlines() if line.startswith(place)]


def files(folder: Path) -> dict[str, str]:
    """Return every file below *folder* with its content's hash."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_mistakes_in_several_files_are_told_and_the_last_good_site_stays(
    project: Path, docs: Path
) -> None:
    before = files(project / "site")
    assert "index.html" in before
    good = (docs / "samples" / "thank-you-note.md").read_text("utf-8")
    (docs / "samples" / "thank-you-note.md").write_text(
        good.replace("[Interviewer]", "[Interviewr]", 1).replace("channel: email", "channel: fax"),
        "utf-8",
    )
    (docs / "samples" / "empty.md").write_text(NEW + "{% call letter() %}\n{% endcall %}\n")
    (docs / "samples" / "latin.md").write_bytes("Ren\xe9e".encode("latin-1"))
    (docs / "_data" / "forms" / "odd.yml").write_text("title: Odd\nsections: none\n")
    result = make(project)
    number = {
        text: 1 + good[: good.index(text)].count("\n")
        for text in ("channel: email", "[Interviewer]")
    }
    assert said(result) == [
        "docs/_data/forms/odd.yml:2: 'sections' is 'none', not a list. Write it like [one, two].",
        "docs/samples/empty.md:10: the letter is empty. Write it.",
        "docs/samples/latin.md:1: byte 0xe9 is not UTF-8. Save the file as UTF-8.",
        f"docs/samples/thank-you-note.md:{number['channel: email']}: unknown channel 'fax'. "
        "Use one of: 'card', 'email', 'message'.",
        f"docs/samples/thank-you-note.md:{number['[Interviewer]']}: "
        "unknown blank '[Interviewr]'. Did you mean 'Interviewer'?",
    ]
    assert result.returncode != 0
    assert "Traceback" not in result.stdout + result.stderr
    assert files(project / "site") == before


SLIPS = {
    '{{ form("debreif") }}': "unknown form 'debreif'. Did you mean 'debrief'?",
    "{{ form() }}": "'form' takes 1 texts, not 0. Write form(id).",
    "{{ chosser() }}": "unknown macro 'chosser'. Did you mean 'chooser'?",
    "{% if %}": (
        "template code can't be read: Expected an expression, got 'end of statement block'. "
        "Mend it, or write braces as {{ '{{' }}."
    ),
    "{% call letter() %}\n{% endcall %}": (
        "a letter stands on a page that is no sample. Link to its page."
    ),
    '    {{ form("debrief") }}': (
        "'form' stands in an indented block, where Markdown breaks its HTML. "
        "Call it at the left edge of the page."
    ),
}
"""What a writer may get wrong on a page, and what the build says of it."""


def test_slips_in_the_macros_of_pages_are_told_and_the_last_good_site_stays(
    project: Path, docs: Path
) -> None:
    """Each stands at the end of a page of its own; a letter that breaks a tip is told with them."""
    before = files(project / "site")
    note = docs / "samples" / "thank-you-note.md"
    text = note.read_text("utf-8")
    note.write_text(text.replace("[A moment from the interview]", "the friendly team"), "utf-8")
    told = []
    for page, (slip, line) in zip(sorted(docs.glob("*.md")), SLIPS.items(), strict=False):
        number = page.read_text("utf-8").count("\n") + 2
        page.write_text(f"{page.read_text('utf-8')}\n{slip}\n", "utf-8")
        told.append(f"docs/{page.name}:{number}: {line}")
    assert len(told) == len(SLIPS)
    result = make(project)
    letters = [line for line in said(result) if "does not follow 'Be specific'" in line]
    assert letters
    assert said(result) == letters + told
    assert result.returncode != 0
    assert "Traceback" not in result.stdout + result.stderr
    assert files(project / "site") == before


def test_a_letter_that_no_longer_follows_a_tip_stops_the_next_build(
    project: Path, docs: Path
) -> None:
    """What was proven of other words, in a file of the same size and time, is not believed."""
    assert make(project).returncode == 0
    before = files(project / "site")
    page = docs / "samples" / "thank-you-note.md"
    good, text = page.stat(), page.read_text("utf-8")
    moment = next(line for line in text.splitlines() if "[A moment from the interview]" in line)
    page.write_text(text.replace(moment, "It was all very nice.".ljust(len(moment))), "utf-8")
    os.utime(page, ns=(good.st_atime_ns, good.st_mtime_ns))
    assert page.stat().st_size == good.st_size
    result = make(project)
    assert result.returncode != 0
    assert any("does not follow 'Be specific'" in line for line in said(result))
    assert files(project / "site") == before


@pytest.mark.usefixtures("docs")
def test_a_slip_in_the_answers_is_told_and_the_last_good_site_stays(project: Path) -> None:
    before = files(project / "site")
    mine = project / "mine.yml"
    mine.write_text("Intervewer: x\nHow you met: By vido\n", "utf-8")
    result = make(project, "ANSWERS=mine.yml")
    assert said(result, "mine.yml") == [
        "mine.yml:1: unknown blank '[Intervewer]'. Did you mean 'Interviewer'?",
        "mine.yml:2: '[How you met]' has no option 'By vido'. Did you mean 'By video'?",
    ]
    assert result.returncode != 0
    result = make(project, "ANSWERS=nowhere.yml")
    assert said(result, "nowhere") == ["nowhere.yml: no such file. Check the name."]
    mine.write_text('Company: "a\\u202eb"\n', "utf-8")
    result = make(project, "ANSWERS=mine.yml")
    assert said(result, "[Company]") == [
        "[Company]: holds U+202E, which nobody can see. Type the answer again."
    ]
    assert "Traceback" not in result.stdout + result.stderr
    assert files(project / "site") == before
    mine.unlink()


def test_git_ignores_what_a_reader_fills_in(tmp_path: Path) -> None:
    shutil.copy2(ROOT / ".gitignore", tmp_path)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    names = ["mine.yml", "mine-2.yml", "answers.yml", "my-handbook.pdf", "letters/a.txt", "site/x"]
    ignored = subprocess.run(
        ["git", "check-ignore", *names, "mkdocs.yml", "docs/take.md"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ignored.stdout.splitlines() == names


def test_a_link_to_nowhere_stops_the_build_and_the_last_good_site_stays(
    project: Path, docs: Path
) -> None:
    before = files(project / "site")
    page = docs / "samples" / "thank-you-note.md"
    text = page.read_text("utf-8")
    page.write_text(text + "\n[Lost](nowhere.md)\n", "utf-8")
    result = make(project)
    assert result.returncode != 0
    assert said(result) == [
        f"docs/samples/thank-you-note.md:{text.count(chr(10)) + 2}: leads to 'nowhere.md', "
        "which is not there. Take the link out, or mend it."
    ]
    assert "Traceback" not in result.stderr
    assert files(project / "site") == before


TAKEN = ("whole-panel", "thank-you-note")


def test_samples_that_are_taken_out_are_named_wherever_they_are_still_meant(
    project: Path, docs: Path
) -> None:
    """Once nothing means them any more, the site is whole without them."""
    for taken in TAKEN:
        (docs / "samples" / f"{taken}.md").unlink()
    mended = {}
    for page in sorted(docs.rglob("*.md")):
        without = text = page.read_text("utf-8")
        for taken in TAKEN:
            link = re.compile(rf"\[([^\]]*)\]\([\w./]*\b{taken}\.md[^)]*\)")
            related = re.compile(rf"^(related: .*?)(?:, {taken}\b|\b{taken}, |\b{taken}\b)", re.M)
            desk = re.compile(rf"\bdesk\(\"{taken}\"\)")
            without = desk.sub('desk("first-nudge")', related.sub(r"\1", link.sub(r"\1", without)))
        if without != text:
            mended[page] = without
    assert all(any(taken in page.read_text("utf-8") for page in mended) for taken in TAKEN)
    told: set[Path] = set()
    while (result := make(project)).returncode:
        assert "Traceback" not in result.stdout + result.stderr
        lines = said(result)
        assert lines
        assert [line for line in lines if not re.search("|".join(TAKEN), line)] == []
        pages = {project / line.partition(":")[0] for line in lines}
        assert not told & pages
        told |= pages
        for page in pages:
            page.write_text(mended[page], "utf-8")
    assert told == set(mended)
    assert not any((project / "site" / "samples" / taken).exists() for taken in TAKEN)


TITLE = "R&D <night> “shift”"
ODD = """<img src=x onerror="alert(1)"> R&D &lt;b&gt; *a* _b_ `c` 'd' </p> # \u200fשלום"""


@pytest.fixture(scope="module")
def enlarged(project: Path) -> Path:
    """Return the site with two more letters, one of which looks like code wherever it can."""
    docs = project / "docs"
    shutil.rmtree(docs)
    shutil.copytree(ROOT / "docs", docs)
    source = (docs / "samples" / "thank-you-note.md").read_text("utf-8")
    title = next(line for line in source.splitlines() if line.startswith("title:"))
    (docs / "samples" / "brand-new.md").write_text(
        source.replace(title, "title: 'R&D <night> \"shift\"'", 1), "utf-8"
    )
    front, page = source.removeprefix("---\n").split("---\n", 1)
    keys = {**yaml.safe_load(front), "title": ODD, "situation": ODD, "description": ODD}
    words = page.replace(" the interview].", f" the interview]. {ODD}.", 1)
    assert ODD in words
    (docs / "samples" / "odd.md").write_text(
        f"---\n{yaml.safe_dump(keys, allow_unicode=True)}---\n{words}", "utf-8"
    )
    result = make(project)
    assert (result.returncode, said(result)) == (0, [])
    return project / "site"


def test_a_new_file_is_a_page_in_the_navigation_and_in_every_list(enlarged: Path) -> None:
    site = enlarged

    def links(page: str, place: str) -> set[str]:
        """Return what the links to the new sample say in the *place* of a page so named."""
        tree = markup.document((site / page / "index.html").read_bytes())
        return {
            "".join(link.itertext())
            for part in tree.iter()
            if place in (part.tag, part.get("aria-label"))
            for link in part.iter("a")
            if urljoin(f"/{page}", link.get("href")) == "/samples/brand-new/"
        }

    assert TITLE in links("samples/brand-new/", "All sections")
    assert links("samples/", "article") == {TITLE}
    assert links("", "article") == {f"{TITLE}: its own page, with advice"}
    page = markup.document((site / "samples" / "brand-new" / "index.html").read_bytes())
    assert ["".join(heading.itertext()).strip() for heading in page.iter("h1")] == [TITLE]
    assert [title.text for title in page.iter("title") if title.text] == [
        f"{TITLE} · After the Interview"
    ]
    entries = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    (entry,) = [entry for entry in entries if entry["location"] == "samples/brand-new/"]
    shown = markup.fragment(entry["title"])
    assert ("".join(shown.itertext()), len(shown)) == (TITLE, 0)


def test_a_text_that_looks_like_code_stands_as_text_on_the_built_page(enlarged: Path) -> None:
    built = markup.document((enlarged / "samples" / "odd" / "index.html").read_bytes())
    article = next(built.iter("article"))
    assert not {"img", "script", "code", "em"} & {
        part.tag for part in next(article.iter("form")).iter()
    }
    printed = blanks.curl(ODD)
    assert [markup.text(part) for part in article.iter("h1")] == [printed]
    lead, *_ = (part for part in article.iter("p") if part.get("class") == "lead")
    assert markup.text(lead).startswith(f"{printed}. Send it")
    (letter,) = (part for part in article.iter() if part.get("data-letter") == "odd")
    assert markup.text(letter).count(f" . {printed}. ") == 1
    (about,) = (part for part in built.iter("meta") if part.get("name") == "description")
    assert about.get("content") == printed
