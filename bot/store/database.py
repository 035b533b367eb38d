"""The open database: connections and transactions.

SQLite by default, in write-ahead mode; PostgreSQL where several processes share the work. Transactions are
short, and never held over a call to the network. What was written is on the disk before Telegram is told
that it arrived, hence ``synchronous=FULL``. What is erased is overwritten, in the file and in its
write-ahead log.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Self

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot import metrics
from bot.store import town_file
from bot.store.errors import StoreError, address, explain
from bot.store.file_driver import Driver, connect
from bot.store.locks import Locks
from bot.store.migrate import migrate, refuse_behind

__all__ = ["Store", "StoreConnection", "StoreError"]

log = logging.getLogger(__name__)

StoreConnection = AsyncConnection
"""What :meth:`Store.reading` and :meth:`Store.writing` yield, for rooms that only hand it on."""


REWRITING_PAUSE = 20
"""After the file was written anew, that is not done again for so many times as long as it took: whoever asks to be
forgotten again and again takes at most a twentieth of the time from others. What waits is done with the next cleaning.
"""

SETTLED_S = 4.0
"""Trouble is over when nothing failed for so long: on a nearly full disk a short message fits and a long one does not,
and what failed is tried again every three seconds."""
PATIENCE = timedelta(seconds=10)
"""How long a start waits for another program that holds the file."""
BUSY = timedelta(seconds=2.5)
"""How long a transaction does: so short that a program that is asked to stop is gone in ten seconds all the same."""
LOCKED_PAUSE_S = 0.05
"""Between two tries to open a file that another program holds."""
CONNECTING_S, ANSWERING_S = 10, 60
"""How long PostgreSQL may take to take a connection, and over one statement; then it counts as away."""
CONNECTIONS = 15
"""Connections that are open at most, and stay so: one that is closed after use is opened anew for the next. Of those to
a file the last used is used first, so that few of them hold parts of it in memory."""
PAGES_KIB = 512
"""What each of them keeps of the file in memory, at most: 7.5 MB together, where SQLite's own 2 MB each would fill for
hours as the file grows. The system keeps the file in memory as well, so a page that is not kept costs microseconds."""
QUICK = {"jit": "off"}
"""PostgreSQL would compile the statement that plans for a town; that takes longer than to run it."""
GONE_MACHINE = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
"""PostgreSQL notices within half a minute that a machine is gone which cannot say so, and frees its locks."""


class Store:
    """The database, ready to use. Make one with :meth:`open`. ``locks`` is what this process alone may do.

    ``trouble`` is the sentence of the last writing that failed, until :meth:`try_writing` succeeded; a full disk can
    be read for as long as one likes. With ``tells`` it is said in the log, once, and so is its end.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.locks = Locks(engine)
        self.trouble: str | None = None
        self.tells = False
        self._failed_at = 0.0
        self._engine = engine
        self._path = _file_of(engine.url)
        self._file = self._identity()
        self._writer = asyncio.Lock()
        self._has_remains = False
        self._rewritten_until = 0.0

    @classmethod
    async def open(cls, url: str, *, patience: timedelta = PATIENCE) -> Self:
        """Open the database, bring its tables up to date, and make what is missing: folder, file, tables.

        ``patience`` is how long to wait for another program that holds the file.

        Raises:
            StoreError: If that cannot be done. A file that is damaged, empty or not ours stays as it was.
        """
        parsed = address(url)
        path = _file_of(parsed)
        is_new = path is not None and town_file.prepare(path)
        if path is not None and not is_new:
            await asyncio.to_thread(town_file.refuse_others, path)
        store = cls(_engine(parsed, patience))
        try:
            await store._see_to_tables(patience, migrates=True)
        except BaseException:
            await store.close()
            if path is not None and is_new:
                town_file.remove(path)
            raise
        return store

    @classmethod
    async def open_as_it_is(cls, url: str) -> Self:
        """Open a database that is there and up to date; nothing is made and no step is taken.

        For whoever only looks: an older program, which may be running, could not use it after the steps.

        Raises:
            BehindError: If steps are missing, which the next start of the bot takes.
            StoreError: If it cannot be opened. A file that is damaged, empty or not ours stays as it was.
        """
        parsed = address(url)
        path = _file_of(parsed)
        if path is not None:
            await asyncio.to_thread(town_file.refuse_others, path)
        store = cls(_engine(parsed, PATIENCE))
        try:
            await store._see_to_tables(PATIENCE, migrates=False)
        except BaseException:
            await store.close()
            raise
        return store

    async def _see_to_tables(self, patience: timedelta, *, migrates: bool) -> None:
        """Migrate, or refuse where that is needed; wait for another program that is migrating.

        SQLite's own patience does not cover the moment in which a file is turned to write-ahead logging.
        """
        give_up = asyncio.get_running_loop().time() + patience.total_seconds()
        while True:
            try:
                if migrates:
                    async with self.writing() as connection:
                        await connection.run_sync(migrate)
                else:
                    async with self.reading() as connection:
                        await connection.run_sync(refuse_behind)
            except StoreError as error:
                is_locked = "database is locked" in str(error.__cause__)
                if not is_locked or asyncio.get_running_loop().time() >= give_up:
                    raise
                await asyncio.sleep(LOCKED_PAUSE_S)
            else:
                return

    async def close(self) -> None:
        """Close every connection; the write-ahead log is emptied by the last one."""
        await self.locks.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection that sees one moment of the database.

        Raises:
            StoreError: If the database does not answer.
        """
        async with self._transaction("DEFERRED") as connection:
            yield connection

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection to look up a few rows by their key, and nothing that takes longer.

        On a file that is done at once, without a hop to another thread: in write-ahead mode who reads waits for nobody.

        Raises:
            StoreError: If the database does not answer.
        """
        if not self.is_a_file:
            async with self._transaction("DEFERRED") as connection:
                yield connection
            return
        async with self._connection() as connection:
            driver = await _driver(connection)
            try:
                async with connection.begin():
                    driver.is_at_once = True
                    yield connection
            finally:
                driver.is_at_once = False

    @asynccontextmanager
    async def writing(self, *, at_once: bool = False) -> AsyncIterator[AsyncConnection]:
        """Yield a connection in a transaction; it commits at the end, and an error undoes all of it.

        ``at_once`` is for a few rows by their key: on a file only the beginning and the end, which may wait for another
        program and for the disk, then hop to another thread.

        Raises:
            StoreError: If the database does not answer, is locked or cannot grow.
        """
        async with self._writer if self.is_a_file else _nothing():
            try:
                async with self._transaction("IMMEDIATE") as connection:
                    driver = await _driver(connection) if at_once and self.is_a_file else None
                    try:
                        if driver:
                            driver.is_at_once = True
                        yield connection
                    finally:
                        if driver:
                            driver.is_at_once = False
                    has_forgotten = connection.info.pop("forgotten", False)
                    has_erased = connection.info.pop("erased", False) or has_forgotten
            except StoreError as error:
                self._note(str(error))
                raise
            self._has_remains |= has_forgotten
            if has_erased:
                await self.clean()

    async def try_writing(self) -> None:
        """Write what stands there already, and so see whether the trouble is over.

        A transaction that changes nothing would succeed on a full disk too.

        Raises:
            StoreError: If it cannot.
        """
        async with self.writing() as connection:
            await connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        if self.trouble is None or monotonic() - self._failed_at < SETTLED_S:
            return
        self.trouble = None
        if self.tells:
            log.warning("The database can be written again.")

    def _note(self, trouble: str) -> None:
        """Keep that writing failed; say so once, with what to do."""
        if self.trouble != trouble and self.tells:
            log.warning("Nothing can be kept. %s", trouble)
        self.trouble, self._failed_at = trouble, monotonic()

    async def clean(self) -> None:
        """Empty SQLite's write-ahead log, so that what was erased is gone from there too.

        When somebody was forgotten, the file is written anew first: where SQLite once split a page, a copy of an
        index's entry stays in the gap, and ``secure_delete`` does not reach it.
        """
        if not self.is_a_file:
            return
        begun = monotonic()
        if self._has_remains and begun >= self._rewritten_until:
            with suppress(StoreError):
                async with self._connection() as connection:
                    autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
                    await autocommit.exec_driver_sql("VACUUM")
                self._has_remains = False
            self._rewritten_until = monotonic() + REWRITING_PAUSE * (monotonic() - begun)
        with suppress(StoreError):
            async with self._connection() as connection:
                autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await autocommit.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def is_a_file(self) -> bool:
        """Return whether the database is a file, which serves one program."""
        return self._engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[AsyncConnection]:
        async with self._connection() as connection:
            await connection.execution_options(minidorp_begin=begin)
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection; what the driver says becomes one sentence, our own mistakes stay."""
        file = self._identity()
        if file is not None and file != self._file:
            # A copy was put in the place of a damaged file: what is open still leads to the one that was there.
            self._file = file
            await self._engine.dispose()
        try:
            async with self._engine.connect() as connection:
                yield connection
        except (IntegrityError, ProgrammingError):
            raise
        except (DBAPIError, OSError) as error:
            metrics.STORE_ERRORS.inc()
            raise explain(self._engine.url, error) from error

    def _identity(self) -> tuple[int, int] | None:
        """Return what tells the file from another of the same name; nothing when there is none."""
        try:
            status = self._path.stat() if self._path else None
        except OSError:
            return None
        return (status.st_dev, status.st_ino) if status else None


async def _driver(connection: AsyncConnection) -> Driver:
    """Return the driver's connection to a file."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, Driver)  # noqa: S101 - the engine of a file makes no other
    return driver


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield


