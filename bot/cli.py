"""The commands of ``minidorp``, thin: each reads its words, calls the room that knows, and shows what comes back."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot import app, doctor, labelling, settings, terminal
from bot.agenda import columns, importing, spreadsheet, writing
from bot.agenda.load import SCHEDULE_FILES
from bot.agenda.overview import as_line, as_row, between
from bot.checking import check_all, check_folder
from bot.knowledge import figures, reviews, schema, signed_list, thresholds
from bot.knowledge.check import load
from bot.knowledge.mistakes import MistakesError
from bot.knowledge.model import MAIN_LANGUAGE, Knowledge
from bot.locales import parent_words
from bot.matching import calibrate as calibration
from bot.matching import evaluate as evaluation
from bot.matching import reliability
from bot.matching.calibrate import Calibration, Targets
from bot.matching.decision import Decision
from bot.matching.two_questions import decide
from bot.model import Parent
from bot.pages import packet as pages
from bot.store import backup as copies
from bot.store import moving
from bot.store.database import StoreError
from bot.telegram.errors import TelegramFailure
from bot.web.server import WebError

commands = typer.Typer(
    name="minidorp",
    help="Answers that a person wrote for parents of young children, and the way to people nearby.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Language = Annotated[str | None, typer.Option("--language", help="Two letters, such as nl or en.", metavar="CODE")]

TARGETS = Targets()


def main() -> None:
    """Run the command line. A byte that is no text, in or out, becomes a sign instead of an end."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    commands()


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what can go wrong into one sentence on standard error, and the exit code that says what kind it is."""
    try:
        yield
    except settings.SettingsError as error:
        _fail(str(error), 2)
    except MistakesError as error:
        errors = [mistake.told("en") for mistake in error.mistakes if mistake.level == "error"]
        _fail(f"{errors[0]} ({len(errors)} such in all; 'minidorp check' shows them)", 1)
    except (
        StoreError,
        TelegramFailure,
        WebError,
        app.NotReadyError,
        evaluation.EvaluationError,
        ValueError,
    ) as error:
        _fail(str(error), 1)
    except OSError as error:
        _fail(f"{error.filename or 'a file'} cannot be used ({error.strerror}); check that it may be read", 1)


def _fail(sentence: str, code: int) -> None:
    sys.stderr.write(f"minidorp: {sentence}\n")
    raise typer.Exit(code)


@commands.command()
def run() -> None:
    """Serve Telegram until SIGTERM (polling, or a webhook when MINIDORP_WEBHOOK_URL is set)."""
    with _plainly():
        app.run(settings.read())


@commands.command()
def migrate(
    source: Annotated[str, typer.Option("--from", help="The database of the town.", metavar="URL")],
    target: Annotated[
        str | None,
        typer.Option("--to", help="An empty database; MINIDORP_DATABASE_URL when left out.", metavar="URL"),
    ] = None,
) -> None:
    """Move a town to another database, such as from SQLite to PostgreSQL. Stop the bot first; the old one stays."""
    with _plainly():
        try:
            to = target or settings.read().database_url.get_secret_value()
            moved = asyncio.run(moving.move(source, to))
        except StoreError as error:
            raise StoreError(str(error).replace("MINIDORP_DATABASE_URL", "--from or --to")) from error
    rows = [(one.table, f"{one.before:,}", f"{one.after:,}") for one in moved]
    rows.append(("all", f"{sum(one.before for one in moved):,}", f"{sum(one.after for one in moved):,}"))
    terminal.table("Moved", ("table", "rows before", "rows after"), rows)
    sys.stdout.write("Set MINIDORP_DATABASE_URL to the new database and start the bot. The old one was not changed.\n")


@commands.command()
def chat(language: Language = None) -> None:
    """Talk with the bot here, without Telegram; reads lines when the input is no terminal."""

    async def talk(chosen: settings.Settings) -> None:
        async with app.in_the_terminal(chosen) as conversation:
            await terminal.talk(conversation, language)

    with _plainly():
        asyncio.run(talk(settings.read()))


@commands.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="One folder: of answers or of an agenda.")] = None,
    language: Annotated[str, typer.Option("--language", help="Language of the report: nl or en.")] = "en",
    numbers: Annotated[
        bool, typer.Option("--numbers", help="List every figure in the Dutch answers with what carries it instead.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Check the curated answers and the agenda: every mistake at once, by file and line. Warnings do not fail."""
    if numbers:
        with _plainly():
            knowledge = load(folder) if folder else app.curated(settings.read())
        _show_figures_of_answers(knowledge, as_json)
        return
    if as_json:
        raise typer.BadParameter("goes with --numbers", param_hint="--json")
    with _plainly():
        chosen = settings.read()
        today = datetime.now(ZoneInfo(chosen.timezone)).date()
        mistakes = check_folder(folder, chosen, today) if folder else check_all(chosen, today)
    for mistake in mistakes:
        sys.stderr.write(mistake.told(language) + "\n")
    errors = sum(mistake.level == "error" for mistake in mistakes)
    sys.stdout.write(f"{errors} errors, {len(mistakes) - errors} warnings\n")
    if errors:
        raise typer.Exit(1)


