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

CAPITALS = re.compile(r"(?<![\w-])(?P<letters>[A-Z]{2,})(?!\w)(?:-[A-Za-z]+)?")
"""What is written in capitals only: the letters of something longer."""

KNOWN_CAPITALS = {"nl": ("TV",), "en": ("GP", "TV", "OK")}
"""Letters that every reader knows."""

DOTTED = re.compile(r"(?<![\w.])(?:[a-z]{1,2}\.){2,}")
"""Letters with a dot behind each: i.v.m., m.b.v., e.g."""

DOTTED_WORDS = ("a.m.", "p.m.")
"""Letters with dots that everybody reads."""

GENDERED = {
    "nl": r"\b(?:zoon(?:tje)?|dochter(?:tje)?|jongen|jongetje|meisje|meid)\b",
    "en": r"\b(?:your (?:son|daughter)|little (?:boy|girl))\b",
}
"""Words that make one kind of child out of every child; boys and girls together may be named."""

ORDER = {"nl": r"\b(moet|moeten|moest)\b", "en": r"\byou must\b"}
"""Words that order a parent about; in danger they are right."""

AMOUNT = re.compile(
    r"\b(?:\d+(?:[.,]\d+)?|halve?|half an?|twee|drie|vier|vijf|tien|two|three|four|five|ten)\s?"
    r"(?:(?P<volume>ml|cc|milliliters?|millilitres?)"
    r"|(?P<spoon>(?:thee|eet|maat)?lepel(?:s|tjes?)?|(?:tea|table)?spoon(?:s|fuls?)?|keer per dag|times a day)"
    r"|mg|mcg|[µμ]g|ie|iu|milligrams?|micrograms?|druppels?|drops?|(?:zet)?pil(?:len|letjes?)?|pills?|tablet(?:s|ten|jes?)?"
    r"|supposito(?:ry|ries)|pu(?:f|ff)(?:s|jes?|en)?|capsules?)(?!\w)",
    re.IGNORECASE,
)
"""So much of something, or so often."""

MEDICINE = re.compile(
    r"paracetamol|ibuprofen|aspirin|diclofenac|naproxen|code[iï]ne|melatonin|antibiotic|amoxicillin|cetirizine|loperamide|"
    r"laxe|laxative|macrogol|lactulose|\bors\b|pijnstill|painkill|medicijn|medicine|zetpil|supposito|hoestdrank|"
    r"cough syrup|neusspray|nasal spray|neusdruppel|salbutamol|prednison",
    re.IGNORECASE,
)
"""What is given as a medicine, in the same sentence or the one before."""

OTHERWISE = {
    "dose": re.compile(r"\bvitamine? [dk]\b|cafe[iï]ne|caffeine", re.IGNORECASE),
    "ml": re.compile(r"melk|milk|water|drink|fles|bottle|feed|voeding|\bvitamine? [dk]\b", re.IGNORECASE),
}
"""What may be measured out in an answer: every baby has the same vitamins D and K, and bottles are in millilitres."""

HIDDEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

LISTED = re.compile(r"^ *(?:-(?=[^\W\d])|[*•·‣–—](?= ))", re.MULTILINE)
"""The begin of a line that was meant as one of a list, and would show as it stands."""

