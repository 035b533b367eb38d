"""All that is kept of somebody, as a file that they can read themselves: keys in plain words, times of the town."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from bot.conversation.message import Document, Reply
from bot.conversation.turn import Turn
from bot.locales import parent_words
from bot.store import kept
from bot.store.kept import Row

NAMED = ("kind", "state")
"""Columns whose values are words of the code, and are told in plain words."""
VALUES = (
    *("meetup", "neighbourhood", "tips"),
    *("evening", "hours", "cancelled", "moved", "restored", "announcement", "tip", kept.ASKED),
    *("due", "sending", "sent", "failed", "skipped"),
)
"""The values that have plain words; others stand as they are."""


async def document(turn: Turn, _text: str = "") -> Reply:
    """Return a file with everything that is kept of this chat at this moment."""
    scene = turn.scene
    async with turn.store.reading() as connection:
        rows = await kept.everything(connection, scene.parent.chat_id)
    shown = readable(rows, scene.language, turn.now, ZoneInfo(scene.agenda.timezone))
    # Half a character in a message that waits for its reply cannot be written, but as JSON's own number of it.
    content = json.dumps(shown, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")
    file = Document(scene.words("mydata.filename"), content, scene.words("mydata.caption"))
    return replace(scene.said("mydata.here"), document=file)


async def press_document(turn: Turn, _values: tuple[str, ...]) -> Reply | None:
    """Send the file."""
    return await document(turn)


def readable(rows: list[Row], language: str, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Return the rows by what they are about, each with a line that explains it; and where nothing stands."""
    words = parent_words(language)
    shown: dict[str, Any] = {
        words("mydata.about"): words("mydata.about.text"),
        words("mydata.made"): _value("", now, language, zone),
    }
    empty = []
    for table in kept.about_people():
        of_table = [row.values for row in rows if row.table == table]
        if not of_table:
            empty.append(words(f"mydata.table.{table}"))
            continue
        shown[words(f"mydata.table.{table}")] = {
            words("mydata.explained"): words(f"mydata.table.{table}.text"),
            words("mydata.kept"): [
                {words(f"mydata.column.{name}"): _value(name, value, language, zone) for name, value in values.items()}
                for values in of_table
            ],
        }
    shown[words("mydata.nothing")] = empty
    return shown


def _value(column: str, value: object, language: str, zone: ZoneInfo) -> object:
    words = parent_words(language)
    if value is None:
        return words("mydata.unknown")
    if isinstance(value, bool):
        return words("mydata.yes" if value else "mydata.no")
    if isinstance(value, datetime):
        return format_datetime(value.astimezone(zone), words("mydata.moment"), locale=language)
    if isinstance(value, date):
        return format_date(value, "long", locale=language)
    if column in NAMED:
        return words(f"mydata.value.{value}") if value in VALUES else value
    if column == "payload" and isinstance(value, str):
        return json.loads(value)
    return value
