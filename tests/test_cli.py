"""The commands that read and measure: what they print, on which stream, and with which exit code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
import typer.main
from typer.testing import CliRunner, Result

from bot import app
from bot.cli import commands
from bot.knowledge.schema import schemas
from tests.conftest import ROOT
from tests.knowledge.conftest import change

KEYS = ["text", "decision", "answer", "route", "confidence", "candidates", "urgent", "language"]
NAMES = sorted(typer.main.get_command(commands).commands)  # type: ignore[attr-defined]


def minidorp(*words: object, typed: str | bytes = "") -> Result:
    """Run a command in this process; a traceback is a failure of the test."""
    result = CliRunner().invoke(commands, [str(word) for word in words], input=typed)
    assert isinstance(result.exception, SystemExit | None), result.exc_info
    return result


def matched(*words: object, typed: str = "") -> list[dict]:
    result = minidorp("match", *words, typed=typed)
    assert (result.exit_code, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


def sentence(result: Result, code: int) -> str:
    """Return the one sentence on standard error of a command that ended with ``code`` and printed nothing else."""
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    [line] = result.stderr.splitlines()
    assert line.startswith("minidorp: ")
    return line


MESSAGES = [
    "mn dreumes wordt elke nacht tien keer wakker",
    "my baby wont sleep",
    "mijn baby ademt niet",
    "hoeveel kost een treinkaartje naar parijs",
    "hoi",
    "ik ben zo moe",
    "waar kan ik andere ouders ontmoeten",
    "😀",
    "",
    "slaap " * 3000,
]


@pytest.mark.usefixtures("no_settings")
def test_match_prints_for_every_message_what_the_contract_says(knowledge, matcher, monkeypatch):
    monkeypatch.setattr(app, "curated", lambda _settings: knowledge)
    monkeypatch.setattr(app, "matcher", lambda _settings, _knowledge: matcher)
    answers = {key for key in knowledge.examples if not key.startswith("@")} | {a.id for a in knowledge.answers()}
    signs = {sign.id: sign.level for sign in knowledge.signs}

    found = matched(typed="\n".join(MESSAGES) + "\n")

    assert [one["text"] for one in found] == MESSAGES
    for one in found:
        assert list(one) == KEYS
        assert one["decision"] in {"answer", "suggest", "urgent", "route", "none"}
        assert (one["answer"] is not None) == (one["decision"] == "answer")
        assert (one["route"] is not None) == (one["decision"] == "route")
        assert one["route"] in {None, "@meetups", "@reminders", "@human", "@smalltalk", "@privacy"}
        assert 0 <= one["confidence"] <= 1
        assert 1 <= len(one["candidates"]) <= 5
        assert all(list(candidate) == ["answer", "score"] for candidate in one["candidates"])
        assert {candidate["answer"] for candidate in one["candidates"]} <= answers
        scores = [candidate["score"] for candidate in one["candidates"]]
        assert scores == sorted(scores, reverse=True)
        assert one["answer"] in {None, one["candidates"][0]["answer"]}
        if one["urgent"]:
            assert list(one["urgent"]) == ["sign", "level", "zone"]
            assert one["urgent"]["level"] == signs[one["urgent"]["sign"]]
            assert one["urgent"]["zone"] in {"certain", "possible"}
        assert re.fullmatch("[a-z]{2}", one["language"])
    assert {found[2]["decision"], found[4]["decision"]} == {"urgent", "route"}


@pytest.mark.usefixtures("town")
def test_match_reads_the_same_from_arguments_and_from_standard_input():
    texts = ["ze valt maar niet in slaap", "hij ademt niet meer", "wat is een bitcoin"]

    given = matched(*texts)

    assert [one["decision"] for one in given] == ["answer", "urgent", "none"]
    assert given[0]["answer"] == "slapen-twee"
    assert given[1]["urgent"] == {"sign": "ademnood", "level": "112", "zone": "certain"}
    assert matched(typed="\r\n".join(texts)) == given


@pytest.mark.usefixtures("town")
def test_match_of_nothing_prints_nothing():
    assert matched(typed="") == []


def test_match_lets_the_age_of_the_child_weigh(town):
    change(town, "slapen.yaml", "  - id: slapen-twee\n    ages: [0, 48]", "  - id: slapen-twee\n    ages: [36, 48]")

    def score(*age: object) -> float:
        [found] = matched(*age, "hoe gaat slapen")
        return next(one["score"] for one in found["candidates"] if one["answer"] == "slapen-twee")

    assert score("--age-months", 2) < score("--age-months", 40) == score()


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(("text", "language"), [
    pytest.param("😀", "en", id="without words it is that of the parent"),
    pytest.param("ze valt maar niet in slaap", "nl", id="with words it is that of the message"),
])  # fmt: skip
def test_match_knows_the_language(text, language):
    assert matched("--language", "en", text)[0]["language"] == language


def test_match_survives_bytes_that_are_no_text(town):
    process = subprocess.run(
        [sys.executable, "-m", "bot", "match"],
        input=b"ze valt \xff niet in slaap\nwat is een bitcoin\n",
        capture_output=True,
        cwd=ROOT,
        check=False,
    )

    assert (process.returncode, process.stderr) == (0, b"")
    assert [json.loads(line)["decision"] for line in process.stdout.splitlines()] == ["answer", "none"]
    assert matched("ze valt \udcff niet in slaap")[0]["answer"] == "slapen-twee"


@pytest.fixture
def rows(town: Path) -> Path:
    path = town.parent / "rows.jsonl"
    labelled = [
        {"text": "ze valt maar niet in slaap", "lang": "nl", "gold": "slapen-twee", "also": []},
        {"text": "how does my child fall asleep?", "lang": "en", "gold": "slapen-een", "also": ["slapen-twee"]},
        {"text": "hij wordt steeds wakker vannacht", "lang": "nl", "gold": "slapen-twee"},
        {"text": "wat is een bitcoin", "lang": "nl", "gold": "@none"},
        {"text": "hij ademt niet meer", "lang": "nl", "gold": "@urgent", "sign": "ademnood"},
    ]
    path.write_text("\n".join(map(json.dumps, labelled)) + "\n\n", encoding="utf-8")
    return path


def test_evaluate_counts_what_was_right_by_language_too(rows):
    told = json.loads(minidorp("evaluate", rows, "--json").stdout)

    assert told["all"]["top1"] == {"percent": 66.7, "count": 2, "of": 3}
    assert told["all"]["none_answered"] == {"percent": 0.0, "count": 0, "of": 1}
    assert told["all"]["urgent_caught"] == {"percent": 100.0, "count": 1, "of": 1}
    assert told["language"]["en"]["top1"]["percent"] == 100.0
    assert told["language"]["nl"]["top1"]["percent"] == 50.0
    assert told["confusions"] == [["slapen-twee", "slapen-een", 1]]


def test_evaluate_shows_the_same_as_a_table(rows):
    result = minidorp("evaluate", rows)

    assert result.exit_code == 0
    assert re.search(r"top1\W+66.7 % of 3", result.stdout)
    assert "By language" in result.stdout


def test_evaluate_takes_several_files_together(rows):
    told = json.loads(minidorp("evaluate", rows, rows, "--json").stdout)

    assert told["all"]["top1"]["of"] == 6


def test_evaluate_shows_every_figure_by_language_whole_also_in_a_pipe(rows):
    shown = minidorp("evaluate", rows).stdout

    for name in ("top1", "direct_right_with_none", "none_refused", "urgent_caught", "plain_certain", "loss_false"):
        assert shown.count(name) >= 2, name
    assert "…" not in shown
    assert re.search(r"By language: danger *\n(.*\n){3}│ nl +│ +100.0 % of 1", shown)
    assert not re.search(r"By language: danger *\n(.*\n){3,4}│ en ", shown), "a language without a message of danger"


def test_evaluate_of_an_empty_file_says_so(town):
    (town.parent / "empty.jsonl").touch()

    assert "empty.jsonl holds no row" in sentence(minidorp("evaluate", town.parent / "empty.jsonl"), 1)


def test_evaluate_names_every_label_that_is_nobodys_and_every_bad_row(rows):
    labelled = ['{"text": "a", "gold": "nee"}', "b", '{"text": "c", "gold": "@none", "also": ["@onzin"]}']
    rows.write_text("\n".join(labelled), encoding="utf-8")

    result = minidorp("evaluate", rows)

    assert result.exit_code == 1
    told = [line.removeprefix("minidorp: ").removeprefix(f"{rows}:") for line in result.stderr.splitlines()]
    assert [line.partition(";")[0] for line in told] == [
        "1: 'nee' is neither an answer nor a route", "2: is no row", "3: '@onzin' is neither an answer nor a route",
    ]  # fmt: skip


def test_evaluate_reads_a_file_with_a_byte_order_mark(rows):
    rows.write_text('{"text": "wat is een bitcoin", "gold": "@none"}', encoding="utf-8-sig")

    assert json.loads(minidorp("evaluate", rows, "--json").stdout)["all"]["none_refused"]["of"] == 1


@pytest.mark.parametrize("bad", [
    pytest.param('{"text": "hoi"}', id="no label"),
    pytest.param("hoi", id="no JSON"),
    pytest.param("[1]", id="no object"),
    pytest.param('{"text": "hoi", "gold": "@none", "also": 3}', id="no list"),
])  # fmt: skip
def test_a_row_that_cannot_be_read_is_one_sentence_with_file_and_line(rows, bad):
    rows.write_text('{"text": "hoi", "gold": "@none"}\n' + bad + "\n", encoding="utf-8")

    assert f"{rows}:2: is no row; write " in sentence(minidorp("evaluate", rows), 1)


def test_a_file_that_is_not_there_is_one_sentence(town):
    assert f"{town / 'no.jsonl'} cannot be read" in sentence(minidorp("evaluate", town / "no.jsonl"), 1)


def test_check_of_files_without_a_mistake_is_content(town):
    result = minidorp("check")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "0 errors, 0 warnings\n", "")


def test_check_tells_all_mistakes_at_once_by_file_and_line(town):
    change(town, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")
    change(town, "helplines.yaml", 'number: "112"', "number: bel")

    result = minidorp("check", town)

    lines = result.stderr.splitlines()
    assert result.exit_code == 1
    assert result.stdout == "2 errors, 0 warnings\n"
    assert all(re.fullmatch(r"knowledge/[a-z]+\.yaml:\d+: .+; .+", line) for line in lines), lines
    assert [line.split(": ")[0] for line in lines] == ["knowledge/helplines.yaml:4", "knowledge/slapen.yaml:7"]


def test_in_dutch_they_are_counted_in_dutch(town):
    change(town, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")

    assert minidorp("check", "--language", "nl").stdout == "1 fout, 0 waarschuwingen\n"


def test_a_warning_is_told_and_does_not_fail(town):
    change(town, "slapen.yaml", "is gewoon.", "is gewoon. Je moet rustig blijven.")

    result = minidorp("check")

    assert (result.exit_code, result.stdout) == (0, "0 errors, 1 warning\n")
    assert result.stderr.startswith("knowledge/slapen.yaml:14: warning: ")


def test_check_speaks_dutch_with_curators_who_ask_for_it(town):
    change(town, "slapen.yaml", "    contacts: [huisarts]\n", "")

    result = minidorp("check", "--language", "nl")

    assert result.exit_code == 1
    assert re.search(r"slapen\.yaml:6: answers\.contacts: ontbreekt; voeg het toe", result.stderr)


@pytest.mark.parametrize("name", ["nowhere", "knowledge/slapen.yaml"])
def test_check_of_what_is_no_folder_is_a_mistake_with_its_name(town, name):
    result = minidorp("check", town.parent / name)

    assert result.exit_code == 1
    assert result.stderr == f"{name}:1: is no folder that can be read; name the folder with the curated files\n"


def test_schema_writes_every_schema_and_says_which(town):
    result = minidorp("schema")

    written = {path.name: path.read_text(encoding="utf-8") for path in (town / "schema").iterdir()}
    assert written == schemas()
    assert {Path(line).name for line in result.stdout.splitlines() if line.startswith(str(town))} == set(written)


@pytest.mark.parametrize("words", [
    pytest.param(["schema"], id="schema"),
    pytest.param(["match", "hoi"], id="match"),
    pytest.param(["chat"], id="chat"),
    pytest.param(["review", "slapen-een", "--role", "jeugdarts"], id="review"),
])  # fmt: skip
def test_without_a_folder_of_curated_files_nothing_is_made(town, monkeypatch, words):
    monkeypatch.setenv("MINIDORP_KNOWLEDGE", str(town.parent / "nowhere"))

    said = sentence(minidorp(*words), 2)

    assert "MINIDORP_KNOWLEDGE" in said
    assert "nowhere" in said
    assert not (town.parent / "nowhere").exists()


def test_files_with_mistakes_are_one_sentence_with_the_first_of_them(town):
    change(town, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")
    change(town, "slapen.yaml", "    contacts: [huisarts]\n", "")

    said = sentence(minidorp("match", "hoi"), 1)

    assert "knowledge/slapen.yaml:6: " in said
    assert "2 such in all; 'minidorp check' shows them" in said


@pytest.mark.parametrize("name", NAMES)
def test_help_says_what_a_command_does(name):
    [whole, command] = minidorp("--help").stdout, minidorp(name, "--help")

    assert command.exit_code == 0
    assert command.stdout.startswith("Usage: ")
    assert f"  {name} " in whole
    described = typer.main.get_command(commands).commands[name].help
    assert " ".join(described.split()) in " ".join(command.stdout.split())
    assert f"{described.split('. ')[0].removesuffix('.')}." in whole, "its first sentence is cut off"


@pytest.mark.usefixtures("no_settings")
@pytest.mark.parametrize("words", [
    pytest.param([], id="nothing"),
    pytest.param(["talk"], id="an unknown command"),
    pytest.param(["match", "--loud", "hoi"], id="an unknown option"),
    pytest.param(["match", "--age-months", "two", "hoi"], id="an age in words"),
    pytest.param(["match", "--age-months", "-1", "hoi"], id="an age before birth"),
    pytest.param(["match", "--age-months", "217", "hoi"], id="the age of an adult"),
    pytest.param(["evaluate"], id="no file"),
    pytest.param(["match", "--language", "xx", "hoi"], id="a language that is none"),
    pytest.param(["match", "--language", "", "hoi"], id="an empty language"),
    pytest.param(["chat", "--language", "xx"], id="a chat in no language"),
    pytest.param(["check", "--language", "xx"], id="a report in no language"),
    pytest.param(["check", "--language", "tr"], id="a report in a language without a catalogue"),
    pytest.param(["review", "slapen-een"], id="a review by nobody"),
    pytest.param(["review", "x", "--role", "y", "--until", "ooit"], id="a date in words"),
    pytest.param(["run", "now"], id="an argument too many"),
])  # fmt: skip
def test_a_usage_error_exits_with_2(words):
    result = minidorp(*words)

    assert result.exit_code == 2
    assert "Usage: " in result.output
