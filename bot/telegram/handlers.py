"""What happens with an update: ask the conversation once, send what it says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from telegram import CallbackQuery, ChatMember, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot import metrics
from bot.reading.errors import UnreadError
from bot.store import groups, parents
from bot.store.database import Store, StoreError
from bot.telegram.errors import place
from bot.telegram.floods import pace_of
from bot.telegram.incoming import app_language_of, command_of, incoming, language_of, sender_of
from bot.telegram.sending import Pressed, Sender

if TYPE_CHECKING:
    from bot.conversation.conversation import Conversation
    from bot.conversation.message import Message, Reply

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
AGAIN_AFTER_S = (1.0, 2.0, 4.0)
"""Pauses after which a message is tried again while the database does not answer; then the parent is told."""
TELLING = (StoreError, UnreadError)
"""Errors whose own words hold nothing of a parent's."""
PRESENT = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.RESTRICTED, ChatMember.OWNER)
"""What the bot is in a group that it is in."""


class Handlers:
    """One method for each sort of update."""

    def __init__(self, conversation: Conversation, store: Store, sender: Sender, clock: Callable[[], datetime]) -> None:
        self._conversation = conversation
        self._store = store
        self._sender = sender
        self._clock = clock

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Tell which update goes where; the order matters, the first that fits gets it."""
        private = filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL
        changed_or_new = filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE
        application.add_handlers([
            CallbackQueryHandler(self.on_press),
            MessageHandler(private & changed_or_new, self.on_message),
            MessageHandler(
                filters.ChatType.GROUPS & filters.UpdateType.MESSAGE & filters.TEXT, self.on_group_message
            ),
            ChatMemberHandler(self.on_membership, ChatMemberHandler.MY_CHAT_MEMBER),
        ])  # fmt: skip
        application.add_error_handler(self.on_error)

    async def on_message(self, update: Update, _context: Context) -> None:
        """Answer anything that was sent in private, or changed there."""
        message, chat = incoming(update), update.effective_chat
        if message is None or chat is None:
            return
        await self._sender.send_all(chat.id, await self._replies(message, chat.id))

    async def on_press(self, update: Update, _context: Context) -> None:
        """Answer a button in private; the app is told at once, whether or not that succeeds."""
        query, message = update.callback_query, incoming(update)
        if query is None or message is None:
            return
        telling = asyncio.create_task(self._sender.answer_press(query.id))
        try:
            chat_id, pressed = _pressed(query)
            if chat_id != query.from_user.id:
                # A group's button, or one that somebody else's chat is named in: rights are those of the chat.
                return
            await self._sender.send_all(chat_id, await self._replies(message, chat_id), pressed)
        finally:
            await telling

    async def on_group_message(self, update: Update, context: Context) -> None:
        """Tell a group, the first time it gives a command, that the bot works in private; else keep quiet."""
        message = update.effective_message
        command = command_of(message.text) if message is not None and isinstance(message.text, str) else None
        if message is None or command is None or pace_of(update.api_kwargs) != "calm":
            return
        _, addressee, _ = command
        if addressee is None or addressee.lower() == context.bot.username.lower():
            await self._greet(message.chat.id, update)

    async def on_membership(self, update: Update, _context: Context) -> None:
        """Greet a group the bot came to, and forget one it went from; know who blocked the bot, and who is back."""
        change = update.my_chat_member
        if change is not None and change.chat.type == "private":
            async with self._store.writing() as connection:
                if change.new_chat_member.status in PRESENT:
                    await parents.can_be_reached(connection, change.chat.id)
                else:
                    await parents.cannot_be_reached(connection, change.chat.id, self._clock())
            return
        if change is None or change.chat.type not in ("group", "supergroup"):
            return
        if change.new_chat_member.status in PRESENT:
            await self._greet(change.chat.id, update)
            return
        async with self._store.writing() as connection:
            await groups.forget(connection, change.chat.id)

    async def on_error(self, update: object, context: Context) -> None:
        """Say one kind sentence to the parent; note only what kind of error it was, and where."""
        error = context.error
        if error is None:
            return
        metrics.APOLOGIES.inc()
        log.error("A message could not be answered: %s", error if isinstance(error, TELLING) else place(error))
        chat = update.effective_chat if isinstance(update, Update) else None
        if not isinstance(update, Update) or chat is None or chat.type != "private":
            return
        apology = self._conversation.apology(language_of(update.effective_user))
        try:
            await self._sender.send_all(chat.id, [apology])
        except TelegramError as refusal:
            log.warning("The parent could not be told: %s", place(refusal))

    async def give_up(self, data: dict[str, Any]) -> None:
        """Tell a parent that their message, ``data`` as Telegram sent it, cannot be read: something in it ends the
        program, so it is not read for this either.
        """
        metrics.APOLOGIES.inc()
        chat_id = sender_of(data)
        if chat_id is None:
            return
        try:
            await self._sender.send_all(chat_id, [self._conversation.giving_up(app_language_of(data))])
        except TelegramError as refusal:
            log.warning("The parent could not be told: %s", place(refusal))

    async def _replies(self, message: Message, chat_id: int) -> list[Reply]:
        """Ask the conversation; while the database does not answer, again and again for some seconds.

        Raises:
            StoreError: If it still does not. Danger is answered without it.
        """
        for pause_s in (*AGAIN_AFTER_S, None):
            try:
                if message.command == "start":
                    async with self._store.writing() as connection:
                        await parents.can_be_reached(connection, chat_id)
                return await self._conversation.respond(message, chat_id, self._clock())
            except StoreError:
                danger = await self._conversation.danger(message, chat_id, self._clock())
                if danger is not None:
                    return [danger]
                if pause_s is None:
                    raise
            await asyncio.sleep(pause_s)
        raise AssertionError("the last attempt returns or raises")

    async def _greet(self, chat_id: int, update: Update) -> None:
        async with self._store.writing() as connection:
            is_first = await groups.greet_once(connection, chat_id, self._clock())
        if is_first:
            greeting = await self._conversation.group_greeting(language_of(update.effective_user))
            await self._sender.send_all(chat_id, [greeting])


def _pressed(query: CallbackQuery) -> tuple[int, Pressed | None]:
    """Return the chat of a press, and the message; one that is too old to be seen cannot be changed."""
    if query.message is None:
        return query.from_user.id, None
    return query.message.chat.id, Pressed(query.message.message_id, query.message.is_accessible)
