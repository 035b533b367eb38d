"""Whether confidence means what it says: of messages with a chance of .8, are eight in ten right?

The confidence of a message is the chance of its likeliest answer. A question counts as right when that is its answer;
a message that is not for this bot never does, because nothing should be likely there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.matching.decision import Decision
from bot.matching.evaluate import NOTHING, Row

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages with a confidence from ``low`` to below ``high``: how many, their mean confidence, the share right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(decided: Iterable[tuple[Row, Decision]]) -> list[Bin]:
    """Return the bins of equal width that hold a message, from the least confident up."""
    members: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for row, decision in decided:
        if decision.candidates and (row.gold == NOTHING or not row.gold.startswith("@")):
            best = decision.candidates[0]
            members[min(int(best.score * BINS), BINS - 1)].append((best.score, row.is_right(best.answer)))
    return [
        Bin(
            position / BINS,
            (position + 1) / BINS,
            len(found),
            sum(score for score, _ in found) / len(found),
            sum(right for _, right in found) / len(found),
        )
        for position, found in enumerate(members)
        if found
    ]


def calibration_error(bins: list[Bin]) -> float | None:
    """Return the expected calibration error (ECE): how far confidence and share right lie apart, weighed by count.

    0 is perfect; None when there is no message.
    """
    count = sum(found.count for found in bins)
    return sum(found.count * abs(found.confidence - found.right) for found in bins) / count if count else None


def as_json(bins: list[Bin]) -> dict[str, object]:
    """Return the error and the bins as plain numbers."""
    error = calibration_error(bins)
    return {
        "ece": None if error is None else round(error, 4),
        "bins": [
            {
                "from": found.low,
                "to": found.high,
                "count": found.count,
                "confidence": round(found.confidence, 4),
                "right": round(found.right, 4),
            }
            for found in bins
        ],
    }
