"""Texts for hypothesis: pieces of the corpus between characters of every plane, halves of characters included."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.hostile.corpus import DATA, PIECES

ANY_CHARACTER = st.characters(exclude_categories=())
PIECE = st.sampled_from([piece for pieces in PIECES.values() for piece in pieces])


def _grown(parts: list[str], times: int, between: str) -> str:
    return between.join(parts) * times


texts = st.builds(
    _grown,
    st.lists(st.one_of(PIECE, st.text(ANY_CHARACTER, max_size=30)), max_size=6),
    st.sampled_from((1, 1, 1, 30, 1000)),
    st.sampled_from(("", " ", "\n", "\u200b")),
)
"""From nothing to some hundred thousand characters."""

data = st.one_of(
    st.sampled_from(DATA),
    st.builds(lambda head, tail: f"{head}:{tail}", st.sampled_from(DATA), st.text(ANY_CHARACTER, max_size=30)),
    st.text(ANY_CHARACTER, max_size=80),
)
"""What may stand behind a press."""
