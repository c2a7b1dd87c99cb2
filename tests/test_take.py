"""What there is to take along: read back by the rules of the programs that it is meant for."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import jsonschema
import pytest
import yaml
from playwright.sync_api import Browser

from macros import blanks
from macros.model import Blank, Letter, Library
from macros.web.take import data, espanso, offers, offline, snippets

from . import markup
from .conftest import content
from .test_downloads import EPOCH, LETTERS, plain

LIBRARY = content()
FIELDS = LIBRARY.vocabulary.fields
VALUES = {label: f"{label} of Renée & {{{{Łukaś}}}} $1 \\ }}" for label in FIELDS}

ESPANSO = {
    "type": "object",
    "required": ["matches"],
    "additionalProperties": False,
    "properties": {
        "matches": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["trigger", "label", "replace"],
                "additionalProperties": False,
                "properties": {
                    "trigger": {"type": "string", "minLength": 2},
                    "label": {"type": "string", "minLength": 1},
                    "replace": {"type": "string", "minLength": 1},
                    "vars": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["name", "type", "params"],
                            "additionalProperties": False,
                            "properties": {
                                "name": {"type": "string", "pattern": r"^\w+$"},
                                "type": {"const": "form"},
                                "inject_vars": {"type": "boolean"},
                                "params": {
                                    "type": "object",
                                    "required": ["layout", "fields"],
                                    "additionalProperties": False,
                                    "properties": {
                                        "layout": {"type": "string"},
                                        "fields": {
                                            "type": "object",
                                            "propertyNames": {"pattern": r"^\w+$"},
                                            "additionalProperties": {
                                                "type": "object",
                                                "additionalProperties": False,
                                                "properties": {
                                                    "multiline": {"type": "boolean"},
                                                    "default": {"type": "string"},
                                                },
                                            },
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        }
    },
}
"""What of Espanso's match files a package of ours may use, as its documentation has it."""


def typed(letter: Letter, values: dict[str, str]) -> str:
    """Return a letter as it is when *values* are typed into it: nothing is bent to fit."""
    texts = [
        "".join(values[p.field.label] if isinstance(p, Blank) else p for p in parts)
        for parts in (letter.sample.subject, *letter.paragraphs)
    ]
    return "\n\n".join([f"Subject: {texts[0]}"] * bool(letter.sample.subject) + texts[1:])


# Espanso


def matches(values: dict[str, str] = {}) -> list[dict[str, Any]]:
    files = espanso.package(LIBRARY, values)
    found: list[dict[str, Any]] = yaml.safe_load(files["package.yml"])["matches"]
    return found


def expanded(match: dict[str, Any], answers: dict[str, str]) -> str:
    """Return what Espanso writes for *match* once its form is filled in with *answers*."""
    text = re.sub(
        r"\{\{\s*(\w+)\.(\w+)\s*\}\}",
        lambda place: answers[place[2]] if place[1] == match["vars"][0]["name"] else "?",
        match["replace"],
    )
    return text.replace(r"\{\{", "{{").replace(r"\}\}", "}}")


@pytest.mark.parametrize("values", [{}, VALUES], ids=["open", "answered"])
def test_the_package_is_as_espanso_documents_it(values: dict[str, str]) -> None:
    found = matches(values)
    jsonschema.Draft202012Validator(ESPANSO).validate({"matches": found})
    for match in found:
        for form in match.get("vars", ()):
            asked = re.findall(r"\{\{(.*?)\}\}|\[\[(.*?)\]\]", form["params"]["layout"])
            assert [legacy for legacy, _ in asked if legacy] == []
            keys = [key for _, key in asked]
            assert keys == list(form["params"]["fields"])
            assert len(set(keys)) == len(keys)
            assert {f"{form['name']}.{key}" for key in keys} == set(
                re.findall(r"\{\{([\w.]+)\}\}", match["replace"])
            )
            defaults = [field.get("default", "") for field in form["params"]["fields"].values()]
            assert form.get("inject_vars", True) == (not any("{{" in text for text in defaults))


def test_the_package_names_itself_as_espanso_asks() -> None:
    files = espanso.package(LIBRARY)
    manifest = yaml.safe_load(files["_manifest.yml"])
    assert set(files) == {"_manifest.yml", "package.yml", "README.md"}
    assert set(manifest) == {"name", "title", "description", "version", "author"}
    assert re.fullmatch(r"[a-z0-9-]+", manifest["name"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])


def test_no_trigger_begins_another_and_only_tones_share_one() -> None:
    found = matches()
    triggers = {match["trigger"] for match in found}
    assert not [(a, b) for a in triggers for b in triggers if a != b and b.startswith(a)]
    counts = Counter(match["trigger"] for match in found)
    assert {trigger: count for trigger, count in counts.items() if count > 1} == {
        f":{sample.id}:": len(list(blanks.letters(sample)))
        for sample in LIBRARY.samples.values()
        if sample.choices
    }
    assert len({match["label"] for match in found}) == len(found)


