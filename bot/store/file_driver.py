"""How the program talks to SQLite: in a thread of its own where the disk may be waited for, and here where it may not.

aiosqlite hands every step to a thread and waits for it: making a cursor, running a statement, fetching, closing. Four
hops there and back cost many times what looking one row up costs. So steps that touch no disk are taken at once, and a
whole look at a few rows as well (:attr:`Driver.is_at_once`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

import aiosqlite

Found = TypeVar("Found")


class Driver(aiosqlite.Connection):
    """aiosqlite's connection with fewer hops. With ``is_at_once`` every step is taken in the thread that asks."""

    is_at_once = False

    async def _execute(self, fn: Callable[..., Found], *args: Any, **kwargs: Any) -> Found | None:
        step, of = fn.__name__, getattr(fn, "__self__", None)
        if of is self._connection and step in ("commit", "rollback") and not self._conn.in_transaction:
            return None
        is_begin = step == "execute" and args[0] == "BEGIN DEFERRED"
        touches_no_disk = is_begin or step == "cursor" or (step == "close" and isinstance(of, sqlite3.Cursor))
        if self._connection is not None and (self.is_at_once or touches_no_disk):
            return fn(*args, **kwargs)
        found: Found | None = await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return found


def connect(path: str, **options: Any) -> Driver:
    """Return a connection that is not opened yet."""
    driver = Driver(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)
    # Like SQLAlchemy's own: a program that ends waits for no thread.
    thread: Any = getattr(driver, "_thread", driver)
    thread.daemon = True
    return driver
