"""The whole service over the network: what parents type, press and change, and what groups and errors bring."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from sqlalchemy import select

from bot.conversation.message import Part, Reply
from bot.store import inbox, subscriptions, tables
from bot.store.database import StoreError
from bot.telegram import handlers
from bot.telegram import service as service_module
from bot.telegram.receiving import ATTEMPTS
from tests.fake_telegram import Failure, Refusal, updates
from tests.telegram.conftest import NOW, eventually, replies


async def test_a_question_is_answered(running, telegram):
    async with running():
        telegram.says(1, "mn kind <slaapt> & huilt")

        assert await replies(telegram, 1) == ["echo: mn kind <slaapt> & huilt"]


async def test_the_way_to_the_bot_is_known_once_telegram_told_it(running, telegram, make):
    assert make().link() is None

    async with running() as service:
        telegram.says(1, "hoi")
        await replies(telegram, 1)

        assert service.link() == "https://t.me/minidorp_bot"


async def test_a_changed_question_is_answered_anew(running, telegram):
    async with running():
        telegram.says(1, "slapen")
        telegram.push("edited_message", updates.message(1, "eten", edit_date=1_800_000_001))

        assert await replies(telegram, 2) == ["echo: slapen", "echo: eten"]


@pytest.mark.parametrize("content", ["photo", "voice", "sticker", "location", "contact", "poll", "dice"])
async def test_what_has_no_words_reaches_the_conversation(running, telegram, conversation, content):
    async with running():
        telegram.push("message", updates.message(1, **updates.CONTENTS[content]))
        await replies(telegram, 1)

    assert conversation.heard[0][1].kind == {"dice": "other"}.get(content, content)


async def test_what_is_not_for_us_gets_no_reply(running, telegram, conversation):
    async with running():
        telegram.push("channel_post", updates.message(-100, "nieuws", kind="channel"))
        telegram.push("message", updates.message(1, **updates.CONTENTS["pinned"]))
        telegram.push("edited_message", updates.message(1, **updates.CONTENTS["location"], edit_date=1))
        telegram.push("something_of_next_year", {"chat": updates.chat(1)})
        telegram.says(1, "hoi")

        assert await replies(telegram, 1) == ["echo: hoi"]
    assert len(conversation.heard) == 1


async def test_a_button_is_answered_and_changes_its_message(running, telegram):
    async with running():
        telegram.says(1, "knop vervang")
        await replies(telegram, 1)
        query_id = telegram.presses(telegram.sent(1)[0], "vervang")
        await eventually(lambda: telegram.texts(1) == ["gekozen: vervang"])
        await eventually(lambda: telegram.world.queries[query_id])


async def test_a_button_that_is_done_loses_its_keyboard(running, telegram):
    async with running():
        telegram.says(1, "knop wis")
        await replies(telegram, 1)
        telegram.presses(telegram.sent(1)[0], "wis")

        assert await replies(telegram, 2) == ["Wat wil je?", "gekozen: wis"]
    assert "reply_markup" not in telegram.sent(1)[0]


async def test_a_press_that_is_too_old_to_confirm_is_answered_all_the_same(running, telegram):
    async with running():
        telegram.says(1, "knop x")
        await replies(telegram, 1)
        telegram.presses(telegram.sent(1)[0], "x", is_old=True)

        assert (await replies(telegram, 2))[1] == "gekozen: x"


async def test_a_press_under_a_message_that_telegram_no_longer_shows_is_answered(running, telegram):
    unseen = {"chat": updates.chat(1), "message_id": 3, "date": 0}
    async with running():
        telegram.presses(unseen, "vervang")

        assert await replies(telegram, 1) == ["gekozen: vervang"]


@pytest.mark.parametrize("chat", [
    pytest.param(updates.chat(2), id="the chat of another"),
    pytest.param(updates.chat(-5, "supergroup"), id="a group"),
])  # fmt: skip
async def test_a_press_in_a_chat_that_is_not_the_presser_s_own_does_nothing(running, telegram, conversation, chat):
    press = updates.press("77", {"chat": chat, "message_id": 3, "date": 1_800_000_000, "text": "Wat wil je?"}, "x")
    telegram.world.queries["77"] = False
    async with running():
        telegram.push("callback_query", {**press, "from": updates.person(1)})
        await eventually(lambda: telegram.world.queries["77"])
        telegram.says(1, "hoi")

        assert await replies(telegram, 1) == ["echo: hoi"]
    assert [message.kind for _, message in conversation.heard] == ["text"]


async def test_a_press_does_not_wait_for_its_confirmation(running, telegram):
    telegram.fail("answerCallbackQuery", Failure("slow", delay_s=1))
    async with running():
        telegram.says(1, "knop x")
        await replies(telegram, 1)
        query_id = telegram.presses(telegram.sent(1)[0], "x")

        await replies(telegram, 2)

        assert not telegram.world.queries[query_id]


async def test_an_error_becomes_one_kind_sentence_and_a_line_without_words(running, telegram, store, caplog):
    async with running():
        telegram.says(1, "fout", language="en")
        assert await replies(telegram, 1) == ["sorry (en)"]
        telegram.says(1, "en nu?")
        assert await replies(telegram, 2) == ["sorry (en)", "echo: en nu?"]

    assert "RuntimeError at " in caplog.text
    assert "geheim" not in caplog.text
    async with store.reading() as connection:
        assert await inbox.unfinished(connection) == []


async def test_a_message_is_tried_again_while_the_database_does_not_answer(
    running, telegram, conversation, monkeypatch
):
    monkeypatch.setattr(handlers, "AGAIN_AFTER_S", (0, 0))
    respond = _failing(conversation, monkeypatch, times=2)
    async with running():
        telegram.says(1, "hoi")
        assert await replies(telegram, 1) == ["echo: hoi"]
    assert respond == ["hoi"] * 3


async def test_when_the_database_stays_away_the_parent_is_told(running, telegram, conversation, monkeypatch):
    monkeypatch.setattr(handlers, "AGAIN_AFTER_S", (0, 0))
    _failing(conversation, monkeypatch, times=3)
    async with running():
        telegram.says(1, "hoi")
        assert await replies(telegram, 1) == ["sorry (nl)"]


async def test_danger_does_not_wait_for_the_database(running, telegram, conversation, monkeypatch):
    respond = _failing(conversation, monkeypatch, times=1)
    async with running():
        telegram.says(1, "bel ik 112?")
        assert await replies(telegram, 1) == ["bel 112"]
    assert len(respond) == 1


def _failing(conversation, monkeypatch, times: int) -> list[str]:
    """Let the database fail so many times; return what is asked of the conversation."""
    asked, respond = [], conversation.respond

    async def failing(message, chat_id, now):
        asked.append(message.text)
        if len(asked) <= times:
            raise StoreError("The database is locked.")
        return await respond(message, chat_id, now)

    monkeypatch.setattr(conversation, "respond", failing)
    return asked


async def test_an_update_that_nobody_can_read_is_dropped_and_the_next_is_answered(running, telegram):
    async with running():
        telegram.push("message", {"chat": updates.chat(1), "text": "no date, no sender, no id"})
        telegram.says(1, "hoi")

        assert await replies(telegram, 1) == ["echo: hoi"]


async def test_an_update_whose_number_is_none_is_confirmed_and_those_beside_and_after_it_are_answered(
    running, telegram, caplog
):
    telegram.delivery.add({"update_id": 2**63, "message": updates.message(9, "Sterre")})
    telegram.says(1, "hoi")
    async with running():
        assert await replies(telegram, 1, 1) == ["echo: hoi"]
        await eventually(lambda: not telegram.delivery.waiting)
        telegram.says(2, "en ik?")

        assert await replies(telegram, 1, 2) == ["echo: en ik?"]
    assert caplog.text.count("is not an update") == 1
    assert "Sterre" not in caplog.text


async def test_a_group_is_told_once_that_the_bot_works_in_private(running, telegram, conversation):
    async with running():
        telegram.push("my_chat_member", updates.membership(-5, "member"))
        telegram.says(-5, "/start@minidorp_bot", kind="group")
        telegram.says(-5, "slaapt jullie kind?", kind="group")
        telegram.says(1, "hoi")
        await replies(telegram, 1, chat_id=1)
        await replies(telegram, 1, chat_id=-5)

    assert telegram.texts(-5) == ["ik werk alleen in een eigen gesprek"]
    assert len(conversation.heard) == 1


async def test_a_command_for_another_bot_in_a_group_is_not_for_us(running, telegram):
    async with running():
        telegram.says(-5, "/start@andere_bot", kind="supergroup")
        telegram.says(-5, "/start", kind="supergroup")

        assert len(await replies(telegram, 1, chat_id=-5)) == 1


async def test_a_group_the_bot_comes_back_to_is_greeted_again(running, telegram):
    async with running():
        for status in ("member", "left", "member"):
            telegram.push("my_chat_member", updates.membership(-5, status))

        assert len(await replies(telegram, 2, chat_id=-5)) == 2


async def test_a_chat_keeps_its_order_and_does_not_hold_up_another(running, telegram, conversation):
    async with running():
        for text in ("wacht", "daarna"):
            telegram.says(1, text)
        telegram.says(2, "ander")
        await replies(telegram, 1, chat_id=2)
        assert telegram.texts(1) == []

        conversation.held.set()

        assert await replies(telegram, 2, chat_id=1) == ["echo: wacht", "echo: daarna"]


async def test_the_menu_and_the_descriptions_are_set_in_every_language(running, telegram):
    async with running():
        await eventually(lambda: ("short_description", "en") in telegram.world.profile)

    profile = telegram.world.profile
    assert profile["description", ""] == "wie ik ben (nl)"
    assert profile["description", "en"] == "wie ik ben (en)"
    assert profile["short_description", "nl"] == "kort (nl)"
    assert [command["command"] for command in profile["commands", ""]] == ["start", "help"]


async def test_what_is_set_already_is_not_set_again(running, telegram):
    async with running():
        await eventually(lambda: ("short_description", "en") in telegram.world.profile)
    telegram.calls.clear()

    async with running():
        await eventually(lambda: telegram.calls.count("getMyShortDescription") == 3)

    assert not [call for call in telegram.calls if call.startswith("setMy")]


async def test_a_menu_that_telegram_refuses_for_hours_holds_nobody_up(running, telegram):
    refusal = Refusal(429, "Too Many Requests: retry after 80000", retry_after=80_000)
    telegram.fail("setMyDescription", *[Failure("refuse", refusal)] * 3)
    async with running():
        await eventually(lambda: telegram.calls.count("setMyDescription") == 3)
        telegram.says(1, "hoi")

        assert await replies(telegram, 1) == ["echo: hoi"]


async def test_nothing_a_parent_typed_is_logged_even_at_the_finest_level(running, telegram, caplog):
    caplog.set_level(logging.DEBUG, logger="bot")
    async with running():
        telegram.says(1, "mijn kind heet Sterre")
        await replies(telegram, 1)

    assert "Sterre" not in caplog.text


async def unreachable(store, chat_id) -> bool:
    async with store.reading() as connection:
        chosen = select(tables.parents.c.unreachable_at).where(tables.parents.c.chat_id == chat_id)
        return (await connection.execute(chosen)).scalar_one() is not None


async def test_who_blocks_the_bot_is_known_and_who_comes_back_too(running, telegram, store):
    async with store.writing() as connection:
        await subscriptions.follow(connection, 1, "meetup", "koffie", NOW)
    async with running():
        for status, expected in (("kicked", True), ("member", False), ("kicked", True)):
            telegram.push("my_chat_member", updates.membership(1, status, kind="private"))
            async with asyncio.timeout(5):
                while await unreachable(store, 1) is not expected:  # noqa: ASYNC110 - it happens in another task
                    await asyncio.sleep(0.01)

        telegram.says(1, "/start")
        await replies(telegram, 1, 1)

    assert not await unreachable(store, 1)


async def test_what_runs_beside_is_ended_before_the_connections_are_closed(make, telegram):
    ended = []

    async def other():
        try:
            await asyncio.Event().wait()
        finally:
            telegram.world.chats[5] = "private"
            ended.append(await service.sender.deliver(5, Reply((Part("text", "nog dit"),))))

    service, stop = make(), asyncio.Event()
    task = asyncio.create_task(service.run(stop, beside=(other,)))
    await eventually(lambda: "getUpdates" in telegram.calls)
    stop.set()
    await task

    assert [outcome.kind for outcome in ended] == ["sent"]


async def test_who_wrote_what_ends_the_program_is_told_in_their_language_and_a_group_is_not(
    running, telegram, store, monkeypatch
):
    monkeypatch.setattr(service_module, "LOOKING_S", 0.01)
    asked = [updates.message(1, "basilisk", language="en"), updates.message(-5, "/start", kind="group")]
    async with store.writing() as connection:
        for update_id, message in enumerate(asked, 1):
            chat_id = message["chat"]["id"]
            telegram.world.chats[chat_id] = message["chat"]["type"]
            written = json.dumps({"update_id": update_id, "message": message})
            await inbox.accept(connection, update_id, chat_id, written, NOW)
        for _ in range(ATTEMPTS):
            await inbox.begin(connection, [1, 2])

    async with running():
        assert await replies(telegram, 1) == ["niet gelezen (en)"]
        telegram.says(1, "hoi")
        assert await replies(telegram, 2, 1) == ["niet gelezen (en)", "echo: hoi"]

    assert telegram.texts(-5) == []
    async with store.reading() as connection:
        assert await inbox.unfinished(connection) == []
