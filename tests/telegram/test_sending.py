"""Replies arrive: what never left is tried again, what may be out once more, and a refusal stops nothing else."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import BadRequest, NetworkError

from bot.conversation.message import Button, Document, Part, Reply, Venue
from bot.reminders.deliver import Outcome
from bot.telegram.client import Bot
from bot.telegram.sending import Pressed, Sender
from tests.fake_telegram import Failure, FakeTelegram, Refusal
from tests.telegram.conftest import replied

CHAT = 42


class Pauses:
    """Waits without waiting; ``then`` is called at each pause."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.then = lambda: None

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.then()


@pytest.fixture
def pauses():
    return Pauses()


@pytest.fixture
async def bot(telegram):
    bot = Bot(telegram.token, telegram.url)
    await bot.initialize()
    yield bot
    await bot.shutdown()


@pytest.fixture
def sender(bot, pauses, telegram):
    telegram.world.chats[CHAT] = "private"
    return Sender(bot, pauses)


async def shown(sender, telegram, reply=None) -> dict:
    """Send a message with a button, and return it as the server has it."""
    await sender.send_all(CHAT, [reply or Reply((Part("text", "Kies"),), ((Button("Ja", "yes"),),))])
    return telegram.sent(CHAT)[-1]


async def test_a_long_reply_arrives_in_order(sender, telegram):
    await sender.send_all(CHAT, [replied("a" * 5000), replied("klaar")])

    assert telegram.texts() == ["a" * 4096, "a" * 904, "klaar"]


async def test_a_reply_replaces_the_pressed_message(sender, telegram):
    message = await shown(sender, telegram)

    await sender.send_all(CHAT, [replied("Gekozen", replaces=True)], Pressed(message["message_id"], True))

    assert telegram.texts() == ["Gekozen"]
    assert "reply_markup" not in telegram.sent()[0]


async def test_a_reply_clears_the_buttons_and_comes_below(sender, telegram):
    message = await shown(sender, telegram)

    await sender.send_all(CHAT, [replied("Dank je", clears_buttons=True)], Pressed(message["message_id"], True))

    assert telegram.texts() == ["Kies", "Dank je"]
    assert "reply_markup" not in telegram.sent()[0]


async def test_the_same_text_again_is_no_error_and_no_second_message(sender, telegram):
    message = await shown(sender, telegram, replied("Hetzelfde"))

    await sender.send_all(CHAT, [replied("Hetzelfde", replaces=True)], Pressed(message["message_id"], True))

    assert telegram.texts() == ["Hetzelfde"]


async def test_a_message_that_cannot_be_changed_is_sent_anew(sender, telegram):
    await sender.send_all(CHAT, [replied("Gekozen", replaces=True)], Pressed(5, can_change=False))

    assert telegram.texts() == ["Gekozen"]


async def test_a_change_that_telegram_refuses_becomes_a_new_message(sender, telegram):
    message = await shown(sender, telegram)
    telegram.fail("editMessageText", Failure("refuse", Refusal(400, "Bad Request: message can't be edited")))

    await sender.send_all(CHAT, [replied("Gekozen", replaces=True)], Pressed(message["message_id"], True))

    assert telegram.texts() == ["Kies", "Gekozen"]


async def test_buttons_that_cannot_be_cleared_do_not_stop_the_reply(sender, telegram):
    message = await shown(sender, telegram)
    refusal = Refusal(400, "Bad Request: message can't be edited")
    telegram.fail("editMessageReplyMarkup", Failure("refuse", refusal))

    await sender.send_all(CHAT, [replied("Dank je", clears_buttons=True)], Pressed(message["message_id"], True))

    assert telegram.texts() == ["Kies", "Dank je"]


async def test_a_parent_who_blocked_the_bot_is_no_error(sender, telegram):
    telegram.world.blocked.add(CHAT)

    await sender.send_all(CHAT, [replied("a"), replied("b")])

    assert telegram.calls.count("sendMessage") == 1


@pytest.mark.parametrize(("failures", "texts"), [
    pytest.param([Failure("reset", before=True)], ["een", "daarna"], id="it was not carried out"),
    pytest.param([Failure("reset")], ["een", "een", "daarna"], id="it was, which nobody can see"),
    pytest.param([Failure("reset")] * 2, ["een", "een", "daarna"], id="twice, and then it counts as sent"),
])  # fmt: skip
async def test_a_reply_whose_answer_was_lost_goes_once_more(sender, telegram, pauses, failures, texts):
    telegram.fail("sendMessage", *failures)

    await sender.send_all(CHAT, [replied("een"), replied("daarna")])

    assert telegram.texts() == texts
    assert pauses.seconds == []


