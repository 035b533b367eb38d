"""Plain language: what makes a text hard to read for a tired parent, and what must not stand in it at all.

Sentence lengths and word lists follow what Dutch public bodies agree on (short sentences, everyday words, no
abbreviations, active voice, je-form) and what this bot promises besides: no blame, no gendered child, no orders.
The findings on style are warnings: a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from bot.knowledge.mistakes import N_

SENTENCE_LIMIT = 20
"""Words in one sentence; half of them is what we aim at."""

JARGON = {
    "nl": (
        "jgz", "ggd", "swt", "vve", "hap", "ib'er", "cjg", "ncj", "nhg", "ors", "kft", "poh", "jeugdzorg",
        "excessief", "obstipatie", "regressie", "prematuur", "dysmatuur", "incontinent", "enuresis", "encopresis",
        "obesitas", "febriel", "pathologisch", "fysiologisch", "adequaat", "frequentie", "sensitief", "responsief",
        "prikkelverwerking", "zelfregulatie", "cognitief", "motorisch", "comorbiditeit", "indicatie", "anamnese",
        "conform", "middels", "indien", "teneinde", "derhalve", "dienen", "tevens", "betreffende",
    ),
    "en": ("obstipation", "enuresis", "regression", "pathological", "adequate", "caregiver-child", "pursuant"),
}  # fmt: skip
"""Words a parent would have to look up. An explanation in brackets right after one makes it fine."""

ABBREVIATIONS = {
    "nl": (
        "bv.",
        "bijv.",
        "o.a.",
        "evt.",
        "i.p.v.",
        "d.w.z.",
        "m.b.t.",
        "t/m",
        "a.u.b.",
        "ca.",
        "z.s.m.",
        "enz.",
    )
}
"""Abbreviations that are read aloud otherwise than they are written."""

GENDERED = {
    "nl": r"\b(zoon(tje)?|dochter(tje)?|jongetje|meisje)\b",
    "en": r"\b(your (son|daughter)|little (boy|girl))\b",
}
"""Words that make one kind of child out of every child. Answers about boys and girls themselves are exempt by id."""

ORDER = {"nl": r"\b(moet|moeten|moest)\b", "en": r"\byou must\b"}
"""Words that order a parent about; in danger they are right."""

DANGER = re.compile(r"\b(112|direct|meteen|gevaar\w*|nooit|danger\w*|never|straight away|immediately)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a text that a curator should look at."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    level: Literal["error", "warning"] = "warning"


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text``; a line of a list is one of its own."""
    found = []
    for line in text.splitlines():
        line = line.strip().removeprefix("- ").strip()
        found += [sentence for sentence in re.split(r"(?<=[.!?…])\s+", line) if sentence]
    return found


def unsafe(text: str) -> Iterator[Finding]:
    """Yield what would show as markup or could mislead the eye: tags, Markdown, hidden characters."""
    for pattern in (r"</?[A-Za-z][^>]*>", r"\*\*|__|\[[^\]]*\]\([^)]*\)|`", r"https?://|www\."):
        match = re.search(pattern, text)
        if match:
            yield Finding(
                N_("{where}: '{markup}' is markup or a link; write plain text"), {"markup": match[0]}, "error"
            )
    hidden = re.search("[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", text)
    if hidden:
        yield Finding(
            N_("{where}: a character that cannot be seen (U+{code}) stands here; remove it"),
            {"code": f"{ord(hidden[0]):04X}"},
            "error",
        )


def findings(text: str, language: str) -> Iterator[Finding]:
    """Yield what makes ``text`` hard to read or unkind, as warnings."""
    for sentence in sentences(text):
        words = sentence.split()
        if len(words) > SENTENCE_LIMIT:
            yield Finding(
                N_("{where}: a sentence of {count} words ('{start} …'); cut it, {limit} is the most"),
                {"count": len(words), "start": " ".join(words[:4]), "limit": SENTENCE_LIMIT},
            )
        order = re.search(ORDER.get(language, r"(?!)"), sentence, re.IGNORECASE)
        if order and not DANGER.search(sentence):
            yield Finding(
                N_("{where}: '{word}' orders a parent about; say what helps instead (in danger it is right)"),
                {"word": order[0]},
            )
    lower = text.lower()
    explained: dict[str, bool] = {}
    for match in _any_of(JARGON.get(language, ()), r"(?<![\w'-])", r"(?![\w'-])").finditer(lower):
        explained.setdefault(match[0], bool(re.match(r"\s*\(", lower[match.end() :])))
    for word, is_explained in explained.items():
        if not is_explained:
            yield Finding(
                N_("{where}: '{word}' is jargon; use an everyday word or explain it in brackets"),
                {"word": word},
            )
    for word in dict.fromkeys(_any_of(ABBREVIATIONS.get(language, ()), r"(?<!\w)").findall(lower)):
        yield Finding(N_("{where}: '{word}' is an abbreviation; write it out"), {"word": word})
    gendered = re.search(GENDERED.get(language, r"(?!)"), lower)
    if gendered:
        yield Finding(
            N_("{where}: '{word}' is one kind of child; write 'je kind', 'your child'"), {"word": gendered[0]}
        )


@cache
def _any_of(words: tuple[str, ...], before: str, after: str = "") -> re.Pattern[str]:
    """Return what finds any of ``words``, and nothing when there are none."""
    return re.compile(f"{before}(?:{'|'.join(map(re.escape, words)) or '(?!)'}){after}")


SITE = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9][a-z0-9-]*\.)+(?:nl|be|de|eu|com|org|net|info|me|tv|cc|co|io|ly|gg|ai|ru|cn|xyz|app|dev|"
    r"biz|top|shop|store|link|site|online|click|live|page)(?![\w-])|(?<![\w.])@[a-z]\w{3,}",
    re.IGNORECASE,
)
"""What Telegram makes a link of by itself: a name that ends as sites do most, or the name of an account."""


def sites(text: str) -> list[str]:
    """Return the sites and accounts that are named, in small letters."""
    return [site.lower() for site in SITE.findall(text)]


def telephone_numbers(text: str) -> list[str]:
    """Return what looks like a telephone number: 112, 113, 0800…, 088…, 0900…, 14 038."""
    return re.findall(r"(?<![\d,.-])(?:11[23]|14 ?0\d{2,3}|0\d(?:[\d -]{2,}\d))(?!,?\d)", text)


def figures(text: str) -> list[str]:
    """Return every figure written in digits, telephone numbers left out."""
    for number in sorted(telephone_numbers(text), key=len, reverse=True):
        text = text.replace(number, " ")
    return re.findall(r"\d+(?:[.,]\d+)?", text)
