"""Short questions that mean nothing without the answer before them, and the small words around an age.

They are compared as strings: a classifier of subjects has nothing to go on in "en als dat niet helpt?".
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process

from bot.matching.clean import one_line, plain_letters

ALIKE = 86.0
"""Least similarity (0-100) to one of the phrases: two typing errors in "en als dat niet helpt" stay above, "is dat eng"
and "is dat erg" lie below."""

BEYOND: tuple[str, ...] = (
    "als dat niet helpt", "wat als dat niet helpt", "als dat niet werkt", "en als het niet lukt", "dat helpt niet",
    "als het niet helpt", "wat als het niet werkt", "als niks helpt", "niets helpt", "niks helpt", "het helpt niet",
    "dat werkt niet", "dat werkt niet bij ons", "dat lukt niet", "het lukt niet", "dat heb ik al geprobeerd",
    "heb ik al geprobeerd", "al geprobeerd", "dat doen we al", "dat doe ik al", "heb ik al gedaan", "werkt niet",
    "werkt niet bij ons", "helpt niet", "lukt niet", "doet ze al", "doet hij al", "dat doet ze al", "dat doet hij al",
    "doen we al", "meer tips", "nog meer tips", "andere tips", "heb je meer tips", "heb je nog tips", "en dan",
    "en dan nu", "wat nu", "en nu", "wat dan",
    "doesn't work", "doesn't help", "we do that already", "she does that already", "he does that already", "more tips",
    "any more tips", "other tips", "what else", "what now", "now what",
    "if that does not help", "what if that doesn't help", "what if that does not work", "what if it doesn't work",
    "that doesn't help", "it doesn't help", "that doesn't work", "nothing helps", "i already tried that",
    "tried that", "we already do that", "and if it doesn't work", "ya işe yaramazsa", "işe yaramazsa",
    "bu işe yaramıyor", "bunu denedim", "a jeśli to nie pomoże", "to nie pomaga", "a co jeśli to nie pomoże",
    "już próbowałam", "وإذا لم ينفع ذلك", "ماذا لو لم ينفع", "هذا لا ينفع", "لم ينفع", "а якщо це не допоможе",
    "а якщо не допоможе", "це не допомагає", "und wenn das nicht hilft", "das hilft nicht",
    # It gets worse, is it bad, whom to ask and when.
    "als het erger wordt", "als het niet overgaat", "als het niet beter wordt", "als het zo blijft", "is dat erg",
    "is het erg", "is dit erg", "is dat gevaarlijk", "kan dat kwaad", "moet ik me zorgen maken",
    "wanneer moet ik bellen", "wanneer bel ik", "wanneer kan ik bellen", "wanneer bel ik de huisarts",
    "wie moet ik bellen", "wie kan ik bellen", "wanneer moet ik naar de huisarts", "wanneer naar de dokter",
    "moet ik naar de dokter", "moet ik naar de huisarts", "moet ik dan bellen", "met wie kan ik daarover praten",
    "met wie kan ik hierover praten", "wie kan mij helpen", "wie kan me helpen", "wie kan ons daarbij helpen",
    "bij wie kan ik terecht", "waar kan ik terecht", "what if it gets worse", "is that bad", "is it bad",
    "is that dangerous", "is it serious", "should i worry", "should i be worried", "when should i call",
    "when do i call the doctor", "when should i see a doctor", "should i see a doctor", "do i need a doctor",
    "who can i call", "who can i talk to about this", "who can help me", "who can i talk to", "bu kötü mü",
    "tehlikeli mi", "ne zaman aramalıyım", "ne zaman doktora gitmeliyim", "doktora gitmeli miyim",
    "bunu kiminle konuşabilirim", "czy to groźne", "czy to źle", "kiedy mam zadzwonić", "kiedy do lekarza",
    "czy iść do lekarza", "z kim mogę o tym porozmawiać", "هل هذا خطير", "متى يجب أن أتصل", "متى أذهب إلى الطبيب",
    "هل أذهب إلى الطبيب", "مع من يمكنني التحدث عن ذلك", "це небезпечно", "це погано", "коли дзвонити лікарю",
    "коли телефонувати", "чи треба до лікаря", "з ким про це поговорити", "ist das schlimm",
    "wann muss ich anrufen", "wann zum arzt", "muss ich zum arzt", "mit wem kann ich darüber reden",
)  # fmt: skip
"""Asks for what comes after the tips: when to ask for help, and whom."""

REFUSES: tuple[str, ...] = (
    "hij weigert", "ze weigert", "zij weigert", "mijn kind weigert", "hij wil niet", "ze wil niet",
    "hij wil dat niet", "ze wil dat niet", "mijn kind wil niet", "hij doet het niet", "ze doet het niet",
    "he refuses", "she refuses", "he refuses it", "he won't", "she won't", "he doesn't want to",
    "she doesn't want to", "istemiyor", "ama istemiyor", "nie chce", "ale nie chce", "لا يريد", "لكنه يرفض",
    "не хоче", "але не хоче", "er will nicht", "sie weigert sich",
)  # fmt: skip
"""The child does not take part. After a few answers that is a subject of its own; after the others it asks what
``BEYOND`` asks."""

NORMAL: tuple[str, ...] = (
    "is dat normaal", "is dit normaal", "is het normaal", "is dat gewoon", "hoort dat erbij", "hoort dat zo",
    "hoe lang duurt dat", "hoelang duurt dit", "hoe lang duurt het", "hoe lang gaat dat duren",
    "hoe lang blijft dat zo", "wanneer is dat over", "wanneer gaat het over", "gaat dat vanzelf over",
    "gaat het over", "hoe komt dat", "waarom is dat", "waarom doet hij dat", "waarom doet ze dat",
    "hebben alle kinderen dat", "hebben meer kinderen dat", "hoezo", "waarom", "leg uit", "leg eens uit",
    "hoe bedoel je", "wat bedoel je", "vanaf wanneer", "vanaf welke leeftijd", "tot wanneer", "tot welke leeftijd",
    "how come", "why", "explain", "what do you mean", "from when", "from what age", "until what age",
    "is that normal", "is this normal",
    "how long does that last", "how long does it take", "how long will it last", "when does it stop",
    "does it pass", "will it go away", "why is that", "why does he do that", "why does she do that", "bu normal mi",
    "normal mi", "ne kadar sürer", "bu ne kadar sürer", "czy to normalne", "jak długo to trwa", "ile to trwa",
    "هل هذا طبيعي", "كم يستمر ذلك", "كم يدوم هذا", "чи це нормально", "це нормально", "скільки це триває",
    "ist das normal", "wie lange dauert das",
)  # fmt: skip
"""Asks for what is normal: whether, why and how long."""

OPENING = re.compile(
    r"^(?:(?:ja|ok|oke|okay|hm+|oh|dus|so|yes|yeah)\s+)*"
    r"(?:en|maar|wat|of|what|how about|and|but|peki|ya|a|ale|und|aber|oder|а|але|і|و|لكن|طيب)\b"
)
"""How a sentence begins that goes on from the one before. In Arabic "and" is written to the word it stands before."""
_SMALL_OPENING = re.compile(r"^(?:(?:ja|ok|oke|okay|hm+|oh|dus|so|yes|yeah|en|maar|and|but|peki|und|aber|ale)\s+)+")

_AROUND_AGES = frozenset(
    plain_letters(
        "en is nu al net pas bijna hij ze zij het hem haar mijn mn m'n onze ons kind kindje baby babytje peuter "
        "dreumes kleuter zoon zoontje dochter dochtertje jongen meisje van oud jong ja oh bij een als wordt "
        "geworden was werd "
        "ook maar dan wel ongeveer ruim voor met die deze geboren kwam de leeftijd sorry trouwens "
        "andere ander jongste oudste broertje zusje broer zus tweede "
        "and he she it my our son daughter child kid toddler boy girl old now almost just turned what about at a an "
        "for but the was born with in are they i have other youngest oldest brother sister second one "
        "o su anda benim oglum kizim bebegim cocugum ve yasinda aylik dogdu "
        "ma i ona on moj moja syn corka dziecko teraz ma urodzilo sie "
        "عمره عمرها عمر ابني ابنتي طفلي الان هو هي و "
        "иому іи вона він моіи моєму доньці сину дитині зараз а і "
        "er sie ist mein meine sohn tochter kind jetzt alt und und"
    ).split()
)
"""Words that say nothing beside an age: "en ze is nu 3"."""

_ANOTHER_CHILD = re.compile(
    r"\b(?:andere (?:kind|zoon|dochter)|ander kind|broer\w*|zus\w*|jongste|oudste|tweede kind|brother|sister|sibling"
    r"|youngest|oldest|eldest|other (?:child|kid|son|daughter|one)|kardes\w*|brat\w*|siostr\w*|schwester|bruder)\b"
)
_BABY = re.compile(r"\b(?:baby\w*|pasgeboren\w*|newborn|zuigeling|bebe\w*|bebek\w*|niemowl\w*|немовля\w*)\b|رضيع")

BABY_UNTIL_MONTHS = 18
"""Above this age nobody calls a child a baby; the word is then about another one."""


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in plain letters."""
    return re.findall(r"[\w']+", plain_letters(one_line(text)))


def is_one_of(text: str, phrases: tuple[str, ...]) -> bool:
    """Tell whether ``text`` is one of ``phrases`` but for small words before it and typing errors."""
    said = " ".join(words_of(text))
    bare = _SMALL_OPENING.sub("", said)
    bare = re.sub(r" (?:dan|then|nou)$", "", bare)
    known = _PLAIN[phrases]
    return any(process.extractOne(form, known, scorer=fuzz.ratio, score_cutoff=ALIKE) for form in {said, bare} if form)


def is_only_small_words(text: str) -> bool:
    """Tell whether nothing is left of ``text`` that says more than an age would."""
    return all(word in _AROUND_AGES for word in words_of(text))


def is_about_another_child(text: str, known_age_months: int) -> bool:
    """Tell whether ``text`` names a child that is not the one of ``known_age_months``."""
    lower = plain_letters(text)
    return bool(_ANOTHER_CHILD.search(lower) or (known_age_months > BABY_UNTIL_MONTHS and _BABY.search(lower)))


_PLAIN = {phrases: [" ".join(words_of(phrase)) for phrase in phrases] for phrases in (BEYOND, REFUSES, NORMAL)}
