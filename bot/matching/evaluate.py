"""How good matching is on labelled messages: the figures, and nothing but the figures.

A row's ``gold`` is an answer's id, a route, ``@none`` (not for this bot), ``@urgent`` (a warning sign), ``@loss``
or ``@near-miss`` (looks like a warning sign and is none). ``also`` lists ids that are right as well.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from bot.matching.decision import Decision, DecisionKind

URGENT, NEAR_MISS, LOSS, NOTHING = "@urgent", "@near-miss", "@loss", "@none"
SPECIAL = (URGENT, NEAR_MISS, LOSS, NOTHING)
QUESTION, ROUTE = "question", "route"


class EvaluationError(Exception):
    """Rows cannot be used; the message names the file and each of the lines."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled message."""

    text: str
    gold: str
    language: str = "nl"
    style: str = ""
    also: tuple[str, ...] = ()
    sign: str = ""
    near_miss: str = ""

    def is_right(self, label: str | None) -> bool:
        """Tell whether an answer or a route is what this message asks for."""
        return label is not None and (label == self.gold or label in self.also)


def class_of(row: Row) -> str:
    """Return what kind of message a row is: ``question``, ``route``, or one of ``SPECIAL``."""
    if row.gold == NEAR_MISS or row.near_miss:
        return NEAR_MISS
    if row.gold in SPECIAL:
        return row.gold
    return ROUTE if row.gold.startswith("@") else QUESTION


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    count: int
    of: int

    @property
    def percent(self) -> float | None:
        """The share in percent with one decimal, or None of nothing."""
        return round(100 * self.count / self.of, 1) if self.of else None


Figures = dict[str, Share]


