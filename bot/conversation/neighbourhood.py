"""The wijk a parent lives in: chosen by a button or typed, and taken back in the same two ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.conversation import buttons, menus, wishes
from bot.conversation.message import Reply
from bot.conversation.turn import Turn
from bot.store import dialogues, parents
from bot.store.dialogues import Dialogue

ASKED = "neighbourhood"
"""The dialogue that is open while a wijk or a postcode may be typed."""

OPEN_FOR = timedelta(minutes=10)


async def ask(turn: Turn, text: str) -> Reply:
    """Ask in which wijk the parent lives; what came after the command counts as typed."""
    told = await listen(turn, None, text) if text.strip() else None
    if told:
        return told
    async with turn.store.writing() as connection:
        chat_id = turn.scene.parent.chat_id
        await dialogues.open_dialogue(connection, chat_id, ASKED, {}, turn.now + OPEN_FOR)
    return menus.neighbourhoods(turn.scene)


async def listen(turn: Turn, _dialogue: Dialogue | None, text: str) -> Reply | None:
    """Return the reply to nothing but a wijk, a postcode of the town, or a no; None for anything else."""
    if turn.scene.is_no(text):
        return await _keep(turn, None)
    understood = wishes.understood(turn.scene, text, wishes.NOTHING)
    named = understood.wish.neighbourhood
    only_a_place = replace(understood.wish, neighbourhood=None, position=None) == wishes.NOTHING
    return await _keep(turn, named) if named and understood.is_whole and only_a_place else None


async def choose(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Keep the wijk that was pressed, or none when the parent would rather not say; without values, ask."""
    if not values:
        return await ask(turn, "")
    if values[0] == buttons.NO_NEIGHBOURHOOD:
        return await _keep(turn, None)
    is_known = any(wijk.id == values[0] for wijk in turn.scene.knowledge.neighbourhoods)
    return await _keep(turn, values[0]) if is_known else None


async def _keep(turn: Turn, neighbourhood: str | None) -> Reply:
    parent = replace(turn.scene.parent, neighbourhood=neighbourhood)
    async with turn.store.writing() as connection:
        await parents.save(connection, parent, turn.now)
        await dialogues.close(connection, parent.chat_id, ASKED)
    name = next((wijk.name for wijk in turn.scene.knowledge.neighbourhoods if wijk.id == neighbourhood), None)
    said = turn.scene.said("neighbourhood.chosen", name=name) if name else turn.scene.said("neighbourhood.rather_not")
    return replace(said, clears_buttons=True)
