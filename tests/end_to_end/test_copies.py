"""Copies of the database of a bot that runs, made and put back by other processes; a small town, so it starts at once."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass

import pytest

from tests import forked
from tests.end_to_end.conftest import Program, new_chat


@pytest.fixture
def program(telegram, tmp_path, settings):
    program = Program(tmp_path, telegram, is_forked=True, **settings).wait_until_it_receives()
    yield program
    program.end()


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    said: list[str]


@pytest.fixture
def minidorp(tmp_path):
    def minidorp(*words: object) -> Done:
        output = tmp_path / f"said-{time.monotonic_ns()}.txt"
        database = f"sqlite+aiosqlite:///{tmp_path / 'town.sqlite3'}"
        process = forked.start([str(word) for word in words], {"MINIDORP_DATABASE_URL": database}, output, tmp_path)
        return Done(process.wait(60), output.read_text().splitlines())

    return minidorp


def spoken(telegram, chat: int, text: str) -> None:
    """Let a parent say something, and wait for the reply."""
    before = len(telegram.sent(chat))
    telegram.says(chat, text)
    telegram.wait_until(lambda: len(telegram.sent(chat)) > before, "a reply")


def english(telegram, chat: int) -> None:
    """Let a parent choose to be spoken to in English."""
    spoken(telegram, chat, "/taal")
    message = telegram.sent(chat)[-1]
    buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
    (data,) = [button["callback_data"] for button in buttons if "English" in button["text"]]
    query = telegram.presses(message, data)
    telegram.wait_until(lambda: telegram.world.queries[query] and message.get("edits"), "the change")


def test_a_copy_of_a_bot_that_runs_can_be_put_back_while_it_runs(telegram, program, minidorp, tmp_path):
    early, late = new_chat(), new_chat()
    copy = tmp_path / "copy.db"
    english(telegram, early)
    waiting = [new_chat() for _ in range(20)]
    for chat in waiting:
        telegram.says(chat, "/help")

    made = minidorp("backup", copy)
    english(telegram, late)
    refused = minidorp("restore", copy)
    restored = minidorp("restore", copy, "--while-running")
    spoken(telegram, late, "/help")
    telegram.wait_until(lambda: all(telegram.sent(chat) for chat in waiting), "everybody to be answered")

    assert made.code == 0, made.said
    assert refused.code == 1
    assert len(refused.said) == 1
    assert "is in use; stop the bot first" in refused.said[0]
    assert restored.code == 0, restored.said
    assert languages(copy) == languages(tmp_path / "town.sqlite3") == {early: "en"}
    (kept,) = tmp_path.glob("town.sqlite3.before-restore-*")
    assert languages(kept) == {early: "en", late: "en"}
    assert all(len(telegram.sent(chat)) == 1 for chat in waiting)


def languages(path) -> dict[int, str]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT chat_id, language FROM parents WHERE language IS NOT NULL"))


@pytest.mark.parametrize("words", [("backup",), ("restore",)])
def test_a_copy_without_a_name_is_a_mistake_of_use(minidorp, words):
    assert minidorp(*words).code == 2
