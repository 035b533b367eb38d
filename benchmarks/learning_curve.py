"""How accuracy grows with the number of examples an answer: ``python -m benchmarks.learning_curve``.

It fits the classifier alone, without near-exact hits and ages, so the last line differs a little from ``evaluate``.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.report import table
from bot import settings
from bot.knowledge.check import load
from bot.matching.clean import clean, one_line
from bot.matching.embedder import Embedder, Matrix, default_embedder
from bot.matching.evaluate import Row, read_rows
from bot.matching.features import Features
from bot.matching.linear import LinearClassifier
from bot.matching.matcher import STRICTNESS, TrainingRow, training_rows

QUESTIONS = Path(__file__).parent.parent / "tests" / "evaluation" / "answers.jsonl"
STEPS = (10, 20, 40, 80, None)
"""Examples an answer; None is all of them. Routes and out of scope always keep all of theirs."""


class Remembering:
    """An embedder that embeds no text twice: every step reads the texts of the step before."""

    def __init__(self, embedder: Embedder) -> None:
        self.name = embedder.name
        self._embedder = embedder
        self._rows: dict[str, Matrix] = {}

    def embed(self, texts: list[str]) -> Matrix:
        """Return one row a text."""
        new = list(dict.fromkeys(text for text in texts if text not in self._rows))
        self._rows.update(zip(new, self._embedder.embed(new), strict=True))
        return np.stack([self._rows[text] for text in texts])


def first_of_each(rows: list[TrainingRow], count: int | None) -> Iterator[TrainingRow]:
    """Yield ``count`` rows of each answer, in an order that is arbitrary and always the same."""
    by_label: dict[str, list[TrainingRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: hashlib.sha256(row.text.encode()).digest()):
        by_label[row.label].append(row)
    for label, of_label in by_label.items():
        yield from of_label if label.startswith("@") else of_label[:count]


def measured(rows: list[TrainingRow], questions: list[Row], embedder: Embedder) -> tuple[float, float]:
    """Return the shares of questions whose right answer comes first, and among the first three."""
    features, matrix = Features.fit([row.text for row in rows], embedder)
    classifier = LinearClassifier.fit(matrix, [row.label for row in rows], strictness=STRICTNESS)
    scores = classifier.scores(features.rows([one_line(clean(row.text)) for row in questions]))
    scores[:, [label.startswith("@") for label in classifier.classes]] = -np.inf
    ranked = [[classifier.classes[place] for place in line[:3]] for line in np.argsort(-scores, kind="stable")]
    first = [row.is_right(best[0]) for row, best in zip(questions, ranked, strict=True)]
    among_three = [any(map(row.is_right, best)) for row, best in zip(questions, ranked, strict=True)]
    return sum(first) / len(first), sum(among_three) / len(among_three)


def main() -> None:
    """Print the curve as a Markdown table."""
    rows, questions = training_rows(load(settings.read().knowledge)), read_rows(QUESTIONS)
    embedder = Remembering(default_embedder())
    lines = []
    for count in STEPS:
        chosen = list(first_of_each(rows, count))
        first, among_three = measured(chosen, questions, embedder)
        lines.append((str(count or "all"), str(len(chosen)), f"{100 * first:.1f} %", f"{100 * among_three:.1f} %"))
    print(table(("examples an answer", "in all", "top-1", "top-3"), lines))


if __name__ == "__main__":
    main()
