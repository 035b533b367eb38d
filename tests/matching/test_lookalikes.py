from __future__ import annotations

from bot.matching import lookalikes

TEXTS = [
    "mijn baby slaapt niet door",
    "hoeveel melk per dag",
    "mijn baby slaapt niet door!",
    "niet door slaapt mijn baby",
    "mijn hond slaapt niet door",
    "ja",
    "ja",
]


def test_messages_that_differ_by_a_letter_or_in_order_are_found_each_pair_once() -> None:
    pairs = {(pair.one, pair.other) for pair in lookalikes.within(TEXTS)}

    assert pairs == {(0, 2), (0, 3), (2, 3)}


def test_two_lists_are_compared_with_each_other_and_not_with_themselves() -> None:
    pairs = [(pair.one, pair.other) for pair in lookalikes.between(["hoeveel mellk per dag", "iets anders"], TEXTS)]

    assert pairs == [(0, 1)]


def test_a_long_list_is_compared_across_its_blocks() -> None:
    many = [f"bericht nummer {n} over {chr(97 + n % 26) * 5}" for n in range(600)]

    pairs = {
        (pair.one, pair.other)
        for pair in lookalikes.within([*many, "volstrekt eigen zin hier", "volstrekt eigen zin hier."])
    }

    assert (600, 601) in pairs
