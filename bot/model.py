"""Values that several rooms share and that belong to none of them. No rules, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Parent:
    """What is known of the person who writes; everything but the chat may be unknown.

    ``language`` is a two-letter code the parent chose, ``neighbourhood`` the id of a wijk,
    ``age_months`` the age of the child the question is about, ``born`` the first day of the month in which it was
    born, ``weeks_early`` how many weeks too early.
    ``seen_at`` is when they last wrote, to within a day; None of whom nothing is kept.
    """

    chat_id: int
    language: str | None = None
    neighbourhood: str | None = None
    age_months: int | None = None
    born: date | None = None
    weeks_early: int | None = None
    seen_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Privacy:
    """What is promised about what is kept.

    ``contact`` is the e-mail or address of who answers for it; None in a trial. A parent who is silent for
    ``forget_after_months`` is asked, or forgotten. A question that found no answer is kept ``keep_questions_days`` when
    the parent agrees; 0 keeps none.
    """

    contact: str | None = None
    forget_after_months: int = 12
    keep_questions_days: int = 90


IN_A_TRIAL = Privacy()
"""What is promised where nothing is set: nobody is named yet."""
