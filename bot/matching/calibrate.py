"""Thresholds set from labelled messages, and what they bring on messages that did not set them.

Each threshold is the loosest one that keeps its target: the most direct answers at the wanted precision, the most
refusals of what is not for this bot at the wanted share of questions refused. The one that decides whether danger is
seen at all only moves towards more caution: no sample of a town is large enough to look away more often.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from bot.matching.decision import Decision
from bot.matching.evaluate import LOSS, NEAR_MISS, NOTHING, QUESTION, ROUTE, URGENT, EvaluationError, Row, class_of
from bot.matching.fitted import NONE
from bot.matching.matcher import Reading
from bot.matching.thresholds import Thresholds

FOLDS = 5
"""Parts into which the messages fall: four set the thresholds by which the fifth is judged."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What must hold of the labelled messages, as shares from 0 to 1."""

    precision: float = 0.97
    """Least share of direct answers that are right, an answered out-of-scope message counted as wrong."""

    route_precision: float = 0.95
    """Least share of routes that are right; what is not for this bot may take any."""

    questions_refused: float = 0.015
    """Most questions that get an honest no though there is an answer."""

    urgent_caught: float = 0.95
    """Least share of warning messages seen, certain or possible."""

    near_miss_certain: float = 0.05
    """Most near misses taken as certain danger."""

    plain_certain: float = 0.005
    """Most ordinary messages taken as certain danger."""


LEAST: Mapping[str, Mapping[str, int]] = {
    "sharpness": {QUESTION: 100},
    "sign_possible": {URGENT: 50},
    "sign_certain": {URGENT: 50, NEAR_MISS: 50},
    "route": {QUESTION: 100, ROUTE: 30},
    "lead": {QUESTION: 100, NOTHING: 30},
    "none_share": {QUESTION: 100, NOTHING: 30},
}
"""How many messages of which class a threshold needs to be set at all, in the order in which they are set: a target of
97 % is nothing on fewer than a hundred. What stands in no line is left to people."""

SCORES = tuple(number / 10 for number in range(-80, 51))
CHANCES = tuple(number / 100 for number in range(100))
SHARES = tuple(number / 100 for number in range(5, 301))
SHARPNESSES = tuple(number / 4 for number in range(8, 61))


class Judge(Protocol):
    """What a matcher does with a message that was read."""

    def judge(self, reading: Reading, thresholds: Thresholds) -> Decision:
        """Return the decision that these thresholds make."""

    def chances(self, reading: Reading, thresholds: Thresholds) -> list[tuple[str, float]]:
        """Return every label with its chance, the likeliest first."""


Read = Sequence[tuple[Row, Reading]]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The thresholds before and after, why some stayed, and every message judged by both.

    ``after`` judges each message by thresholds that the other folds set, so it promises no more than it keeps.
    """

    old: Thresholds
    new: Thresholds
    kept: Mapping[str, str]
    before: list[tuple[Row, Decision]]
    after: list[tuple[Row, Decision]]

    def changed(self) -> dict[str, float]:
        """Return the thresholds that are not what they were."""
        old = asdict(self.old)
        return {name: value for name, value in asdict(self.new).items() if value != old[name]}


def calibrate(read: Read, matcher: Judge, old: Thresholds, targets: Targets) -> Calibration:
    """Return what the messages say about the thresholds.

    Raises ``EvaluationError`` when there are too few questions among them to say anything.
    """
    counts = _counts(read)
    least = LEAST["lead"][QUESTION]
    if counts[QUESTION] < least:
        raise EvaluationError(
            f"calibrating needs {least} labelled questions that have an answer, and there are {counts[QUESTION]}; "
            "label more messages with 'minidorp label'"
        )
    kept = {name: "set by people, not from messages" for name in asdict(old) if name not in LEAST}
    for name, needed in LEAST.items():
        short = [
            f"{count} {_plural(label)}, there are {counts[label]}"
            for label, count in needed.items()
            if counts[label] < count
        ]
        if short:
            kept[name] = f"needs {' and '.join(short)}"
    free = [name for name in LEAST if name not in kept]
    new = fitted(read, matcher, old, targets, free)
    after = []
    for fold in range(FOLDS):
        rest = [pair for pair in read if _fold(pair[0]) != fold]
        thresholds = fitted(rest, matcher, old, targets, free)
        after += [(row, matcher.judge(reading, thresholds)) for row, reading in read if _fold(row) == fold]
    before = [(row, matcher.judge(reading, old)) for row, reading in read]
    return Calibration(old, new, kept, before, after)


def fitted(read: Read, matcher: Judge, old: Thresholds, targets: Targets, names: Sequence[str]) -> Thresholds:
    """Return ``old`` with the named thresholds set anew; one whose target no value reaches stays."""
    steps: Mapping[str, Callable[[Read, Judge, Thresholds, Targets], float | None]] = {
        "sharpness": _sharpness,
        "sign_possible": _sign_possible,
        "sign_certain": _sign_certain,
        "route": _route,
        "lead": _lead,
        "none_share": _none_share,
    }
    found = old
    for name, step in steps.items():
        if name in names:
            value = step(read, matcher, found, targets)
            found = found if value is None else replace(found, **{name: value})
    return found


def _sharpness(read: Read, matcher: Judge, thresholds: Thresholds, _targets: Targets) -> float:
    """Return the sharpness under which the right labels are likeliest: temperature scaling (Guo et al., 2017)."""
    rows = [(row, reading) for row, reading in read if class_of(row) in (QUESTION, NOTHING, ROUTE)]

    def surprise(sharpness: float) -> float:
        tried = replace(thresholds, sharpness=sharpness)
        return sum(
            -math.log(
                max(sum(chance for label, chance in matcher.chances(reading, tried) if row.is_right(label)), 1e-9)
            )
            for row, reading in rows
        )

    # The surprise has one valley, so its slope tells on which side of it a value lies.
    steps = range(len(SHARPNESSES) - 1)
    place = bisect_left(steps, 1, key=lambda step: surprise(SHARPNESSES[step + 1]) >= surprise(SHARPNESSES[step]))
    return SHARPNESSES[place]


def _sign_possible(read: Read, matcher: Judge, thresholds: Thresholds, targets: Targets) -> float | None:
    """Return the highest score, not above today's, at which enough warning messages are seen."""
    urgent = [reading for row, reading in read if class_of(row) == URGENT]
    allowed = [score for score in SCORES if score < thresholds.sign_possible]

    def is_enough(score: float) -> bool:
        tried = replace(thresholds, sign_possible=score)
        return _share([matcher.judge(reading, tried).urgent is not None for reading in urgent]) >= targets.urgent_caught

    if is_enough(thresholds.sign_possible):
        return thresholds.sign_possible
    return next((score for score in reversed(allowed) if is_enough(score)), None)


