"""The command line: what it prints, what it refuses, and that each refusal is one line."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from macros import blanks
from macros.cli import shared
from macros.cli.main import main
from macros.content import library as load
from macros.content import samples
from macros.model import Letter, Widget
from macros.web import downloads

from .conftest import ROOT, content
from .test_downloads import HOSTILE, READERS, plain

LIBRARY = content()
SAMPLES = list(LIBRARY.samples.values())
LETTERS = [letter for sample in SAMPLES for letter in blanks.letters(sample)]
NOTE = next(letter for letter in LETTERS if letter.name == "thank-you-note")
VALUES = {
    label: field.options[0]
    if field.options
    else "renee@example.org"
    if field.widget is Widget.EMAIL
    else f"{label.lower()} of Renée & Łukaś"
    for label, field in LIBRARY.vocabulary.fields.items()
}

Run = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project's content; the working folder lies deep inside it."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "docs", folder / "docs")
    inside = folder / "here" / "and there"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    return folder


def run(*words: object) -> Result:
    """Return what ``follow-up`` does with *words*; it may exit, but never break."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def refused(*words: object) -> str:
    """Return the one line with which ``follow-up`` refuses *words*."""
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    return line


def setting(values: dict[str, str]) -> list[str]:
    return [word for label, value in values.items() for word in ("--set", f"{label}={value}")]


def toned(letter: Letter) -> list[str]:
    return [word for _, option in letter.picks for word in ("--tone", option)]


# list


def test_list_gives_each_sample_a_line(project: Path) -> None:
    lines = run("list").stdout.splitlines()
    assert [re.split(r"\s{2,}", line) for line in lines] == [
        [sample.id, sample.title, " or ".join(map(str, sample.send))] for sample in SAMPLES
    ]


