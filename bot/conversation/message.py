"""What comes in and what goes out: plain values that know no Telegram and no terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text",
    "command",
    "button",
    "photo",
    "video",
    "voice",
    "sticker",
    "location",
    "contact",
    "poll",
    "file",
    "other",
]
"""What sort of message a parent sent; everything that has no words of its own is named by what it is."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a parent.

    ``text`` is what was typed, a caption, or for a command its arguments; ``command`` is the command's
    name without the slash; ``data`` is a pressed button's own text. ``language`` is the language of the
    parent's app (``nl``, ``en``, ``tr`` …), if it told. ``edited`` is true for a message changed afterwards.
    """

    kind: Kind
    text: str = ""
    command: str = ""
    data: str = ""
    language: str | None = None
    edited: bool = False


PartKind = Literal["title", "heading", "text", "more", "note"]
"""``title`` and ``heading`` are bold, ``text`` is plain, ``more`` may be folded away, ``note`` is small print."""


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph or block of a reply: plain text, never markup; lines that begin with ``•`` are a list."""

    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. ``data`` comes back as ``Message.data`` and is at most 64 bytes in UTF-8."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a parent: its parts from top to bottom, then rows of buttons.

    ``replaces`` asks to change the message whose button was pressed instead of sending a new one;
    ``clears_buttons`` asks to take the buttons away from that message first, so that it cannot be pressed again.
    """

    parts: tuple[Part, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    replaces: bool = False
    clears_buttons: bool = False
