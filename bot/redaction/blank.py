"""A question with everything taken out that could lead to somebody, or nothing at all when too little would be left.

A word stays when it is known to be an ordinary one, and stands where no name is expected. A number stays when it is
an age, an hour or a small quantity. Everything else becomes ``[…]``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.matching.clean import clean, one_line, plain_letters
from bot.redaction.lists import listed, names, names_that_are_words
from bot.redaction.patterns import BLANK, is_number_word, without_forms
from bot.redaction.words import BEGINS, NOUNS_WITH_CAPITALS, WITH_A_CAPITAL, OrdinaryWords

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

NUMBER_RUN = 3
"""So many numbers in a row, in words or figures, are a telephone number."""

SIGNS = frozenset(".,!?;:()\"'/%&+-،؟¿¡")
"""The signs that stay; pictures say nothing that a reader needs."""
SENTENCE_ENDS = frozenset(".!?؟")
_TOKEN = re.compile(rf"{BLANK}|\w+(?:['.,:/-]\w+)*|[.,!?;:()\"'/%&+،؟¿¡-]|\s+|.")
_SPACE_BEFORE_SIGN = re.compile(r"\s+(?=[,.!?;:)،؟])")
_NUMBER = re.compile(r"\d{1,2}(?:[.,:]\d{1,2})?|\d{1,2}[-/]\d{1,2}")
_LARGE_NUMBER = re.compile(r"\d{3}(?:[-/]\d{3})?")
_UNIT_BEHIND = re.compile(r"(\d{1,3}(?:[.,:]\d{1,2})?)([^\W\d_]{1,8})(?:\d{1,2})?")
_UNITS = listed("units")
"""What may stand behind a number."""
_LARGE_UNITS = listed("large units")
"""What of which there may be hundreds."""

_NAME_FOLLOWS = listed("before a name")
_CHILD_FOLLOWS = listed("before a child")
_SAYS_NOTHING = listed("between")
_BEFORE_FAMILY_NAME = listed("before a family name")
STRICT = frozenset({"tr", "pl", "ar", "uk", "ru"})
"""Languages in which many names are words, or have no capital: behind "my daughter" only common words stay."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    kind: str  # "word", "number", "blank", "name" (a blank that was a name), "space" or "sign"
    plain: str = ""


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
    tokens = _tokens(without_forms(line))
    if sum(token.kind in ("word", "number", "blank") for token in tokens) > MOST_WORDS:
        return None
    tokens = _without_numbers(_without_spelling(_without_unknown(tokens, language, words)))
    stays = sum(token.kind == "word" for token in tokens)
    gone = _holes(tokens)
    if stays < FEWEST_WORDS or gone > MOST_BLANKS * (stays + gone):
        return None
    return _joined(tokens)


def _is_of_alphabet(character: str) -> bool:
    return not character.isalpha() or unicodedata.name(character, "").startswith(ALPHABETS)


def _tokens(line: str) -> list[_Token]:
    found = []
    for text in _TOKEN.findall(line):
        if text == BLANK:
            found.append(_Token(text, "blank"))
        elif text.isspace():
            found.append(_Token(" ", "space"))
        elif not text[0].isalnum():
            found.append(_Token(text, "sign"))
        elif text[0].isdigit():
            found.append(_Token(text, "number", plain_letters(text)))
        else:
            found.append(_Token(text, "word", plain_letters(text)))
    return found


def _without_unknown(tokens: list[_Token], language: str, words: OrdinaryWords) -> list[_Token]:
    """Return the tokens with a blank for each word that is not known, or that stands where a name is expected."""
    is_shouted = sum(token.text.isupper() for token in tokens) * 2 > sum(token.kind == "word" for token in tokens)
    has_capitals = language not in NOUNS_WITH_CAPITALS and not is_shouted
    expected = ""  # what makes a name likely here: "", "name" or "child"
    result: list[_Token] = []
    before = ""
    for token in tokens:
        if token.kind != "word":
            is_abbreviation = expected == "name" and token.text == "."
            if token.kind == "number" or (token.text in SENTENCE_ENDS and not is_abbreviation):
                expected = ""
            result.append(token)
        else:
            begins = BEGINS.search(before) is not None
            is_large = has_capitals and token.text[0].isupper() and not begins and token.plain not in WITH_A_CAPITAL
            if is_large or _is_name(token.plain, expected or ("begin" if begins else ""), language, words):
                result.append(replace(token, kind="name"))
                expected = "surname"
            else:
                gone = _goes(token, language, words)
                result.append(replace(token, kind="blank") if gone else token)
                expected = _expects(token.plain, expected, gone=gone)
        before += token.text
    return result


