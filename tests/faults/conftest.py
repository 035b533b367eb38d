"""Processes of the bot that meet faults: each forked from one that has everything imported, so it starts at once."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.store import announcements, subscriptions
from bot.store.database import Store
from tests.agenda.files import UNDATED, write_schedules
from tests.end_to_end.conftest import SECRET, new_chat, zone_where_it_is_noon
from tests.fake_telegram import FakeTelegram
from tests.faults import inside
from tests.faults.disk import Disk
from tests.knowledge.conftest import write_files

ALL = "FAULTS" in os.environ
"""Set by ``make faults``: every step at which one can be killed, and longer faults."""
collect_ignore = [] if ALL else ["test_stopping_in_trouble.py"]
COORDINATOR = 1
"""Who may confirm an announcement, in ``tests/agenda/files.py``."""
START_S = 90
"""How long a start may take on a busy machine."""
BACK_S = 10
"""Within so many seconds after a fault everything is as it was."""


_wijken = itertools.count(1)
_measured: list[tuple[str, float]] = []


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show how soon all was as before; figures come from a run without others beside it (``make faults``)."""
    if _measured:
        terminalreporter.section("seconds from the end of the fault until everybody was answered")
        for fault, seconds in _measured:
            terminalreporter.write_line(f"{seconds:6.1f}  {fault}")


class Program:
    """``minidorp run`` as a process of its own; ``folder`` holds its curated files and its switches. It sees ``disk``."""

    def __init__(
        self, folder: Path, telegram: FakeTelegram, cache: Path, disk: Disk | None = None, **settings: object
    ) -> None:
        known = {
            "TOKEN": telegram.token,
            "API_URL": telegram.url,
            "KNOWLEDGE": folder / "knowledge",
            "SCHEDULES": folder / "schedules",
            "CACHE": cache,
            "LOG_LEVEL": "INFO",
            "TIMEZONE": zone_where_it_is_noon(),
        }
        self._telegram = telegram
        self._output = folder / f"output-{time.monotonic_ns()}.txt"
        # Through a pipe, so that it can tell that it may write to no file.
        pipe = self._output.with_suffix(".pipe")
        os.mkfifo(pipe)
        threading.Thread(target=_keep, args=(pipe, self._output), daemon=True).start()
        environment = {f"MINIDORP_{name}": str(value) for name, value in {**known, **settings}.items()}
        forks = multiprocessing.get_context("forkserver")
        forks.set_forkserver_preload(["tests.faults.warm"])
        self.process: Any = forks.Process(
            target=inside.run,
            args=(folder / "switches", environment, pipe, disk.namespace if disk else None),
            daemon=True,
        )
        self.process.start()

    @property
    def output(self) -> str:
        return self._output.read_text() if self._output.exists() else ""

    @property
    def reader_pid(self) -> int:
        """The process in which its messages are read."""
        pid = self.process.pid
        [child] = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(child)

    def said(self, sentence: str) -> int:
        """Return how often the log says this."""
        return self.output.count(sentence)

    def wait_until_it_receives(self) -> Program:
        calls = len(self._telegram.calls)

        def is_receiving() -> bool:
            assert self.process.exitcode is None, self.output
            return not {"getUpdates", "setWebhook"}.isdisjoint(self._telegram.calls[calls:])

        self._telegram.wait_until(is_receiving, "the bot to receive", START_S)
        return self

    def wait_for_output(self, sentence: str) -> None:
        self._telegram.wait_until(lambda: sentence in self.output, sentence, START_S)

    def wait(self, timeout_s: float = START_S) -> int:
        """Wait for the end; return the exit code."""
        self.process.join(timeout_s)
        assert self.process.exitcode is not None, "it goes on"
        return self.process.exitcode

    def end(self) -> None:
        """Stop it if it still runs; nothing secret and no traceback may have been written."""
        try:
            if self.process.exitcode is None:
                self.process.terminate()
                assert self.wait(12) == 0, self.output
        finally:
            self.process.kill()
            self.process.join()
        assert self.process.exitcode in (0, 1, -signal.SIGKILL), self.output
        assert self._telegram.token.split(":")[1] not in self.output
        assert SECRET not in self.output
        assert "Traceback" not in self.output, self.output


def _keep(pipe: Path, output: Path) -> None:
    with pipe.open("rb", buffering=0) as said, output.open("ab", buffering=0) as kept:
        shutil.copyfileobj(said, kept)


