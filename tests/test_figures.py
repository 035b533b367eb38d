"""The tables and pictures of docs/matching.md come from the figures, and the prose stays that of people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import drawing, figures, learning_curve
from benchmarks.learning_curve import Step
from bot.matching import evaluate, reliability
from bot.matching.decision import Candidate, Decision, Urgent
from bot.matching.evaluate import Row

STEPS = [Step(10, 10.0, 40, 0.4, 0.55), Step(None, 85.0, 300, 0.8, 0.95)]


@pytest.fixture
def told() -> dict:
    """What ``minidorp evaluate --json`` prints of three messages."""
    best = (Candidate("slapen-een", 0.92), Candidate("slapen-twee", 0.03))
    decided = [
        (Row("a", "slapen-een", style="messy"), Decision("answer", 0.92, best, "nl", answer="slapen-een")),
        (Row("b", "slapen-twee", "pl", "long"), Decision("answer", 0.92, best, "pl", answer="slapen-een")),
        (
            Row("c", "@urgent", sign="ademnood"),
            Decision("urgent", 1.0, best, "nl", urgent=Urgent("ademnood", "112", "certain")),
        ),
    ]
    return json.loads(
        json.dumps({
            "all": evaluate.as_json(evaluate.figures(decided)),
            **{
                group: {name: evaluate.as_json(found) for name, found in evaluate.grouped(decided, group).items()}
                for group in evaluate.GROUPS
            },
            "confusions": evaluate.confusions(decided),
            "decisions": evaluate.decisions(decided),
            "reliability": reliability.as_json(reliability.reliability(decided)),
        })
    )  # fmt: skip


def test_every_figure_has_its_line_and_the_weakest_group_stands_first(told):
    found = figures.tables(told)

    assert set(figures.NAMES) == set(told["all"])
    assert "the right answer comes first" in found["whole"]
    assert found["language"].index("Polish") < found["language"].index("Dutch")
    assert found["style"].index("long letters") < found["style"].index("typos")
    assert [cell.strip() for cell in found["sign"].splitlines()[2].split("|")[1:-1]] == [
        "ademnood", "100.0 %", "100.0 %", "100.0 %", "1",
    ]  # fmt: skip
    assert "slapen-twee" in found["confusions"]
    assert "Expected calibration error: 0.420." in found["reliability"]


def test_tables_take_their_place_again_and_again_and_the_prose_stays(tmp_path):
    document = tmp_path / "m.md"
    document.write_text("Before.\n\n<!-- a -->\n<!-- /a -->\n\nBetween.\n\n<!-- b -->\nold\n<!-- /b -->\nAfter.\n")

    for _ in range(2):
        figures.renew(document, {"a": "| new |", "b": r"\1"})

    assert document.read_text() == (
        "Before.\n\n<!-- a -->\n\n| new |\n\n<!-- /a -->\n\nBetween.\n\n<!-- b -->\n\n\\1\n\n<!-- /b -->\nAfter.\n"
    )


def test_a_place_that_is_gone_is_named_and_nothing_is_written(tmp_path):
    document = tmp_path / "m.md"
    document.write_text("<!-- a -->\n<!-- /a -->\n")

    with pytest.raises(ValueError, match="has no place <!-- b -->"):
        figures.renew(document, {"a": "x", "b": "y"})

    assert document.read_text() == "<!-- a -->\n<!-- /a -->\n"


def test_the_document_has_a_place_for_every_table_and_shows_both_pictures(told):
    text = figures.DOCUMENT.read_text(encoding="utf-8")

    for name in (*figures.tables(told), "baselines", "learning-curve"):
        assert f"<!-- {name} -->" in text
        assert f"<!-- /{name} -->" in text
    for picture in ("calibration.png", "learning-curve.png"):
        assert f"(figures/{picture})" in text
        assert (drawing.FIGURES / picture).is_file()


def test_the_table_of_methods_is_that_of_the_benchmark():
    report = "# x\n\n## Speed\n\n| what |\n\n## Beside simpler methods\n\nAll learn.\n\n| method |\n| --- |\n| BM25 |\n"

    assert figures.baselines(report) == "| method |\n| --- |\n| BM25 |"


def test_pictures_are_drawn_and_the_same_figures_give_the_same_file(told, tmp_path: Path):
    for name in ("one", "two"):
        drawing.calibration(told["reliability"]).savefig(tmp_path / f"{name}-calibration.png", **drawing.PNG)
        drawing.learning_curve(STEPS).savefig(tmp_path / f"{name}-curve.png", **drawing.PNG)

    for picture in ("calibration", "curve"):
        one, two = ((tmp_path / f"{name}-{picture}.png").read_bytes() for name in ("one", "two"))
        assert one[:4] == b"\x89PNG"
        assert one == two


def test_the_diagram_shows_the_bins_and_names_the_error(told):
    above, below = drawing.calibration(told["reliability"]).axes

    assert "ECE 0.420" in above.get_title(loc="left")
    assert [text.get_text() for text in below.texts] == ["2"]


def test_the_curve_ends_with_its_last_shares_and_the_mean_of_all_examples():
    [axes] = drawing.learning_curve(STEPS).axes

    assert [text.get_text() for text in axes.texts] == ["first three: 95 %", "first: 80 %"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["10", "85"]
    assert "all (85)" in learning_curve.as_table(STEPS)
