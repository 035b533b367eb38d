"""The networks that tell answers apart: what they learn, and that what is kept of them says the same again."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching import beside
from bot.matching.network import NetworkClassifier
from bot.matching.rows import Rows

DENSE = 4
LABELS = [f"answer-{number}" for number in range(6)]


def examples(count: int, seed: int) -> tuple[Rows, list[str]]:
    """Return rows in which a class is a pair of terms, neither of which tells it alone, amid terms that tell nothing."""
    random = np.random.default_rng(seed)
    pairs = [(first, second) for first in range(4) for second in range(first + 1, 4)]
    texts, labels = [], []
    for number in range(count):
        label = number % len(LABELS)
        noise = 4 + random.choice(30, 5, replace=False)
        texts.append(sorted({*pairs[label], *noise.tolist()}))
        labels.append(LABELS[label])
    starts = np.cumsum([0, *(len(text) for text in texts)])
    columns = np.concatenate(texts).astype(np.int32)
    sparse = Rows(starts.astype(np.int64), columns, np.full(len(columns), 0.5, np.float32), 34)
    dense = Rows.dense(random.standard_normal((count, DENSE), np.float32) * np.float32(0.1))
    return Rows.beside([sparse, dense]), labels


@pytest.fixture(scope="module")
def fitted() -> NetworkClassifier:
    return NetworkClassifier.fit(*examples(240, 1), DENSE)


def test_what_only_two_terms_together_tell_is_learnt(fitted):
    rows, labels = examples(120, 2)

    likeliest = [fitted.classes[place] for place in fitted.scores(rows).argmax(axis=1)]

    assert np.mean([one == other for one, other in zip(likeliest, labels, strict=True)]) > 0.9


def test_the_same_rows_give_the_same_networks(fitted):
    again = NetworkClassifier.fit(*examples(240, 1), DENSE)

    for name, kept in fitted.arrays("answers").items():
        assert np.array_equal(kept, again.arrays("answers")[name]), name


def test_networks_in_processes_of_their_own_are_the_same(fitted, monkeypatch):
    monkeypatch.setattr(beside, "ALONE", 0)

    again = NetworkClassifier.fit(*examples(240, 1), DENSE)

    assert np.array_equal(again.networks[1].terms, fitted.networks[1].terms)


def test_what_was_kept_says_the_same(fitted):
    rows, _ = examples(10, 3)

    restored = NetworkClassifier.from_arrays("answers", fitted.arrays("answers"))

    assert np.array_equal(restored.scores(rows), fitted.scores(rows))


def test_a_missing_part_is_named(fitted):
    kept = fitted.arrays("answers")
    del kept["answers_1_scale"]

    with pytest.raises(KeyError, match="answers_1_scale"):
        NetworkClassifier.from_arrays("answers", kept)
