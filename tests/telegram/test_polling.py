"""Polling confirms nothing that is not written down, and nothing but a refused token or a rival ends it."""

from __future__ import annotations

import asyncio
import logging

import pytest
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.store.database import StoreError
from bot.telegram.client import POLL_S
from bot.telegram.errors import TelegramFailure
from bot.telegram.pace import Pace
from bot.telegram.polling import Polling


class End(Exception):  # noqa: N818
    """The end of what was scripted."""


class ScriptedBot:
    """Answers polls as told: updates by id, or an error."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.offsets: list[int | None] = []
        self.waits: list[int] = []
        self.renewed = 0

    async def poll(self, offset, *, wait_s):
        self.offsets.append(offset)
        self.waits.append(wait_s)
        if not self.answers:
            raise End
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return [update if isinstance(update, dict) else {"update_id": update} for update in answer]

    async def renew(self):
        self.renewed += 1


class Inbox:
    """Takes updates; ``full`` times it cannot."""

    def __init__(self, full: int = 0) -> None:
        self.ids: list[int] = []
        self.full = full

    async def __call__(self, updates) -> None:
        if self.full:
            self.full -= 1
            raise StoreError("The disk is full.")
        self.ids += [update.get("update_id") for update in updates]


class Time:
    """A clock that goes on by what is waited."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


async def run(bot: ScriptedBot, inbox: Inbox, time: Time | None = None, pace: Pace = Pace()) -> Polling:  # noqa: B008
    time = time or Time()
    polling = Polling(bot, inbox, pace=pace, clock=lambda: time.now, pause=time.pause)
    with pytest.raises(End):
        await polling.run()
    return polling


async def test_the_next_poll_confirms_what_was_written_down():
    bot, inbox = ScriptedBot([5, 6], [], [9]), Inbox()

    await run(bot, inbox)

    assert inbox.ids == [5, 6, 9]
    assert bot.offsets == [None, 7, None, 10]


@pytest.mark.parametrize(("batch", "offset"), [
    pytest.param([2**63, 5], 2**63 + 1, id="one too large, beside another"),
    pytest.param([2**63], 2**63 + 1, id="one too large"),
    pytest.param([{"update_id": None}, 5], 6, id="nothing, beside another"),
    pytest.param([{"update_id": "7"}, {}, 5], 6, id="letters and none, beside another"),
    pytest.param([{"update_id": True}, 5], 6, id="yes, beside another"),
])  # fmt: skip
async def test_a_number_that_is_none_is_confirmed_with_the_rest_and_hides_nothing_that_comes_later(batch, offset):
    bot = ScriptedBot(batch, [], [8])

    await run(bot, Inbox())

    assert bot.offsets == [None, offset, None, 9]


async def test_what_has_no_number_and_stands_alone_does_not_keep_it_busy():
    bot, time = ScriptedBot([{}], [{}], [{}, 5], []), Time()

    polling = await run(bot, Inbox(), time)

    assert bot.offsets == [None, None, None, 6, None]
    assert time.pauses == [3, 3]
    assert polling.is_receiving()


async def test_a_number_that_telegram_does_not_take_back_is_not_tried_for_ever():
    bot = ScriptedBot([2**63], BadRequest("Bad Request: invalid offset"), [5])

    await run(bot, Inbox())

    assert bot.offsets == [None, 2**63 + 1, None, 6]


async def test_what_could_not_be_written_down_is_asked_for_again(caplog):
    bot, inbox, time = ScriptedBot([5], [5], [5]), Inbox(full=2), Time()

    await run(bot, inbox, time)

    assert inbox.ids == [5]
    assert bot.offsets == [None, None, None, 6]
    assert time.pauses == [0.5, 1]
    assert [record.message for record in caplog.records] == [
        "Messages of parents stay with Telegram until they can be written down.",
        "Messages are received again.",
    ]


async def test_updates_in_another_order_are_all_confirmed():
    bot = ScriptedBot([11, 10])

    await run(bot, Inbox())

    assert bot.offsets == [None, 12]


