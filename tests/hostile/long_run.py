"""``make fuzz``: a hundred thousand updates through the whole bot, with figures at the end. The same seed, the same run.

Ctrl-C ends it early, with the figures so far. No text is printed: what is wrong is told by its kind, the number of the update and where the error was raised.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import sys
import tempfile
import time
from array import array
from collections import defaultdict
from pathlib import Path

from bot.app import leave_in_peace
from bot.knowledge.check import load
from bot.matching.matcher import Matcher
from bot.telegram.service import stop_on_signals
from tests.hostile.messages import Source
from tests.hostile.town import town

ROOT = Path(__file__).parent.parent.parent
TIDIED_EVERY = 1000
"""Updates between two times that what is old is forgotten."""
MOST_GROWN = 0.01
"""By how much the memory may grow in the second half; in the first one caches fill."""
SLOWEST_MS = 100
REMEMBERED = 60
"""The last messages of the bot, whose buttons may be pressed."""


def resident_mb() -> float:
    """Return how much memory this process has, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


async def run(count: int, seed: int, folder: Path) -> bool:
    """Send ``count`` updates and print what came of them; return whether all went well."""
    knowledge = load(ROOT / "knowledge")
    matcher = Matcher.build(knowledge)
    # Numbers of four bytes: what the measuring itself keeps may not count as growth.
    took: dict[str, array[float]] = defaultdict(lambda: array("f"))
    slow: list[tuple[float, str, int]] = []
    memory: dict[int, float] = {}
    began, done = time.monotonic(), 0
    stop = stop_on_signals()
    async with town(f"sqlite+aiosqlite:///{folder}/town.sqlite3", knowledge, matcher, folder / "schedules") as bot:
        leave_in_peace()
        source = Source(random.Random(seed), bot.world)
        for number in range(1, count + 1):
            if stop.is_set():
                break
            done = number
            kind, update = source.next()
            before = len(bot.wrongs)
            ms = await bot.gets(json.loads(json.dumps(update)))
            took[kind.partition(":")[0]].append(ms)
            slow = sorted([*slow, (ms, kind, number)], reverse=True)[:10]
            if len(bot.wrongs) > before:
                print(f"{number}: {kind}: {bot.wrongs[-1][:1500]}", file=sys.stderr, flush=True)
            del bot.world.messages[:-REMEMBERED]
            bot.world.sent_at.clear()
            bot.world.uploads.clear()
            if number % TIDIED_EVERY == 0:
                # As the program does every minute.
                await bot.receiver.tidy()
            if number % (count // 10) == 0:
                gc.collect()
                memory[number] = resident_mb()
                print(f"{number} of {count}, {memory[number]:.1f} MB …", file=sys.stderr, flush=True)
        left = await bot.unfinished()
        wrong, sent = len(bot.wrongs), bot.sent
    return _told(done, seed, took, slow, memory or {done: 0.0}, wrong, left, sent, time.monotonic() - began)


def _told(
    count: int, seed: int, took: dict[str, array[float]], slow: list[tuple[float, str, int]], memory: dict[int, float],
    wrong: int, left: int, sent: int, seconds: float,
) -> bool:  # fmt: skip
    print(
        f"{count} updates (seed {seed}) in {seconds:.0f} s; {sent} messages sent; {wrong} wrong; {left} without an end"
    )
    print(f"\n{'kind':<12}{'updates':>9}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    every = array("f", (ms for of_kind in took.values() for ms in of_kind))
    for name, of_kind in [*sorted(took.items()), ("all", every)]:
        ordered = sorted(of_kind)
        at = (ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1])
        print(f"{name:<12}{len(ordered):>9}{at[0]:>9.1f}{at[1]:>9.1f}{at[2]:>9.1f}")
    print("\nslowest: " + "; ".join(f"{kind} {ms:.1f} ms (no. {number})" for ms, kind, number in slow))
    print("memory, MB: " + ", ".join(f"{mb:.1f} after {number}" for number, mb in memory.items()))
    half = [mb for number, mb in memory.items() if number >= max(memory) / 2]
    grown = half[-1] / half[0] - 1 if half else 0
    print(f"in the second half it grew by {grown:.1%}")
    return not wrong and not left and slow[0][0] < SLOWEST_MS and grown < MOST_GROWN


def main() -> None:
    """Run, and tell by the exit status whether all went well."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=20261122)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        is_well = asyncio.run(run(given.count, given.seed, Path(folder)))
    sys.exit(not is_well)


if __name__ == "__main__":
    main()
