"""Matching: what the bot makes of messages, and how often that is right."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import app, labelling, settings, terminal
from bot.cli.command_line import Language, plainly
from bot.knowledge import thresholds
from bot.knowledge.check import ROUTES
from bot.matching import calibrate as calibration
from bot.matching import evaluate as evaluation
from bot.matching import reliability
from bot.matching.calibrate import Calibration, Targets
from bot.matching.decision import Decision
from bot.matching.two_questions import decide
from bot.model import Parent

TARGETS = Targets()

commands = typer.Typer()


@commands.command("match")
def match_messages(
    messages: Annotated[
        list[str] | None,
        typer.Argument(help="Messages; without any, a line each from standard input.", metavar="MESSAGE"),
    ] = None,
    language: Language = None,
    age_months: Annotated[
        int | None, typer.Option("--age-months", help="The child's age.", metavar="MONTHS", min=0, max=216)
    ] = None,
) -> None:
    """Print what the bot would do with messages. A line of JSON for each."""
    with plainly():
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
        list[Path], typer.Argument(help="A message a line, as 'minidorp label' writes them.", metavar="FILE")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Set thresholds from these messages, and show what that changes.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="With --calibrate: write them to thresholds.yaml in the knowledge folder.")
    ] = False,
    precision: Annotated[
        float,
        typer.Option(
            help="With --calibrate: share of direct answers that must be right.", metavar="SHARE", min=0.5, max=1
        ),
    ] = TARGETS.precision,
    refused: Annotated[
        float,
        typer.Option(help="With --calibrate: share of questions that may be refused.", metavar="SHARE", min=0, max=0.5),
    ] = TARGETS.questions_refused,
    caught: Annotated[
        float,
        typer.Option(
            help="With --calibrate: share of warning messages that must be seen.", metavar="SHARE", min=0.5, max=1
        ),
    ] = TARGETS.urgent_caught,
    false_alarms: Annotated[
        float,
        typer.Option(
            help="With --calibrate: share of near misses that may alarm for certain.", metavar="SHARE", min=0, max=0.5
        ),
    ] = TARGETS.near_miss_certain,
) -> None:
    """Measure how often the right answer comes. On labelled messages; or set thresholds from them, with --calibrate."""
    if write and not calibrate:
        raise typer.BadParameter("--write goes with --calibrate", param_hint="--write")
    with plainly():
        chosen = settings.read()
        knowledge = app.curated(chosen)
        labels = {*ROUTES, *knowledge.examples, *(answer.id for answer in knowledge.answers())}
        rows = [row for file in files for row in evaluation.read_rows(file, labels)]
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
        for subject, names in evaluation.SUBJECTS.items():
            shares = {value: [figures[name] for name in names] for value, figures in found.items()}
            rows = [(value, *map(shown, row)) for value, row in shares.items() if any(each.of for each in row)]
            if rows:
                terminal.table(f"By {group}: {subject}", (group, *names), rows)
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
        Path | None,
        typer.Option(
            "--out", help="Where labels are kept; of lab.txt in lab.labelled.jsonl when left out.", metavar="FILE"
        ),
    ] = None,
) -> None:
    """Say what messages ask for, one key a choice. The bot proposes, and every choice is kept at once."""
    with plainly():
        messages = labelling.read_messages(file)
        kept = out or file.with_suffix(".labelled.jsonl")
        if kept.resolve() == file.resolve():
            raise labelling.LabellingError(f"{file} would be written over; name another file with --out")
        chosen = settings.read()
        knowledge = app.curated(chosen)
        matcher = app.matcher(chosen, knowledge)
        terminal.label(labelling.Labelling(messages, labelling.LabelFile(kept), knowledge, matcher.decide))
