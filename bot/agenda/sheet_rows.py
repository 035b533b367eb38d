"""The rows of a coordinator's sheet, read one by one and put together by series: what they say, and nothing else.

Pure. What cannot be read becomes a :class:`Remark` with row, column and remedy; reading goes on, so that everything is
told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Literal

from bot.agenda import sheet_values as values
from bot.agenda.check import TEXT_LIMIT, TITLE_LIMIT
from bot.agenda.columns import plain
from bot.agenda.spreadsheet import Cell, Row
from bot.knowledge.plain import unsafe

TITLES = ("titel", "titel_en", "plek", "organisatie")
"""Columns whose words stand on a button or in one line."""

TEXTS = (
    "id", "adres", "woonplaats", "wijk", "voor_wie", "voor_wie_en", "kosten", "kosten_en", "aanmelden", "contact",
    "beroepskracht", "beroepskracht_en", "omschrijving", "omschrijving_en", "eerste_keer", "eerste_keer_en",
    "zoekwoorden", "toegankelijkheid", "toegankelijkheid_en", "ingang", "ingang_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the sheet that a coordinator is told: an error keeps all of it from being written."""

    row: int | None
    column: str | None
    sentence: str
    level: Literal["error", "note"] = "error"

    def told(self, name: str) -> str:
        """Return ``agenda.csv: row 4, tijd: problem; remedy``."""
        where = ", ".join(part for part in (f"row {self.row}" if self.row else "", self.column or "") if part)
        return f"{name}: {where}: {self.sentence}" if where else f"{name}: {self.sentence}"


@dataclass
class Said:
    """What the rows of one series say: ``fields`` by column, ``days`` with the row each stands in, ``themes`` by day.

    ``rows`` are the numbers of the rows, ``at`` the row in which a field was said first.
    """

    rows: list[int] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    days: dict[date, int] = field(default_factory=dict)
    themes: dict[date, tuple[str, str | None]] = field(default_factory=dict)


def read(rows: Sequence[Row], columns: dict[str, int], today: date) -> tuple[list[Said], list[Remark]]:
    """Return what the rows say, by series in the order of the sheet, with every remark."""
    remarks: list[Remark] = []
    series: dict[tuple[str, str], Said] = {}
    for row in rows:
        reader = _Reader(row, columns, today, remarks)
        fields = reader.fields()
        title = fields.get("titel") or fields.get("id")
        if title is None:
            if "titel" not in reader.failed:
                reader.remark("titel", "is empty; every row names its series")
            continue
        key = (plain(fields.get("id", title)), plain(fields.get("plek", "")))
        if not key[1]:
            # A row that does not say where belongs to the series of that name, when there is one.
            key = next((known for known in series if known[0] == key[0]), key)
        _add(series.setdefault(key, Said()), row.number, fields, reader)
    return list(series.values()), remarks


def _add(said: Said, row: int, fields: dict[str, Any], reader: _Reader) -> None:
    """Put one row into its series; two rows that contradict each other are told."""
    said.rows.append(row)
    theme = fields.pop("thema", None)
    theme_en = fields.pop("thema_en", None)
    for day in fields.pop("days", ()):
        if day in said.days:
            reader.remark("dag_of_datum", f"{day:%d-%m-%Y} stands in row {said.days[day]} as well; remove one of them")
        said.days.setdefault(day, row)
        if theme:
            said.themes[day] = (theme, theme_en)
    if theme and not any(number == row for number in said.days.values()) and "dag_of_datum" not in reader.failed:
        reader.remark("thema", "belongs to a date; give it a row with its date, or write the words under zoekwoorden")
    for name, value in fields.items():
        if name in said.fields and _differs(said.fields[name], value):
            reader.remark(
                COLUMN_OF.get(name, name),
                f"'{_shown(value)}' is not what row {said.at[name]} says ('{_shown(said.fields[name])}'); "
                "make them the same, or give one of the two another titel",
            )
        elif name not in said.fields:
            said.fields[name], said.at[name] = value, row


COLUMN_OF = {"from_time": "tijd", "until_time": "tijd", "rhythm": "herhaling"}
"""The column in which a value is looked for first."""


def _differs(one: Any, other: Any) -> bool:
    return plain(one) != plain(other) if isinstance(one, str) and isinstance(other, str) else bool(one != other)


def _shown(value: Any) -> str:
    return f"{value:%H:%M}" if hasattr(value, "hour") else str(value)


