"""From text to one row of numbers: spelling (letters), wording (words and pairs), what it is about (concepts) and
meaning across languages (embedding).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.matching.beside import Beside
from bot.matching.cache import as_bytes, from_bytes
from bot.matching.clean import one_line, plain_letters
from bot.matching.concepts import Concepts
from bot.matching.embedder import Embedder
from bot.matching.encoder import Matrix
from bot.matching.rows import Rows
from bot.matching.terms import Terms, letters, whole, words_and_pairs

LETTERS_WEIGHT = 1.5
"""Weight of runs of letters beside the embedding's 1: they carry typos and compounds (docs/matching.md)."""

WORDS_WEIGHT = 1.0
"""Weight of words and word pairs, which carry negation ("geen koorts") and fixed phrases."""

CONCEPTS_WEIGHT = 0.7
"""Weight of concepts and pairs of them, which carry what examples in one language teach to all others."""

LEAST_TEXTS = {"letters": 7, "words": 4, "concepts": 3}
"""In how many texts a term must stand to be learnt from. With 5 and 3 no figure was better, for 24 MB more."""

VERSION = 10
"""Raise when rows are made differently, so that an older cache is built anew."""


@dataclass(frozen=True, slots=True)
class Features:
    """Fitted terms and the mean of the embeddings; ``rows`` turns texts into features."""

    letters: Terms
    words: Terms
    named: Terms
    mean: Matrix
    embedder: Embedder
    concepts: Concepts

    @classmethod
    def fit(cls, texts: list[str], embedder: Embedder, concepts: Concepts) -> tuple[Features, Rows]:
        """Fit on training texts and return the features with the rows of those texts."""
        beside = Beside(len(texts), _fit_terms, [_lower(text) for text in texts], concepts)
        embedded = embedder.embed(texts)
        (spelled, spelling), (worded, wording), (named, naming) = beside.result()
        fitted = cls(spelled, worded, named, embedded.mean(axis=0), embedder, concepts)
        return fitted, fitted._joined(spelling, wording, naming, embedded)

    def rows(self, texts: list[str]) -> Rows:
        """Return one row a text. The letters' columns come first."""
        lower = [_lower(text) for text in texts]
        return self._joined(
            self.letters.rows(text.split() for text in lower),
            self.words.rows(words_and_pairs(text) for text in lower),
            self.named.rows(self.concepts.named(text) for text in lower),
            self.embedder.embed(texts),
        )

    def arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return what must be kept to make the same rows again."""
        kept: dict[str, np.ndarray[Any, Any]] = {"mean": self.mean}
        for name, terms in (("letters", self.letters), ("words", self.words), ("concepts", self.named)):
            kept[f"{name}_terms"] = as_bytes(terms.columns)
            kept[f"{name}_rarity"] = terms.rarity
        return kept

    @classmethod
    def from_arrays(cls, kept: dict[str, np.ndarray[Any, Any]], embedder: Embedder, concepts: Concepts) -> Features:
        """Return the features that ``arrays`` described. Raises ``KeyError`` when a part is missing."""
        restored = {}
        for name, split in (("letters", letters), ("words", whole), ("concepts", whole)):
            columns = {term: column for column, term in enumerate(from_bytes(kept[f"{name}_terms"]))}
            restored[name] = Terms(columns, kept[f"{name}_rarity"], split)
        return cls(restored["letters"], restored["words"], restored["concepts"], kept["mean"], embedder, concepts)

    def _joined(self, spelling: Rows, wording: Rows, naming: Rows, embedded: Matrix) -> Rows:
        """Return the kinds of features side by side; embeddings are centred, so that their angle tells more."""
        centred = embedded - self.mean
        centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
        return Rows.beside(
            [
                spelling.weighted(LETTERS_WEIGHT),
                wording.weighted(WORDS_WEIGHT),
                naming.weighted(CONCEPTS_WEIGHT),
                Rows.dense(centred),
            ]
        )


def _fit_terms(lower: list[str], concepts: Concepts) -> tuple[tuple[Terms, Rows], ...]:
    """Return the terms of spelling, of wording and of what texts are about, each with the rows of these texts."""
    return (
        Terms.fit((text.split() for text in lower), LEAST_TEXTS["letters"], letters),
        Terms.fit((words_and_pairs(text) for text in lower), LEAST_TEXTS["words"]),
        Terms.fit((concepts.named(text) for text in lower), LEAST_TEXTS["concepts"]),
    )


def _lower(text: str) -> str:
    return plain_letters(one_line(text))
