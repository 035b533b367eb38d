"""Messages are read in a thread of their own: in order, and nobody waits for it who asks nothing that must be read."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

from bot.conversation import reading
from bot.conversation.conversation import Conversation
from bot.conversation.message import Message
from tests.conftest import NOW


async def test_who_gives_a_command_is_answered_while_a_message_is_read(conversation: Conversation) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow:
        def decide(self, *arguments: object) -> object:
            begun.set()
            go_on.wait(10)
            return conversation.matcher.decide(*arguments)

    talk = replace(conversation, matcher=Slow())
    question = asyncio.create_task(talk.respond(Message("text", text="mijn kind slaapt niet door"), 1, NOW))
    await asyncio.to_thread(begun.wait, 10)

    helped = await talk.respond(Message("command", command="help"), 2, NOW)

    assert helped
    assert not question.done()
    go_on.set()
    assert await question


async def test_messages_are_read_in_the_order_in_which_they_came() -> None:
    read: list[int] = []

    await asyncio.gather(*(reading.in_its_turn(lambda number=number: read.append(number)) for number in range(50)))

    assert read == list(range(50))
