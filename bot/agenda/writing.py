"""Writing into the agenda's files: what a sheet brings, and what coordinators changed by phone.

First the new text is made and held against every rule, in a copy of the folder; only then is a file replaced, at once.
What is not changed stays as it is to the letter. Places are replaced before meetings, so that a program that reads
between the two, or an end by force, never finds a meeting at a place that is not there.
"""

from __future__ import annotations

import difflib
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.agenda import yaml_text
from bot.agenda.check import check
from bot.agenda.importing import Plan
from bot.agenda.load import ScheduleFiles, series_in
from bot.agenda.model import Agenda, Change, Meetup, Place
from bot.agenda.occurrences import meets_on
from bot.agenda.sheet_rows import Remark
from bot.knowledge.mistakes import Mistake
from bot.knowledge.model import Knowledge
from bot.knowledge.replacing import replace_file
from bot.locales import parent_words


class WritingError(ValueError):
    """The files cannot be written; nothing was. The message says why and what to do."""


@dataclass
class Files:
    """The texts of the folder before and after; ``folder`` is where they stand."""

    folder: Path
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)

    def diff(self) -> str:
        """Return what changes, as ``diff -u`` shows it; nothing when nothing changes."""
        return "".join(
            line if line.endswith("\n") else line + "\n"
            for name in self.after
            for line in difflib.unified_diff(
                self.before[name].splitlines(keepends=True),
                self.after[name].splitlines(keepends=True),
                f"{self.folder.name}/{name} (now)",
                f"{self.folder.name}/{name} (new)",
                n=2,
            )
        )

    def write(self) -> None:
        """Replace the files, each at once. Raises ``WritingError`` when one was changed meanwhile, before any is."""
        for name, text in self.before.items():
            if _text(self.folder / name) != text:
                raise WritingError(f"{name} was changed by somebody else just now; nothing is written, run this again")
        for name, text in self.after.items():
            if text != self.before[name]:
                replace_file(self.folder / name, text)


def from_sheet(folder: Path, plan: Plan) -> Files:
    """Return the files with what a sheet brings. Raises ``WritingError`` for a file that no program can change."""
    files = _read(folder, ("places.yaml", "meetups.yaml"))
    for name, key, changes, new, order in (
        ("places.yaml", "places", plan.place_changes, plan.new_places, tuple(Place.model_fields)),
        ("meetups.yaml", "meetups", plan.meetup_changes, plan.new_meetups, tuple(Meetup.model_fields)),
    ):
        files.after[name] = _changed(files, name, key, changes, new, order)
    return files


def mistakes_in(
    files: Files, knowledge: Knowledge, today: date, *, timezone: str, school_region: str
) -> tuple[ScheduleFiles, list[Mistake]]:
    """Return every mistake that the folder would have, found in a copy of it; paths are those of the copy."""
    with tempfile.TemporaryDirectory(prefix="minidorp-") as temporary:
        copy = Path(temporary) / files.folder.name
        copy.mkdir()
        for path in files.folder.iterdir():
            if path.suffix in (".yaml", ".ics") and path.is_file():
                shutil.copy(path, copy)
        for name, text in files.after.items():
            (copy / name).write_text(text, encoding="utf-8", newline="")
        return check(copy, knowledge, today, timezone=timezone, school_region=school_region)


def told_by_row(plan: Plan, read: ScheduleFiles, mistakes: Iterable[Mistake]) -> list[Remark]:
    """Return the errors, and warnings about what the sheet brings, with the row of the sheet they come from."""
    remarks = []
    for mistake in mistakes:
        identifier = _at(read, mistake)
        day = mistake.values.get("day")
        row = plan.row_of_day.get((identifier, day)) if isinstance(day, date) else None
        row = row or plan.row_of.get(identifier)
        sentence = mistake.sentence.format(**mistake.values)
        if mistake.level == "error":
            where = "" if row else f"{mistake.path.name}:{mistake.line}: "
            remarks.append(Remark(row, None, where + sentence))
        elif row:
            remarks.append(Remark(row, None, sentence, "note"))
    return remarks


def _at(read: ScheduleFiles, mistake: Mistake) -> str:
    """Return the id of the series or place in whose lines a mistake stands."""
    spans = [(tree.line(at), series.id) for series, tree, at in series_in(read) if tree.path == mistake.path]
    if "places" in read.single:
        places, tree = read.single["places"]
        if tree.path == mistake.path:
            spans = [(tree.line(("places", index)), place.id) for index, place in enumerate(places.places)]
    return max((span for span in spans if span[0] <= mistake.line), default=(0, ""))[1]


@dataclass(frozen=True, slots=True)
class Kept:
    """A change by phone that no file can hold; ``reason`` says why."""

    change: Change
    reason: str


