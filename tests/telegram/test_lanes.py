"""Order within a chat, no waiting between chats, and nobody takes all places."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.telegram.lanes import Lanes

NONE = timedelta(0)
AMPLE = timedelta(seconds=10)


class Work:
    """Handles items; one whose name is held waits until it is let go."""

    def __init__(self, *held: str) -> None:
        self.begun: list[str] = []
        self.done: list[str] = []
        self.most_at_once = 0
        self._gates = {name: asyncio.Event() for name in held}

    async def __call__(self, name: str) -> None:
        self.begun.append(name)
        self.most_at_once = max(self.most_at_once, len(self.begun) - len(self.done))
        if name in self._gates:
            await self._gates[name].wait()
        await asyncio.sleep(0)
        self.done.append(name)

    def let_go(self, name: str) -> None:
        self._gates[name].set()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_chat_keeps_its_order():
    work = Work("a1")
    lanes = Lanes(work)

    for name in ("a1", "a2", "a3"):
        lanes.add("a", name)
    await settle()

    assert work.begun == ["a1"]
    work.let_go("a1")
    await lanes.idle()
    assert work.done == ["a1", "a2", "a3"]


async def test_one_chat_does_not_wait_for_another():
    work = Work("a1")
    lanes = Lanes(work)

    lanes.add("a", "a1")
    lanes.add("b", "b1")
    await settle()

    assert work.done == ["b1"]
    work.let_go("a1")
    await lanes.idle()


async def test_no_more_at_once_than_there_are_places():
    work = Work()
    lanes = Lanes(work, places=3)

    for number in range(50):
        lanes.add(number, f"{number}")
    await lanes.idle()

    assert len(work.done) == 50
    assert work.most_at_once == 3


async def test_a_chat_that_floods_goes_to_the_back_of_the_row_each_time():
    work = Work()
    lanes = Lanes(work, places=1)

    for number in range(100):
        lanes.add("flood", f"flood {number}")
    for name in ("a", "b", "c"):
        lanes.add(name, name)
    await lanes.idle()

    assert work.done[:4] == ["flood 0", "a", "b", "c"]


async def test_an_error_in_one_update_does_not_stop_its_chat():
    done = []

    async def handle(name: str) -> None:
        if name == "bad":
            raise ValueError
        done.append(name)

    lanes = Lanes(handle)
    lanes.add("a", "bad")
    lanes.add("a", "good")
    await asyncio.sleep(0)
    await settle()

    assert done == ["good"]


async def test_stopping_empties_the_lanes_while_there_is_time():
    work = Work()
    lanes = Lanes(work, places=1)
    for number in range(5):
        lanes.add(number, f"{number}")

    await lanes.stop(empty=AMPLE, finish=AMPLE)

    assert len(work.done) == 5


async def test_when_time_is_up_what_runs_is_finished_and_what_waits_is_left():
    work = Work("a1")
    lanes = Lanes(work)
    lanes.add("a", "a1")
    lanes.add("a", "a2")
    await settle()

    stopping = asyncio.create_task(lanes.stop(empty=NONE, finish=AMPLE))
    await settle()
    work.let_go("a1")
    await stopping
    lanes.add("b", "b1")
    await settle()

    assert work.done == ["a1"]
    assert work.begun == ["a1"]


async def test_what_does_not_finish_is_given_up():
    work = Work("a1")
    lanes = Lanes(work)
    lanes.add("a", "a1")
    await settle()

    await lanes.stop(empty=NONE, finish=NONE)

    assert work.done == []
