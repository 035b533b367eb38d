"""What Telegram says when it will not do something, and what a network does when it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


class Refusal(Exception):  # noqa: N818
    """An answer with ``ok: false``. ``is_violation`` marks what a correct bot never provokes."""

    def __init__(self, status: int, description: str, *, is_violation: bool = False, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.is_violation = is_violation
        self.parameters = parameters


def bad(description: str) -> Refusal:
    """Return the refusal of a request that a correct bot would not make."""
    return Refusal(400, f"Bad Request: {description}", is_violation=True)


@dataclass(frozen=True)
class Failure:
    """What happens to one call, instead of or beside what it asks.

    ``refuse`` answers with an error of Telegram; ``status`` answers with a bare HTTP status, as a proxy does;
    ``reset`` closes the connection unanswered, after the work is done or, with ``before``, without doing it;
    ``hang`` keeps the connection open for ``delay_s`` after doing the work; ``slow`` works after ``delay_s``.
    """

    kind: Literal["refuse", "status", "reset", "hang", "slow"]
    refusal: Refusal | None = None
    status: int = 502
    before: bool = False
    delay_s: float = 0
    chat_id: int | None = None
