"""Sign-offs: writing down that somebody read a text and stands for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import yaml

from bot.knowledge.model import Answer, Knowledge, Remark, Review, Reviews, WarningSign
from bot.knowledge.replacing import replace_file

SIGNED_FOR = timedelta(days=365)
"""How long a sign-off holds when nobody says otherwise: guidelines change about yearly."""

SOON = timedelta(days=14)
"""How long before a sign-off ends it is told: a professional needs an evening for it, and has a week off."""

State = Literal["none", "changed", "expired", "signed"]
"""How far the sign-off of a text is: nobody's, of other words than it has now, over, or holding."""

HEAD = """\
# yaml-language-server: $schema=schema/reviews.schema.json
# Who read which text and stands for it. Written by `minidorp review`; a changed text makes its sign-off lapse.
"""


ROLES = frozenset((
    "jeugdverpleegkundige", "verpleegkundige", "wijkverpleegkundige", "kinderverpleegkundige", "verpleegkundig",
    "specialist", "jeugdarts", "kinderarts", "huisarts", "arts", "bedrijfsarts", "vertrouwensarts", "tandarts",
    "mondhygiënist", "verloskundige", "kraamverzorgende", "kraamverzorger", "lactatiekundige", "diëtist",
    "logopedist", "fysiotherapeut", "kinderfysiotherapeut", "ergotherapeut", "psycholoog", "kinderpsycholoog",
    "orthopedagoog", "pedagoog", "jeugdhulpverlener", "hulpverlener", "opvoedadviseur", "gezinscoach",
    "wijkteammedewerker", "jongerenwerker", "maatschappelijk", "werker", "medewerker", "adviseur", "coördinator",
    "praktijkondersteuner", "apotheker", "doktersassistent", "leerkracht", "redacteur", "nurse", "youth", "community",
    "health", "visitor", "doctor", "paediatrician", "pediatrician", "midwife", "dentist", "dietitian", "pharmacist",
    "therapist", "speech", "psychologist", "pedagogue", "social", "worker", "adviser", "coordinator", "practice",
    "teacher", "editor", "gp", "ggd", "jgz", "ggz", "poh", "swt", "cjg", "knmg",
))  # fmt: skip
"""Words of roles that may begin with a capital; any other capital begins a name. Small letters are free."""


def is_role(text: str) -> bool:
    """Tell whether ``text`` can be a role: words in small letters, or of ``ROLES`` in any. A name has its capitals."""
    words = re.findall(r"[^\W\d_]+", text)
    return bool(words) and all(word.islower() or word.lower() in ROLES for word in words)


class _WrittenOut(yaml.SafeDumper):
    """Writes every value where it stands: two sign-offs until one day are no alias, which a file may not hold."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


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


def write(
    path: Path, before: Reviews | Knowledge, added: Iterable[Review] = (), remarks: Iterable[Remark] = ()
) -> None:
    """Write the file with new sign-offs and remarks; older ones of the same text and language make place.

    The file is replaced at once, so it is never half-written. Raises ``OSError`` when it cannot be.
    """
    signed = {(review.id, review.language): review for review in added}
    remarked = {(remark.id, remark.language): remark for remark in remarks}
    new = signed.keys() | remarked.keys()
    body = Reviews(
        reviews=(*(each for each in before.reviews if (each.id, each.language) not in signed), *signed.values()),
        remarks=(*(each for each in before.remarks if (each.id, each.language) not in new), *remarked.values()),
    )
    written = {name: list(values) for name, values in body.model_dump().items() if values or name == "reviews"}
    replace_file(path, HEAD + yaml.dump(written, Dumper=_WrittenOut, allow_unicode=True, sort_keys=False))


def state(
    knowledge: Knowledge, reviewed: Answer | WarningSign, language: str, today: date
) -> tuple[State, Review | None]:
    """Return how far the sign-off of a text in one language is, and the sign-off that tells so, if there is one."""
    found = [review for review in knowledge.reviews if (review.id, review.language) == (reviewed.id, language)]
    if not found:
        return "none", None
    last = found[-1]
    if last.text_hash != reviewed.text_hash(language):
        return "changed", last
    if knowledge.is_signed(reviewed, language, today):
        return "signed", last
    return "expired", last
