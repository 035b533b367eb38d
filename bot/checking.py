"""Everything ``minidorp check`` looks at: the rules of both folders, how easily the answers read, examples that look
like each other, and sign-offs that lapsed. Start-up holds only the first: what is hard to read may be read.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from bot.agenda import check as agenda_check
from bot.agenda.load import SCHEDULE_FILES
from bot.knowledge import readability
from bot.knowledge.check import check
from bot.knowledge.lapsing import lapsing
from bot.knowledge.load import Files
from bot.knowledge.mistakes import N_, Mistake
from bot.matching import lookalikes
from bot.settings import Settings


def check_all(settings: Settings, today: date) -> list[Mistake]:
    """Return every mistake in the curated answers and in the agenda, in the order of files and lines."""
    files, mistakes = _knowledge(settings.knowledge, today)
    return mistakes + _schedules(settings.schedules, files, settings, today)


def check_folder(folder: Path, settings: Settings, today: date) -> list[Mistake]:
    """Return every mistake in one folder: an agenda when it holds one of an agenda's files, else curated answers."""
    if any((folder / f"{name}.yaml").exists() for name in SCHEDULE_FILES):
        files, _ = check(settings.knowledge)
        return _schedules(folder, files, settings, today)
    return check_knowledge(folder, today)


def check_knowledge(folder: Path, today: date) -> list[Mistake]:
    """Return every mistake in the curated answers of ``folder``."""
    return _knowledge(folder, today)[1]


def _knowledge(folder: Path, today: date) -> tuple[Files, list[Mistake]]:
    files, mistakes = check(folder)
    mistakes += readability.findings(files)
    mistakes += lapsing(files, today)
    mistakes += _look_alikes(files)
    return files, sorted(mistakes, key=lambda mistake: (str(mistake.path), mistake.line))


def _schedules(folder: Path, files: Files, settings: Settings, today: date) -> list[Mistake]:
    """Return what is wrong in the agenda; ids of answers are only looked up when those could be read."""
    knowledge = files.knowledge() if files.is_whole() else None
    return agenda_check.check(
        folder, knowledge, today, timezone=settings.timezone, school_region=settings.school_region
    )[1]


def _look_alikes(files: Files) -> list[Mistake]:
    """Return examples of different answers that are nearly the same: one of them teaches the wrong thing.

    One that stands there twice is an error already; what else is like it is told when that is mended.
    """
    messages = [
        (text, key, tree, (key, language, position))
        for examples, tree in files.examples
        for key, languages in examples.items()
        for language, texts in languages.items()
        for position, text in enumerate(texts)
    ]
    times = Counter(" ".join(text.lower().split()) for text, *_ in messages)
    twice = {text for text, *_ in messages if times[" ".join(text.lower().split())] > 1}
    return [
        Mistake(
            messages[pair.other][2].path,
            messages[pair.other][2].line(messages[pair.other][3]),
            N_("'{text}' is nearly the same as an example of {other} ('{other_text}'); change or remove one"),
            {
                "text": messages[pair.other][0],
                "other": messages[pair.one][1],
                "other_text": messages[pair.one][0],
            },
            "warning",
        )
        for pair in lookalikes.within([text for text, *_ in messages])
        if messages[pair.one][1] != messages[pair.other][1]
        and twice.isdisjoint((messages[pair.one][0], messages[pair.other][0]))
    ]
