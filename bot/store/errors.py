"""What can be wrong with the database, each in one sentence that says what to do. No secrets, no contents."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


class StoreError(Exception):
    """The database cannot be used; the message is one sentence for whoever runs the bot."""


REMEDIES = (
    (
        ("not a database", "malformed"),
        "is damaged, or is not a database; nothing was changed in it. Put a copy back, or name another file",
    ),
    (("is locked", "is busy"), "is locked by another program; stop that one"),
    (
        ("disk i/o error",),
        "cannot be read or written: the disk gives an error; see to the disk",
    ),
    (("is full",), "cannot grow: the disk is full; make room"),
    (
        ("readonly", "read-only"),
        "may only be read; give this user the right to write the file and its folder",
    ),
    (
        ("unable to open",),
        "cannot be opened; give this user the right to read and write the file and its folder, or name another file",
    ),
    (("password", "authentication"), "refuses the name or password; correct them"),
)
"""What SQLite and PostgreSQL say, beside what it means and what helps."""


def address(url: str) -> URL:
    """Read the address of a database; a plain ``sqlite:`` or ``postgresql:`` gets the driver used here.

    Raises:
        StoreError: If it is not an address, or one of another kind of database.
    """
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "postgres": "postgresql+asyncpg",
        "postgresql": "postgresql+asyncpg",
    }
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "MINIDORP_DATABASE_URL is not the address of a database; "
            "write it like sqlite+aiosqlite:///minidorp.db or postgresql+asyncpg://name:password@host/minidorp."
        ) from error
    parsed = parsed.set(drivername=drivers.get(parsed.drivername, parsed.drivername))
    if parsed.drivername not in drivers.values():
        raise StoreError(
            f"MINIDORP_DATABASE_URL begins with '{parsed.drivername}', which is not known here; "
            "use sqlite+aiosqlite or postgresql+asyncpg."
        )
    return parsed


NO_ROOM_BYTES = 64 * 1024
"""With less than that, SQLite cannot open the files that it needs beside a database."""


def explain(url: URL, error: BaseException) -> StoreError:
    """Say in one sentence what is wrong and what helps, without the words of the statement that failed."""
    name = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    said = str(getattr(error, "orig", None) or error).lower()
    if "disk i/o error" in said and url.database and _has_no_room(Path(url.database)):
        # SQLite says so of its own files beside the database, in the first moment of a start.
        said = "is full"
    for signs, remedy in REMEDIES:
        if any(sign in said for sign in signs):
            return StoreError(f"The database {name} {remedy} (MINIDORP_DATABASE_URL).")
    return StoreError(
        f"The database {name} does not answer ({type(error).__name__}); see that it runs and can be reached, "
        "or change MINIDORP_DATABASE_URL."
    )


def _has_no_room(database: Path) -> bool:
    try:
        return shutil.disk_usage(database.parent).free < NO_ROOM_BYTES
    except OSError:
        return False
