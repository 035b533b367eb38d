"""What stands behind a button: short text that survives a restart, because it says itself what it means.

Each maker below returns ``Button.data``; ``read`` takes such data apart again. Telegram allows 64 bytes, and a test
holds every id to that.
"""

from __future__ import annotations

from dataclasses import dataclass

THEMES = "t"
NEIGHBOURHOODS = "w"
LANGUAGES = "l"
PERSON = "h"
NONE_OF_THESE = "n"
NOT_MEANT = "x"
FORGET = "d"
KEEP = "k"
PRIVACY = "pv"
OWN_DATA = "pd"
STAY = "ps"
CHILD = "c"
EARLY = "e"
MEETINGS = "m"
MEETING = "mo"
LOCATION = "ml"
PIN = "mp"
ENTER = "me"
FIRST_TIME = "mf"
CALENDAR = "mk"
COME = "mc"
AWAY = "ma"
REMINDERS = "rr"
FOLLOW = "rf"
UNFOLLOW = "ru"
AGREE = "rc"
RATHER_NOT = "rn"
EVENING = "re"
TWO_HOURS = "rt"
ALL_OFF = "ro"
KEEP_QUESTION = "q"

NO_NEIGHBOURHOOD = "-"


LONGEST_BYTES = 64
"""What Telegram keeps behind a button, in UTF-8; no button of ours carries more."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button's data taken apart: what it does, and with what."""

    action: str
    values: tuple[str, ...]


def answer(answer_id: str) -> str:
    """Return the data that shows an answer."""
    return f"a:{answer_id}"


def theme(theme_id: str) -> str:
    """Return the data that shows the answers of a theme."""
    return f"{THEMES}:{theme_id}"


def neighbourhood(neighbourhood_id: str) -> str:
    """Return the data that chooses a wijk."""
    return f"{NEIGHBOURHOODS}:{neighbourhood_id}"


def language(code: str) -> str:
    """Return the data that chooses a language."""
    return f"{LANGUAGES}:{code}"


def child(months: int | None) -> str:
    """Return the data that tells how old the child is, in months, or that the parent would rather not say."""
    return f"{CHILD}:{'-' if months is None else months}"


def early(weeks: int) -> str:
    """Return the data that tells how many weeks too early the child came; 0 is on time."""
    return f"{EARLY}:{weeks}"


def feedback(is_helpful: bool, answer_id: str, text_language: str, text_hash: str) -> str:
    """Return the data that rates the very text that was read."""
    return f"f:{'+' if is_helpful else '-'}:{text_language}:{text_hash}:{answer_id}"


def meeting(uid: str) -> str:
    """Return the data that shows one meeting."""
    return f"{MEETING}:{uid}"


def reason(feedback_id: int, why: str) -> str:
    """Return the data that says why an answer did not help."""
    return f"r:{feedback_id}:{why}"


def keep_question(what: str, fingerprint: str) -> str:
    """Return the data that shows what would be kept of a question (``?``), keeps it (``+``) or does not (``-``)."""
    return f"{KEEP_QUESTION}:{what}:{fingerprint}"


def read(data: str) -> Pressed:
    """Take a button's data apart; what no button of ours carries does nothing.

    Whoever writes an app of their own can send any text in place of a button's, also what no database keeps.
    """
    if not data.isprintable() or len(data.encode()) > LONGEST_BYTES:
        return Pressed("", ())
    action, *values = data.split(":")
    return Pressed(action, tuple(values))