def _file_of(url: URL) -> Path | None:
    """Return the file of a SQLite address; nothing for a database in memory or elsewhere."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _engine(url: URL, patience: timedelta) -> AsyncEngine:
    """Make the engine; nothing is opened yet. Parameters, people's words, never reach an error's message."""
    is_server = url.get_backend_name() == "postgresql"
    to_server = {
        "timeout": CONNECTING_S,
        "command_timeout": ANSWERING_S,
        "server_settings": {"application_name": f"minidorp {os.getpid()}", **QUICK, **GONE_MACHINE},
    }
    to_file = {"async_creator_fn": connect, "check_same_thread": False}
    try:
        engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=is_server,
            connect_args=to_server if is_server else to_file,
            pool_size=CONNECTIONS,
            max_overflow=0,
            # A server's connections take turns: among those who wait for one, the last would come first.
            pool_use_lifo=not is_server,
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            f"MINIDORP_DATABASE_URL needs the Python package {error.name}; install it, or use sqlite+aiosqlite."
        ) from error
    if url.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "do_connect", _only_what_is_there)
        event.listen(engine.sync_engine, "connect", _configure(patience))
        event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _only_what_is_there(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> None:
    """Open the file without making it: while a copy is put in its place, an empty one would be in the way."""
    if arguments[0] != ":memory:":
        arguments[0] = f"{Path(arguments[0]).absolute().as_uri()}?mode=rw"
        options["uri"] = True


def _configure(patience: timedelta) -> Any:
    """Return what is done with each new connection to SQLite."""

    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in (
            f"busy_timeout = {int(min(patience, BUSY).total_seconds() * 1000)}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "secure_delete = ON",
            "foreign_keys = ON",
            f"cache_size = -{PAGES_KIB}",
        ):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    return configure


def _begin(connection: Connection) -> None:
    """Begin a transaction ourselves; the driver would begin one too late, and upgrade it at a bad moment."""
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        return  # A file cannot be written anew from within a transaction.
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('minidorp_begin', 'DEFERRED')}")


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite address, there or not. Raises ``StoreError`` for what is no address."""
    return _file_of(address(url))


def missing_file(url: str) -> Path | None:
    """Return the file of a SQLite address when it is not there yet. Raises ``StoreError`` for what is no address."""
    path = _file_of(address(url))
    return path if path is not None and not path.exists() else None