def test_espanso_writes_every_letter_and_its_subject() -> None:
    answers = {espanso.key(field): VALUES[label] for label, field in FIELDS.items()}
    found = iter(matches())
    for sample in LIBRARY.samples.values():
        texts = [expanded(next(found), answers) for _ in blanks.letters(sample)]
        subject = f"Subject: {expanded(next(found), answers)}\n\n" if sample.subject else ""
        assert [subject + text for text in texts] == [
            typed(letter, VALUES) for letter in blanks.letters(sample)
        ]
    assert list(found) == []


# VS Code


SNIPPET = re.compile(r"\\(?P<plain>[\\$}])|\$\{(?P<number>\d+):(?P<text>(?:\\[\\$}]|[^\\$}])*)\}")


def read_snippet(body: str) -> tuple[str, list[tuple[int, str]]]:
    """Return what a snippet writes, and its places, by the grammar that VS Code documents."""
    places = []

    def write(part: re.Match[str]) -> str:
        if part["plain"]:
            return part["plain"]
        text = re.sub(r"\\([\\$}])", r"\1", part["text"])
        places.append((int(part["number"]), text))
        return text

    rest = SNIPPET.sub("", body)
    assert not re.search(r"[\\$]", rest), rest
    return SNIPPET.sub(write, body), places


def read_snippets(values: dict[str, str] = {}) -> dict[str, tuple[str, list[tuple[int, str]]]]:
    found = json.loads(snippets.snippets(LIBRARY, values))
    assert all(set(each) == {"scope", "prefix", "description", "body"} for each in found.values())
    return {each["prefix"]: read_snippet("\n".join(each["body"])) for each in found.values()}


def test_a_snippet_writes_its_letter_and_fills_equal_blanks_together() -> None:
    found = read_snippets()
    assert list(found) == [letter.name for letter in LETTERS]
    for letter in LETTERS:
        text, places = found[letter.name]
        labels = {label: label for label in FIELDS}
        assert text == typed(letter, labels)
        numbers = {label: number for number, label in places}
        assert [(numbers[label], label) for _, label in places] == places
        assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))


def test_a_snippet_begins_with_the_answers_there_are() -> None:
    found = read_snippets(VALUES)
    assert {name: text for name, (text, _) in found.items()} == {
        letter.name: typed(letter, VALUES) for letter in LETTERS
    }


# JSON and CSV


SCHEMA = json.loads(data.SCHEMA.read_text("utf-8"))


@pytest.mark.parametrize("values", [{}, VALUES], ids=["open", "answered"])
def test_the_json_is_as_its_schema_says_and_says_what_the_letters_say(
    values: dict[str, str],
) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    made = json.loads(data.as_json(LIBRARY, values))
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    assert SCHEMA["$id"].rpartition(":")[2] == str(made["version"])
    read = {each["name"]: each for sample in made["samples"] for each in sample["letters"]}
    assert list(read) == [letter.name for letter in LETTERS]
    for letter in LETTERS:
        each = read[letter.name]
        subject = f"Subject: {each['subject_text']}\n\n" if each["subject_text"] else ""
        assert subject + each["body_text"] == plain(letter, values)
        parts = [
            "".join(p if isinstance(p, str) else f"[{p['blank']}]" for p in parts)
            for parts in (each["subject"], *each["paragraphs"])
        ]
        assert parts == [
            "".join(map(str, parts)) for parts in (letter.sample.subject, *letter.paragraphs)
        ]
    assert made.get("answers", {}) == values


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"surprise": 1},
        {"fields": [{"label": "x"}]},
        {"samples": [{"id": "A B"}]},
    ],
    ids=str,
)
def test_the_schema_refuses_what_it_does_not_describe(change: dict[str, Any]) -> None:
    made = {**json.loads(data.as_json(LIBRARY)), **change}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(made)


def read_csv(made: bytes) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(made.decode("utf-8-sig"), newline=""))
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in rows]


@pytest.mark.parametrize("values", [{}, VALUES], ids=["open", "answered"])
def test_the_table_has_a_row_for_each_letter(values: dict[str, str]) -> None:
    rows = read_csv(data.as_csv(LIBRARY, values))
    assert [row["letter"] for row in rows] == [letter.name for letter in LETTERS]
    for letter, row in zip(LETTERS, rows, strict=True):
        subject = f"Subject: {row['subject']}\n\n" if row["subject"] else ""
        assert subject + row["body"] == plain(letter, values)
        assert (row["title"], row["sample"]) == (letter.sample.title, letter.sample.id)


# On the site, and on a disk.


