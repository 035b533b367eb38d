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
from collections import defaultdict
from pathlib import Path

from bot.knowledge.check import load
from bot.matching.matcher import Matcher
from bot.telegram.service import stop_on_signals
from tests.hostile.messages import Source
from tests.hostile.town import town

ROOT = Path(__file__).parent.parent.parent
WARMED_UP = 10_000
"""Updates after which the memory counts: by then every cache is full."""
GROWN_MB = 60
"""How much more memory than that is too much."""
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
    took: dict[str, list[float]] = defaultdict(list)
    slow: list[tuple[float, str, int]] = []
    memory: dict[int, float] = {}
    began, done = time.monotonic(), 0
    stop = stop_on_signals()
    async with town(f"sqlite+aiosqlite:///{folder}/town.sqlite3", knowledge, matcher, folder / "schedules") as bot:
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
            if number % 10_000 == 0:
                print(f"{number} of {count} …", file=sys.stderr, flush=True)
            if number == min(WARMED_UP, count // 2):
                gc.collect()
                memory[number] = resident_mb()
        gc.collect()
        memory[done] = resident_mb()
        left = await bot.unfinished()
        wrong, sent = len(bot.wrongs), bot.sent
    return _told(done, seed, took, slow, memory, wrong, left, sent, time.monotonic() - began)


def _told(
    count: int, seed: int, took: dict[str, list[float]], slow: list[tuple[float, str, int]], memory: dict[int, float],
    wrong: int, left: int, sent: int, seconds: float,
) -> bool:  # fmt: skip
    print(
        f"{count} updates (seed {seed}) in {seconds:.0f} s; {sent} messages sent; {wrong} wrong; {left} without an end"
    )
    print(f"\n{'kind':<12}{'updates':>9}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    every = [ms for of_kind in took.values() for ms in of_kind]
    for name, of_kind in [*sorted(took.items()), ("all", every)]:
        ordered = sorted(of_kind)
        at = (ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1])
        print(f"{name:<12}{len(ordered):>9}{at[0]:>9.1f}{at[1]:>9.1f}{at[2]:>9.1f}")
    print("\nslowest: " + "; ".join(f"{kind} {ms:.1f} ms (no. {number})" for ms, kind, number in slow))
    (first, before), (last, after) = min(memory.items()), max(memory.items())
    print(f"memory: {before:.0f} MB after {first}, {after:.0f} MB after {last}")
    return not wrong and not left and slow[0][0] < SLOWEST_MS and after - before < GROWN_MB


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
