"""Whether answers helped, as a curator reads it: what helped least on top, and no figure under five.

What was said of an answer before its words changed stands apart: what was wrong then may be mended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.model import MAIN_LANGUAGE, Knowledge
from bot.store.asked import FEWEST
from bot.store.feedback import Tally

COLUMNS = ("answer", "language", "helped", "did not", "something else", "not clear", "not complete")


@dataclass(frozen=True, slots=True)
class Thumbs:
    """What parents thought of an answer in one language. A figure that is None, from one to four, is told to nobody."""

    answer: str
    language: str
    title: str
    is_current: bool
    helpful: int | None
    unhelpful: int | None
    reasons: Mapping[str, int | None]

    def as_row(self) -> dict[str, object]:
        """Return the object that is printed as JSON."""
        return {
            "answer": self.answer,
            "language": self.language,
            "title": self.title,
            "current": self.is_current,
            "helpful": self.helpful,
            "unhelpful": self.unhelpful,
            **self.reasons,
        }

    def shown(self) -> tuple[str, ...]:
        """Return the cells of its line in a table, under ``COLUMNS``."""
        name = self.answer if self.is_current else f"{self.answer} (older words)"
        figures = (self.helpful, self.unhelpful, *self.reasons.values())
        return (name, self.language, *(f"< {FEWEST}" if figure is None else str(figure) for figure in figures))


def told(tallies: Sequence[Tally], knowledge: Knowledge) -> tuple[list[Thumbs], int]:
    """Return what may be told, the most often unhelpful first, and how many texts have too few opinions for that."""
    groups: dict[tuple[str, str, bool], list[Tally]] = defaultdict(list)
    for tally in tallies:
        groups[tally.answer, tally.language, _is_current(tally, knowledge)].append(tally)
    every = [_thumbs(group, knowledge, is_current) for (_, _, is_current), group in groups.items()]
    shown = [one for one in every if one.helpful or one.unhelpful]
    shown.sort(key=lambda one: (not one.is_current, -(one.unhelpful or 0), one.helpful or 0, one.answer, one.language))
    return shown, len(every) - len(shown)


def _is_current(tally: Tally, knowledge: Knowledge) -> bool:
    answer = knowledge.answer(tally.answer)
    is_written = answer is not None and tally.language in answer.languages()
    return answer is not None and is_written and answer.text_hash(tally.language) == tally.text_hash


def _thumbs(tallies: Sequence[Tally], knowledge: Knowledge, is_current: bool) -> Thumbs:
    answer = knowledge.answer(tallies[0].answer)
    reasons = sum((Counter(tally.reasons) for tally in tallies), Counter[str]())
    return Thumbs(
        answer=tallies[0].answer,
        language=tallies[0].language,
        title=answer.title[MAIN_LANGUAGE] if answer else "",
        is_current=is_current,
        helpful=_told(sum(tally.helpful for tally in tallies)),
        unhelpful=_told(sum(tally.unhelpful for tally in tallies)),
        reasons={reason: _told(reasons[reason]) for reason in tallies[0].reasons},
    )


def _told(figure: int) -> int | None:
    return figure if figure == 0 or figure >= FEWEST else None
