"""Markup, splitting and keyboards: whatever a reply holds, Telegram takes it, and nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.conversation.message import Button, Part, Reply
from bot.telegram.rendering import render
from bot.telegram.splitting import cut
from tests.examples import examples
from tests.fake_telegram.entities import parse_html

KINDS = ("title", "heading", "text", "more", "note")


def shown(reply: Reply) -> list[str]:
    return [parse_html(piece.html)[0] for piece in render(reply)]


def of(*parts: tuple[str, str]) -> Reply:
    return Reply(tuple(Part(kind, text) for kind, text in parts))


def test_each_kind_of_part_looks_different():
    [piece] = render(
        of(("title", "Slapen"), ("heading", "Heel gewoon"), ("text", "Wakker."), ("more", "Lang."), ("note", "ncj"))
    )

    assert piece.html == (
        "<b>Slapen</b>\n\n<b>Heel gewoon</b>\nWakker.\n<blockquote expandable>Lang.</blockquote>\n<i>ncj</i>"
    )


def test_what_a_parent_typed_is_never_markup():
    [piece] = render(of(("title", "<b>&amp;"), ("text", 'ik <3 </i> je & "jij" <script>')))

    text, entities = parse_html(piece.html)
    assert text == '<b>&amp;\n\nik <3 </i> je & "jij" <script>'
    assert [entity["type"] for entity in entities] == ["bold"]


def test_half_a_character_is_replaced_because_it_cannot_be_sent():
    [piece] = render(of(("text", "a\ud83db")))

    assert piece.html == "a?b"


def test_4096_signs_are_one_message_and_one_more_are_two():
    assert len(render(of(("text", "a" * 4096)))) == 1
    assert len(render(of(("text", "a" * (4096 + 1))))) == 2


def test_markup_and_escapes_do_not_count_but_gaps_do():
    assert len(render(of(("title", "&" * (4096 - 3)), ("text", "b")))) == 1
    assert len(render(of(("title", "&" * (4096 - 2)), ("text", "b")))) == 2


def test_emoji_count_as_telegram_counts_them():
    assert len(render(of(("text", "👶" * 4096)))) == 1


def test_a_part_that_does_not_fit_goes_to_the_next_message_whole():
    first, second = shown(of(("text", "a" * 3000), ("text", "b" * 3000)))

    assert (first, second) == ("a" * 3000, "b" * 3000)


def test_a_heading_goes_along_with_its_text():
    first, second = shown(of(("text", "a" * 4000), ("heading", "Wat kun je doen"), ("text", "b" * 200)))

    assert first == "a" * 4000
    assert second == "Wat kun je doen\n" + "b" * 200


def test_a_heading_above_a_text_of_two_messages_is_not_alone():
    first, _ = shown(of(("title", "Slapen"), ("text", "woord " * 1000)))

    assert first.startswith("Slapen\n\nwoord woord")


@pytest.mark.parametrize(("text", "room", "head", "tail"), [
    pytest.param("een\n\ntwee drie", 9, "een", "twee drie", id="between paragraphs"),
    pytest.param("een\ntwee drie", 9, "een", "twee drie", id="else between lines"),
    pytest.param("een twee drie", 9, "een twee", "drie", id="else between words"),
    pytest.param("eentweedrie", 4, "eent", "weedrie", id="else anywhere"),
    pytest.param("een twee", 3, "een", "twee", id="the gap itself takes no room"),
    pytest.param("aa👨‍👩‍👧", 5, "aa", "👨‍👩‍👧", id="never inside a family"),
    pytest.param("aae\u0301", 3, "aa", "e\u0301", id="never between a letter and its accent"),
])  # fmt: skip
def test_a_text_is_cut_at_the_widest_gap(text, room, head, tail):
    assert cut(text, room) == (head, tail)


def test_a_long_folded_part_stays_folded_in_every_piece():
    pieces = render(of(("more", "woord " * 2000)))

    assert len(pieces) == 3
    for piece in pieces:
        _, [entity] = parse_html(piece.html)
        assert entity["type"] == "expandable_blockquote"


def test_no_more_marked_parts_in_a_message_than_telegram_keeps():
    pieces = render(of(*[("note", "x")] * 250))

    assert [len(parse_html(piece.html)[1]) for piece in pieces] == [100, 100, 50]


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.text(max_size=300), st.integers(1, 60)), min_size=1, max_size=8))
def test_whatever_a_reply_holds_telegram_takes_it_and_every_word_arrives(parts):
    reply = of(*((kind, text * times) for kind, text, times in parts))
    if not any(part.text.strip() for part in reply.parts):
        with pytest.raises(ValueError, match="without words"):
            render(reply)
        return

    pieces = render(reply)

    for piece in pieces:
        text, entities = parse_html(piece.html)
        assert 1 <= len(text) <= 4096
        assert len(piece.html.encode()) <= 32_768
        assert len(entities) <= 100
    said = "".join("".join(part.text.split()) for part in reply.parts)
    arrived = "".join("".join(parse_html(piece.html)[0].split()) for piece in pieces)
    assert arrived == said.encode("utf-8", "replace").decode()


def test_buttons_are_under_the_last_message():
    reply = Reply(
        (Part("text", "a" * 5000),), ((Button("Ja", "yes"), Button("Nee", "no")), (), (Button("Terug", "back"),))
    )

    first, last = render(reply)

    assert first.keyboard is None
    rows = [[(button.text, button.callback_data) for button in row] for row in last.keyboard.inline_keyboard]
    assert rows == [[("Ja", "yes"), ("Nee", "no")], [("Terug", "back")]]


@pytest.mark.parametrize(("button", "problem"), [
    pytest.param(Button("Ja", "x" * 65), "carries 65 bytes", id="data that is too long"),
    pytest.param(Button("Ja", "ж" * 33), "carries 66 bytes", id="bytes are counted, not letters"),
    pytest.param(Button("Ja", ""), "carries 0 bytes", id="no data"),
    pytest.param(Button(" ", "x"), "has no words", id="no label"),
])  # fmt: skip
def test_a_button_that_telegram_would_refuse_is_an_error_that_says_why(button, problem):
    with pytest.raises(ValueError, match=problem):
        render(Reply((Part("text", "?"),), ((button,),)))


def test_64_bytes_fit_in_a_button():
    assert render(Reply((Part("text", "?"),), ((Button("Ja", "x" * 64),),)))[0].keyboard is not None


def test_a_location_is_asked_with_a_button_of_the_app_that_hides_after_one_press():
    [piece] = render(Reply((Part("text", "Waar ben je?"),), asks_location=("Deel", "Liever niet")))

    assert isinstance(piece.keyboard, ReplyKeyboardMarkup)
    assert piece.keyboard.one_time_keyboard
    [[share], [decline]] = piece.keyboard.keyboard
    assert (share.text, share.request_location) == ("Deel", True)
    assert (decline.text, decline.request_location) == ("Liever niet", None)


def test_that_button_goes_away_with_a_message_of_its_own():
    first, last = render(Reply((Part("text", "lijst"),), ((Button("Ja", "yes"),),), ends_location="Dank <je>."))

    assert (first.html, type(first.keyboard)) == ("Dank &lt;je&gt;.", ReplyKeyboardRemove)
    assert (last.html, type(last.keyboard)) == ("lijst", InlineKeyboardMarkup)


def test_a_reply_cannot_have_both_kinds_of_buttons():
    with pytest.raises(ValueError, match="ask for a location"):
        render(Reply((Part("text", "?"),), ((Button("Ja", "yes"),),), asks_location=("Deel", "Nee")))
