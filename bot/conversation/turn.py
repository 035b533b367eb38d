"""One turn of a conversation: the scene, the store to remember in, and the moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.conversation.message import Reply
from bot.conversation.scene import Scene
from bot.store.database import Store


@dataclass(frozen=True, slots=True)
class Turn:
    """What a command, a pressed button or a line in an open dialogue is answered with."""

    scene: Scene
    store: Store
    now: datetime


Answering = Callable[[Turn, str], Awaitable[Reply]]
"""Returns the reply to a command or a route; the text is what came after the command, or the whole message."""


def plainly(reply: Callable[[Scene], Reply]) -> Answering:
    """Return an answering that needs nothing but the scene."""

    async def answering(turn: Turn, _text: str) -> Reply:
        return reply(turn.scene)

    return answering