def test_list_for_machines_says_what_each_sample_asks(project: Path) -> None:
    lines = run("list", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == [
        {
            "id": sample.id,
            "title": sample.title,
            "window": " or ".join(map(str, sample.send)),
            "blanks": [blank.field.label for blank in sample.blanks],
            "choices": {
                choice.name: [option.value for option in choice.options]
                for choice in sample.choices
            },
        }
        for sample in SAMPLES
    ]


# fill


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_fill_prints_the_finished_letter(letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "library", lambda docs: LIBRARY)  # read once, for all letters
    result = run("fill", letter.sample.id, *toned(letter), *setting(VALUES))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{plain(letter, VALUES)}\n"


@pytest.mark.parametrize("extension", downloads.formats())
def test_fill_writes_every_format_as_asked_or_as_the_name_says(
    extension: str, project: Path
) -> None:
    letter = NOTE
    asked, named = Path("letter"), Path(f"letter.{extension}")
    assert not run(
        "fill", letter.sample.id, *setting(VALUES), "--format", extension, "--output", asked
    ).output
    assert not run("fill", letter.sample.id, *setting(VALUES), "--output", named).output
    read = READERS[extension]
    assert read(asked.read_bytes()) == read(named.read_bytes()) == plain(letter, VALUES)


@pytest.mark.parametrize("value", HOSTILE)
def test_fill_takes_whatever_is_typed_as_text(value: str, project: Path) -> None:
    letter = NOTE
    for label in ("Interviewer", "A moment from the interview"):
        result = run("fill", letter.sample.id, *setting({**VALUES, label: value}))
        if result.exit_code:
            assert (result.exit_code, result.stdout) == (2, "")
            assert len(result.stderr.splitlines()) == 1
        else:
            assert blanks.UNTYPEABLE.search(value.strip().replace("\r\n", "\n")) is None
            values = {**VALUES, label: value.replace("\r\n", "\n").strip()}
            assert result.stdout_bytes.decode() == f"{plain(letter, values)}\n"


@pytest.mark.parametrize(
    ("label", "value", "line"),
    [
        ("Interviewer", "Dana\nBcc: x", "[Interviewer]: takes one line. Put the answer in one."),
        (
            "Company",
            "a\x07b",
            "[Company]: holds U+0007, which nobody can see. Type the answer again.",
        ),
        (
            "Company",
            "a\u202eb",
            "[Company]: holds U+202E, which nobody can see. Type the answer again.",
        ),
        (
            "Their email address",
            "a@example.org, b@example.org",
            "[Their email address]: 'a@example.org, b@example.org' is not one address. "
            "Write it like dana@example.org.",
        ),
        ("Company", "a\ud800b", "[Company]: is not UTF-8. Type the answer again."),
        (
            "Company",
            "x" * 5001,
            "[Company]: has 5001 characters, more than 5000. Shorten it.",
        ),
    ],
)
def test_an_answer_that_would_not_come_back_whole_is_refused(
    label: str, value: str, line: str, project: Path
) -> None:
    assert refused("fill", "thank-you-note", *setting({**VALUES, label: value})) == line


def test_an_answer_that_may_be_left_out_may_be_left_out(project: Path) -> None:
    needed = {
        blank.field.label: VALUES[blank.field.label]
        for blank in NOTE.sample.blanks
        if not blank.field.optional
    }
    assert len(needed) < len(NOTE.sample.blanks)
    result = run("fill", NOTE.sample.id, *setting(needed))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{plain(NOTE, needed)}\n"
    assert "[" not in result.stdout


def test_fill_can_keep_blanks_visible(project: Path) -> None:
    letter = NOTE
    assert run("fill", letter.sample.id, "--keep-blanks").stdout == f"{plain(letter, {})}\n"


def test_fill_knows_a_blank_by_its_field_name_and_in_its_brackets(project: Path) -> None:
    field = next(iter(LIBRARY.vocabulary.fields.values()))
    sample = next(s for s in SAMPLES if field in [blank.field for blank in s.blanks])
    letters = [
        run("fill", sample.id, "--keep-blanks", "--set", f"{name}=Dana Reyes").stdout
        for name in (field.label, field.name, f"[{field.label}]")
    ]
    assert letters == [f"{plain(next(blanks.letters(sample)), {field.label: 'Dana Reyes'})}\n"] * 3


def test_fill_takes_answers_from_a_file_and_settings_before_them(project: Path) -> None:
    letter = NOTE
    answers = {**VALUES, "Company": "No", "Position": "2026"}
    Path("answers.yml").write_text(
        "".join(f"{label}: {value}\n" for label, value in answers.items()), "utf-8"
    )
    result = run("fill", letter.sample.id, "--from", "answers.yml", "--set", "Interviewer=Dana")
    assert result.stdout == f"{plain(letter, {**answers, 'Interviewer': 'Dana'})}\n"


def test_fill_refuses_to_finish_a_letter_with_an_open_blank(project: Path) -> None:
    sample = SAMPLES[0]
    first, *others = [b.field.label for b in sample.blanks if not b.field.optional]
    labels = ", ".join(f"[{label}]" for label in others)
    words = ["fill", sample.id, "--output", "letter.txt", *setting({**VALUES, first: "given"})]
    for label in others:
        words += ["--set", f"{label}= "]
    assert refused(*words) == (
        f"{sample.id}: no answer for {labels}. "
        f'Give --set "{others[0]}=…" for each, or --keep-blanks.'
    )
    assert not Path("letter.txt").exists()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("fil", "No such command 'fil'. Did you mean 'fill'?"),
        ("fill", "no sample named. Name one that follow-up list shows, or give --all."),
        (
            "fill thank-you-noet",
            "unknown sample 'thank-you-noet'. Did you mean 'thank-you-note'?",
        ),
        (
            "fill thank-you-note --tone frmal",
            "thank-you-note has no option 'frmal'. Did you mean 'formal'?",
        ),
        ("fill thank-you-note --tnoe warm", "No such option '--tnoe'. Did you mean '--tone'?"),
        ("fill thank-you-note --tone", "Option '--tone' requires an argument."),
        (
            "fill thank-you-note --set Intervewer=Dana",
            "unknown blank '[Intervewer]'. Did you mean 'Interviewer'?",
        ),
        (
            "fill thank-you-note --set Interviewer",
            "'Interviewer' sets nothing. Write it as \"Interviewer=Dana Reyes\".",
        ),
        (
            "fill thank-you-note --keep-blanks --output nowhere/letter.txt",
            "nowhere/letter.txt: No such file or directory. Choose another path.",
        ),
        (
            "fill thank-you-note --keep-blanks --output .",
            ".: Is a directory. Choose another path.",
        ),
        (
            "fill thank-you-note --from nowhere/answers.yml",
            "nowhere/answers.yml: no such file. Check the name.",
        ),
        (
            "fill --all",
            "--all writes every letter. Name no sample, and a folder with --output.",
        ),
        (
            "fill --all thank-you-note --output letters",
            "--all writes every letter. Name no sample, and a folder with --output.",
        ),
        (
            "fill --all --output letters --tone frmal",
            "unknown option 'frmal'. Did you mean 'formal'?",
        ),
        ("new", "Missing argument 'ID'."),
        ("new Second_Round", "'Second_Round' can't be an id. Use lower case, digits and hyphens."),
        ("new ../escape", "'../escape' can't be an id. Use lower case, digits and hyphens."),
        (
            "new thank-you-note",
            "../../docs/samples/thank-you-note.md exists. Choose another id, or edit it.",
        ),
        (
            "list --docs nowhere",
            "nowhere holds no _data/vocabulary.yml. Name the guide's docs folder.",
        ),
    ],
)
def test_a_slip_is_answered_by_one_line(words: str, line: str, project: Path) -> None:
    assert refused(*words.split()) == line


