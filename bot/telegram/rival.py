"""Another program that receives with the same token: named once, borne for a while, and then the end."""

from __future__ import annotations

import logging

from bot.telegram.errors import TelegramFailure
from bot.telegram.pace import Pace

log = logging.getLogger(__name__)

CONFLICT = (
    "Another program receives messages for the same bot, so both miss some; "
    "stop that one, or give this one another MINIDORP_TOKEN."
)


class Rival:
    """What is known of that program. Moments are seconds of one clock."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._since = self._seen_at = float("-inf")

    @property
    def pause_s(self) -> float:
        """Return after how long it is to be seen whether it is still there."""
        return min(3.0, self._pace.conflict_s / 4)

    def is_there(self, now: float) -> None:
        """Note that it was seen; say so the first time.

        Raises:
            TelegramFailure: If it stays.
        """
        if now - self._seen_at > self._pace.again_s:
            self._since = now
            log.warning("%s", CONFLICT)
        self._seen_at = now
        if now - self._since > self._pace.conflict_s:
            raise TelegramFailure(CONFLICT)
