"""A message of nothing but emoji: what it seems to say, and a kind reply."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Literal

from bot.conversation import buttons, danger, memory, people, presses
from bot.conversation.memory import Memory
from bot.conversation.message import Reply
from bot.conversation.scene import Scene
from bot.conversation.turn import Turn

Mood = Literal["up", "down", "sad", "thanks", "other"]

_MOODS: dict[Mood, str] = {
    "sad": "😢😭🥺😞😔😿☹🙁😥😓😩😫😖😣💔😰😟😪",
    "down": "👎",
    "up": "👍",
    "thanks": "❤♥🧡💛💚💙💜💗💕🙏🤗😘🥰😍",
}
"""In the order in which they count when several are sent at once."""

_FORMS = {"So", "Sk", "Mn", "Me", "Cf"}
"""Unicode's categories of symbols, of colours of skin, and of what joins them."""


def mood(text: str) -> Mood | None:
    """Return what a message of nothing but emoji seems to say; None for any other message."""
    kinds = [unicodedata.category(character) for character in text if not character.isspace()]
    if "So" not in kinds or not _FORMS.issuperset(kinds):
        return None
    return next((mood for mood, emoji in _MOODS.items() if any(each in text for each in emoji)), "other")


async def reply(turn: Turn, text: str, last: Memory) -> Reply | None:
    """Return the reply to a message of nothing but emoji; None for any other.

    A thumb after an answer counts as the one below it, once.
    """
    found = mood(text)
    if found is None:
        return None
    scene = turn.scene
    if found in ("up", "down"):
        rated = await _rated(turn, last, is_helpful=found == "up")
        if rated:
            return rated
    if found == "sad":
        return Reply(scene.said("emoji.sad").parts, (people.way_to_people(scene),))
    if found in ("up", "thanks"):
        return scene.said("smalltalk.thanks")
    return danger.grieving(scene) if scene.grieves else _invitation(scene)


def _invitation(scene: Scene) -> Reply:
    row = (scene.button("button.themes", buttons.THEMES), scene.button("button.person", buttons.PERSON))
    return Reply(scene.said("other.emoji").parts, (row,))


async def _rated(turn: Turn, last: Memory, *, is_helpful: bool) -> Reply | None:
    """Return the reply of the thumb below the answer that was read last; None when there is none, or it was rated."""
    scene = turn.scene
    shown = scene.shown(last.answer) if last.kind == memory.ANSWERED and last.answer and not last.is_rated else None
    if shown is None:
        return None
    language = scene.text_language(shown)
    data = buttons.feedback(is_helpful, shown.id, language, shown.text_hash(language))
    said = await presses.respond(turn, data)
    await memory.remember(turn.store, scene.parent.chat_id, replace(last, is_rated=True), turn.now)
    return said and replace(said, clears_buttons=False)
