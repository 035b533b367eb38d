"""What comes in is made fit to be read and kept, whatever it is; and danger is seen through all of it."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.conversation import buttons
from bot.matching.clean import LONGEST_MESSAGE, MAX_CHARACTERS, clean, sentences, tidy
from bot.matching.two_questions import parts
from bot.telegram.redaction import HIDDEN, Redaction
from bot.telegram.rendering import LONGEST_DATA_BYTES
from tests.examples import examples
from tests.hostile.corpus import HIDDEN_DANGER, PIECES
from tests.hostile.strategies import data, texts

QUICK = settings(max_examples=examples(150), deadline=None, database=None)
HELD_DOWN = "a letter held down"


@QUICK
@given(texts)
@example("¯0 " * LONGEST_MESSAGE)
def test_what_is_tidied_can_be_kept_and_shown(text):
    tidied = tidy(text)

    tidied.encode()
    assert "\x00" not in tidied
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", tidied)
    assert not re.search(r"[^\S\n]{2}", tidied)
    assert len(tidied) <= LONGEST_MESSAGE
    assert len(unicodedata.normalize("NFKC", tidied)) <= LONGEST_MESSAGE


@QUICK
@given(texts)
def test_what_is_compared_is_bounded_and_visible(text):
    cleaned = clean(text)

    assert len(cleaned) <= MAX_CHARACTERS
    assert not re.search("[\u00ad\u200b-\u200f\ufeff]", cleaned)
    assert not re.search(r"(\S)\1{3}", cleaned)
    assert sum(map(len, sentences(cleaned))) <= MAX_CHARACTERS
    assert sum(map(len, parts(text)[0])) <= MAX_CHARACTERS


@QUICK
@given(st.sampled_from([piece for kind in ("emoji", "scripts", "ages") for piece in PIECES[kind]]))
def test_what_people_do_type_stays_as_it_is(piece):
    assert tidy(piece) == piece


@QUICK
@given(data)
def test_a_press_says_only_what_a_button_could(sent):
    pressed = buttons.read(sent)

    told = ":".join((pressed.action, *pressed.values))
    assert told in (sent, "")
    assert len(told.encode()) <= LONGEST_DATA_BYTES
    assert "\x00" not in told


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HIDDEN_DANGER.items()])
def test_danger_is_seen_however_it_is_typed(matcher, text):
    decision = matcher.decide(text)

    assert decision.urgent is not None
    assert decision.urgent.zone == ("possible" if text == HIDDEN_DANGER[HELD_DOWN] else "certain")


@pytest.mark.parametrize(("typed", "read"), [
    pytest.param("stuiр", "stuip", id="a Cyrillic letter in a Latin word"),
    pytest.param("дитинi", "дитині", id="a Latin letter in a Cyrillic word"),
    pytest.param("h e l p nu", "h e l p nu", id="four letters apart may be words"),
    pytest.param("h e l p e n", "helpen", id="five are one word"),
    pytest.param("k" + "\u0336" * 20 + "oorts", "koorts", id="a heap of marks"),
    pytest.param("e\u0301e\u0301n", "één", id="an accent stays"),
    pytest.param("1\u3000kind", "1 kind", id="another space"),
])  # fmt: skip
def test_letters_that_look_alike_are_alike(typed, read):
    assert clean(typed) == read


def test_the_log_hides_a_token_among_any_digits():
    hide = Redaction().hide

    assert hide("1" * 5000 + ":" + "a" * 35) == HIDDEN
    assert hide("1" * 20_000) == "1" * 20_000
