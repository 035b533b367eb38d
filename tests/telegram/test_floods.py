"""Who floods is told once and then left alone, danger excepted; others notice nothing, and nothing grows."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy

from bot import metrics
from bot.agenda.schedules import Schedules
from bot.conversation.conversation import Conversation
from bot.conversation.message import Message
from bot.locales import parent_words
from bot.store import tables
from bot.store.database import StoreError
from bot.telegram import floods, limits
from bot.telegram.floods import ANSWERED, CALM, MOST_CHATS, READ, Level, Levels, judge
from bot.telegram.receiving import Receiver
from tests.conftest import ROOT
from tests.fake_telegram import updates
from tests.telegram.conftest import NOW, eventually

SLOWER = parent_words("nl")("flood.slower")
DANGER = "mijn baby ademt niet meer"
FLOODER, PARENT = 1, 2


def paces(count: int, every: timedelta, start: Level | None = None, now: datetime = NOW) -> tuple[Level, list[str]]:
    """Return the level and the verdicts after so many messages, the first at ``now``."""
    level, verdicts = start, []
    for number in range(count):
        level, verdict = judge(level, now + number * every)
        verdicts.append(verdict)
    assert level is not None
    return level, verdicts


@pytest.mark.parametrize(("count", "every"), [
    pytest.param(20, timedelta(0), id="all that was forwarded at once"),
    pytest.param(38, timedelta(seconds=1), id="tapping through the themes for most of a minute"),
    pytest.param(500, timedelta(seconds=2), id="without end, two seconds apart"),
])  # fmt: skip
def test_a_parent_in_a_hurry_is_answered(count, every):
    assert set(paces(count, every)[1]) == {"calm"}


def test_a_flood_is_told_once_then_only_read_and_then_dropped():
    _, verdicts = paces(200, timedelta(0))

    assert verdicts == ["calm"] * ANSWERED + ["hurried"] + ["flooding"] * (READ - ANSWERED - 1) + ["dropped"] * 100


def test_a_flood_that_goes_on_for_an_hour_is_told_once():
    _, verdicts = paces(3600 * 4, timedelta(milliseconds=250))

    assert verdicts.count("hurried") == 1
    assert verdicts[-100:].count("dropped") == 75


@pytest.mark.parametrize(("rest", "verdict"), [
    pytest.param(timedelta(seconds=9), "flooding", id="not yet calm"),
    pytest.param(timedelta(seconds=10), "calm", id="ten seconds without a message"),
])  # fmt: skip
def test_a_flood_is_over_after_ten_seconds_of_rest(rest, verdict):
    level, _ = paces(50, timedelta(0))

    assert judge(level, NOW + rest)[1] == verdict


def test_who_waits_impatiently_is_answered_again():
    level, _ = paces(50, timedelta(0))

    _, verdicts = paces(6, timedelta(seconds=5), level, NOW + timedelta(seconds=5))

    assert verdicts[-1] == "calm"


def test_a_clock_that_is_set_back_neither_gives_nor_takes():
    level, _ = paces(50, timedelta(0))

    after, verdict = judge(level, NOW - timedelta(hours=3))

    assert verdict == "flooding"
    assert (after.answered, after.read) == (0, level.read - 1)


def test_only_so_many_chats_are_remembered_and_the_calm_ones_not_for_long():
    levels = Levels()
    flooded, _ = paces(50, timedelta(0))
    levels.keep(dict.fromkeys(range(MOST_CHATS + 1), flooded))

    assert levels.of(0) is None
    assert levels.of(1) is flooded

    levels.forget_calm(NOW + timedelta(seconds=READ - 51))
    assert levels.of(1) is flooded
    levels.forget_calm(NOW + timedelta(seconds=READ))
    assert levels.of(1) is None
    assert judge(None, NOW)[0].answered > CALM


async def given_up(_update: dict) -> None:
    raise AssertionError("nothing was tried before")


def update(update_id: int, chat_id: int = FLOODER) -> dict:
    return {"update_id": update_id, "message": updates.message(chat_id, "x" * 4096)}


async def waiting(store) -> int:
    async with store.reading() as connection:
        return (
            await connection.execute(sqlalchemy.select(sqlalchemy.func.count()).select_from(tables.inbox))
        ).scalar_one()


async def test_ten_thousand_messages_of_one_chat_neither_fill_the_disk_nor_hold_up_another(store):
    handled = []

    async def handle(data):
        handled.append(data)

    receiver = Receiver(store, handle, given_up, clock=lambda: NOW)
    await receiver.take_up()
    before = metrics.FLOODS.labels("dropped")._value.get()

    for first in range(0, 10_000, 100):
        await receiver.accept([update(number) for number in range(first, first + 100)])
    written = await waiting(store)
    await receiver.accept([update(10_001, PARENT)])
    await receiver.idle()

    assert written == READ
    assert metrics.FLOODS.labels("dropped")._value.get() - before == 10_000 - READ
    assert [data.get(floods.MARK) for data in handled][: ANSWERED + 2] == [None] * ANSWERED + ["hurried", "flooding"]
    assert next(data for data in handled if data["update_id"] == 10_001).get(floods.MARK) is None


async def test_what_could_not_be_written_down_and_comes_again_counts_once(store, monkeypatch):
    handled = []

    async def handle(data):
        handled.append(data.get(floods.MARK))

    receiver = Receiver(store, handle, given_up, clock=lambda: NOW)
    await receiver.take_up()
    with monkeypatch.context() as patched:

        async def full(*_arguments):
            raise StoreError("The disk is full.")

        patched.setattr("bot.store.inbox.accept", full)
        for _ in range(50):
            with pytest.raises(StoreError):
                await receiver.accept([update(1)])
    for _ in range(50):
        await receiver.accept([update(1)])
    await receiver.accept([update(2)])
    await receiver.idle()

    assert handled == [None, None]


async def test_the_verdict_of_the_door_holds_after_a_restart(store):
    handled = []

    async def handle(data):
        handled.append(data.get(floods.MARK))

    await Receiver(store, handle, given_up, clock=lambda: NOW).accept([update(number) for number in range(30)])
    await (restarted := Receiver(store, handle, given_up, clock=lambda: NOW)).take_up()
    await restarted.idle()

    assert handled == [None] * ANSWERED + ["hurried"] + ["flooding"] * 9


class TestOverTheNetwork:
    """The real conversation, with the fake Bot API server."""

    @pytest.fixture
    def conversation(self, knowledge, reader, store, monkeypatch):
        monkeypatch.setattr(limits, "BURST", 100)  # how fast replies may leave one chat is another test's subject
        schedules = Schedules(ROOT / "schedules", knowledge, NOW, timezone="Europe/Amsterdam", school_region="Noord")
        return Conversation(knowledge, reader, store, schedules, ZoneInfo("Europe/Amsterdam"))

    async def test_a_flood_gets_one_sentence_danger_is_answered_and_another_parent_notices_nothing(
        self, running, telegram, monkeypatch
    ):
        now = datetime.now(UTC)
        async with running(clock=lambda: now):
            for number in range(200):
                telegram.says(FLOODER, DANGER if number == 60 else "/privacy")
            telegram.says(PARENT, "/start")
            begun = asyncio.get_running_loop().time()
            await eventually(lambda: telegram.sent(PARENT))
            took_s = asyncio.get_running_loop().time() - begun
            await eventually(lambda: any("112" in text.splitlines()[0] for text in telegram.texts(FLOODER)))
            await eventually(lambda: not telegram.delivery.waiting)

        texts = telegram.texts(FLOODER)
        assert len(texts) == ANSWERED + 2
        assert texts.count(SLOWER) == 1
        assert texts.index(SLOWER) == ANSWERED
        assert texts[-1].startswith("Bel nu 112")
        assert took_s < 5

    async def test_pressing_a_button_again_and_again_is_a_flood_too(self, running, telegram):
        now = datetime.now(UTC)
        async with running(clock=lambda: now):
            telegram.says(FLOODER, "/themas")
            await eventually(lambda: telegram.sent(FLOODER))
            for _ in range(40):
                telegram.presses(telegram.sent(FLOODER)[0], "h")
            await eventually(lambda: SLOWER in telegram.texts(FLOODER))

        assert telegram.texts(FLOODER).count(SLOWER) == 1

    async def test_stop_is_heard_in_a_flood(self, conversation):
        assert await conversation.respond(Message("text", "hoi", pace="flooding"), FLOODER, NOW) == []

        told = await conversation.respond(Message("text", "stop", pace="flooding"), FLOODER, NOW)

        assert "stuur je niets" in told[0].parts[0].text
