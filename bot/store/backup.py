"""A copy of the database beside a running bot, and the way back from one. For SQLite; PostgreSQL has its own tools.

A copy is one file that only its owner may open. It is whole when it is there: checked first, and put in its place in
one step. What a parent just typed and got no reply to yet is left out of it, as the bot keeps no such words either.
Whoever was forgotten after the copy stays so, where the database that it replaces can tell.
"""

from __future__ import annotations

import glob
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.store.errors import StoreError, address
from bot.store.gone import Gone, leave_out_gone, tables
from bot.store.heartbeats import COPIED, RESTORED
from bot.store.migrate import known_steps
from bot.store.town_file import is_ours, refuse_others

PATIENCE_S = 10.0
"""How long another program may hold the file."""
LEFT_OUT = {
    "inbox": "UPDATE inbox SET payload = NULL, chat_id = NULL",
    "deliveries": "UPDATE deliveries SET state = 'due', claimed_at = NULL WHERE state = 'sending'",
}
"""What of a running bot means nothing in a copy: messages that are being answered, and which are being sent."""
KEPT = ".before-restore-"
"""Between the name of a database and the moment at which a restore kept it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    The copy is of ``as_of``. ``kept`` is where the database that was there is, None when there was none. ``gone`` was
    left out, as it was gone from that one; None when it could not tell.
    """

    as_of: datetime
    kept: Path | None = None
    gone: Gone | None = None


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
        _copied(source, copy, cleaned_at=now)
    # The copy is good without it, so a disk that is full is let be.
    with suppress(sqlite3.OperationalError), closing(_connected(source)) as connection:
        _note(connection, COPIED, now)
    return source


def restore(url: str, copy: Path, now: datetime, *, while_running: bool = False) -> Restored:
    """Put ``copy`` back as the database, and keep the one that was there beside it.

    With ``while_running`` a bot may go on meanwhile: it sees the copy from its next statement on.

    Raises:
        StoreError: If the copy is not whole or made by a newer program, or the database is in use or that of another
            program. Then nothing changed.
    """
    target = _file(url, f"pg_restore --clean --if-exists {copy}")
    if not copy.is_file():
        raise StoreError(f"There is no copy {copy}; name a file that 'minidorp backup' made.")
    if target.exists() and copy.samefile(target):
        raise StoreError(f"{copy} is the database itself; name a file that 'minidorp backup' made.")
    with _sentences(copy):
        _check(copy)
        _refuse_newer(copy)
        as_of = _as_of(copy)
    kept = target.with_name(f"{target.name}{KEPT}{now:%Y%m%dT%H%M%S}")
    with _sentences(target):
        if not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _put_together(copy, target, as_of) as (ready, _):
                _copied(ready, target)
            return Restored(as_of)
        if kept.exists():
            raise StoreError(f"The file {kept} is there already; wait a second and restore again.")
        if _is_damaged(target):
            with _put_together(copy, target, as_of) as (ready, _):
                _set_aside(target, kept)
                _copied(ready, target)
            return Restored(as_of, kept)
        refuse_others(target)
        if not while_running and _is_in_use(target):
            raise StoreError(
                f"The database {target} is in use; stop the bot first, or restore while it runs with --while-running."
            )
        _copied(target, kept, cleaned_at=now)
        with (
            _put_together(copy, target, as_of, before=kept) as (ready, gone),
            closing(_connected(ready)) as source,
            closing(_connected(target)) as into,
        ):
            source.backup(into)
            into.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Restored(as_of, kept, gone)


@contextmanager
def _put_together(
    copy: Path, target: Path, as_of: datetime, before: Path | None = None
) -> Iterator[tuple[Path, Gone | None]]:
    """Yield, beside ``target``, what of the copy is put back, and what was left out of it."""
    with _partial(target) as ready:
        with closing(_connected(copy)) as source, closing(_connected(ready)) as into:
            source.backup(into)
            into.execute("PRAGMA journal_mode = DELETE")
            gone = leave_out_gone(into, before) if before else None
            _note(into, RESTORED, as_of)
        yield ready, gone


def kept_by_restores(database: Path) -> list[Path]:
    """Return the databases that restores kept beside this one, oldest first."""
    parts = ("-wal", "-shm", "-journal")
    return sorted(
        path for path in database.parent.glob(f"{glob.escape(database.name)}{KEPT}*") if not path.name.endswith(parts)
    )


def _as_of(copy: Path) -> datetime:
    """Return the last moment that a copy knows of; copies of old programs know none, so their file tells."""
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            [last] = connection.execute("SELECT max(at) FROM heartbeats").fetchone()
        except sqlite3.OperationalError:
            last = None
    if last is None:
        return datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    return datetime.fromisoformat(last).replace(tzinfo=UTC)


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


def _copied(source: Path, copy: Path, *, cleaned_at: datetime | None = None) -> None:
    """Copy a database in one step that no writer can disturb, check the copy, and put it in its place.

    With ``cleaned_at`` the copy holds no message, and knows when it was made.
    """
    with _partial(copy) as partial:
        with closing(_connected(source)) as reading, closing(_connected(partial)) as writing:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode = DELETE")
            if cleaned_at:
                _clean(writing, cleaned_at)
        _check(partial)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        os.link(partial, copy)
        _sync_folder(copy.absolute().parent)


def _clean(copy: sqlite3.Connection, now: datetime) -> None:
    there = tables(copy)
    with copy:
        for table, statement in LEFT_OUT.items():
            if table in there:
                copy.execute(statement)
    _note(copy, COPIED, now)
    copy.execute("VACUUM")


def _note(connection: sqlite3.Connection, name: str, moment: datetime) -> None:
    """Note when something happened, unless the database is of a program that noted nothing yet."""
    written = moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    if "heartbeats" in tables(connection):
        with connection:
            connection.execute("INSERT OR REPLACE INTO heartbeats (name, at) VALUES (?, ?)", (name, written))


@contextmanager
def _partial(path: Path) -> Iterator[Path]:
    """Yield a file beside ``path`` that only its owner may open, and that is gone afterwards."""
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
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
    """Raise ``StoreError`` unless this is a whole database of Minidorp."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE_S)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreError(f"The copy {path} is damaged; use another. Nothing was changed.")
        if not is_ours(connection):
            raise StoreError(f"The file {path} is no database of Minidorp; name a file that 'minidorp backup' made.")


def _refuse_newer(copy: Path) -> None:
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE_S)) as connection:
        step = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if step and step[0] not in known_steps():
        raise StoreError(f"The copy {copy} was made by a newer Minidorp (step {step[0]}); update Minidorp first.")


def _is_damaged(path: Path) -> bool:
    """Tell whether nothing can be read from the file, also when there is not a byte in it."""
    if path.stat().st_size == 0:
        return True
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
    """Keep a damaged database as it is, with what belongs to it; what cannot be read cannot be cleaned."""
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
