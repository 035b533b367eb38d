"""The meetings that a parent may see, as they are now: the files, and over them what coordinators changed by phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from bot.agenda.model import Change, Occurrence
from bot.agenda.nearest import Found, Position, Wish, nearest
from bot.conversation.scene import Scene
from bot.conversation.turn import Turn
from bot.reminders import by_phone

HORIZON = timedelta(days=60)
"""How far ahead is looked: past the six weeks of the summer holidays."""


def has_agenda(scene: Scene) -> bool:
    """Tell whether there is any series at all."""
    return any(True for _ in scene.agenda.series())


async def found(turn: Turn, wish: Wish) -> Found:
    """Return the meetings that fit ``wish`` best, within two months."""
    scene = turn.scene
    laid_over = await _changes(turn)
    meetings = scene.schedules.occurrences(scene.today, scene.today + HORIZON, laid_over)
    shown = [meeting for meeting in meetings if _may_be_shown(scene, meeting)]
    return nearest(wish, shown, scene.agenda, centres(scene), turn.now)


async def between(turn: Turn, first: date, last: date) -> list[Occurrence]:
    """Return the meetings of these days that this parent may see."""
    found = turn.scene.schedules.occurrences(first, last, await _changes(turn))
    return [meeting for meeting in found if _may_be_shown(turn.scene, meeting)]


async def one(turn: Turn, uid: str) -> Occurrence | None:
    """Return the meeting with this uid as it is now; None when there is none any more that this parent may see."""
    meeting = turn.scene.schedules.find(uid, await _changes(turn))
    return meeting if meeting and _may_be_shown(turn.scene, meeting) else None


def centres(scene: Scene) -> Mapping[str, Position]:
    """Return the middle of each wijk."""
    return {wijk.id: wijk.centre for wijk in scene.knowledge.neighbourhoods}


def _may_be_shown(scene: Scene, meeting: Occurrence) -> bool:
    return not scene.is_live or scene.agenda.is_confirmed(meeting)


async def _changes(turn: Turn) -> list[Change]:
    async with turn.store.reading() as connection:
        return await by_phone.changed(connection, turn.scene.today)
