"""The file of a town: made closed to others, known as ours by a mark, and never mistaken for another program's.

A file is made with its mark in it, so one without a single byte was not made here: a copy that went wrong, or a disk
that was full. To take it for a new town would lose an old one without a word.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from bot.store.errors import StoreError

MARK = int.from_bytes(b"Dorp", "big")
"""SQLite's ``application_id`` of every file that is made here. Files of before the mark are known by their tables."""
TABLES = {"alembic_version", "inbox"}
"""Two that stand in a database of Minidorp since its first step."""


def prepare(path: Path) -> bool:
    """Make the folder and a marked file that only its owner may read; return whether the file is new.

    Raises:
        StoreError: If they cannot be made, or the file cannot be opened.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = not path.exists()
        if is_new:
            _make(path)
        path.touch()
        with path.open("rb"):
            pass
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreError(f"The database {path} cannot be made: the disk is full; make room.") from error
        raise StoreError(
            f"The database {path} cannot be opened ({error.strerror}); give this user the right to read and "
            "write the file and its folder, or name another file in MINIDORP_DATABASE_URL."
        ) from error
    # A log that a killed program left behind is as open as it was; a new one gets the mode of the database.
    for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(PermissionError, FileNotFoundError):
            part.chmod(0o600)
    return is_new


def _make(path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA application_id = {MARK}")
        blank = connection.serialize()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # Another program that starts at the same moment was first.
    try:
        os.write(handle, blank)
    except OSError:
        path.unlink()
        raise
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Remove a database with what belongs to it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def refuse_others(path: Path) -> None:
    """Raise ``StoreError`` when the file is empty, damaged, no database, or that of another program.

    It is opened for reading only: a connection that may write would, when it is closed, carry over what a program that
    was killed left in the write-ahead log.
    """
    if path.is_file() and path.stat().st_size == 0:
        raise StoreError(
            f"The database {path} is an empty file, which Minidorp never leaves; put a copy back with 'minidorp "
            "restore FILE', or remove it for the next start to begin a new town."
        )
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            is_whole = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            is_of_another = is_whole and not is_ours(connection)
    except sqlite3.OperationalError:
        return  # It is held by another program, or cannot be opened: whoever opens it to write says what is wrong.
    except sqlite3.DatabaseError:
        is_whole = is_of_another = False
    if not is_whole:
        raise StoreError(
            f"The database {path} is damaged, or is not a database; nothing was changed in it. Put a copy back, or "
            "name another file in MINIDORP_DATABASE_URL."
        )
    if is_of_another:
        raise StoreError(
            f"The database {path} is that of another program; nothing was changed in it. Name another file in "
            "MINIDORP_DATABASE_URL."
        )


def is_ours(connection: sqlite3.Connection) -> bool:
    """Tell whether this is a database of Minidorp, of any version."""
    if connection.execute("PRAGMA application_id").fetchone()[0] == MARK:
        return True
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} >= TABLES
