"""What each button does. A press changes what is kept of a parent or shows something; nothing else does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.conversation import answers, buttons, menus, people
from bot.conversation.message import Part, Reply
from bot.conversation.scene import Scene
from bot.locales import languages
from bot.model import Parent
from bot.store import dialogues, feedback, parents
from bot.store.database import Store

SIGN = "sign"
"""The dialogue that is open after a warning sign, for a parent who says it was not meant."""


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button's surroundings."""

    scene: Scene
    store: Store
    now: datetime


async def respond(press: Press, data: str) -> Reply | None:
    """Return the reply to a pressed button, or None when its time has passed."""
    pressed = buttons.read(data)
    handler = _HANDLERS.get(pressed.action)
    return await handler(press, pressed.values) if handler else None


async def _show_answer(press: Press, values: tuple[str, ...]) -> Reply | None:
    shown = press.scene.shown(values[0]) if values else None
    return answers.answer(press.scene, shown) if shown else None


async def _show_themes(press: Press, values: tuple[str, ...]) -> Reply | None:
    return menus.theme(press.scene, values[0]) if values else menus.themes(press.scene)


async def _choose_neighbourhood(press: Press, values: tuple[str, ...]) -> Reply | None:
    if not values:
        return menus.neighbourhoods(press.scene)
    chosen = next((wijk for wijk in press.scene.knowledge.neighbourhoods if wijk.id == values[0]), None)
    if chosen is None and values[0] != buttons.NO_NEIGHBOURHOOD:
        return None
    await _save(press, replace(press.scene.parent, neighbourhood=chosen.id if chosen else None))
    said = (
        press.scene.said("neighbourhood.chosen", name=chosen.name)
        if chosen
        else press.scene.said("neighbourhood.rather_not")
    )
    return replace(said, clears_buttons=True)


async def _choose_language(press: Press, values: tuple[str, ...]) -> Reply | None:
    if not values or values[0] not in languages():
        return None
    await _save(press, replace(press.scene.parent, language=values[0]))
    return replace(replace(press.scene, language=values[0]).said("language.chosen"), clears_buttons=True)


async def _save(press: Press, parent: Parent) -> None:
    async with press.store.writing() as connection:
        await parents.save(connection, parent, press.now)


async def _rate(press: Press, values: tuple[str, ...]) -> Reply | None:
    if len(values) != 4 or values[0] not in ("+", "-") or press.scene.knowledge.answer(values[3]) is None:
        return None
    is_helpful, language, text_hash, answer_id = values[0] == "+", *values[1:]
    async with press.store.writing() as connection:
        feedback_id = await feedback.add(
            connection,
            answer=answer_id,
            text_hash=text_hash,
            language=language,
            is_helpful=is_helpful,
            now=press.now,
        )
    if is_helpful:
        return replace(press.scene.said("feedback.thanks"), clears_buttons=True)
    return answers.ask_what_was_missing(press.scene, feedback_id)


async def _reason(press: Press, values: tuple[str, ...]) -> Reply | None:
    if len(values) != 2 or not values[0].isdecimal() or values[1] not in answers.REASONS:
        return None
    async with press.store.writing() as connection:
        await feedback.add_reason(connection, int(values[0]), values[1])  # type: ignore[arg-type]
    thanks = press.scene.said("feedback.will_look")
    return replace(thanks, buttons=(people.way_to_people(press.scene),), clears_buttons=True)


async def _person(press: Press, _values: tuple[str, ...]) -> Reply | None:
    return people.somebody_to_talk_to(press.scene)


async def _none_of_these(press: Press, _values: tuple[str, ...]) -> Reply | None:
    async with press.store.writing() as connection:
        await dialogues.close(connection, press.scene.parent.chat_id)
    return replace(answers.honest_no(press.scene, "no.none_of_these"), clears_buttons=True)


async def _not_meant(press: Press, _values: tuple[str, ...]) -> Reply | None:
    """After a false alarm: what would have been offered, if the bot still knows."""
    async with press.store.writing() as connection:
        last = await dialogues.find(connection, press.scene.parent.chat_id, press.now)
        await dialogues.close(connection, press.scene.parent.chat_id)
    offered = answers.suggestions(press.scene, last.data["answers"]) if last and last.kind == SIGN else None
    glad = Part("text", press.scene.words("not_meant.glad"))
    if offered is None:
        return replace(press.scene.said("not_meant.glad"), clears_buttons=True)
    return replace(offered, parts=(glad, *offered.parts), clears_buttons=True)


async def _forget(press: Press, values: tuple[str, ...]) -> Reply | None:
    if values:
        return menus.forget(press.scene)
    async with press.store.writing() as connection:
        await parents.forget(connection, press.scene.parent.chat_id)
    return replace(press.scene.said("forget.done"), clears_buttons=True)


async def _keep(press: Press, _values: tuple[str, ...]) -> Reply | None:
    return replace(press.scene.said("forget.kept"), clears_buttons=True)


Handler = Callable[[Press, tuple[str, ...]], Awaitable[Reply | None]]

_HANDLERS: dict[str, Handler] = {
    "a": _show_answer,
    buttons.THEMES: _show_themes,
    buttons.NEIGHBOURHOODS: _choose_neighbourhood,
    buttons.LANGUAGES: _choose_language,
    "f": _rate,
    "r": _reason,
    buttons.PERSON: _person,
    buttons.NONE_OF_THESE: _none_of_these,
    buttons.NOT_MEANT: _not_meant,
    buttons.FORGET: _forget,
    buttons.KEEP: _keep,
}
"""What each button does; a handler returns None for a button whose time has passed."""