class _Reader:
    """One row, column by column; ``failed`` are the columns that could not be read."""

    def __init__(self, row: Row, columns: dict[str, int], today: date, remarks: list[Remark]) -> None:
        self._row = row
        self._columns = columns
        self._today = today
        self._remarks = remarks
        self.failed: set[str] = set()

    def remark(self, column: str, sentence: str, level: Literal["error", "note"] = "error") -> None:
        self._remarks.append(Remark(self._row.number, column, sentence, level))
        if level == "error":
            self.failed.add(column)

    def fields(self) -> dict[str, Any]:
        """Return what the row says, by column; what it leaves open, or says wrongly, is not in it."""
        said: dict[str, Any] = {}
        for name in (*TITLES, *TEXTS, "thema", "thema_en"):
            said[name] = self._take(name, partial(self._text, name=name))
        said["postcode"] = self._take("postcode", values.postcode)
        said["leeftijd"] = self._take("leeftijd", values.ages)
        said["taal"] = self._take("taal", values.languages)
        said["niet_in_vakantie"] = self._take("niet_in_vakantie", values.yes)
        said["niet_op_feestdagen"] = self._take("niet_op_feestdagen", values.yes)
        said["bevestigd_op"] = self._take("bevestigd_op", self._day)
        said |= self._when()
        if said["leeftijd"] is None and said["voor_wie"] and "leeftijd" not in self.failed:
            said["leeftijd"] = self._take(
                "voor_wie", lambda cell: values.find_ages(values.words(cell), needs_unit=True)
            )
        return {name: value for name, value in said.items() if value not in (None, "", [], ())}

    def _when(self) -> dict[str, Any]:
        said: dict[str, Any] = {}
        begin, end, start, until = "begin", "eind", "start", "tot"
        # "van … tot …" are times in one sheet and days in the next; what stands there tells which.
        if values.is_time(self._cell(start)) and self._cell(begin) is None:
            begin, start = start, "begin"
        if values.is_time(self._cell(until)) and self._cell(end) is None:
            end, until = until, "eind"
        said["start"] = self._take(start, self._day) if start == "start" else None
        said["tot"] = self._take(until, self._day) if until == "tot" else None
        repeat = self._cell("herhaling")
        try:
            when = values.when(self._cell("dag_of_datum"), repeat, self._today)
        except ValueError as error:
            self.remark("dag_of_datum" if self._cell("dag_of_datum") is not None else "herhaling", str(error))
            when = values.When()
        if when.has_guessed_year:
            days = ", ".join(f"{day:%d-%m-%Y}" for day in when.days or ((when.first,) if when.first else ()))
            self.remark("dag_of_datum", f"has no year; read as {days}", "note")
        said["rhythm"], said["days"] = when.rhythm, when.days
        if when.first and not said["start"]:
            said["start"] = when.first
        both = self._take("tijd", values.times) or (when.from_time, when.until_time)
        first = self._take(begin, values.times) or (None, None)
        last = self._take(end, values.times) or (None, None)
        said["from_time"] = first[0] or both[0]
        said["until_time"] = last[0] or first[1] or both[1]
        if said["from_time"] and said["until_time"] and said["until_time"] <= said["from_time"]:
            self.remark("tijd", "ends before it begins; turn the times around")
        return said

    def _cell(self, name: str) -> Cell:
        position = self._columns.get(name)
        return self._row.cells[position] if position is not None and position < len(self._row.cells) else None

    def _take(self, name: str, read: Callable[[Cell], Any]) -> Any:
        cell = self._cell(name)
        if cell is None or (isinstance(cell, str) and cell in ("-", "–")):
            return None
        try:
            return read(cell)
        except (ValueError, OverflowError) as error:
            self.remark(name, str(error))
            return None

    def _day(self, cell: Cell) -> date:
        found, is_guess = values.day(cell, self._today)
        if is_guess:
            self._remarks.append(
                Remark(self._row.number, None, f"'{cell}' has no year; read as {found:%d-%m-%Y}", "note")
            )
        return found

    def _text(self, cell: Cell, name: str) -> str:
        text = values.words(cell)
        limit = TITLE_LIMIT if name in TITLES else TEXT_LIMIT
        if len(text) > limit:
            raise ValueError(f"{len(text)} characters do not fit one screen; keep it under {limit}")
        for finding in unsafe(text):
            raise ValueError(finding.sentence.format(where=f"'{text[:40]}'", **finding.values).partition(": ")[2])
        return text
