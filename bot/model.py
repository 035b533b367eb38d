"""Values that several rooms share and that belong to none of them. No rules, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Parent:
    """What is known of the person who writes; everything but the chat may be unknown.

    ``language`` is a two-letter code the parent chose, ``neighbourhood`` the id of a wijk,
    ``age_months`` the age of the child the question is about, ``born`` the first day of the month in which it was
    born, ``weeks_early`` how many weeks too early.
    """

    chat_id: int
    language: str | None = None
    neighbourhood: str | None = None
    age_months: int | None = None
    born: date | None = None
    weeks_early: int | None = None
