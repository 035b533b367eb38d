"""The commands of the team, and what each of their buttons does; the one place where such a step is added."""

from __future__ import annotations

from dataclasses import replace

from bot.agenda.model import Member
from bot.conversation.command import Command
from bot.conversation.message import Part, Reply
from bot.conversation.team import announcing, changing, expecting, office
from bot.conversation.team.roles import for_coordinators, for_team, member
from bot.conversation.turn import Turn
from bot.matching.clean import clean
from bot.store.dialogues import Dialogue


async def overview(turn: Turn, _text: str) -> Reply:
    """Return what somebody of the team can do here, a command a line; anybody else their number, to be added by."""
    who = member(turn)
    if who is None:
        return turn.scene.said("team.your_number", number=turn.scene.parent.chat_id)
    lines = [f"/{one.name(who.language)} {office.words(who, f'team.command.{one.key}')}" for one in COMMANDS]
    return Reply((Part("title", office.words(who, "team.overview")), Part("text", "\n".join(lines))))


async def stop(turn: Turn, who: Member, _text: str) -> Reply:
    """Drop what was being drafted."""
    is_open = bool(await office.draft(turn))
    await office.drop(turn)
    return replace(office.said(who, "team.dropped" if is_open else "team.nothing_open"), clears_buttons=True)


COMMANDS = (
    Command("today", {"nl": "vanmiddag", "en": "expected"}, for_team(expecting.today)),
    Command("cancel", {"nl": "annuleer", "en": "cancel"}, for_coordinators(changing.cancel)),
    Command("move", {"nl": "verplaats", "en": "move"}, for_coordinators(changing.move)),
    Command("theme", {"nl": "thema", "en": "theme"}, for_coordinators(changing.theme)),
    Command("announce", {"nl": "aankondiging", "en": "announce"}, for_coordinators(announcing.begin)),
    Command("stop", {"nl": "annuleren", "en": "nevermind"}, for_team(stop)),
    Command("team", {"nl": "team"}, overview),
)
"""In the order in which they are told. Every name works in every language."""


async def typed(turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
    """Go on with what somebody of the team typed; None when nothing was asked, or nothing can be seen of it."""
    who = member(turn)
    if who is None or not clean(text):
        return None
    draft = dialogue.data
    if draft.get("kind") == "announcement":
        return await announcing.typed(turn, who, draft, text.strip())
    return await changing.typed(turn, who, draft, text.strip())


async def pressed(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Return the reply to a button of the team; None for anybody else, and for a button whose time has passed."""
    who = member(turn)
    if who is None or not values:
        return None
    match values:
        case ("c" | "u" | "m" | "h" as step, uid) if who.role == "coordinator":
            return await changing.chosen(turn, who, step, uid)
        case ("o", uid):
            return await changing.other_place(turn, who, uid)
        case ("p", place):
            return await changing.place(turn, who, place)
        case ("r", reason):
            return await changing.reason(turn, who, reason)
        case ("a", kind, *value) if who.role == "coordinator":
            return await announcing.audience(turn, who, kind, *value[:1])
        case ("g", age):
            return await announcing.age(turn, who, age)
        case ("t", moment):
            return await announcing.moment(turn, who, moment)
        case ("k", announcement):
            return await announcing.second(turn, who, announcement)
        case ("q", announcement):
            return await announcing.ask_again(turn, who, announcement)
        case ("x", announcement):
            return await announcing.withdraw(turn, who, announcement)
        case ("y", number):
            return await _confirmed(turn, who, number)
        case ("n",):
            return await stop(turn, who, "")
    return None


async def _confirmed(turn: Turn, who: Member, number: str) -> Reply | None:
    """Do what was looked at, if the button belongs to the newest look."""
    draft = await office.draft(turn)
    if draft.get("number") != number or draft.get("waits") != "yes" or who.role != "coordinator":
        return None
    if draft["kind"] == "announcement":
        return await announcing.confirmed(turn, who, draft)
    return await changing.confirmed(turn, who, draft)
