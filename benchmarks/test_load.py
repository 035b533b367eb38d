"""Replies a second and how long parents wait, beside a bare echo bot and the matcher alone, by polling and by webhook.

Every bot is a program of its own; the Bot API server and the parents are this process. What is compared runs in turns
of a few seconds, so that others on this machine disturb both alike. ``MINIDORP_BENCH_SECONDS`` is how long each
measurement takes in all, 8 when it is not set; with ``MINIDORP_BENCH_DATABASE=postgres`` the store is a PostgreSQL
server on the same machine, which writes to the disk before it answers.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from benchmarks.load.parents import Asking, Noticed, Parents, among, mixed, pressed, typed
from benchmarks.load.program import Program, echo, minidorp, reader
from benchmarks.load.server import Server
from benchmarks.report import Report
from bot.conversation import buttons
from bot.matching import two_questions
from bot.matching.evaluate import Row
from bot.matching.matcher import Matcher
from tests import postgres

SECONDS = float(os.environ.get("MINIDORP_BENCH_SECONDS", "8"))
ON_POSTGRES = os.environ.get("MINIDORP_BENCH_DATABASE", "sqlite") == "postgres"
ROUNDS = 2
LATENCY_S = 0.05
"""How long a call to the Bot API takes, near to life."""
ASKING = 32
"""Parents who wait for a reply at any moment."""
PARENTS = 500
PER_SECOND = 30
"""What a busy day brings at most: Telegram lets a bot tell people no more than this."""
COMMANDS = ["/help", "/start", "/privacy", "/praten", "/themas", "/wijk"]
BUTTONS = [buttons.THEMES, buttons.PERSON, buttons.theme("slapen"), buttons.NEIGHBOURHOODS, "a:slapen-doorslapen"]
STRANGERS = count(10_000_000)
"""Chats of parents who ask for the first time."""


@dataclass
class Bot:
    """A running bot, the server it asks, and its parents."""

    server: Server
    parents: Parents
    program: Program

    async def in_turn(self, asking: Asking, seconds: float) -> Noticed:
        return await self.parents.in_turn(ASKING, asking, seconds, STRANGERS)


@asynccontextmanager
async def running(folder: Path, name: str, *, is_webhook: bool, **settings: str) -> AsyncIterator[Bot]:
    async with Server(LATENCY_S) as server:
        if name == "echo":
            program = echo(server, is_webhook=is_webhook)
        elif name == "reader":
            program = reader(server, is_webhook=is_webhook)
        elif name == "bare":
            program = Program("benchmarks.load.bare_bot", server.url)
        else:
            path = folder / f"{'webhook' if is_webhook else 'polling'}.sqlite3"
            program = minidorp(server, path, is_webhook=is_webhook, **settings)
        try:
            await server.receiving()
            yield Bot(server, Parents(server), program)
        finally:
            # A program that ends still asks the server.
            await asyncio.to_thread(program.end)


async def test_ceiling(report: Report, tmp_path: Path) -> None:
    async with running(tmp_path, "bare", is_webhook=False) as bare:
        bare.server.latency_s = 0
        most = await bare.in_turn(typed(["/help"]), SECONDS / 2)
        bare.server.latency_s = LATENCY_S
        slow = await bare.in_turn(typed(["/help"]), SECONDS / 2)

    report.load += [
        _row("server and parents, a bot without a library, calls at once", most, "more than any bot"),
        _row("the same with 50 ms a call", slow, f"{ASKING / LATENCY_S:.0f} by arithmetic"),
    ]


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_load(report: Report, tmp_path: Path, matcher: Matcher, questions: list[Row], mode: str) -> None:
    # They stand sorted by subject and style: mixed, any hundred of them take as long as any other.
    texts = random.Random(7).sample([row.text for row in questions], len(questions))
    async with AsyncExitStack() as stack:
        is_webhook = mode == "webhook"
        settings = {}
        if ON_POSTGRES:
            postgres_server = stack.enter_context(postgres.running({}))
            settings["DATABASE_URL"] = await stack.enter_async_context(postgres_server.database())
        ours = await stack.enter_async_context(running(tmp_path, "minidorp", is_webhook=is_webhook, **settings))
        bare = await stack.enter_async_context(running(tmp_path, "echo", is_webhook=is_webhook))
        reading = await stack.enter_async_context(running(tmp_path, "reader", is_webhook=is_webhook))
        for kind, asking in (("commands", typed(COMMANDS)), ("buttons", pressed(BUTTONS))):
            await ours.in_turn(asking, 1)
            await bare.in_turn(asking, 1)
            mine, theirs = Noticed(), Noticed()
            for _ in range(ROUNDS):
                theirs.add(await bare.in_turn(asking, SECONDS / ROUNDS))
                mine.add(await ours.in_turn(asking, SECONDS / ROUNDS))
            share = mine.per_second / theirs.per_second
            report.load += [
                _row(f"{mode}: {kind}, the echo bot", theirs),
                _row(f"{mode}: {kind}, Minidorp", mine, "at least 60 % of the echo bot's", f" ({share:.0%})"),
            ]

        mine, theirs, alone = Noticed(), Noticed(), Noticed()
        for bot in (ours, reading):
            await bot.in_turn(typed(texts[:40]), 1)
        asking, same = typed(texts), typed(texts)
        for number in range(ROUNDS):
            alone.add(_alone(matcher, texts[number * len(texts) // ROUNDS :], SECONDS / ROUNDS))
            mine.add(await ours.in_turn(asking, SECONDS / ROUNDS))
            theirs.add(await reading.in_turn(same, SECONDS / ROUNDS))
        share, bare_share = mine.per_second / alone.per_second, theirs.per_second / alone.per_second
        report.load += [
            _row(f"{mode}: questions, the matcher alone", alone),
            _row(f"{mode}: questions, a bare bot with the matcher", theirs, share=f" ({bare_share:.0%})"),
            _row(f"{mode}: questions, Minidorp", mine, "at least 80 % of the matcher's", f" ({share:.0%})"),
        ]

        everything, same = (mixed(typed(texts), typed(COMMANDS), typed(texts[1:]), pressed(BUTTONS)) for _ in range(2))
        chats, others = among(1, PARENTS), among(1, PARENTS)
        steady, theirs, used, read = Noticed(), Noticed(), 0.0, 0.0
        for _ in range(ROUNDS):
            before, read_before = ours.program.cpu_s(), ours.program.reading_cpu_s()
            steady.add(await ours.parents.steadily(PER_SECOND, everything, SECONDS / ROUNDS, chats))
            used += ours.program.cpu_s() - before
            read += ours.program.reading_cpu_s() - read_before
            theirs.add(await reading.parents.steadily(PER_SECOND, same, SECONDS / ROUNDS, others))
        report.load += [
            _row(f"{mode}: {PER_SECOND} a second, half of them questions, a bare bot with the matcher", theirs),
            _row(f"{mode}: {PER_SECOND} a second, half of them questions", steady, "95 % in 110 ms, 99 % in 1 s"),
            (f"{mode}: of a core in that time, without reading messages", f"{used / steady.seconds:.0%}",
             "", "", "", "under 60 %"),
            (f"{mode}: of a core in that time, reading messages", f"{read / steady.seconds:.0%}", "", "", "", ""),
        ]  # fmt: skip

        burst = Noticed()
        for _ in range(ROUNDS):
            burst.add(await ours.parents.at_once(everything, list(range(1, PARENTS + 1))))
        report.load.append(_row(f"{mode}: {PARENTS} parents at the same moment", burst, "all answered"))
    assert not burst.unanswered + steady.unanswered
    assert not burst.twice + steady.twice


def _alone(matcher: Matcher, texts: list[str], seconds: float) -> Noticed:
    """Read messages one after another, and nothing else."""
    found = Noticed()
    begun, used = time.perf_counter(), time.process_time()
    for text in texts * 100:
        at = time.perf_counter()
        two_questions.decide(matcher, text)
        found.waits.append(1000 * (time.perf_counter() - at))
        found.seconds, found.cpu_s = time.perf_counter() - begun, time.process_time() - used
        if found.seconds >= seconds:
            break
    return found


def _row(what: str, found: Noticed, aim: str = "", share: str = "") -> tuple[str, ...]:
    lost = f" ({found.unanswered} unanswered)" if found.unanswered else ""
    return (
        what,
        f"{found.per_second:.0f}{share}{lost}",
        *(f"{found.percentile(share):.0f}" for share in (50, 95, 99)),
        aim,
    )
