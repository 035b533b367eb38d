"""``minidorp agenda``, and the agenda in ``check``, ``schema`` and ``doctor``."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import app, settings
from bot.agenda.changes import to_data
from bot.agenda.model import Change
from bot.reminders.forecast import Forecast
from bot.store import attendances, calendar_entries, changes
from bot.store.database import Store
from tests.agenda.files import FILES
from tests.conftest import ROOT
from tests.knowledge.conftest import change
from tests.test_cli import minidorp, sentence

DECEMBER = ("--from", "2026-12-01", "--to", "2026-12-31")


@pytest.fixture
def schedules(town: Path) -> Path:
    """The agenda of the town, with themes and changes of single dates."""
    folder = town.parent / "schedules"
    (folder / "meetups.yaml").write_text(FILES["meetups.yaml"], encoding="utf-8")
    return folder


def rows(*words: str) -> list[dict]:
    result = minidorp("agenda", "--json", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def phoned(*made: Change) -> None:
    async def keep() -> None:
        store = await Store.open(settings.read().database_url.get_secret_value())
        async with store.writing() as connection:
            for each in made:
                await changes.add(connection, each.meetup, each.on, each.kind, to_data(each), each.made_at)
        await store.close()

    asyncio.run(keep())


def test_rows_hold_what_the_contract_says(schedules):
    themed, cancelled, moved = rows(*DECEMBER)

    assert {name: themed[name] for name in ("meetup", "uid", "starts_at", "ends_at", "status", "theme", "place")} == {
        "meetup": "koffie", "uid": "koffie@2026-12-02", "starts_at": "2026-12-02T09:30:00+01:00",
        "ends_at": "2026-12-02T11:30:00+01:00", "status": "planned", "theme": "Zingen", "place": "kantine",
    }  # fmt: skip
    assert (themed["neighbourhood"], themed["summary"], themed["confirmed"]) == ("stadshagen", "Koffie", False)
    assert (cancelled["status"], cancelled["reason"]) == ("cancelled", "De kantine is dicht.")
    assert (moved["status"], moved["starts_at"], moved["place"]) == ("moved", "2026-12-17T10:00:00+01:00", "school")


def test_what_was_changed_by_phone_is_in_it(schedules):
    phoned(
        Change("koffie", date(2026, 12, 2), "cancelled", datetime(2026, 12, 1, tzinfo=UTC), reason={"nl": "Ziek."}),
        Change("koffie", date(2026, 12, 9), "restored", datetime(2026, 12, 1, tzinfo=UTC)),
    )

    assert [(row["status"], row["reason"]) for row in rows(*DECEMBER)] == [
        ("cancelled", "Ziek."), ("planned", None), ("moved", "Een feest."),
    ]  # fmt: skip
    table = minidorp("agenda", *DECEMBER).stdout
    assert table.count("changed by phone") == 2
    assert table.index("Wed 02 Dec") < table.index("Wed 09 Dec") < table.index("Thu 17 Dec")


def test_of_one_to_four_who_get_a_message_no_figure_is_told(schedules, monkeypatch):
    async def to_come(_settings, occurrences):
        due_at = datetime(2026, 12, 1, tzinfo=UTC)
        return {one.uid: [Forecast("hours", due_at, people) for people in (0, 1, 4, 5)] for one in occurrences}

    monkeypatch.setattr(app, "forecasts", to_come)

    [told, *_] = rows(*DECEMBER)

    assert [one["people"] for one in told["deliveries"]] == [0, None, None, 5]


def test_no_database_is_made(schedules):
    rows(*DECEMBER)

    assert not list(schedules.parent.glob("*.sqlite3*"))


def test_the_table_shows_what_people_need(schedules):
    table = minidorp("agenda", *DECEMBER).stdout

    for part in (
        "2026-12-01 – 2026-12-31",
        "09:30-11:30",
        "Zingen",
        "cancelled",
        "moved",
        "De school",
        "not confirmed",
    ):
        assert part in table
    assert "no meetings" in minidorp("agenda", "--from", "2027-07-10", "--to", "2027-07-20").stdout


@pytest.mark.usefixtures("no_settings")
@pytest.mark.parametrize(("wijk", "meetups"), [
    ("dieze", {"ontmoed-springplank", "ontmoed-vlasakkers"}),
    ("Diezerpoort", {"ontmoed-springplank", "ontmoed-vlasakkers"}),
    ("Zwolle-Zuid", {"kindercafe-schellerhoeve"}),
    ("berkum", set()),
])  # fmt: skip
def test_a_wijk_is_found_by_its_id_name_or_synonym(wijk, meetups, knowledge, monkeypatch, tmp_path):
    monkeypatch.setattr(app, "curated", lambda _settings: knowledge)
    monkeypatch.setenv("MINIDORP_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")

    assert {row["meetup"] for row in rows("--from", "2027-03-01", "--to", "2027-03-31", "--wijk", wijk)} == meetups


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--from", "2027-01-01", "--to", "2026-01-01"), "choose another", id="the wrong way around"),
        pytest.param(("--from", "2027-01-01", "--to", "9999-12-31"), "within three years", id="for ever"),
        pytest.param(("--wijk", "mars"), "'mars' is no neighbourhood", id="an unknown wijk"),
    ],
)
def test_a_wrong_word_ends_with_2(town, words, said):
    assert said in sentence(minidorp("agenda", *words), 2)


def test_a_day_that_does_not_exist_ends_with_2(town):
    assert minidorp("agenda", "--from", "2027-02-30").exit_code == 2


def test_an_agenda_with_a_mistake_ends_with_1_and_the_line(schedules):
    change(schedules, "meetups.yaml", "elke woensdag", "ooit")

    assert "meetups.yaml:10: 'ooit' is not understood" in sentence(minidorp("agenda"), 1)
    assert "meetups.yaml:10: 'ooit' is not understood" in minidorp("check").stderr
    assert "1 errors" in " ".join(minidorp("doctor").stdout.split())


def test_a_folder_that_is_not_there_ends_with_2(town, monkeypatch):
    monkeypatch.setenv("MINIDORP_SCHEDULES", str(town / "elsewhere"))

    assert "MINIDORP_SCHEDULES is wrong" in sentence(minidorp("agenda"), 2)


def test_check_looks_at_one_folder_when_it_is_named(town):
    schedules = town.parent / "schedules"
    change(schedules, "team.yaml", "telegram_id: 2", "telegram_id: 1")
    change(town, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")

    def files(*words: object) -> set[str]:
        return {line.partition(":")[0] for line in minidorp("check", *words).stderr.splitlines()}

    assert files(town) == {"knowledge/slapen.yaml"}
    assert files(schedules) == {"schedules/team.yaml"}
    assert files() == {"knowledge/slapen.yaml", "schedules/team.yaml"}


def test_schema_writes_those_of_both_folders(town):
    written = minidorp("schema").stdout.splitlines()

    assert {Path(path).parent for path in written} == {town / "schema", town.parent / "schedules" / "schema"}
    for path in (town.parent / "schedules" / "schema").iterdir():
        assert path.read_text(encoding="utf-8") == (ROOT / "schedules" / "schema" / path.name).read_text(
            encoding="utf-8"
        )


def test_live_mode_asks_for_confirmed_places_and_meetings(town):
    chosen = settings.read()
    agenda = app.schedules(chosen, app.curated(chosen)).agenda

    missing = app.in_the_way_of_live(app.curated(chosen), agenda, None)

    assert "a confirmed_on date for places (kantine, school)" in missing
    assert "a confirmed_on date for meetings (koffie)" in missing


def test_a_meeting_that_is_gone_while_people_count_on_it_is_told_beside_the_agenda_and_by_the_doctor(schedules):
    async def come() -> None:
        store = await Store.open(settings.read().database_url.get_secret_value())
        starts_at = datetime(2099, 1, 7, 8, 30, tzinfo=UTC)
        async with store.writing() as connection:
            await attendances.come(connection, 7, "koffie@2099-01-07", starts_at, None, datetime.now(UTC))
            seen = calendar_entries.Seen("koffie@2099-01-07", "0", "planned", starts_at)
            await calendar_entries.note(connection, [seen], datetime.now(UTC))
        await store.close()

    asyncio.run(come())
    told = (
        "In the agenda there is no longer: 'Coffee' of Wednesday 7 January 9:30 (people who said to come: fewer than 5)"
    )

    result = minidorp("agenda", *DECEMBER)

    assert result.exit_code == 0
    assert result.stderr.startswith(f"warning: {told}. Put it back in meetups.yaml")
    assert told in " ".join(minidorp("doctor", "--offline").stdout.split())