async def test_a_reply_whose_answer_was_lost_waits_until_telegram_is_there(sender, telegram, pauses):
    telegram.fail("sendMessage", Failure("reset", before=True))
    telegram.fail("getMe", *[Failure("reset", before=True)] * 3, Failure("status", status=502))

    await sender.send_all(CHAT, [replied("toch")])

    assert telegram.texts() == ["toch"]
    assert telegram.calls.count("sendMessage") == 2
    assert pauses.seconds == [1, 2, 3, 3]


async def test_a_connection_that_could_not_be_made_is_tried_until_it_can(pauses):
    server = FakeTelegram()
    server.world.chats[CHAT] = "private"
    bot = Bot(server.token, server.url)
    pauses.then = lambda: server.start() if len(pauses.seconds) == 7 else None

    await Sender(bot, pauses).send_all(CHAT, [replied("toch")])

    assert server.texts() == ["toch"]
    assert pauses.seconds == [1, 2, 3, 3, 3, 3, 3]
    await bot.initialize()
    await bot.shutdown()
    server.stop()


async def test_an_error_on_telegrams_side_is_waited_out_while_nobody_gets_through(sender, telegram, pauses):
    telegram.fail("sendMessage", *[Failure("status", status=502)] * 12)

    await sender.send_all(CHAT, [replied("toch")])

    assert telegram.texts() == ["toch"]
    assert pauses.seconds == [1, 2] + [3] * 10


async def test_an_error_that_only_one_reply_meets_while_others_get_through_is_an_error(sender, telegram):
    telegram.world.chats[CHAT + 1] = "private"
    telegram.fail("sendMessage", *[Failure("status", status=500, chat_id=CHAT)] * 20)

    failed, passed = await asyncio.gather(
        sender.send_all(CHAT, [replied("nooit")]), sender.send_all(CHAT + 1, [replied("wel")]), return_exceptions=True
    )

    assert isinstance(failed, NetworkError)
    assert passed is None
    assert telegram.calls.count("sendMessage") == 8 + 1


async def test_when_telegram_says_wait_the_reply_waits_and_comes(sender, telegram):
    telegram.fail("sendMessage", Failure("refuse", Refusal(429, "Too Many Requests: retry after 0", retry_after=1)))

    await sender.send_all(CHAT, [replied("na een pauze")])

    assert telegram.texts() == ["na een pauze"]


async def test_a_refusal_is_raised_so_that_the_parent_can_be_told(sender):
    with pytest.raises(BadRequest, match="not found"):
        await sender.send_all(99, [replied("naar niemand")])


@pytest.fixture(autouse=True)
def _forgive_what_the_test_provoked(request, telegram):
    yield
    if "telegram_refuses" in request.node.name or "a_refusal_is_raised" in request.node.name:
        telegram.violations.clear()


async def test_a_press_is_confirmed_once(sender, telegram):
    message = await shown(sender, telegram)
    query_id = telegram.presses(message, "yes")

    await sender.answer_press(query_id)

    assert telegram.world.queries[query_id]


async def test_a_press_that_is_too_old_to_confirm_is_no_error(sender, telegram):
    message = await shown(sender, telegram)

    await sender.answer_press(telegram.presses(message, "yes", is_old=True))


KANTINE = Venue(52.5424, 6.0347, "De kantine", "Voorbeeldlaan 1, Zwolle")


async def test_a_pin_follows_its_words(sender, telegram):
    await sender.send_all(CHAT, [replied("Hier is het:", venue=KANTINE)])

    words, pin = telegram.sent(CHAT)
    assert words["text"] == "Hier is het:"
    assert pin["venue"]["location"] == {"latitude": 52.5424, "longitude": 6.0347}
    assert (pin["venue"]["title"], pin["venue"]["address"]) == ("De kantine", "Voorbeeldlaan 1, Zwolle")


async def test_a_file_arrives_byte_for_byte_under_its_name(sender, telegram):
    content = b"BEGIN:VCALENDAR\r\n\xe2\x98\x95\r\nEND:VCALENDAR\r\n"
    await sender.send_all(CHAT, [replied("Open het:", document=Document("koffie.ics", content, "Voor je agenda"))])

    _, file = telegram.sent(CHAT)
    upload = telegram.world.uploads[file["message_id"]]
    assert (upload.filename, upload.content) == ("koffie.ics", content)
    assert file["caption"] == "Voor je agenda"


async def test_a_file_whose_sending_was_refused_for_a_moment_arrives_whole(sender, telegram, pauses):
    telegram.fail("sendDocument", Failure("refuse", Refusal(502, "Bad Gateway")))
    await sender.send_all(CHAT, [replied("Open het:", document=Document("koffie.ics", b"inhoud"))])

    _, file = telegram.sent(CHAT)
    assert telegram.world.uploads[file["message_id"]].content == b"inhoud"
    assert pauses.seconds