def _show_figures_of_answers(knowledge: Knowledge, as_json: bool) -> None:
    found = [
        figure
        for answer in knowledge.answers()
        for figure in figures.of_answer(answer, MAIN_LANGUAGE, knowledge.helplines)
    ]
    if as_json:
        sys.stdout.write(json.dumps([asdict(figure) for figure in found], ensure_ascii=False, indent=2) + "\n")
        return
    for answer, group in groupby(found, key=lambda figure: figure.answer):
        sys.stdout.write(f"{answer}\n")
        for figure in group:
            carrier = ", ".join(figure.carried_by) or "NO SOURCE"
            sys.stdout.write(f"  {figure.figure:<6} {carrier:<28} {figure.block}: {figure.sentence}\n")
    without = sum(not figure.carried_by for figure in found)
    sys.stdout.write(f"{len(found)} figures, {without} without source or note\n")


@commands.command("match")
def match_messages(
    messages: Annotated[
        list[str] | None, typer.Argument(help="Messages; without any, a line each from standard input.")
    ] = None,
    language: Language = None,
    age_months: Annotated[int | None, typer.Option("--age-months", help="The child's age.", min=0, max=216)] = None,
) -> None:
    """Print what the bot would do with each message, one JSON object a line."""
    with _plainly():
        chosen = settings.read()
        matcher = app.matcher(chosen, app.curated(chosen))
    parent = Parent(chat_id=0, language=language, age_months=age_months)
    arguments = [text.encode("utf-8", "replace").decode() for text in messages or ()]
    for text in arguments or (line.rstrip("\r\n") for line in sys.stdin):
        sys.stdout.write(json.dumps(decide(matcher, text, parent).as_json(text), ensure_ascii=False) + "\n")
        sys.stdout.flush()


