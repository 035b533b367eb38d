"""In which language a message is written: learnt from the examples themselves, so a new language needs no code."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from bot.matching.embedder import Matrix
from bot.matching.linear import LinearClassifier

SMOOTHING = 0.1
"""Weight given to every n-gram in every language, so that an unseen one says nothing."""

DEFAULT_BONUS = 0.6
"""Head start of the language most messages are in: a word that several languages share is probably that."""


def fit(character_rows: Any, languages: list[str], main: str) -> LinearClassifier:
    """Return a naive Bayes model over rows of character n-grams as a linear classifier; ``main`` has a head start."""
    names = tuple(sorted(set(languages)))
    position = {name: number for number, name in enumerate(names)}
    member = sparse.csr_matrix(
        (np.ones(len(languages)), ([position[name] for name in languages], range(len(languages)))),
        shape=(len(names), len(languages)),
    )
    counts: Matrix = np.asarray((member @ character_rows).todense(), dtype=np.float32) + SMOOTHING
    weights = np.log(counts / counts.sum(axis=1, keepdims=True)).T
    bias = np.array([DEFAULT_BONUS if name == main else 0.0 for name in names], np.float32)
    return LinearClassifier(names, np.ascontiguousarray(weights, dtype=np.float16), bias)


def language_of(model: LinearClassifier, character_row: Any) -> str:
    """Return the likeliest language of one row of character n-grams."""
    return model.classes[int(model.scores(character_row)[0].argmax())]
