"""The list of meetings: what fits best comes first, a line each, with a button to look at it.

A parent gets there by a command, by asking, by naming a wijk or a postcode, or by sharing where they are. That last is
used for the one reply and then dropped; of a postcode only the digits are looked at.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.agenda.nearest import Found, Near, Position, Wish, asks
from bot.conversation import buttons, coming, meeting_words, people, wishes
from bot.conversation.message import Button, Part, Reply
from bot.conversation.turn import Turn
from bot.store import dialogues
from bot.store.dialogues import Dialogue

LISTED = "meetings"
"""The dialogue that is open after a list: ``op dinsdag`` then asks the same list for Tuesdays."""

WHERE = "where"
"""The dialogue that is open after a parent was asked where they are, with the button of the app below it."""

REMEMBERED_FOR = timedelta(minutes=10)
"""How long a wish is remembered, without the place it came from."""


async def asked(turn: Turn, text: str) -> Reply:
    """Return the list for a command or a question about meetings; ``text`` may name a wijk, a day, a topic."""
    if not coming.has_agenda(turn.scene):
        return people.meetings(turn.scene)
    understood = wishes.understood(turn.scene, text)
    if understood.is_elsewhere:
        return _elsewhere(turn, "meetings.postcode_elsewhere")
    if understood.wants_near and understood.wish.neighbourhood is None:
        return await ask_where(turn)
    return await listed(turn, understood.wish)


async def activities(turn: Turn, text: str) -> Reply:
    """Return the list for ``/activiteiten WIJK``; a wijk that nobody knows gets the choice of those there are."""
    understood = wishes.understood(turn.scene, text)
    is_lost = text.strip() and not (understood.names_place or understood.is_whole or understood.is_elsewhere)
    if is_lost and coming.has_agenda(turn.scene):
        return choose_wijk(turn, "meetings.wijk_unknown")
    return await asked(turn, text)


async def bare_place(turn: Turn, text: str) -> Reply | None:
    """Return the list for a message that is nothing but a wijk or a postcode; None for any other message."""
    if not coming.has_agenda(turn.scene):
        return None
    understood = wishes.understood(turn.scene, text)
    return await listed(turn, understood.wish) if understood.is_whole and understood.names_place else None


async def at(turn: Turn, position: Position) -> Reply:
    """Return the list for somebody who shared where they are; the position is used here and kept nowhere."""
    if not coming.has_agenda(turn.scene):
        return turn.scene.said("other.location")
    wish = wishes.at_position(turn.scene, position)
    reply = await listed(turn, wish) if wish else _elsewhere(turn, "meetings.far")
    return replace(reply, ends_location=turn.scene.words("meetings.location_thanks"))


async def refine(turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
    """Return the list with something added to the wish; None when the message is about something else."""
    understood = wishes.understood(turn.scene, text, wishes.from_data(turn.scene, dialogue.data))
    if understood.is_elsewhere:
        return _elsewhere(turn, "meetings.postcode_elsewhere")
    return await listed(turn, understood.wish) if understood.is_whole else None


async def told_where(turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
    """Return the list after the parent was asked where they are and typed something; it may also be a no."""
    scene = turn.scene
    if text.strip() == scene.words("button.no_location"):
        return replace(choose_wijk(turn, "meetings.choose_wijk"), ends_location=scene.words("meetings.no_location"))
    reply = await refine(turn, dialogue, text)
    return replace(reply, ends_location=scene.words("meetings.looking")) if reply else None


async def ask_where(turn: Turn, wish: Wish | None = None) -> Reply:
    """Ask where the parent is, with the app's own button; typing a wijk or a postcode is as good."""
    await _remember(turn, WHERE, wish or wishes.of_profile(turn.scene))
    words = turn.scene.words
    return Reply(
        (Part("text", words("meetings.where")),), asks_location=(words("button.location"), words("button.no_location"))
    )


def choose_wijk(turn: Turn, key: str) -> Reply:
    """Return the wijken to choose from for this once, below a sentence."""
    offered = [Button(wijk.name, f"{buttons.MEETINGS}:{wijk.id}") for wijk in turn.scene.knowledge.neighbourhoods]
    rows = tuple(tuple(offered[start : start + 2]) for start in range(0, len(offered), 2))
    return Reply((Part("text", turn.scene.words(key, town=turn.scene.knowledge.town)),), rows)


