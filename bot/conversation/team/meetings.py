"""The meetings that somebody of the team may look at or change, with what was changed by phone laid over the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.agenda.model import Change, Member, Occurrence
from bot.conversation import notices
from bot.conversation.team.roles import may_act_in
from bot.conversation.turn import Turn
from bot.locales import moments
from bot.reminders import by_phone

AHEAD = timedelta(days=28)
"""How far ahead meetings are offered: what is further away can be changed in the file."""

MOST = 12
"""Meetings offered at once; more buttons than fit a screen are a list to search in."""


async def changed(turn: Turn) -> list[Change]:
    """Return what was changed by phone of meetings that are not long over."""
    async with turn.store.reading() as connection:
        return await by_phone.changed(connection, turn.scene.today)


async def coming(turn: Turn, who: Member) -> list[Occurrence]:
    """Return the next meetings in the member's wijken, the cancelled ones too."""
    today = turn.scene.today
    found = turn.scene.schedules.occurrences(today, today + AHEAD, await changed(turn))
    return [
        occurrence
        for occurrence in found
        if occurrence.ends_at > turn.now and may_act_in(who, occurrence.series.neighbourhood)
    ][:MOST]


async def meeting(turn: Turn, uid: str) -> Occurrence | None:
    """Return a meeting that is not over yet, as it is now."""
    found = turn.scene.schedules.find(uid, await changed(turn))
    return found if found and found.ends_at > turn.now else None


async def following(turn: Turn, cancelled: Occurrence) -> Occurrence | None:
    """Return the next meeting of the same series that goes on."""
    return notices.following(turn.scene.schedules, cancelled, turn.now, await changed(turn))


def told(texts: Mapping[str, str] | None, language: str) -> str:
    """Return a text in this language, or in the one there is; nothing when there is none."""
    return (texts.get(language) or next(iter(texts.values()), "")) if texts else ""


def label(occurrence: Occurrence, language: str) -> str:
    """Return one line for a button: ``wo 31 mrt 9.30 · Koffie & Koters``."""
    day = moments.short_day(occurrence.starts_at, language)
    return f"{day} {moments.clock(occurrence.starts_at, language)} · {told(occurrence.series.summary, language)}"


def in_full(occurrence: Occurrence, language: str) -> str:
    """Return ``Koffie & Koters, woensdag 31 maart, 9.30 - 11.30 uur``."""
    return (
        f"{told(occurrence.series.summary, language)}, {moments.day(occurrence.starts_at, language)}, "
        f"{moments.hours(occurrence.starts_at, occurrence.ends_at, language)}"
    )
