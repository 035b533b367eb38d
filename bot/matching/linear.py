"""One linear classifier over rows of features: fitted once, kept as one array, read in microseconds a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching.encoder import Matrix
from bot.matching.rows import Rows


@dataclass(frozen=True, slots=True)
class LinearClassifier:
    """``weights`` has a row a feature and a column a class, so that a sparse row touches few cache lines.

    They are kept in half precision: the order of scores does not change, and the memory does.
    """

    classes: tuple[str, ...]
    weights: NDArray[np.float16]
    bias: Matrix

    @classmethod
    def fit(
        cls,
        rows: Rows,
        labels: list[str],
        *,
        strictness: float,
    ) -> LinearClassifier:
        """Fit one hyperplane a class against all others.

        ``strictness`` is the usual C: larger follows the examples more closely. The tolerance is loose because a
        tighter one took a fifth longer and changed no figure. The result depends only on the input.
        """
        # Only fitting needs these two, and they are half of what a start costs in time and a fifth in memory.
        from scipy import sparse
        from sklearn.svm import LinearSVC

        matrix = sparse.csr_matrix((rows.values, rows.columns, rows.starts), shape=(len(rows), rows.width))
        model = LinearSVC(C=strictness, random_state=0, tol=0.1, max_iter=1000)
        model.fit(matrix, np.array(labels))
        planes, offsets = model.coef_, np.atleast_1d(model.intercept_)
        if len(planes) == 1:
            # Of two classes the solver gives one hyperplane; the other class lies on its far side.
            planes, offsets = np.vstack([-planes, planes]), np.concatenate([-offsets, offsets])
        return cls(
            tuple(str(name) for name in model.classes_),
            np.ascontiguousarray(planes.T, dtype=np.float16),
            offsets.astype(np.float32),
        )

    def scores(self, rows: Rows) -> Matrix:
        """Return the distance to each class's hyperplane: an array (rows, classes), positive on its side."""
        found = np.empty((len(rows), len(self.classes)), np.float32)
        for position in range(len(rows)):
            span = slice(rows.starts[position], rows.starts[position + 1])
            touched = self.weights[rows.columns[span]].astype(np.float32)
            found[position] = rows.values[span] @ touched
        return found + self.bias

    def arrays(self, name: str) -> dict[str, np.ndarray[Any, Any]]:
        """Return what must be kept of it, under keys that begin with ``name``."""
        return {
            f"{name}_classes": np.array("\n".join(self.classes)),
            f"{name}_weights": self.weights,
            f"{name}_bias": self.bias,
        }

    @classmethod
    def from_arrays(cls, name: str, kept: dict[str, np.ndarray[Any, Any]]) -> LinearClassifier:
        """Return the classifier that ``arrays`` described."""
        return cls(tuple(str(kept[f"{name}_classes"]).split("\n")), kept[f"{name}_weights"], kept[f"{name}_bias"])


def probabilities(scores: Matrix, sharpness: float) -> Matrix:
    """Return probabilities over classes: the softmax of ``scores`` times ``sharpness``."""
    scaled = scores * sharpness
    scaled -= scaled.max(axis=1, keepdims=True)
    exponents = np.exp(scaled)
    found: Matrix = exponents / exponents.sum(axis=1, keepdims=True)
    return found