@commands.command()
def evaluate(
    files: Annotated[
        list[Path], typer.Argument(help="JSON lines with text, lang, gold and also.", metavar="FILE.jsonl…")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Set thresholds from these messages, and show what that changes.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="With --calibrate: write them to thresholds.yaml beside the knowledge.")
    ] = False,
    precision: Annotated[
        float, typer.Option(help="With --calibrate: share of direct answers that must be right.", min=0.5, max=1)
    ] = TARGETS.precision,
    refused: Annotated[
        float, typer.Option(help="With --calibrate: share of questions that may be refused.", min=0, max=0.5)
    ] = TARGETS.questions_refused,
    caught: Annotated[
        float, typer.Option(help="With --calibrate: share of warning messages that must be seen.", min=0.5, max=1)
    ] = TARGETS.urgent_caught,
    false_alarms: Annotated[
        float, typer.Option(help="With --calibrate: share of near misses that may alarm for certain.", min=0, max=0.5)
    ] = TARGETS.near_miss_certain,
) -> None:
    """Measure matching on labelled messages, by language, style, theme and sign, or set its thresholds from them."""
    if write and not calibrate:
        raise typer.BadParameter("--write goes with --calibrate", param_hint="--write")
    with _plainly():
        rows = [row for file in files for row in evaluation.read_rows(file)]
        chosen = settings.read()
        knowledge = app.curated(chosen)
        matcher = app.matcher(chosen, knowledge)
        if calibrate:
            targets = Targets(
                precision=precision,
                questions_refused=refused,
                urgent_caught=caught,
                near_miss_certain=false_alarms,
            )
            read = [(row, matcher.read(row.text)) for row in rows]
            found = calibration.calibrate(read, matcher, matcher.thresholds, targets)
            _show_calibration(found, targets, as_json)
            if write and found.changed():
                path = chosen.knowledge / "thresholds.yaml"
                set_here = {**knowledge.thresholds, **found.changed()}
                thresholds.write(path, set_here, len(rows), datetime.now(UTC).date())
                sys.stderr.write(f"{path} is written; it counts from the next start.\n")
            return
    decided = evaluation.evaluate(rows, lambda text: decide(matcher, text))
    if as_json:
        told = {
            "all": evaluation.as_json(evaluation.figures(decided)),
            **{
                group: {name: evaluation.as_json(found) for name, found in evaluation.grouped(decided, group).items()}
                for group in evaluation.GROUPS
            },
            "confusions": evaluation.confusions(decided)[:40],
            "decisions": evaluation.decisions(decided),
            "reliability": reliability.as_json(reliability.reliability(decided)),
        }
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return
    _show_figures(decided)


def _show_figures(decided: list[tuple[evaluation.Row, Decision]]) -> None:
    def shown(share: evaluation.Share) -> str:
        return "–" if share.percent is None else f"{share.percent} % of {share.of}"

    whole = evaluation.figures(decided)
    terminal.table("All", ("figure", "value"), [(name, shown(share)) for name, share in whole.items() if share.of])
    for group in ("language", "style", "theme", "sign"):
        found = evaluation.grouped(decided, group)
        names = [name for name in whole if any(figures[name].of for figures in found.values())]
        rows = [(value, *(shown(figures[name]) for name in names[:6])) for value, figures in found.items()]
        if rows:
            terminal.table(f"By {group}", (group, *names[:6]), rows)
    confused = evaluation.confusions(decided)[:15]
    if confused:
        terminal.table(
            "Taken for", ("message about", "answered with", "times"), [(a, b, str(n)) for a, b, n in confused]
        )
    told = evaluation.decisions(decided)
    if told:
        kinds = list(next(iter(told.values())))
        terminal.table(
            "Decided", ("message", *kinds), [(name, *(str(row[kind]) for kind in kinds)) for name, row in told.items()]
        )
    bins = reliability.reliability(decided)
    error = reliability.calibration_error(bins)
    if error is not None:
        terminal.table(
            f"Confidence (ECE {error:.3f})",
            ("says", "messages", "mean", "right"),
            [(f"{b.low:.1f}-{b.high:.1f}", str(b.count), f"{b.confidence:.2f}", f"{b.right:.2f}") for b in bins],
        )


CALIBRATED = (
    "direct",
    "direct_right",
    "direct_right_with_none",
    "none_answered",
    "none_refused",
    "routes",
    "urgent_caught",
    "urgent_certain",
    "near_miss_certain",
    "near_miss_possible",
    "plain_certain",
    "plain_possible",
)
"""The figures that thresholds move."""


