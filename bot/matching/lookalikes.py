"""Messages that are nearly the same: across answers they confuse the classifier, between training and evaluation they
make every figure a lie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from bot.matching.near_exact import LEAST_CHARACTERS, key

TOO_ALIKE = 92.0
"""Token-sorted similarity (0-100) from which two messages count as nearly the same."""

BLOCK = 256
"""Messages compared at once: bounds the memory of the table of distances."""

SLACK = 200 / TOO_ALIKE - 1
"""How many times longer one of two messages that are too alike can be."""

_LETTERS = {letter: column for column, letter in enumerate("abcdefghijklmnopqrstuvwxyz0123456789")}


@dataclass(frozen=True, slots=True)
class Alike:
    """Two positions in what was compared, and how alike they are (0-100)."""

    one: int
    other: int
    similarity: float


def within(texts: Sequence[str]) -> list[Alike]:
    """Return the pairs in ``texts`` that are nearly the same, each once."""
    counted = _Counted.of(texts)
    pairs = _near(counted, counted, is_same=True)
    return [Alike(min(p.one, p.other), max(p.one, p.other), p.similarity) for p in pairs if p.one != p.other]


def between(texts: Sequence[str], others: Sequence[str]) -> list[Alike]:
    """Return the pairs of one of ``texts`` with one of ``others`` that are nearly the same."""
    return _near(_Counted.of(texts), _Counted.of(others), is_same=False)


def _near(one: _Counted, other: _Counted, *, is_same: bool) -> list[Alike]:
    """Return the near pairs; of one list with itself each pair once.

    Only messages of about one length are compared, and as strings only those whose letters are nearly the same:
    two texts cannot be nearer than their counts of letters. That leaves one pair in thousands.
    """
    # Only the check and the tests compare; whoever reads messages does without this library.
    from scipy.spatial import distance

    found = []
    for start in range(0, len(one.order), BLOCK):
        rows = slice(start, start + BLOCK)
        shortest, longest = one.lengths[rows][0], one.lengths[rows][-1]
        low = start if is_same else int(np.searchsorted(other.lengths, shortest / SLACK))
        high = int(np.searchsorted(other.lengths, longest * SLACK, side="right"))
        apart = distance.cdist(one.counts[rows], other.counts[low:high], "cityblock")
        allowed = (1 - TOO_ALIKE / 100) * (one.lengths[rows][:, None] + other.lengths[None, low:high])
        for row, column in zip(*np.nonzero(apart <= allowed), strict=True):
            if is_same and column <= row:
                continue
            first, second = one.order[start + row], other.order[low + column]
            similarity = fuzz.ratio(one.keys[first], other.keys[second], score_cutoff=TOO_ALIKE)
            if similarity:
                found.append(Alike(first, second, similarity))
    return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """Messages in the order of their length, with how often each letter stands in them."""

    keys: list[str]
    order: list[int]
    lengths: NDArray[np.float64]
    counts: NDArray[np.float64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Counted:
        keys = [key(text) for text in texts]
        order = sorted((n for n, k in enumerate(keys) if len(k) >= LEAST_CHARACTERS), key=lambda n: len(keys[n]))
        counts = np.zeros((len(order), len(_LETTERS) + 1))
        for row, position in enumerate(order):
            for letter, times in Counter(keys[position]).items():
                counts[row, _LETTERS.get(letter, len(_LETTERS))] += times
        return cls(keys, order, np.array([len(keys[n]) for n in order], dtype=np.float64), counts)
