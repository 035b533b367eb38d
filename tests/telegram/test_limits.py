"""A chat that floods waits by itself; what concerns no chat waits for nobody and stops nobody."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import RetryAfter

from bot.telegram.limits import BURST, MOST_CHATS, Limits


class Calls:
    """Counts the calls that got through, by chat."""

    def __init__(self) -> None:
        self.limits = Limits()
        self.through: list[int | None] = []

    async def make(self, chat_id: int | None, error: Exception | None = None) -> None:
        async def call() -> bool:
            self.through.append(chat_id)
            if error is not None:
                raise error
            return True

        data = {} if chat_id is None else {"chat_id": chat_id}
        await self.limits.process_request(call, (), {}, "sendMessage", data, None)


@pytest.fixture
def calls():
    return Calls()


async def test_a_chat_that_floods_waits_and_another_goes_first(calls):
    flood = [asyncio.create_task(calls.make(1)) for _ in range(BURST + 5)]
    for _ in range(BURST * 2):
        await asyncio.sleep(0)

    async with asyncio.timeout(0.5):
        await calls.make(2)

    assert calls.through == [1] * BURST + [2]
    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


async def test_a_refused_call_about_no_chat_is_an_error_at_once_and_holds_nobody(calls):
    with pytest.raises(RetryAfter):
        await calls.make(None, RetryAfter(80_000))

    async with asyncio.timeout(0.5):
        await calls.make(1)


async def test_the_paces_of_chats_at_rest_are_forgotten(calls):
    for chat_id in range(1, MOST_CHATS + 1):
        calls.limits._pace(chat_id)
    await calls.limits._pace(1).acquire()

    calls.limits._pace(MOST_CHATS + 1)

    assert set(calls.limits._paces) == {1, MOST_CHATS + 1}
