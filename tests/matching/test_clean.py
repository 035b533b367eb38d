from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.matching.clean import MAX_CHARACTERS, clean, one_line, plain_letters, sentences


def test_invisible_characters_and_other_spellings_of_a_letter_are_gone() -> None:
    assert clean("ﬁjn\u200b ｋｉｎｄ\u202e") == "fijn kind"


def test_a_text_that_grows_when_it_is_normalised_stays_within_bounds() -> None:
    assert len(clean("\ufdfa" * 5000)) <= MAX_CHARACTERS + 1


def test_half_a_character_is_dropped() -> None:
    assert clean("slaapt \ud800niet").encode() == b"slaapt niet"


def test_of_a_book_the_begin_and_the_end_are_kept() -> None:
    cleaned = clean("begin " + "x y " * 2000 + " slaapt niet?")

    assert cleaned.startswith("begin")
    assert cleaned.endswith("slaapt niet?")


def test_runs_of_one_letter_are_cut_to_three() -> None:
    assert clean("neeeeeeeee") == "neee"


def test_accents_and_capitals_make_no_difference() -> None:
    assert plain_letters("Één BABY") == "een baby"


def test_a_story_falls_apart_into_its_sentences() -> None:
    assert sentences("Hij viel. Nu suf!\nwat nu") == ["Hij viel.", "Nu suf!", "wat nu"]


@given(st.text(max_size=300))
def test_cleaning_never_fails_and_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)

    assert one_line(clean(once)) == one_line(once)
    assert all(isinstance(part, str) for part in sentences(once))
