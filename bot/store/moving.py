"""A town that moves: everything of one database to another that is empty, or nothing at all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Integer, Table, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.database import Store, missing_file
from bot.store.errors import StoreError, address
from bot.store.migrate import BehindError

AT_ONCE = 1000
"""Rows in memory at one time."""
DOES_NOT_FIT = ("22", "23")
"""How PostgreSQL's codes begin for values it does not take, and for rows that break a rule."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows of a table were in the old database, and are in the new one now."""

    table: str
    before: int
    after: int


async def move(source: str, target: str) -> list[Moved]:
    """Copy every table from one address to another, as one transaction there; the old database keeps everything.

    Nothing can be written at ``source`` meanwhile. The tables of ``target`` are made when they are not there yet.

    Raises:
        StoreError: If either cannot be used, ``target`` is not empty, or something does not fit. Then no row is there.
    """
    file = missing_file(source)
    if file is not None:
        raise StoreError(f"There is no database {file} to move; name the file of the town.")
    if address(source) == address(target):
        raise StoreError("A town cannot move to where it is; name another database.")
    try:
        old = await Store.open_as_it_is(source)
    except BehindError as error:
        raise StoreError(
            f"The database to move is of an older Minidorp (step {error.step}) and was not changed; start the bot with "
            "it once, which takes the steps that are missing, or move with the Minidorp that made it."
        ) from error
    try:
        new = await Store.open(target)
        try:
            async with old.writing() as reading, new.writing() as writing:
                await _refuse_unless_empty(writing)
                return [await _copy(reading, writing, table) for table in tables.metadata.sorted_tables]
        finally:
            await new.close()
    finally:
        await old.close()


async def _refuse_unless_empty(target: AsyncConnection) -> None:
    for table in tables.metadata.sorted_tables:
        count = await _count(target, table)
        if count:
            raise StoreError(
                f"The database to move to is not empty ({count} rows in {table.name}), so nothing was moved; "
                "name an empty one."
            )


async def _copy(source: AsyncConnection, target: AsyncConnection, table: Table) -> Moved:
    before = await _count(source, table)
    rows = await source.stream(select(table).order_by(*table.primary_key.columns))
    try:
        async for some in rows.mappings().partitions(AT_ONCE):
            await target.execute(insert(table), [dict(row) for row in some])
    except DBAPIError as error:
        code = str(getattr(error.orig, "sqlstate", None) or "")
        if not code.startswith(DOES_NOT_FIT):
            raise
        raise StoreError(
            f"A row of the table {table.name} does not fit into the database to move to (SQLSTATE {code}), "
            "so nothing was moved; look for what was not written by Minidorp."
        ) from error
    after = await _count(target, table)
    if after != before:
        raise StoreError(
            f"Of the {before} rows of {table.name} {after} arrived, so nothing was moved; "
            "see that no program uses the database to move to, and try again."
        )
    await _count_on(target, table)
    return Moved(table.name, before, after)


async def _count(connection: AsyncConnection, table: Table) -> int:
    return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def _count_on(target: AsyncConnection, table: Table) -> None:
    """Let new rows get the numbers after those that moved; SQLite does so by itself."""
    [key, *others] = table.primary_key.columns
    if target.dialect.name != "postgresql" or others or key.name != "id" or not isinstance(key.type, Integer):
        return
    last = func.max(key)
    sequence = func.pg_get_serial_sequence(table.name, key.name)
    await target.execute(select(func.setval(sequence, func.greatest(1, last), last.is_not(None))))
