"""Writing an announcement by phone: the words, for whom, when, a look at it exactly as parents will see it, and yes.

Above a number of people in one day somebody else of the team confirms it too; until then it waits and nothing is sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.agenda.model import Audience, Member
from bot.agenda.moments import MomentError, is_skipped, read_when
from bot.conversation import notices
from bot.conversation.message import Button, Part, Reply
from bot.conversation.team import meetings, office
from bot.conversation.team.roles import may_act_in
from bot.conversation.turn import Turn
from bot.locales import moments
from bot.matching.clean import clean
from bot.reminders.wall import born_between
from bot.store import announcements, audiences, audit, deliveries, dialogues

LONGEST = 1000
"""Characters of an announcement: one screen."""

AGES: Mapping[str, tuple[int, int] | None] = {"all": None, "0": (0, 11), "1": (12, 47), "4": (48, 155)}
"""Ages to choose from, in months, by the value of their button."""

EVENING, MORNING = time(18), time(9)
"""When an announcement is sent that is for later today, or for tomorrow."""

ONE_DAY = timedelta(days=1)
"""Announcements within this count together, so that somebody with a phone that is not theirs reaches few, also by
many small groups.
"""


async def begin(turn: Turn, who: Member, text: str) -> Reply:
    """Ask for the words; what came after the command are the words already."""
    draft = {"kind": "announcement", "waits": "text"}
    if clean(text):
        return await _with_text(turn, who, draft, text.strip())
    await office.keep(turn, draft)
    return office.said(who, "team.announce.what", most=LONGEST)


async def typed(turn: Turn, who: Member, draft: dict[str, Any], text: str) -> Reply | None:
    """Go on with what was typed: the words, or the moment."""
    if draft.get("waits") == "text":
        return await _with_text(turn, who, draft, text)
    if draft.get("waits") == "moment":
        try:
            day, start, _ = read_when(text, turn.scene.today)
        except MomentError:
            return office.said(who, "team.announce.unread")
        at = datetime.combine(day or turn.scene.today, start or MORNING, _zone(turn))
        if is_skipped(at):
            told = {"time": moments.clock(at, who.language), "day": moments.day(at, who.language)}
            return office.said(who, "team.skipped", **told)
        return await _preview(turn, who, draft, at)
    return None


async def audience(turn: Turn, who: Member, kind: str, value: str = "") -> Reply | None:
    """Go on with the people who were chosen, and ask for the age of their children."""
    draft = await office.draft(turn)
    chosen = _audience(turn, who, kind, value)
    if draft.get("waits") != "audience" or chosen is None:
        return None
    await office.keep(turn, {**draft, "audience": chosen.model_dump(mode="json"), "waits": "age"})
    rows = tuple((office.button(who, f"team.age.{age}", "g", age),) for age in AGES)
    return replace(office.said(who, "team.announce.ages"), buttons=rows, clears_buttons=True)


async def age(turn: Turn, who: Member, value: str) -> Reply | None:
    """Go on with the age that was chosen, and ask when."""
    draft = await office.draft(turn)
    if draft.get("waits") != "age" or value not in AGES:
        return None
    draft["audience"] = {**draft["audience"], "ages": AGES[value]}
    await office.keep(turn, {**draft, "waits": "moment"})
    rows = tuple((office.button(who, f"team.moment.{moment}", "t", moment),) for moment, _ in _moments(turn))
    return replace(office.said(who, "team.announce.when"), buttons=rows, clears_buttons=True)


async def moment(turn: Turn, who: Member, value: str) -> Reply | None:
    """Go on with the moment that was chosen, and show what parents will see."""
    draft = await office.draft(turn)
    at = dict(_moments(turn)).get(value)
    return await _preview(turn, who, draft, at) if draft.get("waits") == "moment" and at else None


async def confirmed(turn: Turn, who: Member, draft: dict[str, Any]) -> Reply | None:
    """Keep the announcement; it goes out by itself, or when somebody else has confirmed it too."""
    meant = Audience.model_validate(draft["audience"])
    if not _may_announce(who, turn, meant):
        return None
    row = announcements.Row(
        id=secrets.token_hex(6),
        text=draft["text"],
        audience=draft["audience"],
        send_at=datetime.fromisoformat(draft["send_at"]),
        made_by=who.telegram_id,
        made_at=turn.now,
    )
    others = [other for other in turn.scene.agenda.team.members if other != who and _may_announce(other, turn, meant)]
    async with turn.store.writing() as connection:
        people = await audiences.count(connection, recipients(meant, turn))
        earlier = await announcements.reached_alone(connection, who.telegram_id, turn.now - ONE_DAY)
        needs_another = people + earlier > turn.scene.confirm_above
        if needs_another and not others:
            return office.said(
                who, "team.announce.nobody_else", people=office.heads(who, people), most=turn.scene.confirm_above
            )
        await announcements.add(connection, row)
        await audit.note(connection, audit.Line(turn.now, who.telegram_id, "announcement", row.id, {"people": people}))
        if needs_another:
            expires_at = max(row.send_at, turn.now) + timedelta(days=1)
            colleagues = audiences.these([other.telegram_id for other in others])
            await deliveries.add(connection, colleagues, announcements.TO_CONFIRM, row.id, turn.now, expires_at)
        else:
            await announcements.confirm(connection, row.id, who.telegram_id, turn.now)
        await dialogues.close(connection, turn.scene.parent.chat_id)
    done = "team.announce.waits" if needs_another else "team.announce.done"
    said = office.said(who, done, people=office.heads(who, people), when=_when(row.send_at, turn, who))
    return replace(said, buttons=((office.button(who, "team.button.withdraw", "x", row.id),),), clears_buttons=True)


async def second(turn: Turn, who: Member, announcement_id: str) -> Reply | None:
    """Confirm what another coordinator wrote."""
    async with turn.store.writing() as connection:
        row = await announcements.find(connection, announcement_id)
        if row is None or not _may_announce(who, turn, Audience.model_validate(row.audience)):
            return None
        if row.made_by == who.telegram_id:
            return office.said(who, "team.announce.own")
        if not await announcements.confirm(connection, row.id, who.telegram_id, turn.now):
            return replace(office.said(who, "team.announce.too_late"), clears_buttons=True)
        await audit.note(connection, audit.Line(turn.now, who.telegram_id, "confirmed", row.id, {}))
    return replace(office.said(who, "team.announce.confirmed", when=_when(row.send_at, turn, who)), clears_buttons=True)


async def withdraw(turn: Turn, who: Member, announcement_id: str) -> Reply | None:
    """Withdraw an announcement; of one that is being sent, or waits for the morning, what is not out yet."""
    async with turn.store.writing() as connection:
        row = await announcements.find(connection, announcement_id)
        if row is None or not _may_announce(who, turn, Audience.model_validate(row.audience)):
            return None
        is_in_time = await announcements.withdraw(connection, row.id, turn.now)
        is_stopped = not is_in_time and await announcements.stop(connection, row.id, turn.now)
        if is_in_time or is_stopped:
            await audit.note(connection, audit.Line(turn.now, who.telegram_id, "withdrawn", row.id, {}))
    if is_stopped:
        return replace(office.said(who, "team.announce.stopped"), clears_buttons=True)
    return replace(
        office.said(who, "team.announce.withdrawn" if is_in_time else "team.announce.too_late"), clears_buttons=True
    )


async def to_confirm(turn: Turn, announcement_id: str) -> Reply | None:
    """Return what a second coordinator sees: the announcement as parents will, how many, and both ways to go on.

    None when it is confirmed or withdrawn already, or when whoever would see it is no longer of the team.
    """
    who = turn.scene.agenda.member(turn.scene.parent.chat_id)
    async with turn.store.reading() as connection:
        row = await announcements.find(connection, announcement_id)
        if who is None or row is None or row.confirmed_at or row.withdrawn_at:
            return None
        people = await audiences.count(connection, recipients(Audience.model_validate(row.audience), turn))
    note = office.words(who, "team.announce.look", people=office.heads(who, people), when=_when(row.send_at, turn, who))
    buttons = (
        (
            office.button(who, "team.button.confirm", "k", row.id),
            office.button(who, "team.button.withdraw", "x", row.id),
        ),
    )
    title = Part("title", office.words(who, "team.announce.asks_you"))
    return Reply((title, *_as_parents_see_it(turn, who, row.text), Part("note", note)), buttons)


async def unheard(turn: Turn, announcement_id: str) -> Reply | None:
    """Return what the writer hears about coordinators who could not be reached; None when it is settled already."""
    who = turn.scene.agenda.member(turn.scene.parent.chat_id)
    async with turn.store.reading() as connection:
        row = await announcements.find(connection, announcement_id)
        asked, missed = await announcements.asked_and_missed(connection, announcement_id)
    if who is None or row is None or row.confirmed_at or row.withdrawn_at or not missed:
        return None
    key = "team.announce.unheard_all" if missed == asked else "team.announce.unheard_some"
    buttons = (
        (office.button(who, "team.button.ask_again", "q", row.id),),
        (office.button(who, "team.button.withdraw", "x", row.id),),
    )
    told = Part("text", office.words(who, key, missed=missed, asked=asked))
    return Reply((told, Part("text", office.words(who, "team.announce.unheard_help"))), buttons)


async def ask_again(turn: Turn, who: Member, announcement_id: str) -> Reply | None:
    """Ask the coordinators who could not be reached once more, on the word of the one who wrote it."""
    async with turn.store.writing() as connection:
        row = await announcements.find(connection, announcement_id)
        if row is None or row.made_by != who.telegram_id:
            return None
        is_open = row.confirmed_at is None and row.withdrawn_at is None
        until = max(row.send_at, turn.now) + timedelta(days=1)
        count = await announcements.ask_again(connection, row.id, turn.now, until) if is_open else 0
    return replace(
        office.said(who, "team.announce.asked_again" if count else "team.announce.too_late"), clears_buttons=True
    )


def recipients(meant: Audience, turn: Turn) -> audiences.Chosen:
    """Return the statement for whom an announcement is."""
    born = born_between(meant.ages, turn.scene.today) if meant.ages else None
    return audiences.recipients(meant.neighbourhoods, meant.meetups, born)


async def _with_text(turn: Turn, who: Member, draft: dict[str, Any], text: str) -> Reply:
    if len(text) > LONGEST:
        return office.said(who, "team.too_long", most=LONGEST)
    await office.keep(turn, {**draft, "text": {who.language: text}, "waits": "audience"})
    return replace(office.said(who, "team.announce.whom"), buttons=tuple((button,) for button in _groups(turn, who)))


def _groups(turn: Turn, who: Member) -> Iterator[Button]:
    """Yield the groups that may be written to: all of theirs, who follows a series, who lives in a wijk."""
    yield office.button(who, "team.button.my_wijken" if who.neighbourhoods else "team.button.everybody", "a", "e")
    series = [one for one in turn.scene.agenda.series() if may_act_in(who, one.neighbourhood)]
    for one in series:
        label = office.words(who, "team.button.followers", meetup=meetings.told(one.summary, who.language))
        yield Button(label, office.data("a", "m", one.id))
    with_meetings = {one.neighbourhood for one in series}
    for wijk in turn.scene.knowledge.neighbourhoods:
        if wijk.id in (who.neighbourhoods or with_meetings):
            yield Button(wijk.name, office.data("a", "w", wijk.id))


def _audience(turn: Turn, who: Member, kind: str, value: str) -> Audience | None:
    if kind == "e":
        return Audience(neighbourhoods=who.neighbourhoods)
    if kind == "w" and may_act_in(who, value):
        return Audience(neighbourhoods=(value,))
    if kind == "m":
        series = next((one for one in turn.scene.agenda.series() if one.id == value), None)
        if series and may_act_in(who, series.neighbourhood):
            return Audience(meetups=(value,))
    return None


def _may_announce(who: Member, turn: Turn, meant: Audience) -> bool:
    """Tell whether everybody whom an announcement is for is in the wijken of this coordinator."""
    if who.role != "coordinator":
        return False
    series = {one.id: one.neighbourhood for one in turn.scene.agenda.series()}
    wijken = {*meant.neighbourhoods, *(series.get(one, "") for one in meant.meetups)}
    return all(may_act_in(who, wijk) for wijk in wijken) if wijken else not who.neighbourhoods


async def _preview(turn: Turn, who: Member, draft: dict[str, Any], at: datetime) -> Reply:
    if at < turn.now - timedelta(minutes=1):
        return office.said(who, "team.announce.past")
    kept = await office.keep(turn, {**draft, "send_at": at.isoformat(), "waits": "yes"})
    async with turn.store.reading() as connection:
        people = await audiences.count(connection, recipients(Audience.model_validate(draft["audience"]), turn))
    note = office.words(who, "team.announce.people", people=office.heads(who, people), when=_when(at, turn, who))
    parts = (Part("title", office.words(who, "team.preview")), *_as_parents_see_it(turn, who, draft["text"]))
    return Reply((*parts, Part("note", note)), office.last_step(who, kept["number"]), clears_buttons=True)


def _as_parents_see_it(turn: Turn, who: Member, text: Mapping[str, str]) -> tuple[Part, ...]:
    return notices.announcement(replace(turn.scene, language=who.language), text).parts


def _moments(turn: Turn) -> Iterator[tuple[str, datetime]]:
    """Yield the moments to choose from that are still to come."""
    yield "now", turn.now
    evening = datetime.combine(turn.scene.today, EVENING, _zone(turn))
    if evening > turn.now:
        yield "evening", evening
    yield "morning", datetime.combine(turn.scene.today + timedelta(days=1), MORNING, _zone(turn))


def _when(at: datetime, turn: Turn, who: Member) -> str:
    if at <= turn.now:
        return office.words(who, "team.moment.now")
    there = at.astimezone(_zone(turn))
    return f"{moments.day(there, who.language)} {moments.clock(there, who.language)}"


def _zone(turn: Turn) -> ZoneInfo:
    return ZoneInfo(turn.scene.agenda.timezone)
