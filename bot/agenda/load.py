"""From the folder ``schedules`` to what was read of it; the rules between the files stand in ``check``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.agenda.incoming_calendar import MAX_BYTES, CalendarFileError, read
from bot.agenda.model import Agenda, Announcements, Meetups, Place, Places, Series, Team, Tips
from bot.knowledge.mistakes import N_, Mistake
from bot.knowledge.tree import Location, Tree, read_bytes
from bot.knowledge.validate import validated

SCHEDULE_FILES: dict[str, type] = {
    "places": Places,
    "meetups": Meetups,
    "announcements": Announcements,
    "team": Team,
    "tips": Tips,
}
"""The files of the folder; a calendar (``.ics``) stands beside them when a series names it."""


@dataclass
class ScheduleFiles:
    """What was read, file by file, with the tree of each so that a rule can name a line."""

    folder: Path
    mistakes: list[Mistake] = field(default_factory=list)
    single: dict[str, tuple[Any, Tree]] = field(default_factory=dict)
    calendars: dict[str, bytes] = field(default_factory=dict)

    def is_whole(self) -> bool:
        """Tell whether nothing that was read held an error."""
        return all(mistake.level == "warning" for mistake in self.mistakes)

    def agenda(self, timezone: str, school_region: str) -> Agenda:
        """Put the files together; they must hold no error."""
        meetups: Meetups = self.single["meetups"][0]
        places: tuple[Place, ...] = self.single["places"][0].places
        return Agenda(
            places={place.id: place for place in places},
            meetups=meetups.meetups,
            calendars=tuple((calendar, self.calendars[calendar.file]) for calendar in meetups.calendars),
            announcements=self.single["announcements"][0].announcements,
            tips=self.single["tips"][0].tips,
            team=self.single["team"][0],
            timezone=timezone,
            school_region=school_region,
        )


def read_files(folder: Path, timezone: str) -> ScheduleFiles:
    """Read every file of the folder; what is wrong stands in ``ScheduleFiles.mistakes``, nothing is raised."""
    files = ScheduleFiles(folder)
    if not folder.is_dir():
        files.mistakes.append(Mistake(folder, 1, N_("is no folder that can be read; name the folder with the agenda")))
        return files
    for name, model in SCHEDULE_FILES.items():
        path = folder / f"{name}.yaml"
        if not path.exists():
            files.mistakes.append(Mistake(path, 1, N_("is missing; put it back")))
            continue
        single = validated(path, model, files.mistakes)
        if single:
            files.single[name] = single
    for path in sorted(folder.glob("*.yaml")):
        if path.stem not in SCHEDULE_FILES:
            files.mistakes.append(
                Mistake(
                    path,
                    1,
                    N_("is no file of the agenda; its name is one of {names}"),
                    {"names": ", ".join(f"{name}.yaml" for name in SCHEDULE_FILES)},
                )
            )
    if "meetups" in files.single:
        _read_calendars(files, timezone)
    return files


def _read_calendars(files: ScheduleFiles, timezone: str) -> None:
    meetups, tree = files.single["meetups"]
    for position, calendar in enumerate(meetups.calendars):
        line = tree.line(("calendars", position, "file"))
        path = files.folder / calendar.file
        try:
            data = read_bytes(path, MAX_BYTES)
        except OSError as error:
            files.mistakes.append(
                Mistake(
                    tree.path,
                    line,
                    N_("file: {file} cannot be read ({reason}); put it beside this file"),
                    {"file": calendar.file, "reason": error.strerror or type(error).__name__},
                )
            )
            continue
        try:
            read(data, timezone)
        except CalendarFileError as error:
            files.mistakes.append(Mistake(path, 1, error.sentence, error.values))
            continue
        files.calendars[calendar.file] = data


def series_in(files: ScheduleFiles) -> Iterator[tuple[Series, Tree, Location]]:
    """Yield every series that was read, with the place where it stands."""
    if "meetups" in files.single:
        value, tree = files.single["meetups"]
        for key in ("meetups", "calendars"):
            for position, series in enumerate(getattr(value, key)):
                yield series, tree, (key, position)
