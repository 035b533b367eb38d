"""Parents who ask, and what they notice: how long each waits, from the update handed over to the reply received."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.load.server import Server, now

PATIENCE_S = 60.0
"""Who waits longer counts as not answered."""

Content = dict[str, Any]
Asking = Callable[[int], Content]
"""From the chat to what is asked there: an update without its number."""


@dataclass
class Noticed:
    """What the parents of one measurement noticed. ``waits`` are milliseconds, ``seconds`` how long it took,
    ``cpu_s`` the seconds of a core, where that was measured."""

    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu_s: float = 0.0
    unanswered: int = 0
    twice: int = 0
    """Messages that a parent got before, word for word, since asking; an answer in two messages is no such thing."""

    @property
    def per_second(self) -> float:
        """Replies a second."""
        return len(self.waits) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return within how many milliseconds so many per cent were answered."""
        return float(np.percentile(self.waits, share)) if self.waits else float("nan")

    def add(self, other: Noticed) -> None:
        """Add what was noticed in another round."""
        self.waits += other.waits
        self.seconds += other.seconds
        self.cpu_s += other.cpu_s
        self.unanswered += other.unanswered
        self.twice += other.twice


class Parents:
    """Parents of one server. Each waits for a reply before asking again."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._asked: dict[int, float] = {}
        self._got: dict[int, set[bytes]] = {}
        self._noticed = Noticed()
        self._last = 0.0
        self._then: Callable[[int], None] = lambda _chat: None
        server.on_reply = self._replied

    def _replied(self, chat: int, body: bytes) -> None:
        got = self._got.setdefault(chat, set())
        self._noticed.twice += body in got
        got.add(body)
        asked = self._asked.pop(chat, None)
        if asked is None:
            return
        self._last = now()
        self._noticed.waits.append(1000 * (self._last - asked))
        self._then(chat)

    def _ask(self, chat: int, content: Content) -> None:
        self._asked[chat] = now()
        self._got.pop(chat, None)
        self._server.hand_over(content)

    async def in_turn(self, count: int, asking: Asking, seconds: float, chats: Iterator[int]) -> Noticed:
        """Let ``count`` parents ask, each again as soon as there is a reply, every time from the next of ``chats``."""
        noticed = self._begin()
        until = now() + seconds

        def ask(_chat: int) -> None:
            if now() < until:
                chat = next(chats)
                self._ask(chat, asking(chat))

        self._then = ask
        begun = now()
        for _ in range(count):
            ask(0)
        await asyncio.sleep(seconds)
        # To the last reply: a bot that takes many in and then answers all is not cut off before its answers.
        await self._finish()
        noticed.seconds = self._last - begun
        return noticed

    async def steadily(self, per_second: float, asking: Asking, seconds: float, chats: Iterator[int]) -> Noticed:
        """Let parents ask at random moments, so many a second on average, whether or not there are replies."""
        noticed = self._begin()
        chance = random.Random(7)
        begun = at = now()
        while at - begun < seconds:
            at += chance.expovariate(per_second)
            await asyncio.sleep(max(0.0, at - now()))
            chat = next(chats)
            if chat not in self._asked:
                self._ask(chat, asking(chat))
        noticed.seconds = now() - begun
        await self._finish()
        return noticed

    async def at_once(self, asking: Asking, chats: list[int]) -> Noticed:
        """Let all of these parents ask at the same moment."""
        noticed = self._begin()
        begun = now()
        for chat in chats:
            self._ask(chat, asking(chat))
        await self._finish()
        noticed.seconds = now() - begun
        return noticed

    def _begin(self) -> Noticed:
        self._asked.clear()
        self._got.clear()
        self._then = lambda _chat: None
        self._noticed = Noticed()
        return self._noticed

    async def _finish(self) -> None:
        self._then = lambda _chat: None
        give_up = now() + PATIENCE_S
        while self._asked and now() < give_up:  # noqa: ASYNC110 - looked at so often, nobody waits for it
            await asyncio.sleep(0.01)
        self._noticed.unanswered = len(self._asked)
        self._asked.clear()


def typed(texts: list[str]) -> Asking:
    """Return parents who type these, one after another."""
    following = itertools.cycle(texts)

    def ask(chat: int) -> Content:
        text = next(following)
        command = re.match(r"/\w+", text)
        marked = {"entities": [{"type": "bot_command", "offset": 0, "length": command.end()}]} if command else {}
        return {"message": {**_message(chat), "text": text, **marked}}

    return ask


def pressed(buttons: list[str]) -> Asking:
    """Return parents who press these buttons, one after another."""
    following = itertools.cycle(buttons)
    number = itertools.count(1)

    def ask(chat: int) -> Content:
        held = {**_message(chat), "text": "Waar gaat het over?"}
        return {
            "callback_query": {
                "id": str(next(number)),
                "from": held["from"],
                "chat_instance": "1",
                "message": held,
                "data": next(following),
            }
        }

    return ask


def mixed(*every: Asking) -> Asking:
    """Return parents who do now this and now that."""
    following = itertools.cycle(every)
    return lambda chat: next(following)(chat)


def _message(chat: int) -> dict[str, Any]:
    return {
        "message_id": 7,
        "date": 1_800_000_000,
        "chat": {"id": chat, "type": "private", "first_name": "P"},
        "from": {"id": chat, "is_bot": False, "first_name": "P", "language_code": "nl"},
    }


def among(first: int, count: int) -> Iterator[int]:
    """Return so many chats, over and over."""
    return itertools.cycle(range(first, first + count))
