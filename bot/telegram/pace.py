"""How long receiving may take, and how long what is wrong is borne."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.client import POLL_S

LONGEST_PAUSE_S = 3.0
"""Pauses while something is wrong double up to this; parents are answered again so soon after it is over."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take, in seconds.

    ``poll_s``: how long Telegram may hold a poll. ``hang_s``: how much longer a poll may take before it is
    given up. ``look_s``: how often it is looked where Telegram delivers. ``conflict_s``: how long another program is
    borne. ``again_s``: after what time a conflict counts as another one. ``stale_s``: how old the last good poll or
    look may be before receiving counts as broken.
    """

    poll_s: int = POLL_S
    hang_s: float = 20
    look_s: float = 10
    conflict_s: float = 60
    again_s: float = 45
    stale_s: float = 30


NORMAL = Pace()
"""The pace outside tests."""
