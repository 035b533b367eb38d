"""What a command is: its names, and the reply it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.turn import Answering


@dataclass(frozen=True, slots=True)
class Command:
    """``key`` names its words in the catalogues; ``names`` is what is typed after the slash, by language.

    ``also`` are names that work and do not stand in the menu.
    """

    key: str
    names: Mapping[str, str]
    reply: Answering
    also: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Return the name in ``language``, or the Dutch one."""
        return self.names.get(language, self.names["nl"])
