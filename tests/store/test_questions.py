"""Questions that parents let be kept: without a person, without an order, and for a fixed time."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy

from bot.store import kept, questions, tables

WEDNESDAY, MONDAY = date(2027, 3, 31), date(2027, 3, 29)


async def test_a_question_is_kept_by_its_week_and_without_a_person(store):
    async with store.writing() as connection:
        await questions.keep(connection, "mijn kind wil een hond", "nl", WEDNESDAY)

        [question] = await questions.every(connection)

    assert (question.text, question.language, question.week) == ("mijn kind wil een hond", "nl", MONDAY)
    columns = {name: type(column.type) for name, column in tables.questions.columns.items()}
    assert set(columns) == {"id", "week", "language", "text"}
    assert tables.questions.name not in kept.about_people()


async def test_neither_number_nor_row_tells_which_came_first(store):
    texts = [f"vraag {number}" for number in range(40)]
    async with store.writing() as connection:
        for text in texts:
            await questions.keep(connection, text, "nl", WEDNESDAY)

        rows = (await connection.execute(sqlalchemy.select(tables.questions).order_by(tables.questions.c.id))).all()
        every = await questions.every(connection)

    assert {row.text for row in rows} == set(texts)
    assert [row.text for row in rows] != texts
    assert [question.text for question in every] == sorted(texts)


async def test_after_ninety_days_it_is_gone_and_not_before(store):
    async with store.writing() as connection:
        await questions.keep(connection, "oud", "nl", WEDNESDAY)

        await questions.prune(connection, MONDAY + timedelta(days=90), 90)
        assert len(await questions.every(connection)) == 1
        await questions.prune(connection, MONDAY + timedelta(days=91), 90)
        assert await questions.every(connection) == []


async def test_a_curator_removes_some(store):
    async with store.writing() as connection:
        for text in ("een", "twee"):
            await questions.keep(connection, text, "nl", WEDNESDAY)
        one, other = await questions.every(connection)

        assert await questions.remove(connection, [one.id, 0]) == 1

        assert await questions.every(connection) == [other]
