"""Some small neural networks over rows of features: one hidden layer learns which features mean the same together.

A hyperplane a class weighs every feature by itself; a hidden layer finds that "kolven" and "vriezer" are one matter in
whatever language. While it learns, more than half of the features of every row are hidden from it, so that it cannot
lean on one word. They differ only in where they begin; their mean errs less than any (docs/matching.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching.beside import Beside
from bot.matching.encoder import Matrix
from bot.matching.rows import Rows

VERSION = 6
"""Raise when networks are fitted differently, so that an older cache is built anew."""

NETWORKS = 3
HIDDEN = 192
"""Units a network. Two of 256 do as well but for routes, and answer more at once, fewer of them rightly; 128 put 1.6
points fewer of the held-out examples first (docs/matching.md)."""
ROUNDS = 7
"""How often every row is seen. More rounds, also of smaller steps: no better."""
FEWEST_STEPS = 100
"""Steps to take also when there are few rows, as in a first draft of a town's own answers."""
BATCH = 512
"""Rows a step. 256 did as well in a third more time; 768 put .7 points fewer of the held-out examples among three."""
HIDDEN_WORDS = 0.6
"""Part of the terms of a row that is left out at every sight; .3 and .7 did worse, .5 alike (docs/matching.md)."""
HIDDEN_MEANING = 0.2
"""The same for the numbers of the embedding, which are fewer and repeat each other less."""
HIDDEN_UNITS = 0.3
SMOOTHING = 0.1
"""Part of the certainty that is spread over all classes, so that chances do not run to 0 and 1."""
TERM_STEP = 0.025
STEP = 0.004
NOISE = 0.01
"""Spread of the weights of terms at the beginning; larger, and rare terms keep saying something at random."""
HALF_BYTE = 7
"""Largest whole number of a term's weight: 15 steps do as well as 255 (docs/matching.md), in half the memory."""


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer, over terms that are mostly absent and the numbers of an embedding, which never are.

    ``terms`` is an array (terms, units / 2) of two whole numbers a byte, 8 more than they stand for, to be multiplied
    by the term's ``scale``: an eighth of the memory, for one answer of 686. ``meaning`` is an array (numbers of the
    embedding, units).
    """

    terms: NDArray[np.uint8]
    scale: Matrix
    meaning: Matrix
    offset: Matrix
    output: Matrix
    bias: Matrix

    @classmethod
    def of(cls, terms: Matrix, meaning: Matrix, offset: Matrix, output: Matrix, bias: Matrix) -> Network:
        """Return the network with these weights, those of the terms an array (terms, units) before they are rounded."""
        scale = np.maximum(np.abs(terms).max(axis=1), 1e-12) / HALF_BYTE
        rounded = (np.rint(terms / scale[:, None]) + 8).astype(np.uint8)
        half = rounded.shape[1] // 2
        return cls(rounded[:, :half] | rounded[:, half:] << 4, scale, meaning, offset, output, bias)

    def scores(self, rows: Rows) -> Matrix:
        """Return an array (rows, classes): the logarithm of chances, up to a number that is the same for a row."""
        dense, half = len(self.meaning), self.terms.shape[1]
        hidden = np.empty((len(rows), 2 * half), np.float32)
        for position in range(len(rows)):
            start, end = rows.starts[position], rows.starts[position + 1]
            columns = rows.columns[start : end - dense]
            values = rows.values[start : end - dense] * self.scale[columns]
            pairs = self.terms[columns]
            hidden[position, :half] = values @ (pairs & 15).astype(np.float32)
            hidden[position, half:] = values @ (pairs >> 4).astype(np.float32)
            hidden[position] += rows.values[end - dense : end] @ self.meaning - 8 * values.sum()
        found: Matrix = np.maximum(hidden + self.offset, 0) @ self.output + self.bias
        return found


@dataclass(frozen=True, slots=True)
class NetworkClassifier:
    """The mean of some networks that were fitted to the same rows."""

    classes: tuple[str, ...]
    networks: tuple[Network, ...]

    @classmethod
    def fit(cls, rows: Rows, labels: list[str], dense: int) -> NetworkClassifier:
        """Fit to ``rows``, of which the last ``dense`` columns are never empty; one label a row.

        All networks but the first are fitted in processes of their own. The result depends only on the input.
        """
        classes = tuple(sorted(set(labels)))
        at = {name: number for number, name in enumerate(classes)}
        wanted = np.array([at[label] for label in labels])
        others = [Beside(len(rows), fit_network, rows, wanted, dense, seed) for seed in range(1, NETWORKS)]
        first = fit_network(rows, wanted, dense, 0)
        return cls(classes, (first, *(other.result() for other in others)))

    def scores(self, rows: Rows) -> Matrix:
        """Return an array (rows, classes): the mean of what the networks say."""
        found: Matrix = np.mean([network.scores(rows) for network in self.networks], axis=0)
        return found

    def arrays(self, name: str) -> dict[str, np.ndarray[Any, Any]]:
        """Return what must be kept of it, under keys that begin with ``name``."""
        kept: dict[str, np.ndarray[Any, Any]] = {f"{name}_classes": np.array("\n".join(self.classes))}
        for number, network in enumerate(self.networks):
            for part in Network.__slots__:
                kept[f"{name}_{number}_{part}"] = getattr(network, part)
        return kept

    @classmethod
    def from_arrays(cls, name: str, kept: dict[str, np.ndarray[Any, Any]]) -> NetworkClassifier:
        """Return the classifier that ``arrays`` described. Raises ``KeyError`` when a part is missing."""
        networks = tuple(
            Network(*(kept[f"{name}_{number}_{part}"] for part in Network.__slots__)) for number in range(NETWORKS)
        )
        return cls(tuple(str(kept[f"{name}_classes"]).split("\n")), networks)


def fit_network(rows: Rows, wanted: NDArray[np.int64], dense: int, seed: int) -> Network:
    """Return a network fitted to ``rows``, each of the class with the number in ``wanted``.

    Terms are rare, so each has a step of its own that shrinks as it is seen (Adagrad, one number a term instead of
    one a weight); the rest is fitted by Adam (Kingma and Ba, 2015). All steps shrink to nothing towards the end.
    """
    # The arithmetic is many small products: threads would cost more than they bring, and their order the last digit.
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        return _Fitting(rows, wanted, dense, seed).fitted()


class _Fitting:
    """What changes while one network is fitted."""

    def __init__(self, rows: Rows, wanted: NDArray[np.int64], dense: int, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.count, width = len(rows), rows.width - dense
        self.wanted, self.classes = wanted, int(wanted.max()) + 1
        self.sparse = rows.narrowed(width)
        self.meaning = rows.values[rows.columns >= width].reshape(self.count, dense)
        self.terms = self._noise((width, HIDDEN), NOISE)
        self.gathered = np.empty_like(self.terms)
        self.seen = np.full(width, 1e-8, np.float32)
        self.rest = [
            self._noise((dense, HIDDEN), 0.05),
            np.zeros(HIDDEN, np.float32),
            self._noise((HIDDEN, self.classes), HIDDEN**-0.5),
            np.zeros(self.classes, np.float32),
        ]
        self.moments = [(np.zeros_like(one), np.zeros_like(one)) for one in self.rest]
        self.steps = 0

    def fitted(self) -> Network:
        a_round = -(-self.count // BATCH)
        rounds = max(ROUNDS, -(-FEWEST_STEPS // a_round))
        for _ in range(rounds):
            order = self.random.permutation(self.count)
            for start in range(0, self.count, BATCH):
                self._learn(order[start : start + BATCH], 1 - self.steps / (rounds * a_round))
        return Network.of(self.terms, *self.rest)

    def _learn(self, positions: NDArray[np.int64], rate: float) -> None:
        """Take one step towards what the rows at ``positions`` should be; ``rate`` goes from 1 to 0."""
        from scipy import sparse

        self.steps += 1
        count = len(positions)
        rows = self.sparse.take(positions.tolist())
        is_kept = self.random.random(len(rows.columns), np.float32) >= HIDDEN_WORDS
        columns, places = _numbered(rows.columns[is_kept], len(self.terms))
        values = rows.values[is_kept] / np.float32(1 - HIDDEN_WORDS)
        starts = np.concatenate([[0], np.cumsum(is_kept)])[rows.starts]
        said = sparse.csr_matrix((values, places, starts), shape=(count, len(columns)))
        meant = self.meaning[positions] * self._mask((count, self.meaning.shape[1]), HIDDEN_MEANING)

        meaning, offset, output, bias = self.rest
        terms = np.take(self.terms, columns, axis=0, out=self.gathered[: len(columns)], mode="clip")
        before = said @ terms + meant @ meaning + offset
        mask = (before > 0) * self._mask(before.shape, HIDDEN_UNITS)
        hidden = before * mask
        scores = hidden @ output + bias
        error = np.exp(scores - scores.max(axis=1, keepdims=True))
        error /= error.sum(axis=1, keepdims=True)
        error -= np.float32(SMOOTHING / self.classes)
        error[np.arange(count), self.wanted[positions]] -= np.float32(1 - SMOOTHING)
        back = (error @ output.T) * mask

        slope = said.T @ back
        self.seen[columns] += np.einsum("ij,ij->i", slope, slope) / HIDDEN
        # In place: a new array of 20 MB at every step would cost a fifth of the time, for its memory alone.
        slope *= (np.float32(TERM_STEP * rate) / np.sqrt(self.seen[columns]))[:, None]
        terms -= slope
        self.terms[columns] = terms
        slopes = (meant.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0))
        for one, (mean, square), total in zip(self.rest, self.moments, slopes, strict=True):
            slope = total / count
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            undone = (1 - 0.9**self.steps, 1 - 0.999**self.steps)
            one -= np.float32(STEP * rate / undone[0]) * mean / (np.sqrt(square / np.float32(undone[1])) + 1e-8)

    def _noise(self, shape: tuple[int, ...], spread: float) -> Matrix:
        found: Matrix = self.random.standard_normal(shape, np.float32)
        found *= np.float32(spread)
        return found

    def _mask(self, shape: tuple[int, ...], hidden: float) -> Matrix:
        """Return zeros in the part ``hidden``, elsewhere what keeps the sum the same on average."""
        found: Matrix = (self.random.random(shape, np.float32) >= hidden).astype(np.float32) / np.float32(1 - hidden)
        return found


def _numbered(columns: NDArray[np.int32], width: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return which columns occur, and for each of ``columns`` its place among those."""
    is_there = np.zeros(width, bool)
    is_there[columns] = True
    occurring = np.flatnonzero(is_there)
    places = np.zeros(width, np.int32)
    places[occurring] = np.arange(len(occurring), dtype=np.int32)
    return occurring, places[columns]
