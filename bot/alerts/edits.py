"""Curated files that are edited while the bot runs: nothing of an edit is used before the next start, and one that the
next start would refuse is told now.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from bot.alerts import findings
from bot.alerts.alert import Alert
from bot.alerts.telling import TEAM_LANGUAGE
from bot.knowledge.beside import checked
from bot.knowledge.load import version

log = logging.getLogger(__name__)

NO_FILES = ""
"""The version of a folder that holds none."""


class Edits:
    """Looks after ``folder``, of which the bot read the version ``in_use`` at its start."""

    def __init__(self, folder: Path, in_use: str) -> None:
        self._folder = folder
        self._in_use = self._seen = in_use
        self._found: list[Alert] = []

    async def look(self) -> list[Alert]:
        """Return what the team should know of the files as they are now; they are only checked when they changed."""
        seen = await asyncio.to_thread(_version, self._folder)
        if seen != self._seen:
            self._found = await self._changed(seen)
            self._seen = seen
        return self._found

    async def _changed(self, seen: str) -> list[Alert]:
        if seen == NO_FILES:
            log.warning(
                "The folder %s holds no curated files any more; the bot goes on with what it read.", self._folder
            )
            return [findings.answers_gone()]
        if seen == self._in_use:
            log.info("The curated files are again what the bot has read.")
            return []
        mistakes = await checked(self._folder)
        if mistakes is None:
            log.warning("The curated files were changed, and could not be checked; 'minidorp check' does so.")
            return self._found
        found = findings.bad_answers(mistakes, TEAM_LANGUAGE)
        if found:
            log.warning("The curated files were changed but hold mistakes; the bot goes on with what it read.")
        else:
            log.info("The curated files were changed; they are read at the next start.")
        return found


def _version(folder: Path) -> str:
    return version(folder) if any(folder.glob("*.yaml")) else NO_FILES