def _sign_certain(read: Read, matcher: Judge, thresholds: Thresholds, targets: Targets) -> float | None:
    """Return the lowest score, not below the possible zone, with few enough false alarms."""
    near = [reading for row, reading in read if class_of(row) == NEAR_MISS]
    plain = [reading for row, reading in read if class_of(row) not in (URGENT, LOSS, NEAR_MISS)]

    def alarms(readings: list[Reading], tried: Thresholds) -> float:
        return _share([matcher.judge(reading, tried).kind == "urgent" for reading in readings])

    def is_calm(score: float) -> bool:
        tried = replace(thresholds, sign_certain=score)
        return alarms(near, tried) <= targets.near_miss_certain and alarms(plain, tried) <= targets.plain_certain

    allowed = [score for score in SCORES if score >= thresholds.sign_possible]
    place = bisect_left(allowed, 1, key=is_calm)
    return allowed[place] if place < len(allowed) else None


def _route(read: Read, matcher: Judge, thresholds: Thresholds, targets: Targets) -> float | None:
    """Return the least chance from which enough routes are right."""
    loosest = replace(thresholds, route=0.0)
    taken = []
    for row, reading in read:
        decision = matcher.judge(reading, loosest)
        if class_of(row) in (QUESTION, ROUTE) and decision.kind == "route" and not decision.loss:
            taken.append((decision.confidence, row.is_right(decision.route)))
    return _loosest(taken, targets.route_precision)


def _lead(read: Read, matcher: Judge, thresholds: Thresholds, targets: Targets) -> float | None:
    """Return the least lead from which enough direct answers are right."""
    loosest = replace(thresholds, lead=0.0)
    given = []
    for row, reading in read:
        decision = matcher.judge(reading, loosest)
        if class_of(row) in (QUESTION, NOTHING) and decision.kind == "answer":
            (_, first), (_, second) = matcher.chances(reading, thresholds)[:2]
            given.append((first - second, row.is_right(decision.answer)))
    return _loosest(given, targets.precision)


def _loosest(taken: list[tuple[float, bool]], precision: float) -> float | None:
    """Return the least gate from which the share that is right is enough, or None when no gate gives it."""
    for gate in CHANCES:
        passed = [(value, right) for value, right in taken if value >= gate]
        if passed and _share([right for _, right in passed]) >= precision:
            # Where nothing was seen nothing is known: the gate stands at the least that passed.
            return math.floor(100 * min(value for value, _ in passed)) / 100
    return None


def _none_share(read: Read, matcher: Judge, thresholds: Thresholds, targets: Targets) -> float | None:
    """Return the least share of "not for this bot" at which few enough questions are refused."""
    questions = [reading for row, reading in read if class_of(row) == QUESTION]
    shares = []
    for reading in questions:
        if matcher.judge(reading, thresholds).kind in ("suggest", "none"):
            chances = matcher.chances(reading, thresholds)
            none = next((chance for label, chance in chances if label == NONE), 0.0)
            shares.append(none / max(sum(chance for label, chance in chances if not label.startswith("@")), 1e-9))
    allowed = targets.questions_refused * len(questions)
    return next((share for share in SHARES if sum(found >= share for found in shares) <= allowed), None)


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _counts(read: Read) -> Counter[str]:
    return Counter(class_of(row) for row, _ in read)


def _plural(label: str) -> str:
    names = {
        QUESTION: "questions",
        ROUTE: "routes",
        NOTHING: "messages not for this bot",
        URGENT: "warning messages",
        NEAR_MISS: "near misses",
    }
    return names[label]


def _fold(row: Row) -> int:
    return hashlib.sha256(row.text.encode("utf-8", "replace")).digest()[0] % FOLDS
