"""Which answers are not for somebody whose child has died, as long as the talk in which they told it goes on. Pure."""

from __future__ import annotations

from bot.knowledge.model import Answer

BABY_UNTIL_MONTHS = 12
"""Up to this age a child is a baby here."""

FIRST_YEARS_UNTIL_MONTHS = 36
"""An answer that begins with babies and ends by this age is about babies first: safe sleep, nappy rash."""

FEEDING = "voeden"
"""The theme of milk, breast and bottle."""

THEIR_OWN = frozenset({"slapen", "eten", "huilen"})
"""Themes that are the parent's own in grief as long as no child of an age is named: "ik kan niet slapen"."""

OF_NEW_PARENTS = frozenset({"wegwijs-zwanger", "ouder-moe", "ouder-somber", "ouder-eenzaam", "ouder-werk"})
"""Answers for who expects a child or has a young one: tips, coffee mornings and leave are no help here."""


def hurts(answer: Answer, age_months: int | None, *, is_asked: bool) -> bool:
    """Tell whether this answer would be about the child who died rather than about what was asked.

    ``age_months`` is the age told since then, so of another child: what holds for that age is no harm, but milk and
    pregnancy are never that child's. A title that nobody asked for (``is_asked`` false) is held back sooner than the
    answer to a clear question.
    """
    theme = answer.id.partition("-")[0]
    if answer.id in OF_NEW_PARENTS or theme == FEEDING:
        return True
    youngest, oldest = answer.ages
    if age_months is not None and age_months > BABY_UNTIL_MONTHS:
        return oldest < age_months
    if theme in THEIR_OWN:
        return True
    return youngest < BABY_UNTIL_MONTHS and (not is_asked or oldest <= FIRST_YEARS_UNTIL_MONTHS)
