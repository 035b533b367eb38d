"""The commands, in the one place where a command is added: its names, and the reply it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation import child, meetings, menus, people, reminding
from bot.conversation.turn import Answering, plainly


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


AGENDA_NAMES = ("agenda", "activiteiten", "activities")
"""Other names under which people look for meetings."""

COMMANDS = (
    Command("start", {"nl": "start"}, plainly(menus.start)),
    Command("themes", {"nl": "themas", "en": "themes"}, plainly(menus.themes)),
    Command("meetings", {"nl": "bijeenkomsten", "en": "meetings"}, meetings.activities, AGENDA_NAMES),
    Command("reminders", {"nl": "herinneringen", "en": "reminders"}, reminding.menu),
    Command("person", {"nl": "praten", "en": "talk"}, plainly(people.somebody_to_talk_to)),
    Command("neighbourhood", {"nl": "wijk", "en": "neighbourhood"}, plainly(menus.neighbourhoods)),
    Command("child", {"nl": "kind", "en": "child"}, child.ask),
    Command("language", {"nl": "taal", "en": "language"}, plainly(menus.languages_to_choose)),
    Command("privacy", {"nl": "privacy"}, plainly(menus.privacy)),
    Command("forget", {"nl": "vergeetmij", "en": "forgetme"}, plainly(menus.forget)),
    Command("help", {"nl": "help"}, plainly(menus.help_text)),
)
"""In the order of the menu. Every name works in every language."""


def find(name: str) -> Command | None:
    """Return the command somebody typed, whatever the language of its name."""
    return next((command for command in COMMANDS if name.lower() in (*command.names.values(), *command.also)), None)
