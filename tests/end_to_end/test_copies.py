"""Copies of the database of a bot that runs, made and put back by other processes; a small town, so it starts at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.agenda.files import UNDATED, write_schedules
from tests.end_to_end.conftest import ROOT, Program, new_chat
from tests.knowledge.conftest import write_files


@pytest.fixture
def settings(tmp_path, small_cache) -> dict[str, object]:
    return {
        "KNOWLEDGE": write_files(tmp_path / "knowledge"),
        "SCHEDULES": write_schedules(tmp_path / "schedules", UNDATED),
        "CACHE": small_cache,
    }


@pytest.fixture
def program(telegram, tmp_path, settings):
    program = Program(tmp_path, telegram, **settings).wait_until_it_receives()
    yield program
    program.end()


@pytest.fixture
def minidorp(tmp_path, settings):
    def minidorp(*words: object) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": "",
            "PYTHONPATH": str(ROOT),
            "MINIDORP_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'town.sqlite3'}",
        }
        line = [sys.executable, "-m", "bot", *map(str, words)]
        return subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)

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

    assert made.returncode == 0, made.stderr
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "is in use; stop the bot first" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert restored.returncode == 0, restored.stderr
    assert languages(copy) == languages(tmp_path / "town.sqlite3") == {early: "en"}
    (kept,) = tmp_path.glob("town.sqlite3.before-restore-*")
    assert languages(kept) == {early: "en", late: "en"}
    assert all(len(telegram.sent(chat)) == 1 for chat in waiting)


def languages(path) -> dict[int, str]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT chat_id, language FROM parents WHERE language IS NOT NULL"))


@pytest.mark.parametrize("words", [("backup",), ("restore",)])
def test_a_copy_without_a_name_is_a_mistake_of_use(minidorp, words):
    assert minidorp(*words).returncode == 2
