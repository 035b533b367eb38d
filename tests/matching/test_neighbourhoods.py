"""The wijk that somebody names, as people type it."""

from __future__ import annotations

import pytest

from bot.knowledge.model import Knowledge, Neighbourhood
from bot.matching.neighbourhoods import find


@pytest.fixture
def wijken(knowledge: Knowledge) -> list[Neighbourhood]:
    return knowledge.neighbourhoods


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Dieze", "dieze"), ("diezerpoort", "dieze"), ("indische buurt", "dieze"), ("Aalanden", "aa-landen"),
        ("aa landen", "aa-landen"), ("Aa-landen", "aa-landen"), ("stadshaagen", "stadshagen"),
        ("stadshagn", "stadshagen"), ("stads hagen", "stadshagen"), ("breesicht", "stadshagen"),
        ("zwolle zuid", "zwolle-zuid"), ("Zwollezuid", "zwolle-zuid"), ("zuid", "zwolle-zuid"),
        ("schele", "zwolle-zuid"), ("holtenbroeck", "holtenbroek"), ("asendorp", "assendorp"), ("westenhlote", "westenholte"),
        ("berkem", "berkum"), ("kamperport", "kamperpoort"), ("wijthmen", "buitengebied"), ("wjithmen", "buitengebied"),
    ],
)  # fmt: skip
def test_a_wijk_is_known_by_its_names_and_with_typing_errors(
    typed: str, expected: str | None, wijken: list[Neighbourhood]
) -> None:
    found = find(f"is er iets in {typed}?", wijken)

    assert (found.neighbourhood.id if found else None) == expected


@pytest.mark.parametrize(
    "text",
    [
        "is er deze week iets", "die ze daar hebben", "wij wonen in zwolle", "zet de meldingen uit",
        "", "?!", "8044", "ze heeft maanden gehuild",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_wijk(text: str, wijken: list[Neighbourhood]) -> None:
    assert find(text, wijken) is None


def test_the_longest_name_counts_and_the_rest_is_left(wijken: list[Neighbourhood]) -> None:
    found = find("iets in aa-landen zuid op dinsdag", wijken)

    assert found is not None
    assert found.neighbourhood.id == "aa-landen"
    assert found.rest == "iets in zuid op dinsdag"