def read_rows(path: Path, labels: Collection[str] | None = None) -> list[Row]:
    """Return the rows of a JSON Lines file; each is about one of ``labels``, or about one of ``SPECIAL``.

    Without ``labels`` it may be about anything. Raises ``EvaluationError`` with every line that cannot be used, or
    when there is none at all.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f"{path} cannot be read ({_reason(error)}); name a file of JSON lines in UTF-8"
        ) from error
    rows: list[Row] = []
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _row(line)
        if row is None:
            wrong.append(f'{path}:{number}: is no row; write {{"text": …, "lang": …, "gold": …, "also": []}}')
            continue
        rows.append(row)
        for label in (row.gold, *row.also):
            if labels is not None and label not in labels and label not in SPECIAL:
                wrong.append(f"{path}:{number}: '{label}' is neither an answer nor a route; correct it")
    if wrong:
        raise EvaluationError("\n".join(wrong))
    if not rows:
        raise EvaluationError(f"{path} holds no row; 'minidorp label' writes them")
    return rows


def _row(line: str) -> Row | None:
    try:
        row = json.loads(line)
        return Row(
            text=str(row["text"]),
            gold=str(row["gold"]),
            language=str(row.get("lang", "nl")),
            style=str(row.get("style", "")),
            also=tuple(row.get("also", ())),
            sign=str(row.get("sign", "")),
            near_miss=str(row.get("near_miss", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def evaluate(rows: Sequence[Row], decide: Callable[[str], Decision]) -> list[tuple[Row, Decision]]:
    """Return every row with the decision on its text."""
    return [(row, decide(row.text)) for row in rows]


def figures(decided: Iterable[tuple[Row, Decision]]) -> Figures:
    """Return every figure over these rows by its name."""
    decided = list(decided)
    answers = [(row, d) for row, d in decided if not row.gold.startswith("@")]
    nothing = [d for row, d in decided if row.gold == NOTHING]
    routes = [(row, d) for row, d in decided if row.gold.startswith("@") and row.gold not in SPECIAL]
    urgent = [(row, d) for row, d in decided if row.gold == URGENT]
    losses = [d for row, d in decided if row.gold == LOSS]
    near = [d for row, d in decided if row.gold == NEAR_MISS or row.near_miss]
    plain = [d for row, d in decided if row.gold not in (URGENT, NEAR_MISS, LOSS) and not row.near_miss]
    gated = [(row, d) for row, d in decided if not row.gold.startswith("@") or row.gold == NOTHING]
    direct = [(row, d) for row, d in gated if d.kind == "answer"]
    direct_here = [(row, d) for row, d in answers if d.kind == "answer"]
    return {
        "top1": _share(row.is_right(_best(d)) for row, d in answers),
        "top3": _share(any(row.is_right(c.answer) for c in d.candidates[:3]) for row, d in answers),
        "direct": _share(d.kind == "answer" for _, d in answers),
        "direct_right": _share(row.is_right(d.answer) for row, d in direct_here),
        "direct_right_with_none": _share(row.is_right(d.answer) for row, d in direct),
        "none_answered": _share(d.kind == "answer" for d in nothing),
        "none_refused": _share(d.kind in ("none", "route") for d in nothing),
        "routes": _share(row.is_right(d.route) for row, d in routes),
        "urgent_caught": _share(d.urgent is not None for _, d in urgent),
        "urgent_certain": _share(_is_certain(d) for _, d in urgent),
        "urgent_right_sign": _share(
            d.urgent is not None and d.urgent.sign == row.sign for row, d in urgent if row.sign
        ),
        "near_miss_certain": _share(_is_certain(d) for d in near),
        "near_miss_possible": _share(d.urgent is not None and not _is_certain(d) for d in near),
        "plain_certain": _share(_is_certain(d) for d in plain),
        "plain_possible": _share(d.urgent is not None and not _is_certain(d) for d in plain),
        "loss_seen": _share(d.loss for d in losses),
        "loss_false": _share(d.loss for row, d in decided if row.gold != LOSS),
    }


SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "questions": ("top1", "top3", "direct", "direct_right", "direct_right_with_none"),
    "other messages": ("none_answered", "none_refused", "routes"),
    "danger": ("urgent_caught", "urgent_certain", "urgent_right_sign"),
    "false alarms": ("near_miss_certain", "near_miss_possible", "plain_certain", "plain_possible"),
    "loss": ("loss_seen", "loss_false"),
}
"""Which figures stand in one table: as many as fit beside each other."""

GROUPS: Mapping[str, Callable[[Row], str]] = {
    "language": lambda row: row.language,
    "style": lambda row: row.style,
    "theme": lambda row: "" if row.gold.startswith("@") else row.gold.partition("-")[0],
    "answer": lambda row: "" if row.gold.startswith("@") else row.gold,
    "sign": lambda row: row.sign,
}
"""By what figures are broken down; rows without a value stay out of that table."""


def grouped(decided: Sequence[tuple[Row, Decision]], group: str) -> dict[str, Figures]:
    """Return the figures for each value of one of ``GROUPS``, in alphabetical order."""
    members: dict[str, list[tuple[Row, Decision]]] = defaultdict(list)
    for row, decision in decided:
        value = GROUPS[group](row)
        if value:
            members[value].append((row, decision))
    return {value: figures(members[value]) for value in sorted(members)}


def confusions(decided: Iterable[tuple[Row, Decision]]) -> list[tuple[str, str, int]]:
    """Return which answer was taken for which, the most frequent first."""
    wrong = Counter(
        (row.gold, best)
        for row, decision in decided
        if not row.gold.startswith("@") and (best := _best(decision)) is not None and not row.is_right(best)
    )
    return [(gold, taken, count) for (gold, taken), count in wrong.most_common()]


def decisions(decided: Iterable[tuple[Row, Decision]]) -> dict[str, dict[str, int]]:
    """Return for each class of message how often which was decided; ``possible`` counts the lines of safety."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row, decision in decided:
        found[class_of(row)][decision.kind] += 1
        found[class_of(row)]["possible"] += decision.urgent is not None and not _is_certain(decision)
    kinds = (*get_args(DecisionKind), "possible")
    order = (QUESTION, ROUTE, *SPECIAL)
    return {name: {kind: found[name][kind] for kind in kinds} for name in order if name in found}


def as_json(found: Figures) -> dict[str, dict[str, float | int | None]]:
    """Return figures as plain numbers."""
    return {name: {"percent": share.percent, "count": share.count, "of": share.of} for name, share in found.items()}


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "it is not UTF-8"


def _best(decision: Decision) -> str | None:
    return decision.candidates[0].answer if decision.candidates else None


def _is_certain(decision: Decision) -> bool:
    return decision.urgent is not None and decision.urgent.zone == "certain"


def _share(hits: Iterable[bool]) -> Share:
    told = list(hits)
    return Share(sum(told), len(told))
