"""What is said to a warning sign, and to somebody whose child has died: fixed words, and nothing beside them."""

from __future__ import annotations

from bot.conversation import buttons, people
from bot.conversation.message import Part, Reply
from bot.conversation.scene import Scene
from bot.knowledge.model import MAIN_LANGUAGE, WarningSign
from bot.matching.decision import Urgent


def certain(scene: Scene, sign: WarningSign) -> Reply:
    """Return the sign's own reply: its first line is whom to call; the one button says that it was not meant."""
    return Reply(_reply_parts(scene, sign), ((scene.button("button.not_meant", buttons.NOT_MEANT),),))


def possible(scene: Scene, urgent: Urgent) -> Part:
    """Return the line of safety that stands above a normal reply when a sign is only possible."""
    return Part("text", scene.words(f"possible.{urgent.level}"))


def loss(scene: Scene, beside: Urgent | None = None) -> Reply:
    """Return warm words and a person for somebody whose child has died: no tips, no meetings, no themes.

    Grief that may be a wish to die gets the number for that below; no other danger is named.
    """
    sign = next(sign for sign in scene.knowledge.signs if sign.level == "loss")
    told = people.contacts(scene, sign.contacts)
    safety = (possible(scene, beside),) if beside and beside.level == "113" else ()
    return Reply((*_reply_parts(scene, sign), Part("text", told), *safety))


def _reply_parts(scene: Scene, sign: WarningSign) -> tuple[Part, ...]:
    first, _, rest = sign.reply.get(scene.language, sign.reply[MAIN_LANGUAGE]).partition("\n")
    return (Part("title", first), Part("text", rest.strip())) if rest.strip() else (Part("title", first),)
