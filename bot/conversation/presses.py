"""What each button does. A press changes what is kept of a parent or shows something; nothing else does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.conversation import (
    answers,
    asking,
    buttons,
    child,
    keeping,
    language,
    meeting,
    meetings,
    memory,
    menus,
    neighbourhood,
    own_data,
    people,
    privacy,
    reminding,
)
from bot.conversation.message import Part, Reply
from bot.conversation.team import office, steps
from bot.conversation.turn import Turn
from bot.locales import languages
from bot.store import dialogues, feedback


async def respond(turn: Turn, data: str) -> Reply | None:
    """Return the reply to a pressed button, or None when its time has passed."""
    pressed = buttons.read(data)
    handler = _HANDLERS.get(pressed.action)
    return await handler(turn, pressed.values) if handler else None


async def _show_answer(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    shown = turn.scene.shown(values[0]) if values else None
    if shown is None:
        return None
    last = await memory.recall(turn.store, turn.scene.parent.chat_id, turn.now)
    async with turn.store.writing(at_once=True) as connection:
        if shown.id in last.earlier.offered:
            # Only a title that was offered for a question answers one; looking around in the themes asks nothing.
            await asking.count(connection, turn, shown.id)
        await memory.note_read(connection, turn, shown)
    return answers.answer(turn.scene, shown)


async def _show_themes(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    return menus.theme(turn.scene, values[0]) if values else menus.themes(turn.scene)


async def _rate(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    if len(values) != 4 or values[0] not in ("+", "-") or turn.scene.knowledge.answer(values[3]) is None:
        return None
    is_helpful, text_language, text_hash, answer_id = values[0] == "+", *values[1:]
    if text_language not in languages() or not text_hash.isalnum():
        return None
    async with turn.store.writing() as connection:
        feedback_id = await feedback.add(
            connection,
            answer=answer_id,
            text_hash=text_hash,
            language=text_language,
            is_helpful=is_helpful,
            now=turn.now,
        )
    if is_helpful:
        return replace(turn.scene.said("feedback.thanks"), clears_buttons=True)
    return answers.ask_what_was_missing(turn.scene, feedback_id)


async def _reason(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    if len(values) != 2 or not values[0].isdecimal() or values[1] not in answers.REASONS:
        return None
    if int(values[0]) > feedback.LARGEST_ID:
        return None
    async with turn.store.writing() as connection:
        await feedback.add_reason(connection, int(values[0]), values[1])  # type: ignore[arg-type]
    thanks = turn.scene.said("feedback.will_look")
    return replace(thanks, buttons=(people.way_to_people(turn.scene),), clears_buttons=True)


async def _person(turn: Turn, _values: tuple[str, ...]) -> Reply | None:
    return people.somebody_to_talk_to(turn.scene)


async def _none_of_these(turn: Turn, _values: tuple[str, ...]) -> Reply | None:
    chat_id = turn.scene.parent.chat_id
    last = await memory.recall(turn.store, chat_id, turn.now)
    reply = replace(answers.honest_no(turn.scene, "no.none_of_these"), clears_buttons=True)
    if last.question:
        await memory.remember(turn.store, chat_id, replace(last, kind=memory.ANSWERED, offered=()), turn.now)
        return keeping.offered(turn.scene, reply, last.question)
    async with turn.store.writing() as connection:
        await dialogues.close(connection, chat_id)
    return reply


async def _not_meant(turn: Turn, _values: tuple[str, ...]) -> Reply | None:
    """After a false alarm: what would have been offered, if the bot still knows."""
    scene = turn.scene
    last = await memory.recall(turn.store, scene.parent.chat_id, turn.now)
    offered = None
    if last.kind == memory.SIGN:
        offered = None if scene.grieves else answers.suggestions(scene, last.offered)
        async with turn.store.writing() as connection:
            await dialogues.close(connection, scene.parent.chat_id)
    if offered is None:
        ask = Part("text", scene.words("not_meant.ask"))
        offered = Reply((ask,), (people.way_to_people(scene),))
    glad = Part("text", scene.words("not_meant.glad"))
    return replace(offered, parts=(glad, *offered.parts), clears_buttons=True)


async def _keep(turn: Turn, _values: tuple[str, ...]) -> Reply | None:
    return replace(turn.scene.said("forget.kept"), clears_buttons=True)


Handler = Callable[[Turn, tuple[str, ...]], Awaitable[Reply | None]]

_HANDLERS: dict[str, Handler] = {
    office.ACTION: steps.pressed,
    "a": _show_answer,
    buttons.THEMES: _show_themes,
    buttons.NEIGHBOURHOODS: neighbourhood.choose,
    buttons.LANGUAGES: language.choose,
    "f": _rate,
    "r": _reason,
    buttons.PERSON: _person,
    buttons.NONE_OF_THESE: _none_of_these,
    buttons.NOT_MEANT: _not_meant,
    buttons.FORGET: privacy.press_forget,
    buttons.PRIVACY: privacy.press_whole,
    buttons.OWN_DATA: own_data.press_document,
    buttons.STAY: privacy.press_stay,
    buttons.KEEP: _keep,
    buttons.CHILD: child.choose_age,
    buttons.EARLY: child.choose_early,
    buttons.MEETINGS: meetings.press_list,
    buttons.LOCATION: meetings.press_location,
    buttons.MEETING: meeting.press_meeting,
    buttons.PIN: meeting.press_pin,
    buttons.ENTER: meeting.press_enter,
    buttons.FIRST_TIME: meeting.press_first_time,
    buttons.CALENDAR: meeting.press_calendar,
    buttons.COME: meeting.press_come,
    buttons.AWAY: meeting.press_away,
    buttons.REMINDERS: reminding.press_menu,
    buttons.FOLLOW: reminding.press_follow,
    buttons.UNFOLLOW: reminding.press_unfollow,
    buttons.AGREE: reminding.press_agree,
    buttons.RATHER_NOT: reminding.press_rather_not,
    buttons.EVENING: reminding.press_evening,
    buttons.TWO_HOURS: reminding.press_two_hours,
    buttons.KEEP_QUESTION: keeping.press,
    buttons.ALL_OFF: reminding.press_all_off,
}
"""What each button does; a handler returns None for a button whose time has passed."""
