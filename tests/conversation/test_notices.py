"""What parents read of the bot's own accord: true at the moment it is sent, warm, short, with the way to stop it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agenda.changes import to_data
from bot.agenda.model import Change
from bot.agenda.schedules import Schedules
from bot.conversation.conversation import Conversation
from bot.conversation.message import Message, Reply
from bot.conversation.notices import meeting
from bot.conversation.outgoing import Outgoing
from bot.conversation.scene import Scene
from bot.locales import parent_words
from bot.model import Parent
from bot.store import announcements, attendances, changes, subscriptions
from bot.store.deliveries import Delivery
from tests.agenda import conftest as small_agenda

folder = small_agenda.folder

ZONE = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
COORDINATOR = 1
SINGING, CANCELLED, MOVED = "koffie@2026-12-02", "koffie@2026-12-09", "koffie@2026-12-16"


@pytest.fixture
def notices(folder, knowledge, store) -> Outgoing:
    schedules = Schedules(folder, knowledge, MONDAY, timezone=ZONE.key, school_region="Noord")
    return Outgoing(Conversation(knowledge, None, store, schedules, ZONE))


def delivery(kind: str, subject: str, language: str | None = None) -> Delivery:
    return Delivery(1, 7, kind, subject, MONDAY, MONDAY, 1, language=language)


def lines(reply: Reply | None) -> list[str]:
    assert reply is not None
    return [part.text for part in reply.parts]


def buttons(reply: Reply) -> list[str]:
    return [button.data for row in reply.buttons for button in row]


STOP = "Geen berichten meer? Stuur stop."
EXAMPLE = "Voorbeeld, nog niet bevestigd; kijk of bel eerst."


@pytest.mark.parametrize(("now", "when"), [
    pytest.param("2026-12-01 19:00", "morgen 9.30", id="the evening before"),
    pytest.param("2026-12-02 00:10", "vandaag 9.30", id="late: by then it is today"),
    pytest.param("2026-12-02 08:00", "vandaag 9.30", id="two hours before"),
    pytest.param("2026-11-30 19:00", "woensdag 2 december 9.30", id="long before"),
])  # fmt: skip
async def test_a_reminder_says_what_when_and_where(notices, now, when):
    reply = await notices.compose(delivery("evening", SINGING), datetime.fromisoformat(now).replace(tzinfo=ZONE))

    assert lines(reply) == [f"☕ Koffie: {when}, De kantine", "Thema: Zingen", EXAMPLE, STOP]
    assert buttons(reply) == [f"mc:{SINGING}", f"ma:{SINGING}", f"mp:{SINGING}", "ro"]


async def test_a_reminder_speaks_the_parents_language(notices):
    reply = await notices.compose(delivery("hours", SINGING, "en"), datetime(2026, 12, 2, 8, tzinfo=ZONE))

    assert lines(reply)[0] == "☕ Coffee: today 9:30, De kantine"
    assert lines(reply)[-1] == "No more messages? Send stop."


async def test_a_language_the_bot_does_not_speak_becomes_dutch(notices):
    assert lines(await notices.compose(delivery("hours", SINGING, "tr"), MONDAY))[-1] == STOP


async def test_a_cancellation_gives_the_reason_and_the_next_date_and_asks_nothing(notices):
    reply = await notices.compose(delivery("cancelled", f"{CANCELLED}#1"), MONDAY)

    assert lines(reply) == [
        "Koffie van woensdag 9 december 9.30 gaat niet door",
        "De kantine is dicht.",
        "De volgende keer is donderdag 17 december 10.00. Tot dan?",
        STOP,
    ]
    assert buttons(reply) == []


async def test_a_move_says_where_and_when_it_is_now(notices):
    reply = await notices.compose(delivery("moved", f"{MOVED}#1"), MONDAY)

    assert lines(reply)[:2] == ["Koffie is verplaatst: donderdag 17 december 10.00, De school", "Een feest."]
    assert f"mc:{MOVED}" in buttons(reply)


async def test_what_goes_on_after_all_is_good_news(notices):
    reply = await notices.compose(delivery("restored", f"{SINGING}#2"), MONDAY)

    assert lines(reply)[0] == "Goed nieuws: Koffie gaat toch door: woensdag 2 december 9.30, De kantine"


@pytest.mark.parametrize(("kind", "subject", "now"), [
    pytest.param("evening", CANCELLED, "2026-12-08", id="a reminder of what is cancelled meanwhile"),
    pytest.param("hours", SINGING, "2026-12-03", id="a reminder of what is over"),
    pytest.param("cancelled", SINGING, "2026-12-01", id="a cancellation that was taken back"),
    pytest.param("moved", CANCELLED, "2026-12-01", id="a move that was cancelled meanwhile"),
    pytest.param("restored", CANCELLED, "2026-12-01", id="good news that is none any more"),
    pytest.param("evening", "koffie@2026-12-03", "2026-12-01", id="a day without a meeting"),
    pytest.param("evening", "iets-anders@2026-12-02", "2026-12-01", id="a series that is no more"),
    pytest.param("announcement", "file:weg", "2026-12-01", id="an announcement that was taken out of the file"),
    pytest.param("announcement", "weg", "2026-12-01", id="an announcement nobody knows"),
    pytest.param("tip", "huilen", "2026-12-01", id="a tip whose answer nobody signed"),
    pytest.param("tip", "weg", "2026-12-01", id="a tip that is no more"),
])  # fmt: skip
async def test_what_is_no_longer_so_is_not_said(notices, kind, subject, now):
    moment = datetime.fromisoformat(now).replace(tzinfo=ZONE)

    assert await notices.compose(delivery(kind, subject), moment) is None


async def test_a_cancellation_by_phone_counts_at_once(notices, store):
    change = Change("koffie", date(2026, 12, 2), "cancelled", MONDAY, reason={"nl": "Griep", "en": "Flu"})
    async with store.writing() as connection:
        await changes.add(connection, change.meetup, change.on, change.kind, to_data(change), change.made_at)

    assert lines(await notices.compose(delivery("cancelled", f"{SINGING}#1"), MONDAY))[1] == "Griep"
    assert await notices.compose(delivery("evening", SINGING), MONDAY) is None


async def test_an_announcement_is_exactly_what_was_written_with_who_sends_it(notices, store):
    text = {"nl": "Kom <b>zingen</b> & dansen!\n\nTot dan.", "en": "Come!"}
    row = announcements.Row("a1", text, {}, MONDAY, COORDINATOR, MONDAY)
    async with store.writing() as connection:
        await announcements.add(connection, row)
    assert await notices.compose(delivery("announcement", "a1"), MONDAY) is None
    async with store.writing() as connection:
        await announcements.confirm(connection, "a1", COORDINATOR, MONDAY)

    assert lines(await notices.compose(delivery("announcement", "a1"), MONDAY)) == [
        "📣 Bericht van Minidorp Zwolle", text["nl"], STOP,
    ]  # fmt: skip
    assert lines(await notices.compose(delivery("announcement", "file:zingen"), MONDAY))[1] == "Kom je ook zingen?"
    async with store.writing() as connection:
        await announcements.withdraw(connection, "a1", MONDAY)
    assert await notices.compose(delivery("announcement", "a1"), MONDAY) is None


async def test_a_tip_leads_to_its_signed_answer(notices, knowledge, monkeypatch):
    monkeypatch.setattr(type(knowledge), "is_signed", lambda *_: True)

    reply = await notices.compose(delivery("tip", "huilen"), MONDAY)

    assert lines(reply) == ["Huilen hoort erbij.", STOP]
    assert buttons(reply) == ["a:huilen-baby"]


async def test_every_button_fits_with_the_longest_name_a_series_may_have(notices):
    longest = "a" * 36
    [found] = notices.conversation.schedules.occurrences(date(2026, 12, 2), date(2026, 12, 2))
    named = replace(found, series=found.series.model_copy(update={"id": longest}))
    scene = Scene(
        notices.conversation.knowledge, Parent(7), "nl", date(2026, 12, 1), False, notices.conversation.schedules, 200
    )

    reply = meeting(scene, "evening", named, notices.conversation.schedules.agenda.places["kantine"], None, MONDAY)

    assert max(len(data.encode()) for data in buttons(reply)) <= 64


async def test_every_button_of_a_reminder_is_answered(notices, conversation, store):
    before = datetime(2026, 12, 1, 19, tzinfo=ZONE)
    there = replace(conversation, schedules=notices.conversation.schedules)
    reply = await notices.compose(delivery("evening", SINGING), before)

    for data in buttons(reply):
        answer = await there.respond(Message("button", data=data, language="nl"), 7, before)
        assert answer
        assert parent_words("nl")("button.stale") not in lines(answer[0])
    async with store.reading() as connection:
        assert await attendances.expected(connection, SINGING) == (0, Counter())


async def test_after_a_message_about_a_loss_tips_end(conversation, store):
    async with store.writing() as connection:
        await subscriptions.follow(connection, 7, "tips", subscriptions.EVERY, MONDAY)
        await subscriptions.follow(connection, 7, "meetup", "koffie", MONDAY)

    await conversation.respond(Message("text", "mijn baby is overleden", language="nl"), 7, MONDAY)

    async with store.reading() as connection:
        assert await subscriptions.followed(connection, 7) == [("meetup", "koffie")]
