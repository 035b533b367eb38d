"""What the classifier says of a warning sign in one message."""

from __future__ import annotations

import numpy as np
import pytest

from bot.knowledge.model import SignExamples
from bot.matching.signs import MARK, OTHER_SHARE, SAFE, sign_scores, training_rows

CLASSES = (MARK + "brandwond", SAFE, "gezondheid-luieruitslag")


def test_a_sign_that_is_as_likely_as_all_else_together_has_nought():
    scores = np.log(np.array([[0.5, 0.25, 0.25]], np.float32))

    assert sign_scores(CLASSES, scores) == {"brandwond": pytest.approx(0.0, abs=1e-6)}


def test_the_likeliest_sentence_counts_and_the_whole_message_a_little():
    scores = np.log(np.array([[0.2, 0.4, 0.4], [0.9, 0.05, 0.05], [0.1, 0.5, 0.4]], np.float32))
    whole, sentence = np.log(0.2 / 0.8), np.log(0.9 / 0.1)

    found = sign_scores(CLASSES, scores)["brandwond"]

    assert found == pytest.approx((1 - OTHER_SHARE) * sentence + OTHER_SHARE * whole, abs=1e-5)


def test_what_is_an_ordinary_message_already_is_not_learnt_as_a_piece_of_one():
    examples = {"brandwond": SignExamples(must_trigger={"nl": ("hete thee",)}, near_miss={"nl": ("rode billen",)})}

    texts, classes = training_rows(examples, ["rode billen", "Hij slaapt niet. Hij eet goed."])

    assert dict(zip(texts, classes, strict=True))["hete thee"] == MARK + "brandwond"
    assert "rode billen" not in texts
    assert "Hij eet goed." in texts
