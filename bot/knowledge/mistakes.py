"""A mistake in a curated file: the thing, the place and the remedy, told in the curator's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bot.locales import curator_words


def N_(sentence: str) -> str:  # noqa: N802 - the usual name by which gettext's tools find sentences
    """Mark a sentence for the catalogues; it is translated when it is shown."""
    return sentence


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend. An error keeps the files from being used, a warning does not.

    ``sentence`` is English with ``{placeholders}``: the problem, a semicolon, the remedy.
    """

    path: Path
    line: int
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    level: Literal["error", "warning"] = "error"

    def told(self, language: str) -> str:
        """Return ``file:line: problem; remedy``, with the word for a warning in front where it is one."""
        words = curator_words(language)
        sentence = words(self.sentence).format(**self.values)
        prefix = words("warning") + ": " if self.level == "warning" else ""
        return f"{_shown(self.path)}:{self.line}: {prefix}{sentence}"


class MistakesError(Exception):
    """The curated files cannot be used; ``mistakes`` holds all that is wrong, errors and warnings."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        errors = sum(mistake.level == "error" for mistake in mistakes)
        super().__init__(f"the curated files hold mistakes ({errors} in all); run 'minidorp check' to see them")


def _shown(path: Path) -> Path:
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path
