"""From a reply to what Telegram is sent: markup, messages, keyboards. The one place where text is escaped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.conversation.message import Button, Part, Reply
from bot.telegram.splitting import gap, pack

TAGS = {
    "title": ("<b>", "</b>"),
    "heading": ("<b>", "</b>"),
    "text": ("", ""),
    "more": ("<blockquote expandable>", "</blockquote>"),
    "note": ("<i>", "</i>"),
}
"""How each kind of part looks in Telegram's HTML."""
LONGEST_DATA_BYTES = 64
"""What fits in a button, in UTF-8."""
MOST_BUTTONS = 100
"""Buttons under one message."""


Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
"""What can go along with a message: buttons below it, buttons of the app, or that the latter go away."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One message as Telegram wants it: HTML, and the buttons below it."""

    html: str
    keyboard: Keyboard | None = None

    @property
    def inline(self) -> InlineKeyboardMarkup | None:
        """The buttons below the message: the only ones a message that is changed can have."""
        return self.keyboard if isinstance(self.keyboard, InlineKeyboardMarkup) else None


def render(reply: Reply) -> list[Piece]:
    """Return a reply as one message, or as several when it is long; the buttons are under the last.

    Raises:
        ValueError: If the reply has no words, or a button that Telegram would refuse.
    """
    parts = [replace(part, text=part.text.strip()) for part in reply.parts if part.text.strip()]
    if not parts:
        raise ValueError("A reply without words cannot be sent; give it at least one part.")
    if reply.asks_location and reply.buttons:
        raise ValueError("A reply cannot have buttons and ask for a location; send two replies.")
    buttons = location_keyboard(*reply.asks_location) if reply.asks_location else keyboard(reply.buttons)
    pieces = [Piece(html(message)) for message in pack(parts)]
    pieces[-1] = replace(pieces[-1], keyboard=buttons)
    if reply.ends_location:
        # One message cannot both take the app's buttons away and have buttons below it.
        pieces.insert(0, Piece(_safe(reply.ends_location), ReplyKeyboardRemove()))
    return pieces


def location_keyboard(share: str, decline: str) -> ReplyKeyboardMarkup:
    """Return the app's own buttons with which it shares where it is, or says rather not; one press hides them.

    Telegram takes them in private chats only.
    """
    return ReplyKeyboardMarkup(
        [[KeyboardButton(share, request_location=True)], [KeyboardButton(decline)]],
        resize_keyboard=True,
        one_time_keyboard=True,
    )


def html(parts: list[Part]) -> str:
    """Return parts as Telegram's HTML, with everything that could be markup escaped."""
    marked = []
    for index, part in enumerate(parts):
        opening, closing = TAGS[part.kind]
        before = gap(parts[index - 1], part) if index else ""
        marked.append(f"{before}{opening}{_safe(part.text)}{closing}")
    return "".join(marked)


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """Return rows of buttons as a keyboard; nothing when there are none.

    Raises:
        ValueError: If a button has no words, or its data does not fit, or there are too many.
    """
    for button in (button for row in rows for button in row):
        if not button.label.strip():
            raise ValueError(f"The button '{button.data}' has no words; give it a label.")
        size = len(button.data.encode())
        if not 1 <= size <= LONGEST_DATA_BYTES:
            raise ValueError(
                f"The button '{button.label}' carries {size} bytes; "
                f"Telegram takes 1 to {LONGEST_DATA_BYTES}, so use a shorter id."
            )
    count = sum(map(len, rows))
    if count > MOST_BUTTONS:
        raise ValueError(f"{count} buttons are too many for one message; show at most {MOST_BUTTONS}.")
    marked = [[InlineKeyboardButton(button.label, callback_data=button.data) for button in row] for row in rows]
    return InlineKeyboardMarkup([row for row in marked if row]) if count else None


def _safe(text: str) -> str:
    """Escape markup, and replace halves of characters, which cannot be sent at all."""
    return escape(text, quote=False).encode("utf-8", "replace").decode()
