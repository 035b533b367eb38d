"""What a parent is reminded of: shown, changed by buttons, and ended at once.

The first time something is asked for, one sentence says what is kept for it, and the parent agrees or does not. All of
it ends with the word ``stop``, which is looked at before anything else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.agenda.model import Occurrence
from bot.conversation import buttons, coming, meeting_words
from bot.conversation.message import Button, Part, Reply
from bot.conversation.scene import Scene
from bot.conversation.turn import Turn
from bot.reminders import catching_up
from bot.reminders.plan import EVENING_HOURS
from bot.store import attendances, dialogues, parents, reminder_wishes, subscriptions
from bot.store.reminder_wishes import ReminderWishes
from bot.store.subscriptions import EVERY, Kind

KINDS: dict[str, Kind] = {"m": "meetup", "n": "neighbourhood", "t": "tips"}
"""Kinds as buttons carry them."""


async def menu(turn: Turn, _text: str = "") -> Reply:
    """Return what is followed, where the parent said to come and how they are reminded, with buttons to change it."""
    scene = turn.scene
    async with turn.store.reading() as connection:
        followed = await subscriptions.followed(connection, scene.parent.chat_id)
        wishes = await reminder_wishes.find(connection, scene.parent.chat_id)
        said_to_come = await attendances.of_chat(connection, scene.parent.chat_id, turn.now)
    found = [await coming.one(turn, uid) for uid in said_to_come]
    meetings = [meeting for meeting in found if meeting and meeting.status != "cancelled"]
    known = [(kind, subject) for kind, subject in followed if _name(scene, kind, subject)]
    parts = [Part("title", scene.words("reminders.title"))]
    if known:
        names = "\n".join(f"• {_name(scene, kind, subject)}" for kind, subject in known)
        parts += [Part("heading", scene.words("reminders.followed")), Part("text", names)]
    if meetings:
        told = "\n".join(f"• {_told(scene, meeting)}" for meeting in meetings)
        parts += [Part("heading", scene.words("reminders.coming")), Part("text", told)]
    is_reminded = bool(known or meetings)
    parts.append(Part("text", _how(scene, wishes) if is_reminded else scene.words("reminders.none")))
    parts.append(Part("note", scene.words("reminders.stop")))
    rows: list[tuple[Button, ...]] = [(_unfollow(scene, kind, subject),) for kind, subject in known]
    rows += [(_stay_away(scene, meeting),) for meeting in meetings]
    rows += [(button,) for button in _to_follow(scene, followed)]
    if is_reminded:
        rows += _how_rows(scene, wishes)
        rows.append((scene.button("button.all_off", buttons.ALL_OFF),))
    else:
        rows.append((scene.button("button.all_meetings", buttons.MEETINGS),))
    return Reply(tuple(parts), tuple(rows))


def _told(scene: Scene, meeting: Occurrence) -> str:
    return f"{meeting_words.text(scene, meeting.series.summary)}, {meeting_words.short_when(scene, meeting)}"


def _stay_away(scene: Scene, meeting: Occurrence) -> Button:
    return Button(scene.words("button.stay_away", meeting=_told(scene, meeting)), f"{buttons.AWAY}:{meeting.uid}")


def _how(scene: Scene, wishes: ReminderWishes) -> str:
    evening = (
        scene.words("reminders.evening_off")
        if wishes.evening_hour is None
        else scene.words("reminders.evening_on", hour=wishes.evening_hour)
    )
    return f"{evening}\n{scene.words('reminders.hours_on' if wishes.wants_two_hours else 'reminders.hours_off')}"


def _how_rows(scene: Scene, wishes: ReminderWishes) -> list[tuple[Button, ...]]:
    hours = tuple(
        Button(scene.words("button.hour", hour=hour), f"{buttons.EVENING}:{hour}")
        for hour in EVENING_HOURS
        if hour != wishes.evening_hour
    )
    off = (scene.button("button.evening_off", f"{buttons.EVENING}:-"),) if wishes.evening_hour is not None else ()
    two = ("button.hours_off", "-") if wishes.wants_two_hours else ("button.hours_on", "+")
    return [hours, (*off, scene.button(two[0], f"{buttons.TWO_HOURS}:{two[1]}"))]


def _to_follow(scene: Scene, followed: list[tuple[Kind, str]]) -> list[Button]:
    found = []
    wijk = scene.parent.neighbourhood
    if wijk and ("neighbourhood", wijk) not in followed and coming.has_agenda(scene):
        found.append(_follow_wijk(scene, wijk))
    if ("tips", EVERY) not in followed:
        found.append(scene.button("button.follow_tips", f"{buttons.FOLLOW}:t:{EVERY}"))
    return found


def _follow_wijk(scene: Scene, wijk: str) -> Button:
    name = meeting_words.wijk_name(scene, wijk)
    return Button(scene.words("button.follow_wijk", wijk=name), f"{buttons.FOLLOW}:n:{wijk}")


def _unfollow(scene: Scene, kind: Kind, subject: str) -> Button:
    letter = next(letter for letter, each in KINDS.items() if each == kind)
    name = _name(scene, kind, subject) or subject
    return Button(scene.words("button.stop_following", name=name), f"{buttons.UNFOLLOW}:{letter}:{subject}")


def _name(scene: Scene, kind: Kind, subject: str) -> str | None:
    """Return what is followed as a parent knows it; None when it is no longer there."""
    if kind == "tips":
        return scene.words("reminders.tips")
    if kind == "neighbourhood":
        wijken = {wijk.id: wijk.name for wijk in scene.knowledge.neighbourhoods}
        return scene.words("reminders.wijk", wijk=wijken[subject]) if subject in wijken else None
    series = next((each for each in scene.agenda.series() if each.id == subject), None)
    return meeting_words.text(scene, series.summary) if series else None


async def press_menu(turn: Turn, _values: tuple[str, ...]) -> Reply | None:
    """Show the menu."""
    return await menu(turn)


async def press_follow(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Follow something, or first ask whether the parent agrees to what is kept for it."""
    return await _follow(turn, values, agrees=False)


