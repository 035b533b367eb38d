"""How often matching is right, beside simpler methods on the same messages."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import NamedTuple

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from sklearn.metrics import roc_auc_score

from benchmarks import baselines
from benchmarks.baselines import Examples, Guess, Reader
from benchmarks.report import Measured, Report
from benchmarks.timing import seconds
from bot.knowledge.model import Knowledge
from bot.matching.embedder import default_embedder
from bot.matching.evaluate import Row
from bot.matching.fitted import training_rows
from bot.matching.matcher import Matcher


class Method(NamedTuple):
    """How a method is called, how it is made, and every how many messages it reads one."""

    name: str
    fit: Callable[[Examples], Reader]
    every: int = 1


METHODS = (
    Method("rapidfuzz WRatio", baselines.whole_ratio, every=10),
    Method("rapidfuzz token_set_ratio", baselines.token_set, every=10),
    Method("BM25 per answer", baselines.bm25),
    Method("nearest example, character TF-IDF", baselines.character_neighbour),
    Method(
        "nearest example, sentence embedding",
        lambda examples: baselines.embedding_neighbour(examples, default_embedder()),
    ),
)


@pytest.fixture(scope="session")
def examples(knowledge: Knowledge, report: Report, questions: list[Row], out_of_scope: list[Row]) -> Examples:
    found = Examples.of(training_rows(knowledge))
    answers = sum(not label.startswith("@") for label in found.labels)
    report.data = (
        f"{len(found.texts)} example messages for {answers} answers, the routes and out of scope; read are "
        f"{len(questions)} questions and {len(out_of_scope)} messages out of scope that are in no example."
    )
    return found


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_baseline(
    method: Method,
    benchmark: BenchmarkFixture,
    report: Report,
    examples: Examples,
    questions: list[Row],
    out_of_scope: list[Row],
) -> None:
    rows = [*questions, *out_of_scope][:: method.every]

    _measure(method.name, method.fit(examples), rows, benchmark, report)


@pytest.mark.usefixtures("examples")
def test_minidorp(
    benchmark: BenchmarkFixture, report: Report, matcher: Matcher, questions: list[Row], out_of_scope: list[Row]
) -> None:
    def read(text: str) -> Guess:
        candidates = matcher.decide(text).candidates
        return Guess(tuple(candidate.answer for candidate in candidates[:3]), candidates[0].score)

    _measure("**Minidorp**", read, [*questions, *out_of_scope], benchmark, report)


def _measure(name: str, read: Reader, rows: list[Row], benchmark: BenchmarkFixture, report: Report) -> None:
    """Read ``rows`` one by one and add a line to the report."""
    guesses: list[Guess] = []

    took = seconds(benchmark, lambda text: guesses.append(read(text)), [(row.text,) for row in rows])

    asked = [(row, guess) for row, guess in zip(rows, guesses, strict=True) if not row.gold.startswith("@")]
    first = sum(row.is_right(guess.answers[0]) for row, guess in asked)
    among_three = sum(any(row.is_right(answer) for answer in guess.answers) for row, guess in asked)
    separated = roc_auc_score([not row.gold.startswith("@") for row in rows], [guess.in_scope for guess in guesses])
    report.methods.append(
        Measured(
            name, len(rows), first / len(asked), among_three / len(asked), separated, statistics.median(took) * 1000
        )
    )
