"""The questions that parents let be kept, as a curator reads them: those alike together, the most frequent first.

Alike is what lies nearest to the same answer. That answer did not fit; but it is where to look, and perhaps what to
extend.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.knowledge.model import MAIN_LANGUAGE, Knowledge
from bot.matching.matcher import Matcher
from bot.model import Parent
from bot.store.questions import Question


@dataclass(frozen=True, slots=True)
class Near:
    """A kept question, the answer that lies nearest, and how many kept questions lie nearest to the same one."""

    question: Question
    answer: str
    times: int

    def as_row(self) -> dict[str, object]:
        """Return the object that is printed as JSON; ``text`` and ``lang`` are what ``minidorp label`` reads."""
        kept = self.question
        return {
            "id": kept.id,
            "week": kept.week.isoformat(),
            "text": kept.text,
            "lang": kept.language,
            "near": self.answer,
            "times": self.times,
        }


def nearest(questions: Sequence[Question], matcher: Matcher) -> list[Near]:
    """Return each question with the answer nearest to it; those alike together, most first, then the oldest week."""
    groups: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        decision = matcher.decide(question.text, Parent(0, question.language))
        groups[decision.candidates[0].answer].append(question)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [Near(question, answer, len(group)) for answer, group in ordered for question in group]


def as_csv(near: Sequence[Near]) -> str:
    """Return a table as Dutch Excel reads it, with a heading."""
    columns = ("id", "week", "lang", "near", "times", "text")
    written = io.StringIO()
    table = csv.DictWriter(written, columns, delimiter=";", lineterminator="\r\n")
    table.writeheader()
    table.writerows(one.as_row() for one in near)
    return written.getvalue()


def told(near: Sequence[Near], knowledge: Knowledge) -> str:
    """Return what a curator reads in a terminal."""
    if not near:
        return "No question is kept.\n"
    lines = []
    before = ""
    for one in near:
        if one.answer != before:
            before = one.answer
            answer = knowledge.answer(before)
            title = f" ({answer.title[MAIN_LANGUAGE]})" if answer else ""
            lines.append(f"{one.times} nearest to {before}{title}")
        kept = one.question
        lines.append(f"  {kept.id:>10}  week of {kept.week.isoformat()}  {kept.language}  {kept.text}")
    return "\n".join(lines) + "\n"
