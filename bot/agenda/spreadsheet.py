"""A coordinator's spreadsheet as rows of plain values: ``.csv`` as Dutch Excel writes it, or ``.xlsx``; bytes in.

A file from outside is bounded before it is read (bytes, and what a packed file would unpack to) and while it is read
(rows, columns, characters). Formulas are never worked out: the value that stood in the cell counts. Macros, pictures
and links to other files are never opened. Rows are numbered from 1, as the spreadsheet shows them.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from xml.etree.ElementTree import ParseError  # only the name of the error; openpyxl reads through defusedxml

MAX_BYTES = 5_000_000
"""A larger file is no agenda: a thousand rows of meetings are about 200 kB."""

MAX_UNPACKED = 10_000_000
"""What all parts of an .xlsx may be together when unpacked; a thousand rows of meetings are about one."""

MAX_PARTS = 500
"""Parts in one .xlsx; a workbook with ten sheets has some thirty."""

MAX_ROWS = 1_000
"""Rows with something in them; four series with a row for every morning of five years."""

MAX_SEEN_ROWS = 20_000
"""Rows that are looked at, empty ones too: a border drawn down the sheet makes rows without end."""

MAX_COLUMNS = 100
"""Columns that are looked at."""

MAX_CHARACTERS = 2_000
"""Characters in one cell; the longest text a parent reads has 500."""

Cell = str | date | datetime | time | int | float | bool | None


class SpreadsheetError(ValueError):
    """A file that cannot be used as a whole; the message says why and what to do, without the file's name."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds something; ``cells`` are text or what Excel keeps as a date, a time or a number."""

    number: int
    cells: tuple[Cell, ...]


def read(data: bytes) -> list[Row]:
    """Return the rows with something in them, of the first sheet of a workbook or of a text file.

    Which of the two it is follows from the bytes, not from the name. Raises ``SpreadsheetError``.
    """
    if len(data) > MAX_BYTES:
        raise SpreadsheetError(
            f"is larger than {MAX_BYTES // 1_000_000} MB; keep only the sheet with the meetings and save it again"
        )
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetError(
            "is protected by a password, or an old .xls; open it in Excel and save it as .xlsx without a password"
        )
    numbered = enumerate(_of_workbook(data) if data.startswith(b"PK") else _of_text(data), 1)
    rows = []
    for number, cells in numbered:
        if number > MAX_SEEN_ROWS:
            raise SpreadsheetError(
                f"goes on below row {MAX_SEEN_ROWS}; remove the empty rows below the last meeting and save it again"
            )
        kept = [_tidy(cell, number) for cell in cells[:MAX_COLUMNS]]
        while kept and kept[-1] is None:
            kept.pop()
        if kept:
            rows.append(Row(number, tuple(kept)))
        if len(rows) > MAX_ROWS:
            raise SpreadsheetError(f"holds more than {MAX_ROWS} rows; import one season at a time")
    return rows


def _tidy(cell: object, number: int) -> Cell:
    """Return one cell: text without room around it, None for nothing."""
    if isinstance(cell, str):
        if len(cell) > MAX_CHARACTERS:
            raise SpreadsheetError(
                f"row {number}: a cell of {len(cell)} characters (it begins with '{cell[:20].strip()}…') "
                f"is no text for parents; keep it under {MAX_CHARACTERS}"
            )
        return "\n".join(" ".join(line.split()) for line in cell.strip().splitlines()) or None
    if isinstance(cell, (bool, int, float, date, time)) or cell is None:
        return cell
    return str(cell)


def _of_workbook(data: bytes) -> Iterator[tuple[object, ...]]:
    # Only a sheet that comes in needs it, and with what it brings along it takes 10 MB.
    import openpyxl

    _fits(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        # What a file says of its own size may be wrong; the rows themselves are counted instead.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True):
            yield tuple(_in_seconds(cell) for cell in row) if row.count(None) < len(row) else ()
    except _DAMAGED as error:
        raise SpreadsheetError(
            f"is a damaged workbook ({_short(error)}); open it in Excel and save it again as .xlsx"
        ) from error


_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    StopIteration,
    OSError,
    EOFError,
    OverflowError,
)
"""What openpyxl raises for a workbook whose parts are missing, cut off or not what they say they are."""


def _fits(data: bytes) -> None:
    """Look at what a packed file says it holds, before any of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise SpreadsheetError(
            f"is a damaged workbook ({_short(error)}); open it in Excel and save it again as .xlsx"
        ) from error
    if any(part.flag_bits & 1 for part in parts):
        raise SpreadsheetError("is protected by a password; save it as .xlsx without one")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise SpreadsheetError("is packed as Excel never does; open it in Excel and save it again as .xlsx")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise SpreadsheetError(
            f"unpacks to more than {MAX_UNPACKED // 1_000_000} MB; keep only the sheet with the meetings"
        )
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise SpreadsheetError("is packed, but no workbook of Excel; open it in your program and save it as .xlsx")


def _in_seconds(cell: object) -> object:
    """Return a time that Excel keeps as a fraction of a day to the second: 9:30 comes as 9:29:59.999."""
    if isinstance(cell, timedelta):
        is_time = timedelta(0) <= cell < timedelta(days=1)
        cell = (datetime(2000, 1, 1) + cell).time() if is_time else str(cell)  # noqa: DTZ001 - a clock on a wall
    if isinstance(cell, datetime):
        rounded = (cell + timedelta(milliseconds=500)).replace(microsecond=0)
        return rounded.date() if rounded.time() == time() else rounded
    if isinstance(cell, time) and cell.microsecond:
        return (datetime.combine(date(2000, 1, 1), cell) + timedelta(milliseconds=500)).time().replace(microsecond=0)
    return cell


def _of_text(data: bytes) -> Iterator[tuple[str, ...]]:
    text = _decoded(data)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise SpreadsheetError(f"line {line}: holds a NUL byte, so it is no text; save the sheet again as CSV UTF-8")
    # Line by line: a million short lines at once would take twenty times their room.
    first = text[:6].splitlines()[:1]
    if first and first[0].lower().startswith("sep=") and len(first[0]) == 5:
        # Excel's own way to name the separator; it stands above the sheet and is no row of it.
        separator = first[0][4]
        text = text[text.find("\n") + 1 :] if "\n" in text else ""
    else:
        separator = _separator(io.StringIO(text, newline=""))
    reader = csv.reader(_no_wider(text, separator), delimiter=separator, strict=True)
    try:
        for row in reader:
            yield tuple(row)
    except csv.Error as error:
        raise SpreadsheetError(
            f"line {reader.line_num}: cannot be read ({_short(error)}); look for a quotation mark that is not closed"
        ) from error


def _no_wider(text: str, separator: str) -> Iterator[str]:
    """Yield the lines; one of millions of columns is refused before they are made."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if line.count(separator) > 10 * MAX_COLUMNS:
            raise SpreadsheetError(
                f"line {number}: has more than {10 * MAX_COLUMNS} columns; keep only those of the meetings"
            )
        yield line


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Excel's "Unicode text".
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise SpreadsheetError("is no text that can be read; save the sheet again as CSV UTF-8") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Old Excel writes the alphabet of Western Windows; the few bytes without a letter become a visible sign.
        return data.decode("cp1252", errors="replace")


def _separator(lines: Iterable[str]) -> str:
    """Return what stands between columns: of semicolon, tab and comma the commonest in the first full line."""
    for line in lines:
        counts = {sign: _outside_quotes(line).count(sign) for sign in (";", "\t", ",")}
        best = max(counts, key=lambda sign: counts[sign])
        if counts[best]:
            return best
    return ";"


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__
