"""The words of what the bot sends of its own accord: reminders, changes, announcements and tips.

What is said follows from how things are when it is sent, not from how they were when it was planned: a meeting that is
cancelled meanwhile is not reminded of. Every message says how to stop them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.agenda import changes as phoned
from bot.agenda.model import Change, Occurrence, Place
from bot.agenda.nearest import is_confirmed
from bot.agenda.schedules import Schedules
from bot.conversation import buttons
from bot.conversation.message import Button, Part, Reply
from bot.conversation.scene import Scene
from bot.knowledge.model import MAIN_LANGUAGE, Knowledge
from bot.locales import DEFAULT_LANGUAGE, languages, moments
from bot.model import Parent
from bot.reminders.plan import OF_FILE, uid_of
from bot.store import announcements
from bot.store import changes as kept_changes
from bot.store.database import Store
from bot.store.deliveries import Delivery

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
CHANGED_SINCE = timedelta(days=366)
"""Changes by phone of meetings so long ago may still matter: a meeting can be moved far."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Composes what is due. ``is_live`` hides what nobody confirmed or signed."""

    knowledge: Knowledge
    schedules: Schedules
    store: Store
    timezone: ZoneInfo
    is_live: bool = False

    async def compose(self, delivery: Delivery, now: datetime) -> Reply | None:
        """Return what to say, or None when there is nothing to say any more."""
        language = delivery.language if delivery.language in languages() else DEFAULT_LANGUAGE
        today = now.astimezone(self.timezone).date()
        parent = Parent(delivery.chat_id, language=delivery.language)
        scene = Scene(
            self.knowledge,
            parent,
            language or DEFAULT_LANGUAGE,
            today,
            is_live=self.is_live,
            schedules=self.schedules,
            confirm_above=0,
        )
        if delivery.kind == "announcement":
            text = await self._announced(delivery.subject)
            return announcement(scene, text) if text else None
        if delivery.kind == "tip":
            return self._tip(scene, delivery.subject)
        changes = await self._changes(today)
        occurrence = self.schedules.find(uid_of(delivery.subject), changes)
        if occurrence is None:
            return None
        following = self._following(occurrence, now, changes) if delivery.kind == "cancelled" else None
        places = self.schedules.agenda.places
        return meeting(scene, delivery.kind, occurrence, places.get(occurrence.place), following, now)

    async def _changes(self, today: date) -> list[Change]:
        async with self.store.reading() as connection:
            rows = await kept_changes.since(connection, today - CHANGED_SINCE)
        return [phoned.from_data(row.meetup, row.on, row.kind, row.data, row.made_at) for row in rows]

    def _following(self, occurrence: Occurrence, now: datetime, changes: list[Change]) -> Occurrence | None:
        """Return the next meeting of the series that goes on."""
        after = max(now, occurrence.starts_at)
        day = after.astimezone(self.timezone).date()
        found = self.schedules.occurrences(day, day + NEXT_WITHIN, changes)
        return next(
            (
                one
                for one in found
                if one.series.id == occurrence.series.id and one.status != "cancelled" and one.starts_at > after
            ),
            None,
        )

    async def _announced(self, subject: str) -> Mapping[str, str] | None:
        """Return the text of an announcement, of the file or by phone; None when it was taken back."""
        if subject.startswith(OF_FILE):
            name = subject.removeprefix(OF_FILE)
            found = next((one for one in self.schedules.agenda.announcements if one.id == name), None)
            return found.text if found else None
        async with self.store.reading() as connection:
            row = await announcements.find(connection, subject)
        return row.text if row and row.withdrawn_at is None else None

    def _tip(self, scene: Scene, tip_id: str) -> Reply | None:
        """Return a tip, as long as its answer is signed off in the language in which this parent reads it."""
        tip = next((one for one in self.schedules.agenda.tips if one.id == tip_id), None)
        answer = scene.shown(tip.answer) if tip else None
        if tip is None or answer is None or not scene.is_signed(answer):
            return None
        title = answer.title.get(scene.language, answer.title[MAIN_LANGUAGE])
        return Reply(
            (Part("text", _in(tip.text, scene)), _how_to_stop(scene)),
            ((Button(title, buttons.answer(answer.id)),),),
        )


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
    if not is_cancelled and not is_confirmed(scene.agenda, occurrence):
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
    return text.get(scene.language, text[MAIN_LANGUAGE])


def _how_to_stop(scene: Scene) -> Part:
    return Part("note", scene.words("notice.stop"))
