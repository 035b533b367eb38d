"""``minidorp evaluate --calibrate``: what would change, and only with ``--write`` what does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.knowledge.check import load
from bot.matching.thresholds import Thresholds
from tests.test_cli import matched, minidorp, sentence


@pytest.fixture
def labels(town: Path) -> Path:
    """Questions that the small town answers, the wrong way round one time in ten, and messages not for it."""
    path = town.parent / "labels.jsonl"
    rows = [{"text": f"ze valt maar niet in slaap {n}", "gold": "slapen-twee"} for n in range(100)]
    rows += [{"text": f"hij wordt steeds wakker {n}", "gold": "slapen-twee"} for n in range(12)]
    rows += [{"text": f"hoe laat begint de wedstrijd {n}", "gold": "@none"} for n in range(40)]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path


def test_it_shows_old_and_new_and_what_changes_and_writes_nothing(town, labels):
    result = minidorp("evaluate", "--calibrate", labels)

    assert (result.exit_code, result.stderr) == (0, "")
    for shown in ("sharpness", "none_share", "why it stays", "direct_right_with_none", "ece", "152 messages"):
        assert shown in result.stdout
    assert "needs 50" in result.stdout
    assert not (town / "thresholds.yaml").exists()


def test_the_same_as_json(labels):
    told = json.loads(minidorp("evaluate", "--calibrate", "--precision", "0.9", "--json", labels).stdout)

    assert told["targets"]["precision"] == 0.9
    assert told["messages"] == 152
    assert told["thresholds"]["loss"] == {
        "old": Thresholds().loss,
        "new": Thresholds().loss,
        "kept_because": "set by people, not from messages",
    }
    assert told["thresholds"]["sharpness"]["old"] == Thresholds().sharpness
    assert told["before"]["direct"]["of"] == told["after"]["direct"]["of"] == 112


def test_what_is_written_counts_from_the_next_start(town, labels):
    before = matched("ze valt maar niet in slaap vannacht")[0]

    result = minidorp("evaluate", "--calibrate", "--write", labels)

    written = load(town).thresholds
    assert "thresholds.yaml is written" in result.stderr
    assert written["sharpness"] != 6.0
    assert "sign_certain" not in written
    assert minidorp("check").stdout == "0 errors, 0 warnings\n"
    assert matched("ze valt maar niet in slaap vannacht")[0]["confidence"] != before["confidence"]
    again = json.loads(minidorp("evaluate", "--calibrate", "--json", labels).stdout)
    assert again["thresholds"]["sharpness"]["old"] == written["sharpness"]


def test_too_few_messages_are_one_sentence(town, labels):
    labels.write_text("\n".join(labels.read_text(encoding="utf-8").splitlines()[:7]), encoding="utf-8")

    said = sentence(minidorp("evaluate", "--calibrate", "--write", labels), 1)

    assert "needs 100 labelled questions that have an answer, and there are 7" in said
    assert not (town / "thresholds.yaml").exists()


def test_writing_without_calibrating_is_a_usage_error(labels):
    assert minidorp("evaluate", "--write", labels).exit_code == 2


def test_evaluate_tells_reliability_and_decisions_too(labels):
    told = json.loads(minidorp("evaluate", labels, "--json").stdout)
    table = minidorp("evaluate", labels).stdout

    assert sum(one["count"] for one in told["reliability"]["bins"]) == 152
    assert 0 <= told["reliability"]["ece"] <= 1
    assert sum(told["decisions"]["@none"].values()) == 40
    assert "Confidence (ECE" in table
    assert "Decided" in table