async def press_agree(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Note that the parent agrees, and follow what they asked for."""
    return await _follow(turn, values, agrees=True)


async def _follow(turn: Turn, values: tuple[str, ...], *, agrees: bool) -> Reply | None:
    scene, chat_id = turn.scene, turn.scene.parent.chat_id
    asked = _asked(scene, values)
    if asked is None:
        return None
    kind, subject = asked
    async with turn.store.reading() as connection:
        wishes = await reminder_wishes.find(connection, chat_id)
    if kind == "tips" and wishes.child_born is None:
        return scene.said("reminders.needs_birth")
    if wishes.consented_at is None and not agrees:
        yes = scene.button("button.agree", f"{buttons.AGREE}:{':'.join(values)}")
        no = scene.button("button.rather_not", buttons.RATHER_NOT)
        return replace(scene.said("reminders.consent"), buttons=((yes, no),))
    async with turn.store.writing() as connection:
        if wishes.consented_at is None:
            await reminder_wishes.consent(connection, chat_id, turn.now)
        await subscriptions.follow(connection, chat_id, kind, subject, turn.now)
        followed = await subscriptions.followed(connection, chat_id)
    key = "reminders.following_tips" if kind == "tips" else "reminders.following"
    parts = [Part("text", scene.words(key, name=_name(scene, kind, subject)))]
    parts += [] if kind == "tips" else [Part("text", _how(scene, wishes))]
    offered = [scene.button("button.change", buttons.REMINDERS), _unfollow(scene, kind, subject)]
    wijk = next((each.neighbourhood for each in scene.agenda.series() if kind == "meetup" and each.id == subject), None)
    if wijk and ("neighbourhood", wijk) not in followed:
        offered.insert(0, _follow_wijk(scene, wijk))
    return Reply(tuple(parts), tuple((button,) for button in offered), clears_buttons=agrees)


async def press_unfollow(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Stop following something, also something that is no longer there."""
    if len(values) != 2 or values[0] not in KINDS:
        return None
    async with turn.store.writing() as connection:
        await subscriptions.unfollow(connection, turn.scene.parent.chat_id, KINDS[values[0]], values[1])
    return await _changed(turn)


async def press_evening(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Change the hour of the evening before, or switch it off."""
    hours: dict[str, int | None] = {"-": None, **{str(hour): hour for hour in EVENING_HOURS}}
    if len(values) != 1 or values[0] not in hours:
        return None
    hour, chat_id, zone = hours[values[0]], turn.scene.parent.chat_id, ZoneInfo(turn.scene.agenda.timezone)
    tomorrow = turn.scene.today + timedelta(days=1)
    meetings = await coming.between(turn, tomorrow, tomorrow)
    async with turn.store.writing() as connection:
        await reminder_wishes.set_evening_hour(connection, chat_id, hour, turn.now)
        await catching_up.add_missed(connection, chat_id, meetings, turn.now, zone)
    return await _changed(turn)


async def press_two_hours(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Switch the reminder of two hours before on or off."""
    if values not in (("+",), ("-",)):
        return None
    async with turn.store.writing() as connection:
        await reminder_wishes.set_two_hours(connection, turn.scene.parent.chat_id, values == ("+",), turn.now)
    return await _changed(turn)


async def press_all_off(turn: Turn, _values: tuple[str, ...]) -> Reply | None:
    """End everything."""
    return replace(await stop(turn), clears_buttons=True)


async def press_rather_not(turn: Turn, _values: tuple[str, ...]) -> Reply | None:
    """Leave everything as it is."""
    return replace(turn.scene.said("reminders.rather_not"), clears_buttons=True)


async def stop(turn: Turn) -> Reply:
    """End all that the parent would be sent, at once, and say so."""
    async with turn.store.writing() as connection:
        await subscriptions.stop_all(connection, turn.scene.parent.chat_id)
        await parents.wants_silence(connection, turn.scene.parent.chat_id, turn.now)
        await dialogues.close(connection, turn.scene.parent.chat_id)
    return turn.scene.said("stop.done")


async def _changed(turn: Turn) -> Reply:
    return replace(await menu(turn), replaces=True)


def _asked(scene: Scene, values: tuple[str, ...]) -> tuple[Kind, str] | None:
    if len(values) != 2 or values[0] not in KINDS:
        return None
    kind = KINDS[values[0]]
    return (kind, values[1]) if _name(scene, kind, values[1]) else None
