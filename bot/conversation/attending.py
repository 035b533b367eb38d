"""A parent who types "ik kom" or "we kunnen er niet bij zijn" instead of pressing the button."""

from __future__ import annotations

from dataclasses import replace

from bot.agenda.attending import is_coming
from bot.agenda.model import Occurrence
from bot.conversation import buttons, coming, looked_at, meeting, meeting_words, wishes
from bot.conversation.message import Button, Reply
from bot.conversation.turn import Turn
from bot.reminders.plan import uid_of
from bot.store import attendances, deliveries

MOST = 4
"""Meetings to choose from; with the dates they still fit a phone's screen."""


async def typed(turn: Turn, text: str) -> Reply | None:
    """Return the reply of the button that is meant, or ask which meeting; None when the message says something else.

    Meant is the meeting that was shown or reminded of in the last ten minutes; of who stays away without having looked
    at one, the one to which they said to come.
    """
    is_yes = is_coming(text)
    if is_yes is None or not coming.has_agenda(turn.scene):
        return None
    meant = await _looked_at(turn) or ([] if is_yes else await _promised(turn))
    if len(meant) == 1:
        press = meeting.press_come if is_yes else meeting.press_away
        return await press(turn, (meant[0].uid,))
    if not meant and is_yes:
        found = await coming.found(turn, wishes.of_profile(turn.scene))
        meant = [near.occurrence for near in found.meetings if near.occurrence.status != "cancelled"]
    return _which(turn, meant[:MOST], is_yes=is_yes) if meant else None


def _which(turn: Turn, meant: list[Occurrence], *, is_yes: bool) -> Reply:
    scene, action = turn.scene, buttons.COME if is_yes else buttons.AWAY
    rows = tuple(
        (
            Button(
                f"{meeting_words.short_when(scene, one)} · {meeting_words.text(scene, one.series.summary)}",
                f"{action}:{one.uid}",
            ),
        )
        for one in meant
    )
    return replace(scene.said("attending.which_come" if is_yes else "attending.which_away"), buttons=rows)


async def _looked_at(turn: Turn) -> list[Occurrence]:
    """Return the meetings that were shown or reminded of a moment ago."""
    since = turn.now - looked_at.REMEMBERED_FOR
    async with turn.store.reading() as connection:
        subjects = await deliveries.told_since(connection, turn.scene.parent.chat_id, since)
    shown = await looked_at.recall(turn)
    return await _coming(turn, [*([shown] if shown else []), *(uid_of(subject) for subject in subjects)])


async def _promised(turn: Turn) -> list[Occurrence]:
    async with turn.store.reading() as connection:
        uids = await attendances.of_chat(connection, turn.scene.parent.chat_id, turn.now)
    return await _coming(turn, uids)


async def _coming(turn: Turn, uids: list[str]) -> list[Occurrence]:
    """Return those that are still to come, each once."""
    found = [await coming.one(turn, uid) for uid in dict.fromkeys(uids)]
    return [one for one in found if one and one.ends_at > turn.now]
