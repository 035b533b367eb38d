"""What is said to a warning sign, and to somebody whose child has died: fixed words, and only people beside them."""

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

    Grief that may be a wish to die gets the number for that below; no other danger is named. Who once told when their
    child was born reads that it was erased, and that the month of another child can be told.
    """
    safety = (possible(scene, beside),) if beside and beside.level == "113" else ()
    parts = (*_reply_parts(scene, _loss_sign(scene)), Part("text", _who_listens(scene)), *safety)
    if scene.parent.born:
        parts = (*parts, Part("note", scene.words("grief.erased")))
    return Reply(parts, (people.way_to_people(scene),))


def grieving(scene: Scene) -> Reply:
    """Return who listens, for what somebody says after a loss to which no answer would do good."""
    parts = (
        Part("text", scene.words("grief.no_answer")),
        Part("text", _who_listens(scene)),
        Part("note", scene.words("grief.another_child")),
    )
    return Reply(parts, (people.way_to_people(scene),))


def _loss_sign(scene: Scene) -> WarningSign:
    return next(sign for sign in scene.knowledge.signs if sign.level == "loss")


def _who_listens(scene: Scene) -> str:
    return people.contacts(scene, _loss_sign(scene).contacts)


def _reply_parts(scene: Scene, sign: WarningSign) -> tuple[Part, ...]:
    first, _, rest = sign.reply.get(scene.language, sign.reply[MAIN_LANGUAGE]).partition("\n")
    return (Part("title", first), Part("text", rest.strip())) if rest.strip() else (Part("title", first),)
