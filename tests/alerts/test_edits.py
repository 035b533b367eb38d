"""Answers that are edited while the bot runs: the team hears what the next start would refuse, once, and when it is over."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bot.alerts.edits import Edits
from bot.knowledge import beside
from bot.knowledge.load import read_files, version
from tests.alerts import test_watch as watching
from tests.knowledge.conftest import change, write_files
from tests.store import conftest as both_databases

url, store, room = both_databases.url, both_databases.store, watching.room


@pytest.fixture
def backend():
    return "sqlite"


@pytest.fixture
def folder(tmp_path):
    return write_files(tmp_path / "knowledge")


@pytest.fixture
def edits(folder):
    return Edits(folder, version(folder))


@pytest.fixture
def checks(monkeypatch):
    """Every process that is started to check the files."""
    begun, begin = [], asyncio.create_subprocess_exec

    async def beginning(*arguments, **options):
        begun.append(await begin(*arguments, **options))
        return begun[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", beginning)
    return begun


async def told(edits) -> list[str]:
    return [alert.told("nl") for alert in await edits.look()]


async def test_a_bad_edit_is_told_once_with_file_line_and_sentence_and_once_when_it_is_over(store, folder, edits):
    tower = watching.Tower(store, read_files(folder).knowledge(), edits=edits)
    await tower.beats()
    assert await tower.after(60) == []

    change(folder, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")
    [bad] = await tower.after(60)
    assert await tower.after(60) == []
    change(folder, "slapen.yaml", "ages: [48, 0]", "ages: [0, 36]")
    [over] = await tower.after(60)

    assert bad.startswith("⚠️ De bestanden met de antwoorden zijn veranderd, maar er klopt iets niet.")
    assert "knowledge/slapen.yaml:7: " in bad
    assert over == "✅ In de bestanden met de antwoorden klopt alles weer."
    assert await tower.after(60) == []


async def test_files_are_checked_only_when_they_changed_and_are_not_what_the_bot_has_read(folder, edits, checks):
    await told(edits)
    assert checks == []

    change(folder, "slapen.yaml", "Wakker worden is gewoon.", "Wakker worden hoort erbij.")
    assert await told(edits) == await told(edits) == []
    assert len(checks) == 1

    change(folder, "slapen.yaml", "Wakker worden hoort erbij.", "Wakker worden is gewoon.")
    assert await told(edits) == []
    assert len(checks) == 1


async def test_a_folder_that_is_gone_is_told_and_one_with_a_file_missing_is_checked(folder, edits, checks):
    folder.rename(folder.with_name("elsewhere"))
    [gone] = await told(edits)
    assert "De map met de antwoorden is weg." in gone
    assert checks == []

    folder.with_name("elsewhere").rename(folder)
    assert await told(edits) == []
    (folder / "sources.yaml").unlink()
    [bad] = await told(edits)
    assert "knowledge/sources.yaml:1: " in bad


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
async def test_what_is_no_file_is_told_and_not_waited_for(folder, edits, make):
    (folder / "sources.yaml").unlink()
    make(folder / "sources.yaml")

    assert "knowledge/sources.yaml:1: " in (await told(edits))[0]


async def test_a_check_that_cannot_be_done_changes_nothing_and_leaves_no_process(folder, edits, checks, monkeypatch):
    change(folder, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")
    bad = await told(edits)
    monkeypatch.setattr(beside, "LONGEST_S", 0)
    change(folder, "slapen.yaml", "ages: [48, 0]", "ages: [0, 36]")

    assert await told(edits) == bad != []
    assert checks[-1].returncode == -signal.SIGKILL