DANGER = re.compile(r"\b(112|direct|meteen|gevaar\w*|nooit|danger\w*|never|straight away|immediately)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a text that a curator should look at; ``at`` is the place in the text where it begins."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    level: Literal["error", "warning"] = "warning"
    at: int = 0


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text``; a line of a list is one of its own."""
    found = []
    for line in text.splitlines():
        line = line.strip().removeprefix("- ").strip()
        found += [sentence for sentence in re.split(r"(?<=[.!?…])\s+", line) if sentence]
    return found


def unsafe(text: str) -> Iterator[Finding]:
    """Yield what would show as markup or could mislead the eye: tags, Markdown, marks of a list, hidden characters."""
    for pattern in (r"</?[A-Za-z][^>]*>", r"\*\*|__|\[[^\]]*\]\([^)]*\)|`", r"https?://|www\."):
        for match in _each(re.compile(pattern), text):
            yield Finding(
                N_("{where}: '{markup}' is markup or a link; write plain text"),
                {"markup": match[0]},
                "error",
                match.start(),
            )
    for match in LISTED.finditer(text):
        yield Finding(N_("{where}: a line of a list begins with '- '; write it so"), at=match.start())
    for match in _each(HIDDEN, text):
        yield Finding(
            N_("{where}: a character that cannot be seen (U+{code}) stands here; remove it"),
            {"code": f"{ord(match[0]):04X}"},
            "error",
            match.start(),
        )


def doses(text: str) -> Iterator[Finding]:
    """Yield each amount of a medicine, as errors: how much a child may have is said by who knows its weight."""
    at, before = 0, ""
    for sentence in sentences(text):
        at = text.index(sentence, at)
        around = f"{before} {sentence}"
        amounts = list(AMOUNT.finditer(sentence))
        of_medicine = bool(amounts) and MEDICINE.search(around) is not None
        for match in amounts:
            is_figure = match[0][0].isdigit()
            of_other = OTHERWISE["ml" if match["volume"] else "dose"].search(around)
            if of_medicine or (is_figure and not match["spoon"] and not of_other):
                yield Finding(
                    N_("{where}: '{dose}' is a dose; leave it to the doctor, the pharmacist and the leaflet"),
                    {"dose": match[0]},
                    "error",
                    at + match.start(),
                )
        before = sentence


def findings(text: str, language: str, title: str = "") -> Iterator[Finding]:
    """Yield what makes ``text`` hard to read or unkind, as warnings.

    Letters such as ADHD that its ``title`` has need no explanation: whoever reads on asked about them.
    """
    at = 0
    for sentence in sentences(text):
        at = text.index(sentence, at)
        words = sentence.split()
        if len(words) > SENTENCE_LIMIT:
            yield Finding(
                N_("{where}: a sentence of {count} words ('{start} …'); cut it, {limit} is the most"),
                {"count": len(words), "start": " ".join(words[:4]), "limit": SENTENCE_LIMIT},
                at=at,
            )
        order = re.search(ORDER.get(language, r"(?!)"), sentence, re.IGNORECASE)
        if order and not DANGER.search(sentence):
            yield Finding(
                N_("{where}: '{word}' orders a parent about; say what helps instead (in danger it is right)"),
                {"word": order[0]},
                at=at + order.start(),
            )
    lower = text.lower()
    for match in _unexplained(_any_of(JARGON.get(language, ()), r"(?<![\w'-])", r"(?![\w'-])"), lower):
        yield Finding(
            N_("{where}: '{word}' is jargon; use an everyday word or explain it in brackets"),
            {"word": match[0]},
            at=match.start(),
        )
    known = (*KNOWN_CAPITALS.get(language, ()), *CAPITALS.findall(title))
    for match in _unexplained(CAPITALS, text):
        if match["letters"] not in known and match[0].lower() not in JARGON.get(language, ()):
            yield Finding(
                N_("{where}: '{word}' is an abbreviation; write it out or explain it in brackets"),
                {"word": match[0]},
                at=match.start(),
            )
    for pattern in (_any_of(ABBREVIATIONS.get(language, ()), r"(?<!\w)"), DOTTED):
        for match in _each(pattern, lower):
            if pattern is DOTTED and match[0] in (*ABBREVIATIONS.get(language, ()), *DOTTED_WORDS):
                continue
            yield Finding(
                N_("{where}: '{word}' is an abbreviation; write it out"), {"word": match[0]}, at=match.start()
            )
    for match in _each(re.compile(GENDERED.get(language, r"(?!)")), lower):
        yield Finding(
            N_("{where}: '{word}' is one kind of child; write 'je kind', 'your child'"),
            {"word": match[0]},
            at=match.start(),
        )


def _each(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the first place of everything different that the pattern finds."""
    seen: set[str] = set()
    for match in pattern.finditer(text):
        if match[0] not in seen:
            seen.add(match[0])
            yield match


def _unexplained(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the words that are not explained where they first stand: in brackets, or as the brackets themselves."""
    for match in _each(pattern, text):
        if not re.match(r"\s*\(", text[match.end() :]) and text[match.start() - 1 : match.start()] != "(":
            yield match


def _line_of(text: str, at: int) -> int:
    return text.count("\n", 0, at)


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
