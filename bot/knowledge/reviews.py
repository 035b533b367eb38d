"""Sign-offs: writing down that somebody read a text and stands for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml

from bot.knowledge.model import Answer, Review, Reviews, WarningSign
from bot.knowledge.replacing import replace_file

HEAD = """\
# yaml-language-server: $schema=schema/reviews.schema.json
# Who read which text and stands for it. Written by `minidorp review`; a changed text makes its sign-off lapse.
"""


def sign(reviewed: Answer | WarningSign, language: str, role: str, today: date, until: date) -> Review:
    """Return the sign-off of one text in one language, bound to its words.

    Raises ``ValueError`` when ``until`` is not after ``today``.
    """
    if until <= today:
        raise ValueError(f"the sign-off would end on {until}, which is not after today; choose a later date")
    return Review(
        id=reviewed.id,
        language=language,
        role=role,
        reviewed_on=today,
        until=until,
        text_hash=reviewed.text_hash(language),
    )


def write(path: Path, reviews: tuple[Review, ...], added: Review) -> None:
    """Write the file of sign-offs with one added; an older one of the same text and language makes place.

    The file is replaced at once, so it is never half-written. Raises ``OSError`` when it cannot be.
    """
    kept = tuple(review for review in reviews if (review.id, review.language) != (added.id, added.language))
    body = Reviews(reviews=(*kept, added)).model_dump()
    body["reviews"] = list(body["reviews"])
    replace_file(path, HEAD + yaml.safe_dump(body, allow_unicode=True, sort_keys=False))
