"""Messages that are an example but for a few letters: the one place where strings are compared as strings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.matching.cache import as_bytes, from_bytes
from bot.matching.counted import Counted, key

NEAR_EXACT = 92.0
"""Least token-sorted similarity (0-100) for a message to count as an example: found 93 % of badly misspelled known
examples with no false hit when it was measured."""

LEAST_CHARACTERS = 8
"""Shorter texts are alike by chance."""

MOST_CHARACTERS = 120
"""Nobody types a longer message twice, and comparing it costs most."""

LONGEST_KNOWN = int(MOST_CHARACTERS * (200 / NEAR_EXACT - 1)) + 1
"""Characters of the longest known text that can be so like one of ``MOST_CHARACTERS``."""

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
    """Texts with their labels."""

    counted: Counted
    labels: tuple[str, ...]

    @classmethod
    def of(cls, labelled: Iterable[tuple[str, str]]) -> KnownTexts:
        """Index pairs of text and label."""
        # Of texts that are the same the first label in the alphabet wins, whatever the order of the files.
        keyed = sorted((key(text), label) for text, label in labelled)
        counted = Counted.of([known for known, _ in keyed], most=LONGEST_KNOWN)
        return cls(counted, tuple(keyed[number][1] for number in counted.order))

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return everything as plain arrays, their names beginning with ``name``."""
        labels = {label: number for number, label in enumerate(dict.fromkeys(self.labels))}
        return {
            f"{name}_texts": as_bytes(self.counted.keys),
            f"{name}_counts": self.counted.counts,
            f"{name}_labels": as_bytes(labels),
            f"{name}_label_of": np.array([labels[label] for label in self.labels], np.int32),
        }

    @classmethod
    def from_arrays(cls, name: str, kept: Mapping[str, NDArray[Any]]) -> KnownTexts:
        """Return what ``arrays`` described. Raises ``KeyError`` or ``ValueError`` when something is missing."""
        keys, labels = from_bytes(kept[f"{name}_texts"]), from_bytes(kept[f"{name}_labels"])
        lengths = np.array([len(text) for text in keys], np.int32)
        counted = Counted(keys, tuple(range(len(keys))), lengths, kept[f"{name}_counts"])
        label_of = tuple(labels[number] for number in kept[f"{name}_label_of"].tolist())
        if not len(keys) == len(label_of) == counted.counts.shape[1]:
            raise ValueError(f"there are not as many labels as texts in {name}")
        return cls(counted, label_of)

    def label_of(self, text: str) -> str | None:
        """Return the label of the text that is the same but for typing errors, or None.

        A text that negates differently or names another number is never the same.
        """
        wanted = key(text)
        if not LEAST_CHARACTERS <= len(wanted) <= MOST_CHARACTERS:
            return None
        near = self.counted.alike(wanted, NEAR_EXACT)
        found = process.extractOne(
            wanted, [self.counted.keys[place] for place in near], scorer=fuzz.ratio, score_cutoff=NEAR_EXACT
        )
        if found is None or not _same_sense(wanted, found[0]):
            return None
        return self.labels[int(near[found[2]])]


def nearest(text: str, wordings: Iterable[str]) -> str | None:
    """Return the wording most like ``text``, for "did you mean"; None when there is none."""
    found = process.extractOne(text, list(wordings), scorer=fuzz.token_sort_ratio)
    return found[0] if found else None


def _same_sense(one: str, other: str) -> bool:
    words, others = set(one.split()), set(other.split())
    return (words & _NEGATIONS) == (others & _NEGATIONS) and re.findall(r"\d+", one) == re.findall(r"\d+", other)
