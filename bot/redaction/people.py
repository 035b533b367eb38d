"""Names of people and schools: a word goes when it is not known, or when it stands where a name is expected."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.redaction.lists import family_names_that_are_words, listed, names, names_that_are_words
from bot.redaction.tokens import Token
from bot.redaction.words import BEGINS, NOUNS_WITH_CAPITALS, WITH_A_CAPITAL, OrdinaryWords

SENTENCE_ENDS = frozenset(".!?؟")
STRICT = frozenset({"tr", "pl", "ar", "uk", "ru"})
"""Languages in which many names are words, or have no capital: behind "my daughter" only common words stay."""

_TITLES = listed("before a name")
_PROFESSIONS = listed("of a profession")
_BEFORE_A_NAME = _TITLES | _PROFESSIONS
_CHILDREN = listed("before a child")
_SAYS_NOTHING = listed("between")
_BEFORE_FAMILY_NAME = listed("before a family name")
_ONLY_IN_FAMILY_NAMES = listed("only in family names")
_BEHIND_A_NAME = listed("behind a name")
_NO_NAMES = {language: listed(f"no names {language}") for language in ("nl", "en", "de")}
WORDS_OF_A_NAME = 2
"""Words that are taken out before "hanım" or "nursery", when they are not of the commonest."""
_OF_SOMEBODY = ("name", "profession", "of", "surname", "family")
"""What is expected where a family name may stand."""


def without_unknown(tokens: list[Token], language: str, words: OrdinaryWords) -> list[Token]:
    """Return the tokens with a blank for each word that is not known, or that stands where a name is expected."""
    is_shouted = sum(token.text.isupper() for token in tokens) * 2 > sum(token.kind == "word" for token in tokens)
    has_capitals = language not in NOUNS_WITH_CAPITALS and not is_shouted
    expected = ""  # what makes a name likely here, as in _expects
    result: list[Token] = []
    before = ""
    for token in tokens:
        if token.kind != "word":
            is_abbreviation = expected in ("name", "profession") and token.text == "."
            if token.kind == "number" or (token.text in SENTENCE_ENDS and not is_abbreviation):
                expected = ""
            result.append(token)
        else:
            begins = BEGINS.search(before) is not None
            is_large = has_capitals and token.text[0].isupper() and not begins and token.plain not in WITH_A_CAPITAL
            if token.plain in _BEHIND_A_NAME:
                _take_name_before(result, language, words)
            if is_large or _is_name(token.plain, expected or ("begin" if begins else ""), language, words):
                result.append(replace(token, kind="name"))
                expected = "surname"
            else:
                gone = _goes(token, language, words)
                result.append(replace(token, kind="blank") if gone else token)
                expected = _expects(token.plain, expected, language, gone=gone)
        before += token.text
    return result


def _is_name(plain: str, expected: str, language: str, words: OrdinaryWords) -> bool:
    """Tell whether a word is, or may be, a name where ``expected`` is expected."""
    if expected == "only":
        return True
    if plain in _BEFORE_FAMILY_NAME and plain not in names() and expected in _OF_SOMEBODY:
        return False
    may_be = plain in names() or plain in names_that_are_words()
    may_be |= plain in family_names_that_are_words() and expected in _OF_SOMEBODY
    if words.is_common(plain, language):
        is_another_word = plain in _NO_NAMES.get(language, ())
        return may_be and not is_another_word and expected in ("name", "profession", "of", "child")
    if plain in names() or (may_be and bool(expected)):
        return True
    is_expected = expected in ("name", "family") or (expected == "child" and language in STRICT)
    # "Kızımın adı": such a word is no name, but says that one comes.
    return is_expected and (expected == "family" or plain not in _BEFORE_A_NAME)


def _expects(plain: str, before: str, language: str, *, gone: bool) -> str:
    """Return what is expected behind this word, which is no name.

    "name": of somebody, behind a title; "profession": behind one, a name or what that person says; "of": the same, with
    a small word between, as in "the doctor of my son"; "child": of a child; "family" and "only": a family name, behind
    a word that may stand, or only stands, within one; "surname": a second name; "gap": behind an unknown word, perhaps
    the same; or nothing.
    """
    if plain in _TITLES:
        return "name"
    if plain in _PROFESSIONS:
        return "name" if before == "name" else "profession"
    if plain in _CHILDREN:
        return "child"
    if before in (*_OF_SOMEBODY, "gap"):
        if plain in _ONLY_IN_FAMILY_NAMES and before != "gap" and language not in NOUNS_WITH_CAPITALS:
            return "only"
        if plain in _BEFORE_FAMILY_NAME and before != "of" and (before != "profession" or plain != "van"):
            return "family"
    if before in ("name", "profession", "of", "child") and plain in _SAYS_NOTHING:
        return "of" if before == "profession" else before
    if not gone:
        return ""
    return "surname" if before in (*_OF_SOMEBODY, "child") else "gap"


def _take_name_before(tokens: list[Token], language: str, words: OrdinaryWords) -> None:
    """Take out the last words that may be a name, up to one of the commonest."""
    last = [at for at, token in enumerate(tokens) if token.kind != "space"][: -1 - WORDS_OF_A_NAME : -1]
    for at in last:
        plain = tokens[at].plain
        is_a_name = plain in names() or plain in names_that_are_words()
        if tokens[at].kind not in ("word", "blank", "name") or (words.is_common(plain, language) and not is_a_name):
            return
        tokens[at] = replace(tokens[at], kind="name")


def _goes(token: Token, language: str, words: OrdinaryWords) -> bool:
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
