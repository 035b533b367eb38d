"""Insert-or-change, which SQLite and PostgreSQL spell alike but SQLAlchemy keeps in two places."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the insert of the connection's own database, which has ``on_conflict_do_…``."""
    return insert_into(connection.dialect.name, table)


def insert_into(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the insert of a database of this name."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


async def upsert(
    connection: AsyncConnection, table: Table, values: dict[str, Any], *, changes: tuple[str, ...]
) -> None:
    """Insert one row; where its primary key is already there, change the columns named in ``changes``."""
    await connection.execute(_upsert(connection.dialect.name, table, changes), values)


@cache
def _upsert(dialect: str, table: Table, changes: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    """Return the statement; made once, because making it takes longer than running it."""
    statement = insert_into(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: statement.excluded[name] for name in changes},
    )
