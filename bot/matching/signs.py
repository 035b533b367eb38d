"""Warning signs in a message: word groups for what must never be missed, and a classifier with a class a sign.

Both look at every sentence and at the whole message, because a red flag drowns in a long story. Recall comes first:
what is not certain may still be possible, which costs a parent one line.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bot.knowledge.model import SignExamples, Zone
from bot.matching.clean import sentences
from bot.matching.linear import LinearClassifier
from bot.matching.rows import Rows
from bot.matching.thresholds import Thresholds

SAFE = "@safe"
"""The class of everything that is no warning sign."""

STRICTNESS = 1.0
"""The classifier's C."""

ORDINARY_STEP = 2
"""One in how many ordinary messages is learnt as safe: there are nearly ten times as many of them as of danger, and all
of them together draw the classifier towards "safe"."""

SAFE_SENTENCES = 8000
"""About how many sentences of safe messages are learnt from: without any, a third more false alarms; with all of them
twice the time and the same figures."""

FRAGMENT_WORDS = 5
"""Words of the short beginnings of ordinary messages that are learnt as safe: parents type "wil niet slapen", and
without these every short message lay nearer to an alarm."""

FRAGMENT_STEP = 6
"""One in how many ordinary messages lends its beginning."""

SIGN_WEIGHT = 2.0
"""How much more an example of danger weighs than one of the many ordinary ones."""


def training_rows(examples: Mapping[str, SignExamples], ordinary: list[str]) -> tuple[list[str], list[str]]:
    """Return texts and labels: what triggers, and as safe near misses and ordinary messages, whole and in sentences.

    The sentences of a message that triggers stay out: nobody said which of them is the dangerous one.
    """
    texts: list[str] = []
    labels: list[str] = []
    safe = ordinary[::ORDINARY_STEP]
    for sign, of_sign in examples.items():
        for messages in of_sign.must_trigger.values():
            texts += messages
            labels += [sign] * len(messages)
        for messages in of_sign.near_miss.values():
            safe += messages
    parts = list(dict.fromkeys(part for text in safe for part in units(text)[1:]))
    fragments = [" ".join(text.split()[:FRAGMENT_WORDS]) for text in ordinary[::FRAGMENT_STEP]]
    safe = list(dict.fromkeys([*safe, *parts[:: max(1, len(parts) // SAFE_SENTENCES)], *fragments]))
    return texts + safe, labels + [SAFE] * len(safe)


def fit(rows: Rows, labels: list[str]) -> LinearClassifier:
    """Fit the classifier on rows of features and their labels."""
    weights = np.where(np.array(labels) == SAFE, 1.0, SIGN_WEIGHT)
    return LinearClassifier.fit(rows, labels, strictness=STRICTNESS, row_weights=weights)


def units(text: str) -> list[str]:
    """Return what is looked at of a message: the whole, then its sentences when there are more than one."""
    parts = sentences(text)
    return [text, *parts] if len(parts) > 1 else [text]


def sign_scores(classifier: LinearClassifier, rows: Rows) -> dict[str, float]:
    """Return each sign's highest score over the rows of one message's units: how far above "safe" it lies."""
    scores = classifier.scores(rows)
    safe = classifier.classes.index(SAFE)
    above = (scores - scores[:, [safe]]) / 2
    best = above.max(axis=0)
    return {sign: float(best[position]) for position, sign in enumerate(classifier.classes) if sign != SAFE}


def zones(scores: Mapping[str, float], thresholds: Thresholds) -> dict[str, Zone]:
    """Return the signs that the classifier sees, with their zones."""
    return {
        sign: "certain" if score >= thresholds.sign_certain else "possible"
        for sign, score in scores.items()
        if score >= thresholds.sign_possible
    }
