"""What is kept, told honestly: one screen, then the whole text; and the way to have it erased."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import buttons
from bot.conversation.message import Part, Reply
from bot.conversation.scene import Scene
from bot.conversation.team import roles
from bot.conversation.turn import Turn
from bot.locales import parent_words, team_words
from bot.model import Privacy
from bot.store import kept

SECTIONS = ("who", "kept", "why", "how_long", "not_kept", "question", "who_sees", "telegram", "figures", "rights")
"""The whole text, in the order in which it is read; where no questions are kept, nothing is said of them."""


def whole(language: str, town: str, of: Privacy) -> list[tuple[str, str]]:
    """Return the whole text as headings with what stands below them; lines that begin with ``•`` are a list."""
    words = parent_words(language)
    days = of.keep_questions_days
    told = {"town": town, "contact": contact(language, of), "months": of.forget_after_months, "days": days}
    sections = [name for name in SECTIONS if days or name != "question"]
    return [(words(f"privacy.whole.{name}"), words(f"privacy.whole.{name}.text", **told)) for name in sections]


def contact(language: str, of: Privacy) -> str:
    """Return where to write to, or honestly that nobody is named yet."""
    return of.contact or parent_words(language)("privacy.nobody_yet")


async def told(turn: Turn, _text: str = "") -> Reply:
    """Return who answers for it, what is kept, why and how long, in one screen."""
    scene = turn.scene
    named = contact(scene.language, scene.privacy)
    parts = [
        Part("title", scene.words("privacy.title")),
        Part("text", scene.words("privacy.who", contact=named)),
        Part("text", scene.words("privacy.kept")),
        Part("text", scene.words("privacy.how_long", months=scene.privacy.forget_after_months)),
        Part("text", scene.words("privacy.not_kept")),
        Part("note", scene.words("privacy.telegram")),
    ]
    if scene.privacy.keep_questions_days:
        parts.insert(-1, Part("text", scene.words("privacy.question", days=scene.privacy.keep_questions_days)))
    member = roles.member(turn)
    if member:
        parts.append(Part("note", team_words(member.language)("team.privacy")))
    rows = (
        (scene.button("button.privacy_whole", buttons.PRIVACY),),
        (
            scene.button("button.own_data", buttons.OWN_DATA),
            scene.button("button.forget", f"{buttons.FORGET}:?"),
        ),
    )
    return Reply(tuple(parts), rows)


async def press_whole(turn: Turn, _values: tuple[str, ...]) -> Reply | None:
    """Return the whole text; what is longer than a message goes out in pieces."""
    scene = turn.scene
    parts = [Part("title", scene.words("privacy.whole"))]
    for heading, text in whole(scene.language, scene.knowledge.town, scene.privacy):
        parts += [Part("heading", heading), Part("text", text)]
    return Reply(tuple(parts))


async def ask_to_forget(turn: Turn, _text: str = "") -> Reply:
    """Ask once before everything is erased."""
    scene = turn.scene
    yes = scene.button("button.forget_yes", buttons.FORGET)
    no = scene.button("button.forget_no", buttons.KEEP)
    return Reply((Part("text", scene.words("forget.ask")),), ((yes, no),))


async def press_forget(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Ask once; and when that is answered, erase everything at once."""
    if values:
        return await ask_to_forget(turn)
    async with turn.store.writing() as connection:
        await kept.forget(connection, turn.scene.parent.chat_id)
    done = turn.scene.said("forget.done")
    member = roles.member(turn)
    if member:
        done = replace(done, parts=(*done.parts, Part("note", team_words(member.language)("team.privacy"))))
    return replace(done, clears_buttons=True)


def ask_to_stay(scene: Scene) -> Reply:
    """Return the question to a parent who was silent for long, with a button for either answer."""
    months = scene.privacy.forget_after_months
    return Reply(
        (Part("text", scene.words("stay.ask", months=months)), Part("note", scene.words("stay.else"))),
        ((scene.button("button.stay", buttons.STAY), scene.button("button.stay_no", buttons.FORGET)),),
    )


async def press_stay(turn: Turn, _values: tuple[str, ...]) -> Reply | None:
    """Say that all stays as it is, or that it was too late. The press itself is the sign of life."""
    if turn.scene.parent.seen_at is None:
        again = turn.scene.button("button.all_meetings", buttons.MEETINGS)
        return replace(turn.scene.said("stay.too_late"), buttons=((again,),), clears_buttons=True)
    return replace(turn.scene.said("stay.done"), clears_buttons=True)
