"""From text to one row of numbers: spelling (characters), wording (words and pairs) and meaning (embedding)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.matching.clean import one_line, plain_letters
from bot.matching.embedder import Embedder, Matrix

CHARACTER_WEIGHT = 1.5
"""Weight of character n-grams beside the embedding's 1: they carry typos and compounds (docs/matching.md)."""

WORD_WEIGHT = 1.0
"""Weight of words and word pairs, which carry negation ("geen koorts") and fixed phrases."""

WORD = r"(?u)\b\w+\b"
"""A word may be one letter: "m" and "n" are words where parents type."""

VERSION = 5
"""Raise when rows are made differently, so that an older cache is built anew."""


@dataclass(frozen=True, slots=True)
class Features:
    """Fitted vectorizers and the mean of the embeddings; ``rows`` turns texts into features."""

    characters: TfidfVectorizer
    words: TfidfVectorizer
    mean: Matrix
    embedder: Embedder

    @classmethod
    def fit(cls, texts: list[str], embedder: Embedder) -> tuple[Features, Any]:
        """Fit on training texts and return the features with the rows of those texts (CSR, float32)."""
        lower = [_lower(text) for text in texts]
        characters, words = _characters(), _words()
        spelled, worded = characters.fit_transform(lower), words.fit_transform(lower)
        embedded = embedder.embed([one_line(text) for text in texts])
        mean = embedded.mean(axis=0)
        return cls(characters, words, mean, embedder), _joined(spelled, worded, embedded, mean)

    def rows(self, texts: list[str]) -> Any:
        """Return one CSR row (float32) a text."""
        lower = [_lower(text) for text in texts]
        embedded = self.embedder.embed([one_line(text) for text in texts])
        return _joined(self.characters.transform(lower), self.words.transform(lower), embedded, self.mean)

    def arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return what must be kept to make the same rows again."""
        kept: dict[str, np.ndarray[Any, Any]] = {"mean": self.mean}
        for name, vectorizer in (("characters", self.characters), ("words", self.words)):
            kept[f"{name}_terms"] = np.array("\n".join(vectorizer.get_feature_names_out()))
            kept[f"{name}_idf"] = vectorizer.idf_.astype(np.float32)
        return kept

    @classmethod
    def from_arrays(cls, kept: dict[str, np.ndarray[Any, Any]], embedder: Embedder) -> Features:
        """Return the features that ``arrays`` described."""
        restored = {}
        for name, vectorizer in (("characters", _characters()), ("words", _words())):
            terms = str(kept[f"{name}_terms"]).split("\n")
            # Set as fitted, not as given: a vocabulary that is given is copied, and this one is large.
            vectorizer.vocabulary_ = {term: position for position, term in enumerate(terms)}
            vectorizer.fixed_vocabulary_ = True
            vectorizer.idf_ = kept[f"{name}_idf"]
            restored[name] = vectorizer
        return cls(restored["characters"], restored["words"], kept["mean"], embedder)


def _joined(spelled: Any, worded: Any, embedded: Matrix, mean: Matrix) -> Any:
    """Return the three kinds of features side by side; embeddings are centred, so that their angle tells more."""
    centred = embedded - mean
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    parts = [spelled * CHARACTER_WEIGHT, worded * WORD_WEIGHT, sparse.csr_matrix(centred)]
    return sparse.hstack(parts, format="csr", dtype=np.float32)


def _lower(text: str) -> str:
    return plain_letters(one_line(text))


def _characters() -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=5, dtype=np.float32, lowercase=False
    )


def _words() -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="word",
        ngram_range=(1, 2),
        token_pattern=WORD,
        sublinear_tf=True,
        min_df=2,
        dtype=np.float32,
        lowercase=False,
    )
