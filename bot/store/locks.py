"""What one process at a time may do: handle a chat, plan, change the tables.

On PostgreSQL a lock belongs to a session of the server, so it ends with its process, also with one that is killed: no
lease runs out, and no two clocks need agree. A file serves one program, which holds everything.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from sqlalchemy import func, literal, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.errors import explain

# The ids of chats are themselves the numbers of their locks, and stay under 2 ** 52.
MIGRATING = 2**62 + 1
PLANNING = 2**62 + 2
NO_CHAT = 2**62 + 3
"""For updates that belong to no chat."""


class Locks:
    """The locks of one process, all in one session that stays open."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._is_shared = engine.dialect.name == "postgresql"
        self._session: AsyncConnection | None = None
        self._held: set[int] = set()
        self._turn = asyncio.Lock()

    async def take(self, number: int) -> bool:
        """Take a lock, or make sure that it is still held; return False when another process holds it.

        Raises:
            StoreError: If the database does not answer. Then nothing is held any more.
        """
        if not self._is_shared:
            return True
        async with self._turn:
            try:
                if self._session is None:
                    self._session = await self._open()
                wanted = literal(True) if number in self._held else func.pg_try_advisory_lock(number)
                is_held = bool((await self._session.execute(select(wanted))).scalar_one())
            except (SQLAlchemyError, OSError) as error:
                await self._drop()
                raise explain(self._engine.url, error) from error
            except asyncio.CancelledError:
                # Whether the lock was taken is not known.
                await self._drop()
                raise
            if is_held:
                self._held.add(number)
            return is_held

    async def let_go(self, number: int) -> None:
        """Give a lock back; one that was lost with its session is gone already."""
        async with self._turn:
            if self._session is None or number not in self._held:
                return
            self._held.discard(number)
            try:
                await self._session.execute(select(func.pg_advisory_unlock(number)))
            except (SQLAlchemyError, OSError):
                await self._drop()
            except asyncio.CancelledError:
                await self._drop()
                raise

    async def close(self) -> None:
        """Give back everything."""
        async with self._turn:
            await self._drop()

    async def _open(self) -> AsyncConnection:
        session = await self._engine.connect()
        return await session.execution_options(isolation_level="AUTOCOMMIT")

    async def _drop(self) -> None:
        """End the session, and with it every lock; it must not go back to others with locks on it."""
        session, self._session = self._session, None
        self._held.clear()
        if session is not None:
            with suppress(SQLAlchemyError, OSError):
                await session.invalidate()
            await session.close()
