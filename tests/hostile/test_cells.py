"""A coordinator's sheet with anything in its cells: every one is a remark with its place, never an error of ours."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

import pytest

from bot.agenda.check import load
from bot.agenda.importing import plan
from bot.agenda.spreadsheet import SpreadsheetError
from tests.agenda.files import TODAY, write_schedules
from tests.hostile.corpus import PIECES

COLUMNS = [
    "titel",
    "plek",
    "wijk",
    "dag_of_datum",
    "tijd",
    "herhaling",
    "start",
    "tot",
    "niet_in_vakantie",
    "voor_wie",
    "leeftijd",
    "kosten",
    "thema",
]
GOOD = (
    "Zingen",
    "De kantine",
    "",
    "8-6-2027",
    "10.00-11.00 uur",
    "",
    "",
    "",
    "",
    "Ouders",
    "0-24 mnd",
    "gratis",
    "Lied",
)


def sheet(*cells: str) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows([COLUMNS, cells])
    return written.getvalue().encode("utf-8", "surrogatepass")


@pytest.fixture
def agenda(tmp_path, knowledge):
    return load(write_schedules(tmp_path / "schedules"), knowledge, TODAY)


def test_a_good_row_is_planned_here(agenda, knowledge):
    assert len(plan(sheet(*GOOD), "agenda.csv", agenda, knowledge, TODAY).new_meetups) == 1


@pytest.mark.parametrize("kind", PIECES)
def test_no_cell_is_too_strange(kind, agenda, knowledge):
    for number, piece in enumerate(PIECES[kind] * 3):
        column = number % len(COLUMNS)
        for data in (sheet(*GOOD[:column], piece * 50, *GOOD[column + 1 :]), sheet(*[piece] * len(COLUMNS))):
            with suppress(SpreadsheetError):
                for remark in plan(data, "agenda.csv", agenda, knowledge, TODAY).remarks:
                    assert "agenda.csv:" in remark.told("agenda.csv")
