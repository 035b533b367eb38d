"""Warning signs in a message: word groups for what must never be missed, and what the classifier says of each sign.

Both look at every sentence and at the whole message, because a red flag drowns in a long story. Recall comes first:
what is not certain may still be possible, which costs a parent one line.

A sign is a class of the one classifier, beside the answers and the routes: it so learns danger apart from each matter
that sounds like it, and not from one heap of everything safe (docs/matching.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bot.knowledge.model import SignExamples, Zone
from bot.matching.clean import sentences
from bot.matching.encoder import Matrix
from bot.matching.thresholds import Thresholds

MARK = "!"
"""What the name of a sign's class begins with, so that no answer and no route is taken for it."""

SAFE = MARK + "@safe"
"""The class of what sounds like danger and is none, and of pieces of ordinary messages; no sign has this name."""

SAFE_SENTENCES = 2700
"""About how many sentences of safe messages are learnt from: three times as many do as well, for a tenth more time."""

FRAGMENT_WORDS = 5
"""Words of the short beginnings of ordinary messages that are learnt as safe: parents type "wil niet slapen", and
without these every short message lay nearer to an alarm."""

FRAGMENT_STEP = 18
"""One in how many ordinary messages lends its beginning."""

OTHER_SHARE = 0.2
"""How much the less sure of the two weighs, whole message or likeliest sentence: with as many ordinary messages taken
for danger, 2 in 100 more of the dangerous ones are certain than with 0; .3 does no better."""


def training_rows(examples: Mapping[str, SignExamples], ordinary: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return texts and classes: what triggers, and as safe near misses and pieces of them and of ``ordinary`` messages.

    The sentences of a message that triggers stay out: nobody said which of them is the dangerous one. Neither does an
    ordinary message come here as a whole: it has a class of its own.
    """
    texts: list[str] = []
    classes: list[str] = []
    near: list[str] = []
    for sign, of_sign in examples.items():
        for messages in of_sign.must_trigger.values():
            texts += messages
            classes += [MARK + sign] * len(messages)
        for messages in of_sign.near_miss.values():
            near += messages
    parts = list(dict.fromkeys(part for text in [*ordinary, *near] for part in units(text)[1:]))
    fragments = [" ".join(text.split()[:FRAGMENT_WORDS]) for text in ordinary[::FRAGMENT_STEP]]
    safe = dict.fromkeys([*near, *parts[:: max(1, len(parts) // SAFE_SENTENCES)], *fragments])
    whole = set(ordinary)
    pieces = [text for text in safe if text not in whole]
    return texts + pieces, classes + [SAFE] * len(pieces)


def units(text: str) -> list[str]:
    """Return what is looked at of a message: the whole, then its sentences when there are more than one."""
    parts = sentences(text)
    return [text, *parts] if len(parts) > 1 else [text]


def sign_scores(classes: Sequence[str], scores: Matrix) -> dict[str, float]:
    """Return each sign's score in one message: how much likelier it is than all that is no sign, as a logarithm.

    ``scores`` is an array (units of the message, classes) of logarithms of chances, the whole message first. The whole
    or the sentence that says most counts, and the other of the two a little.
    """
    is_sign = np.array([name.startswith(MARK) and name != SAFE for name in classes])
    highest = scores.max(axis=1, keepdims=True)
    nothing = np.log(np.exp(scores[:, ~is_sign] - highest).sum(axis=1, keepdims=True)) + highest
    above = scores[:, is_sign] - nothing
    if len(above) > 1:
        two = np.vstack([above[0], above[1:].max(axis=0)])
        above = (1 - OTHER_SHARE) * two.max(axis=0, keepdims=True) + OTHER_SHARE * two.min(axis=0, keepdims=True)
    signs = [name.removeprefix(MARK) for name, is_one in zip(classes, is_sign, strict=True) if is_one]
    return dict(zip(signs, above[0].tolist(), strict=True))


def zones(scores: Mapping[str, float], thresholds: Thresholds) -> dict[str, Zone]:
    """Return the signs that the classifier sees, with their zones."""
    return {
        sign: "certain" if score >= thresholds.sign_certain else "possible"
        for sign, score in scores.items()
        if score >= thresholds.sign_possible
    }