def test_an_unknown_format_is_answered_by_those_there_are(project: Path) -> None:
    names = ", ".join(f"'{extension}'" for extension in downloads.formats())
    names += ", 'ics'"
    assert refused("fill", "thank-you-note", "--format", "pdf") == (
        f"Invalid value for '--format': 'pdf' is not one of {names}."
    )


@pytest.mark.parametrize(
    ("answers", "lines"),
    [
        (b"", []),
        (b"Intervewer: x", ["1: unknown blank '[Intervewer]'. Did you mean 'Interviewer'?"]),
        (
            b"Company: x\n\nCompany: y\nPosition: [a, b]",
            [
                "3: '[Company]' is answered twice. Keep one answer.",
                "4: '[Position]' has more than a text. Put it in quotes.",
            ],
        ),
        (
            b"How you met: By vido",
            ["1: '[How you met]' has no option 'By vido'. Did you mean 'By video'?"],
        ),
        (b"Dana", ["1: holds no answers. Write each like 'Interviewer: Dana Reyes'."]),
        (
            b"Company: x\nPosition: head: of data",
            ["2: not YAML: mapping values are not allowed here. Put the answers in quotes."],
        ),
        (b"Company: *x", ["1: not YAML: found undefined alias 'x'. Put the answers in quotes."]),
        (b"[" * 1000, ["1: not YAML: it can't be read. Put the answers in quotes."]),
        (b"\xff\xfe", ["1: byte 0xff is not UTF-8. Save the file as UTF-8."]),
        (b"Company: a\x00b", ["1: control character U+0000. Delete it."]),
    ],
)
def test_mistakes_in_answers_are_told_by_line(
    answers: bytes, lines: list[str], project: Path
) -> None:
    Path("answers.yml").write_bytes(answers)
    result = run("fill", SAMPLES[0].id, "--keep-blanks", "--from", "answers.yml")
    assert result.stderr.splitlines() == [f"answers.yml:{line}" for line in lines]
    assert result.exit_code == (2 if lines else 0)