class Town:
    """A small town, its folder, and the faults that can be switched on in it. Its database may have its own ``disk``."""

    def __init__(self, folder: Path, telegram: FakeTelegram, cache: Path, disk: Disk | None = None) -> None:
        self.folder, self.telegram, self._cache, self.disk = folder, telegram, cache, disk
        self.programs: list[Program] = []
        write_files(folder / "knowledge")
        write_schedules(folder / "schedules", UNDATED)
        (folder / "switches").mkdir()

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.database}"

    @property
    def database(self) -> Path:
        return (self.disk.place if self.disk else self.folder) / "town.sqlite3"

    def start(self, **settings: object) -> Program:
        settings = {"DATABASE_URL": self.url, **settings}
        self.programs.append(Program(self.folder, self.telegram, self._cache, self.disk, **settings))
        return self.programs[-1]

    def there(self, do: Callable[..., Any], *arguments: Any) -> Any:
        """Return what this returns where the database is seen."""
        return self.disk.there(do, *arguments) if self.disk else do(*arguments)

    def switch_on(self, name: str, value: object = "") -> None:
        """Switch a fault on; whole at once, as the process reads it at any moment."""
        new = self.folder / "switches" / f"{name}.new"
        new.write_text(str(value))
        new.replace(self.folder / "switches" / name)

    def switch_off(self, name: str) -> None:
        (self.folder / "switches" / name).unlink(missing_ok=True)

    def switched(self, name: str) -> str:
        path = self.folder / "switches" / name
        return path.read_text() if path.exists() else ""

    def ask(self, text: str = "/help", count: int = 1) -> list[int]:
        """Let new parents ask."""
        chats = [new_chat() for _ in range(count)]
        for chat in chats:
            self.telegram.says(chat, text)
        return chats

    def announce(self, count: int = 2, ahead_s: float = 0) -> list[int]:
        """Let parents follow something, and confirm an announcement to them that is due, or will be."""
        due_at = datetime.now(UTC) + timedelta(seconds=ahead_s)
        return self.there(lambda: asyncio.run(self._announce(count, due_at)))

    async def _announce(self, count: int, now: datetime) -> list[int]:
        wijk = f"wijk-{next(_wijken)}"
        chats = [new_chat() for _ in range(count)]
        self.telegram.world.chats.update(dict.fromkeys(chats, "private"))
        store = await Store.open(self.url)
        async with store.writing() as connection:
            for chat in chats:
                await subscriptions.follow(connection, chat, "neighbourhood", wijk, now)
            row = announcements.Row(wijk, {"nl": "Kom je ook?"}, {"neighbourhoods": [wijk]}, now, COORDINATOR, now)
            await announcements.add(connection, row)
            await announcements.confirm(connection, wijk, COORDINATOR, now)
        await store.close()
        return chats

    def wait_for(self, chats: list[int], timeout_s: float = START_S) -> None:
        """Wait until everybody heard."""
        self.telegram.wait_until(lambda: all(self.telegram.sent(chat) for chat in chats), "replies to all", timeout_s)

    def is_back(self, fault: str, chats: list[int]) -> None:
        """Wait until everybody heard, who asked before and who asks now; note how long that took."""
        begun = time.monotonic()
        self.wait_for([*chats, *self.ask()], BACK_S)
        _measured.append((fault, time.monotonic() - begun))

    def heard(self, chats: list[int]) -> list[int]:
        """Return how many messages each got."""
        return [len(self.telegram.sent(chat)) for chat in chats]

    def rows(self, statement: str) -> list[Any]:
        """Return the first column of what the database says."""
        return self.there(self._rows, statement)

    def _rows(self, statement: str) -> list[Any]:
        with closing(sqlite3.connect(self.database, timeout=10)) as database:
            return [row[0] for row in database.execute(statement)]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the database as another program would that writes for long."""
        with closing(self.there(self._hold)) as other:
            yield
            other.execute("ROLLBACK")

    def _hold(self) -> sqlite3.Connection:
        other = sqlite3.connect(self.database, isolation_level=None, timeout=10, check_same_thread=False)
        other.execute("BEGIN EXCLUSIVE")
        return other

    def is_noted(self) -> bool:
        """Tell whether no message and no delivery is under way."""
        return not self.rows(
            "SELECT update_id FROM inbox WHERE finished_at IS NULL AND payload IS NOT NULL "
            "UNION ALL SELECT id FROM deliveries WHERE state IN ('due', 'sending')"
        )

    def wait_until_noted(self) -> None:
        self.telegram.wait_until(self.is_noted, "all to be noted")


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    server = FakeTelegram().start()
    yield server
    server.stop()
    server.check()


@pytest.fixture
def town(tmp_path: Path, telegram: FakeTelegram, small_cache: Path) -> Iterator[Town]:
    town = Town(tmp_path, telegram, small_cache)
    yield town
    for program in town.programs:
        program.end()