def _is_name(plain: str, expected: str, language: str, words: OrdinaryWords) -> bool:
    """Tell whether a word is, or may be, a name where ``expected`` is expected."""
    if words.is_common(plain, language):
        return expected in ("name", "child") and (plain in names() or plain in names_that_are_words())
    if plain in names() or expected in ("name", "family"):
        return True
    return (plain in names_that_are_words() and bool(expected)) or (expected == "child" and language in STRICT)


def _goes(token: _Token, language: str, words: OrdinaryWords) -> bool:
    """Tell whether a word is not known, nor are the parts of one with a dash."""
    if token.plain in WITH_A_CAPITAL or words.is_known(token.plain, language):
        return False
    parts = [part for part in re.split(r"['.,:/-]", token.plain) if part]
    return len(parts) < 2 or not all(
        words.is_known(part, language)
        and part not in words.places
        and (len(part) > 1 or words.is_common(part, language))
        for part in parts
    )


def _expects(plain: str, before: str, *, gone: bool) -> str:
    """Return what is expected behind this word: a name of anybody, of a child, a second name, or nothing."""
    if plain in _NAME_FOLLOWS:
        return "name"
    if plain in _CHILD_FOLLOWS:
        return "child"
    if before in ("surname", "family", "name") and plain in _BEFORE_FAMILY_NAME:
        return "family"
    if before in ("name", "child") and plain in _SAYS_NOTHING:
        return before
    return "surname" if gone else ""


def _without_numbers(tokens: list[_Token]) -> list[_Token]:
    """Return the tokens with a blank for each number that is no age, hour or small quantity."""
    solid = [at for at, token in enumerate(tokens) if token.kind != "space"]
    result = list(tokens)
    for place, at in enumerate(solid):
        token = tokens[at]
        following = tokens[solid[place + 1]] if place + 1 < len(solid) else None
        previous = tokens[solid[place - 1]] if place else None
        if token.kind == "number" and not _may_stay(token, previous, following):
            result[at] = replace(token, kind="blank")
    run: list[int] = []
    for at in [*solid, -1]:
        token = result[at] if at >= 0 else _Token("", "sign")
        if token.kind in ("number", "blank", "name") or (token.kind == "word" and is_number_word(token.plain)):
            run.append(at)
        elif at >= 0 and token.kind == "sign" and token.text in ",-./":
            continue
        else:
            if sum(result[one].kind in ("number", "word") for one in run) >= NUMBER_RUN:
                for one in run:
                    result[one] = replace(result[one], kind="blank")
            run = []
    return result


def _may_stay(token: _Token, previous: _Token | None, following: _Token | None) -> bool:
    with_unit = _UNIT_BEHIND.fullmatch(token.plain)
    if with_unit:
        return with_unit.group(2) in _UNITS and (len(with_unit.group(1)) < 3 or with_unit.group(2) in _LARGE_UNITS)
    unit = following.plain if following and following.kind == "word" else ""
    if _LARGE_NUMBER.fullmatch(token.text):
        return unit in _LARGE_UNITS
    if not _NUMBER.fullmatch(token.text):
        return False
    if unit in _UNITS:
        return True
    is_behind_blank = previous is not None and previous.kind in ("blank", "name")
    may_be_a_date = "/" in token.text or "-" in token.text
    return not is_behind_blank and not may_be_a_date


def _without_spelling(tokens: list[_Token]) -> list[_Token]:
    """Return the tokens with a blank for letters that stand one by one: initials, or a name that is spelled."""
    solid = [at for at, token in enumerate(tokens) if token.kind not in ("space", "sign")]
    single = {at for at in solid if tokens[at].kind == "word" and len(tokens[at].text) == 1}
    result = list(tokens)
    for one, other in pairwise(solid):
        if one in single and other in single:
            result[one], result[other] = replace(tokens[one], kind="name"), replace(tokens[other], kind="name")
    return result


def _holes(tokens: list[_Token]) -> int:
    """Return in how many places something was taken out; what lay side by side counts once."""
    solid = [token.kind in ("blank", "name") for token in tokens if token.kind not in ("space", "sign")]
    return sum(is_hole and not (at and solid[at - 1]) for at, is_hole in enumerate(solid))


def _joined(tokens: list[_Token]) -> str:
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
