"""Messages that are nearly the same: across answers they confuse the classifier, between training and evaluation they
make every figure a lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from bot.matching.near_exact import LEAST_CHARACTERS, key

TOO_ALIKE = 92.0
"""Token-sorted similarity (0-100) from which two messages count as nearly the same."""

BLOCK = 256
"""Messages compared at once: bounds the memory of the table of similarities."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two positions in what was compared, and how alike they are (0-100)."""

    one: int
    other: int
    similarity: float


def within(texts: Sequence[str]) -> list[Alike]:
    """Return the pairs in ``texts`` that are nearly the same, each once."""
    return [pair for pair in between(texts, texts) if pair.one < pair.other]


def between(texts: Sequence[str], others: Sequence[str]) -> list[Alike]:
    """Return the pairs of one of ``texts`` with one of ``others`` that are nearly the same."""
    keys, other_keys = [key(text) for text in texts], [key(text) for text in others]
    # Sorted by length, each block needs comparing only with those of about its length.
    order = sorted((n for n, k in enumerate(keys) if len(k) >= LEAST_CHARACTERS), key=lambda n: len(keys[n]))
    other_order = sorted(
        (n for n, k in enumerate(other_keys) if len(k) >= LEAST_CHARACTERS), key=lambda n: len(other_keys[n])
    )
    lengths = np.array([len(other_keys[n]) for n in other_order])
    slack = 200 / TOO_ALIKE - 1
    found = []
    for start in range(0, len(order), BLOCK):
        block = order[start : start + BLOCK]
        low = int(np.searchsorted(lengths, len(keys[block[0]]) / slack))
        high = int(np.searchsorted(lengths, len(keys[block[-1]]) * slack, side="right"))
        near = other_order[low:high]
        if not near:
            continue
        similar = process.cdist(
            [keys[n] for n in block],
            [other_keys[n] for n in near],
            scorer=fuzz.ratio,
            score_cutoff=TOO_ALIKE,
            dtype=np.float32,
            workers=-1,
        )
        for row, column in zip(*np.nonzero(similar), strict=True):
            found.append(Alike(block[row], near[column], float(similar[row, column])))
    return found
