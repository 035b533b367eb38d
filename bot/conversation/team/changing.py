"""Cancelling, moving and naming one meeting by phone, and taking that back: choose, say why, look, confirm.

A change is a row in the store, laid over the files from that moment on. Who must hear of it is told by the outbox,
which sees that the meeting is another than before; nothing is sent from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.agenda.changes import to_data
from bot.agenda.model import Change, ChangeKind, Member, Occurrence
from bot.agenda.moments import MomentError, is_skipped, read_when
from bot.conversation import notices
from bot.conversation.message import Button, Part, Reply
from bot.conversation.team import meetings, office
from bot.conversation.team.roles import may_change
from bot.conversation.turn import Turn
from bot.locales import languages, moments, parent_words
from bot.store import audiences, audit, changes, dialogues

REASONS = ("illness", "room", "few", "holiday", "weather")
"""Why mornings are cancelled or moved most, in the order of the buttons; anything else is typed."""

LONGEST_REASON = 200
"""Characters of a typed reason: it is one line in a message to parents."""

LONGEST_THEME = 80
"""Characters of a theme: it stands in a list beside day and place."""

WHAT: Mapping[str, ChangeKind] = {"c": "cancelled", "m": "moved", "h": "theme", "u": "restored"}
"""What is done with the meeting that is chosen, by the step of its button."""


async def cancel(turn: Turn, who: Member, _text: str) -> Reply:
    """Offer the coming meetings to cancel; of one that is cancelled, to let it go on after all."""
    return await _choose(turn, who, "c", "team.cancel.which")


async def move(turn: Turn, who: Member, _text: str) -> Reply:
    """Offer the coming meetings to move."""
    return await _choose(turn, who, "m", "team.move.which")


async def theme(turn: Turn, who: Member, _text: str) -> Reply:
    """Offer the coming meetings to give a theme."""
    return await _choose(turn, who, "h", "team.theme.which")


async def chosen(turn: Turn, who: Member, step: str, uid: str) -> Reply | None:
    """Go on with the meeting that was chosen."""
    meeting = await meetings.meeting(turn, uid)
    if meeting is None:
        return None
    if not may_change(who, meeting.series):
        return office.said(who, "team.not_your_wijk")
    draft: dict[str, Any] = {"kind": WHAT[step], "uid": uid}
    if step == "u":
        return await _preview(turn, who, meeting, draft)
    draft["waits"] = {"c": "reason", "m": "when", "h": "theme"}[step]
    await office.keep(turn, draft)
    if step == "c":
        return _ask_reason(who, "team.cancel.why", meeting)
    if step == "m":
        places = office.button(who, "team.button.other_place", "o", uid)
        return replace(
            office.said(who, "team.move.when", meeting=meetings.in_full(meeting, who.language)), buttons=((places,),)
        )
    return office.said(who, "team.theme.what", meeting=meetings.in_full(meeting, who.language))


async def other_place(turn: Turn, who: Member, uid: str) -> Reply | None:
    """Offer the places to which a meeting can be moved."""
    meeting = await meetings.meeting(turn, uid)
    if meeting is None or not may_change(who, meeting.series):
        return None
    await office.keep(turn, {"kind": "moved", "uid": uid, "waits": "place"})
    rows = tuple(
        (Button(place.name, office.data("p", place.id)),)
        for place in turn.scene.agenda.places.values()
        if place.id != meeting.place and _may_be_told(turn, place.id)
    )
    return (
        replace(office.said(who, "team.move.where"), buttons=rows) if rows else office.said(who, "team.move.no_places")
    )


async def place(turn: Turn, who: Member, place_id: str) -> Reply | None:
    """Go on with the place that was chosen, and ask why."""
    draft = await office.draft(turn)
    meeting = await meetings.meeting(turn, draft.get("uid", ""))
    if meeting is None or draft.get("waits") != "place" or not _may_be_told(turn, place_id):
        return None
    await office.keep(turn, {**draft, "place": place_id, "waits": "reason"})
    return _ask_reason(who, "team.move.why", meeting)


def _may_be_told(turn: Turn, place_id: str) -> bool:
    """Tell whether parents may be sent to a place: in live mode somebody must have confirmed it."""
    place = turn.scene.agenda.places.get(place_id)
    return place is not None and (place.confirmed_on is not None or not turn.scene.is_live)


async def reason(turn: Turn, who: Member, key: str) -> Reply | None:
    """Go on with a reason from the buttons."""
    draft = await office.draft(turn)
    if key not in REASONS or draft.get("waits") != "reason":
        return None
    words = {code: parent_words(code)(f"reason.{key}") for code in languages()}
    return await _with_reason(turn, who, draft, words)


async def typed(turn: Turn, who: Member, draft: dict[str, Any], text: str) -> Reply | None:
    """Go on with what was typed; None when nothing was asked."""
    waits = draft.get("waits")
    if waits == "reason":
        if len(text) > LONGEST_REASON:
            return office.said(who, "team.too_long", most=LONGEST_REASON)
        return await _with_reason(turn, who, draft, {who.language: text})
    meeting = await meetings.meeting(turn, draft.get("uid", ""))
    if meeting is None:
        return None
    if waits == "when":
        return await _when(turn, who, meeting, draft, text)
    if waits == "theme":
        if len(text) > LONGEST_THEME:
            return office.said(who, "team.too_long", most=LONGEST_THEME)
        return await _preview(turn, who, meeting, {**draft, "theme": {who.language: text}})
    return None


async def confirmed(turn: Turn, who: Member, draft: dict[str, Any]) -> Reply | None:
    """Make the change that was looked at, once, and say how many will hear of it."""
    meeting = await meetings.meeting(turn, draft.get("uid", ""))
    if meeting is None or not may_change(who, meeting.series):
        return None
    change = _change(meeting, draft, turn.now)
    async with turn.store.writing() as connection:
        people = await audiences.count(connection, _concerned(meeting, turn.now))
        await changes.add(connection, change.meetup, change.on, change.kind, to_data(change), turn.now)
        deed = audit.Line(turn.now, who.telegram_id, change.kind, meeting.uid, {"people": people})
        await audit.note(connection, deed)
        await dialogues.close(connection, turn.scene.parent.chat_id)
    done = office.said(
        who,
        f"team.done.{change.kind}",
        people=office.heads(who, people),
        meeting=meetings.in_full(meeting, who.language),
    )
    return replace(done, clears_buttons=True)


async def _choose(turn: Turn, who: Member, step: str, question: str) -> Reply:
    coming = [meeting for meeting in await meetings.coming(turn, who) if may_change(who, meeting.series)]
    if not coming:
        return office.said(who, "team.no_meetings")
    rows = []
    for meeting in coming:
        label = meetings.label(meeting, who.language)
        if meeting.status == "cancelled":
            if step == "c":
                rows.append(
                    (Button(office.words(who, "team.button.restore", meeting=label), office.data("u", meeting.uid)),)
                )
        else:
            rows.append((Button(label, office.data(step, meeting.uid)),))
    if not rows:
        return office.said(who, "team.no_meetings")
    return replace(office.said(who, question), buttons=tuple(rows))


def _ask_reason(who: Member, question: str, meeting: Occurrence) -> Reply:
    rows = tuple((office.button(who, f"team.reason.{key}", "r", key),) for key in REASONS)
    return replace(office.said(who, question, meeting=meetings.in_full(meeting, who.language)), buttons=rows)


async def _with_reason(turn: Turn, who: Member, draft: dict[str, Any], words: Mapping[str, str]) -> Reply | None:
    meeting = await meetings.meeting(turn, draft.get("uid", ""))
    return await _preview(turn, who, meeting, {**draft, "reason": dict(words)}) if meeting else None


async def _when(turn: Turn, who: Member, meeting: Occurrence, draft: dict[str, Any], text: str) -> Reply:
    """Read the new day or time, and ask why; what cannot be read is asked again."""
    try:
        day, start, end = read_when(text, turn.scene.today)
    except MomentError:
        return office.said(who, "team.move.unread")
    zone = meeting.starts_at.tzinfo
    # Of two moments that the clock shows, in October, the first.
    on, begins = day or meeting.starts_at.date(), start or meeting.starts_at.time().replace(fold=0)
    starts_at = datetime.combine(on, begins, zone)
    ends_at = datetime.combine(on, end, zone) if end else starts_at + (meeting.ends_at - meeting.starts_at)
    for moment in (starts_at, ends_at):
        if is_skipped(moment):
            told = {"time": moments.clock(moment, who.language), "day": moments.day(moment, who.language)}
            return office.said(who, "team.skipped", **told)
    if starts_at <= turn.now:
        return office.said(who, "team.move.past")
    moved = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    await office.keep(turn, {**draft, **moved, "waits": "reason"})
    return _ask_reason(who, "team.move.why", meeting)


async def _preview(turn: Turn, who: Member, meeting: Occurrence, draft: dict[str, Any]) -> Reply:
    """Show what parents will read, and how many of them."""
    change = _change(meeting, draft, turn.now)
    changed = await meetings.changed(turn)
    as_it_will_be = turn.scene.schedules.find(meeting.uid, [*changed, change]) or meeting
    if change.kind == "moved" and _is_the_same(as_it_will_be, meeting):
        await office.drop(turn)
        return office.said(who, "team.move.same", meeting=meetings.in_full(meeting, who.language))
    kept = await office.keep(turn, {**draft, "waits": "yes"})
    if change.kind == "theme":
        shown = [Part("text", office.words(who, "team.theme.preview", theme=meetings.told(change.theme, who.language)))]
        counted = [Part("note", office.words(who, "team.nobody_is_told"))]
    else:
        async with turn.store.reading() as connection:
            people = await audiences.count(connection, _concerned(meeting, turn.now))
        is_back = (change.kind, as_it_will_be.status) == ("moved", "planned")
        shown = await _notice(turn, who, as_it_will_be, "restored" if is_back else change.kind)
        counted = [Part("note", office.words(who, "team.people", people=office.heads(who, people)))]
    heading = Part("title", office.words(who, "team.preview"))
    return Reply((heading, *shown, *counted), office.last_step(who, kept["number"]), clears_buttons=True)


def _is_the_same(one: Occurrence, other: Occurrence) -> bool:
    """Tell whether parents would find it at the same time and place."""
    told = [(each.status == "cancelled", each.starts_at, each.ends_at, each.place) for each in (one, other)]
    return told[0] == told[1]


async def _notice(turn: Turn, who: Member, meeting: Occurrence, kind: ChangeKind) -> list[Part]:
    """Return exactly what parents will read."""
    scene = replace(turn.scene, language=who.language)
    place = scene.agenda.places.get(meeting.place)
    following = await meetings.following(turn, meeting) if kind == "cancelled" else None
    notice = notices.meeting(scene, kind, meeting, place, following, turn.now)
    return list(notice.parts) if notice else []


def _change(meeting: Occurrence, draft: dict[str, Any], now: datetime) -> Change:
    """Return the change that was drafted. A move says when and where, also what it leaves as it is: that it is at the
    school now, where it was moved to before, is not lost when its time changes too.
    """
    change = Change(
        meetup=meeting.series.id,
        on=meeting.on,
        kind=draft["kind"],
        made_at=now,
        reason=draft.get("reason", {}),
        theme=draft.get("theme", {}),
    )
    if change.kind != "moved":
        return change
    return replace(
        change,
        starts_at=datetime.fromisoformat(draft["starts_at"]) if "starts_at" in draft else meeting.starts_at,
        ends_at=datetime.fromisoformat(draft["ends_at"]) if "ends_at" in draft else meeting.ends_at,
        place=draft.get("place", meeting.place),
    )


def _concerned(meeting: Occurrence, now: datetime) -> audiences.Chosen:
    """Return the statement for whoever hears of a change of this meeting."""
    series = meeting.series
    return audiences.followers(series.id, series.neighbourhood, meeting.uid, now + timedelta(seconds=1))
