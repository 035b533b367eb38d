"""Simpler ways to match, fitted on the same example messages: what the classifier has to beat.

Each is a function that takes the examples and returns a ``Reader``. None has a threshold, a rule or a notion of age.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.matching.clean import one_line
from bot.matching.embedder import Embedder
from bot.matching.encoder import Matrix
from bot.matching.fitted import NONE, TrainingRow


@dataclass(frozen=True, slots=True)
class Guess:
    """The best three answers, and how surely the message is for this bot at all (on any scale; more is surer)."""

    answers: tuple[str, ...]
    in_scope: float


Reader = Callable[[str], Guess]


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts in the order of their labels; ``starts`` is where each label's texts begin."""

    texts: list[str]
    labels: tuple[str, ...]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, rows: Iterable[TrainingRow]) -> Examples:
        """Sort example messages by label."""
        ordered = sorted(rows, key=lambda row: (row.label, row.text))
        labels, starts = np.unique([row.label for row in ordered], return_index=True)
        return cls([row.text for row in ordered], tuple(labels.tolist()), starts)

    def nearest(self, scores: Matrix) -> Guess:
        """Return the guess of one score an example: each label counts as its best example."""
        return self.guess(np.maximum.reduceat(scores, self.starts))

    def guess(self, scores: Matrix) -> Guess:
        """Return the guess of one score a label. In scope is how far the best answer is above "not for this bot"."""
        ranked = [self.labels[position] for position in np.argsort(-scores, kind="stable")]
        answers = [label for label in ranked if not label.startswith("@")][:3]
        none = scores[self.labels.index(NONE)]
        return Guess(tuple(answers), float(scores[self.labels.index(answers[0])] - none))


def whole_ratio(examples: Examples) -> Reader:
    """Return rapidfuzz's WRatio to every example."""
    return _strings(examples, fuzz.WRatio)


def token_set(examples: Examples) -> Reader:
    """Return rapidfuzz's token_set_ratio to every example."""
    return _strings(examples, fuzz.token_set_ratio)


def _strings(examples: Examples, scorer: Callable[..., float]) -> Reader:
    lower = [text.lower() for text in examples.texts]

    def read(text: str) -> Guess:
        similar: Matrix = process.cdist([text.lower()], lower, scorer=scorer, dtype=np.float32)
        return examples.nearest(similar[0])

    return read


def bm25(examples: Examples, saturation: float = 1.2, length_share: float = 0.75) -> Reader:
    """Return Okapi BM25 in which a document is all the examples of one label."""
    ends = [*examples.starts[1:].tolist(), len(examples.texts)]
    documents = [
        Counter(_words(" ".join(examples.texts[start:end])))
        for start, end in zip(examples.starts.tolist(), ends, strict=True)
    ]
    lengths = np.array([document.total() for document in documents])
    slack = saturation * (1 - length_share + length_share * lengths / lengths.mean())
    weights: dict[str, Matrix] = {}
    for word in set().union(*documents):
        counts = np.array([document[word] for document in documents])
        found = np.count_nonzero(counts)
        rarity = math.log(1 + (len(documents) - found + 0.5) / (found + 0.5))
        weights[word] = (rarity * counts * (saturation + 1) / (counts + slack)).astype(np.float32)
    nothing = np.zeros(len(documents), np.float32)

    def read(text: str) -> Guess:
        return examples.guess(sum((weights[word] for word in _words(text) if word in weights), nothing))

    return read


def character_neighbour(examples: Examples) -> Reader:
    """Return the cosine to every example of TF-IDF over two to four characters."""
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)
    rows = vectorizer.fit_transform(examples.texts)

    def read(text: str) -> Guess:
        similar: Matrix = (rows @ vectorizer.transform([text]).T).toarray().ravel()
        return examples.nearest(similar)

    return read


def embedding_neighbour(examples: Examples, embedder: Embedder) -> Reader:
    """Return the cosine to every example of sentence embeddings, their mean taken off."""
    embedded = embedder.embed(examples.texts)
    mean = embedded.mean(axis=0)
    rows = _length_one(embedded - mean)

    def read(text: str) -> Guess:
        return examples.nearest(rows @ _length_one(embedder.embed([one_line(text)]) - mean)[0])

    return read


def _length_one(rows: Matrix) -> Matrix:
    scaled: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return scaled


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
