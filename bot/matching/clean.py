"""From what somebody typed to text that can be compared: one spelling of each character, a sane length, sentences."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 1500
"""What is looked at of one message. A long letter fits; a pasted book costs no time. Its begin and its end are kept,
because the question often comes last."""

MAX_SENTENCES = 24
"""Sentences looked at on their own, so that one message has a bounded cost."""

LONGEST_MESSAGE = 4096
"""Characters that Telegram sends of one message. What comes in longer by another way is cut to its begin and end."""

_UNWRITABLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u061c\u202a-\u202e\u2066-\u206f\ud800-\udfff\ufdd0-\ufdef"
    "\ufff0-\ufffb\ufffe\uffff"
    + "".join(chr(0x10000 * plane + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
"""What nobody types: control characters, halves of characters, what is no character at all, and marks that turn the
direction of all that follows."""
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0000-\U000e0fff]"
)
"""What is typed and not seen: joiners, soft hyphens, fillers, the forms of emoji and the letters of flags."""
_STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3,}")
"""More marks on one letter than any language has."""
_BLANKS = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n(?: ?\n){2,}")
_SPACES = re.compile(r"\s+")
_REPEATED = re.compile(r"(\S)\1{3,}")
_WORD = re.compile(r"\w+")
_SPELLED_OUT = re.compile(r"(?<![\w'])(?:[^\W\d_] ){4,}[^\W\d_](?![\w'])")
"""Five letters or more with a space after each: somebody who wants to be sure to be read."""
_END_OF_SENTENCE = re.compile(r"(?<=[.!?…؟。])\s+|\n+|(?<=\w),\s+(?:en|maar|and|but)\s+|;\s+")
_LATIN = re.compile("[a-z\u00df-\u024f]", re.IGNORECASE)
_CYRILLIC_OR_GREEK = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_AS_LATIN = str.maketrans(
    "асеіјорухѕԁһАВЕІЈКМНОРСТУХЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιν", "aceijopyxsdhABEIJKMHOPCTYXSABEZHIKMNOPTYXoiv"
)
"""Letters of two other scripts that look as ours do."""
_AS_CYRILLIC = str.maketrans("aceijopyxsABEIJKMHOPCTYXS", "асеіјорухѕАВЕІЈКМНОРСТУХЅ")


def clean(text: str) -> str:
    """Return ``text`` in NFKC, without invisible characters, runs of one character cut to three, length bounded."""
    # NFKC makes "21⁄2" of "2½", and a child of two and a half would be twenty-one.
    text = _INVISIBLE.sub("", tidy(text).replace("½", ",5"))
    # What the bound is for is what a reader sees; compatibility forms can grow eighteenfold (U+FDFA) after it.
    text = unicodedata.normalize("NFKC", bounded(text, MAX_CHARACTERS))
    text = _INVISIBLE.sub("", text).replace("’", "'").replace("`", "'")
    text = _SPELLED_OUT.sub(lambda match: match[0].replace(" ", ""), bounded(text, MAX_CHARACTERS))
    if _CYRILLIC_OR_GREEK.search(text) and _LATIN.search(text):
        text = _WORD.sub(lambda match: _in_one_script(match[0]), text)
    return _REPEATED.sub(r"\1\1\1", text).strip()


def tidy(text: str) -> str:
    """Return ``text`` as it was meant to be seen, whatever it is: no character that cannot be kept or shown, no run of
    white space, no heap of marks on a letter, and at most ``LONGEST_MESSAGE`` characters, also in NFKC.
    """
    text = bounded(text, 4 * LONGEST_MESSAGE)
    text = _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u0085", "\n"))
    text = _STACKED.sub("", text)
    text = _BLANK_LINES.sub("\n\n", _BLANKS.sub(" ", text))
    composed = unicodedata.normalize("NFKC", bounded(text, LONGEST_MESSAGE))
    # A few characters, such as "¯", are a space and a mark in NFKC.
    return bounded(_BLANKS.sub(" ", composed) if len(composed) > LONGEST_MESSAGE else text, LONGEST_MESSAGE)


def bounded(text: str, most: int) -> str:
    """Return ``text``, or its begin and its end when it is longer than ``most``."""
    if len(text) <= most:
        return text
    half = (most - 1) // 2
    return f"{text[:half].rstrip()} {text[-half:].lstrip()}"


def one_line(text: str) -> str:
    """Return ``text`` with every run of white space as one space."""
    return _SPACES.sub(" ", text).strip()


def plain_letters(text: str) -> str:
    """Return ``text`` in lower case without accents, for comparing words: ``Ligt ze één uur`` → ``ligt ze een uur``."""
    lower = text.lower()
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFKD", lower)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def sentences(text: str) -> list[str]:
    """Return the sentences of cleaned ``text``, the last ones when there are too many; never empty for real text."""
    found = [one_line(part) for part in _END_OF_SENTENCE.split(text)]
    return [part for part in found if any(character.isalnum() for character in part)][-MAX_SENTENCES:]


def _in_one_script(word: str) -> str:
    """Return a word in the script of most of its letters, where others look the same.

    Whoever switches keyboards leaves one behind: "stuip" with a Cyrillic р, a Ukrainian word with a Latin i.
    """
    latin, other = len(_LATIN.findall(word)), len(_CYRILLIC_OR_GREEK.findall(word))
    if not latin or not other:
        return word
    return word.translate(_AS_LATIN if latin >= other else _AS_CYRILLIC)
