"""The bot as parents meet it, by polling: one process for all tests here."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.end_to_end.conftest import Program, free_port, health, new_chat
from tests.fake_telegram import updates


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module", autouse=True)
def program(matcher, telegram, tmp_path_factory, port):
    program = Program(tmp_path_factory.mktemp("polling"), telegram, WEB_PORT=port).wait_until_it_receives()
    yield program
    program.end()


def test_a_parent_is_welcomed_with_buttons(telegram):
    chat = new_chat()

    telegram.says(chat, "/start")
    telegram.wait_for_texts(1, chat)

    assert telegram.sent(chat)[-1]["reply_markup"]["inline_keyboard"]


def test_a_question_in_bad_dutch_gets_a_reply(telegram):
    chat = new_chat()

    telegram.says(chat, "mn kindje van 10 mnd slaapt nie door snachts <3")

    assert telegram.wait_for_texts(1, chat)


def test_every_button_of_the_welcome_is_answered(telegram):
    chat = new_chat()
    telegram.says(chat, "/start")
    telegram.wait_for_texts(1, chat)
    welcome = telegram.sent(chat)[-1]
    buttons = [button["callback_data"] for row in welcome["reply_markup"]["inline_keyboard"] for button in row]

    for data in buttons:
        before = _seen(telegram, chat)
        query_id = telegram.presses(welcome, data)
        telegram.wait_until(lambda before=before: _seen(telegram, chat) != before, f"a reply to {data}")
        telegram.wait_until(lambda query_id=query_id: telegram.world.queries[query_id], "the press to be confirmed")


def _seen(telegram, chat) -> list[object]:
    return [(message["text"], str(message.get("reply_markup"))) for message in telegram.sent(chat)]


@pytest.mark.parametrize("content", ["photo", "voice", "sticker", "location", "contact", "poll", "document", "dice"])
def test_what_has_no_words_gets_a_friendly_sentence(telegram, content):
    chat = new_chat()

    telegram.push("message", updates.message(chat, **updates.CONTENTS[content]))

    assert telegram.wait_for_texts(1, chat)


def test_a_group_hears_once_that_the_bot_works_in_private(telegram):
    telegram.push("my_chat_member", updates.membership(-77, "member"))
    telegram.says(-77, "/start", kind="group")
    telegram.says(-77, "wie gaat er mee naar de speeltuin?", kind="group")
    telegram.wait_for_texts(1, -77)
    _settle(telegram)

    assert len(telegram.sent(-77)) == 1


def test_messages_of_one_parent_are_answered_in_order(telegram):
    chat = new_chat()

    for text in ("/help", "/privacy", "/help"):
        telegram.says(chat, text)
    help_text, privacy, again = telegram.wait_for_texts(3, chat)

    assert help_text == again != privacy


def test_a_burst_that_telegram_refuses_is_answered_in_the_end(telegram):
    chats = [new_chat() for _ in range(30)]
    telegram.world.per_second = 12

    for chat in chats:
        telegram.says(chat, "/help")
    telegram.wait_until(lambda: all(telegram.sent(chat) for chat in chats), "everybody to be answered", 30)
    telegram.world.per_second = None

    assert [len(telegram.sent(chat)) for chat in chats] == [1] * 30


def test_a_parent_who_blocked_the_bot_stops_nobody(telegram):
    gone, here = new_chat(), new_chat()
    telegram.world.blocked.add(gone)

    telegram.says(gone, "/help")
    telegram.says(here, "/help")

    assert telegram.wait_for_texts(1, here)


def test_the_menu_is_there_in_dutch_and_english(telegram):
    telegram.wait_until(lambda: ("short_description", "en") in telegram.world.profile, "the descriptions")

    profile = telegram.world.profile
    assert profile["description", ""] != profile["description", "en"]
    assert "start" in {command["command"] for command in profile["commands", ""]}


def test_health_is_told(port):
    answer = health(port)

    told = answer.json()
    assert answer.status_code == 200
    assert (told["status"], told["database"], told["receiving"]) == ("ok", True, True)
    assert told["tick_age_s"] >= 0


def test_nothing_that_was_typed_is_in_the_log(telegram, program):
    chat = new_chat()
    telegram.says(chat, "onze Sterrelinde wil niet eten")
    telegram.wait_for_texts(1, chat)

    assert "Sterrelinde" not in program.output


def _settle(telegram) -> None:
    """Wait until what came before is handled: a private message that came later is answered."""
    chat = new_chat()
    telegram.says(chat, "/help")
    telegram.wait_for_texts(1, chat)


def test_what_happens_is_counted_without_a_word_or_a_chat(telegram, port):
    chat = 5_550_123_987
    before = measured(port)

    telegram.says(chat, "mijn zoontje heeft bultjes van de zwemles")
    telegram.says(chat, "/help")
    telegram.wait_for_texts(2, chat)
    telegram.wait_until(
        lambda: measured(port)["minidorp_reply_seconds_count"] == before["minidorp_reply_seconds_count"] + 2,
        "both to be counted",
    )

    after, text = measured(port), httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    messages = 'minidorp_updates_total{kind="message"}'
    assert after[messages] == before.get(messages, 0) + 2
    assert after["minidorp_replies_total"] >= before["minidorp_replies_total"] + 2
    decided = [
        sum(value for name, value in found.items() if name.startswith("minidorp_decisions_total"))
        for found in (before, after)
    ]
    assert decided[1] == decided[0] + 1
    assert after["minidorp_store_up"] == after["minidorp_receiving"] == 1
    assert 0 <= after["minidorp_tick_age_seconds"] < 60
    for secret in (str(chat), "bultjes", "zwemles", telegram.token.partition(":")[2]):
        assert secret not in text


def measured(port: int) -> dict[str, float]:
    lines = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_it_says_that_it_is_ready_and_with_which_files(port):
    answer = httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False)

    assert answer.status_code == 200
    told = answer.json()
    assert told["status"] == "ready"
    assert len(told["knowledge"]) == len(told["matcher"]) == 12


def test_the_log_of_a_program_is_json(program):
    lines = program.output.splitlines()

    assert lines
    for line in lines:
        assert set(json.loads(line)) <= {"time", "level", "logger", "message", "error"}
