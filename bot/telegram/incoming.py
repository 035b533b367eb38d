"""From an update to a message of a parent: every kind, with or without words, and none that is not for us."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import Any, TypeGuard

from telegram import Bot, Update, User
from telegram import Message as TelegramMessage

from bot.conversation.message import Kind, Message
from bot.telegram.errors import place
from bot.telegram.floods import pace_of

log = logging.getLogger(__name__)

RECEIVED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that are asked for; any other kind is confirmed and dropped."""
COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?", re.DOTALL)
"""A command, the bot it is for, and what comes after it."""
LARGEST_ID = 2**63 - 1
"""Ids are kept in 64 bits."""
LARGEST_CHAT_ID = 2**52 - 1
"""Telegram promises that ids of chats and people have at most 52 significant bits (core.telegram.org/bots/api#chat); at
present they lie between -4 000 000 000 000 and 1 099 511 627 775 (core.telegram.org/api/bots/ids). What is larger comes
from nobody, and above it lie the numbers of our own locks, so it is dropped."""

KINDS: tuple[tuple[str, Kind], ...] = (
    ("photo", "photo"),
    ("animation", "video"),
    ("video", "video"),
    ("video_note", "video"),
    ("voice", "voice"),
    ("audio", "file"),
    ("document", "file"),
    ("sticker", "sticker"),
    ("venue", "location"),
    ("location", "location"),
    ("contact", "contact"),
    ("poll", "poll"),
)
"""Telegram's names beside ours; order matters: an animation is a document too, a venue has a location."""
ESSENTIAL = ("message_id", "date", "edit_date", "chat", "from", "text", "caption")
"""What of a message is enough to answer it."""
UNREADABLE = (TypeError, ValueError, KeyError, AttributeError, OverflowError, OSError, RecursionError)
"""What PTB raises at a field that lacks, is of another type, too large a number, or nested too deep."""
UNREAD = "minidorp_unread"
"""Where the name of a content is kept that could not be read; PTB puts fields that it does not know aside."""


def chat_of(update: dict[str, Any]) -> int | None:
    """Return the chat an update, as Telegram sent it, belongs to; nothing when it has none."""
    query = update.get("callback_query")
    if isinstance(query, dict):
        return _identity(query.get("message"), "chat") or _identity(query, "from")
    for kind in RECEIVED:
        chat = _identity(update.get(kind), "chat")
        if chat is not None:
            return chat
    return None


def sender_of(update: dict[str, Any]) -> int | None:
    """Return the parent who sent an update, as Telegram sent it, in their own chat; nothing for what is of a group, or
    what nobody typed or pressed. In private both have the same number.
    """
    person = _identity(_typed_or_pressed(update), "from")
    return person if person is not None and person == chat_of(update) else None


def app_language_of(update: dict[str, Any]) -> str | None:
    """Return the language of the app of whoever sent an update, as Telegram sent it."""
    holder = _typed_or_pressed(update)
    person = holder.get("from") if isinstance(holder, dict) else None
    return _without_region(person.get("language_code") if isinstance(person, dict) else None)


def _typed_or_pressed(update: dict[str, Any]) -> object:
    return update.get("callback_query") or update.get("message") or update.get("edited_message")


def is_wanted(update: dict[str, Any]) -> bool:
    """Return whether the update is of a kind that is handled at all."""
    return any(isinstance(update.get(kind), dict) for kind in RECEIVED)


def read(data: dict[str, Any], bot: Bot) -> Update | None:
    """Turn what Telegram sent into PTB's update; nothing when that cannot be done, or when it names no chat.

    PTB refuses a message with, say, a poll that lacks a field which its own version requires. The parent is
    answered all the same: the message is then read without that content, of which only the name is kept.
    """
    for attempt in (data, _without_content(data)):
        try:
            update = Update.de_json(attempt, bot)
        except UNREADABLE as error:
            log.warning("An update could not be read: %s", place(error))
            continue
        return update if _is_from_somewhere(update) else None
    return None


def incoming(update: Update) -> Message | None:
    """Return what a parent sent; nothing when there is nothing to answer, like a live location that moved."""
    message = _sent(update)
    return replace(message, pace=pace_of(update.api_kwargs)) if message else None


def _sent(update: Update) -> Message | None:
    user = update.effective_user
    language = language_of(user)
    if update.callback_query is not None:
        return Message("button", data=_words(update.callback_query.data), language=language)
    if update.edited_message is not None:
        return _changed(update.edited_message, language)
    return _typed(update.message, language) if update.message is not None else None


def command_of(text: str) -> tuple[str, str | None, str] | None:
    """Return a command's name, the bot it is addressed to, and its arguments; nothing when it is no
    command.
    """
    found = COMMAND.fullmatch(text.strip())
    if found is None:
        return None
    name, addressee, arguments = found.groups()
    return name.lower(), addressee, (arguments or "").strip()


def _changed(message: TelegramMessage, language: str | None) -> Message | None:
    """Return a changed message if it has words; a live location changes every few seconds."""
    if not (_words(message.text) or _words(message.caption)):
        return None
    return _typed(message, language, is_edited=True)


def _typed(message: TelegramMessage, language: str | None, *, is_edited: bool = False) -> Message:
    for attribute, kind in KINDS:
        if getattr(message, attribute) or message.api_kwargs.get(UNREAD) == attribute:
            return Message(
                kind, text=_words(message.caption), language=language, edited=is_edited, location=_position(message)
            )
    if not isinstance(message.text, str):
        return Message("other", text=_words(message.caption), language=language, edited=is_edited)
    command = command_of(message.text)
    if command is not None:
        name, _, arguments = command
        return Message("command", text=arguments, command=name, language=language, edited=is_edited)
    return Message("text", text=message.text, language=language, edited=is_edited)


def _position(message: TelegramMessage) -> tuple[float, float] | None:
    """Return where a shared location or place is, in degrees north and east; nothing when that is not on the earth."""
    if not message.location:
        return None
    north, east = message.location.latitude, message.location.longitude
    is_read = all(isinstance(degrees, int | float) for degrees in (north, east))
    return (north, east) if is_read and abs(north) <= 90 and abs(east) <= 180 else None


def _without_content(data: dict[str, Any]) -> dict[str, Any]:
    bare = dict(data)
    for key in ("message", "edited_message"):
        message = data.get(key)
        if isinstance(message, dict):
            bare[key] = {name: message[name] for name in ESSENTIAL if name in message}
            bare[key][UNREAD] = next((name for name, _ in KINDS if name in message), None)
    return bare


def language_of(user: User | None) -> str | None:
    """Return the language of somebody's app without its region: ``pt-br`` is Portuguese."""
    return _without_region(user.language_code if user else None)


def _without_region(code: object) -> str | None:
    return _words(code).replace("_", "-").split("-")[0].lower() or None


def _words(written: object) -> str:
    """Return what should be a text, and none for what is not; PTB hands on whatever stood there."""
    return written if isinstance(written, str) else ""


def _is_from_somewhere(update: Update) -> bool:
    """Tell whether chat and person, where there are any, have ids; what changed in a chat is told, and who pressed."""
    query, change, user = update.callback_query, update.my_chat_member, update.effective_user
    chat = (query.message.chat if query.message else query.from_user) if query else update.effective_chat
    if chat is None or not _is_identity(chat.id) or (change and not change.new_chat_member):
        return False
    return query is None if user is None else _is_identity(user.id)


def _is_identity(number: object) -> TypeGuard[int]:
    return isinstance(number, int) and not isinstance(number, bool) and abs(number) <= LARGEST_CHAT_ID


def _identity(holder: object, key: str) -> int | None:
    found = holder.get(key) if isinstance(holder, dict) else None
    number = found.get("id") if isinstance(found, dict) else None
    return number if _is_identity(number) else None
