"""Killed by SIGKILL at each step of a reply and of a delivery: everybody hears, and only what was in flight comes twice.

A step is what the outside can see (``inside.py``), so the steps are all moments at which a kill makes a difference. Each
run asks anew, dies one step later than the one before, and is followed by a run that takes up what was left.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.store import announcements, subscriptions
from bot.store.database import Store

ALL = "FAULTS" in os.environ
"""Set by ``make faults``: every step. Otherwise every third, of which the first moves on from day to day."""
STRIDE = 1 if ALL else 3
MOST_STEPS = 60


def first_step() -> int:
    return 1 if ALL else 1 + datetime.now(UTC).toordinal() % STRIDE


class Killed:
    """Kills a program at a step, and tells what a parent got in the end."""

    def __init__(self, town) -> None:
        self.town = town
        self.steps: list[str] = []

    def at_each_step(self, ask: Callable[[], list[int]], heard: Callable[[int], int]) -> dict[str, list[int]]:
        """Return how often each parent heard, by the step at which the program was killed; the last is none."""
        found = {}
        program = self.town.start().wait_until_it_receives()
        for number in range(first_step(), MOST_STEPS, STRIDE):
            self.town.switch_off("steps")
            self.town.switch_on("kill at", number)
            chats = ask()
            self.town.telegram.wait_until(
                lambda program=program, chats=chats: program.process.exitcode is not None or self.is_over(chats, heard),
                "the kill, or the end",
            )
            self.town.switch_off("kill at")
            if self.lives(program):
                found["never"] = [heard(chat) for chat in chats]
                return found
            assert program.process.exitcode == -signal.SIGKILL, program.output
            name = self.town.switched("steps").splitlines()[-1]
            program = self.town.start().wait_until_it_receives()
            self.town.telegram.wait_until(lambda chats=chats: self.is_over(chats, heard), f"all after {name}")
            found[name] = [heard(chat) for chat in chats]
            import time; print(time.monotonic(), name)
        raise AssertionError(f"it was not over after {MOST_STEPS} steps: {list(found)}")

    def lives(self, program) -> bool:
        """Tell whether the program still answers; it may be dying at the very step that ended it all."""
        later = self.town.ask()
        self.town.telegram.wait_until(
            lambda: program.process.exitcode is not None or self.town.telegram.sent(later[0]), "life or death"
        )
        return program.process.exitcode is None

    def is_over(self, chats: list[int], heard: Callable[[int], int]) -> bool:
        return all(heard(chat) for chat in chats) and not self.town.rows(
            "SELECT update_id FROM inbox WHERE finished_at IS NULL "
            "UNION ALL SELECT id FROM deliveries WHERE state IN ('due', 'sending')"
        )


@pytest.fixture
def killed(town) -> Killed:
    return Killed(town)


def test_killed_at_each_step_of_a_reply_the_parent_is_answered(town, killed, telegram):
    def ask() -> list[int]:
        return town.ask("hij wordt steeds wakker vannacht")

    found = killed.at_each_step(ask, lambda chat: len(telegram.sent(chat)))

    print(found)


def test_killed_at_each_step_of_a_delivery_everybody_is_told(town, killed, telegram):
    town.switch_on("haste")
    numbers = iter(range(1, MOST_STEPS))

    def ask() -> list[int]:
        return asyncio.run(announce(town, next(numbers)))

    found = killed.at_each_step(ask, lambda chat: len(telegram.sent(chat)))

    print(found)


async def announce(town, number: int) -> list[int]:
    """Let two parents follow a neighbourhood, and confirm an announcement to it that is due."""
    now = datetime.now(UTC)
    neighbourhood = f"wijk-{number}"
    chats = [100_000 + 2 * number, 100_001 + 2 * number]
    town.telegram.world.chats.update(dict.fromkeys(chats, "private"))
    store = await Store.open(f"sqlite+aiosqlite:///{town.database}")
    async with store.writing() as connection:
        for chat in chats:
            await subscriptions.follow(connection, chat, "neighbourhood", neighbourhood, now)
        row = announcements.Row(f"a{number}", {"nl": "Kom je ook?"}, {"neighbourhoods": [neighbourhood]}, now, 7, now)
        await announcements.add(connection, row)
        await announcements.confirm(connection, f"a{number}", 7, now)
    await store.close()
    return chats
