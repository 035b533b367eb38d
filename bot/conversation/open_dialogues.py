"""The dialogues in which the bot waits for something to be typed, in the one place where such a dialogue is added."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.conversation import child, language, meetings, neighbourhood
from bot.conversation.message import Reply
from bot.conversation.team import office, steps
from bot.conversation.turn import Turn
from bot.store.dialogues import Dialogue

Listening = Callable[[Turn, Dialogue, str], Awaitable[Reply | None]]
"""Returns the reply to what was typed; None when it is about something else, and is answered as any message."""

LISTENING: dict[str, Listening] = {
    office.DRAFT: steps.typed,
    child.ASKED: child.listen,
    neighbourhood.ASKED: neighbourhood.listen,
    language.ASKED: language.listen,
    meetings.LISTED: meetings.refine,
    meetings.WHERE: meetings.told_where,
}
"""Who listens, by the kind of dialogue; a kind that is not here only remembers something for a while."""
