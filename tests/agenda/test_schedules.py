"""The agenda of a running bot follows its files; a bad edit keeps the old one, and is told once."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.agenda import occurrences as dated
from bot.agenda.changes import from_data, to_data
from bot.agenda.model import Agenda, Change, Occurrence
from bot.agenda.schedules import Schedules
from bot.knowledge.mistakes import MistakesError
from bot.knowledge.model import Knowledge
from tests.knowledge.conftest import change

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DECEMBER = date(2026, 12, 1), date(2026, 12, 31)


@pytest.fixture
def schedules(folder: Path, knowledge: Knowledge) -> Schedules:
    return Schedules(folder, knowledge, NOW, timezone="Europe/Amsterdam", school_region="Noord")


def edit(folder: Path, name: str, before: str, after: str) -> None:
    """Change a file so that its moment of change differs, however coarse the clock of the disk is."""
    change(folder, name, before, after)
    status = (folder / name).stat()
    os.utime(folder / name, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))


def test_without_a_change_nothing_is_read_again(schedules: Schedules) -> None:
    before = schedules.agenda

    assert schedules.refresh(NOW) is None
    assert schedules.agenda is before


def test_a_good_edit_is_followed(schedules: Schedules, folder: Path) -> None:
    assert schedules.find("koffie@2026-12-02").theme == {"nl": "Zingen", "en": "Singing"}  # type: ignore[union-attr]
    assert schedules.occurrences(*DECEMBER)[0].theme

    edit(folder, "meetups.yaml", "nl: Zingen", "nl: Slapen")

    assert schedules.refresh(NOW) == []
    assert schedules.occurrences(*DECEMBER)[0].theme == {"nl": "Slapen", "en": "Singing"}
    assert schedules.refresh(NOW) is None


def test_a_bad_edit_keeps_the_old_agenda_and_is_told_once(schedules: Schedules, folder: Path) -> None:
    before = schedules.occurrences(*DECEMBER)

    edit(folder, "meetups.yaml", "elke woensdag", "ooit")

    (mistake,) = schedules.refresh(NOW) or ()
    assert mistake.line == 10
    assert schedules.refresh(NOW) is None
    assert schedules.occurrences(*DECEMBER) == before

    edit(folder, "meetups.yaml", "ooit", "elke donderdag")
    assert [mistake.level for mistake in schedules.refresh(NOW) or ()] != []
    edit(folder, "meetups.yaml", "elke donderdag", "elke woensdag")
    assert schedules.refresh(NOW) == []


def test_a_file_that_disappears_is_a_bad_edit(schedules: Schedules, folder: Path) -> None:
    (folder / "tips.yaml").unlink()

    assert [mistake.path.name for mistake in schedules.refresh(NOW) or ()] == ["tips.yaml"]
    assert schedules.agenda.tips


def test_the_same_question_is_computed_once_and_a_new_change_is_not_missed(schedules: Schedules) -> None:
    first = schedules.occurrences(*DECEMBER)

    assert schedules.occurrences(*DECEMBER) is first
    cancelled = schedules.occurrences(*DECEMBER, [Change("koffie", date(2026, 12, 2), "cancelled", NOW)])
    assert (first[0].status, cancelled[0].status) == ("planned", "cancelled")
    for day in range(1, 29):
        for month in range(1, 6):
            schedules.occurrences(date(2027, month, day), date(2027, month, day))
    assert schedules.occurrences(*DECEMBER) == first


def test_what_was_computed_while_the_files_were_read_is_not_remembered_for_the_new_ones(
    schedules: Schedules, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = dated.occurrences

    def slowly(agenda: Agenda, *asked: Any) -> list[Occurrence]:
        edit(folder, "meetups.yaml", "nl: Zingen", "nl: Slapen")
        assert schedules.refresh(NOW) == []
        return computed(agenda, *asked)

    monkeypatch.setattr(dated, "occurrences", slowly)
    schedules.occurrences(*DECEMBER)
    monkeypatch.undo()

    assert schedules.occurrences(*DECEMBER)[0].theme == {"nl": "Slapen", "en": "Singing"}


def test_a_bad_folder_does_not_start(folder: Path, knowledge: Knowledge) -> None:
    change(folder, "meetups.yaml", "elke woensdag", "ooit")

    with pytest.raises(MistakesError):
        Schedules(folder, knowledge, NOW, timezone="Europe/Amsterdam", school_region="Noord")


@pytest.mark.parametrize(
    "made",
    [
        Change("koffie", date(2026, 12, 2), "cancelled", NOW, reason={"nl": "Ziek.", "en": "Ill."}),
        Change("koffie", date(2026, 12, 2), "moved", NOW, starts_at=NOW, ends_at=NOW, place="school"),
        Change("koffie", date(2026, 12, 2), "theme", NOW, theme={"nl": "Zingen", "en": "Singing"}),
        Change("koffie", date(2026, 12, 2), "restored", NOW),
    ],
    ids=lambda made: made.kind,
)
def test_a_change_is_kept_as_plain_json_and_comes_back_the_same(made: Change) -> None:
    assert from_data(made.meetup, made.on, made.kind, to_data(made), made.made_at) == made
