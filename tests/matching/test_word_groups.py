"""Word groups see what must never be missed, and nothing that only sounds like it."""

from __future__ import annotations

import pytest

from bot.knowledge.model import Knowledge, WarningSign, Zone
from bot.matching.word_groups import WordGroups, temperatures


def sign(identifier: str, *groups: dict[str, object]) -> WarningSign:
    return WarningSign.model_validate(
        {
            "id": identifier,
            "level": "112",
            "title": {"nl": "x", "en": "x"},
            "reply": {"nl": "Bel 112.", "en": "Call 112."},
            "contacts": ["112"],
            "groups": groups,
        }
    )


SIGNS = [
    sign("adem", {"all": ["ademt ~ niet | geen lucht"], "without": "neus"}),
    sign("koorts", {"all": ["koorts | fever"], "fever": 38.0, "ages": [0, 2]}),
    sign("stuip", {"all": ["stuip* | *krampen"]}),
    sign("bewusteloos", {"all": ["bewusteloos", "kind | zoon"], "zone": "possible"}),
]
GROUPS = WordGroups(SIGNS, frozenset({"krampen", "bloemen", "koortsig"}))


@pytest.mark.parametrize(
    ("text", "age", "found"),
    [
        pytest.param("hij ademt opeens bijna niet", None, {"adem": "certain"}, id="words between"),
        pytest.param("ze krijgt geen lucht", None, {"adem": "certain"}, id="a phrase with its own negation"),
        pytest.param("geen lucht door zijn neus", None, {}, id="a blocking word"),
        pytest.param("ademt heel rustig en mooi en wil niet slapen", None, {}, id="too many words between"),
        pytest.param("koorts 38,5 bij mijn baby van 6 weken", None, {"koorts": "certain"}, id="age and degrees in the text"),
        pytest.param("koorts 38,5", 1, {"koorts": "certain"}, id="age from the profile"),
        pytest.param("koorts 38,5", None, {}, id="age unknown"),
        pytest.param("koorts 37,9", 1, {}, id="not hot enough"),
        pytest.param("koorts 38,5 bij mijn kind van 2 jaar", 1, {}, id="the text's age wins"),
        pytest.param("geen koorts maar 38,0 gemeten", 1, {}, id="a negation just before"),
        pytest.param("ze heeft een stuiptrekking", None, {"stuip": "certain"}, id="a stem"),
        pytest.param("buikkrampen", None, {"stuip": "certain"}, id="an ending"),
        pytest.param("mijn kind is bewustelos", None, {"bewusteloos": "possible"}, id="a typing error"),
        pytest.param("bewusteloos staat in de krant. mijn kind leest", None, {}, id="two sentences"),
    ],
)  # fmt: skip
def test_a_group_is_found_or_not(text: str, age: int | None, found: dict[str, Zone]) -> None:
    assert GROUPS.matches([part for part in text.split(". ") if part] if ". " in text else [text], age) == found


def test_body_temperatures_are_read_and_other_numbers_are_not() -> None:
    assert temperatures("39,2 en 40 graden, 12 kg, 44 weken") == [39.2, 40.0]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        pytest.param("Unsere Tochter hatte gerade einen Krampfanfall", "stuip", id="German"),
        pytest.param("córka ma drgawki", "stuip", id="Polish"),
        pytest.param("kızım nöbet geçiriyor", "stuip", id="Turkish"),
        pytest.param("малюк не дихає", "ademnood", id="Ukrainian"),
        pytest.param("ابني ما بيتنفس", "ademnood", id="Arabic"),
        pytest.param("mon bébé est évanoui", "bewusteloos", id="French"),
        pytest.param("mi hija se tragó unas pastillas", "vergiftiging", id="Spanish"),
    ],
)
def test_the_plainest_words_of_danger_bring_at_least_a_line_in_every_language(
    knowledge: Knowledge, text: str, sign: str
) -> None:
    groups = WordGroups(knowledge.signs, frozenset(), knowledge.word_sets)

    assert sign in groups.matches([text], None)
