"""How accuracy grows with the number of examples an answer: ``python -m benchmarks.learning_curve``.

It draws docs/figures/learning-curve.png and renews the table in docs/matching.md; it takes some minutes.
It fits the classifier alone, without near-exact hits, ages and sentences, so the last line differs a little
from ``evaluate``.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import drawing
from benchmarks.drawing import FIGURES, PNG
from benchmarks.figures import DOCUMENT, renew
from benchmarks.report import table
from bot import settings
from bot.knowledge.check import load
from bot.matching.clean import clean, one_line
from bot.matching.concepts import Concepts
from bot.matching.embedder import Embedder, default_embedder
from bot.matching.encoder import Matrix
from bot.matching.evaluate import Row, read_rows
from bot.matching.features import Features
from bot.matching.fitted import TrainingRow, training_rows
from bot.matching.network import NetworkClassifier

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


def measured(
    rows: list[TrainingRow], questions: list[Row], embedder: Embedder, concepts: Concepts
) -> tuple[float, float]:
    """Return the shares of questions whose right answer comes first, and among the first three."""
    features, matrix = Features.fit([row.text for row in rows], embedder, concepts)
    classifier = NetworkClassifier.fit(matrix, [row.label for row in rows], len(features.mean))
    scores = classifier.scores(features.rows([one_line(clean(row.text)) for row in questions]))
    scores[:, [label.startswith("@") for label in classifier.classes]] = -np.inf
    ranked = [[classifier.classes[place] for place in line[:3]] for line in np.argsort(-scores, kind="stable")]
    first = [row.is_right(best[0]) for row, best in zip(questions, ranked, strict=True)]
    among_three = [any(map(row.is_right, best)) for row, best in zip(questions, ranked, strict=True)]
    return sum(first) / len(first), sum(among_three) / len(among_three)


class Step(NamedTuple):
    """One point of the curve: examples an answer (None for all), their mean, all examples, and the two shares."""

    count: int | None
    mean: float
    examples: int
    first: float
    among_three: float


def curve(rows: list[TrainingRow], questions: list[Row], embedder: Embedder, concepts: Concepts) -> Iterator[Step]:
    """Yield the points of the curve, from few examples to all."""
    embedder = Remembering(embedder)
    for count in STEPS:
        chosen = list(first_of_each(rows, count))
        per_answer = Counter(row.label for row in chosen if not row.label.startswith("@"))
        yield Step(
            count,
            sum(per_answer.values()) / len(per_answer),
            len(chosen),
            *measured(chosen, questions, embedder, concepts),
        )


def as_table(steps: list[Step]) -> str:
    """Return the curve as a Markdown table."""
    return table(
        ("examples an answer", "in all", "top-1", "top-3"),
        [
            (
                str(step.count or f"all ({step.mean:.0f})"),
                str(step.examples),
                f"{100 * step.first:.1f} %",
                f"{100 * step.among_three:.1f} %",
            )
            for step in steps
        ],
    )


def main() -> None:
    """Draw the curve, and renew its table."""
    knowledge, questions = load(settings.read().knowledge), read_rows(QUESTIONS)
    steps = list(curve(training_rows(knowledge), questions, default_embedder(), Concepts(knowledge.concepts)))
    drawing.learning_curve(steps).savefig(FIGURES / "learning-curve.png", **PNG)
    renew(DOCUMENT, {"learning-curve": as_table(steps)})
    print(as_table(steps))


if __name__ == "__main__":
    main()
