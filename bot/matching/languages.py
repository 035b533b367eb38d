"""In which language a message is written: learnt from the examples themselves, so a new language needs no code."""

from __future__ import annotations

import numpy as np

from bot.matching.linear import LinearClassifier
from bot.matching.rows import Rows

SMOOTHING = 0.1
"""Weight given to every n-gram in every language, so that an unseen one says nothing."""

DEFAULT_BONUS = 0.6
"""Head start of the language most messages are in: a word that several languages share is probably that."""


def fit(letters: Rows, languages: list[str], main: str) -> LinearClassifier:
    """Return a naive Bayes model over rows of letters as a linear classifier; ``main`` has a head start."""
    names = tuple(sorted(set(languages)))
    language_of_entry = np.repeat(languages, np.diff(letters.starts))
    counts = np.empty((len(names), letters.width), np.float32)
    for number, name in enumerate(names):
        is_in = language_of_entry == name
        found = np.bincount(letters.columns[is_in], weights=letters.values[is_in], minlength=letters.width)
        counts[number] = found + SMOOTHING
    weights = np.log(counts / counts.sum(axis=1, keepdims=True)).T
    bias = np.array([DEFAULT_BONUS if name == main else 0.0 for name in names], np.float32)
    return LinearClassifier(names, np.ascontiguousarray(weights, dtype=np.float16), bias)


def language_of(model: LinearClassifier, letters: Rows) -> str:
    """Return the likeliest language of one row of letters."""
    return model.classes[int(model.scores(letters)[0].argmax())]
