"""What matching says about one message: plain values, read by the conversation and printed by ``minidorp match``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.knowledge.model import Level, Zone

DecisionKind = Literal["answer", "suggest", "urgent", "route", "none"]

LOSS_ROUTE = "@human"
"""Where a message of loss leads in the printed decision: to a person. The conversation has its own words for it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer and how sure it is, from 0 to 1."""

    answer: str
    score: float


@dataclass(frozen=True, slots=True)
class Urgent:
    """A warning sign that was seen, and whether it is certain or only possible."""

    sign: str
    level: Level
    zone: Zone


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a message.

    ``confidence`` (0-1) belongs to what was decided; ``candidates`` are the best five answers whatever the decision.
    ``urgent`` may be set as possible beside any kind. ``loss`` is true when the writer's child has died.
    ``both`` are the answers of a message that asks two things; ``beside`` is the answer that a message seems to
    ask for as well.
    ``age_months`` is by the calendar, ``weeks_early`` how much too early the child was born, when either is known.
    ``is_readable`` is false for what holds no words that anybody here has used: a cat on the keyboard.
    """

    kind: DecisionKind
    confidence: float
    candidates: tuple[Candidate, ...]
    language: str
    answer: str | None = None
    route: str | None = None
    urgent: Urgent | None = None
    loss: bool = False
    age_months: int | None = None
    weeks_early: int | None = None
    is_readable: bool = True
    both: tuple[str, ...] = ()
    beside: str | None = None

    def as_json(self, text: str) -> dict[str, object]:
        """Return the object that ``minidorp match`` prints for ``text``."""
        return {
            "text": text,
            "decision": self.kind,
            "answer": self.answer,
            "route": self.route,
            "confidence": round(self.confidence, 4),
            "candidates": [
                {"answer": candidate.answer, "score": round(candidate.score, 4)} for candidate in self.candidates
            ],
            "urgent": (
                {"sign": self.urgent.sign, "level": self.urgent.level, "zone": self.urgent.zone}
                if self.urgent
                else None
            ),
            "language": self.language,
        }
