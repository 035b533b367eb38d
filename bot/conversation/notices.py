"""The words of what the bot sends of its own accord: reminders, changes, announcements and tips.

What is said follows from how things are when it is sent, not from how they were when it was planned: a meeting that is
cancelled meanwhile is not reminded of. Every message says how to stop them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.agenda.model import Change, Occurrence, Place
from bot.agenda.schedules import Schedules
from bot.conversation import buttons
from bot.conversation.message import Button, Part, Reply
from bot.conversation.scene import Scene
from bot.knowledge.model import MAIN_LANGUAGE
from bot.locales import moments

NEXT_WITHIN = timedelta(days=42)
"""How far ahead the next meeting is looked for when one is cancelled; later is not soon."""
TITLES = {
    "evening": "notice.reminder",
    "hours": "notice.reminder",
    "cancelled": "notice.cancelled",
    "moved": "notice.moved",
    "restored": "notice.restored",
}
"""What each kind of message about a meeting begins with."""


def meeting(
    scene: Scene,
    kind: str,
    occurrence: Occurrence,
    place: Place | None,
    following: Occurrence | None,
    now: datetime,
) -> Reply | None:
    """Return what is said of a meeting; None when it is no longer so.

    ``following`` is the next meeting of the series, told when this one is cancelled.
    """
    is_cancelled = occurrence.status == "cancelled"
    fits = {
        "evening": not is_cancelled,
        "hours": not is_cancelled,
        "cancelled": is_cancelled,
        "moved": not is_cancelled,
        "restored": occurrence.status == "planned",
    }
    if not fits[kind] or (not is_cancelled and occurrence.starts_at <= now):
        return None
    when, name = _when(scene, occurrence), _in(occurrence.series.summary, scene)
    where = place.name if place else ""
    words = scene.words
    parts = [Part("title", words(TITLES[kind], name=name, when=when, place=where))]
    if occurrence.reason and kind in ("cancelled", "moved"):
        parts.append(Part("text", _in(occurrence.reason, scene)))
    if following:
        parts.append(Part("text", words("notice.next", when=_when(scene, following))))
    if occurrence.theme and not is_cancelled:
        parts.append(Part("text", words("notice.theme", theme=_in(occurrence.theme, scene))))
    if not is_cancelled and not scene.agenda.is_confirmed(occurrence):
        parts.append(Part("note", words("meeting.unconfirmed")))
    parts.append(_how_to_stop(scene))
    return Reply(tuple(parts), () if is_cancelled else _answers(scene, occurrence, place))


def announcement(scene: Scene, text: Mapping[str, str]) -> Reply:
    """Return an announcement exactly as it was written, with who sends it: the town, and never a person."""
    return Reply((
        Part("note", scene.words("notice.announced", town=scene.knowledge.town)),
        Part("text", _in(text, scene)),
        _how_to_stop(scene),
    ))  # fmt: skip


def tip(scene: Scene, tip_id: str) -> Reply | None:
    """Return a tip, as long as its answer is signed off in the language in which this parent reads it."""
    found = next((one for one in scene.agenda.tips if one.id == tip_id), None)
    answer = scene.shown(found.answer) if found else None
    if found is None or answer is None or not scene.is_signed(answer):
        return None
    title = answer.title.get(scene.language, answer.title[MAIN_LANGUAGE])
    return Reply(
        (Part("text", _in(found.text, scene)), _how_to_stop(scene)),
        ((Button(title, buttons.answer(answer.id)),),),
    )


def following(
    schedules: Schedules, occurrence: Occurrence, now: datetime, changes: Sequence[Change]
) -> Occurrence | None:
    """Return the next meeting of the same series that goes on."""
    after = max(now, occurrence.starts_at)
    first = after.astimezone(occurrence.starts_at.tzinfo).date()
    found = schedules.occurrences(first, first + NEXT_WITHIN, changes)
    return next(
        (
            one
            for one in found
            if one.series.id == occurrence.series.id and one.status != "cancelled" and one.starts_at > after
        ),
        None,
    )


def _answers(scene: Scene, occurrence: Occurrence, place: Place | None) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = [
        (
            Button(scene.words("notice.button.come"), f"{buttons.COME}:{occurrence.uid}"),
            Button(scene.words("notice.button.away"), f"{buttons.AWAY}:{occurrence.uid}"),
        )
    ]
    if place and place.coordinates:
        rows.append((Button(scene.words("notice.button.route"), f"{buttons.PIN}:{occurrence.uid}"),))
    rows.append((Button(scene.words("notice.button.stop"), buttons.ALL_OFF),))
    return tuple(rows)


def _when(scene: Scene, occurrence: Occurrence) -> str:
    """Return ``vandaag 9.30``, ``morgen 9.30`` or ``woensdag 31 maart 9.30``."""
    day, clock = occurrence.starts_at.date(), moments.clock(occurrence.starts_at, scene.language)
    if day == scene.today:
        return scene.words("notice.today", clock=clock)
    if day == scene.today + timedelta(days=1):
        return scene.words("notice.tomorrow", clock=clock)
    return scene.words("notice.on_day", day=moments.day(day, scene.language), clock=clock)


def _in(text: Mapping[str, str], scene: Scene) -> str:
    """Return a text in the parent's language, else in the main one; a coordinator may have typed only another."""
    return text.get(scene.language) or text.get(MAIN_LANGUAGE) or next(iter(text.values()))


def _how_to_stop(scene: Scene) -> Part:
    return Part("note", scene.words("notice.stop"))
