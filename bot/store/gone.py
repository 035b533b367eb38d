"""Who was forgotten, and what was ended, after a copy was made: a restore must not bring it back.

Only the database that the copy replaces can tell, and only when it is the same town grown older: then somebody is in
both since the same moment. In a new town that was begun after a loss nobody is, and everybody would seem forgotten. And
where it was itself put back from a copy, it never knew who came after that one: to take a restore back, by restoring
what it kept, must not lose them.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from bot.store.heartbeats import RESTORED

SAME = "SELECT chat_id FROM main.parents JOIN before.parents USING (chat_id, created_at)"
"""Who is in both; not who was forgotten in between and began anew."""
KNOWN = "created_at <= coalesce(:known_until, created_at)"
FORGOTTEN = f"SELECT chat_id FROM main.parents WHERE {KNOWN} AND chat_id NOT IN ({SAME})"  # noqa: S608 - our own words
ENDED = (
    f"DELETE FROM main.subscriptions WHERE {KNOWN} AND (chat_id, kind, subject) NOT IN "  # noqa: S608 - the same
    "(SELECT chat_id, kind, subject FROM before.subscriptions)"
)
OF_CHATS = (
    "SELECT name FROM main.sqlite_master WHERE type = 'table' "
    "AND EXISTS (SELECT 1 FROM pragma_table_info(sqlite_master.name) c WHERE c.name = 'chat_id') "
    # The parents themselves go last: they tell whose the other rows are.
    "ORDER BY name = 'parents'"
)


@dataclass(frozen=True, slots=True)
class Gone:
    """How many people of a copy were forgotten after it, and how many subscriptions of the others ended."""

    people: int
    subscriptions: int


def leave_out_gone(copy: sqlite3.Connection, before: Path) -> Gone | None:
    """Take out of ``copy`` what the database ``before`` the restore no longer has; None when that one cannot tell.

    ``copy`` is open with addresses allowed; both may be of any version.
    """
    copy.execute("ATTACH ? AS before", (f"{before.absolute().as_uri()}?mode=ro",))
    try:
        if copy.execute(f"{SAME} LIMIT 1").fetchone() is None:
            return None
        restored = _restored(copy, "before")
        limit = {"known_until": None if restored == _restored(copy, "main") else restored}
        people = subscriptions = 0
        with copy:
            for (table,) in copy.execute(OF_CHATS).fetchall():
                erasing = f'DELETE FROM main."{table}" WHERE chat_id IN ({FORGOTTEN})'  # noqa: S608 - a table of ours
                people = copy.execute(erasing, limit).rowcount
            if {"subscriptions"} <= tables(copy) & tables(copy, "before"):
                subscriptions = copy.execute(ENDED, limit).rowcount
    finally:
        copy.execute("DETACH before")
    # What was erased also stands in the gaps where pages were split.
    copy.execute("VACUUM")
    return Gone(people, subscriptions)


def _restored(connection: sqlite3.Connection, schema: str) -> str | None:
    """Return until when the copy knew everybody that this database was put back from; None when it never was."""
    if "heartbeats" not in tables(connection, schema):
        return None
    asking = f"SELECT max(at) FROM {schema}.heartbeats WHERE name = ?"  # noqa: S608 - one of two schemas
    found: str | None = connection.execute(asking, (RESTORED,)).fetchone()[0]
    return found


def tables(connection: sqlite3.Connection, schema: str = "main") -> set[str]:
    """Return the names of the tables of one of the databases that are open on a connection."""
    rows = connection.execute(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'")  # noqa: S608 - one of two
    return {name for (name,) in rows}
