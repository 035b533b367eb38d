"""``minidorp label``: one key a choice, every choice on disk at once, and nothing asked twice."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from bot import labelling, terminal
from bot.knowledge.check import load
from bot.knowledge.model import Knowledge
from bot.labelling import LabelFile, Labelling, LabellingError, Unlabelled
from bot.matching.decision import Candidate, Decision, Urgent
from bot.matching.evaluate import read_rows
from tests.knowledge.conftest import change, write_files
from tests.test_cli import minidorp, sentence

MESSAGES = ["ze valt maar niet in slaap", "hij ademt niet meer", "wat is een bitcoin"]


def decide(text: str) -> Decision:
    """Propose the same two answers for everything, and danger where somebody does not breathe."""
    candidates = (Candidate("slapen-twee", 0.8), Candidate("slapen-een", 0.1))
    urgent = Urgent("ademnood", "112", "certain") if "ademt" in text else None
    return Decision("urgent" if urgent else "answer", 0.8, candidates, "nl", answer="slapen-twee", urgent=urgent)


@pytest.fixture
def knowledge(folder: Path) -> Knowledge:
    write_files(folder)
    change(folder, "warning-signs.yaml", '  - id: vermist\n    level: "112"', "  - id: vermist\n    level: loss")
    return load(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "knowledge"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "labels.jsonl"


@pytest.fixture
def session(knowledge: Knowledge, out: Path) -> Labelling:
    return asked(knowledge, out)


def asked(knowledge: Knowledge, out: Path, messages: list[str] = MESSAGES) -> Labelling:
    return Labelling([Unlabelled(text) for text in messages], LabelFile(out), knowledge, decide)


def kept(out: Path) -> list[dict]:
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("keys", "expected"), [
    pytest.param("1", {"gold": "slapen-twee"}, id="the first candidate"),
    pytest.param("2", {"gold": "slapen-een"}, id="the second"),
    pytest.param("0", {"gold": "@none", "gap": True}, id="a question without an answer is a gap"),
    pytest.param("n", {"gold": "@none"}, id="not for this bot"),
    pytest.param("r1", {"gold": "@meetups"}, id="a route"),
    pytest.param("u1", {"gold": "@urgent", "sign": "ademnood"}, id="danger, by its sign"),
    pytest.param("u2", {"gold": "@loss"}, id="loss is no danger"),
    pytest.param("/WAKKER\x7fr1", {"gold": "slapen-een"}, id="found by its title, typed with a slip"),
    pytest.param("/wakker\r", {"gold": "slapen-een"}, id="Enter takes the only one"),
    pytest.param("aslapen-een\r", {"gold": "slapen-een"}, id="by its id"),
    pytest.param("r\x1bu\x1b1", {"gold": "slapen-twee"}, id="Esc leaves a menu"),
])  # fmt: skip
def test_keys_label_the_message_in_the_rows_that_evaluate_reads(session, out, keys, expected):
    for key in keys:
        session.press(key)

    assert kept(out) == [{"text": MESSAGES[0], "lang": "nl", "also": [], **expected}]
    assert session.message.text == MESSAGES[1]
    assert read_rows(out)[0].gold == expected["gold"]


@pytest.mark.parametrize("keys", ["5", "x", "r9", "uz", "/5", "aslapen-\r", "/geen titel heet zo\r"])
def test_a_key_that_means_nothing_labels_nothing_and_says_so(session, out, keys):
    for key in keys:
        session.press(key)

    assert session.notice
    assert kept(out) == []


def test_a_skipped_message_is_asked_again_another_day(session, knowledge, out):
    for key in "s1q":
        session.press(key)

    assert session.is_over
    assert [row["text"] for row in kept(out)] == [MESSAGES[1]]
    assert asked(knowledge, out).message.text == MESSAGES[0]


def test_back_takes_the_last_label_away_also_that_of_another_day(session, knowledge, out):
    for key in "1n":
        session.press(key)
    again = asked(knowledge, out)

    again.press("b")

    assert [row["text"] for row in kept(out)] == [MESSAGES[0]]
    assert again.message.text == MESSAGES[1]
    again.press("2")
    assert again.message.text == MESSAGES[2]
    assert [row["gold"] for row in kept(out)] == ["slapen-twee", "slapen-een"]


def test_back_passes_a_skipped_message_and_stops_at_the_first(session, out):
    for key in "1sbb":
        session.press(key)
    assert session.message.text == MESSAGES[0]
    assert kept(out) == []

    session.press("b")

    assert session.notice == "this is the first"


def test_labels_of_another_file_are_never_taken_back(knowledge, out):
    out.write_text('{"text": "van een andere dag", "gold": "@none"}\n', encoding="utf-8")
    session = asked(knowledge, out)

    session.press("b")

    assert session.notice == "this is the first"
    assert len(kept(out)) == 1


@pytest.mark.parametrize("cut", [
    pytest.param('{"text": "hij ad', id="in the midst of a row"),
    pytest.param('{"text": "hij ademt é'.encode()[:-1].decode("latin-1"), id="in the midst of a letter"),
])  # fmt: skip
def test_a_row_cut_off_by_a_crash_is_taken_away_and_asked_again(session, knowledge, out, cut):
    session.press("1")
    with out.open("ab") as file:
        file.write(cut.encode("latin-1"))

    again = asked(knowledge, out)
    again.press("1")

    assert [row["text"] for row in kept(out)] == MESSAGES[:2]


def test_a_last_row_without_a_line_end_stays_whole(session, knowledge, out):
    session.press("1")
    out.write_text(out.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")

    asked(knowledge, out).press("1")

    assert [row["text"] for row in kept(out)] == MESSAGES[:2]


def test_a_file_of_something_else_is_left_alone_and_named(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("boodschappen\nmelk\n", encoding="utf-8")

    with pytest.raises(LabellingError, match=r"notes.txt:1: is no labelled message"):
        LabelFile(path)

    assert path.read_text(encoding="utf-8") == "boodschappen\nmelk\n"


def test_messages_are_read_from_lines_once_each(tmp_path):
    path = tmp_path / "m.txt"
    path.write_text("\ufeffhoi\n\n  hoi \nslaapt niet\n", encoding="utf-8")

    assert [message.text for message in labelling.read_messages(path)] == ["hoi", "slaapt niet"]


def test_rows_that_have_a_label_are_not_asked(tmp_path):
    path = tmp_path / "m.jsonl"
    path.write_text('{"text": "a", "gold": "@none"}\n{"text": "b", "lang": "pl", "style": "long"}\n', encoding="utf-8")

    assert labelling.read_messages(path) == [Unlabelled("b", "pl", "long")]


@pytest.mark.parametrize("bad", ["hoi", "[1]", '{"text": 3}'])
def test_a_line_that_is_no_message_is_named(tmp_path, bad):
    path = tmp_path / "m.jsonl"
    path.write_text('{"text": "a"}\n' + bad + "\n", encoding="utf-8")

    with pytest.raises(LabellingError, match=r"m.jsonl:2: is no message"):
        labelling.read_messages(path)


@pytest.fixture
def messages(town: Path) -> Path:
    path = town.parent / "messages.txt"
    path.write_text("\n".join(MESSAGES) + "\n", encoding="utf-8")
    return path


def test_without_a_terminal_it_reads_a_line_a_choice_and_goes_on_where_it_stopped(messages):
    first = minidorp("label", messages, typed="foo\n/wakker\n1\nq\n")
    second = minidorp("label", messages, typed="u 1\nn\n")

    out = messages.with_name("messages.labelled.jsonl")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "'foo' is no choice" in first.stdout
    assert f"1 of 3 messages are labelled, in {out}." in first.stdout
    assert MESSAGES[0] not in second.stdout
    assert [row["gold"] for row in kept(out)] == ["slapen-een", "@urgent", "@none"]
    assert minidorp("evaluate", out).exit_code == 0


def test_an_empty_line_leaves_a_menu_and_the_end_of_the_input_keeps_all(messages):
    result = minidorp("label", messages, "--out", messages.parent / "o.jsonl", typed="r\n\na slapen-een\na nergens\n")

    assert result.exit_code == 0
    assert "nothing fits 'nergens'" in result.stdout
    assert [row["gold"] for row in kept(messages.parent / "o.jsonl")] == ["slapen-een"]


def test_a_number_among_searched_words_chooses_nothing(session, out):
    session.line("/1")

    assert kept(out) == []
    assert session.notice == "nothing fits '1'; type other words"


def test_the_messages_are_never_written_over(town):
    path = town.parent / "m.jsonl"
    path.write_text('{"text": "hoi"}\n', encoding="utf-8")

    assert "would be written over" in sentence(minidorp("label", path, "--out", path), 1)


def test_in_a_terminal_single_keys_do_it(session, monkeypatch, capsys, out):
    keys = iter("1u1q")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(terminal.typer, "getchar", lambda: next(keys))

    terminal.label(session)

    shown = capsys.readouterr().out
    assert "Inslapen" in shown
    assert "█" in shown
    assert "certain: Ademnood (112)" in shown
    assert "2 of 3 messages are labelled" in shown
    assert [row["gold"] for row in kept(out)] == ["slapen-twee", "@urgent"]


def test_keys_typed_fast_search_and_never_label_a_message_that_nobody_saw(session, out):
    session.keys("/wakker")
    assert session.typed == "wakker"

    session.keys("\x1b[A")
    session.keys("11")

    assert [row["text"] for row in kept(out)] == MESSAGES[:1]


def test_all_signs_are_seen_at_once_in_a_small_window(session):
    session.press("u")
    console = Console(width=80, record=True, file=io.StringIO())

    console.print(terminal.label_screen(session))

    frame = 7
    assert len(console.export_text().splitlines()) <= frame + len(session.options()) / 2


def test_a_terminal_never_obeys_a_message(knowledge, out):
    session = asked(knowledge, out, ["hoi \x1b]0;weg\x07 \x1b[2J"])

    assert "\x1b" not in terminal.label_text(session)
    assert "hoi" in terminal.label_text(session)
