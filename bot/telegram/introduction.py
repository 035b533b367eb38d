"""What people see of the bot before they write to it: its description, and the menu of commands."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bot.telegram.errors import place

if TYPE_CHECKING:
    from bot.conversation.conversation import Conversation
    from bot.conversation.profile import Profile

log = logging.getLogger(__name__)


async def introduce(bot: Bot, conversation: Conversation) -> None:
    """Set menu and descriptions in every language, where they differ from what Telegram has.

    The first language is for everybody whose own is not there. A refusal is noted and does no harm: Telegram
    allows few changes of these a day, and asking costs nothing.
    """
    default = conversation.languages[0]
    for code, language in [("", default), *((language, language) for language in conversation.languages)]:
        try:
            await _set(bot, code, conversation.profile(language))
        except TelegramError as error:
            log.warning("The bot's description in '%s' could not be set: %s", language, place(error))


async def _set(bot: Bot, code: str, profile: Profile) -> None:
    commands = tuple(BotCommand(name, description) for name, description in profile.commands)
    if tuple(await bot.get_my_commands(language_code=code)) != commands:
        await bot.set_my_commands(commands, language_code=code)
    if (await bot.get_my_description(code)).description != profile.description:
        await bot.set_my_description(profile.description, code)
    if (await bot.get_my_short_description(code)).short_description != profile.short_description:
        await bot.set_my_short_description(profile.short_description, code)
