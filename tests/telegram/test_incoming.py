"""Every kind of message is understood for what it is."""

from __future__ import annotations

import pytest
from telegram import Bot

from bot.conversation.message import Message
from bot.store.locks import PLANNING
from bot.telegram.incoming import app_language_of, chat_of, incoming, is_wanted, read, sender_of
from tests.fake_telegram import updates

BOT = Bot("1:TOKEN")
PRESS_IN_A_GROUP = updates.press("1", updates.message(-5, "?", kind="group"), "x")


def heard(kind: str, content: dict) -> Message | None:
    update = read({"update_id": 1, kind: content}, BOT)
    assert update is not None
    return incoming(update)


@pytest.mark.parametrize(("text", "expected"), [
    pytest.param("mn kind slaapt niet", Message("text", "mn kind slaapt niet", language="nl"), id="words"),
    pytest.param("/start", Message("command", command="start", language="nl"), id="a command"),
    pytest.param("/Start@minidorp_bot", Message("command", command="start", language="nl"), id="addressed"),
    pytest.param("/start wijk-dieze nu", Message("command", "wijk-dieze nu", "start", language="nl"), id="arguments"),
    pytest.param("/help\nslapen", Message("command", "slapen", "help", language="nl"), id="on the next line"),
    pytest.param("/ help", Message("text", "/ help", language="nl"), id="a slash alone is no command"),
    pytest.param("1/2 fles", Message("text", "1/2 fles", language="nl"), id="a slash inside is no command"),
])  # fmt: skip
def test_what_was_typed(text, expected):
    assert heard("message", updates.message(1, text)) == expected


@pytest.mark.parametrize(("content", "kind"), [
    ("photo", "photo"), ("voice", "voice"), ("video", "video"), ("video_note", "video"), ("animation", "video"),
    ("audio", "file"), ("document", "file"), ("sticker", "sticker"), ("location", "location"),
    ("venue", "location"), ("contact", "contact"), ("poll", "poll"), ("dice", "other"),
])  # fmt: skip
def test_what_has_no_words_is_named_by_what_it_is(content, kind):
    where = (52.5, 6.1) if kind == "location" else None

    said = heard("message", updates.message(1, **updates.CONTENTS[content]))

    assert said == Message(kind, language="nl", location=where)


def test_a_poll_of_an_older_telegram_is_still_a_poll():
    content = updates.message(1, poll={"id": "1", "question": "?", "options": []})

    assert heard("message", content) == Message("poll", language="nl")


def test_an_update_that_makes_no_sense_at_all_is_nothing():
    assert read({"update_id": 1, "message": {"text": "no chat, no date"}}, BOT) is None


def test_a_caption_is_the_text_of_a_photo():
    content = updates.message(1, **updates.CONTENTS["photo"], caption="is dit normaal?")

    assert heard("message", content) == Message("photo", "is dit normaal?", language="nl")


def test_a_changed_message_is_marked_as_changed():
    content = updates.message(1, "toch iets anders", edit_date=1_800_000_001)

    assert heard("edited_message", content) == Message("text", "toch iets anders", language="nl", edited=True)


def test_a_live_location_that_moves_is_no_message():
    content = updates.message(1, **updates.CONTENTS["location"], edit_date=1_800_000_001)

    assert heard("edited_message", content) is None


def test_a_press_brings_its_data():
    held = updates.message(1, "Wat wil je?")

    assert heard("callback_query", updates.press("9", held, "a:slapen")) == Message(
        "button", data="a:slapen", language="nl"
    )


@pytest.mark.parametrize(("code", "language"), [("pt-br", "pt"), ("TR", "tr"), ("zh-hans", "zh"), (None, None)])
def test_a_language_has_no_region(code, language):
    found = heard("message", updates.message(1, "hoi", language=code))

    assert found is not None
    assert found.language == language


@pytest.mark.parametrize(("update", "chat_id"), [
    pytest.param({"message": updates.message(5, "a")}, 5, id="a message"),
    pytest.param({"edited_message": updates.message(5, "a")}, 5, id="a changed one"),
    pytest.param({"callback_query": updates.press("1", updates.message(5, "a"), "x")}, 5, id="a press"),
    pytest.param({"callback_query": {"id": "1", "from": {"id": 5}}}, 5, id="a press without its message"),
    pytest.param({"my_chat_member": updates.membership(-5, "member")}, -5, id="a membership"),
    pytest.param({"message": {"chat": {"id": "5"}}}, None, id="an id that is no number"),
    pytest.param({"message": {"chat": {"id": 2**70}}}, None, id="an id that is too large to keep"),
    pytest.param({"message": {"chat": None}}, None, id="no chat"),
    pytest.param({"poll": {}}, None, id="something else"),
])  # fmt: skip
def test_the_chat_of_an_update_is_found_before_it_is_read(update, chat_id):
    assert chat_of(update) == chat_id


def test_a_press_by_nobody_is_not_read():
    press = updates.press("9", updates.message(5, "a"), "a:slapen")
    del press["from"]

    assert read({"update_id": 1, "callback_query": press}, BOT) is None


@pytest.mark.parametrize("kind", ["channel_post", "inline_query", "chat_member", "something_of_next_year"])
def test_other_kinds_are_not_wanted(kind):
    assert not is_wanted({"update_id": 1, kind: {}})


@pytest.mark.parametrize(("chat", "is_known"), [
    pytest.param(2**52 - 1, True, id="the largest that Telegram promises never to pass"),
    pytest.param(-(2**52 - 1), True, id="the same of a group"),
    pytest.param(2**52, False, id="more than Telegram has"),
    pytest.param(PLANNING, False, id="a number of our own locks"),
])  # fmt: skip
def test_ids_of_chats_have_52_bits_and_what_is_larger_comes_from_nobody(chat, is_known):
    update = {"update_id": 1, "message": updates.message(chat, "hoi")}

    assert chat_of(update) == (chat if is_known else None)
    assert (read(update, BOT) is not None) == is_known


@pytest.mark.parametrize(("update", "sender", "language"), [
    pytest.param({"message": updates.message(5, "hoi", language="tr")}, 5, "tr", id="typed"),
    pytest.param({"edited_message": updates.message(5, "hoi", language="pt-br")}, 5, "pt", id="changed"),
    pytest.param({"callback_query": updates.press("1", updates.message(5, "?"), "a:slapen")}, 5, "nl", id="pressed"),
    pytest.param({"callback_query": {**PRESS_IN_A_GROUP, "from": updates.person(5)}}, None, "nl",
                 id="pressed in a group"),
    pytest.param({"message": updates.message(-5, "hoi", kind="group")}, None, "nl", id="in a group"),
    pytest.param({"my_chat_member": updates.membership(5, "kicked", kind="private")}, None, None, id="left"),
    pytest.param({"message": {**updates.message(5, "hoi"), "from": {"id": 5, "language_code": 1.5}}}, 5, None,
                 id="in no language"),
    pytest.param({"message": {**updates.message(5, "hoi"), "from": "me"}}, None, None, id="from a word"),
    pytest.param({"message": "hoi"}, None, None, id="no message"),
])  # fmt: skip
def test_who_sent_what_is_not_read_and_in_which_language_their_app_is(update, sender, language):
    assert (sender_of(update), app_language_of(update)) == (sender, language)
