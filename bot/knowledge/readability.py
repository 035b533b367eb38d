"""How easily an answer reads: words a sentence, and the Flesch reading ease for Dutch. Only here ``textstat``.

The library is imported when a figure is asked for: it takes half a second, and a bot that only answers needs none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from statistics import mean
from typing import TYPE_CHECKING

from bot.knowledge import plain
from bot.knowledge.load import Files
from bot.knowledge.mistakes import N_, Mistake
from bot.knowledge.model import MAIN_LANGUAGE, Answer

if TYPE_CHECKING:
    from textstat.textstat import textstatistics

MEAN_LIMIT = 11
"""Words a sentence, on average: what public bodies in the Netherlands keep to for everybody (B1), with some room."""

EASE_LIMIT = 70
"""Flesch reading ease by Douma's formula for Dutch, 0 (hard) to 100 and above (easy); 70 is what most adults read."""


def words_a_sentence(sentences: list[str]) -> float:
    """Return the mean number of words of ``sentences``, which are not empty."""
    return mean(len(sentence.split()) for sentence in sentences)


def reading_ease(sentences: list[str]) -> float:
    """Return the Flesch reading ease of Dutch ``sentences``: 206.835 - 0.93 words a sentence - 77 syllables a word.

    Each sentence gets one full stop: textstat splits at punctuation, so a line of a list without one, or a
    decimal point, would be counted wrongly.
    """
    text = " ".join(sentence.rstrip(".!?…:; ").replace(".", "") + "." for sentence in sentences)
    return float(_dutch().flesch_reading_ease(text))


def findings(files: Files) -> Iterator[Mistake]:
    """Yield a warning for each answer that is hard to read in Dutch, by the whole of its text."""
    for theme, tree in files.themes:
        for position, answer in enumerate(theme.answers):
            line = tree.line(("answers", position, "text", MAIN_LANGUAGE))
            sentences = dutch_sentences(answer)
            words = words_a_sentence(sentences)
            if words > MEAN_LIMIT:
                yield Mistake(
                    tree.path,
                    line,
                    N_("{where}: sentences of {mean} words on average; cut the long ones, {limit} is the most"),
                    {"where": answer.id, "mean": f"{words:.1f}", "limit": MEAN_LIMIT},
                    "warning",
                )
            ease = reading_ease(sentences)
            if ease < EASE_LIMIT:
                yield Mistake(
                    tree.path,
                    line,
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
def _dutch() -> textstatistics:
    from textstat.textstat import textstatistics

    counter = textstatistics()
    counter.set_lang(MAIN_LANGUAGE)
    return counter
