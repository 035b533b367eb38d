"""``minidorp run`` with something wrong: one sentence, the right exit code, nothing half-written, no secret told."""

from __future__ import annotations

import gc
import logging
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import app
from bot.agenda.model import Agenda
from bot.knowledge.check import load
from bot.telegram.redaction import QUIET
from tests.fake_telegram import FakeTelegram
from tests.knowledge.conftest import change
from tests.test_cli import minidorp, sentence
from tests.test_settings import SECRET, WRONG

TOKEN = "654321:nobody-may-ever-read-this-token"

Run = Callable[..., str]


@pytest.fixture(scope="module")
def telegram() -> Iterator[FakeTelegram]:
    """A server that does not know our token, so that a start which should have failed before fails here."""
    server = FakeTelegram().start()
    yield server
    server.stop()


@pytest.fixture
def logs_as_they_were() -> Iterator[None]:
    handlers = [(handler, list(handler.filters)) for handler in logging.getLogger().handlers]
    levels = [(name, logging.getLogger(name).level) for name in QUIET]
    resort = list(logging.lastResort.filters) if logging.lastResort else []
    yield
    for handler, filters in handlers:
        handler.filters[:] = filters
    for name, level in levels:
        logging.getLogger(name).setLevel(level)
    if logging.lastResort:
        logging.lastResort.filters[:] = resort


@pytest.fixture
def run(town: Path, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, logs_as_they_were: None) -> Run:
    """Run with these settings; return the sentence with which it ended."""

    def run(code: int, **settings: object) -> str:
        for name, value in {"TOKEN": TOKEN, "API_URL": telegram.url, **settings}.items():
            monkeypatch.setenv(f"MINIDORP_{name}", str(value))
        result = minidorp("run")
        assert TOKEN.partition(":")[2] not in result.output
        assert SECRET not in result.output
        return sentence(result, code)

    return run


@pytest.mark.parametrize(("wrong", "named"), WRONG)
def test_a_wrong_setting_ends_with_2_and_makes_nothing(run, town, wrong, named):
    before = sorted(town.parent.rglob("*"))

    assert named in run(2, **wrong)

    assert sorted(town.parent.rglob("*")) == before


@pytest.mark.parametrize("url", [
    pytest.param("town.db", id="no address"),
    pytest.param("mysql://me:S3cr3t with spaces@db/town", id="another kind of database"),
])  # fmt: skip
def test_a_database_address_that_is_none_ends_with_2(run, url):
    assert "MINIDORP_DATABASE_URL" in run(2, DATABASE_URL=url)


def test_a_folder_of_curated_files_that_is_not_there_ends_with_2(run, town):
    said = run(2, KNOWLEDGE=town / "elsewhere")

    assert "MINIDORP_KNOWLEDGE" in said
    assert str(town / "elsewhere") in said
    assert not (town.parent / "town.sqlite3").exists()


def test_curated_files_with_a_mistake_end_with_1_and_the_line(run, town):
    change(town, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")

    assert "knowledge/slapen.yaml:7: " in run(1)
    assert not (town.parent / "town.sqlite3").exists()


def test_a_file_that_is_missing_ends_with_1_and_its_name(run, town):
    (town / "warning-signs.yaml").unlink()

    assert "knowledge/warning-signs.yaml:1: is missing; put it back" in run(1)


def test_too_few_examples_end_with_1(run, town):
    for path in (town / "examples").iterdir():
        path.unlink()
    (town / "slapen.yaml").unlink()

    assert "example messages for fewer than two answers; add some" in run(1)


@pytest.mark.parametrize(("place", "said"), [
    pytest.param("knowledge", "cannot be opened (Is a directory)", id="a folder"),
    pytest.param("letter/town.db", "cannot be opened", id="below a file"),
    pytest.param("letter", "is not a database", id="something else"),
])  # fmt: skip
def test_a_database_that_cannot_be_used_ends_with_1_and_stays_as_it_was(run, town, place, said):
    (town.parent / "letter").write_bytes(b"Lieve Sanne, " * 400)

    sentence_said = run(1, DATABASE_URL=f"sqlite+aiosqlite:///{town.parent / place}")

    assert said in sentence_said
    assert "MINIDORP_DATABASE_URL" in sentence_said
    assert (town.parent / "letter").read_bytes() == b"Lieve Sanne, " * 400


def test_live_mode_before_anybody_signed_ends_with_1_and_what_is_missing(run, town):
    said = run(1, LIVE="true")

    assert "MINIDORP_LIVE" in said
    assert "sign-off of 2 of 2 warning signs" in said
    assert "at least one signed answer" in said
    assert "a checked_on date for numbers in helplines.yaml (112)" in said
    assert "MINIDORP_PRIVACY_CONTACT" in said
    assert not (town.parent / "town.sqlite3").exists()


def test_live_mode_is_content_with_a_contact(run):
    assert "PRIVACY_CONTACT" not in run(1, LIVE="true", PRIVACY_CONTACT="privacy@example.org")


def test_live_mode_asks_for_the_numbers_of_the_town(town):
    change(town, "helplines.yaml", "own_number: true", "local: true")

    assert "local numbers in helplines.yaml (huisarts)" in app.in_the_way_of_live(
        load(town), Agenda(), "privacy@example.org"
    )


def test_a_port_that_is_taken_ends_with_1(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "MINIDORP_WEB_PORT" in run(1, WEB_PORT=taken.getsockname()[1])


def test_a_token_that_telegram_does_not_know_ends_with_1(run):
    assert "MINIDORP_TOKEN is wrong or was withdrawn" in run(1)


def test_what_stays_for_good_is_kept_from_pythons_collector_so_that_nobody_waits_for_it(run):
    gc.unfreeze()

    run(1)

    assert gc.get_freeze_count() > 50_000
    gc.unfreeze()


def test_port_0_takes_any_port_that_is_free(run, caplog):
    caplog.set_level(logging.INFO)

    run(1, WEB_PORT=0)

    [port] = re.findall(r"127\.0\.0\.1:(\d+)/healthz", caplog.text)
    assert port not in ("0", str(app.DEFAULT_WEB_PORT))


def test_that_it_learns_from_the_examples_is_said_in_the_log_and_only_when_it_does(run, tmp_path, caplog):
    caplog.set_level(logging.INFO)

    run(1, CACHE=tmp_path / "cache")
    assert caplog.text.count("Learning from the examples") == 1

    caplog.clear()
    run(1, CACHE=tmp_path / "cache")
    assert "Learning from the examples" not in caplog.text
