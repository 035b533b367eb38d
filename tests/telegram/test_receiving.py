"""Nothing is lost, nothing is answered twice, whatever comes in between."""

from __future__ import annotations

import asyncio
import gc
from datetime import timedelta

import pytest
import sqlalchemy

from bot.reading.errors import EndedByMessageError
from bot.store import inbox, tables
from bot.store.database import StoreError
from bot.telegram import receiving
from bot.telegram.receiving import ATTEMPTS, Receiver
from tests.fake_telegram import updates
from tests.store import conftest as both_databases
from tests.telegram.conftest import NOW, eventually

backend, url, store = both_databases.backend, both_databases.url, both_databases.store
NONE = timedelta(0)


def update(update_id: int, chat_id: int = 1, text: str = "hoi") -> dict:
    return {"update_id": update_id, "message": updates.message(chat_id, text)}


class Handled:
    """What was handled, and what was given up; ``gate`` holds everybody back until it is set."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.given_up: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, data: dict) -> None:
        await self.gate.wait()
        self.ids.append(data["update_id"])

    async def give_up(self, data: dict) -> None:
        self.given_up.append(data["update_id"])


@pytest.fixture
def handled():
    return Handled()


@pytest.fixture
def receiver(store, handled):
    return Receiver(store, handled, handled.give_up, clock=lambda: NOW)


async def unfinished(store) -> list[int]:
    async with store.reading() as connection:
        return [update_id for update_id, _ in await inbox.unfinished(connection)]


async def test_an_update_is_written_down_before_it_is_handled_and_erased_after(receiver, store, handled):
    await receiver.take_up()
    handled.gate.clear()

    await receiver.accept([update(1)])
    assert await unfinished(store) == [1]
    handled.gate.set()
    await receiver.idle()

    assert handled.ids == [1]
    assert await unfinished(store) == []
    async with store.reading() as connection:
        assert (await connection.execute(sqlalchemy.select(tables.inbox.c.payload))).scalars().all() == [None]


async def test_an_update_that_comes_twice_is_handled_once(receiver, handled):
    await receiver.take_up()

    await receiver.accept([update(1), update(1)])
    await receiver.accept([update(1)])
    await receiver.idle()
    await receiver.accept([update(1)])
    await receiver.idle()

    assert handled.ids == [1]


async def test_an_update_that_comes_late_is_handled_too(receiver, handled):
    await receiver.take_up()

    await receiver.accept([update(11, 1)])
    await receiver.accept([update(10, 2)])
    await receiver.idle()

    assert sorted(handled.ids) == [10, 11]


@pytest.mark.parametrize("later", [
    pytest.param(timedelta(seconds=1), id="a second later"),
    pytest.param(timedelta(hours=-1), id="after the clock was set back by an hour"),
])  # fmt: skip
async def test_what_was_unfinished_comes_first_after_a_restart_in_order(receiver, store, handled, later):
    handled.gate.clear()
    await receiver.take_up()
    await receiver.accept([update(7), update(3), update(9)])
    await receiver.stop(empty=NONE, finish=NONE)

    handled.gate.set()
    next_start = Receiver(store, handled, handled.give_up, clock=lambda: NOW + later)
    await next_start.accept([update(8), update(10)])
    await next_start.take_up()
    await next_start.idle()

    assert handled.ids == [3, 7, 8, 9, 10]


async def test_what_comes_before_the_start_is_written_down_and_waits(receiver, store, handled):
    await receiver.accept([update(1)])
    await receiver.idle()
    assert handled.ids == []

    await receiver.take_up()
    await receiver.idle()

    assert handled.ids == [1]


async def test_an_update_that_began_to_be_written_is_handled_even_when_the_caller_goes_away(receiver, handled):
    await receiver.take_up()

    delivery = asyncio.create_task(receiver.accept([update(1)]))
    await asyncio.sleep(0)
    delivery.cancel()
    await asyncio.gather(delivery, return_exceptions=True)
    await receiver.accept([update(2, 2)])
    await receiver.idle()

    assert sorted(handled.ids) == [1, 2]


async def test_a_writing_that_fails_when_the_caller_is_gone_leaves_no_stack_in_the_log(receiver, monkeypatch, caplog):
    await receiver.take_up()
    is_tried = asyncio.Event()

    async def broken(*_arguments):
        is_tried.set()
        raise StoreError("The disk gives an error.")

    monkeypatch.setattr(inbox, "accept", broken)
    delivery = asyncio.create_task(receiver.accept([update(1)]))
    await asyncio.sleep(0)
    delivery.cancel()
    await asyncio.gather(delivery, return_exceptions=True)
    await is_tried.wait()
    await receiver.idle()
    await eventually(lambda: not [task for task in asyncio.all_tasks() if "_write_together" in repr(task)])
    del delivery
    gc.collect()

    assert "never retrieved" not in caplog.text


async def test_a_batch_is_written_down_as_a_whole_or_not_at_all(receiver, store, handled, monkeypatch):
    await receiver.take_up()
    original = inbox.accept

    async def full_at_the_second(connection, update_id, *rest):
        if update_id == 2:
            raise StoreError("The disk is full.")
        return await original(connection, update_id, *rest)

    monkeypatch.setattr(inbox, "accept", full_at_the_second)
    with pytest.raises(StoreError):
        await receiver.accept([update(1), update(2)])
    assert await unfinished(store) == []

    monkeypatch.undo()
    await receiver.accept([update(1), update(2)])
    await receiver.idle()
    assert sorted(handled.ids) == [1, 2]


async def test_a_reply_that_could_not_be_noted_is_noted_with_the_next(receiver, store, handled, monkeypatch):
    await receiver.take_up()
    original = inbox.finish

    async def full(*_arguments):
        raise StoreError("The disk is full.")

    monkeypatch.setattr(inbox, "finish", full)
    await receiver.accept([update(1)])
    await receiver.idle()
    monkeypatch.setattr(inbox, "finish", original)
    await receiver.accept([update(2)])
    await receiver.idle()

    assert await unfinished(store) == []


async def test_kinds_that_nobody_handles_are_confirmed_and_not_kept(receiver, store, handled):
    await receiver.take_up()

    await receiver.accept([{"update_id": 1, "channel_post": {"chat": {"id": -100}}}])
    await receiver.idle()

    assert handled.ids == []
    async with store.reading() as connection:
        assert (await connection.execute(sqlalchemy.select(tables.inbox))).all() == []


@pytest.mark.parametrize("data", [
    pytest.param({}, id="no id"),
    pytest.param({"update_id": None, "message": updates.message(1, "Sterre")}, id="an id that is nothing"),
    pytest.param({"update_id": "1", "message": updates.message(1, "Sterre")}, id="an id in letters"),
    pytest.param({"update_id": True, "message": updates.message(1, "Sterre")}, id="an id that is yes or no"),
    pytest.param({"update_id": 2**63, "message": updates.message(1, "Sterre")}, id="an id that is too large"),
    pytest.param({"update_id": -(2**63), "message": updates.message(1, "Sterre")}, id="an id that is too small"),
    pytest.param([], id="a list"),
    pytest.param(None, id="nothing"),
])  # fmt: skip
async def test_what_is_no_update_is_left_out_and_said_once_and_the_rest_is_handled(receiver, handled, caplog, data):
    await receiver.take_up()

    for _ in range(3):
        await receiver.accept([data, update(1)])
    await receiver.idle()

    assert handled.ids == [1]
    assert [record.message for record in caplog.records if "left out" in record.message] == [
        "What came from Telegram is not an update, as it has no usable update_id; it is left out."
    ]
    assert "Sterre" not in caplog.text


DEADLY = 5
"""The id of a message on which a program ends, and with it all that is read after it."""


class Mortal(Handled):
    """Ends on one message: that one, and what comes after it in the same program, is never handled."""

    def __init__(self) -> None:
        super().__init__()
        self.tried: list[int] = []
        self.is_dead = False

    async def __call__(self, data: dict) -> None:
        self.tried.append(data["update_id"])
        self.is_dead = self.is_dead or data["update_id"] == DEADLY
        if self.is_dead:
            await asyncio.Event().wait()
        await super().__call__(data)


async def until_idle_or_dead(receiver: Receiver, handled: Mortal) -> None:
    idle = asyncio.create_task(receiver.idle())
    await eventually(lambda: idle.done() or handled.is_dead)
    idle.cancel()


async def lives(receiver: Receiver, handled: Mortal, new: list[dict]) -> bool:
    """Let a program begin, get new messages, and look for those it may end on; return whether it came through that."""
    handled.is_dead = False
    await receiver.take_up()
    await receiver.accept(new)
    await until_idle_or_dead(receiver, handled)
    if not handled.is_dead:
        await receiver.take_up_suspects()
        await until_idle_or_dead(receiver, handled)
    await receiver.stop(empty=NONE, finish=NONE)
    return not handled.is_dead


async def test_a_message_on_which_the_program_ends_is_counted_at_each_start_and_everybody_else_is_answered(store):
    handled, starts = Mortal(), 0
    new = [update(number, chat_id=number) for number in range(1, 11)]

    while starts < 9 and not await lives(Receiver(store, handled, handled.give_up, clock=lambda: NOW), handled, new):
        starts += 1
        new = [update(number, chat_id=number) for number in range(10 * starts + 1, 10 * starts + 4)]

    assert starts == 1 + ATTEMPTS
    assert handled.given_up == [DEADLY]
    assert handled.tried.count(DEADLY) == 1 + ATTEMPTS
    everybody = [*range(1, 11), 11, 12, 13, 21, 22, 23, 31, 32, 33, 41, 42, 43]
    assert sorted(handled.ids) == [number for number in everybody if number != DEADLY]
    assert await unfinished(store) == []


async def test_when_the_message_is_known_that_was_read_everybody_else_goes_first_already_at_the_next_start(store):
    tried = []

    async def handle(data: dict) -> None:
        tried.append(data["update_id"])
        if data["update_id"] == DEADLY:
            raise EndedByMessageError

    given_up = Handled()
    for start in range(1 + ATTEMPTS):
        receiver = Receiver(store, handle, given_up.give_up, clock=lambda: NOW)
        await receiver.take_up()
        await receiver.accept([update(DEADLY if start == 0 else 10 + start, chat_id=start)])
        await receiver.idle()
        assert tried[-1] == (DEADLY if start == 0 else 10 + start)
        await receiver.take_up_suspects()
        if start == 0:
            # It ends here; those it may have ended on are looked for by the next start.
            await receiver.stop(empty=NONE, finish=NONE)
        await receiver.idle()

    assert tried == [DEADLY, 11, DEADLY, 12, DEADLY, 13]
    assert given_up.given_up == [DEADLY]
    assert await unfinished(store) == []


async def test_what_was_left_twice_is_tried_last_and_alone_and_what_follows_in_its_chat_waits(store):
    handled = Mortal()
    deadly, later = update(DEADLY), update(6)
    others = [update(number, chat_id=number) for number in (7, 8, 9)]
    for new in ([deadly], [later]):
        assert not await lives(Receiver(store, handled, handled.give_up, clock=lambda: NOW), handled, new)
    assert handled.tried == [DEADLY, DEADLY]

    assert not await lives(Receiver(store, handled, handled.give_up, clock=lambda: NOW), handled, others)
    assert sorted(handled.ids) == [7, 8, 9]
    assert handled.tried[-1] == DEADLY

    assert not await lives(Receiver(store, handled, handled.give_up, clock=lambda: NOW), handled, [])
    assert await lives(Receiver(store, handled, handled.give_up, clock=lambda: NOW), handled, [])
    assert handled.given_up == [DEADLY]
    assert handled.ids[-1] == 6


async def test_what_is_taken_up_beside_something_suspected_is_handled_once(store, handled, monkeypatch):
    monkeypatch.setattr(receiving, "OTHERS_FIRST", NONE)
    await Receiver(store, handled, handled.give_up, clock=lambda: NOW).accept([update(1), update(2, 2), update(3, 2)])
    async with store.writing() as connection:
        await inbox.begin(connection, [1])
    handled.gate.clear()
    await (next_start := Receiver(store, handled, handled.give_up, clock=lambda: NOW)).take_up()
    async with asyncio.timeout(5):
        while len(await suspected(store)) < 2:  # noqa: ASYNC110 - it happens in another task
            await asyncio.sleep(0.001)

    for _ in range(2):
        await next_start.take_up_suspects()
        await asyncio.sleep(0)
    handled.gate.set()
    await next_start.idle()

    assert sorted(handled.ids) == [1, 2, 3]


async def suspected(store) -> list[inbox.Waiting]:
    async with store.reading() as connection:
        return await inbox.suspects(connection)


async def test_a_program_that_was_asked_to_stop_blames_nothing_it_was_at(store):
    handled = Mortal()
    for _ in range(5):
        receiver = Receiver(store, handled, handled.give_up, clock=lambda: NOW)
        await lives(receiver, handled, [update(DEADLY)])
        await receiver.acquit()

    async with store.reading() as connection:
        assert await inbox.suspects(connection) == []
    assert handled.given_up == []


async def test_only_what_others_left_costs_one_more_write(receiver, store, handled, monkeypatch):
    begun = []
    original = inbox.begin

    async def begin(connection, update_ids):
        begun.extend(update_ids)
        await original(connection, update_ids)

    monkeypatch.setattr(inbox, "begin", begin)
    await receiver.take_up()
    await receiver.accept([update(number, chat_id=number % 3) for number in range(1, 20)])
    await receiver.idle()
    assert begun == []
    handled.gate.clear()
    await receiver.accept([update(20)])
    await receiver.stop(empty=NONE, finish=NONE)
    handled.gate.set()

    await (next_start := Receiver(store, handled, handled.give_up, clock=lambda: NOW)).take_up()
    await next_start.idle()

    assert begun == [20]
    assert handled.ids[-1] == 20


async def test_what_cannot_be_counted_is_answered_all_the_same(receiver, store, handled, monkeypatch):
    await receiver.accept([update(1)])

    async def full(*_arguments):
        raise StoreError("The disk is full.")

    monkeypatch.setattr(inbox, "begin", full)
    await (next_start := Receiver(store, handled, handled.give_up, clock=lambda: NOW)).take_up()
    await next_start.idle()

    assert handled.ids == [1]
    assert await unfinished(store) == []


async def test_ids_are_forgotten_after_a_day(store, handled):
    moments = [NOW]
    receiver = Receiver(store, handled, handled.give_up, clock=lambda: moments[-1])
    await receiver.take_up()
    await receiver.accept([update(1)])
    await receiver.idle()

    moments.append(NOW + timedelta(hours=23))
    await receiver.tidy()
    async with store.reading() as connection:
        assert len((await connection.execute(sqlalchemy.select(tables.inbox))).all()) == 1

    moments.append(NOW + timedelta(hours=25))
    await receiver.tidy()
    async with store.reading() as connection:
        assert (await connection.execute(sqlalchemy.select(tables.inbox))).all() == []
