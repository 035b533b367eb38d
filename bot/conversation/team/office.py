"""The words and buttons of the team, in the member's own language, and the draft they are working on."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from bot.agenda.model import Member
from bot.conversation.message import Button, Part, Reply
from bot.conversation.turn import Turn
from bot.locales import team_words
from bot.store import dialogues
from bot.store.asked import FEWEST, may_be_shown

DRAFT = "team"
"""The kind of the dialogue in which somebody of the team is drafting something."""

DRAFTED_FOR = timedelta(hours=1)
"""How long a draft waits for its next step: long enough for a bus ride, and gone tomorrow."""

ACTION = "T"
"""What the data of every button of the team begins with."""


def words(who: Member, key: str, **values: object) -> str:
    """Return the team's words in the member's language."""
    return team_words(who.language)(key, **values)


def said(who: Member, key: str, **values: object) -> Reply:
    """Return one paragraph of the team's words."""
    return Reply((Part("text", words(who, key, **values)),))


def heads(who: Member, people: int) -> str:
    """Return how many parents there are, to be told; of fewer than five only that, and that there is nobody."""
    return str(people) if may_be_shown(people) else words(who, "team.few", fewest=FEWEST)


def button(who: Member, key: str, *step: str) -> Button:
    """Return a button labelled with the team's words that leads to a step."""
    return Button(words(who, key), data(*step))


def data(*step: str) -> str:
    """Return what stands behind a button: the step and its values."""
    return ":".join((ACTION, *step))


async def keep(turn: Turn, draft: dict[str, Any]) -> dict[str, Any]:
    """Keep the draft, and return it with a new number: the buttons of an earlier draft no longer confirm anything."""
    numbered = {**draft, "number": secrets.token_hex(3)}
    async with turn.store.writing() as connection:
        await dialogues.open_dialogue(connection, turn.scene.parent.chat_id, DRAFT, numbered, turn.now + DRAFTED_FOR)
    return numbered


async def draft(turn: Turn) -> dict[str, Any]:
    """Return the draft that is open; an empty one when there is none."""
    async with turn.store.reading() as connection:
        found = await dialogues.find(connection, turn.scene.parent.chat_id, turn.now)
    return found.data if found and found.kind == DRAFT else {}


async def drop(turn: Turn) -> None:
    """Drop the draft."""
    async with turn.store.writing() as connection:
        await dialogues.close(connection, turn.scene.parent.chat_id)


def last_step(who: Member, number: str) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons under a preview: do it, or leave it."""
    return ((button(who, "team.button.yes", "y", number), button(who, "team.button.no", "n")),)
