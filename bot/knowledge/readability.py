"""How easily an answer reads: words a sentence, and the Flesch reading ease for Dutch. Only here ``pyphen``.

The library is imported when a figure is asked for: a bot that only answers needs none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from statistics import mean
from typing import TYPE_CHECKING

from bot.knowledge import plain
from bot.knowledge.load import Files
from bot.knowledge.mistakes import N_, Mistake
from bot.knowledge.model import MAIN_LANGUAGE, Answer

if TYPE_CHECKING:
    from pyphen import Pyphen

MEAN_LIMIT = 11
"""Words a sentence, on average: what public bodies in the Netherlands keep to for everybody (B1), with some room."""

EASE_LIMIT = 70
"""Flesch reading ease by Douma's formula for Dutch, 0 (hard) to 100 and above (easy); 70 is what most adults read."""

LEAST_WORDS = 3
"""Words of the shortest text that counts as a sentence of its own."""

_NO_WORD = re.compile(r"'(?![tsd]|ve|ll|re)|[^\w\s']")


def words_a_sentence(sentences: list[str]) -> float:
    """Return the mean number of words of ``sentences``, which are not empty."""
    return mean(len(sentence.split()) for sentence in sentences)


def reading_ease(sentences: list[str]) -> float:
    """Return the Flesch reading ease of Dutch ``sentences``: 206.835 - 0.93 words a sentence - 77 syllables a word.

    As textstat counts, to the last digit: a sentence of fewer than three words makes the others no shorter.
    """
    words = [words for sentence in sentences if (words := _NO_WORD.sub("", sentence).lower().split())]
    count = sum(map(len, words))
    longer = sum(len(one) >= LEAST_WORDS for one in words)
    syllables = sum(len(_dutch().positions(word)) + 1 for one in words for word in one)
    return 206.835 - 0.93 * count / max(1, longer) - 77 * syllables / max(1, count)


def findings(files: Files) -> Iterator[Mistake]:
    """Yield a warning for each answer that is hard to read in Dutch, by the whole of its text."""
    for answer, tree, at in files.answers():
        sentences = dutch_sentences(answer)
        words = words_a_sentence(sentences)
        if words > MEAN_LIMIT:
            yield Mistake(
                tree.path,
                tree.line((*at, "text", MAIN_LANGUAGE)),
                N_("{where}: sentences of {mean} words on average; cut the long ones, {limit} is the most"),
                {"where": answer.id, "mean": f"{words:.1f}", "limit": MEAN_LIMIT},
                "warning",
            )
        ease = reading_ease(sentences)
        if ease < EASE_LIMIT:
            yield Mistake(
                tree.path,
                tree.line((*at, "text", MAIN_LANGUAGE)),
                N_("{where}: reading ease {ease}; take shorter words and sentences until it is {limit}"),
                {"where": answer.id, "ease": f"{ease:.0f}", "limit": EASE_LIMIT},
                "warning",
            )


def dutch_sentences(answer: Answer) -> list[str]:
    """Return all that a parent may read of ``answer`` in Dutch, sentence by sentence."""
    texts = [block for _, block in answer.text[MAIN_LANGUAGE].blocks()]
    texts += [passage.text[MAIN_LANGUAGE] for passage in answer.by_age]
    return [sentence for text in texts for sentence in plain.sentences(text)]


@cache
def _dutch() -> Pyphen:
    from pyphen import Pyphen

    return Pyphen(lang=MAIN_LANGUAGE)
