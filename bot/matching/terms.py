"""Counted terms of a text as TF-IDF rows: letters in a row, words and pairs of words, or concepts.

The usual weights: one plus the logarithm of the count, times how rare a term is among the texts it was fitted on, and
every row brought to length one. Terms nobody used often enough are left out.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bot.matching.encoder import Matrix
from bot.matching.rows import Rows

Split = Callable[[str], Sequence[str]]
"""Tells which terms a part of a text holds."""

SHORTEST, LONGEST = 2, 5
"""Letters in a row that are a term."""

_WORD = re.compile(r"\w+")


def whole(part: str) -> Sequence[str]:
    """Return ``part`` as its own and only term."""
    return (part,)


@dataclass(frozen=True, slots=True)
class Terms:
    """Fitted terms: ``columns`` names the column of each, ``rarity`` its inverse document frequency."""

    columns: dict[str, int]
    rarity: Matrix
    split: Split

    @classmethod
    def fit(cls, texts: Iterable[Sequence[str]], least: int, split: Split = whole) -> tuple[Terms, Rows]:
        """Return the terms that ``least`` of ``texts`` hold, and the rows of those texts.

        A text is given in parts, and ``split`` tells the terms of a part; it is asked once a part.
        """
        numbers: dict[str, int] = {}
        numbers_of_part: dict[str, list[int]] = {}
        columns, counts, ends = array("l"), array("l"), array("l", [0])
        for text in texts:
            held: list[int] = []
            for part in text:
                found = numbers_of_part.get(part)
                if found is None:
                    found = [numbers.setdefault(term, len(numbers)) for term in split(part)]
                    numbers_of_part[part] = found
                held += found
            counted = Counter(held)
            columns.extend(counted)
            counts.extend(counted.values())
            ends.append(len(columns))
        touched, starts = np.array(columns, np.int64), np.array(ends, np.int64)
        used = np.bincount(touched, minlength=len(numbers))
        is_kept = used >= least
        renumbered = np.cumsum(is_kept) - 1
        rarity = np.log((len(starts)) / (1 + used[is_kept])).astype(np.float32) + 1
        kept = {term: int(renumbered[number]) for term, number in numbers.items() if is_kept[number]}
        entries = is_kept[touched]
        terms = cls(kept, rarity, split)
        rows = terms._rows(
            np.concatenate([[0], np.cumsum(entries)])[starts],
            renumbered[touched[entries]].astype(np.int32),
            np.array(counts, np.float32)[entries],
        )
        return terms, rows

    def rows(self, texts: Iterable[Sequence[str]]) -> Rows:
        """Return one row a text, each given in parts as for ``fit``; unknown terms count for nothing."""
        column_of = self.columns.get
        columns: list[int] = []
        counts: list[int] = []
        ends = [0]
        # The sentences of a message are made of the parts of the whole, so each part comes by at least twice.
        columns_of_part: dict[str, list[int]] = {}
        for text in texts:
            known: list[int] = []
            for part in text:
                found = columns_of_part.get(part)
                if found is None:
                    found = [column for term in self.split(part) if (column := column_of(term)) is not None]
                    columns_of_part[part] = found
                known += found
            counted = Counter(known)
            columns += counted
            counts += counted.values()
            ends.append(len(columns))
        return self._rows(np.array(ends, np.int64), np.array(columns, np.int32), np.array(counts, np.float32))

    def _rows(self, starts: np.ndarray, columns: np.ndarray, counts: Matrix) -> Rows:
        values = (1 + np.log(counts)) * self.rarity[columns]
        lengths = np.diff(starts)
        squares = np.concatenate([[0.0], np.cumsum(values.astype(np.float64) ** 2)])
        norms = np.sqrt(np.maximum(squares[starts[1:]] - squares[starts[:-1]], 1e-12))
        return Rows(starts, columns, (values / np.repeat(norms, lengths)).astype(np.float32), len(self.rarity))


def letters(word: str) -> list[str]:
    """Return the runs of two to five letters of ``word``, a space before and after it counted in."""
    padded = f" {word} "
    found = []
    for length in range(SHORTEST, LONGEST + 1):
        if length >= len(padded):
            found.append(padded)
            break
        found += [padded[start : start + length] for start in range(len(padded) - length + 1)]
    return found


def words_and_pairs(text: str) -> list[str]:
    """Return the words of ``text`` and each two that follow each other. A word may be one letter: parents type "m"."""
    words = _WORD.findall(text)
    return words + [f"{one} {two}" for one, two in pairwise(words)]
