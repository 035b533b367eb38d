"""Killed by SIGKILL at each step of a reply, a press, a delivery and of being forgotten: everybody hears, and only what
was in flight comes twice.

A step is what the outside can see (``inside.py``), so the steps are all moments at which a kill makes a difference. Each
time somebody asks anew, the program dies one step later than the time before, and another takes up what was left.
"""

from __future__ import annotations

import re
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest

from bot.conversation import buttons
from tests.faults.conftest import ALL, Program, Town

STRIDE = 1 if ALL else 5
"""``make faults`` dies at every step; otherwise at every fifth, and the first of them moves on from day to day."""
LONG_STRIDE = 1 if ALL else 9
"""For what is mostly the same as a reply."""
MOST_STEPS = 60
"""More than there are."""
HASH = re.compile(r"[0-9a-f]{12,}")
"""Its letters are chance: four digits of a chat turn up in one now and then."""
AFTER = "after sendMessage"
UNNOTED = (
    "SELECT chat_id FROM inbox WHERE finished_at IS NULL "
    "UNION SELECT chat_id FROM deliveries WHERE state IN ('due', 'sending')"
)


@dataclass(frozen=True)
class Death:
    """The steps until the kill, who asked, how many messages each got since, and what was in flight to each."""

    steps: list[str]
    chats: list[int]
    heard: list[int]
    in_flight: list[int]

    @property
    def step(self) -> str:
        return self.steps[-1]


def deaths(
    town: Town,
    ask: Callable[[list[int]], list[int]],
    prepare: Callable[[], list[int]] = list,
    *,
    stride: int = STRIDE,
    is_told_anew: bool = True,
) -> Iterator[Death]:
    """Yield each death; the end is a program that survives all steps.

    ``ask`` gets those whom ``prepare`` prepared while nothing was counted, and returns who waits to hear: in a message of
    its own when it ``is_told_anew``.
    """
    program = town.start().wait_until_it_receives()
    first = 1 if ALL else 1 + datetime.now(UTC).toordinal() % stride
    everybody: dict[int, int] = {}
    for number in range(first, MOST_STEPS, stride):
        town.switch_off("steps")
        prepared = prepare()
        had = dict(zip(prepared, town.heard(prepared), strict=True))
        town.switch_on("kill at", number)
        chats = ask(prepared)
        town.telegram.wait_until(
            lambda p=program, c=chats: p.process.exitcode is not None or is_over(town, c), "an end"
        )
        town.switch_off("kill at")
        if lives(town, program):
            assert since(town, had, chats) == [int(is_told_anew)] * len(chats)
            return
        assert program.process.exitcode == -signal.SIGKILL, program.output
        went_out, unnoted = since_it_died(town, had, chats), town.rows(UNNOTED)
        in_flight = [count if chat in unnoted else 0 for chat, count in zip(chats, went_out, strict=True)]
        program = town.start().wait_until_it_receives()
        town.telegram.wait_until(lambda c=chats: is_over(town, c), f"all after step {number}")
        steps = [line.partition(" ")[2] for line in town.switched("steps").splitlines()]
        yield Death(steps, chats, since(town, had, chats), in_flight)
        # Whoever was told in an earlier life hears nothing of this one.
        assert town.heard(list(everybody)) == list(everybody.values())
        everybody |= dict(zip(chats, town.heard(chats), strict=True))
    raise AssertionError(f"It is not over after {MOST_STEPS} steps.")


def since(town: Town, had: dict[int, int], chats: list[int]) -> list[int]:
    """Return how many messages each got beyond those they had."""
    return [heard - had.get(chat, 0) for chat, heard in zip(chats, town.heard(chats), strict=True)]


def since_it_died(town: Town, had: dict[int, int], chats: list[int]) -> list[int]:
    """Return the same, with what had left the program when it died: Telegram answers behind that."""
    for _ in range(2):
        httpx.get(f"{town.telegram.url}/bot{town.telegram.token}/getMe", trust_env=False)
    return since(town, had, chats)


def is_over(town: Town, chats: list[int]) -> bool:
    return all(town.heard(chats)) and not town.telegram.delivery.waiting and town.is_noted()


def lives(town: Town, program: Program) -> bool:
    """Tell whether the program still answers; it may be dying at the very step that ended it all."""
    [later] = town.ask()
    town.telegram.wait_until(lambda: program.process.exitcode is not None or town.telegram.sent(later), "life or death")
    return program.process.exitcode is None


@pytest.mark.parametrize("text", ["hij wordt steeds wakker vannacht", "hij ademt niet meer"])
def test_killed_at_each_step_of_a_reply_the_parent_is_answered(town, text):
    seen = set()
    for death in deaths(town, lambda _: town.ask(text)):
        assert death.heard == [1 + count for count in death.in_flight], death
        seen.add(death.step)

    assert not ALL or seen >= {"before commit", "after commit", "before sendMessage", AFTER}


