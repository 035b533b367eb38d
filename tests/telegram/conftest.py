"""The real service over a fake Bot API server and a real database, with a conversation that echoes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.conversation.message import Button, Message, Part, Reply
from bot.store.database import Store
from bot.telegram.pace import Pace
from bot.telegram.service import TelegramService
from tests import sqlite
from tests.fake_telegram import FakeTelegram

NOW = datetime(2027, 3, 31, 7, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Profile:
    description: str
    short_description: str
    commands: tuple[tuple[str, str], ...]


@dataclass
class Echo:
    """A conversation that says back what it heard, and does as some words ask."""

    languages: tuple[str, ...] = ("nl", "en")
    heard: list[tuple[int, Message]] = field(default_factory=list)
    held: asyncio.Event = field(default_factory=asyncio.Event)
    """Set to let go on whoever wrote 'wacht'."""

    async def respond(self, message: Message, chat_id: int, now: datetime) -> list[Reply]:
        self.heard.append((chat_id, message))
        if message.text == "fout":
            raise RuntimeError("een geheim van een ouder")
        if message.text.startswith("wacht"):
            await self.held.wait()
        if message.kind == "button":
            return [replied(f"gekozen: {message.data}", replaces="vervang" in message.data,
                            clears_buttons="wis" in message.data)]  # fmt: skip
        if message.text.startswith("knop "):
            button = Button("Kies", message.text.removeprefix("knop "))
            return [Reply((Part("text", "Wat wil je?"),), ((button,),))]
        return [replied(f"echo: {message.command or message.text or message.kind}")]

    async def danger(self, message: Message, chat_id: int, now: datetime) -> Reply | None:
        return replied("bel 112") if "112" in message.text else None

    async def group_greeting(self, language: str | None) -> Reply:
        return replied("ik werk alleen in een eigen gesprek")

    def apology(self, language: str | None) -> Reply:
        return replied(f"sorry ({language})")

    def giving_up(self, language: str | None) -> Reply:
        return replied(f"niet gelezen ({language})")

    def profile(self, language: str) -> Profile:
        return Profile(f"wie ik ben ({language})", f"kort ({language})", (("start", "begin"), ("help", "hulp")))


def replied(text: str, **more: Any) -> Reply:
    return Reply((Part("text", text),), **more)


async def eventually(condition: Callable[[], Any], timeout_s: float = 60) -> Any:
    """Let the bot work until something is so."""
    async with asyncio.timeout(timeout_s):
        while not (found := condition()):  # noqa: ASYNC110 - it happens in another thread
            await asyncio.sleep(0.005)
    return found


async def replies(telegram: FakeTelegram, count: int, chat_id: int | None = None) -> list[str]:
    """Let the bot work until it has sent so many messages; return their texts."""
    await eventually(lambda: len(telegram.sent(chat_id)) >= count)
    return telegram.texts(chat_id)


@pytest.fixture
def telegram():
    server = FakeTelegram().start()
    yield server
    server.stop()
    server.check()


@pytest.fixture
async def store(tmp_path):
    store = await Store.open(sqlite.address(tmp_path / "town.db"))
    yield store
    await store.close()


@pytest.fixture
def conversation():
    return Echo()


@pytest.fixture
def make(telegram, store, conversation):
    """Make a service that is not running yet."""

    def make(**settings: Any) -> TelegramService:
        known = {"token": telegram.token, "api_url": telegram.url, "pace": Pace(poll_s=1)}
        return TelegramService(store=store, conversation=conversation, **{**known, **settings})

    return make


@pytest.fixture
def running(make):
    """Run a service for as long as the block lasts."""

    @asynccontextmanager
    async def running(**settings: Any):
        service, stop = make(**settings), asyncio.Event()
        task = asyncio.create_task(service.run(stop))
        try:
            yield service
        finally:
            stop.set()
            await task

    return running