def from_phone(folder: Path, agenda: Agenda, changes: Sequence[Change]) -> tuple[Files, list[Kept]]:
    """Return the files with what was changed by phone, and the changes that cannot be written, each with why.

    Laying the same changes a second time changes nothing. Raises ``WritingError``.
    """
    files = _read(folder, ("meetups.yaml",))
    meetups = {meetup.id: meetup for meetup in agenda.meetups}
    calendars = {calendar.id for calendar, _ in agenda.calendars}
    zone = ZoneInfo(agenda.timezone)
    kept: list[Kept] = []
    wanted: dict[str, dict[str, Any]] = {}
    by_day: dict[tuple[str, date], list[Change]] = {}
    for change in sorted(changes, key=lambda change: change.made_at):
        meetup = meetups.get(change.meetup)
        reason = None
        if change.meetup in calendars:
            reason = "its dates come from an .ics file; change them in the calendar and export it again"
        elif meetup is None:
            reason = "this series is no longer in the agenda"
        elif not meets_on(meetup, change.on, agenda.school_region):
            reason = "the series has no meeting on this day any more"
        elif _is_on_another_day(change, zone):
            reason = "it ends on another day than it begins"
        elif change.place and change.place not in agenda.places:
            reason = f"the place '{change.place}' is no longer in the agenda"
        if reason:
            kept.append(Kept(change, reason))
        else:
            by_day.setdefault((change.meetup, change.on), []).append(change)
    for (identifier, day), told in by_day.items():
        entries = _entries(meetups[identifier], day, told, zone)
        if entries["cancelled"] and entries["moved"]:
            kept += [Kept(change, "a file cannot say that a day is moved as well as cancelled") for change in told]
            continue
        for name, entry in entries.items():
            wanted.setdefault(identifier, {}).setdefault(name, {})[day] = entry
    wanted = {identifier: _only_changed(meetups[identifier], fields) for identifier, fields in wanted.items()}
    files.after["meetups.yaml"] = _changed(files, "meetups.yaml", "meetups", wanted, (), tuple(Meetup.model_fields))
    return files, kept


def _is_on_another_day(change: Change, zone: ZoneInfo) -> bool:
    return bool(
        change.starts_at
        and change.ends_at
        and change.starts_at.astimezone(zone).date() != change.ends_at.astimezone(zone).date()
    )


def _entries(meetup: Meetup, day: date, changes: Sequence[Change], zone: ZoneInfo) -> dict[str, dict[str, Any] | None]:
    """Return what the file says of one day once the changes are laid over it: by field, None for nothing."""
    themed = next((each.model_dump() for each in meetup.themes if each.day == day), None)
    cancelled = next((each.model_dump() for each in meetup.cancelled if each.day == day), None)
    moved = next((each.model_dump(exclude_none=True) for each in meetup.moved if each.day == day), None)
    for change in changes:
        if change.kind == "theme":
            themed = {"day": day, "theme": _in_both(change.theme)} if change.theme else None
        elif change.kind == "cancelled":
            cancelled = {"day": day, "reason": _reason(change)}
        elif change.kind == "moved":
            moved, cancelled = _moved(meetup, day, change, zone), None
        elif cancelled:
            cancelled = None
        else:
            moved = None
    return {"themes": themed, "cancelled": cancelled, "moved": moved}


def _moved(meetup: Meetup, day: date, change: Change, zone: ZoneInfo) -> dict[str, Any] | None:
    start = change.starts_at.astimezone(zone) if change.starts_at else datetime.combine(day, meetup.from_time, zone)
    length = datetime.combine(day, meetup.until_time) - datetime.combine(day, meetup.from_time)
    end = change.ends_at.astimezone(zone) if change.ends_at else start + length
    told: dict[str, Any] = {
        "to": start.date() if start.date() != day else None,
        "from_time": _to_the_minute(start) if _to_the_minute(start) != meetup.from_time else None,
        "until_time": _to_the_minute(end) if _to_the_minute(end) != meetup.until_time else None,
        "place": change.place if change.place != meetup.place else None,
    }
    told = {name: value for name, value in told.items() if value is not None}
    return {"day": day, **told, "reason": _reason(change)} if told else None


def _to_the_minute(moment: datetime) -> time:
    return moment.time().replace(second=0, microsecond=0)


def _reason(change: Change) -> dict[str, str]:
    """Return why, in both languages: a reason by phone is often in one, and a file always says why."""
    return _in_both(
        change.reason or {language: parent_words(language)("import.no_reason") for language in ("nl", "en")}
    )


def _in_both(texts: Mapping[str, str]) -> dict[str, str]:
    first = next(iter(texts.values()))
    return {"nl": texts.get("nl", first), "en": texts.get("en", texts.get("nl", first)), **texts}


def _only_changed(meetup: Meetup, fields: Mapping[str, Mapping[date, Any]]) -> dict[str, dict[date, Any]]:
    """Return the days of which the file says something else; what it says already is left as it is written."""
    changed: dict[str, dict[date, Any]] = {}
    for name, entries in fields.items():
        there = {each.day: each.model_dump(exclude_none=True) for each in getattr(meetup, name)}
        for day, entry in entries.items():
            if entry != there.get(day):
                changed.setdefault(name, {})[day] = entry
    return changed


def _read(folder: Path, names: Iterable[str]) -> Files:
    return Files(folder, {name: _text(folder / name) for name in names})


def _text(path: Path) -> str:
    # As it is, so that lines that end as Windows ends them still do.
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _changed(
    files: Files,
    name: str,
    key: str,
    changes: Mapping[str, Mapping[str, Any]],
    new: Sequence[Mapping[str, Any]],
    order: Sequence[str],
) -> str:
    before = files.before[name]
    mark = "\ufeff" if before.startswith("\ufeff") else ""
    ending = "\r\n" if "\r\n" in before else "\n"
    text = before.removeprefix(mark).replace("\r\n", "\n")
    try:
        after = yaml_text.with_items(yaml_text.with_changes(text, key, changes, order), key, new)
    except yaml_text.UnwritableError as error:
        raise WritingError(f"{files.folder / name}: {error}") from error
    return before if after == text else mark + after.replace("\n", ending)
