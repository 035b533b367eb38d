"""How the bot introduces itself in an app: what it says before the first message, and its menu of commands."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.commands import COMMANDS
from bot.locales import parent_words


@dataclass(frozen=True, slots=True)
class Profile:
    """Texts for one language; ``commands`` are names without a slash, with what they do."""

    description: str
    short_description: str
    commands: tuple[tuple[str, str], ...]


def profile(language: str, town: str) -> Profile:
    """Return how the bot introduces itself in ``language``."""
    words = parent_words(language)
    return Profile(
        words("profile.description", town=town),
        words("profile.short", town=town),
        tuple((command.name(language), words(f"command.{command.key}")) for command in COMMANDS),
    )
