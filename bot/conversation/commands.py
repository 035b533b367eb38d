"""The commands, in the one place where a command is added: its names, and the reply it leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.conversation import menus, people
from bot.conversation.message import Reply
from bot.conversation.scene import Scene


@dataclass(frozen=True, slots=True)
class Command:
    """``key`` names its words in the catalogues; ``names`` is what is typed after the slash, by language."""

    key: str
    names: Mapping[str, str]
    reply: Callable[[Scene], Reply]

    def name(self, language: str) -> str:
        """Return the name in ``language``, or the Dutch one."""
        return self.names.get(language, self.names["nl"])


COMMANDS = (
    Command("start", {"nl": "start"}, menus.start),
    Command("themes", {"nl": "themas", "en": "themes"}, menus.themes),
    Command("person", {"nl": "praten", "en": "talk"}, people.somebody_to_talk_to),
    Command("neighbourhood", {"nl": "wijk", "en": "neighbourhood"}, menus.neighbourhoods),
    Command("language", {"nl": "taal", "en": "language"}, menus.languages_to_choose),
    Command("privacy", {"nl": "privacy"}, menus.privacy),
    Command("forget", {"nl": "vergeetmij", "en": "forgetme"}, menus.forget),
    Command("help", {"nl": "help"}, menus.help_text),
)
"""In the order of the menu. Every name works in every language."""


def find(name: str) -> Command | None:
    """Return the command somebody typed, whatever the language of its name."""
    return next((command for command in COMMANDS if name.lower() in command.names.values()), None)
