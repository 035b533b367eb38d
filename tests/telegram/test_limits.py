"""A chat that floods waits by itself; what concerns no chat waits for nobody and stops nobody."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import RetryAfter

from bot.telegram.limits import BURST, CATCH_UP_S, GROUP_PER_MINUTE, MOST_CHATS, OVERALL_PER_S, Limits, behind_replies
from tests.own_time import in_own_time


class Calls:
    """Counts the calls that got through, by chat."""

    def __init__(self) -> None:
        self.limits = Limits()
        self.through: list[int | None] = []
        self.at: list[float] = []

    async def make(self, chat_id: int | None, *errors: Exception, is_reply: bool = True) -> None:
        behind_replies.set(not is_reply)
        left = list(errors)

        async def call() -> bool:
            self.through.append(chat_id)
            self.at.append(asyncio.get_running_loop().time())
            if left:
                raise left.pop(0)
            return True

        data = {} if chat_id is None else {"chat_id": chat_id}
        await self.limits.process_request(call, (), {}, "sendMessage", data, None)


@pytest.fixture
def calls():
    return Calls()


@in_own_time
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


@in_own_time
async def test_a_refused_call_about_no_chat_is_an_error_at_once_and_holds_nobody(calls):
    with pytest.raises(RetryAfter):
        await calls.make(None, RetryAfter(80_000))

    async with asyncio.timeout(0.5):
        await calls.make(1)


@in_own_time
async def test_the_paces_of_chats_at_rest_are_forgotten(calls):
    for chat_id in range(1, MOST_CHATS + 1):
        calls.limits._pace(chat_id)
    await calls.limits._pace(1).acquire()

    calls.limits._pace(MOST_CHATS + 1)

    assert set(calls.limits._paces) == {1, MOST_CHATS + 1}


async def run_for(seconds, tasks):
    await asyncio.wait(tasks, timeout=seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def within(moments, start, seconds) -> int:
    """Return how many of these lie in so many seconds from ``start`` on."""
    return sum(1 for at in moments if start <= at < start + seconds)


@in_own_time
async def test_a_broadcast_that_was_held_up_makes_up_for_it_but_not_for_all(calls):
    broadcast = [asyncio.create_task(calls.make(chat, is_reply=False)) for chat in range(1, 101)]
    await asyncio.sleep(0.05)
    before = len(calls.through)
    asyncio.get_running_loop().is_busy(2)

    await asyncio.sleep(0.05)
    assert CATCH_UP_S * OVERALL_PER_S - 1 <= len(calls.through) - before <= (CATCH_UP_S + 0.2) * OVERALL_PER_S
    await run_for(0, broadcast)


@in_own_time
async def test_a_reply_goes_before_a_broadcast_that_was_there_first(calls):
    broadcast = [asyncio.create_task(calls.make(chat, is_reply=False)) for chat in range(1, 101)]
    await asyncio.sleep(0.1)

    async with asyncio.timeout(0.5):
        await asyncio.create_task(calls.make(1000))

    assert len(calls.through) < 10
    await run_for(0, broadcast)


@in_own_time
async def test_a_broadcast_is_spread_evenly_and_keeps_to_the_pace_in_every_second(calls):
    await run_for(2.2, [asyncio.create_task(calls.make(chat, is_reply=False)) for chat in range(1, 101)])

    assert 2 * OVERALL_PER_S * 0.9 <= len(calls.through) <= 2.2 * OVERALL_PER_S + 1
    assert max(within(calls.at, start, 1) for start in calls.at) <= OVERALL_PER_S
    assert within(calls.at, calls.at[0], 0.1) < OVERALL_PER_S / 4


@in_own_time
async def test_replies_come_at_once_however_many_there_are(calls):
    await run_for(0.5, [asyncio.create_task(calls.make(chat)) for chat in range(1, 101)])

    assert len(calls.through) == 100


@in_own_time
async def test_beside_a_broadcast_replies_come_at_once_until_the_second_is_full(calls):
    await calls.make(1, is_reply=False)

    await run_for(0.9, [asyncio.create_task(calls.make(chat)) for chat in range(2, 101)])

    assert len(calls.through) == OVERALL_PER_S
    assert calls.at[-1] - calls.at[0] < 0.1


@in_own_time
async def test_after_a_refusal_replies_keep_to_the_pace(calls):
    refused = asyncio.create_task(calls.make(1, RetryAfter(0)))
    await asyncio.sleep(0)

    await run_for(0.9, [refused, *(asyncio.create_task(calls.make(chat)) for chat in range(2, 101))])

    # The call that was refused counts too: when it was refused, Telegram may have counted it.
    assert len(calls.through) == OVERALL_PER_S


@in_own_time
async def test_a_broadcast_counts_the_replies_before_it(calls):
    await asyncio.gather(*(calls.make(chat) for chat in range(1, OVERALL_PER_S + 1)))

    await run_for(0.5, [asyncio.create_task(calls.make(1000, is_reply=False))])

    assert len(calls.through) == OVERALL_PER_S


@in_own_time
async def test_who_gave_up_waiting_holds_nobody_up(calls):
    waiting = [asyncio.create_task(calls.make(chat, is_reply=False)) for chat in range(1, 20)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()

    async with asyncio.timeout(0.5):
        await asyncio.create_task(calls.make(1000))
    await asyncio.gather(*waiting, return_exceptions=True)


@in_own_time
async def test_after_a_refusal_everybody_waits_and_then_takes_turns_again(calls):
    refused = asyncio.create_task(calls.make(1, RetryAfter(1), is_reply=False))
    await asyncio.sleep(0.05)

    others = [asyncio.create_task(calls.make(chat, is_reply=False)) for chat in range(2, 9)]
    await asyncio.wait_for(asyncio.gather(refused, *others), 3)

    assert calls.at[1] - calls.at[0] >= 1
    assert calls.at[-1] - calls.at[1] > 5 / OVERALL_PER_S


@in_own_time
async def test_a_group_gets_no_more_than_telegram_allows_one(calls):
    await run_for(0.9, [asyncio.create_task(calls.make(-5)) for _ in range(40)])

    assert len(calls.through) == GROUP_PER_MINUTE


@in_own_time
async def test_when_the_program_stops_replies_still_go_and_nothing_else_begins(calls):
    broadcast = [asyncio.create_task(calls.make(chat, is_reply=False)) for chat in range(1, 101)]
    await asyncio.sleep(0.1)

    calls.limits.only_replies()
    await asyncio.sleep(0)
    begun = len(calls.through)
    async with asyncio.timeout(0.5):
        await asyncio.create_task(calls.make(1000))
    await run_for(0.2, broadcast)

    assert len(calls.through) == begun + 1
