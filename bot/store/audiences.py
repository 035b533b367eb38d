"""Whom a message is for, as one statement over all parents: never row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables


def recipients(
    neighbourhoods: Sequence[str] = (),
    meetups: Sequence[str] = (),
    born: tuple[date, date] | None = None,
) -> Select[tuple[int]]:
    """Return the statement for the chats of parents whom every named condition fits; nobody who cannot be reached.

    Only parents who agreed to be written to are meant: those who follow something. ``neighbourhoods`` is where they
    live or what they follow, ``meetups`` what they follow, ``born`` the first and last day of their child's birth.
    """
    parent, following = tables.parents.c, tables.subscriptions.c
    follows = select(following.chat_id).where(following.chat_id == parent.chat_id)
    chosen = select(parent.chat_id).where(parent.unreachable_at.is_(None), follows.exists())
    if neighbourhoods:
        follows_there = follows.where(following.kind == "neighbourhood", following.subject.in_(neighbourhoods))
        chosen = chosen.where(parent.neighbourhood.in_(neighbourhoods) | follows_there.exists())
    if meetups:
        chosen = chosen.where(follows.where(following.kind == "meetup", following.subject.in_(meetups)).exists())
    if born:
        chosen = chosen.where(parent.child_born.between(*born))
    return chosen


async def count(connection: AsyncConnection, chosen: Select[tuple[int]]) -> int:
    """Return how many parents a statement chooses."""
    return (await connection.execute(select(func.count()).select_from(chosen.subquery()))).scalar_one()
