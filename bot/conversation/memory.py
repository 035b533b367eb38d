"""What the bot remembers for ten minutes, so that "en overdag?" has a meaning: ids and an age.

Of what was typed nothing, except when no answer was found: then what may be kept of it once the parent agrees, with all
names, numbers and addresses taken out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.conversation.turn import Turn
from bot.knowledge.model import Answer
from bot.matching.ages import age_in_months
from bot.matching.follow_up import Earlier
from bot.matching.phrases import is_about_another_child
from bot.model import Parent
from bot.store import dialogues
from bot.store.database import Store, StoreConnection
from bot.store.dialogues import Dialogue

REMEMBERED_FOR = timedelta(minutes=10)
"""How long the bot knows what it last offered; then it is erased."""

ANSWERED = "answered"
"""The dialogue that is open after an answer was shown, or an age was told."""

SUGGESTED = "suggested"
"""The dialogue that is open after titles were offered."""

SIGN = "sign"
"""The dialogue that is open after a warning sign, for a parent who says it was not meant."""

KINDS = (ANSWERED, SUGGESTED, SIGN)


@dataclass(frozen=True, slots=True)
class Memory:
    """``answer`` was read last, ``offered`` are the titles of the last choice; the age is the one told meanwhile.

    ``question`` is what would be kept of a question without an answer, blanked, and ``language`` the one it is in.
    ``is_rated`` is true once a thumb was typed about ``answer``.
    """

    kind: str = ""
    answer: str | None = None
    offered: tuple[str, ...] = ()
    age_months: int | None = None
    weeks_early: int | None = None
    question: str = ""
    language: str = ""
    is_rated: bool = False

    @property
    def earlier(self) -> Earlier:
        """What a short message may go on from."""
        return Earlier(self.answer, self.offered if self.kind == SUGGESTED else ())

    def knows(self, parent: Parent, text: str, today: date) -> Parent:
        """Return the parent with the child's age: told in the last minutes, else from the month of birth.

        What was told of one child is left out when ``text`` is about another.
        """
        from_profile = age_in_months(parent.born, today) if parent.born else parent.age_months
        known = replace(parent, age_months=from_profile)
        if self.age_months is not None and not is_about_another_child(text, self.age_months):
            known = replace(known, age_months=self.age_months, weeks_early=self.weeks_early)
        elif self.weeks_early is not None:
            known = replace(known, weeks_early=self.weeks_early)
        if known.age_months is not None and is_about_another_child(text, known.age_months):
            return replace(known, age_months=None, weeks_early=None)
        return known


async def recall(store: Store, chat_id: int, now: datetime) -> Memory:
    """Return what is remembered of this chat; an empty memory when it was too long ago or is about something else."""
    async with store.glance() as connection:
        return of(await dialogues.find(connection, chat_id, now))


def of(last: Dialogue | None) -> Memory:
    """Return what a dialogue remembers; an empty memory when there is none, or it is about something else."""
    if last is None or last.kind not in KINDS:
        return Memory()
    data = last.data
    return Memory(
        last.kind,
        data.get("answer"),
        tuple(data.get("answers", ())),
        data.get("age"),
        data.get("weeks_early"),
        data.get("question", ""),
        data.get("language", ""),
        data.get("is_rated", False),
    )


def without_choice(last: Dialogue) -> Dialogue:
    """Return what is left to remember of titles of which none was chosen: what was read or told before them."""
    return replace(last, kind=ANSWERED, data={**last.data, "answers": []})


async def remember(store: Store, chat_id: int, memory: Memory, now: datetime) -> None:
    """Remember this for ten minutes instead of what was remembered."""
    async with store.writing(at_once=True) as connection:
        await _remember(connection, chat_id, memory, now)


async def _remember(connection: StoreConnection, chat_id: int, memory: Memory, now: datetime) -> None:
    data: dict[str, Any] = {"answers": list(memory.offered)}
    told = {"answer": memory.answer, "age": memory.age_months, "weeks_early": memory.weeks_early}
    data |= {name: value for name, value in told.items() if value is not None}
    if memory.question:
        data |= {"question": memory.question, "language": memory.language}
    if memory.is_rated:
        data["is_rated"] = True
    await dialogues.open_dialogue(connection, chat_id, memory.kind, data, now + REMEMBERED_FOR)


async def note_read(connection: StoreConnection, turn: Turn, answer: Answer) -> None:
    """Remember that this answer was read, and for which age."""
    scene = turn.scene
    memory = Memory(ANSWERED, answer.id, (), scene.age_months, scene.weeks_early)
    await _remember(connection, scene.parent.chat_id, memory, turn.now)
