"""``minidorp doctor``: what is wrong and how to mend it, without changing anything."""

from __future__ import annotations

import asyncio
import re
import resource
import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.findings import LITTLE_MIB
from bot.store import heartbeats
from bot.store.database import Store
from tests.fake_telegram import FakeTelegram
from tests.knowledge.conftest import change
from tests.store.test_looking import set_back
from tests.test_cli import minidorp

TOKEN = "654321:nobody-may-ever-read-this-token"


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setenv("MINIDORP_TOKEN", TOKEN)


def lines(output: str, mark: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith(mark)]


def test_an_installation_that_can_run_in_trial_is_well_and_told_what_live_mode_needs(town, token):
    result = minidorp("doctor", "--offline")

    assert result.exit_code == 0, result.output
    assert len(lines(result.stdout, "✓")) == 7
    assert "✓ live mode is off: a trial, until MINIDORP_LIVE=true" in result.stdout
    assert "✓ the local numbers in helplines.yaml are filled in (2 helplines in all)" in result.stdout
    assert "0 of 2 answers are signed off" in result.stdout
    assert "sign-off of 2 of 2 warning signs" in result.stdout
    assert "'minidorp packet --theme warning-signs' makes the pages" in " ".join(result.stdout.split())
    assert TOKEN.partition(":")[2] not in result.output


def test_who_could_do_harm_with_a_phone_is_told_with_what_to_do_when_it_is_lost(town, token):
    (town.parent / "schedules" / "team.yaml").write_text(
        "# yaml-language-server: $schema=schema/team.schema.json\n"
        "members:\n  - {telegram_id: 1, role: coordinator}\n"
        "  - {telegram_id: 2, role: coordinator, neighbourhoods: [dieze]}\n  - {telegram_id: 3, role: professional}\n",
        encoding="utf-8",
    )

    told = " ".join(minidorp("doctor", "--offline").stdout.split())

    assert "coordinators who may change meetings and write to parents: 2, of whom 1 in every wijk" in told
    assert "take its line out of team.yaml" in told


def test_nothing_is_made(town, token):
    before = sorted(town.parent.rglob("*"))

    minidorp("doctor", "--offline")

    assert sorted(town.parent.rglob("*")) == before


def test_a_database_of_an_older_program_is_told_and_stays_as_it_is(town, token):
    path = town.parent / "town.sqlite3"
    asyncio.run(set_back(f"sqlite+aiosqlite:///{path}", "0003"))
    before = kept_in(path)

    code, text = told("--offline")

    assert code == 0
    assert "✗ The database is of an older Minidorp (step 0003); the next start of the bot takes it to step 00" in text
    assert "→ nothing was changed; make a copy before that start: minidorp backup FILE" in text
    assert kept_in(path) == before
    assert sorted(file.name for file in path.parent.glob("town*")) == ["town.sqlite3"]


