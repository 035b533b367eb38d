"""Messages are read in a thread of their own: in order, and nobody waits for it who asks nothing that must be read."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

from bot.conversation.conversation import Conversation
from bot.conversation.message import Message
from bot.knowledge.model import Knowledge
from bot.matching.follow_up import Earlier
from bot.matching.matcher import Matcher
from bot.matching.reader import Reader
from bot.model import Parent
from bot.reading.thread import InThread
from tests.conftest import NOW


class Slow:
    """A matcher that waits until it may go on, and notes what it reads."""

    version = "slow"

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.read: list[str] = []

    def decide(self, text: str, parent: Parent | None = None) -> object:
        self.begun.set()
        self.go_on.wait(10)
        self.read.append(text)
        return self._matcher.decide(text, parent)


async def test_who_gives_a_command_is_answered_while_a_message_is_read(
    conversation: Conversation, matcher: Matcher, knowledge: Knowledge
) -> None:
    slow = Slow(matcher)
    talk = replace(conversation, reader=InThread(Reader(slow, knowledge)))
    question = asyncio.create_task(talk.respond(Message("text", text="mijn kind slaapt niet door"), 1, NOW))
    await asyncio.to_thread(slow.begun.wait, 10)

    helped = await talk.respond(Message("command", command="help"), 2, NOW)

    assert helped
    assert not question.done()
    slow.go_on.set()
    assert await question


async def test_messages_are_read_in_the_order_in_which_they_came(matcher: Matcher, knowledge: Knowledge) -> None:
    slow = Slow(matcher)
    slow.go_on.set()
    reader = InThread(Reader(slow, knowledge))
    texts = [f"nummer {number}" for number in range(20)]

    await asyncio.gather(*(reader.decided(text, Parent(1), Earlier()) for text in texts))

    assert slow.read == texts
