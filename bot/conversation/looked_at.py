"""Which meeting a parent looked at last: for ten minutes "ik kom" means that one. Only its id is kept."""

from __future__ import annotations

from datetime import timedelta

from bot.conversation import meetings, memory, talk
from bot.conversation.turn import Turn
from bot.store import dialogues

LOOKED_AT = "meeting"
"""The dialogue that is open after a meeting was shown, when no other is; and the name of its id in any other."""

REMEMBERED_FOR = timedelta(minutes=10)
"""How long a meeting that was shown, or reminded of, is the one that is meant."""


async def remember(turn: Turn, uid: str) -> None:
    """Remember the meeting beside what is remembered already; a dialogue that waits for something typed goes before."""
    chat_id, now = turn.scene.parent.chat_id, turn.now
    async with turn.store.writing() as connection:
        last = await dialogues.find(connection, chat_id, now)
        kind, data = (last.kind, last.data) if last else (LOOKED_AT, {})
        if kind in (LOOKED_AT, meetings.LISTED, talk.ONLY, *memory.KINDS):
            shown = {**data, LOOKED_AT: uid}
            await dialogues.open_dialogue(connection, chat_id, kind, shown, now + REMEMBERED_FOR)


async def recall(turn: Turn) -> str | None:
    """Return the meeting that was shown last; None when that is longer ago."""
    async with turn.store.reading() as connection:
        last = await dialogues.find(connection, turn.scene.parent.chat_id, turn.now)
    return last.data.get(LOOKED_AT) if last else None