def kept_in(path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("content", [
    pytest.param(b"", id="an empty file"), pytest.param(None, id="another program's"),
])  # fmt: skip
def test_a_file_that_is_not_ours_is_told_and_stays_as_it_is(town, token, content):
    path = town.parent / "town.sqlite3"
    if content is None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE photos (name)")
    else:
        path.write_bytes(content)
    before = path.read_bytes()

    code, text = told("--offline")

    assert code == 1
    assert "is an empty file" in text or "is that of another program" in text
    assert path.read_bytes() == before


def test_what_a_restore_kept_is_named_with_what_to_do(town, token):
    kept = town.parent / "town.sqlite3.before-restore-20270331T073000"
    kept.touch()

    text = told("--offline")[1]

    assert "✗ a restore kept the database that was there before as" in text
    assert "who asks to be forgotten stays in it" in text
    assert "→ when all is well, or after a month: rm" in text
    # A long path is broken over lines.
    assert text.replace(" ", "").count(kept.name) == 2, text.replace(" ", "")


def test_in_live_mode_what_it_needs_keeps_the_bot_from_running(town, token, monkeypatch):
    monkeypatch.setenv("MINIDORP_LIVE", "true")

    code, text = told("--offline")

    assert code == 1
    assert "✓ live mode is on: parents rely on it" in text
    assert "keep the bot from running" in text


def test_places_and_meetings_that_are_confirmed_are_told_too(town, token):
    for name in ("places.yaml", "meetups.yaml"):
        file = town.parent / "schedules" / name
        lines = re.sub(r"(?m)^  - id: (\w+)$", r"  - id: \1\n    confirmed_on: 2026-01-02", file.read_text("utf-8"))
        file.write_text(lines, encoding="utf-8")

    text = told("--offline")[1]

    assert "✓ every place is confirmed (2)" in text
    assert "✓ every series of meetings is confirmed (1)" in text


def test_what_is_wrong_is_told_all_at_once_with_the_remedy(town, monkeypatch):
    change(town, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")
    (town.parent / "town.sqlite3").write_bytes(b"holiday photos" * 500)
    monkeypatch.setenv("MINIDORP_TOKEN", "the wrong line was copied")

    result = minidorp("doctor", "--offline")

    told = " ".join(result.stdout.split())
    assert result.exit_code == 1
    assert len(lines(result.stdout, "✗")) == 3
    for part in ("MINIDORP_TOKEN looks like", "1 errors", "run 'minidorp check'", "is not a database"):
        assert part in told
    assert "the wrong line" not in told


def test_a_database_that_the_first_start_cannot_make_is_told(town, token, monkeypatch):
    (town.parent / "letter").touch()
    monkeypatch.setenv("MINIDORP_DATABASE_URL", f"sqlite:///{town.parent / 'letter' / 'town.db'}")

    result = minidorp("doctor", "--offline")

    assert result.exit_code == 1
    assert "MINIDORP_DATABASE_URL" in result.stdout


def test_without_a_token_it_says_where_to_get_one(town):
    result = minidorp("doctor", "--offline")

    assert result.exit_code == 1
    assert "@BotFather" in result.stdout


@pytest.fixture
def telegram(monkeypatch):
    server = FakeTelegram(token=TOKEN).start()
    monkeypatch.setenv("MINIDORP_API_URL", server.url)
    yield server
    server.stop()
    server.check()


def told(*words: str) -> tuple[int, str]:
    result = minidorp("doctor", *words)
    assert TOKEN.partition(":")[2] not in result.output
    return result.exit_code, " ".join(result.stdout.split())


def test_telegram_is_asked_who_the_bot_is_and_nothing_is_changed_there(town, token, telegram):
    code, text = told()

    assert code == 0
    assert "✓ Telegram knows the bot as @minidorp_bot" in text
    assert "✓ Telegram waits to be asked for messages" in text
    assert "✓ 0 updates wait at Telegram" in text
    assert "✓ the clock agrees with Telegram's" in text
    assert set(telegram.calls) == {"getMe", "getWebhookInfo"}


def test_offline_nothing_is_asked(town, token, telegram):
    assert told("--offline")[0] == 0

    assert telegram.calls == []


def test_a_token_that_telegram_does_not_know_keeps_it_from_running(town, token, telegram):
    telegram.token = "1:another"

    code, text = told()

    assert code == 1
    assert "✗ Telegram does not know the token → copy it again from @BotFather" in text
    assert "1 of these keep the bot from running." in text


def test_a_webhook_that_goes_elsewhere_or_fails_is_told(town, token, telegram):
    telegram.delivery.webhook_url = "https://old.example.org/hook"
    telegram.delivery.last_error = "Wrong response from the webhook: 502 Bad Gateway"
    telegram.delivery.waiting = [{"update_id": number} for number in range(101)]

    code, text = told()

    assert code == 0
    assert "✗ Telegram delivers to https://old.example.org/hook" in text
    assert "502 Bad Gateway" in text
    assert "✗ 101 updates wait at Telegram" in text


def test_a_webhook_as_it_is_set_is_well(town, token, telegram, monkeypatch):
    monkeypatch.setenv("MINIDORP_WEBHOOK_URL", "https://bot.example.org/hook")
    monkeypatch.setenv("MINIDORP_WEBHOOK_SECRET", "only-telegram-knows")
    telegram.delivery.webhook_url = "https://bot.example.org/hook"

    assert "✓ Telegram delivers to https://bot.example.org/hook" in told()[1]


@pytest.mark.parametrize(("minutes", "shown"), [(-7, "420 s behind"), (7, "420 s ahead of")])
def test_a_clock_that_is_off_is_told(town, token, telegram, monkeypatch, minutes, shown):
    class Off(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(minutes=minutes)

    monkeypatch.setattr("bot.telegram.looking.datetime", Off)

    text = told()[1]

    assert re.search(rf"✗ the clock is {shown.replace('420', '4(1[89]|2[0-9])')} Telegram's → .*timedatectl", text), (
        text
    )


def test_no_telegram_is_told_and_does_not_keep_it_from_running(town, token, telegram):
    telegram.stop()

    code, text = told()

    assert code == 0
    assert "✗ Telegram does not answer (ConnectError)" in text


def test_a_disk_that_is_nearly_full_is_told(town, token, monkeypatch):
    usage = namedtuple("usage", "total used free")(10**12, 10**12, (LITTLE_MIB - 1) * 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    assert "✗ 499 MiB of the disk are free → make room" in told("--offline")[1]


def test_a_database_that_is_there_is_told_with_its_size(town, token):
    asyncio.run(_made(town.parent / "town.sqlite3"))

    shown = " ".join(told("--offline")[1].split())
    assert re.search(r"✓ the database [^✓✗]+ opens, can be written and is up to date \(\d+ KiB\)", shown)


def test_a_database_that_can_be_read_and_not_written_is_told(town, token):
    asyncio.run(_made(town.parent / "town.sqlite3"))
    with closing(sqlite3.connect(town.parent / "town.sqlite3")) as other:
        # Somebody who has it open, such as the bot: so the files beside it are there already.
        other.execute("BEGIN").execute("SELECT * FROM parents")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
        try:
            code, text = told("--offline")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert code == 1
    assert "✗ the database cannot be opened or written → The database" in text
    assert "the disk gives an error; see to the disk" in text


async def _made(path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    await store.close()


@pytest.mark.parametrize(("mode", "mark"), [(0o600, "✓"), (0o640, "✗")])
def test_settings_in_a_file_that_others_may_read_are_told(town, token, mode, mark):
    (town.parent / ".env").touch()
    (town.parent / ".env").chmod(mode)

    code, text = told("--offline")

    assert f"{mark} the file .env" in text
    assert code == 0


@pytest.mark.parametrize("line", ["MINIDORP_TOKEN=123456:ABC", "MINIDORP_DATABASE_URL=postgresql://me:geheim@db/town"])
def test_a_secret_in_a_file_that_others_may_read_keeps_the_bot_from_running_here_too(town, token, line):
    (town.parent / ".env").write_text(f"{line}\n", encoding="utf-8")
    (town.parent / ".env").chmod(0o644)

    code, text = told("--offline")

    assert code == 1
    assert "✗ the file .env may be used by others, and holds a secret → close it: chmod 600 .env" in text
    assert "geheim" not in text


async def _ran(path, ago: timedelta) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    async with store.writing() as connection:
        await heartbeats.beat(connection, heartbeats.PLANNED, datetime.now(UTC) - ago)
    await store.close()


@pytest.mark.parametrize(("ago", "shown"), [
    pytest.param(timedelta(seconds=20), "✓ a running bot looked just now which reminders are due", id="it runs"),
    pytest.param(timedelta(days=3), "✗ a running bot looked 3 days ago which reminders are due →", id="it is off"),
])  # fmt: skip
def test_it_is_told_when_a_bot_last_looked_after_reminders(town, token, ago, shown):
    asyncio.run(_ran(town.parent / "town.sqlite3", ago))

    assert shown in told("--offline")[1]


def test_copies_that_were_agreed_and_not_made_are_told_until_one_is_made(town, token, monkeypatch):
    monkeypatch.setenv("MINIDORP_BACKUP_WITHIN_DAYS", "7")
    asyncio.run(_made(town.parent / "town.sqlite3"))
    sentence = "There is no copy of the database of the last 7 days"

    assert sentence in told("--offline")[1]
    assert minidorp("backup", str(town.parent / "copy.sqlite3")).exit_code == 0
    assert sentence not in told("--offline")[1]


def test_what_the_team_would_be_told_is_told_here_too(town, token):
    change(town, "helplines.yaml", 'number: "112"}', 'number: "112", checked_on: 2020-01-01}')
    change(town.parent / "schedules", "team.yaml", "team_chat: -100123", "team_chat: null")

    text = told("--offline")[1]

    assert "✗ Telephone numbers that nobody has checked for a year: Emergency → Call them" in text
    assert "team.yaml names no team_chat" in text
