"""The language a parent wants to talk in: chosen by a button, or named in any language the bot speaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.conversation import menus
from bot.conversation.message import Reply
from bot.conversation.turn import Turn
from bot.locales import languages, parent_words
from bot.matching.phrases import words_of
from bot.store import dialogues, parents
from bot.store.dialogues import Dialogue

ASKED = "language"
"""The dialogue that is open while a language may be named."""

OPEN_FOR = timedelta(minutes=10)


async def ask(turn: Turn, text: str) -> Reply:
    """Ask which language it is to be; what came after the command counts as typed."""
    told = await listen(turn, None, text)
    if told:
        return told
    async with turn.store.writing() as connection:
        chat_id = turn.scene.parent.chat_id
        await dialogues.open_dialogue(connection, chat_id, ASKED, {}, turn.now + OPEN_FOR)
    return menus.languages_to_choose(turn.scene)


async def listen(turn: Turn, _dialogue: Dialogue | None, text: str) -> Reply | None:
    """Return the reply to nothing but the name of a language the bot speaks; None for anything else."""
    said = words_of(text)
    for code in languages():
        words = parent_words(code)
        small = {word for each in languages() for word in parent_words(each)("language.small").split("|")}
        names = {code, *words("language.names").split("|")}
        if names.intersection(said) and names | small >= set(said):
            return await _keep(turn, code)
    return None


async def choose(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Keep the language that was pressed."""
    return await _keep(turn, values[0]) if values and values[0] in languages() else None


async def _keep(turn: Turn, code: str) -> Reply:
    async with turn.store.writing() as connection:
        await parents.save(connection, replace(turn.scene.parent, language=code), turn.now)
        await dialogues.close(connection, turn.scene.parent.chat_id, ASKED)
    return replace(replace(turn.scene, language=code).said("language.chosen"), clears_buttons=True)
