"""Concepts are found whatever the language, the spelling or the place of a word in a longer one."""

from __future__ import annotations

import pytest

from bot.matching.concepts import PAIR_WORDS, Concepts

WORDS = {
    "speen": {"nl": "speen*, tut", "en": "dummy, dummies", "tr": "emzik*", "ar": "لهاية"},
    "nacht": {"nl": "nacht*", "uk": "вночі", "tr": "gece*"},
    "luier": {"nl": "*luier, luier*", "pl": "pieluch*"},
    "scherm": {"nl": "*scherm*"},
    "inslapen": {"nl": "val* in slaap", "tr": "uykuya dal*"},
    "bad": {"nl": "in bad"},
}


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return Concepts(WORDS)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("hij wil zijn tut", ["speen"], id="a whole word"),
        pytest.param("tutten", [], id="a whole word is no stem"),
        pytest.param("spenen en speentjes", ["speen"], id="a stem"),
        pytest.param("SPÉÉN", ["speen"], id="case and accents do not count"),
        pytest.param("emziği yok, emzik", ["speen"], id="Turkish, with a soft g that the stem does not have"),
        pytest.param(
            "gece uykuya dalamıyor", ["nacht", "inslapen", "inslapen nacht"], id="a phrase that ends in a stem"
        ),
        pytest.param("uykuya", [], id="half a phrase"),
        pytest.param("ze valt maar niet in slaap", [], id="a phrase with other words between is not that phrase"),
        pytest.param("ze valt in slaap", ["inslapen"], id="a phrase that begins with a stem"),
        pytest.param("de nachtluier", ["luier", "nacht", "luier nacht"], id="both parts of a compound"),
        pytest.param("beeldschermpje", ["scherm"], id="in the middle of a compound"),
        pytest.param("وباللهاية", [], id="two small words before an Arabic one are not taken off"),
        pytest.param("باللهاية", ["speen"], id="Arabic with a small word written on to it"),
        pytest.param("zo'n tut", ["speen"], id="an apostrophe parts words"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_word_names_its_concepts(concepts: Concepts, text: str, named: list[str]) -> None:
    assert concepts.named(text) == named


def test_a_concept_counts_as_often_as_it_is_named_and_a_pair_once(concepts: Concepts) -> None:
    assert concepts.named("tut, nacht, tut") == ["speen", "nacht", "speen", "nacht speen"]


def test_concepts_that_stand_far_apart_are_no_pair(concepts: Concepts) -> None:
    assert concepts.named("tut" + " en" * PAIR_WORDS + " nacht") == ["speen", "nacht"]
