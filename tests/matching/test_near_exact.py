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


def test_known_texts_are_the_same_after_they_were_kept_as_arrays() -> None:
    kept = KnownTexts.from_arrays("known", KNOWN.arrays("known"))

    assert kept.labels == KNOWN.labels
    assert kept.counted.keys == KNOWN.counted.keys
    assert kept.label_of("mijn kint heeft koorts") == "koorts"


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    arrays = KNOWN.arrays("known")
    arrays["known_label_of"] = arrays["known_label_of"][1:]

    with pytest.raises(ValueError, match="not as many labels"):
        KnownTexts.from_arrays("known", arrays)
