"""What a typed message asks of a meeting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.agenda.wish import read

TODAY = date(2027, 3, 31)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        pytest.param("op dinsdag", {1}, id="Dutch"),
        pytest.param("op Dinsdagochtend", {1}, id="a part of the day"),
        pytest.param("is er iets op wo of do?", {2}, id="abbreviated, after op only"),
        pytest.param("dinsdag of donderdag", {1, 3}, id="two days"),
        pytest.param("anything on Tuesdays?", {1}, id="English, plural"),
        pytest.param("salı günü", {1}, id="Turkish"),
        pytest.param("środa", {2}, id="Polish, with an accent"),
        pytest.param("za wat", set(), id="za is another word"),
    ],
)
def test_a_day_of_the_week_is_read(text: str, weekdays: set[int]) -> None:
    assert read(text, TODAY).weekdays == weekdays


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("is het vandaag open", 0, 0, id="today"),
        pytest.param("morgen", 1, 1, id="tomorrow"),
        pytest.param("overmorgen iets?", 2, 2, id="the day after"),
        pytest.param("deze week", 0, 4, id="the rest of this week"),
        pytest.param("volgende week", 5, 11, id="next week"),
        pytest.param("dit weekend", 3, 4, id="the weekend"),
        pytest.param("the day after tomorrow", 2, 2, id="English"),
    ],
)
def test_days_are_read_from_today_on(text: str, first: int, last: int) -> None:
    assert read(text, TODAY).days == (TODAY + timedelta(days=first), TODAY + timedelta(days=last))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("iets met zingen", "zingen", id="singing"),
        pytest.param("voor opa's en oma's", "opa", id="grandparents"),
        pytest.param("voor opas", "opa", id="without the apostrophe"),
        pytest.param("lekker buiten", "buiten", id="outside"),
        pytest.param("something with music", "zingen", id="English, for meetings told in Dutch"),
    ],
)
def test_a_topic_is_a_group_of_words(text: str, word: str) -> None:
    ((*words,),) = read(text, TODAY).topics

    assert word in words


@pytest.mark.parametrize(
    ("text", "postcode", "has_letters"),
    [
        pytest.param("8044AB", 8044, True, id="six signs"),
        pytest.param("8044 ab", 8044, True, id="with a space, in small letters"),
        pytest.param("ik woon in 8044", 8044, False, id="four digits"),
        pytest.param("8044 in de buurt", 8044, False, id="two letters that are a word"),
        pytest.param("in 0612345678", None, False, id="a telephone number is none"),
        pytest.param("1,8044", None, False, id="a decimal is none"),
        pytest.param("0044 ab", None, False, id="no postcode begins with a nought"),
    ],
)
def test_of_a_postcode_the_digits_are_read(text: str, postcode: int | None, has_letters: bool) -> None:
    asked = read(text, TODAY)

    assert (asked.postcode, asked.has_letters) == (postcode, has_letters)


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        pytest.param("op dinsdag", True, id="nothing else"),
        pytest.param("is er ook iets op dinsdag?", True, id="with small words"),
        pytest.param("iets met zingen, voor opa en oma", True, id="two topics"),
        pytest.param("mijn kind slaapt op dinsdag niet", False, id="a question with a day in it"),
        pytest.param("hij is bang buiten", False, id="a question with a topic in it"),
        pytest.param("is er iets", False, id="nothing is asked"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_it_is_told_whether_a_message_asks_nothing_else(text: str, is_whole: bool) -> None:
    assert read(text, TODAY).is_whole is is_whole
