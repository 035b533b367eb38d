"""The one dialogue a chat may have open, so that a restart or a second process loses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.upsert import upsert

_OPEN = select(tables.dialogues.c.kind, tables.dialogues.c.data, tables.dialogues.c.expires_at).where(
    tables.dialogues.c.chat_id == bindparam("chat_id"), tables.dialogues.c.expires_at > bindparam("now")
)
"""Asked for every message: made once."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What the bot asked and still waits for; ``data`` is plain JSON."""

    kind: str
    data: dict[str, Any]
    expires_at: datetime


async def open_dialogue(
    connection: AsyncConnection, chat_id: int, kind: str, data: dict[str, Any], expires_at: datetime
) -> None:
    """Open a dialogue; one that was open in this chat is gone."""
    values = {"chat_id": chat_id, "kind": kind, "data": data, "expires_at": expires_at}
    await upsert(connection, tables.dialogues, values, changes=("kind", "data", "expires_at"))


async def find(connection: AsyncConnection, chat_id: int, now: datetime) -> Dialogue | None:
    """Return the open dialogue; an expired one counts as closed."""
    row = (await connection.execute(_OPEN, {"chat_id": chat_id, "now": now})).one_or_none()
    return None if row is None else Dialogue(row.kind, row.data, row.expires_at)


async def close(connection: AsyncConnection, chat_id: int, kind: str | None = None) -> None:
    """Close the dialogue, if there is one; with ``kind`` only one of that kind."""
    of = tables.dialogues.c
    is_meant = of.chat_id == chat_id if kind is None else and_(of.chat_id == chat_id, of.kind == kind)
    await connection.execute(delete(tables.dialogues).where(is_meant))


async def prune(connection: AsyncConnection, now: datetime) -> None:
    """Erase every dialogue that has expired."""
    await connection.execute(delete(tables.dialogues).where(tables.dialogues.c.expires_at <= now))
