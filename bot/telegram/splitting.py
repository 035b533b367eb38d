"""Long replies in several messages: cut between parts where that fits, else between paragraphs, lines, words.

Lengths are counted as Telegram counts them for bots: code points of the text a reader sees, without markup. A
part is never split inside its markup, because every piece of it is marked up by itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from bot.conversation.message import Part

LONGEST = 4096
"""Code points that a message may have."""
MOST_ENTITIES = 100
"""Marked-up stretches that a message may have; Telegram drops what comes after.

With both limits kept, a message has at most 4096 x 5 bytes ("&amp;") and 100 pairs of tags of 37, which is
less than the 32,768 bytes that Telegram reads.
"""
JOINERS = frozenset("\u200d\ufe0f\ufe0e\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
"""What keeps to the sign before it: the joiner, the forms and the skin colours of emoji."""


def gap(before: Part, after: Part) -> str:
    """Return what stands between two parts: a heading stays close to its text, a folded part has its
    own air.
    """
    is_close = before.kind == "heading" or "more" in (before.kind, after.kind)
    return "\n" if is_close else "\n\n"


def length(parts: list[Part]) -> int:
    """Return how long the parts are together, as Telegram counts."""
    gaps = (gap(before, after) for before, after in pairwise(parts))
    return sum(len(part.text) for part in parts) + sum(map(len, gaps))


def pack(parts: Iterable[Part]) -> list[list[Part]]:
    """Divide parts over as few messages as keep to the limits; a heading goes along with what follows it."""
    messages: list[list[Part]] = [[]]
    for part in parts:
        if _fits([*messages[-1], part]):
            messages[-1].append(part)
            continue
        headings = _take_headings(messages[-1])
        if messages[-1]:
            messages.append([])
        messages[-1].extend(headings)
        rest = part
        while not _fits([*messages[-1], rest]):
            used = length([*messages[-1], replace(rest, text="")])
            head, tail = cut(rest.text, LONGEST - used)
            messages[-1].append(replace(rest, text=head))
            messages.append([])
            rest = replace(rest, text=tail)
        messages[-1].append(rest)
    return messages


def cut(text: str, room: int) -> tuple[str, str]:
    """Cut a text in two, the first at most ``room`` code points, at the widest gap that there is."""
    for separator in ("\n\n", "\n", " "):
        at = text.rfind(separator, 1, room + len(separator))
        if at > 0 and text[:at].strip() and text[at:].strip():
            return text[:at].rstrip(), text[at:].lstrip()
    at = room
    while at > 1 and _holds_together(text[at - 1], text[at]):
        at -= 1
    at = at if at > 1 else room
    return text[:at], text[at:]


def _holds_together(before: str, after: str) -> bool:
    return before == "\u200d" or after in JOINERS or unicodedata.combining(after) > 0


def _fits(parts: list[Part]) -> bool:
    return length(parts) <= LONGEST and sum(part.kind != "text" for part in parts) <= MOST_ENTITIES


def _take_headings(message: list[Part]) -> list[Part]:
    """Take the headings off the end of a message, unless they are too long to go along."""
    count = 0
    while count < len(message) and message[-1 - count].kind in ("title", "heading"):
        count += 1
    taken = message[len(message) - count :]
    if length(taken) > LONGEST // 2:
        return []
    del message[len(message) - count :]
    return taken
