"""A line as tokens: words, numbers, signs, spaces, and what was already taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.matching.clean import plain_letters
from bot.redaction.patterns import BLANK

_TOKEN = re.compile(rf"{BLANK}|\w+(?:['.,:/-]\w+)*|[.,!?;:()\"'/%&+،؟¿¡-]|\s+|.")


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is "word", "number", "blank", "name" (a blank that was a name), "space" or "sign"; ``plain`` are the
    letters of a word or number as words are compared.
    """

    text: str
    kind: str
    plain: str = ""


def tokens_of(line: str) -> list[Token]:
    """Return the tokens of a line, which together are the line but that a space is one character."""
    found = []
    for text in _TOKEN.findall(line):
        if text == BLANK:
            found.append(Token(text, "blank"))
        elif text.isspace():
            found.append(Token(" ", "space"))
        elif not text[0].isalnum():
            found.append(Token(text, "sign"))
        elif text[0].isdigit():
            found.append(Token(text, "number", plain_letters(text)))
        else:
            found.append(Token(text, "word", plain_letters(text)))
    return found
