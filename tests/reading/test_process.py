"""A process that reads messages, and what becomes of whoever waits when something goes wrong with it.

Each scenario runs in a process without threads, as the bot does when it forks: that of pytest has some.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.forking import ProcessEndedError, can_be_forked, in_passing
from bot.knowledge.mistakes import Mistake, MistakesError
from bot.matching.decision import Decision
from bot.matching.follow_up import Earlier
from bot.matching.reader import Reader
from bot.model import Parent
from bot.reading import process
from bot.reading.errors import EndedByMessageError, UnreadError
from bot.reading.process import InProcess
from tests.forked import SOON_S, goes, is_gone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="on other systems messages are read in a thread")


class Matcher:
    """Says back what it reads; some words make it fail, sleep or die."""

    version = "of the test"

    def decide(self, text: str, _parent: Parent | None = None) -> Decision:
        if text == "kapot":
            raise ValueError(text)
        if text == "lang":
            time.sleep(60)
        if text == "dood":
            os.kill(os.getpid(), signal.SIGKILL)
        return Decision("none", 0.0, (), text)


class Knowledge:
    def answer(self, _id: str) -> None:
        return None


def make(_progress: Any) -> Reader:
    return Reader(Matcher(), Knowledge())


def too_few(_progress: Any) -> Reader:
    raise ValueError("there are too few")


def learning(_progress: Any) -> Reader:
    time.sleep(60)
    raise AssertionError("it should be gone")


@pytest.fixture(scope="module")
def alone() -> Iterator[Callable[..., Any]]:
    """Run a scenario in a process without threads, and return what it returns."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["tests.faults.warm"])
    with forks.Pool(1) as pool:
        yield lambda scenario, *arguments: pool.apply(scenario, arguments)


def with_reader(scenario: Callable[[InProcess], Any], made: Any = make) -> Any:
    async def run() -> Any:
        with closing(reading):
            async with asyncio.timeout(2 * SOON_S):
                await reading.ready(lambda _doing, _part: None)
                return await scenario(reading)

    assert can_be_forked()
    reading = InProcess.fork(made)
    return asyncio.run(run())


async def asked(reading: InProcess, text: str) -> str:
    return (await reading.decided(text, Parent(1), Earlier())).language


def each_gets_what_was_theirs() -> tuple[list[str], str]:
    async def scenario(reading: InProcess) -> tuple[list[str], str]:
        waiting = [asyncio.create_task(asked(reading, f"nummer {number}")) for number in range(30)]
        await asyncio.sleep(0)
        waiting[3].cancel()
        return [await one for one in waiting if one is not waiting[3]], reading.version

    return with_reader(scenario)


def test_each_gets_what_was_read_for_them_also_when_one_went_away(alone):
    found, version = alone(each_gets_what_was_theirs)

    assert found == [f"nummer {number}" for number in range(30) if number != 3]
    assert version == "of the test"


def one_cannot_be_read() -> tuple[str, str]:
    async def scenario(reading: InProcess) -> tuple[str, str]:
        broken, whole = asyncio.create_task(asked(reading, "kapot")), asyncio.create_task(asked(reading, "heel"))
        try:
            await broken
        except UnreadError as error:
            return str(error), await whole
        return "nothing", await whole

    return with_reader(scenario)


def test_an_error_is_told_of_one_message_alone_by_its_place_and_without_its_words(alone):
    told, after = alone(one_cannot_be_read)

    assert told.startswith("ValueError at ")
    assert "kapot" not in told
    assert after == "heel"


def nothing_is_read_any_more(text: str) -> tuple[str, bool, bool, bool]:
    async def scenario(reading: InProcess) -> tuple[str, bool, bool, bool]:
        process.LONGEST_S = 0.2
        before, during = (asyncio.create_task(asked(reading, each)) for each in (text, "daarna"))
        try:
            await asyncio.wait_for(reading.lost(), SOON_S)
        except ProcessEndedError as error:
            later = asyncio.create_task(asked(reading, "later"))
            await asyncio.wait({during, later}, timeout=0.1)
            is_blamed = isinstance(before.exception(), EndedByMessageError)
            return str(error), is_blamed, during.done() or later.done(), is_gone(reading.pid)
        raise AssertionError("it ends")

    return with_reader(scenario)


@pytest.mark.parametrize(("text", "told"), [
    pytest.param("dood", "The process that reads messages was killed by signal 9", id="killed"),
    pytest.param("lang", "One message took more than 0 seconds to read", id="one message takes too long"),
])  # fmt: skip
def test_when_it_ends_it_is_told_why_and_of_which_message_and_who_waits_is_left_to_the_next_start(alone, text, told):
    why, is_blamed, has_heard, has_ended = alone(nothing_is_read_any_more, text)

    assert why.startswith(told)
    assert why.endswith("who waits for a reply gets it then.")
    assert is_blamed
    assert not has_heard
    assert has_ended


def asked_to_stop() -> str:
    async def scenario(reading: InProcess) -> str:
        for number in (signal.SIGTERM, signal.SIGINT):
            os.kill(reading.pid, number)
        return await asked(reading, "nog een")

    return with_reader(scenario)


def test_asked_to_stop_it_goes_on_as_the_other_process_decides_when_it_ends(alone):
    assert alone(asked_to_stop) == "nog een"


def cannot_be_made(made: Any, number: int | None) -> str:
    async def scenario(_reading: InProcess) -> None:
        raise AssertionError("it is not ready")

    def made_then(progress: Any) -> Reader:
        if number:
            os.kill(os.getpid(), number)
        return made(progress)

    try:
        with_reader(scenario, made_then)
    except (ValueError, ProcessEndedError) as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError("it cannot be made")


@pytest.mark.parametrize(("made", "number", "told"), [
    pytest.param(too_few, None, "ValueError: there are too few", id="too few examples"),
    pytest.param(learning, signal.SIGKILL, "ProcessEndedError: The process that reads messages was killed by signal 9",
                 id="killed"),
])  # fmt: skip
def test_what_keeps_it_from_being_ready_ends_the_start(alone, made, number, told):
    assert alone(cannot_be_made, made, number).startswith(told)


def orphaned(made: Any) -> bool:
    """Let a process fork one that reads, and be killed; return whether that one ends."""
    source, target = os.pipe()
    between = os.fork()
    if between == 0:
        os.write(target, str(InProcess.fork(made).pid).encode())
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(between, 0)
    return goes(int(os.read(source, 20)))


@pytest.mark.parametrize("made", [pytest.param(make, id="when it reads"), pytest.param(learning, id="when it learns")])
def test_it_does_not_outlive_the_process_it_reads_for(alone, made):
    assert alone(orphaned, made)


def passing(work: Callable[[], Any]) -> Any:
    try:
        return in_passing(work)
    except (MistakesError, ProcessEndedError) as error:
        return error


def two() -> int:
    return 2


def mistaken() -> None:
    raise MistakesError([Mistake(Path("a.yaml"), 3, "is wrong; mend it")])


def dying() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_work_done_in_passing_comes_back_as_if_it_were_done_here(alone):
    assert alone(passing, two) == 2
    assert alone(passing, mistaken).mistakes[0].line == 3
    assert "killed by signal 9, for want of memory perhaps; start the bot again" in str(alone(passing, dying))
