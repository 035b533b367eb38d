"""The list that goes to a reviewer beside the printed pages, and comes back filled in: one line a text and language.

It is a CSV file as a Dutch spreadsheet writes it (semicolons, UTF-8 with a byte order mark); commas, other dates
and another order of columns come back too. A line is bound to the words that were printed by their fingerprint.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.knowledge.mistakes import Mistake
from bot.knowledge.model import Answer, Knowledge, Remark, Review, WarningSign
from bot.knowledge.reviews import SIGNED_FOR, is_role

COLUMNS = ("id", "language", "title", "text_hash", "role", "date", "until", "agrees", "remark")

TO_FILL_IN = ("role", "date", "until", "agrees", "remark")
"""The columns that are empty when the list is printed."""

NEEDED = tuple(name for name in COLUMNS if name not in ("title", "until", "remark"))

YES = frozenset({"ja", "j", "yes", "y", "x"})

NO = frozenset({"nee", "n", "no", ""})


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A line that nobody agreed with, and what was remarked of the words as they are now."""

    id: str
    language: str
    remark: Remark | None


@dataclass(frozen=True, slots=True)
class SignedList:
    """What came back: the sign-offs to write down, and the lines that are none."""

    signed: tuple[Review, ...]
    unsigned: tuple[Unsigned, ...]


class SignedListError(Exception):
    """The list cannot be taken back; ``mistakes`` holds all that is wrong with it."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__(f"nothing was signed: the list holds mistakes ({len(mistakes)} in all); mend them first")


def empty(texts: Iterable[tuple[Answer | WarningSign, str]]) -> str:
    """Return the list to fill in, a line for each text and language."""
    written = io.StringIO(newline="")
    lines = csv.writer(written, delimiter=";", lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for reviewed, language in texts:
        title = _for_a_cell(reviewed.title[language])
        known = (reviewed.id, language, title, _for_a_cell(reviewed.text_hash(language)))
        lines.writerow((*known, *("" for _ in TO_FILL_IN)))
    return written.getvalue()


def _for_a_cell(text: str) -> str:
    """Return text that a spreadsheet leaves alone: a fingerprint that looks like a number (1234e5678) gets dashes, and
    what would be worked out as a formula an apostrophe, which says that it is text.
    """
    if re.fullmatch(r"\d+(e\d+)?", text):
        return "-".join(re.findall(r".{4}", text))
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) else text


def write(path: Path, text: str) -> None:
    """Write the list whole or not at all. Raises ``ValueError`` when one that somebody filled in is in its place."""
    if path.exists() and _is_filled_in(path):
        raise ValueError(f"{path} is filled in; take it back with 'minidorp review --from {path}', or move it first")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _is_filled_in(path: Path) -> bool:
    """Tell whether a list holds anything beyond what was printed; one that cannot be read may."""
    try:
        rows = _rows(path, [])
    except SignedListError:
        return True
    return any(row.get(name, "") for _, row in rows for name in TO_FILL_IN)


def read(path: Path, knowledge: Knowledge, today: date, until: date | None = None) -> SignedList:
    """Return what a filled-in list says; a line without a last day holds until ``until``, or a year from its date.

    Raises ``SignedListError`` with every mistake in it, and ``OSError`` when it cannot be read.
    """
    mistakes: list[Mistake] = []
    signed: dict[tuple[str, str], tuple[int, Review]] = {}
    unsigned = []
    for number, row in _rows(path, mistakes):
        wrong: list[str] = []
        review = _review(row, knowledge, today, until, wrong)
        if review and (review.id, review.language) in signed:
            first, _ = signed[review.id, review.language]
            wrong.append(f"{review.id} ({review.language}) is also signed on line {first}; keep one of the two")
        if review:
            signed.setdefault((review.id, review.language), (number, review))
        elif not wrong:
            unsigned.append(Unsigned(row["id"], row["language"], _remark(row, knowledge, today)))
        mistakes += [_mistake(path, number, problem) for problem in wrong]
    if mistakes:
        raise SignedListError(mistakes)
    return SignedList(tuple(review for _, review in signed.values()), tuple(unsigned))


def _remark(row: Mapping[str, str], knowledge: Knowledge, today: date) -> Remark | None:
    reviewed = knowledge.answer(row["id"]) or knowledge.sign(row["id"])
    if reviewed is None or not row.get("remark"):
        return None
    words = reviewed.text_hash(row["language"])
    return Remark(id=row["id"], language=row["language"], remark=row["remark"], written_on=today, text_hash=words)


def _mistake(path: Path, line: int, problem: str) -> Mistake:
    return Mistake(path, line, "{problem}", {"problem": problem})


def _rows(path: Path, mistakes: list[Mistake]) -> list[tuple[int, dict[str, str]]]:
    """Return the lines that are not empty, by their line number; lines with too much in them go to ``mistakes``.

    Raises ``SignedListError`` when the file as a whole is no list.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = "is not valid UTF-8; save it as 'CSV UTF-8'"
        raise SignedListError([_mistake(path, 1, problem)]) from error
    heading = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in heading else ",", strict=True)
    rows = []
    try:
        header = [name.partition("(")[0].strip().lower() for name in next(lines, [])]
        missing = [name for name in NEEDED if name not in header]
        if missing:
            problem = f"columns are missing ({', '.join(missing)}); keep the first line as it was printed"
            raise SignedListError([_mistake(path, 1, problem)])
        number = lines.line_num + 1
        for values in lines:
            if any(values[len(header) :]):
                problem = "more columns than the first line has; put quotes around a remark with a semicolon or comma"
                mistakes.append(_mistake(path, number, problem))
            elif any(value.strip() for value in values):
                rows.append((number, dict(zip(header, (value.strip() for value in values), strict=False))))
            number = lines.line_num + 1
    except csv.Error as error:
        problem = f"is no CSV from here ({error}); save it as 'CSV UTF-8'"
        raise SignedListError([_mistake(path, lines.line_num, problem)]) from error
    return rows