def _show_calibration(found: Calibration, targets: Targets, as_json: bool) -> None:
    old, new = asdict(found.old), asdict(found.new)
    before, after = evaluation.figures(found.before), evaluation.figures(found.after)
    errors = [reliability.calibration_error(reliability.reliability(rows)) for rows in (found.before, found.after)]
    if as_json:
        told = {
            "messages": len(found.before),
            "folds": calibration.FOLDS,
            "targets": asdict(targets),
            "thresholds": {
                name: {"old": old[name], "new": new[name], "kept_because": found.kept.get(name)} for name in old
            },
            "before": {**evaluation.as_json(before), "ece": errors[0]},
            "after": {**evaluation.as_json(after), "ece": errors[1]},
        }
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return
    terminal.table(
        "Thresholds",
        ("threshold", "old", "new", "why it stays"),
        [
            (name, f"{old[name]:.2f}", f"{new[name]:.2f}" if new[name] != old[name] else "=", found.kept.get(name, ""))
            for name in old
        ],
    )
    shown = [(name, before[name], after[name]) for name in CALIBRATED if before[name].of]
    rows = [
        (name, f"{was.percent} %", f"{now.percent} %", f"{(now.percent or 0) - (was.percent or 0):+.1f}", str(was.of))
        for name, was, now in shown
    ]
    if errors[0] is not None and errors[1] is not None:
        rows.append(("ece", f"{errors[0]:.3f}", f"{errors[1]:.3f}", f"{errors[1] - errors[0]:+.3f}", ""))
    terminal.table("What changes", ("figure", "before", "after", "points", "of"), rows)
    sys.stdout.write(
        f"After is told by cross-validation: each fifth of the {len(found.before)} messages is judged by thresholds "
        "that the other four set.\n"
    )


@commands.command()
def label(
    file: Annotated[Path, typer.Argument(help="Messages: a line each, or .jsonl with text.", metavar="FILE")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Where labels are kept; FILE.labelled.jsonl when left out.")
    ] = None,
) -> None:
    """Say what messages ask for, with the bot's proposal and one key a choice; every choice is kept at once."""
    with _plainly():
        messages = labelling.read_messages(file)
        kept = out or file.with_suffix(".labelled.jsonl")
        if kept.resolve() == file.resolve():
            raise labelling.LabellingError(f"{file} would be written over; name another file with --out")
        chosen = settings.read()
        knowledge = app.curated(chosen)
        matcher = app.matcher(chosen, knowledge)
        terminal.label(labelling.Labelling(messages, labelling.LabelFile(kept), knowledge, matcher.decide))


@commands.command()
def review(
    identifier: Annotated[
        str | None, typer.Argument(help="The answer or warning sign that was read.", metavar="ID")
    ] = None,
    role: Annotated[str | None, typer.Option("--role", help="Who reviewed it: a role, never a name.")] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", help="Until when it holds; a year when left out.", formats=["%Y-%m-%d"]),
    ] = None,
    language: Annotated[str, typer.Option("--language", help="The language that was read.")] = "nl",
    from_list: Annotated[
        Path | None, typer.Option("--from", help="Take back a filled-in list of 'minidorp packet' instead.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --from: sign without asking.")] = False,
) -> None:
    """Sign off a text, or a filled-in list of them: show it, ask, and write it down in reviews.yaml."""
    last_day = until.date() if until else None
    if from_list:
        if identifier or role:
            raise typer.BadParameter("goes without ID and --role: they stand in the list", param_hint="--from")
        _take_back(from_list, last_day, yes)
        return
    if identifier is None or role is None:
        raise typer.BadParameter("name the text and --role, or a list with --from", param_hint="ID")
    if yes:
        raise typer.BadParameter("goes with --from: a single text is read before it is signed", param_hint="--yes")
    _sign_one(identifier, role, last_day, language)