async def test_the_first_poll_and_one_after_trouble_do_not_wait_so_that_health_is_known_soon():
    bot = ScriptedBot([], [], TimedOut(), [], [])

    await run(bot, Inbox())

    assert bot.waits == [0, POLL_S, POLL_S, 0, POLL_S, POLL_S]


@pytest.mark.parametrize("error", [
    pytest.param(NetworkError("httpx.ConnectError: 123:TOKEN"), id="the network is away"),
    pytest.param(TimedOut(), id="no connection is free"),
    pytest.param(TimeoutError(), id="the poll hangs"),
])  # fmt: skip
async def test_trouble_is_said_once_and_connections_are_made_anew(error, caplog):
    bot, time = ScriptedBot(*[error] * 8, [1], [2]), Time()

    await run(bot, Inbox(), time)

    assert bot.renewed == 8
    assert time.pauses == [0.5, 1, 2, 3, 3, 3, 3, 3]
    assert len(caplog.records) == 2
    assert "TOKEN" not in caplog.text


async def test_a_poll_that_never_returns_is_given_up():
    class HangingBot(ScriptedBot):
        async def poll(self, offset, *, wait_s):
            if not self.offsets:
                self.offsets.append(offset)
                await asyncio.Event().wait()
            return await super().poll(offset, wait_s=wait_s)

    bot = HangingBot([1])

    await run(bot, Inbox(), pace=Pace(poll_s=0, hang_s=0.01))

    assert bot.renewed == 1


async def test_telegram_may_ask_to_wait():
    time = Time()

    await run(ScriptedBot(RetryAfter(7)), Inbox(), time)

    assert time.pauses == [7]


async def test_a_refused_token_ends_it_with_a_sentence_without_the_token():
    polling = Polling(ScriptedBot(InvalidToken("The token `123:SECRET` was rejected")), Inbox())

    with pytest.raises(TelegramFailure, match="MINIDORP_TOKEN") as caught:
        await polling.run()

    assert "SECRET" not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_a_rival_that_goes_away_is_borne_and_named_once(caplog):
    rival = Conflict("terminated by other getUpdates request")

    await run(ScriptedBot(rival, rival, [1], rival, [2]), Inbox())

    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "Another program receives messages" in caplog.text


async def test_a_rival_that_stays_for_a_minute_ends_it():
    rival, time = Conflict("terminated by other getUpdates request"), Time()
    polling = Polling(ScriptedBot(*[rival, []] * 30), Inbox(), clock=lambda: time.now, pause=time.pause)

    with pytest.raises(TelegramFailure, match="Another program receives"):
        await polling.run()

    assert 60 <= time.now - 1000 <= 75


async def test_two_short_visits_of_a_rival_are_not_one_long_one():
    rival, time = Conflict("terminated by other getUpdates request"), Time()

    class SlowBot(ScriptedBot):
        async def poll(self, offset, *, wait_s):
            time.now += 50
            return await super().poll(offset, wait_s=wait_s)

    await run(SlowBot(rival, [], rival, [], rival, []), Inbox(), time)


async def test_receiving_is_well_after_a_good_poll_and_ill_when_that_was_long_ago():
    time = Time()
    bot = ScriptedBot([1])
    polling = Polling(bot, Inbox(), clock=lambda: time.now, pause=time.pause)
    assert not polling.is_receiving()

    with pytest.raises(End):
        await polling.run()

    assert polling.is_receiving()
    time.now += 91
    assert not polling.is_receiving()


async def test_polls_that_cannot_be_written_down_do_not_count_as_well():
    polling = await run(ScriptedBot([5]), Inbox(full=1))

    assert not polling.is_receiving()


async def test_at_the_end_the_last_ones_are_confirmed():
    polling = await run(bot := ScriptedBot([5]), Inbox())
    bot.answers = [[6]]

    await polling.confirm()

    assert bot.offsets[-1] == 6
