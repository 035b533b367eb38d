"""Whether a whole message says that somebody comes, as parents type it."""

from __future__ import annotations

import pytest

from bot.agenda.attending import is_coming


@pytest.mark.parametrize("text", [
    "ik kom", "Ik kom!", "wij komen ook", "We komen graag", "ja ik kom morgen", "ik ben er ook bij", "wij zijn er bij",
    "wij zijn erbij hoor 😊", "ik kom met mijn dreumes", "komen ook gezellig!", "sorry ik kom toch wel",
    "I'm coming", "we're coming", "we will be there", "I'll be there tomorrow", "count me in", "coming!", "we can make it",
    "geliyorum", "Biz de geliyoruz", "evet, yarın geliriz", "geleceğim",
])  # fmt: skip
def test_these_come(text):
    assert is_coming(text) is True


@pytest.mark.parametrize("text", [
    "ik kom niet", "ik kom toch niet", "Helaas, we kunnen er niet bij zijn", "wij komen morgen niet", "kan niet, sorry",
    "ik kan morgen helaas niet", "nee ik kom niet", "we halen het morgen niet", "ik haal het niet vandaag", "jammer, ik ben er niet bij",
    "I can't come", "sorry we can't make it", "not coming after all", "we won't be there", "unfortunately I cannot come",
    "gelemiyorum", "maalesef gelemeyiz", "yarın gelemeyeceğim",
])  # fmt: skip
def test_these_stay_away(text):
    assert is_coming(text) is False


@pytest.mark.parametrize("text", [
    pytest.param("ik kom er niet uit", id="at a loss"),
    pytest.param("kan ik ook komen?", id="a question"),
    pytest.param("kan ik ook komen", id="a question without its mark"),
    pytest.param("can i come", id="a question in English"),
    pytest.param("mag ik met mijn baby langskomen", id="may I"),
    pytest.param("ik kom te laat", id="late"),
    pytest.param("mijn dreumes komt niet slapen", id="about the child"),
    pytest.param("hij kan niet slapen", id="cannot sleep"),
    pytest.param("ik kan niet meer", id="cannot go on"),
    pytest.param("ik kan het niet", id="cannot do it"),
    pytest.param("ik red het niet", id="cannot cope"),
    pytest.param("ik haal het niet", id="may be about more"),
    pytest.param("mijn kind haal het vandaag niet", id="about the child, in danger"),
    pytest.param("my baby coming", id="a birth"),
    pytest.param("nee", id="no"),
    pytest.param("ja leuk", id="yes"),
    pytest.param("ik kom bij de huisarts vandaan", id="came from elsewhere"),
    pytest.param("nee ik kom", id="both"),
    pytest.param("", id="nothing"),
    pytest.param("geliyorum mu", id="a question in Turkish"),
])  # fmt: skip
def test_these_say_something_else(text):
    assert is_coming(text) is None