def _sign_one(identifier: str, role: str, until: date | None, language: str) -> None:
    with _plainly():
        chosen = settings.read()
        folder, knowledge = chosen.knowledge, app.curated(chosen)
        reviewed = knowledge.answer(identifier) or knowledge.sign(identifier)
        if reviewed is None:
            raise ValueError(f"'{identifier}' is neither an answer nor a warning sign; see the ids in {folder}")
        if language not in reviewed.languages():
            written = " or ".join(reviewed.languages())
            raise ValueError(f"'{identifier}' is not written in '{language}'; choose {written}")
        if not role.strip():
            raise ValueError("--role is empty; name the role of who read it, such as jeugdverpleegkundige")
        today = datetime.now(UTC).date()
        last_day = until or today + reviews.SIGNED_FOR
        signed = reviews.sign(reviewed, language, role, today, last_day)
        question = f"Does this text stand, as {role}, until {last_day}?"
        if not terminal.read_and_confirm(
            reviewed.title[language], _headed(reviewed.to_read(language), language), question
        ):
            _fail("nothing was signed", 1)
        reviews.write(folder / "reviews.yaml", knowledge.reviews, signed)
    sys.stdout.write(f"{identifier} ({language}) is signed by {role} until {last_day}.\n")


def _take_back(path: Path, until: date | None, is_confirmed: bool) -> None:
    with _plainly():
        chosen = settings.read()
        folder, knowledge = chosen.knowledge, app.curated(chosen)
        try:
            listed = signed_list.read(path, knowledge, datetime.now(UTC).date(), until)
        except signed_list.SignedListError as error:
            for mistake in error.mistakes:
                sys.stderr.write(mistake.told("en") + "\n")
            _fail(str(error), 1)
        for line in listed.unsigned:
            if line.remark:
                sys.stdout.write(f"not signed: {line.id} ({line.language}): {line.remark}\n")
        silent = sum(not line.remark for line in listed.unsigned)
        if silent:
            sys.stdout.write(f"not signed: {silent} without a remark\n")
        for one in listed.signed:
            sys.stdout.write(f"to sign: {one.id} ({one.language}) by {one.role}, {one.reviewed_on} to {one.until}\n")
        if not listed.signed:
            _fail("nothing was signed: nobody agreed with a text; write ja under agrees where somebody does", 1)
        if not is_confirmed and not terminal.confirm(f"Sign these {len(listed.signed)}?"):
            _fail("nothing was signed", 1)
        reviews.write(folder / "reviews.yaml", knowledge.reviews, *listed.signed)
    sys.stdout.write(f"{len(listed.signed)} signed.\n")


