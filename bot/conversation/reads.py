"""What the conversation asks of whoever reads a parent's message."""

from __future__ import annotations

from typing import Protocol

from bot.matching.decision import Decision
from bot.matching.follow_up import Earlier, FollowUp
from bot.model import Parent


class Reads(Protocol):
    """Reads messages, one after another, while others are answered; ``bot/reading`` has those that do."""

    async def decided(self, text: str, parent: Parent, earlier: Earlier) -> Decision:
        """Return the decision on a message, with danger seen also in the light of the answer before it."""
        ...

    async def followed_up(self, text: str, alone: Decision, earlier: Earlier) -> FollowUp | None:
        """Return what a message asks of the answer before it, or None when it stands by itself."""
        ...
