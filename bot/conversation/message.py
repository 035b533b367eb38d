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

Pace = Literal["calm", "hurried", "flooding"]
"""How fast a parent writes: ``hurried`` is the first message that is too much, ``flooding`` each that follows."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a parent.

    ``text`` is what was typed, a caption, or for a command its arguments; ``command`` is the command's
    name without the slash; ``data`` is a pressed button's own text. ``language`` is the language of the
    parent's app (``nl``, ``en``, ``tr`` …), if it told. ``edited`` is true for a message changed afterwards.
    ``location`` is latitude and longitude in degrees of a shared location; it is used for this reply and kept nowhere.
    Of a message that is not ``calm`` only what cannot wait is answered.
    """

    kind: Kind
    text: str = ""
    command: str = ""
    data: str = ""
    language: str | None = None
    edited: bool = False
    location: tuple[float, float] | None = None
    pace: Pace = "calm"


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
class Venue:
    """A pin on the map, in degrees, with a name and an address below it."""

    latitude: float
    longitude: float
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file to keep, such as an appointment for the calendar."""

    filename: str
    content: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a parent: its parts from top to bottom, then rows of buttons.

    ``replaces`` asks to change the message whose button was pressed instead of sending a new one;
    ``clears_buttons`` asks to take the buttons away from that message first, so that it cannot be pressed again.
    A ``venue`` or ``document`` follows as a message of its own. ``asks_location`` holds the labels of two
    buttons of the app itself, where it has them: one shares where the app is, one says rather not; such a reply has no
    other buttons, and writing is always possible too. ``ends_location`` is said
    first, in a message of its own, with which that button goes away again.
    """

    parts: tuple[Part, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    replaces: bool = False
    clears_buttons: bool = False
    venue: Venue | None = None
    document: Document | None = None
    asks_location: tuple[str, str] | None = None
    ends_location: str | None = None
