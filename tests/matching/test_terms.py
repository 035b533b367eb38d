"""Rows of terms are what scikit-learn's vectorizer makes of the same texts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.matching.rows import Rows
from bot.matching.terms import Terms, letters, words_and_pairs

TEXTS = ["hij slaapt niet", "hij slaapt niet door", "ze huilt en huilt en huilt", "m slaapt", "ja", "hij en ze"]
UNSEEN = ["hij huilt", "xyz", "", "slaapt slaapt slaapt ze"]


def matrix(rows: Rows) -> sparse.csr_matrix:
    return sparse.csr_matrix((rows.values, rows.columns, rows.starts), shape=(len(rows), rows.width))


@pytest.mark.parametrize("least", [1, 2])
def test_letters_weigh_as_in_scikit_learn(least: int) -> None:
    theirs = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=least)
    expected = theirs.fit_transform(TEXTS).toarray()

    terms, rows = Terms.fit((text.split() for text in TEXTS), least, letters)

    columns = [terms.columns[term] for term in theirs.get_feature_names_out()]
    np.testing.assert_allclose(matrix(rows).toarray()[:, columns], expected, atol=1e-6)
    unseen = matrix(terms.rows(text.split() for text in UNSEEN)).toarray()
    np.testing.assert_allclose(unseen[:, columns], theirs.transform(UNSEEN).toarray(), atol=1e-6)


def test_words_and_pairs_weigh_as_in_scikit_learn() -> None:
    theirs = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", sublinear_tf=True)
    expected = theirs.fit_transform(TEXTS).toarray()

    terms, rows = Terms.fit((words_and_pairs(text) for text in TEXTS), 1)

    columns = [terms.columns[term] for term in theirs.get_feature_names_out()]
    np.testing.assert_allclose(matrix(rows).toarray()[:, columns], expected, atol=1e-6)


def test_rows_lie_side_by_side_and_can_be_taken_and_narrowed() -> None:
    _, left = Terms.fit((text.split() for text in TEXTS), 1)
    right = Rows.dense(np.arange(12, dtype=np.float32).reshape(6, 2))

    both = Rows.beside([left, right.weighted(2)])

    expected = np.hstack([matrix(left).toarray(), matrix(right).toarray() * 2])
    np.testing.assert_array_equal(matrix(both).toarray(), expected)
    np.testing.assert_array_equal(matrix(both.take([4, 0, 4])).toarray(), expected[[4, 0, 4]])
    np.testing.assert_array_equal(matrix(both.narrowed(left.width)).toarray(), matrix(left).toarray())