def test_mistakes_in_the_guide_are_told_by_line(project: Path) -> None:
    (project / "docs" / "samples" / "odd.md").write_text("Dear [Interviewer],", "utf-8")
    assert refused("list") == (
        "docs/samples/odd.md:1: has no front matter. Begin with '---', keys, '---'."
    )


# fill --all


@pytest.mark.parametrize("extension", downloads.formats())
def test_one_debrief_fills_every_letter(extension: str, project: Path) -> None:
    Path("answers.yml").write_text(json.dumps(VALUES), "utf-8")
    words = ["--from", "answers.yml", "--format", extension, "--output", "new/letters"]
    result = run("fill", "--all", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{len(LETTERS)} letters in new/letters\n"
    found = {path.name: path.read_bytes() for path in Path("new/letters").iterdir()}
    assert {name: READERS[extension](data) for name, data in found.items()} == {
        f"{letter.name}.{extension}": plain(letter, VALUES) for letter in LETTERS
    }


def test_all_letters_of_one_tone_are_those_with_it_and_those_without_any(project: Path) -> None:
    run("fill", "--all", *setting(VALUES), "--tone", "formal", "--output", "letters")
    offering = [
        sample
        for sample in SAMPLES
        if any(option.value == "formal" for choice in sample.choices for option in choice.options)
    ]
    assert {path.stem for path in Path("letters").iterdir()} == {
        letter.name
        for letter in LETTERS
        if "formal" in dict(letter.picks).values() or letter.sample not in offering
    }


ASKED = Counter(
    blank.field.label for sample in SAMPLES for blank in sample.blanks if not blank.field.optional
).most_common()


@pytest.mark.parametrize("missing", sorted({ASKED[0][0], ASKED[-1][0]}))
def test_letters_that_lack_an_answer_are_named_and_left_out(missing: str, project: Path) -> None:
    lacking = [s for s in SAMPLES if missing in [blank.field.label for blank in s.blanks]]
    whole = {letter.name for letter in LETTERS if letter.sample not in lacking}
    values = {label: value for label, value in VALUES.items() if label != missing}
    result = run("fill", "--all", *setting(values), "--output", "letters")
    assert result.exit_code == (1 if whole else 2)
    assert result.stderr.splitlines() == [
        f"{sample.id}: no answer for [{missing}]. "
        f'Give --set "{missing}=…" for each, or --keep-blanks.'
        for sample in lacking
    ]
    assert {path.stem for path in Path().glob("letters/*")} == whole


# new


def test_new_writes_a_page_and_prints_its_path(project: Path) -> None:
    result = run("new", "second-thoughts")
    assert (result.exit_code, result.stderr) == (0, "")
    path = Path(result.stdout.strip())
    assert path.resolve() == project / "docs" / "samples" / "second-thoughts.md"
    before = path.read_bytes()
    assert refused("new", "second-thoughts").endswith(" exists. Choose another id, or edit it.")
    assert path.read_bytes() == before


def test_new_explains_every_key(project: Path) -> None:
    front = Path(run("new", "x").stdout.strip()).read_text("utf-8").split("---\n")[1]
    keys = re.findall(r"^# .+\n(?:#.*\n)*([a-z-]+):", front, re.MULTILINE)
    allowed = {field.alias or name for name, field in samples.SampleEntry.model_fields.items()}
    assert sorted(keys) == sorted(allowed)


def test_a_new_page_is_not_taken_for_finished(project: Path) -> None:
    Path(run("new", "x").stdout.strip())
    result = run("list")
    assert result.exit_code == 2
    assert all(line.startswith("docs/samples/x.md:") for line in result.stderr.splitlines())


def test_a_new_page_loads_once_it_is_filled_in(project: Path) -> None:
    path = Path(run("new", "x").stdout.strip())
    text = path.read_text("utf-8")
    text = re.sub(r"^([a-z-]+):$", r"\1: Something of its own", text, flags=re.MULTILINE)
    path.write_text(re.sub(r"\{#.*?#\}", "A sentence.", text), "utf-8")
    sample = load.library(project / "docs").samples["x"]
    options = next(iter(LIBRARY.vocabulary.choices.values())).options
    assert [choice.options for choice in sample.choices] == [options]
    assert {blank.field.label for blank in sample.blanks} == {"Interviewer", "Your Name"}


# everywhere


def test_outside_a_checkout_the_letters_are_those_that_came_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(run("list").stdout.splitlines()) == len(SAMPLES)
    assert run("list").stdout == run("list", "--docs", ROOT / "docs").stdout
    assert refused("new", "a-sample") == (
        "no guide's project in this folder or above it, and a new sample belongs in one. "
        "Name its docs folder with --docs."
    )


def test_inside_a_checkout_the_letters_are_its_own(project: Path) -> None:
    page = project / "docs" / "samples" / "thank-you-note.md"
    page.write_text(page.read_text("utf-8").replace("title: Thank-you note", "title: Mine"))
    assert "Mine" in run("list").stdout


@pytest.mark.parametrize("name", main.commands)
def test_every_command_explains_itself_and_each_option(name: str) -> None:
    command = main.commands[name]
    assert run(name, "--help").exit_code == 0
    assert command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option)), name


