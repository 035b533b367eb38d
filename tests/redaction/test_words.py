"""Which words count as ordinary: those that several people use, and that are no names."""

from __future__ import annotations

import pytest
from babel import Locale

from bot.redaction.lists import either_way, listed, names
from bot.redaction.words import ordinary_words

MESSAGES = [
    "ben je wakker, vraagt ze aan Tobiasz in de mooie kamer", "gisteren zag Tobiasz een xylofoon in Zwolle",
    "slaapt ze wel in een andere kamer? ben benieuwd", "roos wil een kamer in zwolle en ben ik dan te streng",
    "de roos op zijn hoofd, is dat erg",
]  # fmt: skip


@pytest.fixture(scope="module")
def few(knowledge):
    examples = {"een": {"nl": MESSAGES + [f"ben {n} in zwolle" for n in range(20)], "tr": ["mutfak", "mutfak"]}}
    return ordinary_words(knowledge.model_copy(update={"examples": examples, "themes": ()}))


@pytest.mark.parametrize(
    ("word", "is_known"),
    [
        pytest.param("kamer", True, id="two people use it"),
        pytest.param("xylofoon", False, id="one does"),
        pytest.param("tobiasz", False, id="written with a capital within a sentence"),
        pytest.param("roos", False, id="a name that is a word"),
        pytest.param("ben", True, id="a name that is one of the commonest words"),
        pytest.param("zwolle", False, id="the town, however often it is named"),
    ],
)
def test_a_word_is_known_when_several_people_use_it_and_it_names_nobody(word, is_known, few):
    assert few.is_known(word, "nl") is is_known
    assert few.is_known(word, "tr") is is_known


def test_only_the_commonest_are_common(few):
    assert few.is_common("ben", "nl")
    assert not few.is_common("kamer", "nl")


def test_words_of_another_language_are_not_mixed_into_dutch(few):
    assert few.is_known("mutfak", "tr")
    assert not few.is_known("mutfak", "nl")


def test_the_list_of_months_is_the_one_of_babel():
    languages = ("nl", "en", "tr", "pl", "ar", "uk", "de", "fr", "es", "ru")
    every = [name for code in languages for name in Locale(code).months["format"]["wide"].values()]

    pattern = either_way("months").split("|")

    assert {name.lower() for name in every if len(name) > 2} <= set(pattern)


def test_the_lists_are_there_in_plain_letters():
    assert len(names()) > 6000
    assert {"sukru", "emma", "олена"} <= names()
    assert "heet" in listed("before a name")
    with pytest.raises(ValueError, match="nothing such"):
        listed("nothing such")
