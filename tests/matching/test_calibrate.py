"""Thresholds set from labelled messages: the loosest that keeps its target, told on messages that did not set it."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.check import load
from bot.matching import calibrate, evaluate
from bot.matching.calibrate import Read, Targets
from bot.matching.evaluate import EvaluationError, Row
from bot.matching.matcher import Matcher, Reading
from bot.matching.thresholds import Thresholds
from tests.knowledge.conftest import write_files
from tests.matching.test_matcher import Letters

OLD = Thresholds()
CLASSES = ("@none", "slapen-een", "slapen-twee")


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    """A small matcher, of which only the judging is used: what it reads is made up here."""
    folder = tmp_path_factory.mktemp("town")
    return Matcher.build(load(write_files(folder / "knowledge")), cache_folder=folder / "cache", embedder=Letters())


def reading(none: float = -1.0, one: float = -1.0, two: float = -1.0, danger: float = -9.0) -> Reading:
    """Return what was read of a message with these distances."""
    signs = {"ademnood": danger, "vermist": -9.0}
    return Reading(np.array([none, one, two], np.float32), None, signs, {}, "nl", None, None, is_readable=True)


def of(gold: str, readings: list[Reading], sign: str = "") -> list[tuple[Row, Reading]]:
    return [(Row(f"{gold} {number}", gold, sign=sign), one) for number, one in enumerate(readings)]


def spread(count: int, low: float, high: float) -> list[float]:
    return [float(value) for value in np.linspace(low, high, count)]


@pytest.fixture
def labelled() -> Read:
    """200 questions, of which those that lie near the other answer are wrong, and messages not for this bot."""
    surer = [reading(one=score) for score in spread(180, -0.8, 1.0)]
    wrong = [reading(two=score) for score in spread(20, -0.95, -0.75)]
    return of("slapen-een", surer + wrong) + of("@none", [reading(none=score) for score in spread(60, -0.5, 1.0)])


def precision(read: Read, matcher: Matcher, thresholds: Thresholds) -> float:
    percent = evaluate.figures([(row, matcher.judge(one, thresholds)) for row, one in read])
    return percent["direct_right_with_none"].percent or 0.0


def test_the_small_matcher_knows_the_classes_of_these_readings(matcher):
    assert {label for label, _ in matcher.chances(reading(), OLD)} == set(CLASSES)
    assert matcher.chances(reading(one=1.0), OLD)[0][0] == "slapen-een"


def test_the_lead_is_the_least_that_keeps_the_precision(matcher, labelled):
    new = calibrate.fitted(labelled, matcher, OLD, Targets(precision=0.97), ["lead"])

    assert precision(labelled, matcher, new) >= 97
    assert precision(labelled, matcher, replace(new, lead=new.lead - 0.02)) < 97


def test_a_higher_precision_asks_for_a_larger_lead(matcher, labelled):
    loose = calibrate.fitted(labelled, matcher, OLD, Targets(precision=0.93), ["lead"])
    strict = calibrate.fitted(labelled, matcher, OLD, Targets(precision=1.0), ["lead"])

    assert loose.lead < strict.lead


def test_a_target_out_of_reach_leaves_the_threshold_as_it_was(matcher):
    always_wrong = of("slapen-een", [reading(two=1.0)] * 120)

    assert calibrate.fitted(always_wrong, matcher, OLD, Targets(), ["lead"]) == OLD


def test_few_enough_questions_are_refused(matcher):
    read = of("slapen-een", [reading(none=score, one=-0.5) for score in spread(200, -1.5, -0.4)])

    new = calibrate.fitted(read, matcher, OLD, Targets(questions_refused=0.05), ["none_share"])

    refused = [matcher.judge(one, new).kind == "none" for _, one in read]
    looser = [matcher.judge(one, replace(new, none_share=new.none_share - 0.02)).kind == "none" for _, one in read]
    assert sum(refused) <= 10 < sum(looser)


def test_the_sharpness_makes_confidence_mean_what_it_says(matcher):
    """Half of these are right whatever the distance says, so confidence must be no more than a half."""
    read = of("slapen-een", [reading(one=-0.5)] * 60 + [reading(two=-0.5)] * 60)

    new = calibrate.fitted(read, matcher, OLD, Targets(), ["sharpness"])

    assert new.sharpness == calibrate.SHARPNESSES[0]
    sure = of("slapen-een", [reading(one=-0.5)] * 120)
    assert calibrate.fitted(sure, matcher, OLD, Targets(), ["sharpness"]).sharpness == calibrate.SHARPNESSES[-1]


def test_danger_that_is_missed_lowers_the_possible_zone(matcher):
    read = of("@urgent", [reading(danger=score) for score in spread(100, -6.0, 0.0)], "ademnood")

    new = calibrate.fitted(read, matcher, OLD, Targets(urgent_caught=0.95), ["sign_possible"])

    assert -5.8 <= new.sign_possible <= -5.6
    assert sum(matcher.judge(one, new).urgent is not None for _, one in read) >= 95


def test_the_possible_zone_never_shrinks_by_itself(matcher):
    read = of("@urgent", [reading(danger=1.0)] * 100, "ademnood")

    assert calibrate.fitted(read, matcher, OLD, Targets(), ["sign_possible"]).sign_possible == OLD.sign_possible


def test_false_alarms_raise_the_certain_zone(matcher):
    read = of("@near-miss", [reading(danger=score) for score in spread(100, -1.0, 1.0)])

    new = calibrate.fitted(read, matcher, OLD, Targets(near_miss_certain=0.05), ["sign_certain"])

    assert sum(matcher.judge(one, new).kind == "urgent" for _, one in read) <= 5
    assert 0.85 <= new.sign_certain <= 0.95
    assert new.sign_certain >= new.sign_possible


def test_what_has_too_few_messages_stays_and_says_why(matcher, labelled):
    found = calibrate.calibrate(labelled, matcher, OLD, Targets())

    assert found.kept["sign_possible"] == "needs 50 warning messages, there are 0"
    assert found.kept["route"] == "needs 30 routes, there are 0"
    assert found.kept["loss"] == "set by people, not from messages"
    assert {"lead", "sharpness", "none_share"} >= set(found.changed()) > set()
    assert asdict(found.new) | found.changed() == asdict(found.new)


def test_every_message_is_judged_once_before_and_once_after(matcher, labelled):
    found = calibrate.calibrate(labelled, matcher, OLD, Targets())

    for judged in (found.before, found.after):
        assert sorted(row.text for row, _ in judged) == sorted(row.text for row, _ in labelled)
    assert evaluate.figures(found.before)["direct"].of == 200


def test_no_message_is_judged_by_thresholds_that_it_set(matcher, labelled, monkeypatch):
    seen = []
    real = calibrate.fitted

    def watched(read, *rest):
        seen.append({row.text for row, _ in read})
        return real(read, *rest)

    monkeypatch.setattr(calibrate, "fitted", watched)

    calibrate.calibrate(labelled, matcher, OLD, Targets())

    everything = {row.text for row, _ in labelled}
    whole, *parts = seen
    assert whole == everything
    held_out = [everything - part for part in parts]
    assert sorted(text for part in held_out for text in part) == sorted(everything)


def test_too_few_questions_are_refused_in_one_sentence(matcher):
    with pytest.raises(EvaluationError, match="needs 100 labelled questions that have an answer, and there are 3; "):
        calibrate.calibrate(of("slapen-een", [reading()] * 3), matcher, OLD, Targets())


def test_a_matcher_takes_the_thresholds_of_the_town_and_those_it_is_given(tmp_path: Path):
    knowledge = load(write_files(tmp_path / "knowledge")).model_copy(update={"thresholds": {"lead": 0.3}})

    def built(**given: Thresholds) -> Matcher:
        return Matcher.build(knowledge, cache_folder=tmp_path / "cache", embedder=Letters(), **given)

    assert built().thresholds == replace(OLD, lead=0.3)
    assert built(thresholds=OLD).thresholds == OLD
    assert len(list((tmp_path / "cache").glob("*.npz"))) == 1


def test_a_decision_is_what_the_thresholds_make_of_a_reading(matcher):
    text = "ze valt maar niet in slaap"

    assert matcher.decide(text) == matcher.judge(matcher.read(text), matcher.thresholds)
    assert matcher.judge(matcher.read(text), replace(OLD, lead=1.0)).kind == "suggest"
