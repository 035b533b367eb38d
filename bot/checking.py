"""Everything ``minidorp check`` looks at: the rules of the files, how easily the answers read, and examples that look
like each other. Start-up holds only the first: what is hard to read may be read.
"""

from __future__ import annotations

from pathlib import Path

from bot.knowledge import readability
from bot.knowledge.check import check
from bot.knowledge.load import Files
from bot.knowledge.mistakes import N_, Mistake
from bot.matching import lookalikes


def check_all(folder: Path) -> list[Mistake]:
    """Return every mistake in the curated files of ``folder``, in the order of files and lines."""
    files, mistakes = check(folder)
    mistakes += readability.findings(files)
    mistakes += _look_alikes(files)
    return sorted(mistakes, key=lambda mistake: (str(mistake.path), mistake.line))


def _look_alikes(files: Files) -> list[Mistake]:
    """Return examples of different answers that are nearly the same: one of them teaches the wrong thing."""
    messages = [
        (text, key, tree, (key, language, position))
        for examples, tree in files.examples
        for key, languages in examples.items()
        for language, texts in languages.items()
        for position, text in enumerate(texts)
    ]
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
        if messages[pair.one][1] != messages[pair.other][1] and messages[pair.one][0] != messages[pair.other][0]
    ]
