"""``minidorp import`` and ``minidorp agenda --write``: shown first, written whole or not at all."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import app, settings
from bot.agenda.changes import to_data
from bot.agenda.model import Change
from bot.cli import commands
from bot.store import changes
from bot.store.database import Store
from tests.agenda.files import UNDATED

SHEET = (
    "titel;plek;wijk;datum;tijd;voor wie;leeftijd;thema\r\n"
    "Zingen;De bibliotheek;{wijk};8-6-2030;10.00 - 11.00 uur;Ouders;0-24 mnd;[b]Liedjes[/b]\r\n"
)


def minidorp(*words: object):
    return CliRunner().invoke(commands, [str(word) for word in words])


@pytest.fixture
def schedules(town: Path) -> Path:
    folder = town.parent / "schedules"
    for name, text in UNDATED.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def wijk(schedules: Path) -> str:
    (schedules.parent / "knowledge" / "neighbourhoods.yaml").write_text(
        "# yaml-language-server: $schema=schema/neighbourhoods.schema.json\ntown: Zwolle\nneighbourhoods:\n"
        "  - {id: stadshagen, name: Stadshagen, synonyms: [breecamp], postcodes: [8043], centre: [52.5371, 6.0511]}\n",
        encoding="utf-8",
    )
    return "Breecamp"


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_a_sheet_is_shown_and_only_written_when_asked(schedules: Path, wijk: str, tmp_path: Path) -> None:
    sheet, before = tmp_path / "agenda.csv", texts(schedules)
    sheet.write_text(SHEET.format(wijk=wijk), encoding="utf-8-sig")

    shown = minidorp("import", sheet)

    assert shown.exit_code == 0, shown.stderr
    assert "[b]Liedjes[/b]" in shown.stdout
    assert "+  - id: zingen" in shown.stdout
    assert "--write does it" in shown.stdout
    assert texts(schedules) == before

    assert minidorp("import", sheet, "--write").exit_code == 0
    assert "- id: zingen" in texts(schedules)["meetups.yaml"]
    assert "- id: de-bibliotheek" in texts(schedules)["places.yaml"]
    assert minidorp("check", schedules).exit_code == 0, minidorp("check", schedules).stderr
    assert "says all of this already" in minidorp("import", sheet, "--write").stdout


def test_a_sheet_with_mistakes_is_not_written_at_all(schedules: Path, tmp_path: Path) -> None:
    sheet, before = tmp_path / "agenda.csv", texts(schedules)
    sheet.write_text(SHEET.format(wijk="Zwol") + ";;;;;;;\r\nKoffie;De kantine;;31-2-2030;;;;\r\n", encoding="cp1252")

    refused = minidorp("import", sheet, "--write")

    assert refused.exit_code == 1
    assert "row 2, wijk: 'Zwol' is no wijk we know" in refused.stderr
    assert "row 4, datum" in refused.stderr.replace("dag_of_datum", "datum")
    assert texts(schedules) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [((), 2), (("--template", "--write"), 2), (("nergens.csv",), 1)],
    ids=["nothing", "both", "no file"],
)
def test_a_wrong_word_is_told(schedules: Path, words: tuple[str, ...], code: int) -> None:
    assert minidorp("import", *words).exit_code == code


def test_the_template_never_replaces_a_file(schedules: Path, tmp_path: Path) -> None:
    assert minidorp("import", "--template", tmp_path / "voorbeeld.csv").exit_code == 0
    assert minidorp("import", "--template", tmp_path / "voorbeeld.csv").exit_code == 1


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for a running bot: there is none."""
    monkeypatch.setattr(app, "RELOADED_AFTER_S", 0)


def keep(*told: Change) -> None:
    async def add() -> None:
        store = await Store.open(settings.read().database_url.get_secret_value())
        async with store.writing() as connection:
            for change in told:
                await changes.add(connection, change.meetup, change.on, change.kind, to_data(change), change.made_at)
        await store.close()

    asyncio.run(add())


def unwritten() -> int:
    return len(asyncio.run(app.changes_by_phone(settings.read())))


WEDNESDAY = date(2030, 6, 5)
MADE_AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_changes_by_phone_are_shown_asked_written_and_marked(schedules: Path, at_once: None) -> None:
    before = texts(schedules)
    keep(
        Change("koffie", WEDNESDAY, "cancelled", MADE_AT, reason={"nl": "Ziek."}),
        Change("weg", WEDNESDAY, "cancelled", MADE_AT, reason={"nl": "Ziek."}),
    )

    asked = minidorp("agenda", "--write")

    assert asked.exit_code == 0
    assert "+      - {day: 2030-06-05, reason: {nl: Ziek., en: Ziek.}}" in asked.stdout
    assert "Nothing is written" in asked.stdout
    assert (texts(schedules), unwritten()) == (before, 2)

    written = minidorp("agenda", "--write", "--yes")

    assert "kept: weg on 2030-06-05 (cancelled) is not written" in written.stdout
    assert "2030-06-05" in texts(schedules)["meetups.yaml"]
    assert unwritten() == 1
    assert minidorp("check", schedules).exit_code == 0


def test_killed_between_the_file_and_the_mark_it_is_written_once(
    schedules: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(Change("koffie", WEDNESDAY, "cancelled", MADE_AT, reason={"nl": "Ziek."}))

    async def killed(*_: object, **__: object) -> None:
        raise SystemExit(137)

    with monkeypatch.context() as patch:
        patch.setattr(app, "note_written", killed)
        assert minidorp("agenda", "--write", "--yes").exit_code == 137
    once = texts(schedules)
    assert unwritten() == 1

    assert minidorp("agenda", "--write", "--yes").exit_code == 0
    assert (texts(schedules), unwritten()) == (once, 0)
