"""Sentence embeddings behind one small protocol, so that a bigger embedder is one class more and no other change."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Protocol

from bot.matching.clean import bounded, sentences
from bot.matching.encoder import Matrix, SentenceEncoder

LONGEST = 600
"""Characters of one sentence that are embedded, its begin and its end; no example and no message of any evaluation set
has more than 480. One of signs alone costs a step a sign, and 1500 of them a tenth of a second."""


class Embedder(Protocol):
    """Turns texts into rows of numbers that lie near each other when the texts mean the same.

    ``name`` is part of the cache's key: another embedder, another build.
    """

    name: str

    def embed(self, texts: list[str]) -> Matrix:
        """Return one row a text; rows have length one."""
        ...


class UniversalSentenceEncoder:
    """Google's multilingual Universal Sentence Encoder, version 3: sixteen languages, 512 numbers a text.

    A text means what its sentences mean together.
    """

    name = "use-multilingual-3, by sentence"

    def __init__(self, folder: Path | None) -> None:
        self._encoder = SentenceEncoder(folder)

    def embed(self, texts: list[str]) -> Matrix:
        """Return an array (texts, 512) of rows of length one."""
        return self._encoder.encode(
            [[bounded(sentence, LONGEST) for sentence in sentences(text) or [text]] for text in texts]
        )


@cache
def default_embedder(folder: Path | None = None) -> Embedder:
    """Return the embedder that ships with the program, read once a process; in ``folder`` it keeps what takes much
    memory.
    """
    return UniversalSentenceEncoder(folder)
