"""A copy of the database beside a running bot, and the way back from one. For SQLite; PostgreSQL has its own tools.

A copy is one file that only its owner may open. It is whole when it is there: checked first, and put in its place in
one step. What a parent just typed and got no reply to yet is left out of it, as the bot keeps no such words either.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.store.errors import StoreError, address
from bot.store.heartbeats import COPIED
from bot.store.migrate import known_steps

PATIENCE_S = 10.0
"""How long another program may hold the file."""
LEFT_OUT = (
    "UPDATE inbox SET payload = NULL, chat_id = NULL",
    "UPDATE deliveries SET state = 'due', claimed_at = NULL WHERE state = 'sending'",
)
"""What of a running bot means nothing in a copy: messages that are being answered, and which are being sent."""


def back_up(url: str, copy: Path, now: datetime) -> Path:
    """Copy the database, which may be in use, to the new file ``copy``; return the file it was copied from.

    That it was copied ``now`` is noted in the database itself, for whoever watches over copies.

    Raises:
        StoreError: If it cannot be read, holds damage, or ``copy`` cannot be made or is there already. Then nothing is
            left behind.
    """
    source = _file(url, f"pg_dump --format=custom --file={copy}")
    if not source.exists():
        raise StoreError(f"There is no database {source} to copy; correct MINIDORP_DATABASE_URL.")
    if copy.exists():
        raise StoreError(f"The file {copy} is there already, and may be a copy that is needed; name another.")
    with _sentences(copy):
        _copied(source, copy, is_cleaned=True)
    _note(source, now)
    return source


def _note(source: Path, now: datetime) -> None:
    """Note when the database was copied. The copy is good without it, so what keeps it from being written is let be: a
    disk that is full, or tables of an older program.
    """
    moment = now.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    with suppress(sqlite3.OperationalError), closing(_connected(source)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO heartbeats (name, at) VALUES (?, ?)", (COPIED, moment))


def restore(url: str, copy: Path, now: datetime, *, while_running: bool = False) -> Path | None:
    """Put ``copy`` back as the database; return where the database that was there is kept, None when there was none.

    With ``while_running`` a bot may go on meanwhile: it sees the copy from its next statement on.

    Raises:
        StoreError: If the copy is not whole or made by a newer program, or the database is in use. Then nothing
            changed.
    """
    target = _file(url, f"pg_restore --clean --if-exists {copy}")
    if not copy.is_file():
        raise StoreError(f"There is no copy {copy}; name a file that 'minidorp backup' made.")
    if target.exists() and copy.samefile(target):
        raise StoreError(f"{copy} is the database itself; name a file that 'minidorp backup' made.")
    with _sentences(copy):
        _check(copy)
    kept = target.with_name(f"{target.name}.before-restore-{now:%Y%m%dT%H%M%S}")
    with _sentences(target):
        if not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _copied(copy, target)
            return None
        if kept.exists():
            raise StoreError(f"The file {kept} is there already; wait a second and restore again.")
        if _is_damaged(target):
            _set_aside(target, kept)
            _copied(copy, target)
            return kept
        if not while_running and _is_in_use(target):
            raise StoreError(
                f"The database {target} is in use; stop the bot first, or restore while it runs with --while-running."
            )
        _copied(target, kept)
        with closing(_connected(copy)) as source, closing(_connected(target)) as into:
            source.backup(into)
            into.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return kept


def _file(url: str, command: str) -> Path:
    parsed = address(url)
    if parsed.get_backend_name() != "sqlite":
        place = parsed.set(drivername="postgresql")._replace(password=None).render_as_string()
        option = "--dbname=" if command.startswith("pg_restore") else ""
        raise StoreError(f"The database is PostgreSQL, which does this itself; run: {command} {option}{place}")
    if not parsed.database or parsed.database == ":memory:":
        raise StoreError("The database is in memory only, so there is nothing to copy; set MINIDORP_DATABASE_URL.")
    return Path(parsed.database)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE_S)
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _copied(source: Path, copy: Path, *, is_cleaned: bool = False) -> None:
    """Copy a database in one step that no writer can disturb, check the copy, and put it in its place."""
    handle, name = tempfile.mkstemp(dir=copy.absolute().parent, prefix=f".{copy.name}.")
    os.close(handle)
    partial = Path(name)
    try:
        with closing(_connected(source)) as reading, closing(_connected(partial)) as writing:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode = DELETE")
            if is_cleaned:
                with writing:
                    for statement in LEFT_OUT:
                        writing.execute(statement)
                writing.execute("VACUUM")
        _check(partial)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        os.link(partial, copy)
        _sync_folder(copy.absolute().parent)
    finally:
        partial.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """See to it that the name of a new file outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check(path: Path) -> None:
    """Raise ``StoreError`` unless this is a whole database of Minidorp, and one that this program knows."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE_S)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreError(f"The copy {path} is damaged; use another. Nothing was changed.")
        try:
            step = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            step = None
    if step is None:
        raise StoreError(f"The file {path} is no database of Minidorp; name a file that 'minidorp backup' made.")
    if step[0] not in known_steps():
        raise StoreError(f"The copy {path} was made by a newer Minidorp (step {step[0]}); update Minidorp first.")


def _is_damaged(path: Path) -> bool:
    try:
        with closing(_connected(path)) as connection:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return True


def _is_in_use(path: Path) -> bool:
    """Tell whether a program has the file open: only who is alone may end the write-ahead log."""
    with closing(_connected(path)) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            return True
    return False


def _set_aside(target: Path, kept: Path) -> None:
    """Keep a damaged database as it is, with what belongs to it."""
    for suffix in ("-wal", "-shm", "-journal", ""):
        with suppress(FileNotFoundError):
            target.with_name(target.name + suffix).rename(kept.with_name(kept.name + suffix))


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    """Turn what goes wrong with a file into one sentence that names it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path}: {error}; make sure that there is room, and that this user may use it.") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is damaged or no database ({error}); nothing was changed.") from error
    except OSError as error:
        raise StoreError(f"{error.filename or path} cannot be used ({error.strerror}); name another.") from error
