"""Whether a reply takes as long among a million parents as among one, and planning too.

The three programs answer in turns, so that others on this machine disturb all alike.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from itertools import cycle
from pathlib import Path

from benchmarks.load.parents import Asking, Noticed, Parents, pressed, typed
from benchmarks.load.program import minidorp
from benchmarks.load.server import Server
from benchmarks.report import Report
from benchmarks.test_broadcast import NOW, ROUNDS, fill
from benchmarks.test_load import SECONDS
from bot.conversation import buttons
from bot.matching.evaluate import Row
from bot.matching.matcher import Matcher
from bot.reminders import outbox
from bot.reminders.plan import Followers, Occasion, Recipients
from bot.store.database import Store

SIZES = (1, 10_000, 1_000_000)
TURNS = 8
FOLLOWING = 10
"""Who follows the meeting that is planned for, where there are so many parents."""


async def test_many_parents(report: Report, tmp_path: Path, matcher: Matcher, questions: list[Row]) -> None:
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
    asked = {
        "a command": typed(["/help"]),
        "a button that keeps something": pressed([buttons.neighbourhood("stadshagen"), buttons.language("nl")]),
        "a question": typed(texts),
    }
    async with AsyncExitStack() as stack:
        towns: dict[int, Parents] = {}
        for size, path in paths.items():
            server = await stack.enter_async_context(Server())
            program = minidorp(server, path)
            stack.callback(program.end)
            await server.receiving()
            towns[size] = Parents(server)
        for name, asking in asked.items():
            report.parents.append(_row(f"{name} to its reply, half within, ms", await _answered(towns, asking)))


async def _planned(path: Path, name: str, who: Recipients | Followers) -> dict[int, float]:
    """Return how many milliseconds the quickest of some rounds took; others on this machine only add to it."""


async def _answered(towns: dict[int, Parents], asking: Asking) -> dict[int, float]:
    """Return within how many milliseconds half the questions were answered, one at a time."""
    found = {size: Noticed() for size in towns}
    for _ in range(TURNS):
        for size, parents in towns.items():
            # Everywhere the same parents, known ones.
            chats = cycle(range(1, min(size, 500) + 1))
            found[size].add(await parents.in_turn(1, asking, SECONDS / TURNS / len(towns), chats))
    return {size: noticed.percentile(50) for size, noticed in found.items()}


def _row(what: str, took: dict[int, float]) -> tuple[str, ...]:
    least = took[SIZES[0]]
    return (what, *(f"{value:.1f}" for value in took.values()), f"{max(took.values()) / least:.2f} times", "at most 1.2")
