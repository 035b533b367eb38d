"""``minidorp questions``: what curators read of the questions that parents let be kept."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.labelling import read_messages
from bot.settings import PREFIX
from bot.store import questions
from bot.store.database import Store
from tests.test_cli import minidorp, sentence

TODAY = datetime.now(UTC).date()
TEXTS = ["ze valt maar niet in slaap bij […]", "hij valt niet in slaap zonder mij", "hij wordt steeds wakker om 3 uur"]


def keep(town: Path, *texts: str, days_ago: int = 0) -> list[int]:
    """Keep questions in the database of the town; return the numbers of all that is kept, by their text."""

    async def fill() -> list[int]:
        store = await Store.open(f"sqlite+aiosqlite:///{town.parent / 'town.sqlite3'}")
        try:
            async with store.writing() as connection:
                for text in texts:
                    await questions.keep(connection, text, "nl", TODAY - timedelta(days=days_ago))
                return [question.id for question in await questions.every(connection)]
        finally:
            await store.close()

    return asyncio.run(fill())


def texts_of(output: str) -> list[str]:
    return [json.loads(line)["text"] for line in output.splitlines()]


def test_without_a_database_none_is_made_and_nothing_is_kept(town):
    result = minidorp("questions")

    assert (result.exit_code, result.stdout) == (0, "No question is kept.\n")
    assert not (town.parent / "town.sqlite3").exists()


def test_those_alike_stand_together_most_first(town):
    keep(town, *TEXTS)

    shown = minidorp("questions").stdout.splitlines()

    groups = [line for line in shown if not line.startswith(" ")]
    assert len(groups) == 2
    assert [line.split()[0] for line in groups] == ["2", "1"]
    assert "valt niet in slaap" in shown[1]
    assert "valt maar niet in slaap bij […]" in shown[2]
    assert "steeds wakker om 3 uur" in shown[4]


def test_the_json_is_what_label_reads(town, tmp_path):
    keep(town, *TEXTS)

    output = minidorp("questions", "--json").stdout

    file = tmp_path / "questions.jsonl"
    file.write_text(output, encoding="utf-8")
    assert {(message.text, message.language) for message in read_messages(file)} == {(text, "nl") for text in TEXTS}
    assert {json.loads(line)["times"] for line in output.splitlines()} == {1, 2}


def test_the_csv_opens_in_a_spreadsheet(town):
    keep(town, TEXTS[0])

    heading, line = minidorp("questions", "--csv").stdout.splitlines()

    assert heading == "id;week;lang;near;times;text"
    assert line.endswith(f";nl;slapen-een;1;{TEXTS[0]}") or line.endswith(f";nl;slapen-twee;1;{TEXTS[0]}")


def test_one_is_removed_by_its_number(town):
    one, *_ = keep(town, *TEXTS)

    result = minidorp("questions", "--delete", one)

    assert (result.exit_code, result.stdout) == (0, "1 removed. A backup may still hold what is removed.\n")
    assert len(texts_of(minidorp("questions", "--json").stdout)) == 2
    assert "0 of 1 questions were there" in sentence(minidorp("questions", "--delete", one), 1)


def test_what_is_too_old_is_never_shown_also_when_the_bot_was_off(town, monkeypatch: pytest.MonkeyPatch):
    keep(town, TEXTS[0], days_ago=20)
    keep(town, TEXTS[1])
    monkeypatch.setenv(f"{PREFIX}KEEP_QUESTIONS_DAYS", "10")

    assert texts_of(minidorp("questions", "--json").stdout) == [TEXTS[1]]
    assert len(keep(town)) == 1


def test_one_form_at_a_time(town):
    assert minidorp("questions", "--json", "--csv").exit_code == 2
