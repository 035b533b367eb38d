"""Several processes on one database: each chat in order, each update once, and nothing left behind."""

from __future__ import annotations

import asyncio
import json
import random
from collections import defaultdict
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import sqlalchemy

from bot.store import inbox, kept, tables
from bot.store.database import Store
from bot.telegram.receiving import LEFT, Receiver
from tests.store import conftest as both_databases
from tests.telegram.conftest import NOW, eventually
from tests.telegram.test_receiving import NONE, update

url = both_databases.url


class Process:
    """A receiver with a database session of its own; what it handles waits at ``gate``."""

    def __init__(self, store: Store, handled: list[tuple[str, int]], name: str, later: timedelta) -> None:
        self.store, self.gate, self.begun = store, asyncio.Event(), []
        self._handled, self._name = handled, name
        self.receiver = Receiver(store, self._handle, self._give_up, clock=lambda: NOW + later)
        self.gate.set()

    async def _handle(self, data: dict) -> None:
        self.begun.append(data["update_id"])
        await self.gate.wait()
        await asyncio.sleep(0)
        self._handled.append((self._name, data["update_id"]))

    async def _give_up(self, data: dict) -> None:
        self._handled.append((f"{self._name} gave up", data["update_id"]))

    async def is_killed(self) -> None:
        await self.receiver.stop(empty=NONE, finish=NONE)
        await self.store.close()


@pytest.fixture
def backend() -> str:
    return "postgresql"


@pytest.fixture
def handled() -> list[tuple[str, int]]:
    return []


@pytest.fixture
def process(url, handled):
    @asynccontextmanager
    async def process(name: str, later: timedelta = NONE):
        store = await Store.open(url)
        made = Process(store, handled, name, later)
        await made.receiver.take_up()
        yield made
        await made.receiver.idle()
        await store.close()

    return process


async def test_the_second_of_a_chat_waits_for_the_first_and_is_handled_by_who_is_at_it(process, handled):
    async with process("a") as a, process("b") as b:
        a.gate.clear()
        await a.receiver.accept([update(1)])
        await eventually(lambda: a.begun)

        await b.receiver.accept([update(2)])
        await b.receiver.accept([update(3, chat_id=2)])
        await b.receiver.idle()
        assert handled == [("b", 3)]
        a.gate.set()
        await a.receiver.idle()

    assert handled == [("b", 3), ("a", 1), ("a", 2)]


async def test_what_is_typed_behind_the_press_that_erases_everything_is_answered_too(process, handled):
    async with process("a") as a:
        a.gate.clear()
        await a.receiver.accept([update(1), update(2)])
        await eventually(lambda: a.begun)

        async with a.store.writing() as connection:
            await kept.forget(connection, 1)
        a.gate.set()
        await a.receiver.idle()

        async with a.store.reading() as connection:
            assert await kept.everything(connection, 1) == []
    assert handled == [("a", 1), ("a", 2)]


async def test_who_starts_does_not_answer_what_another_is_answering(process, handled):
    async with process("a") as a:
        a.gate.clear()
        await a.receiver.accept([update(1)])
        await eventually(lambda: a.begun)

        async with process("b", later=LEFT + timedelta(hours=1)) as b:
            await b.receiver.take_up_left()
            await b.receiver.idle()
            assert b.begun == []
            a.gate.set()

    assert handled == [("a", 1)]


async def test_what_a_killed_process_left_is_handled_by_another_that_was_there_all_the_time(process, handled):
    async with process("b", later=2 * LEFT) as b:
        async with process("a") as a:
            a.gate.clear()
            await a.receiver.accept([update(1), update(2), update(3, chat_id=2)])
            await eventually(lambda: len(a.begun) == 2)

            await a.is_killed()
        await b.receiver.take_up_left()
        await b.receiver.idle()

    assert sorted(handled) == [("b", 1), ("b", 2), ("b", 3)]
    assert handled.index(("b", 1)) < handled.index(("b", 2))


async def test_what_came_in_a_moment_ago_is_left_to_who_wrote_it_down(process, handled):
    async with process("a") as a, process("b", later=LEFT / 2) as b:
        await a.is_killed()
        await a.receiver.accept([update(1)])

        await b.receiver.take_up_left()
        await b.receiver.idle()

    assert handled == []


async def test_many_chats_at_three_processes_are_answered_once_and_in_order(process, handled):
    chance = random.Random(7)
    async with process("a") as a, process("b") as b, process("c") as c:
        for number in range(1, 301):
            await chance.choice((a, b, c)).receiver.accept([update(number, chat_id=number % 7)])
        for one in (a, b, c):
            await one.receiver.idle()
        await eventually(lambda: len(handled) == 300)

        async with a.store.reading() as connection:
            assert (await connection.execute(sqlalchemy.select(tables.inbox.c.payload).distinct())).all() == [(None,)]
    by_chat = defaultdict(list)
    for _, number in handled:
        by_chat[number % 7].append(number)
    assert all(numbers == sorted(numbers) for numbers in by_chat.values())
    assert len(set(handled)) == len(handled) == 300
    assert {name for name, _ in handled} == {"a", "b", "c"}


async def test_what_is_handled_alone_is_handled_by_one_also_when_more_of_its_chat_comes_in(process, handled, url):
    store = await Store.open(url)
    async with store.writing() as connection:
        await inbox.accept(connection, 1, 1, json.dumps(update(1)), NOW)
        await inbox.begin(connection, [1])
    await store.close()
    async with process("a") as a, process("b", later=2 * LEFT) as b:
        for one in (a, b):
            await one.receiver.idle()
        a.gate.clear()
        await a.receiver.take_up_suspects()
        await eventually(lambda: a.begun == [1])
        await a.receiver.accept([update(2), update(3, chat_id=2)])
        await eventually(lambda: a.begun == [1, 3])

        await b.receiver.take_up_left()
        await b.receiver.take_up_suspects()
        await b.receiver.idle()
        assert b.begun == []
        a.gate.set()
        await a.receiver.idle()

    assert sorted(handled) == [("a", 1), ("a", 2), ("a", 3)]
    assert handled.index(("a", 1)) < handled.index(("a", 2))


async def test_a_message_on_which_programs_end_does_not_end_one_after_another_for_ever(url, handled):
    """Each is killed at it, and the next one takes it up, as two machines do in turns."""
    names = iter(("a", "b", "c", "d", "e"))
    tried = []
    for later in range(1, 6):
        store = await Store.open(url)
        made = Process(store, handled, next(names), later * 2 * LEFT)
        made.gate.clear()
        await made.receiver.take_up()
        if later == 1:
            await made.receiver.accept([update(1), update(2)])
        await made.receiver.take_up_left()
        await made.receiver.take_up_suspects()
        await eventually(lambda made=made: made.begun or handled)
        tried += made.begun[:1]
        if handled:
            made.gate.set()
            await made.receiver.idle()
        await made.is_killed()

    assert tried == [1, 1, 1, 1]
    assert handled == [("e gave up", 1), ("e", 2)]