def test_every_offer_is_on_the_page_with_its_picture_and_its_size(site: Path) -> None:
    page = markup.document((site / "take" / "index.html").read_bytes())
    figures = [part for part in page.iter("figure") if part.get("class") == "offer"]
    assert len(figures) == len(offers.OFFERS)
    for figure, offer in zip(figures, offers.OFFERS.values(), strict=True):
        [picture] = figure.iter("{http://www.w3.org/2000/svg}svg")
        assert picture.get("aria-label") == offer.picture
        assert len(list(picture)) > 3
        files = {
            link.get("href"): markup.text(item)
            for item in figure.iter("li")
            for link in item.iter("a")
        }
        assert files == {
            name: f"{what} ({offers.weight((site / 'take' / name).stat().st_size)})"
            for name, what in offer.files.items()
        }
    made = {path.name for path in (site / "take").iterdir()}
    offered = {name for offer in offers.OFFERS.values() for name in offer.files}
    assert made == offered | {"index.html", "espanso"}


def unpacked(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        assert package.testzip() is None
        assert {part.external_attr >> 16 for part in package.infolist()} == {0o100644}
        return {name: package.read(name) for name in package.namelist()}


def test_the_zipped_package_is_the_package(site: Path) -> None:
    folder = site / "take" / "espanso"
    assert unpacked((site / "take" / "espanso.zip").read_bytes()) == {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"), reverse=True)
        if path.is_file()
    }


def test_on_a_disk_every_link_leads_to_a_file_and_nothing_runs(site: Path) -> None:
    files = unpacked((site / "take" / offers.WHOLE).read_bytes())
    assert list(files) == sorted(files)
    pages = [name for name in files if name.endswith(".html")]
    on_site = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {name.partition("/")[2] for name in pages} == on_site - {"404.html"}
    assert not [name for name in files if name.endswith((".js", ".xml", "search_index.json"))]
    assert {
        f"{offline.FOLDER}/{path.relative_to(site).as_posix()}" for path in site.rglob("*.pdf")
    } <= set(files)
    for name in pages:
        page = markup.document(files[name])
        assert not list(page.iter("script")), name
        assert "data-online" not in files[name].decode()
        for part in page.iter():
            for attribute in ("href", "src"):
                address = part.get(attribute)
                if not address or urlsplit(address).scheme:
                    continue
                path, place = urldefrag(urljoin(name, address))
                lost = name == f"{offline.FOLDER}/take/index.html" and address == offers.WHOLE
                assert path in files or lost, (name, address)
                if place and path in files:
                    assert f'id="{unquote(place)}"'.encode() in files[path], (name, address)


def test_the_guide_works_from_a_disk_without_scripts(
    site: Path, chromium: Browser, tmp_path: Path
) -> None:
    with zipfile.ZipFile(site / "take" / offers.WHOLE) as package:
        package.extractall(tmp_path)
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    lost: list[str] = []
    page.on("requestfailed", lambda request: lost.append(request.url))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / offline.FOLDER / "index.html").as_uri())
    sheet = page.locator("[data-letter=desk]")
    page.locator("input[name=letter][value=late-thank-you]").check()
    page.get_by_role("textbox", name="Interviewer").fill("Dana Reyes")
    shown = page.locator("[data-letter=desk]").inner_text()
    letter = next(each for each in LETTERS if each.name == "late-thank-you")
    assert shown.startswith(blanks.body(letter).split("[")[0] + "Dana Reyes,")
    assert sheet.evaluate("s => getComputedStyle(s).fontFamily").startswith("Letter")
    assert page.evaluate("document.fonts.check('16px Letter')")
    page.locator("a", has_text="its own page, with advice").locator("visible=true").click()
    assert page.url.endswith("/samples/late-thank-you/index.html")
    assert page.locator("h1").inner_text() == letter.sample.title
    page.locator("nav.sections").get_by_text("Handbook").click()
    assert page.url.endswith("/handbook/index.html")
    page.locator("nav.row").get_by_text("Take it with you").click()
    assert page.locator("h1").inner_text() == "Take it with you"
    assert page.locator("[data-size]").last.inner_text() == "this copy"
    page.goto((tmp_path / offline.FOLDER / "search" / "index.html").as_uri())
    assert not page.locator(".md-search").is_visible()
    assert page.locator(".index li").count() > 10
    context.close()
    assert lost == []
    assert {urlsplit(address).scheme for address in asked} == {"file"}


def test_the_same_site_gives_the_same_bytes_wherever_it_lies(
    site: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    made = []
    for name in ("here", "there"):
        mask = os.umask(0o077 if name == "there" else 0o022)
        folder = tmp_path / name
        shutil.copytree(
            site, folder, ignore=shutil.ignore_patterns("*.pdf"), copy_function=shutil.copyfile
        )
        shutil.rmtree(folder / "take" / "espanso")
        offers.write(offers.made(library), folder)
        os.umask(mask)
        made.append(
            {
                path.relative_to(folder).as_posix(): path.read_bytes()
                for path in (folder / "take").rglob("*")
                if path.is_file()
            }
        )
    assert made[0] == made[1]
