"""The agenda of a running bot: read at the start, read again when a file changes, kept when an edit is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.agenda import occurrences as dated
from bot.agenda.check import load
from bot.agenda.model import Agenda, Change, Occurrence
from bot.knowledge.mistakes import Mistake, MistakesError
from bot.knowledge.model import Knowledge

Seen = dict[str, tuple[int, int]]
"""Nanoseconds of the last change and size in bytes, by file name."""

REMEMBERED = 64
"""Windows of days for which the meetings are kept; a parent's question, a feed and the planner ask for a few each."""


class Schedules:
    """The folder with the agenda. ``agenda`` is always whole: the newest version without a mistake."""

    def __init__(self, folder: Path, knowledge: Knowledge, now: datetime, *, timezone: str, school_region: str) -> None:
        """Read the folder. Raises ``MistakesError`` with every mistake when one of them is an error."""
        self._folder = folder
        self._knowledge = knowledge
        self._zone = ZoneInfo(timezone)
        self._school_region = school_region
        self._seen = self._look()
        self._remembered: dict[tuple[date, date], tuple[Agenda, tuple[Change, ...], list[Occurrence]]] = {}
        self.agenda: Agenda = self._load(now)

    def refresh(self, now: datetime) -> list[Mistake] | None:
        """Read the files again when one of them changed since the last look.

        Returns None when nothing changed, an empty list after a good edit, and the mistakes of a bad one, once: the
        agenda stays as it was until the files change again.
        """
        seen = self._look()
        if seen == self._seen:
            return None
        self._seen = seen
        try:
            self.agenda = self._load(now)
        except MistakesError as error:
            return error.mistakes
        self._remembered.clear()
        return []

    def occurrences(self, first: date, last: date, changes: Sequence[Change] = ()) -> list[Occurrence]:
        """Return the meetings of these days, as ``agenda.occurrences``; computed once for the same question."""
        agenda, asked = self.agenda, tuple(changes)
        known = self._remembered.get((first, last))
        # The files are read in another thread: what was computed meanwhile may be of the agenda before.
        if known and known[0] is agenda and known[1] == asked:
            return known[2]
        found = dated.occurrences(agenda, first, last, asked)
        if len(self._remembered) >= REMEMBERED:
            self._remembered.pop(next(iter(self._remembered)))
        self._remembered[first, last] = (agenda, asked, found)
        return found

    def find(self, uid: str, changes: Sequence[Change] = ()) -> Occurrence | None:
        """Return one meeting by its uid as it is now, as ``agenda.find``."""
        return dated.find(self.agenda, uid, changes)

    def _load(self, now: datetime) -> Agenda:
        today = now.astimezone(self._zone).date()
        return load(self._folder, self._knowledge, today, timezone=self._zone.key, school_region=self._school_region)

    def _look(self) -> Seen:
        """Return what tells that a file changed. One that disappears, or cannot be looked at, counts as gone."""
        seen: Seen = {}
        for path in (*self._folder.glob("*.yaml"), *self._folder.glob("*.ics")):
            try:
                status = path.stat()
            except OSError:
                continue
            seen[path.name] = (status.st_mtime_ns, status.st_size)
        return seen
