"""Whether confidence means what it says."""

from __future__ import annotations

import pytest

from bot.matching.decision import Candidate, Decision
from bot.matching.evaluate import Row, class_of, decisions
from bot.matching.reliability import as_json, calibration_error, reliability


def decided(gold: str, score: float, kind: str = "suggest") -> tuple[Row, Decision]:
    return Row("x", gold), Decision(kind, score, (Candidate("slapen-een", score),), "nl")


def test_the_error_is_the_mean_distance_between_saying_and_being_right():
    rows = [decided("slapen-een", 0.95)] * 3 + [decided("slapen-twee", 0.95), decided("@none", 0.25)]

    bins = reliability(rows)

    assert [(found.count, found.right) for found in bins] == [(1, 0.0), (4, 0.75)]
    assert calibration_error(bins) == pytest.approx((1 * 0.25 + 4 * 0.20) / 5)


def test_certainty_falls_in_the_last_bin_and_other_messages_in_none():
    [found] = reliability([decided("slapen-een", 1.0), decided("@urgent", 1.0), decided("@meetups", 1.0)])

    assert (found.low, found.high, found.count) == (0.9, 1.0, 1)


def test_of_nothing_there_is_no_error():
    assert as_json(reliability([])) == {"ece": None, "bins": []}


@pytest.mark.parametrize(("row", "expected"), [
    pytest.param(Row("x", "slapen-een"), "question", id="an answer"),
    pytest.param(Row("x", "@meetups"), "route", id="a route"),
    pytest.param(Row("x", "@none"), "@none", id="nothing"),
    pytest.param(Row("x", "slapen-een", near_miss="ademnood"), "@near-miss", id="a question that looks like danger"),
])  # fmt: skip
def test_a_row_has_one_class(row, expected):
    assert class_of(row) == expected


def test_decisions_are_counted_by_class():
    found = decisions([decided("slapen-een", 0.9, "answer"), decided("slapen-een", 0.4), decided("@none", 0.1, "none")])

    assert list(found) == ["question", "@none"]
    assert found["question"] == {"answer": 1, "suggest": 1, "urgent": 0, "route": 0, "none": 0, "possible": 0}