async def listed(turn: Turn, wish: Wish) -> Reply:
    """Return the meetings for a wish, or an honest sentence and the way to people when there are none."""
    scene = turn.scene
    found = await coming.found(turn, wish)
    if not found.meetings:
        told = people.contacts(scene, ("wijkteam", "consultatiebureau", "bibliotheek"))
        nothing = (Part("text", scene.words("meetings.nothing_soon")), Part("text", told))
        return Reply(nothing, (people.way_to_people(scene),))
    await _remember(turn, LISTED, wish)
    parts = [Part("title", scene.words("meetings.title"))]
    note = _what_is_different(turn, wish, found)
    parts += [Part("text", note)] if note else []
    for near in found.meetings:
        parts += _line(turn, near)
    parts += [Part("note", text) for text in _notes(turn, found)]
    return Reply(tuple(parts), (*_to_look_at(turn, found), *_other_places(turn, wish)))


def _line(turn: Turn, near: Near) -> list[Part]:
    scene, meeting, agenda = turn.scene, near.occurrence, turn.scene.agenda
    told = [meeting_words.text(scene, meeting.series.summary), meeting_words.place_name(scene, agenda, meeting)]
    far = meeting_words.how_far(scene, agenda, near)
    told += [far] if far else []
    if meeting.theme:
        told.append(scene.words("meeting.theme", theme=meeting_words.text(scene, meeting.theme)))
    lines = [" · ".join(told)]
    state = meeting_words.state(scene, meeting)
    lines += [state] if state else []
    if not near.fits_age:
        lines.append(scene.words("meeting.other_age", audience=meeting_words.text(scene, meeting.series.audience)))
    return [Part("heading", meeting_words.when(scene, meeting)), Part("text", "\n".join(lines))]


def _what_is_different(turn: Turn, wish: Wish, found: Found) -> str | None:
    """Return in what the list differs from what was asked; the first thing that differs is enough."""
    scene, first = turn.scene, found.first
    if first is None:
        return scene.words("meetings.only_cancelled")
    if not found.is_as_asked:
        return scene.words("meetings.not_as_asked")
    if wish.neighbourhood and not first.is_own:
        key = "meetings.not_so_in_wijk" if asks(wish) else "meetings.not_in_wijk"
        return scene.words(key, wijk=meeting_words.wijk_name(scene, wish.neighbourhood))
    return None


def _notes(turn: Turn, found: Found) -> list[str]:
    notes = []
    if any(near.distance_km is not None and not (near.is_own and near.is_rough) for near in found.meetings):
        notes.append(turn.scene.words("meetings.crow"))
    agenda = turn.scene.agenda
    if not all(agenda.is_confirmed(near.occurrence) for near in found.meetings):
        notes.append(turn.scene.words("meeting.unconfirmed"))
    return [" ".join(notes)] if notes else []


def _to_look_at(turn: Turn, found: Found) -> tuple[tuple[Button, ...], ...]:
    scene = turn.scene
    return tuple(
        (
            Button(
                f"{meeting_words.short_when(scene, near.occurrence)} · "
                f"{meeting_words.text(scene, near.occurrence.series.summary)}",
                buttons.meeting(near.occurrence.uid),
            ),
        )
        for near in found.meetings
        if near.occurrence.status != "cancelled"
    )


def _other_places(turn: Turn, wish: Wish) -> tuple[tuple[Button, ...], ...]:
    scene = turn.scene
    row = (
        scene.button("button.other_wijk" if wish.neighbourhood else "button.choose_wijk", f"{buttons.MEETINGS}:?"),
        scene.button("button.location", buttons.LOCATION),
    )
    if wish.neighbourhood and scene.parent.neighbourhood is None:
        name = meeting_words.wijk_name(scene, wish.neighbourhood)
        keep = Button(scene.words("button.keep_wijk", wijk=name), buttons.neighbourhood(wish.neighbourhood))
        return (row, (keep,))
    return (row,)


def _elsewhere(turn: Turn, key: str) -> Reply:
    return choose_wijk(turn, key)


async def _remember(turn: Turn, kind: str, wish: Wish) -> None:
    async with turn.store.writing(at_once=True) as connection:
        await dialogues.open_dialogue(
            connection, turn.scene.parent.chat_id, kind, wishes.to_data(wish), turn.now + REMEMBERED_FOR
        )


async def press_list(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Show the list, the list of another wijk, or the wijken to choose from."""
    if not values:
        return await asked(turn, "")
    if values[0] == "?":
        return choose_wijk(turn, "meetings.choose_wijk")
    if values[0] not in coming.centres(turn.scene):
        return None
    return await listed(turn, replace(wishes.of_profile(turn.scene), neighbourhood=values[0]))


async def press_location(turn: Turn, _values: tuple[str, ...]) -> Reply | None:
    """Ask where the parent is."""
    return await ask_where(turn)
