"""Messages that are an example but for a few letters: the one place where strings are compared as strings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.matching.clean import one_line, plain_letters

NEAR_EXACT = 92.0
"""Least token-sorted similarity (0-100) for a message to count as an example: found 93 % of badly misspelled known
examples with no false hit when it was measured."""

LEAST_CHARACTERS = 8
"""Shorter texts are alike by chance."""

MOST_CHARACTERS = 120
"""Nobody types a longer message twice, and comparing it costs most."""

LENGTHS_APART = 200 / NEAR_EXACT - 1
"""How many times longer one of two texts can be that are so alike."""

LONGEST_KNOWN = int(MOST_CHARACTERS * LENGTHS_APART) + 1
"""Known texts beyond this length are never compared."""

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


_LETTERS = {letter: column for column, letter in enumerate("abcdefghijklmnopqrstuvwxyz0123456789")}


@dataclass(frozen=True, slots=True)
class KnownTexts:
    """Texts with their labels, in the order of their length; ``counts`` has how often each letter stands in them.

    ``counts`` is an array (letters, texts) of single bytes: the processor compares 64 texts at once.
    """

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    lengths: NDArray[np.int32]
    counts: NDArray[np.int8]

    @classmethod
    def of(cls, labelled: Iterable[tuple[str, str]]) -> KnownTexts:
        """Index pairs of text and label."""
        keyed = ((key(text), label) for text, label in labelled)
        rows = sorted((row for row in keyed if len(row[0]) <= LONGEST_KNOWN), key=lambda row: (len(row[0]), row))
        lengths = np.array([len(row[0]) for row in rows], np.int32)
        counts = np.array([_counted(row[0]) for row in rows], np.int8).reshape(len(rows), len(_LETTERS) + 1)
        return cls(tuple(row[0] for row in rows), tuple(row[1] for row in rows), lengths, np.ascontiguousarray(counts.T))

    def label_of(self, text: str) -> str | None:
        """Return the label of the text that is the same but for typing errors, or None.

        A text that negates differently or names another number is never the same.
        """
        wanted = key(text)
        if not LEAST_CHARACTERS <= len(wanted) <= MOST_CHARACTERS:
            return None
        # The similarity bounds how much longer or shorter the other can be, and by how many letters it can differ;
        # that leaves one text in hundreds to be compared as a string.
        start = int(np.searchsorted(self.lengths, int(len(wanted) / LENGTHS_APART)))
        end = int(np.searchsorted(self.lengths, int(len(wanted) * LENGTHS_APART) + 1, side="right"))
        differences = self.counts[:, start:end] - np.array(_counted(wanted), np.int8)[:, None]
        apart = np.abs(differences, out=differences).sum(axis=0, dtype=np.int16)
        allowed = (1 - NEAR_EXACT / 100) * (self.lengths[start:end] + len(wanted))
        near = start + np.flatnonzero(apart <= allowed)
        found = process.extractOne(
            wanted, [self.keys[position] for position in near], scorer=fuzz.ratio, score_cutoff=NEAR_EXACT
        )
        if found is None or not _same_sense(wanted, found[0]):
            return None
        return self.labels[int(near[found[2]])]


def key(text: str) -> str:
    """Return the words of ``text`` in lower case, without accents or punctuation, sorted."""
    return " ".join(sorted(re.findall(r"\w+", plain_letters(one_line(text)))))


def _counted(words: str) -> list[int]:
    """Return how often each letter stands in ``words``, whatever is no plain letter or digit last; at most 127."""
    counts = [0] * (len(_LETTERS) + 1)
    for letter, times in Counter(words).items():
        counts[_LETTERS.get(letter, len(_LETTERS))] += times
    # More would not fit in a byte, and makes two texts only seem nearer than they are.
    return [min(count, 127) for count in counts]


def nearest(text: str, wordings: Iterable[str]) -> str | None:
    """Return the wording most like ``text``, for "did you mean"; None when there is none."""
    found = process.extractOne(text, list(wordings), scorer=fuzz.token_sort_ratio)
    return found[0] if found else None


def _same_sense(one: str, other: str) -> bool:
    words, others = set(one.split()), set(other.split())
    return (words & _NEGATIONS) == (others & _NEGATIONS) and re.findall(r"\d+", one) == re.findall(r"\d+", other)
