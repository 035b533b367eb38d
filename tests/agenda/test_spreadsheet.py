"""Sheets as Excel, Google and a hostile stranger make them: rows of plain values, or one sentence at once."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from time import thread_time

import openpyxl
import pytest

from bot.agenda.spreadsheet import SpreadsheetError, read
from tests.conftest import ROOT

NINE_ON_A_DAY = datetime(2027, 6, 8, 9, 30)  # noqa: DTZ001 - a cell of Excel has no zone


def cells(data: bytes) -> list[tuple[object, ...]]:
    return [row.cells for row in read(data)]


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def with_part(data: bytes, name: str, text: bytes) -> bytes:
    """Return a workbook of which one part is replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            after.writestr(part, text if part == name else before.read(part))
        if name not in before.namelist():
            after.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("titel;plek\r\nCafé;'t Huis\r\n".encode(), id="utf-8"),
        pytest.param("titel;plek\r\nCafé;'t Huis\r\n".encode("utf-8-sig"), id="utf-8 with a mark"),
        pytest.param("titel;plek\r\nCafé;'t Huis\r\n".encode("cp1252"), id="old Excel"),
        pytest.param("titel\tplek\r\nCafé\t't Huis\r\n".encode("utf-16"), id="Excel's Unicode text"),
        pytest.param("titel,plek\nCafé,'t Huis\n".encode(), id="commas"),
        pytest.param("sep=|\r\ntitel|plek\r\nCafé|'t Huis\r\n".encode(), id="the separator is named"),
        pytest.param('titel;plek;;;\r\n;;;;\r\n"Café";" \'t  Huis ";;;'.encode(), id="quotes, empty rows and columns"),
        pytest.param(workbook(("titel", "plek"), (None,), ("Café", "'t Huis")), id="a workbook"),
    ],
)
def test_every_way_to_save_a_sheet_gives_the_same_words(data: bytes) -> None:
    assert [tuple(cell for cell in row if cell) for row in cells(data)] == [("titel", "plek"), ("Café", "'t Huis")]


def test_rows_are_numbered_as_the_spreadsheet_shows_them() -> None:
    assert [row.number for row in read(b'a;b\n\n"two\nlines";c\n\nd;e')] == [1, 3, 5]
    assert [row.number for row in read(workbook(("a",), (), ("b",)))] == [1, 3]


def test_days_and_times_of_a_workbook_stay_days_and_times() -> None:
    data = workbook((date(2027, 6, 8), time(9, 30), NINE_ON_A_DAY, 0.5, True, 12))

    assert cells(data) == [(date(2027, 6, 8), time(9, 30), NINE_ON_A_DAY, 0.5, True, 12)]


def test_a_formula_is_never_worked_out_and_its_link_never_followed() -> None:
    data = workbook(("titel", '=WEBSERVICE("http://127.0.0.1:9/x")', "=1+1", "plek"))

    assert cells(data) == [("titel", None, None, "plek")]


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "x")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b"0" * 1_000_000)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
PLAIN = workbook(("titel",))


def lying_bomb() -> bytes:
    """A bomb whose own list says that its parts are small."""
    bomb = with_part(PLAIN, SHEET, b"<worksheet>" + b" " * 20_000_000)
    said, claimed = (20_000_011).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert bomb.count(said) == 2
    return bomb.replace(said, claimed)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)
STOLEN = LAUGHS.replace(b'"ha"', b'SYSTEM "file:///etc/passwd"').replace(b"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;", b"&a;")
FAR_DOWN = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
    b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(zip_bomb, "unpacks to more than 10 MB", id="a zip bomb"),
        pytest.param(with_part(PLAIN, "x.xml", b"0" * 11_000_000), "unpacks to more than 10 MB", id="a huge part"),
        pytest.param(PLAIN[:-100], "is a damaged workbook", id="cut off"),
        pytest.param(b"PK\x03\x04 and then nothing", "is a damaged workbook", id="no zip after all"),
        pytest.param(PLAIN[:400] + b"\0" * 40 + PLAIN[440:], "is a damaged workbook", id="a broken part"),
        pytest.param(with_part(PLAIN, SHEET, b"<worksheet>"), "is a damaged workbook", id="broken xml"),
        pytest.param(with_part(PLAIN, SHEET, LAUGHS), "is a damaged workbook", id="entities that grow"),
        pytest.param(with_part(PLAIN, SHEET, STOLEN), "is a damaged workbook", id="a file of the machine"),
        pytest.param(lying_bomb, "is a damaged workbook", id="a zip bomb that lies about its size"),
        pytest.param(with_part(PLAIN, SHEET, FAR_DOWN), "goes on below row 20000", id="a cell in the last corner"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "is protected by a password", id="a password"),
        pytest.param(b"titel;plek\r\n" + b"a;b\r\n" * 11_000_000, "is larger than 5 MB", id="50 MB of text"),
        pytest.param(b"titel;plek\r\n" + b"a;b\r\n" * 1001, "holds more than 1000 rows", id="1001 rows"),
        pytest.param(b"titel;plek\na;\0b\n", "line 2: holds a NUL byte", id="a NUL byte"),
        pytest.param(b'titel;plek\n"a;b\nc;d\n', "is not closed", id="an open quotation mark"),
        pytest.param(b'titel;plek\n"' + b"a\n" * 2_000_000, "is not closed", id="an open quotation mark before 4 MB"),
        pytest.param(b"titel;plek" + b";" * 4_900_000, "more than 1000 columns", id="five million columns"),
        pytest.param(b"titel\n" + b"x" * 10_000, "row 2: a cell of 10000 characters", id="10 000 characters"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_one_sentence_at_once(data: bytes | Callable[[], bytes], told: str) -> None:
    data = data() if callable(data) else data
    started = thread_time()

    with pytest.raises(SpreadsheetError) as refused:
        read(data)

    assert told in str(refused.value)
    assert "\n" not in str(refused.value)
    assert thread_time() - started < 2


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells what a program used at most")
def test_the_largest_sheets_and_calendars_stay_within_200_mb() -> None:
    script = """
import io, zipfile
from datetime import date
from bot.agenda import incoming_calendar, spreadsheet
def refused(read, *given):
    try:
        read(*given)
    except ValueError:
        pass
refused(spreadsheet.read, b'titel;plek' + b';' * 4_900_000)
refused(spreadsheet.read, b'titel;plek\\n"' + b'a\\n' * 2_400_000)
events = ''.join(
    f'BEGIN:VEVENT\\r\\nUID:{i}\\r\\nSUMMARY:x\\r\\nDTSTART:2027{1 + i % 12:02}01T093000\\r\\nDURATION:PT1H\\r\\n'
    f'DESCRIPTION:{"x" * 3000}\\r\\nEND:VEVENT\\r\\n' for i in range(3000))
calendar = f'BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\nPRODID:x\\r\\n{events}END:VCALENDAR\\r\\n'.encode()
incoming_calendar.read(calendar, 'Europe/Amsterdam').between(date(2027, 1, 1), date(2027, 12, 31))
print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert int(done.stdout) < 200_000, "kB at most"
