"""Messages that are an example but for a few letters: the one place where strings are compared as strings."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.matching.clean import one_line, plain_letters

NEAR_EXACT = 92.0
"""Least token-sorted similarity (0-100) for a message to count as an example: found 93 % of badly misspelled known
examples with no false hit when it was measured."""

LEAST_CHARACTERS = 8
"""Shorter texts are alike by chance."""

MOST_CHARACTERS = 120
"""Nobody types a longer message twice, and comparing it costs most."""

_NEGATIONS = frozenset(
    [
        "geen",
        "niet",
        "nooit",
        "zonder",
        "no",
        "not",
        "never",
        "without",
        "kein",
        "nicht",
        "yok",
        "degil",
        "nie",
        "bez",
        "لا",
        "ليس",
        "не",
        "без",
    ]
)


@dataclass(frozen=True, slots=True)
class KnownTexts:
    """Texts with their labels, in the order of their length."""

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    lengths: tuple[int, ...]

    @classmethod
    def of(cls, labelled: Iterable[tuple[str, str]]) -> KnownTexts:
        """Index pairs of text and label."""
        rows = sorted(((key(text), label) for text, label in labelled), key=lambda row: (len(row[0]), row))
        return cls(tuple(row[0] for row in rows), tuple(row[1] for row in rows), tuple(len(row[0]) for row in rows))

    def label_of(self, text: str) -> str | None:
        """Return the label of the text that is the same but for typing errors, or None.

        A text that negates differently or names another number is never the same.
        """
        wanted = key(text)
        if not LEAST_CHARACTERS <= len(wanted) <= MOST_CHARACTERS:
            return None
        # The similarity bounds how much longer or shorter the other can be.
        slack = 200 / NEAR_EXACT - 1
        start, end = (
            bisect_left(self.lengths, int(len(wanted) / slack)),
            bisect_right(self.lengths, int(len(wanted) * slack) + 1),
        )
        found = process.extractOne(wanted, self.keys[start:end], scorer=fuzz.ratio, score_cutoff=NEAR_EXACT)
        if found is None or not _same_sense(wanted, found[0]):
            return None
        return self.labels[start + found[2]]


def key(text: str) -> str:
    """Return the words of ``text`` in lower case, without accents or punctuation, sorted."""
    return " ".join(sorted(re.findall(r"\w+", plain_letters(one_line(text)))))


def nearest(text: str, wordings: Iterable[str]) -> str | None:
    """Return the wording most like ``text``, for "did you mean"; None when there is none."""
    found = process.extractOne(text, list(wordings), scorer=fuzz.token_sort_ratio)
    return found[0] if found else None


def _same_sense(one: str, other: str) -> bool:
    words, others = set(one.split()), set(other.split())
    return (words & _NEGATIONS) == (others & _NEGATIONS) and re.findall(r"\d+", one) == re.findall(r"\d+", other)
