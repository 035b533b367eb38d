"""Texts by how often each letter stands in them: two cannot be more alike than their letters are.

Comparing strings is dear and comparing counts is cheap: of tens of thousands of texts a handful is left to be compared
letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.clean import one_line, plain_letters

BLOCK = 1000
"""Keys that are counted at once: what the arithmetic needs for all at once, 60 MB, the process would keep."""

MOST = 127
"""What fits a byte with its sign, of which the processor compares twice as many at once."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_OTHER = len(_LETTERS)
_COLUMN = np.full(128, _OTHER, np.uint8)
_COLUMN[np.frombuffer(_LETTERS.encode(), np.uint8)] = np.arange(_OTHER)


@dataclass(frozen=True, slots=True)
class Counted:
    """Keys in the order of their length; ``order`` tells which place each had before.

    ``counts`` is an array (letters, keys), so that the processor compares many keys at once; a letter that stands in a
    key more often than ``MOST`` times counts for as many, which makes keys more alike and none less.
    """

    keys: tuple[str, ...]
    order: tuple[int, ...]
    lengths: NDArray[np.int32]
    counts: NDArray[np.int8]

    @classmethod
    def of(cls, keys: Sequence[str], least: int = 0, most: int | None = None) -> Counted:
        """Count ``keys``; those shorter than ``least`` characters or longer than ``most`` are left out."""
        kept = (n for n, key in enumerate(keys) if len(key) >= least and (most is None or len(key) <= most))
        order = tuple(sorted(kept, key=lambda number: (len(keys[number]), keys[number])))
        ordered = tuple(keys[number] for number in order)
        return cls(ordered, order, np.array([len(key) for key in ordered], np.int32), _counts(ordered))

    def alike(
        self, key: str, least: float, start: int = 0, counts: NDArray[np.int8] | None = None
    ) -> NDArray[np.int64]:
        """Return the places, from ``start`` on, of keys that can be ``least`` (0-100) percent like ``key``, of which
        the ``counts`` may be known already.

        Likeness is rapidfuzz's ``ratio``. It bounds how much longer or shorter the other can be, and by how many
        letters it can differ.
        """
        times_longer = 200 / least - 1
        # In the array's own type: for another numpy would copy all of it.
        shortest, longest = np.int32(len(key) / times_longer), np.int32(len(key) * times_longer + 1)
        low = max(start, int(self.lengths.searchsorted(shortest)))
        high = int(self.lengths.searchsorted(longest, side="right"))
        differences = self.counts[:, low:high] - (_counts([key]) if counts is None else counts)
        apart = np.abs(differences, out=differences).sum(axis=0, dtype=np.int16)
        allowed = (1 - least / 100) * (self.lengths[low:high] + len(key))
        return low + np.flatnonzero(apart <= allowed)


def key(text: str) -> str:
    """Return the words of ``text`` in lower case, without accents or punctuation, sorted."""
    return " ".join(sorted(re.findall(r"\w+", plain_letters(one_line(text)))))


def _counts(keys: Sequence[str]) -> NDArray[np.int8]:
    """Return how often each letter stands in each of ``keys``, whatever is no plain letter or digit last."""
    counts = np.empty((_OTHER + 1, len(keys)), np.int8)
    for start in range(0, len(keys), BLOCK):
        counts[:, start : start + BLOCK] = np.minimum(_counts_of_block(keys[start : start + BLOCK]), MOST)
    return counts


def _counts_of_block(keys: Sequence[str]) -> NDArray[np.int64]:
    codes = np.frombuffer("".join(keys).encode("utf-32-le"), np.uint32)
    columns = np.where(codes < len(_COLUMN), _COLUMN[np.minimum(codes, len(_COLUMN) - 1)], np.uint8(_OTHER))
    owners = np.repeat(np.arange(len(keys)), [len(key) for key in keys])
    counted = np.bincount(columns.astype(np.int64) * len(keys) + owners, minlength=(_OTHER + 1) * len(keys))
    return counted.reshape(_OTHER + 1, len(keys))
