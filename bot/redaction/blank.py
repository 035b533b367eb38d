"""A question with everything taken out that could lead to somebody, or nothing at all when too little would be left.

A word stays when it is known to be an ordinary one, and stands where no name is expected. A number stays when it is
an age, an hour or a small quantity. Everything else becomes ``[…]``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import pairwise

from bot.matching.clean import clean, one_line
from bot.redaction.numbers import without_numbers
from bot.redaction.patterns import without_forms
from bot.redaction.people import without_unknown
from bot.redaction.tokens import Token, tokens_of
from bot.redaction.words import OrdinaryWords

SHOWN = "[…]"
"""What a reader sees in the place of what was taken out."""
MOST_WORDS = 60
"""A longer story tells whose it is even without a name, so it is not kept."""
MOST_CHARACTERS = 600
"""A longer text is a story as well, and looking through it costs time."""
FEWEST_WORDS = 3
"""Words that must stay for a question to be one."""
MOST_BLANKS = 0.4
"""The share of holes among words and holes. Of what has more, nobody knows what was asked, and what is left is rather
a name that nobody knew."""
ALPHABETS = ("LATIN", "ARABIC", "CYRILLIC")

SIGNS = frozenset(".,!?;:()\"'/%&+-،؟¿¡")
"""The signs that stay; pictures say nothing that a reader needs."""
_SPACE_BEFORE_SIGN = re.compile(r"\s+(?=[,.!?;:)،؟])")


def blanked(text: str, language: str, words: OrdinaryWords) -> str | None:
    """Return what may be kept of a question, as a person reads it; None when nothing may.

    ``language`` is the language it is written in. Nothing is kept of a long story, of what is in another script or in a
    language with too few known words, and of what would have too many holes.
    """
    # Marks that belong to no letter would part a word, and a name in parts is not seen.
    line = "".join(character for character in one_line(clean(text)) if not unicodedata.combining(character))
    if (
        len(line) > MOST_CHARACTERS
        or language not in words.known
        or not all(_is_of_alphabet(character) for character in line)
    ):
        return None
    tokens = tokens_of(without_forms(line))
    if sum(token.kind in ("word", "number", "blank") for token in tokens) > MOST_WORDS:
        return None
    tokens = without_numbers(_without_spelling(without_unknown(tokens, language, words)))
    stays = sum(token.kind == "word" for token in tokens)
    gone = _holes(tokens)
    if stays < FEWEST_WORDS or gone > MOST_BLANKS * (stays + gone):
        return None
    return _joined(tokens)


def _is_of_alphabet(character: str) -> bool:
    return not character.isalpha() or unicodedata.name(character, "").startswith(ALPHABETS)


def _without_spelling(tokens: list[Token]) -> list[Token]:
    """Return the tokens with a blank for letters that stand one by one: initials, or a name that is spelled."""
    solid = [at for at, token in enumerate(tokens) if token.kind not in ("space", "sign")]
    single = {at for at in solid if tokens[at].kind == "word" and len(tokens[at].text) == 1}
    result = list(tokens)
    for one, other in pairwise(solid):
        if one in single and other in single:
            result[one], result[other] = replace(tokens[one], kind="name"), replace(tokens[other], kind="name")
    return result


def _holes(tokens: list[Token]) -> int:
    """Return in how many places something was taken out; what lay side by side counts once."""
    solid = [token.kind in ("blank", "name") for token in tokens if token.kind not in ("space", "sign")]
    return sum(is_hole and not (at and solid[at - 1]) for at, is_hole in enumerate(solid))


def _joined(tokens: list[Token]) -> str:
    """Return the text, with what was taken out shown once in a row and no signs but those of a sentence."""
    parts: list[str] = []
    for token in tokens:
        if token.kind in ("blank", "name"):
            while parts and parts[-1] in (" ", "-", ",", "/", "."):
                if parts[-1] == " " or (len(parts) > 1 and parts[-2] == SHOWN):
                    parts.pop()
                else:
                    break
            if not parts or parts[-1] != SHOWN:
                parts += [" ", SHOWN] if parts else [SHOWN]
        elif token.kind == "sign" and token.text not in SIGNS:
            # A space, because what was parted by a picture may be a name when it is joined.
            parts.append(" ")
        else:
            parts.append(token.text)
    # A text that begins with a sign could be a formula in a spreadsheet.
    return _SPACE_BEFORE_SIGN.sub("", one_line("".join(parts))).lstrip("+-%&/.,;:)' ")
