"""Hostile updates through the whole bot, on both databases: a reply or silence, never an apology, an error or a
message that Telegram would refuse. ``make fuzz`` does the same with a hundred thousand.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests import sqlite
from tests.examples import examples
from tests.fake_telegram import updates
from tests.hostile.corpus import DATA, PIECES
from tests.hostile.messages import Source
from tests.hostile.strategies import texts
from tests.hostile.town import Town, town

UNKEEPABLE = ("surrogates", "control", "no characters", "unassigned")
DEEP = 200


@pytest.fixture(params=["sqlite", "postgresql"])
async def bot(request, tmp_path, knowledge, matcher):
    if request.param == "sqlite":
        async with town(sqlite.address(tmp_path / "town.db"), knowledge, matcher, tmp_path / "s") as made:
            yield made
        return
    async with (
        request.getfixturevalue("postgres").database() as url,
        town(url, knowledge, matcher, tmp_path / "s") as made,
    ):
        yield made


@pytest.fixture
async def on_a_file(tmp_path, knowledge, matcher):
    async with town(sqlite.address(tmp_path / "town.db"), knowledge, matcher, tmp_path / "s") as made:
        yield made


async def gets(bot: Town, kind: str, content: Any, update_id: int = 1) -> list[str]:
    """Let the bot handle an update as it comes over the network; return what it says."""
    bot.world.messages.clear()
    await bot.gets(json.loads(json.dumps({"update_id": update_id, kind: content})))
    bot.check()
    return [message["text"] for message in bot.world.messages]


async def test_the_long_run_in_short(bot):
    source = Source(random.Random(7), bot.world)
    for _ in range(200 if bot.store.is_a_file else 60):
        kind, update = source.next()
        if "megabyte" not in kind:
            await bot.gets(json.loads(json.dumps(update)))
        del bot.world.messages[:-60]

    bot.check()
    assert await bot.unfinished() == 0
    assert bot.sent > 40


async def test_no_press_is_too_strange(bot):
    for number, data in enumerate(DATA, 1):
        held = {"message_id": 5, "date": 0, "chat": updates.chat(1 + number % 2)}
        said = await gets(bot, "callback_query", updates.press(str(number), held, data), number)

        assert said or data in ("T:n", "T:t:now"), data


async def test_what_a_database_cannot_keep_is_answered_too(bot):
    pieces = [piece for kind in UNKEEPABLE for piece in PIECES[kind]]
    for number, piece in enumerate(pieces, 1):
        assert await gets(bot, "message", updates.message(101, f"{piece} koorts {piece}"), number)


@settings(
    max_examples=examples(40), deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip
@given(text=texts)
async def test_any_text_gets_a_reply(on_a_file, text):
    on_a_file.number = getattr(on_a_file, "number", 0) + 1

    said = await gets(on_a_file, "message", updates.message(101, text or "x"), on_a_file.number)

    assert said


@pytest.mark.parametrize(("kind", "content", "expected"), [
    pytest.param("message", updates.message(5, location={"latitude": 1e999, "longitude": 6}), 1, id="nowhere on earth"),
    pytest.param("message", updates.message(5, location={"latitude": None, "longitude": 6}), 1, id="half a place"),
    pytest.param("message", updates.message(5, location={"latitude": 10**400, "longitude": 6}), 1, id="too far a place"),
    pytest.param("message", updates.message(5, location={"latitude": "52", "longitude": 6}), 1, id="a place in words"),
    pytest.param("message", {**updates.message(5), "text": True}, 1, id="a text that is none"),
    pytest.param("edited_message", {**updates.message(5), "text": 1.5, "edit_date": 1}, 0, id="a changed text that is none"),
    pytest.param("message", {**updates.message(-5, kind="group"), "text": [1]}, 0, id="no text in a group"),
    pytest.param("message", updates.message(5, "hoi", language=1.5), 1, id="a language that is a number"),
    pytest.param("message", {**updates.message(5, "hoi"), "date": 10**30}, 0, id="a date beyond the calendar"),
    pytest.param("message", {**updates.message(5, "hoi"), "from": {**updates.person(5), "id": []}}, 0, id="somebody who is a list"),
    pytest.param("message", {**updates.message(5, "hoi"), "chat": {"id": 2**60, "type": "private"}}, 0, id="a chat of 60 bits"),
    pytest.param("message", {**updates.message(5, "hoi"), "chat": {"id": "5", "type": "private"}}, 0, id="a chat that is a word"),
    pytest.param("my_chat_member", {**updates.membership(5, "left", kind="private"), "new_chat_member": None}, 0, id="nothing changed"),
    pytest.param("message", updates.message(5, "/mijngegevens \ud800"), 1, id="half a character in what is kept"),
    pytest.param("callback_query", {"id": "1", "from": updates.person(5), "chat_instance": "1", "data": 5}, 1, id="a press of a number"),
    pytest.param("callback_query", {"id": None, "from": {"id": None}}, 0, id="a press by nobody"),
    pytest.param("message", None, 0, id="nothing at all"),
])  # fmt: skip
async def test_every_fault_that_was_found_stays_mended(on_a_file, kind, content, expected):
    said = await gets(on_a_file, kind, content)

    said += [message["text"] for message in on_a_file.world.messages if "document" in message]
    assert (len(said) > 0) == bool(expected)
    assert await on_a_file.unfinished() == 0


async def test_answers_within_answers_within_answers_end_somewhere(on_a_file):
    deep = updates.message(5, "hoi")
    for _ in range(DEEP):
        deep = {**updates.message(5, "hoi"), "reply_to_message": deep}

    assert await gets(on_a_file, "message", deep)


@pytest.mark.parametrize("typed", ["\u200b", "\u3164\u2800", "\u202e", "\ud800"])
async def test_an_announcement_that_nobody_can_see_is_asked_for_again(on_a_file, typed):
    first = await gets(on_a_file, "message", updates.message(1, f"/aankondiging {typed}"), 1)
    await gets(on_a_file, "message", updates.message(1, typed), 2)
    then = await gets(on_a_file, "message", updates.message(1, "Kom je ook?"), 3)

    assert "Typ je bericht" in first[0]
    assert "Voor wie" in then[0]


async def test_a_typed_reason_is_shown_as_it_was_meant_and_does_nothing_else(on_a_file):
    await gets(on_a_file, "message", updates.message(1, "/annuleer"), 1)
    held = {"message_id": 5, "date": 0, "chat": updates.chat(1)}
    await gets(on_a_file, "callback_query", updates.press("2", held, "T:c:koffie@2026-11-25"), 2)

    said = await gets(on_a_file, "message", updates.message(1, "<b>{0.__class__}\u202e %s\x00 'ziek'"), 3)

    assert "<b>{0.__class__} %s 'ziek'" in said[0]
