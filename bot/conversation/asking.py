"""How often a theme is asked about in a wijk, by week: what the team sees of the questions. Nobody is in it."""

from __future__ import annotations

from bot.conversation.turn import Turn
from bot.store import asked
from bot.store.database import StoreConnection

NO_NEIGHBOURHOOD = ""
"""Where questions are counted of parents whose wijk is not known, so that the town's total is right."""


async def count(connection: StoreConnection, turn: Turn, answer_id: str) -> None:
    """Count one question about the theme of this answer, whether or not the answer may be shown yet."""
    theme = turn.scene.knowledge.theme_of(answer_id)
    if theme is None:
        return
    wijk = turn.scene.parent.neighbourhood or NO_NEIGHBOURHOOD
    await asked.count(connection, theme.theme, wijk, turn.scene.today)
