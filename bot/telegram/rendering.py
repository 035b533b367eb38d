"""From a reply to what Telegram is sent: markup, messages, keyboards. The one place where text is escaped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

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


@dataclass(frozen=True, slots=True)
class Piece:
    """One message as Telegram wants it: HTML, and the buttons below it."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


def render(reply: Reply) -> list[Piece]:
    """Return a reply as one message, or as several when it is long; the buttons are under the last.

    Raises:
        ValueError: If the reply has no words, or a button that Telegram would refuse.
    """
    parts = [replace(part, text=part.text.strip()) for part in reply.parts if part.text.strip()]
    if not parts:
        raise ValueError("A reply without words cannot be sent; give it at least one part.")
    buttons = keyboard(reply.buttons)
    pieces = [Piece(html(message)) for message in pack(parts)]
    pieces[-1] = replace(pieces[-1], keyboard=buttons)
    return pieces


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
