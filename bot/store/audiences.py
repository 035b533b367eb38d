"""Whom a message is for, as one statement over all parents: never row by row.

Each statement begins at what parents follow, so that its cost grows with those who are told, and not with everybody in
the store. Nobody who cannot be reached is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, CompoundSelect, Select, func, literal, select, true, union, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.deliveries import CHANGES
from bot.store.subscriptions import EVERY

Chosen = Select[tuple[int]]
"""A statement that chooses chats."""


def recipients(
    neighbourhoods: Sequence[str] = (),
    meetups: Sequence[str] = (),
    born: tuple[date, date] | None = None,
) -> Select[tuple[int]]:
    """Return the statement for the chats of parents whom every named condition fits.

    Only parents who agreed to be written to are meant: those who follow something. ``neighbourhoods`` is where they
    live or what they follow, ``meetups`` what they follow, ``born`` the first and last day of their child's birth.
    """
    parent, following = tables.parents.c, tables.subscriptions.c
    groups: list[Select[tuple[int]] | CompoundSelect[tuple[int]]] = []
    if meetups:
        groups.append(_following("meetup", meetups))
    if neighbourhoods:
        lives_there = (
            select(following.chat_id)
            .join(tables.parents, parent.chat_id == following.chat_id)
            .where(parent.neighbourhood.in_(neighbourhoods))
        )
        groups.append(union(_following("neighbourhood", neighbourhoods), lives_there))
    first, *others = groups or [select(following.chat_id).distinct()]
    chosen = _reached(first, *([parent.child_born.between(*born)] if born else []))
    for group in others:
        chosen = chosen.where(chosen.selected_columns.chat_id.in_(group))
    return chosen


def followers(
    meetup: str,
    neighbourhood: str,
    uid: str,
    before: datetime,
    *,
    evening_hour: int | None = None,
    wants_two_hours: bool | None = None,
    heard: Sequence[str] = (),
) -> Select[tuple[int]]:
    """Return the statement for the chats of parents who are to hear of the meeting ``uid``.

    They follow its series or its wijk, or said to come, all ``before`` a moment. ``evening_hour`` and
    ``wants_two_hours`` choose those who set it so; ``heard``, the subjects of its changes so far, those for whom the
    last they heard is that it is cancelled or moved.
    """
    parent, coming, told = tables.parents.c, tables.attendances.c, tables.deliveries.c
    following = union(
        _following("meetup", (meetup,), before),
        _following("neighbourhood", (neighbourhood,), before),
        select(coming.chat_id).where(coming.occurrence == uid, coming.created_at <= before),
    )
    conditions = []
    if evening_hour is not None:
        conditions.append(parent.evening_hour == evening_hour)
    if wants_two_hours is not None:
        conditions.append(parent.wants_two_hours.is_(wants_two_hours))
    chosen = _reached(following, *conditions)
    if heard:
        last = (
            select(func.max(told.id))
            .where(told.kind.in_(CHANGES), told.subject.in_(heard), told.state.in_(("sent", "sending")))
            .group_by(told.chat_id)
        )
        were_told = select(told.chat_id).where(told.id.in_(last), told.kind != "restored")
        chosen = chosen.where(chosen.selected_columns.chat_id.in_(were_told))
    return chosen


def with_child(born: tuple[date, date], weeks_early: tuple[int, int] | None, before: datetime) -> Select[tuple[int]]:
    """Return the statement for the chats of parents who asked for tips ``before`` a moment, by their child's birth.

    ``born`` is the first and last day; ``weeks_early`` chooses children who came so many weeks too early, none counting
    as 0.
    """
    parent = tables.parents.c
    conditions = [parent.child_born.between(*born)]
    if weeks_early:
        conditions.append(func.coalesce(parent.weeks_early, 0).between(*weeks_early))
    return _reached(_following("tips", (EVERY,), before), *conditions)


def these(chat_ids: Sequence[int]) -> Chosen:
    """Return the statement for these very chats, whoever they are; there is at least one."""
    one_by_one = union_all(*(select(literal(chat_id, BigInteger).label("chat_id")) for chat_id in chat_ids))
    # Without a condition SQLite would take the "on" of "on conflict" for that of a join.
    return select(one_by_one.subquery().c.chat_id).where(true())


def only(chosen: Chosen, chat_id: int) -> Chosen:
    """Return the statement for this one chat, if it is among those chosen."""
    return chosen.where(chosen.selected_columns.chat_id == chat_id)


async def count(connection: AsyncConnection, chosen: Select[tuple[int]]) -> int:
    """Return how many parents a statement chooses."""
    return (await connection.execute(select(func.count()).select_from(chosen.subquery()))).scalar_one()


def _following(kind: str, subjects: Sequence[str], before: datetime | None = None) -> Select[tuple[int]]:
    of = tables.subscriptions.c
    chosen = select(of.chat_id).where(of.kind == kind, of.subject.in_(subjects))
    return chosen if before is None else chosen.where(of.created_at <= before)


def _reached(
    following: Select[tuple[int]] | CompoundSelect[tuple[int]], *conditions: ColumnElement[bool]
) -> Select[Any]:
    """Return the statement for those of ``following`` who can be reached, and whose row in parents fits.

    Who cannot be reached is looked up in an index of only those: without ``conditions`` no parent's row is read.
    """
    found, gone, parent = following.subquery(), tables.parents.alias("gone"), tables.parents.c
    unreachable = select(gone.c.chat_id).where(gone.c.unreachable_at.is_not(None))
    chosen = select(found.c.chat_id).where(found.c.chat_id.not_in(unreachable))
    if conditions:
        chosen = chosen.join(tables.parents, parent.chat_id == found.c.chat_id).where(*conditions)
    return chosen
