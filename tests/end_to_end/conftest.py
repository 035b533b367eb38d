"""The bot as a process of its own, against the fake Bot API server.

Most programs are forked and serve a small town, so they start at once; where the real answers are the point, a program
starts from nothing with the files that come along.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests import forked
from tests.agenda.files import UNDATED, write_schedules
from tests.fake_telegram import FakeTelegram
from tests.knowledge.conftest import write_files

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-the-webhook"
COORDINATOR = 1
"""Who may confirm an announcement in the small town."""
START_S = 180
"""How long a start may take on a machine on which ten others work; one that failed is seen at once."""

_chats = itertools.count(1)


def schedules_with_a_coordinator(folder: Path) -> Path:
    """Copy the agenda that comes along, with number 7 as coordinator of every wijk; return its folder."""
    if not folder.exists():
        shutil.copytree(ROOT / "schedules", folder)
        heading = "# yaml-language-server: $schema=schema/team.schema.json\n"
        team = "members:\n  - {telegram_id: 7, role: coordinator}\n"
        (folder / "team.yaml").write_text(heading + team, encoding="utf-8")
    return folder


class Program:
    """``minidorp run`` with settings of its own; everything it writes goes to one file."""

    def __init__(self, folder: Path, telegram: FakeTelegram, *, is_forked: bool = False, **settings: object) -> None:
        known = {
            "TOKEN": telegram.token,
            "API_URL": telegram.url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'town.sqlite3'}",
            "LOG_LEVEL": "DEBUG",
            "SCHEDULES": settings.get("SCHEDULES") or schedules_with_a_coordinator(folder / "schedules"),
        }
        self._telegram = telegram
        self._output = folder / f"output-{time.monotonic_ns()}.txt"
        chosen = {f"MINIDORP_{name}": str(value) for name, value in {**known, **settings}.items()}
        self._process = forked.start(["run"], chosen, self._output) if is_forked else self._from_nothing(chosen)

    def _from_nothing(self, chosen: dict[str, str]) -> subprocess.Popen[bytes]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MINIDORP_")}
        with self._output.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=ROOT,
                env={**inherited, **chosen},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        return self._output.read_text() if self._output.exists() else ""

    def wait_until_it_receives(self) -> Program:
        calls = len(self._telegram.calls)

        def is_receiving() -> bool:
            assert self._process.poll() is None, self.output
            return bool({"getUpdates", "setWebhook"} & set(self._telegram.calls[calls:]))

        try:
            self._telegram.wait_until(is_receiving, "the bot to receive", START_S)
        except BaseException:
            self.kill()
            raise
        return self

    def wait_for_output(self, sentence: str) -> None:
        self._telegram.wait_until(lambda: sentence in self.output, sentence, START_S)

    def wait(self, timeout_s: float = START_S) -> int:
        """Wait for the end; return the exit code."""
        return self._process.wait(timeout_s)

    def resident_mb(self) -> float:
        """Return the memory the process holds, where the system tells it."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """Stop it if it still runs; nothing secret and no traceback may have been written."""
        if self._process.poll() is None:
            self.terminate()
            try:
                assert self.wait(12) == 0, self.output
            finally:
                self.kill()
        assert self._telegram.token.split(":")[1] not in self.output
        assert SECRET not in self.output
        assert "Traceback" not in self.output, self.output
        assert "Warning:" not in self.output, self.output


def zone_where_it_is_noon() -> str:
    """Return a time zone in which nobody sleeps, whenever the tests run."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def new_chat() -> int:
    return 1000 + next(_chats)


def health(port: int) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False)


@pytest.fixture(scope="module")
def telegram() -> Iterator[FakeTelegram]:
    server = FakeTelegram().start()
    yield server
    server.stop()
    server.check()


def small_town(folder: Path, cache: Path) -> dict[str, object]:
    """Write the files of a small town, with number 1 as coordinator; return the settings that lead to them."""
    return {
        "KNOWLEDGE": write_files(folder / "knowledge"),
        "SCHEDULES": write_schedules(folder / "schedules", UNDATED),
        "CACHE": cache,
    }


@pytest.fixture
def settings(tmp_path: Path, small_cache: Path) -> dict[str, object]:
    return small_town(tmp_path, small_cache)


@pytest.fixture
def start(tmp_path: Path, settings: dict[str, object]) -> Iterator[Callable[..., Program]]:
    """Start programs that share a database."""
    programs: list[Program] = []

    def start(telegram: FakeTelegram, **more: object) -> Program:
        programs.append(Program(tmp_path, telegram, is_forked=True, **{**settings, **more}))
        return programs[-1]

    yield start
    for program in programs:
        program.end()
