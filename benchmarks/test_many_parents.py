"""Whether a reply takes as long among a million parents as among one, and planning too.

The three programs answer in turns, so that others on this machine disturb all alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.load.parents import Asking, Noticed, Parents, pressed, typed
from benchmarks.load.program import minidorp
from benchmarks.load.server import Server
from benchmarks.report import Report
from benchmarks.test_broadcast import NOW, ROUNDS, fill
from benchmarks.test_load import SECONDS, STRANGERS
from bot.conversation import buttons
from bot.matching.evaluate import Row
from bot.reminders import outbox
from bot.reminders.plan import Followers, Occasion, Recipients
from bot.store.database import Store

SIZES = (1, 10_000, 1_000_000)
TURNS = 8
FOLLOWING = 10
"""Who follows the meeting that is planned for, where there are so many parents."""


@pytest.mark.usefixtures("matcher")
async def test_many_parents(report: Report, tmp_path: Path, questions: list[Row]) -> None:
    paths = {size: tmp_path / f"{size}.sqlite3" for size in SIZES}
    for size, path in paths.items():
        await (await Store.open(f"sqlite+aiosqlite:///{path}")).close()
        fill(path, range(1, size + 1, max(1, size // FOLLOWING)), size)
    whom = {
        "an announcement": Recipients(meetups=("koffie",)),
        "a reminder": Followers("koffie", "nowhere", "koffie@2027-03-31", NOW, evening_hour=19, wants_two_hours=True),
    }
    for name, who in whom.items():
        took = {size: await _planned(path, name, who) for size, path in paths.items()}
        report.parents.append(_row(f"planning {name} to {FOLLOWING} (to 1 where there is 1), ms", took))
    texts = [row.text for row in questions[:: len(questions) // 50]]
    kept = [buttons.neighbourhood("stadshagen"), buttons.language("nl")]
    # Each town is asked the same, every time by somebody else: one parent gets a message a second in the long run.
    asked: dict[str, Callable[[], Asking]] = {
        "a command": lambda: typed(["/help"]),
        "a button that keeps something": lambda: pressed(kept),
        "a question": lambda: typed(texts),
    }
    async with AsyncExitStack() as stack:
        towns: dict[int, Parents] = {}
        for size, path in paths.items():
            server = await stack.enter_async_context(Server())
            program = minidorp(server, path)
            stack.callback(program.end)
            await server.receiving()
            towns[size] = Parents(server)
        for name, make in asked.items():
            report.parents.append(_row(f"{name} to its reply, half within, ms", await _answered(towns, make)))


async def _planned(path: Path, name: str, who: Recipients | Followers) -> dict[int, float]:
    """Return how many milliseconds the quickest of some rounds took; others on this machine only add to it."""
    store, took = await Store.open(f"sqlite+aiosqlite:///{path}"), []
    for number in range(ROUNDS):
        occasion = Occasion("announcement", f"{name}{number}", NOW, NOW + timedelta(days=1), who)
        begun = time.perf_counter()
        async with store.writing() as connection:
            await outbox.add(connection, occasion)
        took.append(1000 * (time.perf_counter() - begun))
    await store.close()
    return min(took)


async def _answered(towns: dict[int, Parents], make: Callable[[], Asking]) -> dict[int, float]:
    """Return within how many milliseconds half the questions were answered, one at a time."""
    found, asking = {size: Noticed() for size in towns}, {size: make() for size in towns}
    for turn in range(-1, TURNS):
        for size, parents in towns.items():
            noticed = await parents.in_turn(1, asking[size], SECONDS / 2 / TURNS, STRANGERS)
            if turn >= 0:  # The first is to warm up.
                found[size].add(noticed)
    return {size: noticed.percentile(50) for size, noticed in found.items()}


def _row(what: str, took: dict[int, float]) -> tuple[str, ...]:
    values = list(took.values())
    return (what, *(f"{value:.1f}" for value in values), f"{values[-1] / values[0]:.2f} times", "at most 1.2")
