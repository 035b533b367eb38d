"""A question that found no answer is kept only when the parent agrees, having read exactly what is kept.

What is shown is blanked before it is remembered, and is remembered for ten minutes with the last answer; the buttons
hold its fingerprint, so that yes is said to the text that was read.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from bot.conversation import buttons, memory
from bot.conversation.message import Part, Reply
from bot.conversation.scene import Scene
from bot.conversation.turn import Turn
from bot.store import questions


def offered(scene: Scene, reply: Reply, question: str) -> Reply:
    """Return the reply with a button that begins to keep this blanked question; as it is when there is none."""
    if not question:
        return reply
    button = scene.button("button.keep_question", buttons.keep_question("?", _fingerprint(question)))
    return replace(reply, buttons=(*reply.buttons, (button,)))


async def press(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Show what would be kept, keep it, or let it be; None when the question is forgotten or was another."""
    last = await memory.recall(turn.store, turn.scene.parent.chat_id, turn.now)
    if len(values) != 2 or not last.question or values[1] != _fingerprint(last.question):
        return None
    if values[0] == "?":
        return _shown(turn.scene, last.question)
    await memory.remember(turn.store, turn.scene.parent.chat_id, replace(last, question="", language=""), turn.now)
    if values[0] != "+":
        return replace(turn.scene.said("question.let_be"), clears_buttons=True)
    async with turn.store.writing() as connection:
        await questions.keep(connection, last.question, last.language, turn.scene.today)
    return replace(turn.scene.said("question.kept", days=turn.scene.privacy.keep_questions_days), clears_buttons=True)


def _shown(scene: Scene, question: str) -> Reply:
    yes = scene.button("button.keep_question_yes", buttons.keep_question("+", _fingerprint(question)))
    no = scene.button("button.keep_question_no", buttons.keep_question("-", _fingerprint(question)))
    days = scene.privacy.keep_questions_days
    return Reply(
        (
            Part("text", scene.words("question.show")),
            Part("text", f"“{question}”"),
            Part("note", scene.words("question.how", days=days)),
        ),
        ((yes, no),),
    )


def _fingerprint(question: str) -> str:
    return sha256(question.encode()).hexdigest()[:12]
