"""Meetings: what stands in the agenda, and what comes into it."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot import app, settings, terminal
from bot.agenda import columns, importing, spreadsheet, writing
from bot.agenda.overview import as_line, as_row, between
from bot.cli.command_line import plainly
from bot.store.asked import may_be_shown

DAY_FORMATS = ["%Y-%m-%d", "%d-%m-%Y"]

LONGEST_AGENDA = timedelta(days=3 * 366)
"""School holidays are published some years ahead; meetings beyond that are no plan."""

FOUR_WEEKS = timedelta(days=28)

commands = typer.Typer()


@commands.command("agenda")
def show_agenda(
    first: Annotated[
        datetime | None,
        typer.Option("--from", help="First day; today when left out.", formats=DAY_FORMATS, metavar="DATE"),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", help="Last day; four weeks on when left out.", formats=DAY_FORMATS, metavar="DATE"),
    ] = None,
    wijk: Annotated[
        str | None, typer.Option("--wijk", help="Only this neighbourhood, by id or name.", metavar="WIJK")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead of a table.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Instead: write what was changed by phone into meetups.yaml.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --write: without asking.")] = False,
) -> None:
    """Show the meetings of some days, and what was changed by phone."""
    if write:
        if first or last or wijk or as_json:
            raise typer.BadParameter("takes only --yes beside it", param_hint="--write")
        with plainly():
            _write_changes(settings.read(), yes)
        return
    with plainly():
        chosen = settings.read()
        first_day = first.date() if first else datetime.now(ZoneInfo(chosen.timezone)).date()
        last_day = last.date() if last else first_day + FOUR_WEEKS
        if last_day < first_day or last_day - first_day > LONGEST_AGENDA:
            raise settings.SettingsError(f"--to {last_day} is not within three years after {first_day}; choose another")
        knowledge = app.curated(chosen)
        neighbourhood = app.neighbourhood(knowledge, wijk) if wijk else None
        schedules = app.schedules(chosen, knowledge)
        agenda = schedules.agenda
        changes = asyncio.run(app.changes_by_phone(chosen))
        for alert in asyncio.run(app.vanished_meetings(chosen, schedules)):
            sys.stderr.write(f"warning: {alert.said(alert.problem, 'en')} {alert.said(alert.remedy, 'en')}\n")
        meetings = between(agenda, first_day, last_day, changes, neighbourhood)
        to_come = asyncio.run(app.forecasts(chosen, [meeting.occurrence for meeting in meetings])) if as_json else {}
    if as_json:
        rows = []
        for meeting in meetings:
            deliveries = [
                {
                    "kind": one.kind,
                    "due_at": one.due_at.isoformat(),
                    "people": one.people if may_be_shown(one.people) else None,
                }
                for one in to_come[meeting.occurrence.uid]
            ]
            rows.append(json.dumps({**as_row(meeting, agenda), "deliveries": deliveries}, ensure_ascii=False))
        sys.stdout.write("[" + ",\n ".join(rows) + "]\n")
        return
    terminal.agenda(f"{first_day} – {last_day}", [as_line(meeting, agenda) for meeting in meetings])


def _write_changes(chosen: settings.Settings, yes: bool) -> None:
    """Write what was changed by phone into the file, after showing it, and note that it stands there."""
    knowledge = app.curated(chosen)
    agenda = app.schedules(chosen, knowledge).agenda
    changes = asyncio.run(app.numbered_changes(chosen))
    files, kept = writing.from_phone(app.schedules_folder(chosen), agenda, [change for _, change in changes])
    for each in kept:
        change = each.change
        sys.stdout.write(f"kept: {change.meetup} on {change.on} ({change.kind}) is not written: {each.reason}\n")
    unwritable = [each.change for each in kept]
    writable = [number for number, change in changes if change not in unwritable]
    if not writable:
        sys.stdout.write("Nothing was changed by phone that a file can hold.\n")
        return
    today = datetime.now(ZoneInfo(chosen.timezone)).date()
    _, mistakes = writing.mistakes_in(
        files, knowledge, today, timezone=chosen.timezone, school_region=chosen.school_region
    )
    errors = [mistake for mistake in mistakes if mistake.level == "error"]
    if errors:
        told = errors[0].sentence.format(**errors[0].values)
        raise writing.WritingError(
            f"meetups.yaml would hold a mistake in line {errors[0].line} ({told}); change it by hand"
        )
    difference = files.diff()
    if difference:
        terminal.diff(difference)
        if not yes and not terminal.confirm("Write this?"):
            sys.stdout.write("Nothing is written.\n")
            return
        files.write()
        sys.stdout.write("It is in the file. A running bot reads it within seconds ...\n")
        sys.stdout.flush()
    asyncio.run(app.note_written(chosen, writable, wait=bool(difference)))
    sys.stdout.write(f"Changes by phone that stand in the file now: {len(writable)}.\n")


@commands.command("import")
def import_sheet(
    file: Annotated[
        Path | None, typer.Argument(help="The sheet: .csv or .xlsx.", metavar="FILE", show_default=False)
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write it into the agenda.")] = False,
    template: Annotated[
        bool, typer.Option("--template", help="Write an example sheet to FILE (agenda.csv when left out).")
    ] = False,
) -> None:
    """Read a coordinator's spreadsheet into the agenda. Shows what it says, and writes it when asked."""
    if (file is None and not template) or (template and write):
        raise typer.BadParameter("name a sheet, or give --template alone", param_hint="FILE")
    with plainly():
        chosen = settings.read()
        today = datetime.now(ZoneInfo(chosen.timezone)).date()
        if template:
            _write_template(file or Path("agenda.csv"), today)
            return
        if file is None:
            return
        knowledge = app.curated(chosen)
        with file.open("rb") as opened:
            data = opened.read(spreadsheet.MAX_BYTES + 1)
        plan = importing.plan(data, file.name, app.schedules(chosen, knowledge).agenda, knowledge, today)
        files = None
        if not plan.has_errors():
            files = writing.from_sheet(app.schedules_folder(chosen), plan)
            read, mistakes = writing.mistakes_in(
                files, knowledge, today, timezone=chosen.timezone, school_region=chosen.school_region
            )
            plan.remarks += writing.told_by_row(plan, read, mistakes)
    for remark in plan.remarks:
        if remark.level == "error":
            sys.stderr.write(remark.told(str(file)) + "\n")
    if files is None or plan.has_errors():
        sys.stderr.write("minidorp: nothing is written; mend the sheet and run this again\n")
        raise typer.Exit(1)
    terminal.sheet(file.name, plan.lines, [remark.told(file.name) for remark in plan.remarks])
    difference = files.diff()
    if not difference:
        sys.stdout.write("The agenda says all of this already.\n")
        return
    terminal.diff(difference)
    if not write:
        sys.stdout.write("Nothing is written yet; --write does it.\n")
        return
    with plainly():
        files.write()
    sys.stdout.write("It stands in the agenda. What is new is not confirmed yet: fill in confirmed_on when it is.\n")


def _write_template(path: Path, today: date) -> None:
    if path.exists():
        raise ValueError(f"{path} is there already; name another file")
    path.write_bytes(columns.template(today.year if today.month >= SEASON_BEGINS else today.year - 1))
    sys.stdout.write(f"{path} is written: open it in Excel, and put your meetings in the place of the examples.\n")


SEASON_BEGINS = 7
"""The month from which an example is of the season that begins this year."""
