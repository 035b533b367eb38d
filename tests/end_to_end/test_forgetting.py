"""A parent who used everything and asks to be forgotten: their number is nowhere any more."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.agenda.schedules import Schedules
from bot.alerts.telling import Telling
from bot.conversation import buttons
from bot.conversation.conversation import Conversation
from bot.conversation.outgoing import Outgoing
from bot.reminders.deliver import Deliverer
from bot.reminders.tick import Ticker
from bot.store import announcements, kept
from bot.store.announcements import Row
from bot.store.database import Store
from bot.telegram.polling import Pace
from bot.telegram.redaction import QUIET
from bot.telegram.service import TelegramService
from tests.conversation.conftest import write_schedules
from tests.fake_telegram import Failure, FakeTelegram, Refusal
from tests.store.test_kept import spellings
from tests.telegram.conftest import eventually

CHAT, OTHER = 7_301_234_567_891, 7_402_345_678_912
ZONE = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2027, 3, 30, 12, 0, tzinfo=ZONE)
UID = "koffie@2027-03-31"


class Town:
    """The whole bot in this process: receiving, conversation, planning and sending, with a clock of our own."""

    def __init__(self, telegram, store, knowledge, reader, folder):
        self.telegram, self.store, self.now = telegram, store, NOON
        schedules = Schedules(folder, knowledge, NOON, timezone=ZONE.key, school_region="Noord")
        conversation = Conversation(knowledge, reader, store, schedules, ZONE)
        self.service = TelegramService(
            store=store, conversation=conversation, token=telegram.token, api_url=telegram.url,
            pace=Pace(poll_s=1), clock=self.clock,
        )  # fmt: skip
        compose, send = Outgoing(conversation).compose, self.service.sender.deliver
        self.deliverer = Deliverer(store, compose, send, zone=ZONE, clock=self.clock)
        self.ticker = Ticker(
            store,
            schedules,
            self.deliverer,
            Telling(store, self.tell, ZONE),
            lambda *_: False,
            zone=ZONE,
            clock=self.clock,
            is_live=False,
        )

    def clock(self):
        return self.now.astimezone(UTC)

    async def tell(self, text):
        raise AssertionError(text)

    async def says(self, chat, text):
        return await self._replied(chat, lambda: self.telegram.says(chat, text))

    async def presses(self, message, data):
        chat = message["chat"]["id"]
        return await self._replied(chat, lambda: self.telegram.presses(message, data))

    async def _replied(self, chat, do):
        before = len(self.telegram.sent(chat))
        do()
        await eventually(lambda: len(self.telegram.sent(chat)) > before)
        await self.service._receiver.idle()
        return self.telegram.sent(chat)[-1]

    async def at(self, moment):
        self.now = moment
        await self.ticker.tick(self.clock())
        await self.deliverer.deliver_due()


def data_of(message, beginning):
    rows = message["reply_markup"]["inline_keyboard"]
    return next(
        button["callback_data"] for row in rows for button in row if button["callback_data"].startswith(beginning)
    )


def on_disk(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def telegram():
    server = FakeTelegram().start()
    yield server
    server.stop()
    server.check()


async def test_forgotten_a_parent_is_in_no_row_no_file_no_cache_and_no_log(
    telegram, store, knowledge, reader, tmp_path, caplog
):
    for name in QUIET:
        caplog.set_level(logging.WARNING, logger=name)
    caplog.set_level(logging.DEBUG)
    town = Town(telegram, store, knowledge, reader, write_schedules(tmp_path / "schedules"))
    stop = asyncio.Event()
    serving = asyncio.create_task(town.service.run(stop))
    row = Row(
        "bericht", {"nl": "Neem je schoenen mee"}, {"neighbourhoods": ["stadshagen"]}, town.clock(), 4, town.clock()
    )
    async with store.writing() as connection:
        await announcements.add(connection, row)
        await announcements.confirm(connection, row.id, 4, town.clock())
    for chat in (CHAT, OTHER):
        answer = await town.says(chat, "mijn kind van 8 maanden wordt elke nacht 5 keer wakker")
        await town.presses(answer, data_of(answer, "f:+"))
        wijken = await town.says(chat, "/wijk")
        await town.presses(wijken, "w:stadshagen")
        ask = await town.presses(wijken, "rf:m:koffie")
        await town.presses(ask, data_of(ask, "rc:"))
        await town.presses(ask, f"mc:{UID}")
    await town.at(NOON + timedelta(minutes=1))
    await town.at(NOON.replace(hour=19))
    texts = telegram.texts(CHAT)
    assert any("Neem je schoenen mee" in text for text in texts)
    assert any("morgen 9.30" in text for text in texts)
    await town.says(CHAT, "/mijngegevens")
    async with store.reading() as connection:
        rows = await kept.everything(connection, CHAT)
        everything = [row.table for row in rows]
    assert {"parents", "subscriptions", "attendances", "deliveries", "dialogues"} <= set(everything)
    assert spellings(CHAT)[1] in b"".join(on_disk(tmp_path).values())

    asked = await town.says(CHAT, "/vergeetmij")
    done = await town.presses(asked, data_of(asked, "d"))

    assert done["text"].startswith("Klaar. Ik weet niets meer van je.")
    async with store.reading() as connection:
        assert await kept.everything(connection, CHAT) == []
        assert len(await kept.everything(connection, OTHER)) > 4
    # It happens at once; what the pause between two rewritings of the file left is done by the next cleaning.
    store._rewritten_until = 0
    await store.clean()
    for name, content in on_disk(tmp_path).items():
        for spelling in spellings(CHAT):
            assert spelling not in content, name
    logged = "\n".join(logging.Formatter("%(name)s %(message)s").format(record) for record in caplog.records)
    assert "bot." in logged
    assert str(CHAT) not in logged
    # A pace is forgotten once the chat has rested; nobody needs to wait here for as long as that takes.
    for pace in town.service._bot._limits._paces.values():
        assert not pace.has_capacity(pace.max_rate)
        pace._last_check -= pace.time_period
    town.service._bot.forget_idle()
    assert CHAT not in town.service._bot._limits._paces
    application = town.service._application
    assert not application.chat_data
    assert not application.user_data
    await town.at(NOON + timedelta(days=1))
    assert telegram.sent(CHAT)[-1] == done
    stop.set()
    await serving


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'town.sqlite3'}"
        return
    async with request.getfixturevalue("postgres").database() as url:
        yield url


async def test_a_program_that_tells_all_it_does_writes_no_number_and_no_word_and_exports_nothing_of_another(
    telegram, start, database
):
    program = start(telegram, DATABASE_URL=database, LOG_LEVEL="DEBUG").wait_until_it_receives()
    await asyncio.to_thread(_live_and_be_forgotten, telegram)
    told = [telegram.world.uploads[sent["message_id"]].content.decode() for sent in telegram.sent(OTHER)[-1:]]
    await asyncio.to_thread(program.terminate)
    assert await asyncio.to_thread(program.wait, 12) == 0

    assert "A message could not be answered" in program.output
    for secret in (str(CHAT), str(OTHER), WORD):
        assert secret not in program.output
    assert str(OTHER) in told[0]
    assert str(CHAT) not in told[0]
    store = await Store.open(database)
    async with store.reading() as connection:
        assert await kept.everything(connection, CHAT) == []
        assert await kept.everything(connection, OTHER)
    await store.close()


WORD = "kanarievogeltje"


def _live_and_be_forgotten(telegram) -> None:
    """Let two parents do much, with an error on the way; one is forgotten, and the other asks what is kept."""

    def replied(chat, do):
        before = len(telegram.sent(chat))
        do()
        telegram.wait_until(lambda: len(telegram.sent(chat)) > before, "a reply")

    for chat in (CHAT, OTHER):
        replied(chat, lambda chat=chat: telegram.says(chat, f"hij wordt wakker van een {WORD}"))
        telegram.fail("sendMessage", Failure("refuse", Refusal(400, f"Bad Request: {WORD} {chat}")))
        replied(chat, lambda chat=chat: telegram.says(chat, f"{WORD} {chat}"))
        replied(chat, lambda chat=chat: telegram.presses(telegram.sent(chat)[0], f"{buttons.AGREE}:m:koffie"))
    replied(CHAT, lambda: telegram.says(CHAT, "/vergeetmij"))
    replied(CHAT, lambda: telegram.presses(telegram.sent(CHAT)[-1], buttons.FORGET))
    replied(OTHER, lambda: telegram.says(OTHER, "/mijngegevens"))
    telegram.wait_until(lambda: telegram.sent(OTHER)[-1]["message_id"] in telegram.world.uploads, "the file")
