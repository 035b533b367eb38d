"""Killed by SIGKILL at each step of a reply and of a delivery: everybody hears, and only what was in flight comes twice.

A step is what the outside can see (``inside.py``), so the steps are all moments at which a kill makes a difference. Each
time somebody asks anew, the program dies one step later than the time before, and another takes up what was left.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.faults.conftest import ALL, Program, Town

STRIDE = 1 if ALL else 5
"""``make faults`` dies at every step; otherwise at every fifth, and the first of them moves on from day to day."""
MOST_STEPS = 60
"""More than there are."""
AFTER = "after sendMessage"

Died = tuple[list[str], list[int]]
"""The steps until the kill, and how many messages each parent got in the end."""


def deaths(town: Town, ask: Callable[[], list[int]]) -> Iterator[Died]:
    """Yield each death; the end is a program that survives all steps."""
    program = town.start().wait_until_it_receives()
    first = 1 if ALL else 1 + datetime.now(UTC).toordinal() % STRIDE
    for number in range(first, MOST_STEPS, STRIDE):
        town.switch_off("steps")
        town.switch_on("kill at", number)
        chats = ask()
        town.telegram.wait_until(
            lambda p=program, c=chats: p.process.exitcode is not None or is_over(town, c), "an end"
        )
        town.switch_off("kill at")
        if lives(town, program):
            assert town.heard(chats) == [1] * len(chats)
            return
        assert program.process.exitcode == -signal.SIGKILL, program.output
        program = town.start().wait_until_it_receives()
        town.telegram.wait_until(lambda c=chats: is_over(town, c), f"all after step {number}")
        yield [line.partition(" ")[2] for line in town.switched("steps").splitlines()], town.heard(chats)
    raise AssertionError(f"It is not over after {MOST_STEPS} steps.")


def is_over(town: Town, chats: list[int]) -> bool:
    return all(town.heard(chats)) and town.is_noted()


def lives(town: Town, program: Program) -> bool:
    """Tell whether the program still answers; it may be dying at the very step that ended it all."""
    [later] = town.ask()
    town.telegram.wait_until(lambda: program.process.exitcode is not None or town.telegram.sent(later), "life or death")
    return program.process.exitcode is None


def in_flight(steps: list[str]) -> int:
    """Return how many messages were out when it died, and not noted yet."""
    since = len(steps) - steps[::-1].index("after commit") if "after commit" in steps else 0
    return steps[since:].count(AFTER)


@pytest.mark.parametrize("text", ["hij wordt steeds wakker vannacht", "hij ademt niet meer"])
def test_killed_at_each_step_of_a_reply_the_parent_is_answered(town, text):
    seen = set()
    for steps, heard in deaths(town, lambda: town.ask(text)):
        assert heard == [1 + in_flight(steps)], steps
        seen.add(steps[-1])

    assert not ALL or seen >= {"before commit", "after commit", "before sendMessage", AFTER}


def test_killed_at_each_step_of_a_delivery_everybody_is_told(town):
    town.switch_on("haste")
    seen = set()
    for steps, heard in deaths(town, town.announce):
        assert set(heard) <= {1, 2}, steps
        assert sum(heard) <= 2 + steps.count(AFTER), steps
        seen.add(steps[-1])

    assert not ALL or seen >= {"before commit", "after commit", "before sendMessage", AFTER}
