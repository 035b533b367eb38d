"""Telegram's HTML: which tags there are, and what text and entities come out."""

from __future__ import annotations

import re
from typing import Any

from tests.fake_telegram.refusal import Refusal, bad

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
ATTRIBUTE = r"""\s+[a-zA-Z-]+(?:=(?:"[^"]*"|'[^']*'|[^\s>]*))?"""
TOKEN = re.compile(rf"<(/?)([^<>\s]*)((?:{ATTRIBUTE})*)\s*>|&(#?\w+);|<")


def utf16(text: str) -> int:
    """Return the length of a text in UTF-16 units, in which entities are measured."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the text that a reader sees, and its entities.

    Raises:
        Refusal: If the markup is not Telegram's.
    """
    text, entities, opened, at = "", [], [], 0
    for found in TOKEN.finditer(html):
        text += html[at : found.start()]
        at = found.end()
        closing, name, attributes, reference = found.groups()
        byte_offset = len(html[: found.start()].encode())
        if reference is not None:
            text += _character(reference, found.group())
        elif name is None or not name:
            raise _unparsed(f'Unsupported start tag "" at byte offset {byte_offset}')
        elif closing:
            if not opened or opened[-1][0] != name:
                raise _unparsed(f"Unexpected end tag at byte offset {byte_offset}")
            entities.append(_entity(opened.pop(), text))
        elif name not in TAGS:
            raise _unparsed(f'Unsupported start tag "{name}" at byte offset {byte_offset}')
        elif name == "blockquote" and any(other[0] == name for other in opened):
            raise _unparsed("Blockquotes can't be nested")
        else:
            opened.append((name, utf16(text), attributes or ""))
    if opened:
        raise _unparsed(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    text += html[at:]
    return text.strip(), [entity for entity in entities if entity["length"]]


def _unparsed(problem: str) -> Refusal:
    return bad(f"can't parse entities: {problem}")


def _character(reference: str, raw: str) -> str:
    if reference.startswith("#"):
        digits = reference[1:]
        code = int(digits[1:], 16) if digits[:1] in "xX" else int(digits)
        return chr(code)
    return NAMED.get(reference, raw)


def _entity(opened: tuple[str, int, str], text: str) -> dict[str, Any]:
    name, offset, attributes = opened
    kind = TAGS[name]
    if kind == "blockquote" and "expandable" in attributes:
        kind = "expandable_blockquote"
    return {"type": kind, "offset": offset, "length": utf16(text) - offset}
