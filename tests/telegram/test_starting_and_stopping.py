"""The life of the service: waiting for Telegram, polling or a webhook, stopping, and what ends it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.telegram import service as service_module
from bot.telegram.errors import TelegramFailure
from bot.telegram.pace import Pace
from tests.fake_telegram import Failure, FakeTelegram, Refusal, updates
from tests.telegram.conftest import eventually, replies


async def test_a_bot_that_starts_while_telegram_is_away_waits_and_says_so_once(running, caplog):
    server = FakeTelegram()
    async with running(api_url=server.url, token=server.token) as service:
        await eventually(lambda: "waiting until it does" in caplog.text)
        assert not service.is_receiving()
        server.start()
        server.says(1, "hoi")
        await replies(server, 1)
        await eventually(service.is_receiving)
    server.stop()

    assert caplog.text.count("waiting until it does") == 1
    assert server.token not in caplog.text


async def test_a_bot_can_be_stopped_while_telegram_is_away(make):
    server, stop = FakeTelegram(), asyncio.Event()
    task = asyncio.create_task(make(api_url=server.url).run(stop))
    await asyncio.sleep(0)

    stop.set()
    async with asyncio.timeout(2):
        await task
    server.stop()


@pytest.mark.parametrize("token", [
    pytest.param("123456:not-this-one", id="one that Telegram does not know"),
    pytest.param("", id="none"),
    pytest.param("hello/../world", id="something else"),
])  # fmt: skip
async def test_a_bad_token_is_one_sentence_that_names_the_setting(make, token, caplog):
    with pytest.raises(TelegramFailure, match="MINIDORP_TOKEN") as caught:
        await make(token=token).run(asyncio.Event())

    assert "not-this-one" not in str(caught.value) + caplog.text


async def test_a_webhook_without_a_secret_is_one_sentence_that_names_the_setting(make):
    with pytest.raises(TelegramFailure, match="MINIDORP_WEBHOOK_SECRET"):
        make(webhook_url="https://example.org/hook")


async def test_a_webhook_that_telegram_refuses_is_one_sentence_that_names_the_setting(make):
    service = make(webhook_url="ftp://example.org/hook", webhook_secret="s")

    with pytest.raises(TelegramFailure, match="MINIDORP_WEBHOOK_URL"):
        await service.run(asyncio.Event())


async def test_with_a_webhook_nothing_is_polled_and_what_comes_in_is_answered(running, telegram):
    async with running(webhook_url="http://127.0.0.1:9/hook", webhook_secret="s") as service:
        await eventually(service.is_receiving)
        telegram.world.chats[1] = "private"
        await service.accept({"update_id": 1, "message": updates.message(1, "hoi")})

        assert await replies(telegram, 1) == ["echo: hoi"]
    assert telegram.delivery.webhook_secret == "s"
    assert telegram.delivery.allowed == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert "getUpdates" not in telegram.calls


async def test_polling_takes_a_webhook_of_before_away_and_drops_nothing(running, telegram):
    telegram.delivery.webhook_url = "https://example.org/hook"
    telegram.says(1, "van gisteren")

    async with running():
        assert await replies(telegram, 1) == ["echo: van gisteren"]


async def test_stopping_finishes_what_is_begun(make, telegram, conversation):
    stop = asyncio.Event()
    task = asyncio.create_task(make().run(stop))
    for chat_id in range(1, 6):
        telegram.says(chat_id, "wacht even")
    await eventually(lambda: len(conversation.heard) == 5)

    stop.set()
    conversation.held.set()
    async with asyncio.timeout(9):
        await task

    assert len(telegram.texts()) == 5


async def test_a_reply_that_hangs_does_not_keep_the_program_and_is_sent_after_a_restart(make, telegram, monkeypatch):
    monkeypatch.setattr(service_module, "EMPTYING", timedelta(0))
    monkeypatch.setattr(service_module, "FINISHING", timedelta(seconds=0.05))
    stop = asyncio.Event()
    first = asyncio.create_task(make().run(stop))
    telegram.hold()
    telegram.says(1, "hoi")
    await eventually(lambda: telegram.held == 1)

    stop.set()
    async with asyncio.timeout(2):
        await first
    telegram.let_go(carry_out=False)
    stop.clear()
    second = asyncio.create_task(make().run(stop))

    assert await replies(telegram, 1) == ["echo: hoi"]
    stop.set()
    await second


async def test_what_was_received_but_not_answered_is_answered_after_a_restart_once(make, telegram, conversation):
    first = asyncio.create_task(make().run(asyncio.Event()))
    telegram.says(1, "wacht op mij")
    await eventually(lambda: conversation.heard)
    first.cancel()
    await asyncio.wait({first})
    conversation.held.set()

    stop = asyncio.Event()
    second = asyncio.create_task(make().run(stop))
    await replies(telegram, 1)
    telegram.says(2, "hoi")
    await replies(telegram, 1, chat_id=2)
    stop.set()
    await second

    assert telegram.texts(1) == ["echo: wacht op mij"]


async def test_a_rival_that_stays_ends_the_service(make, telegram):
    rival = Refusal(409, "Conflict: terminated by other getUpdates request")
    telegram.fail("getUpdates", *[Failure("refuse", rival)] * 50)

    with pytest.raises(TelegramFailure, match="Another program receives"):
        await make(pace=Pace(poll_s=1, conflict_s=0.1)).run(asyncio.Event())


async def test_a_token_that_is_withdrawn_ends_the_service(make, telegram):
    telegram.fail("getUpdates", Failure("refuse", Refusal(401, "Unauthorized")))

    with pytest.raises(TelegramFailure, match="MINIDORP_TOKEN"):
        await make().run(asyncio.Event())


async def test_what_runs_beside_ends_also_when_it_swallows_the_first_request_to():
    begun = asyncio.Event()

    async def stubborn():
        begun.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await begun.wait()

    await asyncio.wait_for(service_module._end([task]), 5)

    assert task.cancelled()
