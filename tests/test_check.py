"""``follow-up check``: anybody's draft, in any shape, gets a verdict or one clear line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.checker import draft as drafts
from macros.cli.main import main
from macros.content import guide

GOOD = """Dear Ms Okoro,

Thank you for your time today and for considering me.
You asked what I would do with a boiler that sings, and I have thought of little else since.
I would love to join Harrow & Sons as an apprentice.

Best regards,
Jo Adeyemi
"""
COLD = "To whom it may concern, I was interviewed three weeks ago and have heard nothing."
TIPS = ("be-prompt", "be-specific", "reiterate-interest", "express-gratitude")


def check(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=given)


EARLIER = """We met three weeks ago.
I no longer want the job.
"""
"""What somebody else, or the writer, said before."""
SHAPES = {
    "one line": " ".join(GOOD.split()),
    "no greeting": GOOD.partition("\n\n")[2],
    "no signature": GOOD.partition("Best regards")[0],
    "capitals": GOOD.upper(),
    "small letters": GOOD.lower(),
    "curly quotes": GOOD.replace("I would", "I’d"),
    "entities": GOOD.replace("I would", "I&#39;d").replace("& ", "&amp;&nbsp;"),
    "windows line ends": GOOD.replace("\n", "\r\n"),
    "bullets": "Dear Ms Okoro,\n\n"
    + "\n".join(f"- {line}" for line in GOOD.splitlines()[2:5])
    + "\n\nJo",
    "a mail below": f"{GOOD}\n"
    f"On Mon, 2 Mar 2026 at 09:15, Ada Okoro\n<ada@example.org> wrote:\n\n{EARLIER}",
    "a quoted mail": GOOD + "".join(f"> {line}\n" for line in EARLIER.splitlines()),
    "a mail with its head below": f"{GOOD}\nFrom: Ada Okoro\nSent: 2 March 2026 09:15\n"
    f"To: Jo Adeyemi\nSubject: Interview\n\n{EARLIER}",
}
"""The same draft as people's programs and habits shape it."""


def verdicts(result: Result) -> list[dict[str, bool]]:
    """Return for each draft whether it follows each tip, as a machine reads it."""
    records = [json.loads(line) for line in result.stdout.splitlines()]
    return [{tip: found["follows"] for tip, found in record["tips"].items()} for record in records]


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_text(GOOD, "utf-8")
    return path


def test_a_draft_that_follows_every_tip_exits_with_0(draft: Path) -> None:
    result = check("--format", "jsonl", str(draft))
    assert (verdicts(result), result.exit_code) == ([dict.fromkeys(TIPS, True)], 0)


def test_a_draft_that_breaks_a_tip_exits_with_1() -> None:
    result = check("--format", "jsonl", given=COLD.encode())
    assert (verdicts(result), result.exit_code) == ([dict.fromkeys(TIPS, False)], 1)


def test_a_record_names_its_source_and_the_words_that_show_it(draft: Path) -> None:
    record = json.loads(check("--format", "jsonl", str(draft)).stdout)
    assert record["source"] == str(draft)
    quotes = [quote for found in record["tips"].values() for quote in found["evidence"]]
    assert quotes
    assert all(quote in GOOD for quote in quotes)


def test_people_read_what_to_do_about_each_tip_that_is_broken() -> None:
    lines = check(given=COLD.encode()).stdout.splitlines()
    assert [line.split()[0] for line in lines if line[2:5].strip() in ("yes", "no")] == ["no"] * 4


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("draft.md", GOOD.encode()),
        ("draft.txt", GOOD.encode("utf-8-sig")),
        ("draft.txt", GOOD.encode("utf-16")),
        ("draft.txt", GOOD.replace("\n", "\r\n").encode()),
        ("draft.eml", b"Subject: Thank you\r\nTo: a@example.org\r\n\r\n" + GOOD.encode()),
    ],
    ids=["markdown", "byte order mark", "utf-16", "windows line ends", "email"],
)
def test_a_draft_is_read_in_whatever_form_it_was_saved(
    name: str, data: bytes, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert verdicts(check("--format", "jsonl", str(path))) == [dict.fromkeys(TIPS, True)]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_draft_is_judged_by_its_words_and_not_by_its_shape(shape: str) -> None:
    text = SHAPES[shape]
    result = check("--format", "jsonl", given=text.encode())
    assert verdicts(result) == [dict.fromkeys(TIPS, True)]
    found = json.loads(result.stdout)["tips"].values()
    lines = text.replace("\r\n", "\n")
    assert all(quote in lines for each in found for quote in each["evidence"])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n\n ",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"\x00" * 40,
        b"word " * 60_000,
        b"\xff\xfe\xfa",
    ],
    ids=["empty", "blank", "picture", "zeros", "huge", "no text"],
)
def test_what_is_no_draft_gets_one_line_and_exit_2(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_bytes(data)
    result = check(str(path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith(str(path))


def test_a_missing_file_gets_one_line_and_the_others_are_judged_all_the_same(draft: Path) -> None:
    result = check("--format", "jsonl", "no-such-draft.txt", str(draft))
    assert verdicts(result) == [dict.fromkeys(TIPS, True)]
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    ("sending", "prompt"),
    [("2026-03-03T14:00", True), ("2026-03-03T15:30", False), ("2026-03-09T09:00", False)],
)
def test_the_clock_judges_promptness_where_it_is_told(
    sending: str, prompt: bool, draft: Path
) -> None:
    result = check(
        "--format", "jsonl", "--interviewed", "2026-03-02T15:00", "--sending", sending, str(draft)
    )
    assert verdicts(result)[0]["be-prompt"] == prompt


@pytest.mark.parametrize(
    "arguments",
    [
        ("--interviewed", "yesterday"),
        ("--sending", "2026-03-02T15:00"),
        ("--interviewed", "2026-03-02T15:00", "--sending", "2026-03-01T15:00"),
        ("--format", "xml"),
    ],
)
def test_a_slip_in_the_options_gets_one_line_and_exit_2(
    arguments: tuple[str, ...], draft: Path
) -> None:
    result = check(*arguments, str(draft))
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode()))
def test_nothing_that_anyone_feeds_it_ends_in_a_traceback(data: bytes) -> None:
    result = check("--format", "jsonl", given=data)
    assert result.exit_code in (0, 1, 2)
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_draft_that_ends_a_line_with_you_wrote_is_read_to_its_end() -> None:
    text = "On reflection, what you said about the boiler made sense, and you wrote:"
    reply = "On Mon, 2 Mar 2026 at 10:12, Ann Lee <ann@example.org>\nwrote:\n> Thank you.\n"
    assert drafts.read("note.txt", f"Dear Ann,\n\n{text}\nkeep it simple.\n".encode()).endswith(
        "simple.\n"
    )
    assert drafts.read("note.txt", f"Dear Ann,\n\n{reply}".encode()) == "Dear Ann,\n\n"


def test_the_clock_judges_promptness_whatever_its_tip_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = shutil.copytree(guide.folder(), tmp_path / "docs")
    folder = docs / "_data" / "tips"
    (folder / "be-prompt.yml").rename(folder / "be-quick.yml")
    monkeypatch.setattr(guide, "folder", lambda: docs)
    sent = ("--interviewed", "2026-03-02T15:00", "--sending", "2026-03-09T09:00")
    result = check("--format", "jsonl", *sent, given=GOOD.encode())
    assert verdicts(result)[0]["be-quick"] is False
