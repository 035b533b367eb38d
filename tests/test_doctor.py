"""``minidorp doctor``: what is wrong and how to mend it, without changing anything."""

from __future__ import annotations

import pytest

from tests.knowledge.conftest import change
from tests.test_cli import minidorp

TOKEN = "654321:nobody-may-ever-read-this-token"


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setenv("MINIDORP_TOKEN", TOKEN)


def lines(output: str, mark: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith(mark)]


def test_an_installation_that_can_run_in_trial_is_well_and_told_what_live_mode_needs(town, token):
    result = minidorp("doctor")

    assert result.exit_code == 0, result.output
    assert len(lines(result.stdout, "✓")) == 3
    assert "0 of 2 answers are signed off" in result.stdout
    assert "sign-off of 2 of 2 warning signs" in result.stdout
    assert TOKEN.partition(":")[2] not in result.output


def test_nothing_is_made(town, token):
    before = sorted(town.parent.rglob("*"))

    minidorp("doctor")

    assert sorted(town.parent.rglob("*")) == before


def test_what_is_wrong_is_told_all_at_once_with_the_remedy(town, monkeypatch):
    change(town, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")
    (town.parent / "town.sqlite3").write_bytes(b"holiday photos" * 500)
    monkeypatch.setenv("MINIDORP_TOKEN", "the wrong line was copied")

    result = minidorp("doctor")

    told = " ".join(result.stdout.split())
    assert result.exit_code == 1
    assert len(lines(result.stdout, "✗")) == 3
    for part in ("MINIDORP_TOKEN looks like", "1 errors", "run 'minidorp check'", "is not a database"):
        assert part in told
    assert "the wrong line" not in told


def test_a_database_that_the_first_start_cannot_make_is_told(town, token, monkeypatch):
    (town.parent / "letter").touch()
    monkeypatch.setenv("MINIDORP_DATABASE_URL", f"sqlite:///{town.parent / 'letter' / 'town.db'}")

    result = minidorp("doctor")

    assert result.exit_code == 1
    assert "MINIDORP_DATABASE_URL" in result.stdout


def test_without_a_token_it_says_where_to_get_one(town):
    result = minidorp("doctor")

    assert result.exit_code == 1
    assert "@BotFather" in result.stdout
