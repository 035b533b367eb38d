"""The commands, in the one place where a command is added: its names, and the reply it leads to."""

from __future__ import annotations

from bot.conversation import child, language, meetings, menus, neighbourhood, own_data, people, privacy, reminding
from bot.conversation.command import Command
from bot.conversation.team.steps import COMMANDS as TEAM_COMMANDS
from bot.conversation.turn import plainly

AGENDA_NAMES = ("agenda", "activiteiten", "activities")
"""Other names under which people look for meetings."""

COMMANDS = (
    Command("start", {"nl": "start"}, plainly(menus.start)),
    Command("themes", {"nl": "themas", "en": "themes"}, plainly(menus.themes)),
    Command("meetings", {"nl": "bijeenkomsten", "en": "meetings"}, meetings.activities, AGENDA_NAMES),
    Command("reminders", {"nl": "herinneringen", "en": "reminders"}, reminding.menu),
    Command("person", {"nl": "praten", "en": "talk"}, plainly(people.somebody_to_talk_to)),
    Command("neighbourhood", {"nl": "wijk", "en": "neighbourhood"}, neighbourhood.ask),
    Command("child", {"nl": "kind", "en": "child"}, child.ask),
    Command("language", {"nl": "taal", "en": "language"}, language.ask),
    Command("privacy", {"nl": "privacy"}, privacy.told),
    Command("mydata", {"nl": "mijngegevens", "en": "mydata"}, own_data.document),
    Command("forget", {"nl": "vergeetmij", "en": "forgetme"}, privacy.ask_to_forget),
    Command("help", {"nl": "help"}, plainly(menus.help_text)),
)
"""In the order of the menu; those of the team stand in no parent's menu. Every name works in every language."""


def find(name: str) -> Command | None:
    """Return the command somebody typed, whatever the language of its name."""
    every = (*COMMANDS, *TEAM_COMMANDS)
    return next((command for command in every if name.lower() in (*command.names.values(), *command.also)), None)