def _review(
    row: Mapping[str, str], knowledge: Knowledge, today: date, until: date | None, wrong: list[str]
) -> Review | None:
    """Return the sign-off that a line gives, if it does; what is wrong with the line is added to ``wrong``."""
    identifier, language = row.get("id", ""), row.get("language", "")
    agrees = row.get("agrees", "").lower()
    if agrees not in YES | NO:
        wrong.append(f"agrees: '{agrees}' is neither ja nor nee; write one of them")
    reviewed = knowledge.answer(identifier) or knowledge.sign(identifier)
    if reviewed is None:
        wrong.append(f"id: '{identifier}' is neither an answer nor a warning sign; print the list anew")
        return None
    if language not in reviewed.languages():
        written = " or ".join(reviewed.languages())
        wrong.append(f"language: '{identifier}' is not written in '{language}'; choose {written}")
        return None
    if agrees not in YES:
        return None
    if row.get("text_hash", "").lower().replace("-", "") != reviewed.text_hash(language):
        wrong.append(f"text_hash: {identifier} ({language}) changed since it was printed; print it and read it anew")
    role = row.get("role", "")
    if not role:
        wrong.append(f"role: is empty while {identifier} is agreed with; write the role of who read it, never a name")
    elif not is_role(role):
        wrong.append(f"role: '{role}' looks like a name; write a role in small letters, such as huisarts")
    read_on = _day("date", row.get("date", ""), None, wrong)
    last_day = _day("until", row.get("until", ""), until or (read_on and read_on + SIGNED_FOR), wrong)
    if read_on and read_on > today:
        wrong.append(f"date: {read_on} is still to come; write the day on which it was read")
    if last_day and last_day <= today:
        wrong.append(f"until: {last_day} is not after today; choose a later date")
    if wrong or read_on is None or last_day is None:
        return None
    return Review(
        id=identifier,
        language=language,
        role=role,
        reviewed_on=read_on,
        until=last_day,
        text_hash=reviewed.text_hash(language),
    )


def _day(name: str, written: str, otherwise: date | None, wrong: list[str]) -> date | None:
    """Return a day written as 31-3-2027 or 2027-03-31; ``otherwise`` when nothing is."""
    if not written:
        if otherwise is None and name == "date":
            wrong.append("date: is empty; write the day on which it was read, as 31-3-2027")
        return otherwise
    dutch = re.fullmatch(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})", written)
    iso = re.fullmatch(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", written)
    found = dutch or iso
    try:
        if found:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        found = None  # 31-2-2027 is a date by its looks only
    wrong.append(f"{name}: '{written}' is not a date; write it as 31-3-2027")
    return None