async def test_a_location_is_asked_for_and_the_button_taken_away_again(sender, telegram):
    await sender.send_all(CHAT, [replied("Waar ben je?", asks_location=("Deel", "Liever niet"))])
    await sender.send_all(
        CHAT, [Reply((Part("text", "Dit is dichtbij"),), ((Button("Ja", "yes"),),), ends_location="Dank je.")]
    )

    asked, thanks, found = telegram.sent(CHAT)
    assert asked["reply_markup"]["keyboard"][0] == [{"text": "Deel", "request_location": True}]
    assert thanks["reply_markup"]["remove_keyboard"]
    assert found["reply_markup"]["inline_keyboard"]


async def test_a_press_on_a_list_that_asks_for_a_location_sends_a_new_message(sender, telegram):
    pressed = await shown(sender, telegram)
    await sender.send_all(
        CHAT, [replied("Waar?", asks_location=("Deel", "Nee"))], Pressed(pressed["message_id"], can_change=True)
    )

    assert telegram.texts(CHAT) == ["Kies", "Waar?"]


REMINDER = replied("Morgen 9.30")


async def test_a_delivery_arrives(sender, telegram):
    assert await sender.deliver(CHAT, REMINDER) == Outcome("sent")

    assert telegram.texts(CHAT) == ["Morgen 9.30"]


async def test_a_link_in_a_delivery_or_a_reply_is_shown_without_a_preview(sender, telegram):
    await sender.deliver(CHAT, replied("Lees https://example.org"))
    message = await shown(sender, telegram)
    await sender.send_all(
        CHAT, [replied("Lees https://example.org", replaces=True)], Pressed(message["message_id"], True)
    )

    assert [one["link_preview_options"] for one in telegram.sent(CHAT)] == [{"is_disabled": True}] * 2


@pytest.mark.parametrize(("group", "kind"), [("blocked", "blocked"), ("deactivated", "gone")])
async def test_a_delivery_to_somebody_who_is_gone_says_so(sender, telegram, group, kind):
    getattr(telegram.world, group).add(CHAT)

    assert (await sender.deliver(CHAT, REMINDER)).kind == kind


async def test_a_delivery_to_a_chat_with_a_new_id_tells_the_id(sender, telegram):
    telegram.world.migrated[CHAT] = -1007

    outcome = await sender.deliver(CHAT, REMINDER)

    assert (outcome.kind, outcome.new_chat_id) == ("migrated", -1007)


@pytest.mark.parametrize(("failure", "kind"), [
    pytest.param(Failure("refuse", Refusal(400, "Bad Request: chat not found")), "refused", id="a chat nobody knows"),
    pytest.param(Failure("refuse", Refusal(403, "Forbidden: bot can't initiate conversation with a user")), "refused",
                 id="another bot's token, perhaps: nobody is unsubscribed for it"),
    pytest.param(Failure("refuse", Refusal(401, "Unauthorized")), "later", id="a token that was withdrawn"),
    pytest.param(Failure("refuse", Refusal(500, "Internal Server Error")), "later", id="trouble at Telegram"),
    pytest.param(Failure("status", status=502), "later", id="trouble at a proxy"),
    pytest.param(Failure("status", status=504), "later", id="a gateway that waits in vain"),
    pytest.param(Failure("reset", before=True), "lost", id="cut before it was carried out, which nobody can see"),
    pytest.param(Failure("reset"), "lost", id="cut after it was carried out"),
])  # fmt: skip
async def test_a_delivery_that_fails_says_how_and_is_not_repeated_here(sender, telegram, failure, kind):
    telegram.fail("sendMessage", failure)

    assert (await sender.deliver(CHAT, REMINDER)).kind == kind
    assert telegram.calls.count("sendMessage") == 1


async def test_a_delivery_whose_answer_does_not_come_is_lost_and_not_waited_for_long(telegram, monkeypatch):
    monkeypatch.setattr("bot.telegram.client.ANSWER_S", 0.2)
    telegram.world.chats[CHAT] = "private"
    telegram.fail("sendMessage", Failure("hang", delay_s=1))
    hasty = Bot(telegram.token, telegram.url)
    await hasty.initialize()

    assert (await Sender(hasty).deliver(CHAT, REMINDER)).kind == "lost"
    await hasty.shutdown()


async def test_a_delivery_that_could_not_leave_comes_later(pauses):
    away = FakeTelegram()
    bot = Bot(away.token, away.url)

    assert (await Sender(bot, pauses).deliver(CHAT, REMINDER)).kind == "later"
    await bot.shutdown()
    away.stop()


async def test_a_delivery_that_is_to_wait_waits_and_arrives_once(sender, telegram):
    telegram.fail("sendMessage", *[Failure("refuse", Refusal(429, "Too Many Requests", retry_after=1))] * 2)

    assert (await sender.deliver(CHAT, REMINDER)).kind == "sent"

    assert telegram.texts(CHAT) == ["Morgen 9.30"]
