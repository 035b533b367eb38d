"""How old the child is: asked once with the reason, kept as a month of birth, taken back with one press."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.conversation import buttons
from bot.conversation.message import Button, Part, Reply
from bot.conversation.turn import Turn
from bot.locales import languages, moments, parent_words
from bot.matching.ages import CORRECTED_UNTIL_MONTHS, age_in_months, birth_month, weeks_early
from bot.matching.phrases import is_only_small_words, words_of
from bot.store import dialogues, parents
from bot.store.dialogues import Dialogue

ASKED = "child"
"""The dialogue that is open while a month of birth or an age may be typed."""

OPEN_FOR = timedelta(minutes=10)

OFFERED_MONTHS = (0, 2, 4, 6, 9, 12, 18, 24, 36, 48, 60, 72)
"""Ages to press, in months: close together where the advice changes fast."""

EARLY_WEEKS = (0, 3, 7, 11, 15)
"""What is kept for "on time", 1-4, 5-8, 9-12 and more weeks early."""

MOST_WORDS = 5
"""A longer line in this dialogue is a question, even with a number in it."""


async def ask(turn: Turn, text: str) -> Reply:
    """Ask when the child was born, and say why; what came after the command counts as typed."""
    if text.strip():
        told = await listen(turn, None, text)
        if told:
            return told
    async with turn.store.writing() as connection:
        chat_id = turn.scene.parent.chat_id
        await dialogues.open_dialogue(connection, chat_id, ASKED, {}, turn.now + OPEN_FOR)
    words = turn.scene.words
    labels = [
        words("child.months", n=months) if months < 24 else words("child.years", n=months // 12)
        for months in OFFERED_MONTHS
    ]
    offered = [Button(label, buttons.child(months)) for label, months in zip(labels, OFFERED_MONTHS, strict=True)]
    rows = tuple(tuple(offered[start : start + 3]) for start in range(0, len(offered), 3))
    rather_not = turn.scene.button("child.button.rather_not", buttons.child(None))
    return Reply((Part("text", words("child.ask")), Part("note", words("child.why"))), (*rows, (rather_not,)))


async def listen(turn: Turn, _dialogue: Dialogue | None, text: str) -> Reply | None:
    """Return the reply to a month of birth or an age that was typed; None for anything else."""
    if len(text.split()) > MOST_WORDS:
        return None
    if turn.scene.is_no(text):
        return await _keep(turn, None, None)
    born = birth_month(text, turn.scene.today)
    if born:
        return await _keep(turn, born, weeks_early(text))
    is_a_moment = any(character.isdigit() for character in text) or _names_a_moment(text)
    return turn.scene.said("child.not_read") if is_a_moment else None


def _names_a_moment(text: str) -> bool:
    """Tell whether nothing is said but a moment: a month without its year, "gisteren", "vorige week geboren"."""
    said = " ".join(words_of(text))
    told = moments.months()
    for code in languages():
        told = told | frozenset(parent_words(code)("child.moments").split("|"))
    left = re.sub(rf"\b(?:{'|'.join(sorted(map(re.escape, told), key=len, reverse=True))})\b", "", said)
    return left != said and is_only_small_words(left)


async def choose_age(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Keep the age that was pressed as a month of birth, or nothing when the parent would rather not."""
    if values == ("-",):
        return await _keep(turn, None, None)
    if len(values) != 1 or not values[0].isdecimal() or int(values[0]) not in OFFERED_MONTHS:
        return None
    today = turn.scene.today
    months = today.year * 12 + today.month - 1 - int(values[0])
    return await _keep(turn, date(months // 12, months % 12 + 1, 1), None)


async def choose_early(turn: Turn, values: tuple[str, ...]) -> Reply | None:
    """Keep how many weeks too early the child came; only beside a month of birth."""
    if len(values) != 1 or not values[0].isdecimal() or int(values[0]) not in EARLY_WEEKS:
        return None
    parent = turn.scene.parent
    if parent.born is None:
        return None
    async with turn.store.writing() as connection:
        await parents.save(connection, replace(parent, weeks_early=int(values[0])), turn.now)
    return replace(turn.scene.said("child.early_kept"), clears_buttons=True)


async def _keep(turn: Turn, born: date | None, early: int | None) -> Reply:
    parent = replace(turn.scene.parent, born=born, weeks_early=early)
    async with turn.store.writing() as connection:
        await parents.save(connection, parent, turn.now)
        await dialogues.close(connection, parent.chat_id)
    scene = turn.scene
    if born is None:
        return replace(scene.said("child.rather_not"), clears_buttons=True)
    kept = Part("text", scene.words("child.kept", month=moments.month_and_year(born, scene.language)))
    if early or age_in_months(born, scene.today) >= CORRECTED_UNTIL_MONTHS:
        return Reply((kept,), clears_buttons=True)
    choices = tuple((scene.button(f"child.early.{weeks}", buttons.early(weeks)),) for weeks in EARLY_WEEKS)
    return Reply((kept, Part("text", scene.words("child.early"))), choices, clears_buttons=True)
