"""Rows of features, most of them zero: which columns a text touches and how strongly. Plain arrays, so that reading a
message needs no other library than numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.encoder import Matrix


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in compressed form: row ``n`` owns ``columns`` and ``values`` from ``starts[n]`` to ``starts[n + 1]``."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: Matrix
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @classmethod
    def dense(cls, matrix: Matrix) -> Rows:
        """Return every number of ``matrix`` as a feature."""
        count, width = matrix.shape
        columns = np.tile(np.arange(width, dtype=np.int32), count)
        return cls(np.arange(count + 1, dtype=np.int64) * width, columns, matrix.ravel(), width)

    @classmethod
    def beside(cls, parts: Sequence[Rows]) -> Rows:
        """Return the rows of ``parts`` side by side, the columns of the first part first."""
        lengths = np.array([np.diff(part.starts) for part in parts])
        starts = np.concatenate([[0], np.cumsum(lengths.sum(axis=0))]).astype(np.int64)
        columns = np.empty(starts[-1], np.int32)
        values = np.empty(starts[-1], np.float32)
        begins, width = starts[:-1].copy(), 0
        for part, length in zip(parts, lengths, strict=True):
            places = np.arange(len(part.columns)) + np.repeat(begins - part.starts[:-1], length)
            columns[places] = part.columns + width
            values[places] = part.values
            begins += length
            width += part.width
        return cls(starts, columns, values, width)

    def weighted(self, weight: float) -> Rows:
        """Return the same rows, every value times ``weight``."""
        return Rows(self.starts, self.columns, self.values * np.float32(weight), self.width)

    def take(self, positions: Sequence[int]) -> Rows:
        """Return the rows at ``positions``, in that order; a row may be taken twice."""
        wanted = np.asarray(positions, np.int64)
        lengths = np.diff(self.starts)[wanted]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        places = np.arange(starts[-1]) + np.repeat(self.starts[wanted] - starts[:-1], lengths)
        return Rows(starts, self.columns[places], self.values[places], self.width)

    def narrowed(self, width: int) -> Rows:
        """Return what lies in the first ``width`` columns."""
        is_kept = self.columns < width
        starts = np.concatenate([[0], np.cumsum(is_kept)])[self.starts]
        return Rows(starts, self.columns[is_kept], self.values[is_kept], width)
