"""``minidorp feedback``: what curators see of the thumbs that parents pressed."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.knowledge.check import load
from bot.store import feedback
from bot.store.database import Store
from tests.test_cli import minidorp

NOW = datetime.now(UTC)


def press(town: Path, answer: str, *, up: int = 0, down: int = 0, reason: str = "unclear", words: str = "") -> None:
    """Press thumbs under an answer as it is now, or as it was when it had other ``words``; a reason at every no."""

    async def fill() -> None:
        store = await Store.open(f"sqlite+aiosqlite:///{town.parent / 'town.sqlite3'}")
        text_hash = words or load(town).answer(answer).text_hash("nl")
        try:
            async with store.writing() as connection:
                for is_helpful in [True] * up + [False] * down:
                    row = await feedback.add(
                        connection, answer=answer, text_hash=text_hash, language="nl", is_helpful=is_helpful, now=NOW
                    )
                    await feedback.add_reason(connection, row, reason)
        finally:
            await store.close()

    asyncio.run(fill())


def rows() -> list[dict]:
    result = minidorp("feedback", "--json")
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_without_a_database_none_is_made_and_nothing_is_told(town):
    result = minidorp("feedback")

    assert (result.exit_code, result.stdout) == (0, "Nobody has pressed a thumb yet.\n")
    assert not (town.parent / "town.sqlite3").exists()


def test_what_helped_least_stands_on_top_with_what_was_missing(town):
    press(town, "slapen-een", up=7, down=5)
    press(town, "slapen-twee", up=5, down=9, reason="incomplete")

    first, second = rows()

    assert (first["answer"], first["helpful"], first["unhelpful"], first["incomplete"]) == ("slapen-twee", 5, 9, 9)
    assert (second["answer"], second["helpful"], second["unhelpful"], second["unclear"]) == ("slapen-een", 7, 5, 5)
    table = minidorp("feedback").stdout
    assert table.index("slapen-twee") < table.index("slapen-een")


@pytest.mark.parametrize(("up", "down", "told"), [
    pytest.param(4, 4, [], id="four of either: nothing at all"),
    pytest.param(5, 4, [(5, None)], id="four that were not helped"),
    pytest.param(4, 5, [(None, 5)], id="four that were"),
    pytest.param(5, 0, [(5, 0)], id="that nobody said no is no group"),
])  # fmt: skip
def test_no_figure_under_five_is_shown(town, up, down, told):
    press(town, "slapen-een", up=up, down=down)

    assert [(row["helpful"], row["unhelpful"]) for row in rows()] == told
    shown = minidorp("feedback").stdout
    assert "4" not in shown
    assert ("1 with fewer than five" in shown) == (not told)


def test_what_was_said_of_older_words_stands_apart(town):
    press(town, "slapen-een", up=6)
    press(town, "slapen-een", down=3, words="a" * 16)
    press(town, "slapen-een", down=3, words="b" * 16)

    assert [(row["current"], row["helpful"], row["unhelpful"]) for row in rows()] == [(True, 6, 0), (False, 0, 6)]
    assert "slapen-een (older words)" in minidorp("feedback").stdout
