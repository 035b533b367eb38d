"""What can be recognised by its form: addresses of every kind, dates, and numbers that are more than a small quantity.

Which numbers are valid is not asked: a telephone number or a BSN with a typing error points to somebody all the same.
Everything works on one line of cleaned text and puts ``BLANK`` in the place of what it finds.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bot.redaction.lists import either_way, listed

BLANK = "\ue000"
"""Stands for what was taken out: a character for private use, which no message keeps."""
MOST_DIGITS = 4
"""Digits that may stand together, spaces, dots and commas among them not counted: "om 2, 4 en 6" has three, the
shortest number that leads to somebody has five."""

_SPELLED_AT = (
    r"(?:@|\(at\)|\[at\]|\b(?:at|apen?staart(?:je)?|apestaart(?:je)?|malpa|собака|собачка|et işareti|arobase|arroba)\b)"
)
_DOT = r"(?:\.|\b(?:punt|dot|point|punkt|nokta|kropka|punto|крапка|точка)\b)"
_SPELLED_SIGN = (
    r"(?:punt|dot|point|punkt|nokta|kropka|punto|крапка|точка|underscore|streepje|koppelteken|dash|hyphen|tire|çizgi"
    r"|podkreślnik|myślnik|kreska|дефіс|тире|підкреслення|unterstrich|bindestrich)"
)
_PROVIDERS = r"(?:gmail|hotmail|outlook|yahoo|icloud|ziggo|kpn|protonmail|gmx|onet|ukr)"
_ENDINGS = r"(?:nl|com|be|de|org|net|eu|info|app|io|me|tv|ua|pl|tr|fr|es|ru|uk|gg|ly)"
_ADDRESSES = (
    re.compile(r"\b\d{1,2}[\s./-]{1,3}\d{1,2}[\s./-]{1,3}(?:19|20)\d{2}\b"),  # a day, or its year were a postcode
    re.compile(r"\b(?:19|20)\d{2}[\s./-]\d{1,2}[\s./-]\d{1,2}\b"),
    re.compile(r"(?<!\S)\S*@\S*"),
    re.compile(rf"(?<!\S)\S{{1,64}}?\s?{_SPELLED_AT}\s?\S{{1,64}}?(?:\s?{_DOT}\s?\w{{1,20}}){{1,3}}\b", re.IGNORECASE),
    re.compile(rf"(?<!\S)\S{{1,64}}?\s?{_SPELLED_AT}\s?{_PROVIDERS}\b", re.IGNORECASE),
    # The parts of an address that is spelled, before the last one: "mama punt van punt".
    re.compile(rf"(?<!\S)(?:\S{{1,64}}\s{_SPELLED_SIGN}\s){{1,5}}(?=\s?{BLANK})", re.IGNORECASE),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(rf"\bwww(?:\s?{_DOT}\s?\w{{1,63}}){{1,4}}", re.IGNORECASE),
    re.compile(rf"(?<!\S)\S{{1,63}}\s{_SPELLED_SIGN}\s(?:nl|com|org|net|eu|info|pl|ua)\b", re.IGNORECASE),
    re.compile(rf"(?<![\w.-])[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.{_ENDINGS}\b(?:/\S*)?", re.IGNORECASE),
    re.compile(r"\b[A-Za-z]{2}\d{2}\s?[A-Za-z]{4}[\s\d.-]{6,}\b"),  # an IBAN with the letters of its bank
    re.compile(r"\b\d{4}\s?[A-Za-z]{2}\b(?:\s*\d{1,4}\b)?"),  # a postcode, and the number of the house
    re.compile(r"\b[A-Za-z]{1,3}-\d{2,3}-[A-Za-z]{1,3}\b|\b\d{1,3}-[A-Za-z]{2,3}-\d{1,3}\b"),  # of a car
    re.compile(r"#\w+"),
)
_DIGITS = re.compile(r"[+(]?\d(?:[\s().,/\\\-–—_+]{0,3}\d)+")
_GROUPS = re.compile(r"\d+")
_STREET = re.compile(
    r"\b\w*(?:straat|straatje|laan|weg|plein|gracht|kade|dijk|singel|steeg|hof|pad|plantsoen|dreef|markt|str|street|road"
    r"|avenue|lane|stra(?:ss|ß)e|gasse|allee|sokak|sokağı|caddesi|cad|mahallesi|ulica|вулиця|вул|улица|ул|شارع)\.?"
    r"\s*(?:nr|nummer|no|numer|№|#)?[.:]?\s*\d{1,4}(?:\s?[a-z])?\b(?!\s*(?:keer|x|jaar|uur|min))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:nr|nummer|huisnummer|number|numara|numer|номер|hausnummer|numéro|número|رقم|kamer|flat|lokaal|klas|groep)\b"
    r"[.:\s]*\d{1,4}(?:\s?[a-z])?\b",
    re.IGNORECASE,
)
_STAYS_WITH_NUMBER = re.compile(r"(?:groep|klas)\b\W*\d\b", re.IGNORECASE)
_WORDS_OF_NUMBERS = listed("numbers")
_UNITS_OF_NUMBERS = (
    "(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|negentien"
    "|ein|zwei|drei|funf|fünf|sechs|sieben|neun|zehn|neunzehn)"
)
_JOINED_NUMBER = re.compile(
    rf"(?:{_UNITS_OF_NUMBERS}?(?:duizend|honderd|tausend|hundert))?{_UNITS_OF_NUMBERS}?(?:en|und)?"
    r"(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig|zwanzig|dreissig|dreißig|vierzig|funfzig|fünfzig"
    r"|sechzig|siebzig|achtzig|neunzig)"
    rf"|{_UNITS_OF_NUMBERS}?(?:duizend|honderd|tausend|hundert){_UNITS_OF_NUMBERS}?"
)


def without_forms(line: str) -> str:
    """Return ``line`` with ``BLANK`` for e-mail and web addresses, handles, postcodes, streets with a number, dates,
    years, and runs of more than ``MOST_DIGITS`` digits.
    """
    line = "".join(_digit(character) for character in line.replace(BLANK, " "))
    for pattern in _ADDRESSES:
        line = pattern.sub(_around, line)
    line = _STREET.sub(_around, line)
    line = _NUMBERED.sub(
        lambda found: found.group() if _STAYS_WITH_NUMBER.fullmatch(found.group()) else f" {BLANK} ", line
    )
    line = _dates().sub(_around, line)
    return _DIGITS.sub(lambda found: f" {BLANK} " if _is_too_much(found.group()) else found.group(), line)


def _around(_found: re.Match[str]) -> str:
    return f" {BLANK} "


def is_number_word(plain: str) -> bool:
    """Tell whether a word in plain letters is a number: up to a hundred in one of the ten languages, or a larger
    one in Dutch or German that is written as one word.
    """
    return plain in _WORDS_OF_NUMBERS or bool(_JOINED_NUMBER.fullmatch(plain))


def _digit(character: str) -> str:
    """Return a digit of any script as one of 0 to 9, anything else as it is."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _is_too_much(found: str) -> bool:
    groups = _GROUPS.findall(found)
    digits = sum(len(group) for group in groups)
    looks_like_a_date = len(groups) == 3 and not re.search(r"[\s,]", found)
    return digits > MOST_DIGITS or len(groups) > 3 or looks_like_a_date


@cache
def _dates() -> re.Pattern[str]:
    """Return the pattern of a day of a month, and of a month with its year, in any of the languages."""
    month = either_way("months")
    word = rf"(?:{either_way('numbers')})(?:de|ste)?|{either_way('ordinals')}|(?:{_JOINED_NUMBER.pattern})(?:ste)?"
    day = rf"(?:\d{{1,2}}(?:e|ste|de|st|nd|rd|th|er|\.|\s*-?го)?|\b(?:{word}))"
    year = r"(?:[\s,.]*(?:'?\d{2}\b(?!\s*(?:keer|x|uur))|\d{4}\b))?"
    return re.compile(
        rf"{day}\s*(?:of|van|de|of the)?\s*(?:{month})\b\.?{year}|\b(?:{month})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b{year}"
        rf"|\b(?:{month})\.?\s*'?\d{{2,4}}\b|'\d{{2}}\b",
        re.IGNORECASE,
    )
