"""Every figure in an answer is listed with what carries it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.knowledge import figures
from bot.knowledge.check import load
from tests.knowledge.conftest import change


def listed(folder: Path, language: str = "nl") -> list[tuple[str, str, tuple[str, ...]]]:
    knowledge = load(folder)
    found = figures.of_answer(knowledge.answer("slapen-een"), language, knowledge.helplines)
    return [(figure.block, figure.figure, figure.carried_by) for figure in found]


def write(folder: Path, normal: str, numbers: str = "", note: str = "") -> None:
    change(folder, "slapen.yaml", "Wakker worden is gewoon.", normal)
    if numbers:
        change(folder, "slapen.yaml", "- id: boek\n", f"- id: boek\n        numbers: [{numbers}]\n")
    if note:
        change(folder, "slapen.yaml", "related: [slapen-twee]", f"related: [slapen-twee]\n    review_note: {note}")


def test_nothing_real_is_without_a_source_or_the_reviewers_note(knowledge):
    found = [
        figure for answer in knowledge.answers() for figure in figures.of_answer(answer, "nl", knowledge.helplines)
    ]

    assert len(found) > 200
    assert [figure for figure in found if not figure.carried_by] == []


def test_no_digit_of_an_answer_is_left_out_of_the_list(knowledge):
    for answer in knowledge.answers():
        blocks = [text for _, text in answer.text["nl"].blocks()] + [passage.text["nl"] for passage in answer.by_age]
        written = set(re.findall(r"\d", " ".join(blocks)))

        found = figures.of_answer(answer, "nl", knowledge.helplines)

        assert set(re.findall(r"\d", " ".join(figure.figure for figure in found))) == written, answer.id


@pytest.mark.parametrize(("normal", "numbers", "note", "carriers"), [
    pytest.param("Dat duurt 5 uur.", '"5 uur"', "", ("boek",), id="a source that has it"),
    pytest.param("Dat duurt 5 weken.", '"5 uur"', "", ("boek",), id="a source that has it with another unit"),
    pytest.param("Dat duurt 5 uur.", "", "5 uur is uit het geheugen.", ("review_note",), id="the note"),
    pytest.param("Dat duurt 5 uur.", '"5 uur"', "5 uur klopt?", ("boek",), id="a source goes before the note"),
    pytest.param("Dat duurt 5 uur.", '"15 uur"', "2,5 en 5,5", (), id="a part of another figure is none"),
    pytest.param("Dat duurt 2,5 uur.", '"2.5 uur"', "", ("boek",), id="a decimal point or comma"),
])  # fmt: skip
def test_a_figure_is_carried_by(folder, normal, numbers, note, carriers):
    write(folder, normal, numbers, note)

    assert listed(folder)[0][2] == carriers


def test_a_telephone_number_is_carried_by_its_helpline(folder):
    assert listed(folder) == [("consult", "112", ("112",))]


def test_passages_by_age_are_listed_under_their_ages(folder):
    passage = "related: [slapen-twee]\n    by_age:\n      - {ages: [0, 6], text: {nl: Na 8 weken., en: After 8 weeks.}}"
    change(folder, "slapen.yaml", "related: [slapen-twee]", passage)

    assert ("by_age 0-6", "8", ()) in listed(folder)
    assert ("by_age 0-6", "8", ()) in listed(folder, "en")


@pytest.mark.parametrize(("main", "translated", "strangers"), [
    pytest.param("Tot 18 maanden.", "Before 16 months.", ["16"], id="another figure"),
    pytest.param("Tot 18 maanden.", "Before 18 months.", [], id="the same"),
    pytest.param("Tot 2,5 jaar.", "Before 2.5 years.", [], id="a decimal point or comma"),
    pytest.param("Om 20.00 uur.", "At 8 pm.", [], id="an hour of the evening"),
    pytest.param("Om 20.00 uur.", "At 8.", ["8"], id="an hour that could be of the morning"),
    pytest.param("Om 20.30 uur.", "At 8.30 p.m.", [], id="half an hour later"),
    pytest.param("Bel 112.", "Call 112 or 113.", [], id="telephone numbers are looked at elsewhere"),
    pytest.param("Na 8 weken of 2 maanden.", "After 2 months.", [], id="one that is left out"),
    pytest.param("In groep 8.", "In group 8 (age 11 or 12).", ["12"], id="the note explains one of two"),
])  # fmt: skip
def test_a_translation_has_no_figure_of_its_own(main, translated, strangers):
    assert figures.not_in(main, translated, "Soms 11 jaar.") == strangers
