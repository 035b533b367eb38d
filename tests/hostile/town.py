"""The whole bot without a network between: an update goes in at the receiver, and what comes out is held to Telegram's
rules by the fake server's own methods. All that must never happen is written down in ``wrongs``.
"""

from __future__ import annotations

import itertools
import json
import logging
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from telegram.ext import Application
from telegram.request import RequestData

from bot.agenda.schedules import Schedules
from bot.conversation.conversation import Conversation
from bot.errors import place
from bot.knowledge.model import Knowledge
from bot.locales import moments
from bot.matching.matcher import Matcher
from bot.matching.reader import Reader
from bot.reading.thread import InThread
from bot.store import tables
from bot.store.database import Store
from bot.telegram.client import Bot, Request
from bot.telegram.handlers import Handlers
from bot.telegram.incoming import read
from bot.telegram.receiving import Receiver
from bot.telegram.redaction import QUIET
from bot.telegram.sending import Sender
from tests.agenda.files import FILES
from tests.fake_telegram.methods import Upload, World
from tests.fake_telegram.refusal import Refusal
from tests.fake_telegram.server import JSON_ARGUMENTS

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CANARY = "kanariepietje"
"""Stands in texts of the long run; it may be found in no log."""
COORDINATORS = (1, 2)
TEAM = """\
# yaml-language-server: $schema=schema/team.schema.json
members:
  - {telegram_id: 1, role: coordinator}
  - {telegram_id: 2, role: coordinator, neighbourhoods: [stadshagen]}
  - {telegram_id: 3, role: professional}
"""
OURS = re.compile(r"</?(?:b|i|blockquote)>|<blockquote expandable>")


@dataclass(repr=False)
class Town:
    """A bot with an agenda and a team, and what it did wrong."""

    receiver: Receiver
    store: Store
    conversation: Conversation
    world: World
    wrongs: list[str] = field(default_factory=list)
    sent: int = 0

    async def gets(self, update: dict[str, Any]) -> float:
        """Let the bot handle an update; return the milliseconds of the processor that it took."""
        began = time.process_time()
        await self.receiver.accept([update])
        await self.receiver.idle()
        return (time.process_time() - began) * 1000

    async def unfinished(self) -> int:
        """Return how many updates wait for a reply for ever."""
        waiting = select(func.count()).where(tables.inbox.c.finished_at.is_(None), tables.inbox.c.payload.is_not(None))
        async with self.store.reading() as connection:
            return int((await connection.execute(waiting)).scalar_one())

    def check(self) -> None:
        """Fail when something went wrong."""
        assert not self.wrongs, "\n".join(self.wrongs[:20])


class _Listening(logging.Handler):
    """Writes down every error in the log, and every line with a word of a parent in it."""

    def __init__(self, wrongs: list[str]) -> None:
        super().__init__()
        self._wrongs = wrongs

    def emit(self, record: logging.LogRecord) -> None:
        said = logging.Formatter().format(record)
        if record.levelno >= logging.ERROR or CANARY in said:
            self._wrongs.append(f"log: {said[:600]}")


@asynccontextmanager
async def town(url: str, knowledge: Knowledge, matcher: Matcher, folder: Path) -> AsyncIterator[Town]:
    """Open a town on a database; its files go to ``folder``."""
    folder.mkdir(exist_ok=True)
    for name, text in {**FILES, "team.yaml": TEAM}.items():
        (folder / name).write_text(text, encoding="utf-8")
    schedules = Schedules(folder, knowledge, NOW, timezone="Europe/Amsterdam", school_region="Noord")
    moments.weekdays()
    store = await Store.open(url)
    conversation = Conversation(
        knowledge, InThread(Reader(matcher, knowledge)), store, schedules, ZoneInfo("Europe/Amsterdam")
    )
    world = World()
    bot = Bot("123456:THIS-is-the_token-nobody-may-see", "http://127.0.0.1")
    application = Application.builder().bot(bot).updater(None).job_queue(None).build()
    handlers = Handlers(conversation, store, Sender(bot), lambda: NOW)
    handlers.register(application)

    async def handle(data: dict[str, Any]) -> None:
        update = read(data, bot)
        if update is not None:
            await application.process_update(update)

    async def note(_update: object, context: Any) -> None:
        made.wrongs.append(f"error: {place(context.error)}: {str(context.error)[:300]}")

    application.add_error_handler(note)
    # Each arrives three seconds after the one before: floods are tried elsewhere.
    arrivals = (NOW + number * timedelta(seconds=3) for number in itertools.count())
    receiver = Receiver(store, handle, handlers.give_up, clock=lambda: next(arrivals))
    made = Town(receiver, store, conversation, world)
    listening, root = _Listening(made.wrongs), logging.getLogger()
    level = root.level
    root.addHandler(listening)
    # As in a town: what the libraries say below a warning is hushed there too.
    root.setLevel(logging.INFO)
    for library in QUIET:
        logging.getLogger(library).setLevel(logging.WARNING)
    with patch.object(Request, "do_request", _network(made)), patch.object(bot._limits, "process_request", _at_once):
        await application.initialize()
        await receiver.take_up()
        try:
            yield made
        finally:
            await receiver.idle()
            await application.shutdown()
            await bot.shutdown()
            await store.close()
            root.removeHandler(listening)
            root.setLevel(level)


async def _at_once(callback: Any, args: Any, kwargs: dict[str, Any], **_: Any) -> Any:
    """Send without waiting for anybody's pace: how fast is measured elsewhere."""
    return await callback(*args, **kwargs)


def _network(town: Town) -> Any:
    async def do_request(
        _self: Any, url: str, method: str, request_data: RequestData | None = None, **_: Any
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        arguments: dict[str, Any] = dict(request_data.json_parameters) if request_data else {}
        for value in arguments.values():
            # Half a character cannot go over a network.
            value.encode()
        arguments = {key: json.loads(value) if key in JSON_ARGUMENTS else value for key, value in arguments.items()}
        if request_data and request_data.multipart_data:
            files = {key: Upload(file[0], file[1]) for key, file in request_data.multipart_data.items()}
            arguments |= {
                key: files.get(str(value).removeprefix("attach://"), value) for key, value in arguments.items()
            } | files
        status, answer = _answered(town, name, arguments)
        return status, json.dumps(answer).encode()

    return do_request


def _answered(town: Town, name: str, arguments: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    world = town.world
    if "chat_id" in arguments:
        world.chats.setdefault(int(arguments["chat_id"]), "private")
    if arguments.get("parse_mode") == "HTML" and "<" in OURS.sub("", arguments["text"]):
        town.wrongs.append(f"unescaped: {arguments['text'][:200]!r}")
    if name == "answerCallbackQuery":
        return 200, {"ok": True, "result": True}
    try:
        result = getattr(world, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())(arguments)
    except Refusal as refusal:
        # A press may name a message that was never there.
        if refusal.is_violation and "message to edit not found" not in refusal.description:
            town.wrongs.append(f"refused: {name}: {refusal.description}: {str(arguments)[:300]}")
        return refusal.status, {"ok": False, "error_code": refusal.status, "description": refusal.description}
    town.sent += name.startswith("send")
    return 200, {"ok": True, "result": result}
