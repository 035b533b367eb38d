"""What holds for a whole talk, whichever dialogue is open in it: that a child has died, and the language it is in.

It stands beside what that dialogue remembers and is erased with it, ten minutes after the last message.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.conversation import memory
from bot.locales import languages
from bot.matching.decision import Decision
from bot.matching.phrases import words_of
from bot.store import dialogues
from bot.store.database import Store
from bot.store.dialogues import Dialogue

ONLY = "talk"
"""The dialogue that is open when there is nothing else to remember."""

BESIDE = "talk"
"""The key in the data of any dialogue under which this stands."""

MOST_BARE_WORDS = 2
"""A remark up to this long tells no language: "ok" and "top" are said in all of them."""


@dataclass(frozen=True, slots=True)
class Talk:
    """``grieves``: the writer's child has died. ``language`` is empty when the profile or the app tells one."""

    grieves: bool = False
    language: str = ""

    def after(self, text: str, decision: Decision | None, *, has_language: bool) -> Talk:
        """Return the talk with a message added; ``has_language`` when the profile or the app told which is spoken."""
        if decision is None:
            return replace(self, language="" if has_language else self.language)
        grieves = self.grieves or decision.loss
        if has_language:
            return Talk(grieves)
        is_remark = decision.kind in ("route", "none") and len(words_of(text)) <= MOST_BARE_WORDS
        tells = decision.language in languages() and any(character.isalpha() for character in text)
        return Talk(grieves, decision.language if tells and not (self.language and is_remark) else self.language)


def of(dialogue: Dialogue | None) -> Talk:
    """Return what holds in the talk to which this dialogue belongs."""
    held = dialogue.data.get(BESIDE, {}) if dialogue else {}
    return Talk(held.get("grieves", False), held.get("language", ""))


async def go_on(store: Store, chat_id: int, talk: Talk, choice: Dialogue | None, now: datetime) -> None:
    """Remember the talk beside the dialogue that is open now, and end ``choice`` if that is still the one.

    ``choice`` is the dialogue of titles that were offered before a message that chose none of them.
    """
    held = {name: value for name, value in (("grieves", talk.grieves), ("language", talk.language)) if value}
    if not held and choice is None:
        return
    async with store.writing(at_once=True) as connection:
        found = await dialogues.find(connection, chat_id, now)
        if found is None and not held:
            return
        last = found or Dialogue(ONLY, {}, now)
        goes_on = memory.without_choice(last) if last == choice else last
        goes_on = replace(goes_on, data={**goes_on.data, BESIDE: held} if held else goes_on.data)
        if talk.grieves or last.kind == ONLY:
            goes_on = replace(goes_on, expires_at=max(last.expires_at, now + memory.REMEMBERED_FOR))
        if goes_on != found:
            await dialogues.open_dialogue(connection, chat_id, goes_on.kind, goes_on.data, goes_on.expires_at)
