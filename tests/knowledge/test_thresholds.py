"""thresholds.yaml: it may be absent, it is checked like any curated file, and it is replaced whole."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge import thresholds
from bot.knowledge.check import check, load
from bot.knowledge.model import ThresholdsSet
from bot.matching.thresholds import Thresholds

TODAY = date(2027, 3, 31)
FILE = """\
# yaml-language-server: $schema=schema/thresholds.schema.json
set_on: 2027-03-31
messages: 300
thresholds:
  lead: 0.7
  sharpness: 6
"""


def test_a_town_can_set_every_threshold_and_no_other() -> None:
    assert list(ThresholdsSet.model_fields) == [field.name for field in fields(Thresholds)]


def test_without_the_file_nothing_is_set(folder: Path) -> None:
    assert load(folder).thresholds == {}


def test_what_the_file_names_is_set_and_the_rest_left_open(folder: Path) -> None:
    (folder / "thresholds.yaml").write_text(FILE, encoding="utf-8")

    assert load(folder).thresholds == {"lead": 0.7, "sharpness": 6}


def test_what_is_written_is_read_without_a_mistake(folder: Path) -> None:
    thresholds.write(folder / "thresholds.yaml", {"lead": 0.55, "sign_possible": -0.6}, 240, TODAY)

    files, mistakes = check(folder)

    assert mistakes == []
    assert files.knowledge().thresholds == {"lead": 0.55, "sign_possible": -0.6}
    assert [path.name for path in folder.glob("thresholds*")] == ["thresholds.yaml"]


@pytest.mark.parametrize(("before", "after", "said"), [
    pytest.param("lead: 0.7", "lead: 1.7", ":5: thresholds.lead: is too large; it ends at 1", id="no chance"),
    pytest.param("lead: 0.7", "lead: veel", ":5: thresholds.lead: is not a number; write it as 0.62", id="a word"),
    pytest.param("lead: 0.7", 'lead: "0.7"', ":5: thresholds.lead: is not a number", id="text"),
    pytest.param("lead: 0.7", "leed: 0.7", ":5: thresholds.leed: nobody knows this field", id="a slip"),
    pytest.param("messages: 300\n", "", ":2: messages: is missing; add it", id="nobody says from what"),
    pytest.param("sharpness: 6", "sign_possible: 0.5\n  sign_certain: 0.1",
                 ":6: sign_possible (0.5) lies above sign_certain (0.1)", id="upside down"),
])  # fmt: skip
def test_a_mistake_is_told_with_its_line(folder: Path, before: str, after: str, said: str) -> None:
    (folder / "thresholds.yaml").write_text(FILE.replace(before, after), encoding="utf-8")

    [mistake] = check(folder)[1]

    assert said in mistake.told("en")
    assert "thresholds.yaml:" in mistake.told("nl")
