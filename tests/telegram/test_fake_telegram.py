"""The fake Bot API server is strict: what Telegram refuses it refuses, and it fails the test of whoever tried."""

from __future__ import annotations

import httpx
import pytest

from tests.fake_telegram import Failure, FakeTelegram, Refusal, updates
from tests.fake_telegram.entities import parse_html


@pytest.fixture
def telegram():
    server = FakeTelegram().start()
    server.world.chats[1] = "private"
    yield server
    server.stop()


@pytest.fixture
def call(telegram):
    client = httpx.Client(base_url=f"{telegram.url}/bot{telegram.token}/", trust_env=False)
    yield lambda method, **arguments: client.post(method, json=arguments)
    client.close()


def send(call, text="hoi", **more):
    return call("sendMessage", **{"chat_id": 1, "text": text, **more})


@pytest.mark.parametrize(("more", "description"), [
    pytest.param({"text": "a" * 4097}, "message is too long", id="too long"),
    pytest.param({"text": "a" + " " * 32_768}, "message is too long", id="too many bytes"),
    pytest.param({"text": " "}, "message text is empty", id="empty"),
    pytest.param({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty", id="empty but for markup"),
    pytest.param({"text": "<p>a</p>", "parse_mode": "HTML"}, "Unsupported start tag", id="a tag that is not known"),
    pytest.param({"text": "<b>a", "parse_mode": "HTML"}, "Can't find end tag", id="a tag that is not closed"),
    pytest.param({"text": "<b><i>a</b></i>", "parse_mode": "HTML"}, "Unexpected end tag", id="tags that cross"),
    pytest.param({"text": "a < b", "parse_mode": "HTML"}, "Unsupported start tag", id="a sign that is not escaped"),
    pytest.param({"chat_id": 2}, "chat not found", id="nobody there"),
    pytest.param({"reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
                 "Text buttons are unallowed", id="no action"),
    pytest.param({"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x", "url": "y"}]]}},
                 "Text buttons are unallowed", id="two actions"),
    pytest.param({"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}},
                 "BUTTON_DATA_INVALID", id="data of 66 bytes"),
])  # fmt: skip
def test_what_telegram_refuses_is_refused_and_noted(telegram, call, more, description):
    answer = send(call, **more)

    assert answer.status_code == 400
    assert description in answer.json()["description"]
    with pytest.raises(AssertionError, match="sendMessage"):
        telegram.check()


def test_a_blocked_bot_is_told_so_and_that_is_no_violation(telegram, call):
    telegram.world.blocked.add(1)

    assert send(call).status_code == 403
    telegram.check()


def test_an_edit_that_changes_nothing_is_refused(telegram, call):
    message_id = send(call).json()["result"]["message_id"]

    answer = call("editMessageText", chat_id=1, message_id=message_id, text="hoi")

    assert "message is not modified" in answer.json()["description"]


def test_a_press_is_confirmed_once(telegram, call):
    message = send(call).json()["result"]
    query_id = telegram.presses(message, "x")

    assert call("answerCallbackQuery", callback_query_id=query_id).status_code == 200
    assert call("answerCallbackQuery", callback_query_id=query_id).status_code == 400
    assert (
        call("answerCallbackQuery", callback_query_id="unknown")
        .json()["description"]
        .startswith("Bad Request: query is too old")
    )


