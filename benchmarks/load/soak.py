"""Half an hour at a steady load: does memory stay, and does any table grow that should not?

``python -m benchmarks.load.soak --minutes 30 --per-second 10 --mode webhook``: parents ask, press and choose; every
minute a line with the memory, the rows of every table and how long parents waited. It ends with a verdict, and exit
code 1 when it is bad.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.load.parents import Asking, Noticed, Parents, among, mixed, pressed, typed
from benchmarks.load.program import minidorp
from benchmarks.load.server import Server
from benchmarks.report import table
from bot.conversation import buttons
from bot.matching.evaluate import read_rows

LATENCY_S = 0.05
PARENTS = 500
QUESTIONS = Path(__file__).parents[2] / "tests" / "evaluation" / "answers.jsonl"
COMMANDS = ["/help", "/start", "/privacy", "/praten", "/themas", "/wijk", "/herinneringen", "/bijeenkomsten"]
BUTTONS = [buttons.THEMES, buttons.theme("slapen"), "a:slapen-doorslapen", "w:stadshagen", "l:nl", buttons.MEETINGS]
BURSTS = 3
"""So often do all parents ask at the same moment before the first minute. A busy moment opens every connection to the
file and to Telegram and fills the caches; at a few messages a second that would take hours, and look like growth."""
WARM = 0.4
"""The first part of the time, in which caches fill and every parent comes by once; growth is looked for after it."""
MOST_GROWTH = 0.02
"""Of its memory a program may gain so much in the rest of the time."""
BOUNDED = {"asked": 16 * 60, "parents": PARENTS, "dialogues": PARENTS, "subscriptions": 3 * PARENTS}
"""Rows that these tables reach and keep: so many themes and wijken, and so many parents. ``inbox`` keeps the number of
each update for a day and nothing else; what is unfinished in it is counted by itself."""


NOTED_S = 1.0
"""By then it is noted that the last reply is out."""


@dataclass(frozen=True)
class Minute:
    """What was seen at the end of a minute."""

    resident_mb: float
    own_mb: float
    rows: dict[str, int]
    unfinished: int
    file_mb: float
    noticed: Noticed
    asked: int


def everything() -> Asking:
    """Return parents who ask, command and press, questions half of the time."""
    texts = typed([row.text for row in read_rows(QUESTIONS)])
    return mixed(texts, typed(COMMANDS), texts, pressed(BUTTONS))


def counted(path: Path) -> tuple[dict[str, int], int]:
    """Return the rows of every table, and how many updates wait for a reply."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        rows = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        (unfinished,) = database.execute("SELECT count(*) FROM inbox WHERE finished_at IS NULL").fetchone()
    return rows, unfinished


async def soak(
    folder: Path, minutes: int, per_second: float, minute_s: float = 60, *, is_webhook: bool = False
) -> list[Minute]:
    """Run Minidorp under this load; print each minute as it passes."""
    path, asking, chats = folder / "soak.sqlite3", everything(), among(1, PARENTS)
    found: list[Minute] = []
    async with Server(LATENCY_S) as server:
        program = minidorp(server, path, is_webhook=is_webhook)
        try:
            await server.receiving()
            parents, asked = Parents(server), 0
            for _ in range(BURSTS):
                at_once = await parents.at_once(asking, list(range(1, PARENTS + 1)))
                asked += len(at_once.waits) + at_once.unanswered
            for number in itertools.count(1):
                noticed = await parents.steadily(per_second, asking, minute_s, chats)
                asked += len(noticed.waits)
                await asyncio.sleep(NOTED_S)
                rows, unfinished = counted(path)
                memory = program.resident_mb(), program.own_mb()
                found.append(Minute(*memory, rows, unfinished, size_mb(folder), noticed, asked))
                print(line(number, found[-1]), flush=True)
                if number >= minutes:
                    return found
        finally:
            program.end()
    raise AssertionError("the loop returns")


def size_mb(folder: Path) -> float:
    """Return what the database takes on the disk, its write-ahead log included."""
    return sum(each.stat().st_size for each in folder.glob("soak.sqlite3*")) / 2**20


def line(number: int, minute: Minute) -> str:
    """Return a minute as one line."""
    rows = " ".join(f"{name} {count}" for name, count in minute.rows.items() if count)
    waits = " ".join(f"p{share} {minute.noticed.percentile(share):.0f}" for share in (50, 95, 99))
    return (
        f"minute {number:>3}  {minute.resident_mb:6.1f} MB ({minute.own_mb:.1f} own)  "
        f"{minute.asked:>6} replies  {waits} ms  "
        f"unfinished {minute.unfinished}  file {minute.file_mb:.1f} MB  rows: {rows}"
    )


def verdict(found: list[Minute]) -> list[tuple[str, str, str, bool]]:
    """Return what was looked at, what was seen, what should be, and whether it is."""
    begin = int(len(found) * WARM)
    settled = found[begin:]
    own = np.array([minute.own_mb for minute in settled])
    # The mean of thirds, as memory is taken and given back in blocks.
    third = max(1, len(settled) // 3)
    early, late = float(own[:third].mean()), float(own[-third:].mean())
    growth = late / early - 1
    unanswered = sum(minute.noticed.unanswered for minute in found)
    twice = sum(minute.noticed.twice for minute in found)
    last = found[-1]
    checks = [
        (
            f"memory of its own, minutes {begin + 1}-{begin + third} and the last {third}",
            f"{early:.1f} and {late:.1f} MB ({growth:+.1%})",
            f"at most {MOST_GROWTH:+.0%}",
            growth <= MOST_GROWTH,
        ),
        ("parents without a reply", str(unanswered), "none", not unanswered),
        ("replies that came twice", str(twice), "none", not twice),
        ("updates left unfinished", str(last.unfinished), "none", not last.unfinished),
    ]
    kept = last.rows["inbox"]
    checks.append(("rows of inbox", str(kept), f"one an update: {last.asked}", kept <= last.asked + unanswered))
    for name, most in BOUNDED.items():
        checks.append((f"rows of {name}", str(last.rows[name]), f"at most {most}", last.rows[name] <= most))
    flat = [name for name in last.rows if name not in (*BOUNDED, "inbox", "feedback")]
    growing = [name for name in flat if last.rows[name] > settled[0].rows[name] + 5]
    checks.append(("other tables that grow", ", ".join(growing) or "none", "none", not growing))
    return checks


def main() -> None:
    """Run, print, and judge."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--minutes", type=int, default=30)
    arguments.add_argument("--per-second", type=float, default=10)
    arguments.add_argument("--mode", choices=["polling", "webhook"], default="polling")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="minidorp-soak-") as folder:
        is_webhook = chosen.mode == "webhook"
        found = asyncio.run(soak(Path(folder), chosen.minutes, chosen.per_second, is_webhook=is_webhook))
    checks = verdict(found)
    rows = [(what, seen, aim, "✓" if is_well else "✗") for what, seen, aim, is_well in checks]
    print(f"\n{table(('what', 'seen', 'aim', ''), rows)}")
    sys.exit(0 if all(is_well for *_, is_well in checks) else 1)


if __name__ == "__main__":
    main()
