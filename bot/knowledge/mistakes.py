"""A mistake in a curated file: the thing, the place and the remedy, told in the curator's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from bot.locales import curator_words, moments


def N_(sentence: str) -> str:  # noqa: N802 - the usual name by which gettext's tools find sentences
    """Mark a sentence for the catalogues; it is translated when it is shown."""
    return sentence


@dataclass(frozen=True, slots=True)
class Weekday:
    """A value of a sentence that is told as the name of its day, in the language of the sentence."""

    of: date

    def __str__(self) -> str:
        """Return it in English, where a sentence is not translated."""
        return moments.weekday_name(self.of, "en")


@dataclass(frozen=True, slots=True)
class Word:
    """A value of a sentence that stands in the catalogues itself, such as the name of a holiday."""

    sentence: str

    def __str__(self) -> str:
        """Return it in English, where a sentence is not translated."""
        return self.sentence


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend. An error keeps the files from being used, a warning does not.

    ``sentence`` is English with ``{placeholders}``: the problem, a semicolon, the remedy. Of ``values`` those that are
    words themselves are told in the same language.
    """

    path: Path
    line: int
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    level: Literal["error", "warning"] = "error"

    def told(self, language: str) -> str:
        """Return ``file:line: problem; remedy``, with the word for a warning in front where it is one."""
        words = curator_words(language)
        values = {name: _told(value, language) for name, value in self.values.items()}
        sentence = words(self.sentence).format(**values)
        prefix = words("warning") + ": " if self.level == "warning" else ""
        return f"{_shown(self.path)}:{self.line}: {prefix}{sentence}"


def total(mistakes: Sequence[Mistake], language: str) -> str:
    """Return how many errors and warnings there are, in words."""
    words = curator_words(language)
    errors = sum(mistake.level == "error" for mistake in mistakes)
    warnings = len(mistakes) - errors
    return ", ".join(
        (
            words(N_("1 error") if errors == 1 else N_("{count} errors")).format(count=errors),
            words(N_("1 warning") if warnings == 1 else N_("{count} warnings")).format(count=warnings),
        )
    )


class MistakesError(Exception):
    """The curated files cannot be used; ``mistakes`` holds all that is wrong, errors and warnings."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        errors = sum(mistake.level == "error" for mistake in mistakes)
        super().__init__(f"the curated files hold mistakes ({errors} in all); run 'minidorp check' to see them")

    def __reduce__(self) -> tuple[type[MistakesError], tuple[list[Mistake]]]:
        """Tell how it goes from one process to another."""
        return type(self), (self.mistakes,)


def _told(value: object, language: str) -> object:
    if isinstance(value, Weekday):
        return moments.weekday_name(value.of, language)
    return curator_words(language)(value.sentence) if isinstance(value, Word) else value


def _shown(path: Path) -> Path:
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path
