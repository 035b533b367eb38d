"""From what somebody typed to text that can be compared: one spelling of each character, a sane length, sentences."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 1500
"""What is looked at of one message. A long letter fits; a pasted book costs no time. Its begin and its end are kept,
because the question often comes last."""

MAX_SENTENCES = 24
"""Sentences looked at on their own, so that one message has a bounded cost."""

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufe00-\ufe0f\ufeff]"
)
_SPACES = re.compile(r"\s+")
_REPEATED = re.compile(r"(\S)\1{3,}")
_END_OF_SENTENCE = re.compile(r"(?<=[.!?…؟。])\s+|\n+|(?<=\w),\s+(?:en|maar|and|but)\s+|;\s+")


def clean(text: str) -> str:
    """Return ``text`` in NFKC, without invisible characters, runs of one character cut to three, length bounded."""
    # Compatibility forms can grow eighteenfold (U+FDFA), so the length is bounded before and after.
    text = _bounded(text)
    # NFKC makes "21⁄2" of "2½", and a child of two and a half would be twenty-one.
    text = unicodedata.normalize("NFKC", text.replace("½", ",5"))
    text = _INVISIBLE.sub("", text.replace("\r", "\n"))
    text = _bounded(text.replace("’", "'").replace("`", "'"))
    return _REPEATED.sub(r"\1\1\1", text).strip()


def one_line(text: str) -> str:
    """Return ``text`` with every run of white space as one space."""
    return _SPACES.sub(" ", text).strip()


def plain_letters(text: str) -> str:
    """Return ``text`` in lower case without accents, for comparing words: ``Ligt ze één uur`` → ``ligt ze een uur``."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def sentences(text: str) -> list[str]:
    """Return the sentences of cleaned ``text``, the last ones when there are too many; never empty for real text."""
    found = [one_line(part) for part in _END_OF_SENTENCE.split(text)]
    return [part for part in found if any(character.isalnum() for character in part)][-MAX_SENTENCES:]


def _bounded(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    half = MAX_CHARACTERS // 2
    return f"{text[:half]} {text[-half:]}"
