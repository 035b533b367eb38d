from __future__ import annotations

import pytest

from bot.matching.near_exact import KnownTexts, nearest

KNOWN = KnownTexts.of(
    [
        ("mijn kind heeft koorts", "koorts"),
        ("mijn dochter van 3 slaapt niet door", "doorslapen"),
        ("hij praat nog niet goed", "praten"),
        ("help", "mens"),
    ]
)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        pytest.param("Mijn kind heeft KOORTS!", "koorts", id="capitals and punctuation"),
        pytest.param("heeft koorts mijn kind", "koorts", id="another order"),
        pytest.param("mijn kint heeft koorts", "koorts", id="a typing error"),
        pytest.param("mijn kind heeft geen koorts", None, id="a negation"),
        pytest.param("mijn dochter van 4 slaapt niet door", None, id="another number"),
        pytest.param("hij ademt niet goed", None, id="another verb"),
        pytest.param("help", None, id="too short to be sure"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_message_is_a_known_one_only_when_nothing_but_spelling_differs(text: str, label: str | None) -> None:
    assert KNOWN.label_of(text) == label


def test_the_wording_nearest_to_what_was_typed_is_named() -> None:
    assert nearest("slaapt niet", ["Hoeveel eten?", "Waarom slaapt mijn kind niet?"]) == "Waarom slaapt mijn kind niet?"
    assert nearest("slaapt niet", []) is None