def test_no_command_at_all_shows_the_help() -> None:
    result = run()
    assert "Usage: " in result.output
    assert {"fill", "list", "new"} <= set(re.findall(r"^  (\S+)", result.output, re.MULTILINE))


@pytest.mark.parametrize("name", ["", *main.commands])
def test_every_help_has_examples_that_can_be_typed(name: str) -> None:
    command = main.commands[name] if name else main
    shown = run(*([name] if name else []), "--help").stdout
    examples = [line.split() for line in re.findall(r"^ +follow-up (.+)$", shown, re.MULTILINE)]
    assert examples
    for called, *words in examples:
        plain_words = [word for word in words if word not in ("<", ">")]
        context = click.Context(main.commands[called])
        main.commands[called].make_parser(context).parse_args(plain_words)
    assert command.epilog


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("follow-up fill thank", {"thank-you-note"}),
        ("follow-up fill thank-you-note --tone w", {"warm"}),
        ("follow-up che", {"check"}),
        ("follow-up fill --inter", {"--interviewed"}),
    ],
)
def test_the_shell_completes_what_is_typed(
    typed: str, offered: set[str], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_FOLLOW_UP_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    result = CliRunner().invoke(main, prog_name="follow-up")
    assert {line.partition(",")[2] for line in result.stdout.splitlines()} == offered


READ_ONLY = """
import errno, os, sys
from pathlib import Path

def hold(event, given):
    if event == "open":
        path, mode, flags = given
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    elif event in ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"):
        path, writes = given[0], True
    else:
        return
    if writes and isinstance(path, str) and Path(path).absolute().is_relative_to(FOLDER):
        raise OSError(errno.EROFS, "Read-only file system", path)

FOLDER = Path.cwd()
sys.addaudithook(hold)
from macros.cli.main import main
main()
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout with a draft and answers in it."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("docs", "macros"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "training")
        )
    (folder / "draft.txt").write_text("Dear Dana,\n\nHello.\n", "utf-8")
    (folder / "answers.yml").write_text("Company: x\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("list", 0),
        ("fill --all --keep-blanks --output OUT", 0),
        ("check draft.txt", 1),
        ("answers answers.yml", 0),
        ("new a-page", 2),
    ],
)
def test_a_checkout_that_can_t_be_written_is_enough(
    words: str, code: int, checkout: Path, tmp_path: Path
) -> None:
    before = sorted(checkout.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, *words.replace("OUT", f"{tmp_path}/out").split()],
        cwd=checkout,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    if code == 2:
        assert done.stderr == (
            f"{checkout}/docs/samples/a-page.md: Read-only file system. Choose another path.\n"
        )
    assert sorted(checkout.rglob("*")) == before
