"""What the matcher learns from the curated files: fitted from the example messages, kept as arrays, and found again by
a hash of all it depends on. Nothing here reads a file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from bot.knowledge.model import MAIN_LANGUAGE, Knowledge
from bot.matching import features, languages, network, signs
from bot.matching.clean import clean, one_line
from bot.matching.concepts import Concepts
from bot.matching.embedder import Embedder
from bot.matching.features import Features
from bot.matching.linear import LinearClassifier
from bot.matching.near_exact import KnownTexts
from bot.matching.network import NetworkClassifier
from bot.matching.rows import Rows

NONE = "@none"

SCOPE_STRICTNESS = 0.25
"""C of the classifier that only tells whether a message is for this bot: .1 and 1 gave no better order."""

WITHIN = "@within"
"""The class of messages that are for this bot, of the classifier that knows no other than that and ``NONE``."""

VERSION = 4
"""Raise when the same files lead to something else, and no part's own version says so: an older cache is built anew."""

Progress = Callable[[str, float], None]
"""Told what is being done and which part of the whole (0-1) is behind."""


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One example message: its label is an answer's id or a route."""

    text: str
    label: str
    language: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """What fitting brings forth; it goes to the cache and comes back as it was."""

    features: Features
    classifier: NetworkClassifier
    scope: LinearClassifier
    languages: LinearClassifier
    known: KnownTexts

    def arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return everything as plain arrays."""
        return {
            **self.features.arrays(),
            **self.classifier.arrays("classifier"),
            **self.scope.arrays("scope"),
            **self.languages.arrays("languages"),
            **self.known.arrays("known"),
        }

    @classmethod
    def from_arrays(cls, kept: dict[str, np.ndarray[Any, Any]], embedder: Embedder, concepts: Concepts) -> Fitted:
        """Return what ``arrays`` described. Raises ``KeyError`` or ``ValueError`` when something is missing."""
        return cls(
            Features.from_arrays(kept, embedder, concepts),
            NetworkClassifier.from_arrays("classifier", kept),
            LinearClassifier.from_arrays("scope", kept),
            LinearClassifier.from_arrays("languages", kept),
            KnownTexts.from_arrays("known", kept),
        )


def training_rows(knowledge: Knowledge) -> list[TrainingRow]:
    """Return the example messages, and the titles and typical questions of the answers that are written."""
    rows = [
        TrainingRow(one_line(clean(text)), label, language)
        for label, by_language in knowledge.examples.items()
        for language, texts in by_language.items()
        for text in texts
    ]
    for answer in knowledge.answers():
        rows += [TrainingRow(title, answer.id, language) for language, title in answer.title.items()]
        rows += [
            TrainingRow(question, answer.id, language)
            for language, questions in answer.questions.items()
            for question in questions
        ]
    return rows


def fit(knowledge: Knowledge, embedder: Embedder, progress: Progress) -> Fitted:
    """Return what the examples in ``knowledge`` teach. Takes minutes; ``progress`` is told how far it is."""
    rows = training_rows(knowledge)
    texts = [row.text for row in rows]
    sign_texts, sign_classes = signs.training_rows(knowledge.sign_examples, texts)
    progress("reading", 0.0)
    fitted_features, matrix = Features.fit([*texts, *sign_texts], embedder, Concepts(knowledge.concepts))
    progress("learning", 0.5)
    classes = [*(row.label for row in rows), *sign_classes]
    classifier = NetworkClassifier.fit(matrix, classes, len(fitted_features.mean))
    ordinary = matrix.take(range(len(rows)))
    # 350 MB that nobody needs any more.
    del matrix
    progress("scope", 0.9)
    scope = _fit_scope(ordinary, rows)
    letters = ordinary.narrowed(len(fitted_features.letters.columns))
    language_model = languages.fit(letters, [row.language for row in rows], MAIN_LANGUAGE)
    progress("done", 1.0)
    known = KnownTexts.of((row.text, row.label) for row in rows)
    return Fitted(fitted_features, classifier, scope, language_model, known)


def _fit_scope(matrix: Rows, rows: list[TrainingRow]) -> LinearClassifier:
    """Fit what tells questions for this bot from everything else; routes are neither."""
    kept = [number for number, row in enumerate(rows) if row.label == NONE or not row.label.startswith("@")]
    labels = [NONE if rows[number].label == NONE else WITHIN for number in kept]
    if len(set(labels)) < 2:
        # Nothing was written down as out of scope, so everything is within.
        return LinearClassifier((WITHIN,), np.zeros((matrix.width, 1), np.float16), np.ones(1, np.float32))
    return LinearClassifier.fit(matrix.take(kept), labels, strictness=SCOPE_STRICTNESS)


def key_of(knowledge: Knowledge, embedder: Embedder) -> str:
    """Return the hash of all that fitting depends on."""
    sign_texts = {
        sign: [sorted(of_sign.must_trigger.items()), sorted(of_sign.near_miss.items())]
        for sign, of_sign in knowledge.sign_examples.items()
    }
    content = json.dumps(
        [
            embedder.name,
            VERSION,
            features.VERSION,
            network.VERSION,
            SCOPE_STRICTNESS,
            signs.SAFE_SENTENCES,
            signs.FRAGMENT_WORDS,
            signs.FRAGMENT_STEP,
            version("scikit-learn"),
            [(label, list(of_label.items())) for label, of_label in knowledge.examples.items()],
            [(answer.id, answer.title, answer.questions) for answer in knowledge.answers()],
            sorted(sign_texts.items()),
            [(concept, sorted(words.items())) for concept, words in knowledge.concepts.items()],
        ],
        ensure_ascii=False,
    )
    return hashlib.sha256(content.encode()).hexdigest()[:32]