@commands.command()
def packet(
    theme: Annotated[
        list[str] | None, typer.Option("--theme", help="A theme, or warning-signs; everything when left out.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="nl or en; may be given twice.", metavar="CODE")
    ] = None,
    to: Annotated[Path, typer.Option("--to", help="The folder to write to.")] = Path("packets"),
) -> None:
    """Write pages to review on paper or screen, and the list that comes back with 'minidorp review --from'."""
    with _plainly():
        chosen = settings.read()
        knowledge = app.curated(chosen)
        schedules = app.schedules(chosen, knowledge)
        today = datetime.now(UTC).date()
        files = pages.packet(knowledge, schedules, theme or (), language or (MAIN_LANGUAGE,), today)
        to.mkdir(parents=True, exist_ok=True)
        signed_list.write(to / pages.LIST, files.pop(pages.LIST))
        for name, text in files.items():
            (to / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(files)} pages and {pages.LIST} stand in {to}; open {to / 'index.html'}\n")


def _headed(blocks: tuple[tuple[str, str], ...], language: str) -> list[tuple[str, str]]:
    """Return texts under the headings that parents see, where they have one."""
    words = parent_words(language)
    headings = {name: words(f"answer.{name}") for name in ("normal", "do", "consult", "contacts", "sources")}
    return [(headings.get(name, name), text) for name, text in blocks]


DAY_FORMATS = ["%Y-%m-%d", "%d-%m-%Y"]

LONGEST_AGENDA = timedelta(days=3 * 366)
"""School holidays are published some years ahead; meetings beyond that are no plan."""

FOUR_WEEKS = timedelta(days=28)


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
    wijk: Annotated[str | None, typer.Option("--wijk", help="Only this neighbourhood, by id or name.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead of a table.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Instead: write what was changed by phone into meetups.yaml.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --write: without asking.")] = False,
) -> None:
    """Show the meetings of some days, with what coordinators changed by phone."""
    if write:
        if first or last or wijk or as_json:
            raise typer.BadParameter("takes only --yes beside it", param_hint="--write")
        with _plainly():
            _write_changes(settings.read(), yes)
        return
    with _plainly():
        chosen = settings.read()
        first_day = first.date() if first else datetime.now(ZoneInfo(chosen.timezone)).date()
        last_day = last.date() if last else first_day + FOUR_WEEKS
        if last_day < first_day or last_day - first_day > LONGEST_AGENDA:
            raise settings.SettingsError(f"--to {last_day} is not within three years after {first_day}; choose another")
        knowledge = app.curated(chosen)
        neighbourhood = app.neighbourhood(knowledge, wijk) if wijk else None
        agenda = app.schedules(chosen, knowledge).agenda
        changes = asyncio.run(app.changes_by_phone(chosen))
        meetings = between(agenda, first_day, last_day, changes, neighbourhood)
        to_come = asyncio.run(app.forecasts(chosen, [meeting.occurrence for meeting in meetings])) if as_json else {}
    if as_json:
        rows = []
        for meeting in meetings:
            deliveries = [
                {"kind": one.kind, "due_at": one.due_at.isoformat(), "people": one.people}
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
    """Read a coordinator's spreadsheet into the agenda: show what it says, and write it when asked."""
    if (file is None and not template) or (template and write):
        raise typer.BadParameter("name a sheet, or give --template alone", param_hint="FILE")
    with _plainly():
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
    with _plainly():
        files.write()
    sys.stdout.write("It stands in the agenda. What is new is not confirmed yet: fill in confirmed_on when it is.\n")


def _write_template(path: Path, today: date) -> None:
    if path.exists():
        raise ValueError(f"{path} is there already; name another file")
    path.write_bytes(columns.template(today.year if today.month >= SEASON_BEGINS else today.year - 1))
    sys.stdout.write(f"{path} is written: open it in Excel, and put your meetings in the place of the examples.\n")


SEASON_BEGINS = 7
"""The month from which an example is of the season that begins this year."""


@commands.command("schema")
def write_schemas() -> None:
    """Write the JSON Schemas with which an editor completes and checks the curated files."""
    with _plainly():
        chosen = settings.read()
        paths = schema.write(app.curated_folder(chosen) / "schema")
        paths += schema.write(app.schedules_folder(chosen) / "schema", SCHEDULE_FILES)
    for path in paths:
        sys.stdout.write(f"{path}\n")


@commands.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The new file, which only you may open.", metavar="FILE")],
) -> None:
    """Copy the database to a file, also while the bot runs."""
    with _plainly():
        source = copies.back_up(settings.read().database_url.get_secret_value(), file)
    sys.stdout.write(f"{source} is copied to {file}, and checked ({file.stat().st_size // 1024} KiB).\n")


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that 'minidorp backup' made.", metavar="FILE")],
    while_running: Annotated[
        bool, typer.Option("--while-running", help="Also when the bot runs; it goes on with what is put back.")
    ] = False,
) -> None:
    """Put a copy of the database back, and keep beside it the one that was there."""
    with _plainly():
        url = settings.read().database_url.get_secret_value()
        kept = copies.restore(url, file, datetime.now(UTC), while_running=while_running)
    sys.stdout.write(f"{file} is put back.\n" + (f"What was there before is kept as {kept}.\n" if kept else ""))


@commands.command("doctor")
def examine(
    offline: Annotated[bool, typer.Option("--offline", help="Ask nothing of Telegram.")] = False,
) -> None:
    """Say what is wrong, and how to mend it."""
    with _plainly():
        items = asyncio.run(doctor.examine(settings.read(), is_offline=offline))
    terminal.checklist([(item.part, item.is_well, item.is_needed, item.thing, item.remedy) for item in items])
    if not all(item.is_well for item in items if item.is_needed):
        raise typer.Exit(1)
