"""One meeting: everything that somebody who hesitates wants to know, and what they can do with it.

"Ik kom" is a count with the age of the child. It asks nothing, holds no name, and is erased when the meeting is over.
"""

from __future__ import annotations

from dataclasses import replace

from babel import Locale

from bot.agenda.calendar import appointment
from bot.agenda.model import Occurrence, Place
from bot.conversation import buttons, coming, looked_at, meeting_words
from bot.conversation.message import Button, Document, Part, Reply, Venue
from bot.conversation.scene import Scene
from bot.conversation.turn import Turn
from bot.store import attendances, calendar_entries, reminder_wishes, subscriptions
from bot.store.asked import FEWEST


async def press_meeting(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Show one meeting."""
    meeting = await _pressed(turn, values)
    return await shown(turn, meeting) if meeting else None


async def shown(turn: Turn, meeting: Occurrence) -> Reply:
    """Return all there is to know of a meeting, with what can be done with it below."""
    scene = turn.scene
    agenda = scene.agenda
    place = agenda.places.get(meeting.place)
    chat_id = turn.scene.parent.chat_id
    await looked_at.remember(turn, meeting.uid)
    async with turn.store.reading() as connection:
        is_coming = await attendances.is_coming(connection, chat_id, meeting.uid)
        people_coming, _ = await attendances.expected(connection, meeting.uid)
        followed = await subscriptions.followed(connection, chat_id)
    parts = [Part("title", meeting_words.text(scene, meeting.series.summary))]
    state = meeting_words.state(scene, meeting)
    parts += [Part("text", state)] if state else []
    lines = [scene.words("meeting.when", text=meeting_words.when(scene, meeting)), _where(scene, meeting, place)]
    parts.append(Part("text", "\n".join(lines)))
    if meeting.series.description:
        parts.append(Part("text", meeting_words.text(scene, meeting.series.description)))
    parts.append(Part("text", "\n".join(_facts(scene, meeting, place))))
    if people_coming >= FEWEST:
        parts.append(Part("text", scene.words("meeting.expected", people=people_coming)))
    if not agenda.is_confirmed(meeting):
        parts.append(Part("note", scene.words("meeting.unconfirmed")))
    is_followed = ("meetup", meeting.series.id) in followed
    return Reply(tuple(parts), _buttons(turn, meeting, place, is_coming=is_coming, is_followed=is_followed))


def _where(scene: Scene, meeting: Occurrence, place: Place | None) -> str:
    wijk = meeting_words.wijk_name(scene, place.neighbourhood if place else meeting.series.neighbourhood)
    address = meeting_words.address(place) if place else None
    name = meeting_words.place_name(scene, scene.agenda, meeting)
    told = f"{name}, {address} ({wijk})" if address else scene.words("meeting.no_address", place=name, wijk=wijk)
    return scene.words("meeting.where", text=told)


def _facts(scene: Scene, meeting: Occurrence, place: Place | None) -> list[str]:
    """Return what is known of a meeting, a line each; what a parent with a pram must know is told when unknown too."""
    series = meeting.series
    spoken = Locale.parse(scene.language).languages
    access = place.accessibility if place else None
    facts = [
        ("meeting.about", meeting.theme),
        ("meeting.audience", series.audience),
        ("meeting.cost", series.cost),
        ("meeting.professional", series.professional),
        ("meeting.accessibility", access),
    ]
    lines = [scene.words(key, text=meeting_words.text(scene, told)) for key, told in facts if told]
    if series.host:
        lines.append(scene.words("meeting.host", text=series.host))
    lines.append(scene.words("meeting.languages", text=", ".join(spoken.get(code, code) for code in series.languages)))
    if access is None:
        lines.append(scene.words("meeting.accessibility_unknown"))
    return lines


def _buttons(
    turn: Turn, meeting: Occurrence, place: Place | None, *, is_coming: bool, is_followed: bool
) -> tuple[tuple[Button, ...], ...]:
    scene, uid = turn.scene, meeting.uid
    back = (scene.button("button.all_meetings", buttons.MEETINGS),)
    if meeting.status == "cancelled" or meeting.ends_at <= turn.now:
        return (back,)
    come = ("button.not_coming", buttons.AWAY) if is_coming else ("button.coming", buttons.COME)
    remind = ("button.unfollow", buttons.UNFOLLOW) if is_followed else ("button.remind", buttons.FOLLOW)
    about_place = [scene.button("button.how_to_enter", f"{buttons.ENTER}:{uid}")]
    if place and place.coordinates and place.coordinates.exact:
        about_place.insert(0, scene.button("button.pin", f"{buttons.PIN}:{uid}"))
    more = [scene.button("button.calendar", f"{buttons.CALENDAR}:{uid}")]
    if meeting.series.first_time:
        more.insert(0, scene.button("button.first_time", f"{buttons.FIRST_TIME}:{uid}"))
    return (
        (
            scene.button(come[0], f"{come[1]}:{uid}"),
            scene.button(remind[0], f"{remind[1]}:m:{meeting.series.id}"),
        ),
        tuple(about_place),
        tuple(more),
        back,
    )


async def press_pin(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Send a pin on the map, of a place whose door is known; else tell how to come in.

    A pin in the middle of a wijk would send people with a pram to the wrong door.
    """
    meeting = await _pressed(turn, values)
    place = turn.scene.agenda.places.get(meeting.place) if meeting else None
    if place is None or place.coordinates is None or not place.coordinates.exact:
        return await press_enter(turn, values)
    where = place.coordinates
    told = meeting_words.address(place) or meeting_words.wijk_name(turn.scene, place.neighbourhood)
    venue = Venue(where.latitude, where.longitude, place.name, told)
    return replace(turn.scene.said("meeting.pin", place=place.name), venue=venue)


async def press_enter(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Tell how to come in, or honestly that nobody has told yet."""
    meeting = await _pressed(turn, values)
    if meeting is None:
        return None
    scene = turn.scene
    place = scene.agenda.places.get(meeting.place)
    lines = [_where(scene, meeting, place)]
    if place and place.how_to_enter:
        lines.append(meeting_words.text(scene, place.how_to_enter))
    else:
        lines.append(scene.words("meeting.enter_unknown"))
    if place and place.accessibility:
        lines.append(scene.words("meeting.accessibility", text=meeting_words.text(scene, place.accessibility)))
    if place and not (place.coordinates and place.coordinates.exact):
        lines.append(scene.words("meeting.pin_unknown"))
    return Reply((Part("text", "\n".join(lines)),), (_back(scene, meeting),))


async def press_first_time(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Tell what it is like to come for the first time."""
    meeting = await _pressed(turn, values)
    if meeting is None or meeting.series.first_time is None:
        return None
    scene = turn.scene
    told = meeting_words.text(scene, meeting.series.first_time)
    return Reply(
        (Part("heading", scene.words("meeting.first_time")), Part("text", told)),
        ((scene.button("button.coming", f"{buttons.COME}:{meeting.uid}"),), _back(scene, meeting)),
    )


async def press_calendar(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Send the meeting as a file that a phone puts in its calendar, with an alarm."""
    meeting = await _pressed(turn, values)
    place = turn.scene.agenda.places.get(meeting.place) if meeting else None
    if meeting is None or place is None:
        return None
    scene = turn.scene
    async with turn.store.reading() as connection:
        known = await calendar_entries.known(connection, [meeting.uid])
    sequence = known[meeting.uid].revision if meeting.uid in known else 0
    content = appointment(meeting, place, scene.language, sequence, town=scene.knowledge.town, now=turn.now)
    file = Document(f"{meeting.uid.replace('@', '-')}.ics", content, scene.words("meeting.calendar_caption"))
    return replace(scene.said("meeting.calendar"), document=file)


async def press_come(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Count the parent in; nothing more is asked."""
    meeting = await _pressed(turn, values)
    if meeting is None:
        return None
    scene = turn.scene
    if meeting.status == "cancelled" or meeting.ends_at <= turn.now:
        return await shown(turn, meeting)
    parent = scene.parent
    async with turn.store.writing() as connection:
        await attendances.come(connection, parent.chat_id, meeting.uid, meeting.starts_at, scene.age_months, turn.now)
        wishes = await reminder_wishes.find(connection, parent.chat_id)
    await looked_at.remember(turn, meeting.uid)
    said = scene.said("meeting.coming", when=meeting_words.soon(scene, meeting))
    if wishes.evening_hour is not None or wishes.wants_two_hours:
        said = replace(said, parts=(*said.parts, Part("text", scene.words("meeting.coming_reminded"))))
    row = (
        scene.button("button.remind", f"{buttons.FOLLOW}:m:{meeting.series.id}"),
        scene.button("button.not_coming", f"{buttons.AWAY}:{meeting.uid}"),
    )
    return replace(said, buttons=(row, _back(scene, meeting)))


async def press_away(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Count the parent out again."""
    if not values:
        return None
    async with turn.store.writing() as connection:
        await attendances.stay_away(connection, turn.scene.parent.chat_id, values[0])
    if await coming.one(turn, values[0]):
        await looked_at.remember(turn, values[0])
    return replace(
        turn.scene.said("meeting.not_coming"), buttons=((turn.scene.button("button.all_meetings", buttons.MEETINGS),),)
    )


def _back(scene: Scene, meeting: Occurrence) -> tuple[Button, ...]:
    name = meeting_words.text(scene, meeting.series.summary)
    return (Button(f"← {name}", buttons.meeting(meeting.uid)),)


async def _pressed(turn: Turn, values: tuple[str, ...]) -> Occurrence | None:
    return await coming.one(turn, values[0]) if values else None
