"""What runs inside a process that is to meet faults: ``minidorp run``, with the ground under it made of switches.

The bot itself is not changed: the clock, the resolver, SQLite's limits and the moment of death are. A switch is a file
in a folder that the test shares with the process; what stands in the file is its value.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from telegram.request import HTTPXRequest

from bot.alerts import watch
from bot.matching.matcher import Matcher
from bot.reminders import tick
from bot.store import database
from bot.telegram import receiving, service
from tests.faults.disk import enter

COUNTED = ("getUpdates", "sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery")
"""Calls that are a step; what the bot tells of itself at each start is none."""
UNLIMITED = 1_073_741_823
"""Pages, SQLite's own default."""


class Switches:
    """The files of the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def value(self, name: str) -> str | None:
        """Return what stands in a switch; None when it is off."""
        try:
            return (self._folder / name).read_text()
        except FileNotFoundError:
            return None

    def note(self, name: str, value: str) -> None:
        """Tell the test something."""
        (self._folder / name).write_text(value)


def run(folder: Path, environment: Mapping[str, str], output: Path, namespace: int | None) -> None:
    """Be ``minidorp run`` with this environment and nothing of ours, write to ``output``, and see the disks that
    ``namespace`` sees.
    """
    if namespace is not None:
        enter(namespace)
    written = os.open(output, os.O_WRONLY)
    os.dup2(written, 1)
    os.dup2(written, 2)
    # Those that were inherited may hold the place in a file that they wrote to.
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    for name in [name for name in os.environ if name.startswith("MINIDORP_")]:
        del os.environ[name]
    os.environ.update(environment)
    switches = Switches(folder)
    _dies_at_a_step(switches)
    _dies_in_a_migration(switches)
    _resolves(switches)
    _writes(switches)
    _dies_of_a_word(switches)
    _shifts_the_clock(switches)
    if switches.value("haste") is not None:
        tick.LOOK_S = tick.PLAN_S = 0.05
        database.SETTLED_S = 0.5
    if switches.value("watchful") is not None:
        watch.LOOK_S = 0.2
    sys.argv = ["minidorp", "run"]
    from bot.__main__ import main

    main()


def _dies_at_a_step(switches: Switches) -> None:
    """Die by SIGKILL at the step whose number stands in ``kill at``, counted from when it was written there.

    Steps are all that the outside can see of a program: what it commits to the database (when that changes anything),
    and its calls to Telegram, each just before and just after. Between two steps there is only memory, which is gone
    either way.
    """
    taken = 0
    counting = threading.Lock()

    def step(name: str) -> None:
        nonlocal taken
        wanted = switches.value("kill at")
        if wanted is None:
            return
        with counting:
            taken += 1
            switches.note("steps", f"{(switches.value('steps') or '')}{taken} {name}\n")
            if taken == int(wanted):
                os.kill(os.getpid(), signal.SIGKILL)

    commit = Connection._commit_impl

    def committed(connection: Connection) -> None:
        if connection.dialect.name != "sqlite":
            commit(connection)
            return
        total = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        has_changed = total != connection.info.get("total", 0)
        connection.info["total"] = total
        if has_changed:
            step("before commit")
        commit(connection)
        if has_changed:
            step("after commit")

    request = HTTPXRequest.do_request

    async def requested(self: HTTPXRequest, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        method = url.rpartition("/")[2]
        if method in COUNTED:
            step(f"before {method}")
        answer = await request(self, url, *args, **kwargs)
        if method in COUNTED and answer[1] != b'{"ok":true,"result":[]}':
            step(f"after {method}")
        return answer

    Connection._commit_impl = committed
    HTTPXRequest.do_request = requested


def _dies_in_a_migration(switches: Switches) -> None:
    """Die by SIGKILL just before a statement of a migration, counted from one."""
    taken, is_migrating = 0, False
    migrate = database.migrate

    def migrating(connection: Connection) -> None:
        nonlocal is_migrating
        is_migrating = True
        migrate(connection)
        is_migrating = False

    database.migrate = migrating

    def executing(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal taken
        wanted = switches.value("kill in migration") if is_migrating else None
        if wanted is None or statement.split()[0] not in ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE"):
            return
        taken += 1
        if taken == int(wanted):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", executing)


def _resolves(switches: Switches) -> None:
    """While ``no names`` is on, no name of a host is known."""
    resolve = socket.getaddrinfo

    def resolved(*args: Any, **kwargs: Any) -> Any:
        if switches.value("no names") is not None:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return resolve(*args, **kwargs)

    socket.getaddrinfo = resolved


def _writes(switches: Switches) -> None:
    """While ``full`` is on, the database cannot grow by a page; while ``read only`` is, nothing can be written."""

    def begin(connection: Connection) -> None:
        if connection.dialect.name != "sqlite":
            return
        driver: Any = connection.connection.dbapi_connection
        cursor = driver.cursor()
        pages = 1 if switches.value("full") is not None else UNLIMITED
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        cursor.execute(f"PRAGMA query_only = {switches.value('read only') is not None}")
        cursor.close()

    event.listen(Engine, "begin", begin, insert=True)


def _dies_of_a_word(switches: Switches) -> None:
    """Let whoever reads a message with the word in ``deadly`` die, as of a fault in a library."""
    decide = Matcher.decide

    def decided(self: Matcher, text: str, *rest: Any, **more: Any) -> Any:
        word = switches.value("deadly")
        if word and word in text:
            os.kill(os.getpid(), signal.SIGSEGV)
        return decide(self, text, *rest, **more)

    if switches.value("deadly") is not None:
        service.LOOKING_S, service.FINISHING = 0.3, timedelta(seconds=0.3)
    Matcher.decide = decided


def _shifts_the_clock(switches: Switches) -> None:
    """Let ``clock`` say by how many seconds the clock of the machine is off."""

    def shifted() -> datetime:
        return _now()

    def now() -> datetime:
        moment = datetime.now(UTC).timestamp() + float(switches.value("clock") or 0)
        return datetime.fromtimestamp(moment, UTC)

    receiving.__dict__["_now"] = now
    # By its code, as others have the function itself by now.
    receiving.utc_now.__code__ = shifted.__code__


def _now() -> datetime:
    """Stand in for the name that ``shifted`` finds where its code lives."""
    raise NotImplementedError
