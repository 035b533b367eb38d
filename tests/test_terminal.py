"""The conversation in a terminal: lines in, replies out; a number presses a button."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys

import pytest

from bot import app, settings, terminal
from bot.conversation.message import Button, Document, Message, Part, Reply, Venue
from bot.locales import parent_words
from tests.test_cli import minidorp

OFFERED = [Button("Slapen", "t:slapen"), Button("Eten", "t:eten")]


def chat(typed: str, *words: str) -> str:
    result = minidorp("chat", *words, typed=typed)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


@pytest.mark.parametrize(("typed", "message"), [
    pytest.param("2", Message("button", data="t:eten", language="nl"), id="a number presses a button"),
    pytest.param("3", None, id="a number without a button"),
    pytest.param("0", None, id="zero"),
    pytest.param("112", Message("text", "112", language="nl"), id="a long number is a message"),
    pytest.param("2 jaar", Message("text", "2 jaar", language="nl"), id="a number with words is a message"),
    pytest.param(" /taal en ", Message("command", "en", command="taal", language="nl"), id="a slash is a command"),
    pytest.param("/", Message("command", "", command="", language="nl"), id="a bare slash"),
    pytest.param("  \n", None, id="nothing"),
])  # fmt: skip
def test_what_is_typed_is_understood(typed, message):
    assert terminal.understood(typed, OFFERED, "nl") == message


def test_a_number_is_a_message_when_no_button_is_offered():
    assert terminal.understood("2", [], None) == Message("text", "2")


@pytest.mark.usefixtures("town")
def test_a_message_a_line_gets_plain_replies():
    shown = chat("ze valt maar niet in slaap\n\nhij ademt niet meer\n")

    assert shown.index("Inslapen kost tijd.") < shown.index("Bel nu 112.")
    assert "\x1b" not in shown
    assert "─" not in shown
    assert "[1] " in shown


@pytest.mark.usefixtures("town")
def test_a_number_presses_the_button_that_was_shown_last():
    themes = chat("/start\n1\n")
    titles = chat("/start\n1\n1\n")
    answer = chat("/start\n1\n1\n1\n")

    assert "[1] * Slapen" in themes
    assert "Wakker worden" in titles.removeprefix(themes)
    assert "Wakker worden is gewoon." not in titles
    assert "Wakker worden is gewoon." in answer


@pytest.mark.usefixtures("town")
def test_a_number_without_a_button_gets_a_sentence():
    assert parent_words("nl")("chat.no_button") in chat("/start\n99\n")


@pytest.mark.usefixtures("town")
def test_the_language_can_be_chosen():
    assert "It takes time." in chat("how does my child fall asleep?\n", "--language", "en")


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("typed", ["", "\n\n", "/nothing-like-this\n", "/\n", "😀\n", "[red]hoi[/red]\n"])
def test_whatever_is_typed_it_ends_well(typed):
    shown = chat(typed)

    assert bool(shown.strip()) == bool(typed.strip())


class Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("town")
async def test_in_a_terminal_it_welcomes_shows_bubbles_and_ends_with_the_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Keyboard("ze valt maar niet in slaap\n99\n[red]hoi[/red]\n"))

    async with app.in_the_terminal(settings.read()) as conversation:
        await terminal.talk(conversation, "nl")

    shown = capsys.readouterr().out
    assert shown.index("Hoi! Ik ben Minidorp") < shown.index("Inslapen kost tijd.")
    assert "╭─" in shown
    assert "Er is geen knop met dat cijfer." in shown


class Interrupted(Keyboard):
    """Somebody who types a line and presses Ctrl-C at the next."""

    def readline(self, size: int = -1, /) -> str:
        line = super().readline(size)
        if not line:
            signal.raise_signal(signal.SIGINT)
            return "niets\n"
        return line


@pytest.mark.usefixtures("town")
def test_ctrl_c_ends_the_talk_at_once_and_without_a_word(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Interrupted("ze valt maar niet in slaap\n"))

    async def talk() -> None:
        async with app.in_the_terminal(settings.read()) as conversation:
            await terminal.talk(conversation, "nl")

    asyncio.run(talk())

    shown = capsys.readouterr()
    assert shown.out.count("Jij>") == 2
    assert shown.err == ""


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("typed", ["/quit", " /Quit ", "/exit"])
async def test_quit_ends_the_talk(monkeypatch, capsys, typed):
    monkeypatch.setattr(sys, "stdin", Keyboard(f"{typed}\nze valt maar niet in slaap\n"))

    async with app.in_the_terminal(settings.read()) as conversation:
        await terminal.talk(conversation, "nl")

    assert capsys.readouterr().out.count("Jij>") == 1


@pytest.mark.usefixtures("town")
def test_quit_among_lines_ends_the_talk():
    assert chat("/quit\nze valt maar niet in slaap\n") == ""


@pytest.mark.usefixtures("town")
async def test_a_reader_who_has_seen_enough_ends_the_talk(monkeypatch):
    source, target = os.pipe()
    os.close(source)
    typed = io.StringIO("hoi\nhoi\n")
    monkeypatch.setattr(sys, "stdin", typed)

    with os.fdopen(target, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        async with app.in_the_terminal(settings.read()) as conversation:
            await terminal.talk(conversation, "nl")
        monkeypatch.undo()

    assert typed.read() == "hoi\n"


@pytest.mark.usefixtures("town")
async def test_a_picture_shows_what_was_typed_and_what_was_said():
    async with app.in_the_terminal(settings.read()) as conversation:
        picture = await terminal.picture(conversation, ["ze valt maar niet in slaap", "1"], "Minidorp")

    text = picture.replace("&#160;", " ")
    assert picture.startswith("<svg")
    assert "ze valt maar niet in slaap" in text
    assert "Inslapen kost tijd." in text


def test_progress_is_silent_when_nobody_looks(capsys):
    with terminal.progress() as told:
        told("reading", 0.0)
        told("done", 1.0)

    assert capsys.readouterr() == ("", "")


def test_a_pin_is_an_address_and_a_file_its_text_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = terminal.plain([
        Reply(
            (Part("text", "Kijk:"),),
            venue=Venue(52.5, 6.0, "De kantine", "Voorbeeldlaan 1, Zwolle"),
            document=Document("koffie.ics", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n"),
            ends_location="Dank je.",
        )
    ])  # fmt: skip

    assert shown.splitlines() == [
        "Dank je.", "", "Kijk:", "", "📍 De kantine, Voorbeeldlaan 1, Zwolle", "📎 koffie.ics", "   BEGIN:VEVENT",
        "   END:VEVENT",
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == []
