"""Sends replies so that they arrive, and as good as always once.

Telegram has no number for a request by which it could be repeated safely. So a call whose connection could not be made
is repeated until it can. One that Telegram answered with an error of its own is repeated for as long as nobody gets
through, and a few times when others do. One whose answer was lost goes once more when Telegram is there again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from telegram import Bot, InputFile, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot import metrics
from bot.conversation.message import Document, Reply, Venue
from bot.reminders.deliver import Outcome
from bot.telegram.errors import place
from bot.telegram.limits import behind_replies
from bot.telegram.rendering import Piece, render

log = logging.getLogger(__name__)

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What httpx says when nothing was sent."""
LONGEST_PAUSE_S = 3.0
"""Pauses between attempts double from one second up to this; a reply comes so soon after the network is back."""
REFUSALS = 8
"""How often a call is made that Telegram answers with an error on its own side (500 and up), while others get through;
over a quarter of a minute.
"""
LOOKING_S = 3.0
"""How long Telegram may take to tell that it is there."""
NOT_MODIFIED = "message is not modified"
"""What Telegram says when an edit changes nothing; then it already is as it should be."""
LOST = "the answer was lost"
"""Why a delivery goes out once more."""
LONGEST_PROBLEM = 64
"""Characters of a problem that the outbox keeps."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The message whose button was pressed. ``can_change`` is false for one that is too old to be seen."""

    message_id: int
    can_change: bool


