"""Curated answers: checked, read, signed."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot import app, gaps, settings, terminal, thumbs
from bot.agenda.load import SCHEDULE_FILES
from bot.checking import check_all, check_folder
from bot.cli.command_line import fail, plainly
from bot.knowledge import figures, reviews, schema, signed_list
from bot.knowledge.check import load
from bot.knowledge.mistakes import N_, total
from bot.knowledge.model import MAIN_LANGUAGE, Knowledge
from bot.locales import curator_languages, curator_words, parent_words
from bot.pages import packet as pages

commands = typer.Typer()


def _a_language_of_reports(code: str) -> str:
    if code not in curator_languages():
        raise typer.BadParameter(f"there is no report in '{code}'; choose {' or '.join(curator_languages())}")
    return code


@commands.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="One folder: of answers or of an agenda.", metavar="FOLDER")
    ] = None,
    language: Annotated[
        str,
        typer.Option(
            "--language", help="Language of the report: nl or en.", metavar="CODE", callback=_a_language_of_reports
        ),
    ] = "en",
    numbers: Annotated[
        bool, typer.Option("--numbers", help="Instead: list every figure in the Dutch answers, with its source.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --numbers: as JSON.")] = False,
) -> None:
    """Check the curated files: every mistake at once, with its line. Warnings do not fail."""
    if numbers:
        with plainly():
            knowledge = load(folder) if folder else app.curated(settings.read())
        _show_figures_of_answers(knowledge, as_json)
        return
    if as_json:
        raise typer.BadParameter("goes with --numbers", param_hint="--json")
    with plainly():
        chosen = settings.read()
        today = datetime.now(ZoneInfo(chosen.timezone)).date()
        mistakes = check_folder(folder, chosen, today) if folder else check_all(chosen, today)
    for mistake in mistakes:
        sys.stderr.write(mistake.told(language) + "\n")
    sys.stdout.write(total(mistakes, language) + "\n")
    if any(mistake.level == "error" for mistake in mistakes):
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


@commands.command("questions")
def show_questions(
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON object a line, as 'minidorp label' reads them.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A line each for a spreadsheet.")] = False,
    delete: Annotated[
        list[int] | None, typer.Option("--delete", help="Remove this question; may be given often.", metavar="ID")
    ] = None,
) -> None:
    """Show the questions without an answer that parents let be kept. Those nearest to one answer stand together."""
    if as_json and as_csv:
        raise typer.BadParameter("one of --json and --csv", param_hint="--csv")
    with plainly():
        chosen = settings.read()
        if delete:
            _remove_questions(chosen, delete)
            return
        found = asyncio.run(app.kept_questions(chosen))
        knowledge = app.curated(chosen)
        near = gaps.nearest(found, app.matcher(chosen, knowledge)) if found else []
    if as_json:
        for one in near:
            sys.stdout.write(json.dumps(one.as_row(), ensure_ascii=False) + "\n")
    elif as_csv:
        sys.stdout.write(gaps.as_csv(near))
    else:
        sys.stdout.write(gaps.told(near, knowledge))


def _remove_questions(chosen: settings.Settings, ids: list[int]) -> None:
    removed = asyncio.run(app.remove_questions(chosen, ids))
    if removed < len(set(ids)):
        fail(
            f"{removed} of {len(set(ids))} questions were there and are removed; see the numbers of the others with "
            "'minidorp questions'",
            1,
        )
    sys.stdout.write(f"{removed} removed. A backup may still hold what is removed.\n")


@commands.command("feedback")
def show_feedback(
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line.")] = False,
) -> None:
    """Show which answers helped and which did not. By thumbs of parents; a figure under five is never shown."""
    with plainly():
        chosen = settings.read()
        tallies = asyncio.run(app.opinions(chosen))
        shown, hidden = thumbs.told(tallies, app.curated(chosen))
    if as_json:
        for one in shown:
            sys.stdout.write(json.dumps(one.as_row(), ensure_ascii=False) + "\n")
        return
    if shown:
        terminal.table("What parents thought", thumbs.COLUMNS, [one.shown() for one in shown])
    if hidden:
        sys.stdout.write(f"{hidden} with fewer than five of either opinion are not shown.\n")
    if not tallies:
        sys.stdout.write("Nobody has pressed a thumb yet.\n")


@commands.command("schema")
def write_schemas() -> None:
    """Write what lets editors check curated files while you type. As JSON Schemas."""
    with plainly():
        chosen = settings.read()
        paths = schema.write(app.curated_folder(chosen) / "schema")
        paths += schema.write(app.schedules_folder(chosen) / "schema", SCHEDULE_FILES)
    for path in paths:
        sys.stdout.write(f"{path}\n")


@commands.command()
def packet(
    theme: Annotated[
        list[str] | None,
        typer.Option(
            "--theme", help="A theme, or warning-signs; may be given often; all when left out.", metavar="THEME"
        ),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", help="nl (when left out) or en; may be given twice.", metavar="CODE"),
    ] = None,
    to: Annotated[Path, typer.Option("--to", help="The folder to write to.", metavar="FOLDER")] = Path("packets"),
) -> None:
    """Write pages to review on paper or screen. With a list beside them, for 'minidorp review --from'."""
    with plainly():
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


@commands.command()
def review(
    identifier: Annotated[
        str | None, typer.Argument(help="The answer or warning sign that was read.", metavar="ID")
    ] = None,
    role: Annotated[
        str | None, typer.Option("--role", help="Who reviewed it: a role, never a name.", metavar="ROLE")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until", help="Until when it holds; a year when left out.", formats=["%Y-%m-%d"], metavar="DATE"
        ),
    ] = None,
    language: Annotated[
        str, typer.Option("--language", help="The language that was read, and that is asked in.", metavar="CODE")
    ] = "nl",
    from_list: Annotated[
        Path | None,
        typer.Option("--from", help="Instead: take back a filled-in list of 'minidorp packet'.", metavar="FILE"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --from: sign without asking.")] = False,
) -> None:
    """Sign off a text, or a filled-in list of them. It is shown, asked, and written down in reviews.yaml."""
    last_day = until.date() if until else None
    if from_list:
        if identifier or role:
            raise typer.BadParameter("goes without ID and --role: they stand in the list", param_hint="--from")
        _take_back(from_list, last_day, yes, language)
        return
    if identifier is None or role is None:
        raise typer.BadParameter("name the text and --role, or a list with --from", param_hint="ID")
    if yes:
        raise typer.BadParameter("goes with --from: a single text is read before it is signed", param_hint="--yes")
    _sign_one(identifier, role, last_day, language)


def _sign_one(identifier: str, role: str, until: date | None, language: str) -> None:
    with plainly():
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
        if not reviews.is_role(role):
            raise ValueError(f"--role '{role}' looks like a name; write a role in small letters, such as huisarts")
        today = datetime.now(UTC).date()
        last_day = until or today + reviews.SIGNED_FOR
        signed = reviews.sign(reviewed, language, role, today, last_day)
        question = curator_words(language)(N_("Does this text stand, as {role}, until {until}?"))
        blocks = _headed(reviewed.to_read(language, knowledge.sources), language)
        if not terminal.read_and_confirm(
            reviewed.title[language], blocks, question.format(role=role, until=last_day), language
        ):
            fail("nothing was signed", 1)
        reviews.write(folder / "reviews.yaml", knowledge, [signed])
    sys.stdout.write(f"{identifier} ({language}) is signed by {role} until {last_day}.\n")


def _take_back(path: Path, until: date | None, is_confirmed: bool, language: str) -> None:
    with plainly():
        chosen = settings.read()
        folder, knowledge = chosen.knowledge, app.curated(chosen)
        try:
            listed = signed_list.read(path, knowledge, datetime.now(UTC).date(), until)
        except signed_list.SignedListError as error:
            for mistake in error.mistakes:
                sys.stderr.write(mistake.told("en") + "\n")
            fail(str(error), 1)
        remarks = [line.remark for line in listed.unsigned if line.remark]
        for remark in remarks:
            sys.stdout.write(f"not signed: {remark.id} ({remark.language}): {remark.remark}\n")
        silent = len(listed.unsigned) - len(remarks)
        if silent:
            sys.stdout.write(f"not signed: {silent} without a remark\n")
        for one in listed.signed:
            sys.stdout.write(f"to sign: {one.id} ({one.language}) by {one.role}, {one.reviewed_on} to {one.until}\n")
        if not listed.signed:
            if remarks:
                reviews.write(folder / "reviews.yaml", knowledge, remarks=remarks)
            kept = "; the remarks are kept, and 'minidorp check' tells them" if remarks else ""
            fail(f"nothing was signed: nobody agreed with a text; write ja under agrees where somebody does{kept}", 1)
        question = curator_words(language)(N_("Sign these {count}?")).format(count=len(listed.signed))
        if not is_confirmed and not terminal.confirm(question, language):
            fail("nothing was signed", 1)
        reviews.write(folder / "reviews.yaml", knowledge, listed.signed, remarks)
    if remarks:
        sys.stdout.write(f"{len(remarks)} remarks are kept; 'minidorp check' tells them until the words change.\n")
    sys.stdout.write(f"{len(listed.signed)} signed.\n")


def _headed(blocks: tuple[tuple[str, str], ...], language: str) -> list[tuple[str, str]]:
    """Return texts under the headings that parents see, where they have one."""
    words = parent_words(language)
    headings = {name: words(f"answer.{name}") for name in ("normal", "do", "consult", "contacts", "sources")}
    return [(headings.get(name, name), text) for name, text in blocks]