def test_too_fast_is_429_with_the_time_to_wait_in_body_and_header(telegram, call):
    telegram.world.per_second = 2

    answers = [send(call) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["parameters"] == {"retry_after": 1}
    assert answers[2].headers["Retry-After"] == "1"


def test_an_offset_confirms_what_is_below_it(telegram, call):
    first, second = telegram.says(1, "a"), telegram.says(1, "b")

    def ids(**arguments):
        return [update["update_id"] for update in call("getUpdates", **arguments).json()["result"]]

    assert ids() == [first, second]
    assert ids(offset=second) == [second]
    assert ids() == [second]
    assert ids(offset=second + 1) == []


def test_nobody_polls_while_a_webhook_is_set(telegram, call):
    call("setWebhook", url="https://example.org/hook")

    assert call("getUpdates").status_code == 409


def test_another_token_is_nobody(telegram):
    assert httpx.post(f"{telegram.url}/bot1:x/getMe", trust_env=False).status_code == 401


def test_a_method_that_does_not_exist_is_a_violation(telegram, call):
    assert call("sendEverything").status_code == 404
    assert telegram.violations


@pytest.mark.parametrize(("commands", "description"), [
    pytest.param([{"command": "Start", "description": "x"}], "BOT_COMMAND_INVALID", id="a capital"),
    pytest.param([{"command": "start", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID", id="no words"),
    pytest.param([{"command": "a", "description": "x"}] * 101, "BOT_COMMANDS_TOO_MUCH", id="too many"),
])  # fmt: skip
def test_a_menu_has_limits(call, commands, description):
    assert description in call("setMyCommands", commands=commands).json()["description"]


def test_calls_fail_as_told_and_then_no_more(telegram, call):
    telegram.fail(
        "sendMessage",
        Failure("refuse", Refusal(500, "Internal Server Error")),
        Failure("status", status=502),
        Failure("reset"),
    )

    assert send(call).status_code == 500
    assert send(call).status_code == 502
    with pytest.raises(httpx.RemoteProtocolError):
        send(call)
    assert send(call).status_code == 200
    assert len(telegram.texts()) == 2


def test_entities_are_measured_in_utf16():
    text, entities = parse_html("👶 <b>&lt;é&#233;</b> <blockquote expandable>x</blockquote>")

    assert text == "👶 <éé x"
    assert entities == [
        {"type": "bold", "offset": 3, "length": 3},
        {"type": "expandable_blockquote", "offset": 7, "length": 1},
    ]


def test_a_command_is_marked_as_one():
    assert updates.message(1, "/start@minidorp_bot nu")["entities"] == [
        {"type": "bot_command", "offset": 0, "length": 19}
    ]


@pytest.mark.parametrize(("method", "arguments", "description"), [
    pytest.param("sendVenue", {"latitude": 91, "longitude": 6, "title": "a", "address": "b"},
                 "wrong location", id="a pin off the map"),
    pytest.param("sendVenue", {"latitude": 52, "longitude": 6, "title": " ", "address": "b"},
                 "title must be non-empty", id="a pin without a name"),
    pytest.param("sendVenue", {"latitude": 52, "longitude": 6, "title": "a"},
                 "address must be non-empty", id="a pin without an address"),
    pytest.param("sendDocument", {"document": "attach://x"}, "no document", id="a file that is not there"),
    pytest.param("editMessageText", {"message_id": 1, "text": "b", "reply_markup": {"remove_keyboard": True}},
                 "inline keyboard expected", id="an edit with buttons of the app"),
])  # fmt: skip
def test_pins_files_and_edits_have_limits_too(telegram, call, method, arguments, description):
    send(call)
    answer = call(method, chat_id=1, **arguments)

    assert answer.status_code == 400
    assert description in answer.json()["description"]
    assert telegram.violations


def test_a_location_can_be_asked_for_in_private_only(telegram, call):
    telegram.world.chats[-5] = "group"
    markup = {"keyboard": [[{"text": "Deel", "request_location": True}]]}

    assert send(call, reply_markup=markup).status_code == 200
    assert "private chats only" in send(call, chat_id=-5, reply_markup=markup).json()["description"]


@pytest.mark.parametrize(("size", "description"), [
    pytest.param(0, "file must be non-empty", id="empty"),
    pytest.param(50 * 1024 * 1024 + 1, "Too Large", id="more than 50 MB"),
])  # fmt: skip
def test_a_file_has_a_size(telegram, size, description):
    url, files = f"{telegram.url}/bot{telegram.token}/sendDocument", {"document": ("a.ics", b"x" * size)}
    # However busy the machine is: what answers is in this process.
    answer = httpx.post(url, data={"chat_id": 1}, files=files, trust_env=False, timeout=None)

    assert description in answer.json()["description"]