class Sender:
    """Sends to one bot's chats. ``pause`` waits for a number of seconds."""

    def __init__(self, bot: Bot, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._bot = bot
        self._pause = pause
        self._sent = 0

    async def send_all(self, chat_id: int, replies: list[Reply], pressed: Pressed | None = None) -> None:
        """Send replies in order. A parent who blocked the bot gets none, and that is no error.

        Raises:
            TelegramError: If Telegram refuses a message for another reason.
        """
        rendered = [(reply, render(reply)) for reply in replies]
        try:
            for reply, pieces in rendered:
                await self._send(chat_id, reply, pieces, pressed)
                metrics.REPLIES.inc()
        except Forbidden:
            log.info("A reply was not sent: the parent has blocked the bot.")

    async def deliver(self, chat_id: int, reply: Reply) -> Outcome:
        """Send what nobody asked for just now, behind every reply, and tell how it ended; nothing is tried again here.

        Only a parent who blocked the bot or left Telegram counts as gone: "chat not found" and the like may be our own
        fault, as with another bot's token.
        """
        token = behind_replies.set(True)
        try:
            for piece in render(reply):
                await self._send_message(chat_id, piece)
        except ChatMigrated as error:
            return Outcome("migrated", "the chat has a new id", error.new_chat_id)
        except Forbidden as error:
            if "blocked" in error.message:
                return Outcome("blocked", "blocked")
            return Outcome("gone", "gone") if "deactivated" in error.message else _refused(error)
        except BadRequest as error:
            return _refused(error)
        except NetworkError as error:
            return Outcome("lost", LOST) if _is_lost(error) else Outcome("later", "Telegram did not answer")
        except TelegramError as error:
            return Outcome("later", place(error)[:LONGEST_PROBLEM])
        finally:
            behind_replies.reset(token)
        self._sent += 1
        return Outcome("sent")

    async def is_there(self) -> bool:
        """Return whether Telegram answers, by a call that does no harm however often it is made."""
        try:
            await self._bot.get_me(connect_timeout=LOOKING_S, read_timeout=LOOKING_S, pool_timeout=LOOKING_S)
        except RetryAfter:
            return True
        except TelegramError:
            return False
        return True

    async def answer_press(self, query_id: str) -> None:
        """Tell the app that the press arrived; a refusal, when it is too late, stops nothing."""
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:
            log.debug("A press was not confirmed: %s", place(error))

    async def _send(self, chat_id: int, reply: Reply, pieces: list[Piece], pressed: Pressed | None) -> None:
        changeable = pressed.message_id if pressed and pressed.can_change else None
        if reply.ends_location:
            await self._send_piece(chat_id, pieces.pop(0))
        first, *rest = pieces
        if reply.replaces and changeable is not None:
            if not await self._change(chat_id, changeable, first):
                await self._send_piece(chat_id, first)
        else:
            if reply.clears_buttons and changeable is not None:
                await self._clear_buttons(chat_id, changeable)
            await self._send_piece(chat_id, first)
        for piece in rest:
            await self._send_piece(chat_id, piece)
        if reply.venue:
            await self._send_venue(chat_id, reply.venue)
        if reply.document:
            await self._send_document(chat_id, reply.document)

    async def _send_venue(self, chat_id: int, venue: Venue) -> None:
        await self._insist(
            lambda: self._bot.send_venue(chat_id, venue.latitude, venue.longitude, venue.name, venue.address)
        )

    async def _send_document(self, chat_id: int, document: Document) -> None:
        """Send a file. Made anew at each attempt: what was read of one cannot be read again."""
        await self._insist(
            lambda: self._bot.send_document(
                chat_id,
                InputFile(document.content, filename=document.filename),
                caption=document.caption or None,
                disable_content_type_detection=True,
            )
        )

    async def _send_piece(self, chat_id: int, piece: Piece) -> None:
        await self._insist(lambda: self._send_message(chat_id, piece))

    async def _send_message(self, chat_id: int, piece: Piece) -> None:
        await self._bot.send_message(
            chat_id,
            piece.html,
            parse_mode=ParseMode.HTML,
            reply_markup=piece.keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    async def _change(self, chat_id: int, message_id: int, piece: Piece) -> bool:
        """Change a message; return whether it now is as it should be."""
        try:
            await self._insist(
                lambda: self._bot.edit_message_text(
                    piece.html,
                    chat_id,
                    message_id,
                    parse_mode=ParseMode.HTML,
                    reply_markup=piece.inline,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                ),
                is_repeatable=True,
            )
        except BadRequest as error:
            return NOT_MODIFIED in str(error).lower()
        return True

    async def _clear_buttons(self, chat_id: int, message_id: int) -> None:
        try:
            await self._insist(lambda: self._bot.edit_message_reply_markup(chat_id, message_id), is_repeatable=True)
        except BadRequest as error:
            log.debug("Buttons stay where they are: %s", place(error))

    async def _insist(self, call: Callable[[], Awaitable[object]], *, is_repeatable: bool = False) -> None:
        """Make a call until it is answered, or may twice have been carried out.

        ``is_repeatable`` says that a second time does no harm, as with a change to the same text.
        """
        pause_s, refusals, losses, sent_before = 1.0, 0, 0, self._sent
        while True:
            try:
                await call()
            except RetryAfter as error:
                log.warning("Telegram still asks to wait after many attempts: %s", place(error))
                pause_s = LONGEST_PAUSE_S
            except (BadRequest, Forbidden):
                raise
            except NetworkError as error:
                refusals += not _never_left(error)
                if _is_lost(error) and not is_repeatable:
                    losses += 1
                    if losses > 1:
                        log.warning("The answer to a reply was lost twice; it counts as sent: %s", place(error))
                        return
                    await self._until_there()
                    continue
                if refusals >= REFUSALS and self._sent > sent_before:
                    raise
            else:
                self._sent += 1
                return
            await self._pause(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _until_there(self) -> None:
        """Wait until Telegram answers: while it does not, a second time would be lost like the first."""
        pause_s = 1.0
        while not await self.is_there():
            await self._pause(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


def _refused(error: TelegramError) -> Outcome:
    return Outcome("refused", error.message[:LONGEST_PROBLEM])


def _never_left(error: NetworkError) -> bool:
    return isinstance(error.__cause__, NEVER_LEFT)


def _is_lost(error: NetworkError) -> bool:
    """Return whether the call went out and nothing came back; an answer with an error is an answer."""
    cause = error.__cause__
    return cause is not None and not isinstance(cause, TelegramError) and not _never_left(error)