def test_killed_at_each_step_of_a_delivery_everybody_is_told(town):
    town.switch_on("haste")
    seen = set()
    for death in deaths(town, lambda _: town.announce()):
        assert death.heard == [1 + count for count in death.in_flight], death
        seen.add(death.step)

    assert not ALL or seen >= {"before commit", "after commit", "before sendMessage", AFTER}


def shown(town: Town, text: str, chats: Sequence[int] = ()) -> list[int]:
    """Let these, or a new parent, ask for something with buttons; return who."""
    had = town.heard(list(chats)) or [0]
    for chat in chats:
        town.telegram.says(chat, text)
    asked = list(chats) or town.ask(text)
    town.telegram.wait_until(lambda: town.heard(asked) != had and is_over(town, asked), "the buttons")
    return asked


def followed(town: Town) -> list[int]:
    """Let a new parent follow the meetings of the small town; return who."""
    chats = pressed(town, shown(town, "/herinneringen"), f"{buttons.AGREE}:m:koffie")
    town.telegram.wait_until(lambda: town.heard(chats) == [2] and is_over(town, chats), "that it is followed")
    return chats


def pressed(town: Town, chats: list[int], data: str) -> list[int]:
    """Let each press a button under what they were shown last."""
    for chat in chats:
        town.telegram.presses(town.telegram.sent(chat)[-1], data)
    return chats


def kept(town: Town, chat: int) -> list[str]:
    """Return every value, in any table, that holds this number, but for numbers of rows and for what is only a hash."""
    number = re.compile(rf"(?<!\d){chat}(?!\d)")
    with closing(sqlite3.connect(town.database, timeout=10)) as database:
        database.row_factory = sqlite3.Row
        tables = [row["name"] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [
            f"{table}.{name}: {row[name]}"
            for table in tables
            for row in database.execute(f"SELECT * FROM {table}")
            for name in row.keys()  # noqa: SIM118 - a row yields its values
            if name not in ("id", "update_id") and number.search(value := str(row[name])) and not HASH.fullmatch(value)
        ]


def allow_repeated_confirmations(town: Town) -> None:
    """Forget that presses were confirmed twice: whoever was killed in between does not know of the first time."""
    town.telegram.violations[:] = [one for one in town.telegram.violations if "the same press" not in one]


def test_killed_at_each_step_of_a_press_it_is_done_and_told(town):
    seen = set()
    language = f"{buttons.LANGUAGES}:en"
    for death in deaths(
        town, lambda chats: pressed(town, chats, language), lambda: shown(town, "/taal"), stride=LONG_STRIDE
    ):
        [chat] = death.chats
        assert death.heard == [1 + count for count in death.in_flight], death
        assert town.rows(f"SELECT language FROM parents WHERE chat_id = {chat}") == ["en"]
        assert "reply_markup" not in town.telegram.sent(chat)[0]
        seen.add(death.step)

    assert all(town.telegram.world.queries.values())
    assert not ALL or seen >= {"after commit", "after answerCallbackQuery", "after editMessageReplyMarkup", AFTER}
    allow_repeated_confirmations(town)


@pytest.mark.skipif(not ALL, reason="'make faults' does so; the press above is met by every run")
def test_killed_at_each_step_of_a_press_that_changes_its_message_it_is_changed_once(town):
    seen = set()
    hour = f"{buttons.EVENING}:20"
    for death in deaths(
        town,
        lambda chats: pressed(town, chats, hour),
        lambda: shown(town, "/herinneringen", followed(town)),
        is_told_anew=False,
    ):
        [chat] = death.chats
        assert death.heard == [0], death
        assert town.rows(f"SELECT evening_hour FROM parents WHERE chat_id = {chat}") == [20]
        assert len(town.telegram.sent(chat)[-1]["edits"]) == 1
        seen.add(death.step)

    assert all(town.telegram.world.queries.values())
    assert seen >= {"after commit", "after answerCallbackQuery", "after editMessageText"}
    allow_repeated_confirmations(town)


def test_killed_at_each_step_of_being_forgotten_the_parent_is_told_so_and_nothing_of_them_is_left(town):
    for death in deaths(
        town,
        lambda chats: pressed(town, chats, buttons.FORGET),
        lambda: shown(town, "/vergeetmij", followed(town)),
        stride=LONG_STRIDE,
    ):
        [chat] = death.chats
        assert kept(town, chat) == [], death
        assert death.heard == [1 + count for count in death.in_flight], death

    allow_repeated_confirmations(town)
