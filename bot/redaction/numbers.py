"""Numbers that are no age, hour or small quantity: of houses and telephones, of accounts, and days of birth, in figures
and in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.redaction.lists import listed
from bot.redaction.patterns import BLANK, is_number_word
from bot.redaction.tokens import Token

NUMBER_RUN = 3
"""So many numbers in a row, in words or figures, are a telephone number."""
WORDS_OF_A_PLACE = 2
"""Words before "markt" or "plein" that belong to its name: "oude vismarkt", "eerste lage markt"."""
BETWEEN_LIVING_AND_PLACE = 4
"""Words between "wonen" and the last of a name of a street, its small words not counted."""
LETTERS_OF_A_NUMBER = 3
"""Letters that may stand within the number of a car or a house."""

_NUMBER = re.compile(r"\d{1,2}(?:[.,:]\d{1,2})?|\d{1,2}[-/]\d{1,2}")
_LARGE_NUMBER = re.compile(r"\d{3}(?:[-/]\d{3})?")
_UNIT_BEHIND = re.compile(r"(\d{1,3}(?:[.,:]\d{1,2})?)([^\W\d_]{1,8})(?:\d{1,2})?")
_UNITS = listed("units")
"""What may stand behind a number."""
_LARGE_UNITS = listed("large units")
"""What of which there may be hundreds."""
_ARTICLES = frozenset({"een", "one", "bir", "ein", "un", "uno", "jeden", "واحد", "один"})
"""Number words that stand before a noun as well."""
_FEW = frozenset({*_ARTICLES, "twee", "drie", "vier", "two", "three", "four", "zwei", "drei"})
"""Which child it is: "zwanger van nummer twee"."""
_ORDINALS = listed("ordinals")
_MONTHS = listed("months")
_A_NUMBER_FOLLOWS = listed("before a number")
_BORN = listed("born")
_PLACES = listed("places")
_ENDS_AS_A_PLACE = tuple(_PLACES)
_LIVING = listed("living")
_BEFORE_A_PLACE = listed("before a place")
_SAYS_NOTHING = listed("between") | {"op", "on", "in", "am", "w", "dnia", "at", "den", ":"}
_SIGNS_WITHIN = frozenset(",-./:")


def without_numbers(tokens: list[Token]) -> list[Token]:
    """Return the tokens with a blank for each number that could lead to somebody, and for the street before it."""
    solid = [at for at, token in enumerate(tokens) if token.kind != "space"]
    row = [tokens[at] for at in solid]
    gone = {at for at, token in enumerate(row) if token.kind == "number" and not _may_stay(row, at)}
    for rule in (_behind_a_word_for_it, _of_a_house, _where_somebody_lives, _of_birth, _runs):
        gone |= set(rule([replace(token, kind="blank") if at in gone else token for at, token in enumerate(row)]))
    result = list(tokens)
    for at in gone:
        # What was a name stays one: of two holes side by side one is shown.
        result[solid[at]] = replace(row[at], kind="name" if row[at].kind == "name" else "blank")
    return result


def _may_stay(row: list[Token], at: int) -> bool:
    token, previous = row[at], row[at - 1] if at else None
    with_unit = _UNIT_BEHIND.fullmatch(token.plain)
    if with_unit:
        return with_unit.group(2) in _UNITS and (len(with_unit.group(1)) < 3 or with_unit.group(2) in _LARGE_UNITS)
    if _LARGE_NUMBER.fullmatch(token.text):
        return _unit(row, at) in _LARGE_UNITS
    if not _NUMBER.fullmatch(token.text):
        return False
    if _unit(row, at) in _UNITS:
        return True
    is_behind_blank = previous is not None and _is_gone(previous)
    may_be_a_date = "/" in token.text or "-" in token.text
    return not is_behind_blank and not may_be_a_date


def _behind_a_word_for_it(row: list[Token]) -> Iterator[int]:
    """Yield what stands behind "nummer", "bsn" or "kenteken", up to the next real word."""
    for at, token in enumerate(row):
        if token.kind != "word" or token.plain not in _A_NUMBER_FOLLOWS:
            continue
        behind = _skip(row, at + 1, lambda one: one.plain in _SAYS_NOTHING or one.text in _SIGNS_WITHIN)
        has_letters = _is_part_of_a_number(row[behind]) and not _is_number(row[behind]) if behind < len(row) else False
        number = behind + 1 if has_letters and behind + 1 < len(row) and _has_figures(row[behind + 1]) else behind
        end = _skip(row, number, lambda one: _is_number(one) or _is_gone(one) or one.text in _SIGNS_WITHIN)
        if number < end and _has_figures(row[number]) and _unit(row, end - 1) not in _UNITS:
            is_which_child = end == number + 1 and row[number].plain in _FEW and not (at and row[at - 1].plain == "op")
            if not is_which_child:
                yield from range(behind, _skip(row, end, _is_part_of_a_number))


def _of_a_house(row: list[Token]) -> Iterator[int]:
    """Yield the number word behind a name or a street, and the street with the words that belong to it."""
    for at, token in enumerate(row):
        is_street = _is_place(token)
        if at + 1 >= len(row) or not (is_street or _is_gone(token)):
            continue
        number = at + 2 if row[at + 1].plain in _A_NUMBER_FOLLOWS and at + 2 < len(row) else at + 1
        is_number = _is_number(row[number]) or (is_street and row[number].kind == "blank")
        end = _skip(row, number, lambda one: _is_number(one) or one.kind == "blank")
        if not is_number or row[number].plain in _ARTICLES or _unit(row, end - 1) in _UNITS:
            continue
        yield from range(number, end)
        if is_street:
            yield at
            yield from _belonging_to(row, at)


def _where_somebody_lives(row: list[Token]) -> Iterator[int]:
    """Yield the name of a street or square that is no more than ordinary words: "wij wonen aan de grote markt"."""
    for at, token in enumerate(row):
        if token.plain in _LIVING:
            for place in range(at + 1, min(at + 1 + BETWEEN_LIVING_AND_PLACE, len(row))):
                if row[place].kind == "sign" or row[place].plain in _ARTICLES:
                    break
                if _is_place(row[place]):
                    yield place
                    yield from _belonging_to(row, place)
                    break


def _belonging_to(row: list[Token], place: int) -> Iterator[int]:
    """Yield the words before a street that are part of its name."""
    for at in range(place - 1, max(place - 1 - WORDS_OF_A_PLACE, -1), -1):
        if row[at].kind == "sign" or row[at].plain in _BEFORE_A_PLACE or row[at].plain in _LIVING:
            return
        yield at


def _of_birth(row: list[Token]) -> Iterator[int]:
    """Yield the parts of a day of birth beside "geboren": figures, numbers and months as words."""

    def is_part(token: Token) -> bool:
        return _is_number(token) or _is_gone(token) or token.plain in _ORDINALS or token.plain in _MONTHS

    for at, token in enumerate(row):
        if token.plain not in _BORN:
            continue
        first = _skip(row, at + 1, lambda one: one.plain in _SAYS_NOTHING or one.text in _SIGNS_WITHIN)
        end = _skip(row, first, lambda one: is_part(one) or one.text in _SIGNS_WITHIN)
        start = at
        while start and (is_part(row[start - 1]) or row[start - 1].text in _SIGNS_WITHIN):
            start -= 1
        for run in (range(first, end), range(start, at)):
            parts = [one for one in run if is_part(row[one])]
            while parts and _unit(row, parts[-1]) in _UNITS:
                parts.pop()
            if len(parts) > 1 or any(row[one].kind == "number" for one in parts):
                yield from parts


def _runs(row: list[Token]) -> Iterator[int]:
    """Yield numbers that stand in a row, or before what was told by its form: together they are one."""
    run: list[int] = []
    for at, token in enumerate([*row, Token("", "end")]):
        if _is_number(token) or _is_gone(token):
            run.append(at)
        elif token.text not in _SIGNS_WITHIN:
            numbers = sum(_is_number(row[one]) for one in run)
            if numbers and numbers + sum(row[one].text == BLANK for one in run) >= NUMBER_RUN:
                yield from run
            run = []


def _is_number(token: Token) -> bool:
    return token.kind == "number" or is_number_word(token.plain)


def _has_figures(token: Token) -> bool:
    """Tell whether it is, or was before it was taken out, a number."""
    return _is_number(token) or token.text == BLANK or (token.kind == "blank" and token.text[0].isdigit())


def _is_gone(token: Token) -> bool:
    return token.kind in ("blank", "name")


def _is_place(token: Token) -> bool:
    """Tell whether it names a street or square. Known words that only end so do not: "schoolplein", "abroad"."""
    return token.plain in _PLACES or (_is_gone(token) and token.plain.endswith(_ENDS_AS_A_PLACE))


def _is_part_of_a_number(token: Token) -> bool:
    """Tell whether it may go on a number: figures, or a few letters that are no small word."""
    if token.kind == "word":
        is_short = len(token.plain) <= LETTERS_OF_A_NUMBER
        return is_short and token.plain not in _SAYS_NOTHING and token.plain not in _BEFORE_A_PLACE
    return token.kind in ("number", "blank", "name")


def _skip(row: list[Token], start: int, is_skipped: Callable[[Token], bool]) -> int:
    """Return where the first token from ``start`` stands that is not skipped."""
    return next((at for at in range(start, len(row)) if not is_skipped(row[at])), len(row))


def _unit(row: list[Token], at: int) -> str:
    """Return the word behind a number, in plain letters; nothing when there is none."""
    return row[at + 1].plain if at + 1 < len(row) and row[at + 1].kind == "word" else ""
