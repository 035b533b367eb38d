"""Nothing is lost, nothing is answered twice, whatever comes in between."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy

from bot.store import inbox, tables
from bot.store.database import StoreError
from bot.telegram.receiving import Receiver
from tests.fake_telegram import updates
from tests.store import conftest as both_databases
from tests.telegram.conftest import NOW

backend, url, store = both_databases.backend, both_databases.url, both_databases.store
NONE = timedelta(0)


def update(update_id: int, chat_id: int = 1, text: str = "hoi") -> dict:
    return {"update_id": update_id, "message": updates.message(chat_id, text)}


class Handled:
    """What was handled; ``gate`` holds everybody back until it is set."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, data: dict) -> None:
        await self.gate.wait()
        self.ids.append(data["update_id"])


@pytest.fixture
def handled():
    return Handled()


@pytest.fixture
def receiver(store, handled):
    return Receiver(store, handled, clock=lambda: NOW)


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
    next_start = Receiver(store, handled, clock=lambda: NOW + later)
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
    pytest.param({"update_id": "1"}, id="an id in letters"),
    pytest.param({"update_id": True}, id="an id that is yes or no"),
    pytest.param({"update_id": 2**64}, id="an id that is too large"),
    pytest.param([], id="a list"),
    pytest.param(None, id="nothing"),
])  # fmt: skip
async def test_what_is_no_update_is_refused(receiver, data):
    with pytest.raises(ValueError, match="not an update"):
        await receiver.accept([data])


async def test_ids_are_forgotten_after_a_day(store, handled):
    moments = [NOW]
    receiver = Receiver(store, handled, clock=lambda: moments[-1])
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
