"""Who writes faster than anybody can read: told so once, then left unanswered until it is calm, except in danger.

Each chat has room for so many messages, which comes back with time. When it is used up, a message is only read for what
cannot wait (a stop word, danger, loss); far beyond that it is not even written down. Judged once, at the door, by the
moment of arrival: a message that waits in its lane, or for a restart, is not judged anew. Counted within one process:
where several share the work, a chat may get as many times more as there are processes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from bot.conversation.message import Pace

ANSWERED: Final = 20
"""Messages that are answered at once: as many as Telegram lets us send into one chat in a burst."""
ANSWERED_EVERY: Final = timedelta(seconds=2)
"""How soon there is room for one more; nobody types or taps faster than this for long and reads what comes back."""
CALM: Final = 5
"""Messages there must be room for before a flood is over: ten seconds without any."""
READ: Final = 100
"""Messages that are read for danger. Reading one takes some five milliseconds, so a burst of all of them half a second,
shared with everybody else's turns.
"""
READ_EVERY: Final = timedelta(seconds=1)
"""How soon one more is read. What is beyond is confirmed and forgotten, so that no flood can fill the disk."""
MOST_CHATS: Final = 5_000
"""Chats that are remembered; beyond, the one that was silent for longest is forgiven. Some 200 bytes each."""
MARK: Final = "minidorp_pace"
"""Where the verdict stands in an update that was written down; PTB puts fields that it does not know aside."""

Verdict = Pace | Literal["dropped"]
"""What is done with a message: the pace with which it is answered, or nothing at all."""


@dataclass(frozen=True, slots=True)
class Level:
    """How many messages of a chat may still be answered, and how many read, as it was ``at`` a moment."""

    answered: float
    read: float
    at: datetime
    is_flood: bool = False


def judge(level: Level | None, now: datetime) -> tuple[Level, Verdict]:
    """Return the verdict on a message that arrives ``now``, and the level after it; None is a chat not heard lately.

    A clock that was set back gives no room and takes none.
    """
    level = _risen(level, now) if level else Level(ANSWERED, READ, now)
    if level.read < 1:
        return Level(0, level.read, now, is_flood=True), "dropped"
    read = level.read - 1
    if level.is_flood and level.answered < CALM:
        return Level(max(level.answered - 1, 0), read, now, is_flood=True), "flooding"
    if level.answered < 1:
        return Level(0, read, now, is_flood=True), "hurried"
    return Level(level.answered - 1, read, now), "calm"


def _risen(level: Level, now: datetime) -> Level:
    gone = max(now - level.at, timedelta(0))
    answered = min(ANSWERED, level.answered + gone / ANSWERED_EVERY)
    return Level(answered, min(READ, level.read + gone / READ_EVERY), now, level.is_flood)


class Levels:
    """The levels of the chats that were heard lately, the latest last."""

    def __init__(self) -> None:
        self._levels: dict[int | None, Level] = {}

    def of(self, chat_id: int | None) -> Level | None:
        """Return the level of a chat; None for one that was not heard lately."""
        return self._levels.get(chat_id)

    def keep(self, levels: Mapping[int | None, Level]) -> None:
        """Keep these; forget the chats that were silent for longest when there are too many."""
        for chat_id, level in levels.items():
            self._levels.pop(chat_id, None)
            self._levels[chat_id] = level
        while len(self._levels) > MOST_CHATS:
            del self._levels[next(iter(self._levels))]

    def forget_calm(self, now: datetime) -> None:
        """Forget every chat that has all its room again."""
        full = (ANSWERED, READ)
        risen = {chat_id: _risen(level, now) for chat_id, level in self._levels.items()}
        for chat_id, level in risen.items():
            if (level.answered, level.read) == full:
                del self._levels[chat_id]


def marked(update: dict[str, Any], pace: Pace) -> dict[str, Any]:
    """Return the update with the pace noted in it; a calm one stays as it is."""
    return update if pace == "calm" else {**update, MARK: pace}


def pace_of(noted: Mapping[str, Any]) -> Pace:
    """Return the pace that was noted among these fields."""
    pace: Pace = noted.get(MARK, "calm")
    return pace
