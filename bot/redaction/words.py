"""The ordinary words of each language: those that the curated files themselves use, in messages by different people.

A word that is not here is taken out of a kept question, whatever it is: so a name that no list knows goes as well.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from bot.knowledge.model import MAIN_LANGUAGE, Knowledge
from bot.matching.clean import clean, one_line, plain_letters
from bot.redaction.lists import listed, names

KNOWN_FROM = 2
"""Messages that must hold a word before it is known; a name in one made-up message is not a word."""
COMMON_SHARE = 0.01
"""The share of a language's messages from which a word is so common that it stays even when it is a name as well, as
"dan" and "ben". In Dutch 290 words are."""
COMMON_FROM = 10
"""The least number of such messages, for languages with few examples."""
PLACE_FROM = 20
"""Messages from which a word in the name of a wijk stays, when it is never written with a capital: "buurt"."""
NOUNS_WITH_CAPITALS = frozenset({"de"})
"""Languages in which a capital says nothing about a name."""
WITH_A_CAPITAL = listed("capitals")
WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
CAPITALIZED = re.compile(r"(?<![\w'-])(?=[^\W\d_])[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄҐ][^\W\d_]*(?:['-][^\W\d_]+)*")
BEGINS = re.compile(r"(?:^|[.!?:;…\"“(*]|\s-)\s*$")
"""What stands before the first word of a sentence."""


@dataclass(frozen=True, slots=True)
class OrdinaryWords:
    """Words in plain letters by language: ``known`` may stay, of these ``common`` stay wherever they stand.

    ``places`` are words in the names of the town and its wijken; they never stay.
    """

    known: dict[str, frozenset[str]] = field(default_factory=dict)
    common: dict[str, frozenset[str]] = field(default_factory=dict)
    places: frozenset[str] = frozenset()

    def is_known(self, word: str, language: str) -> bool:
        """Tell whether a word may stay in ``language``; Dutch is mixed into all of them."""
        return word in self._of(self.known, language) or word in self._of(self.known, MAIN_LANGUAGE)

    def is_common(self, word: str, language: str) -> bool:
        """Tell whether a word stays wherever it stands."""
        return word in self._of(self.common, language) or word in self._of(self.common, MAIN_LANGUAGE)

    def _of(self, words: dict[str, frozenset[str]], language: str) -> frozenset[str]:
        return words.get(language, frozenset())


def ordinary_words(knowledge: Knowledge) -> OrdinaryWords:
    """Return the words that stand in at least two example messages, less names of people and places.

    What is mostly written with a capital in the midst of a sentence is taken for a name. The town is never ordinary.
    """
    places = frozenset(
        word
        for wijk in knowledge.neighbourhoods
        for name in (knowledge.town, wijk.name, *wijk.synonyms)
        for word in WORD.findall(plain_letters(name))
    )
    town = frozenset(WORD.findall(plain_letters(knowledge.town)))
    known: dict[str, frozenset[str]] = {}
    common: dict[str, frozenset[str]] = {}
    for language, texts in _texts(knowledge).items():
        counts, capitals = _counted(texts)
        enough = max(COMMON_FROM, COMMON_SHARE * len(texts))
        ordinary = {
            word: count
            for word, count in counts.items()
            if count >= KNOWN_FROM
            and word not in town
            and (word not in places or count >= (enough if capitals[word] else PLACE_FROM))
            and (count >= enough or word not in names())
            and (language in NOUNS_WITH_CAPITALS or word in WITH_A_CAPITAL or 2 * capitals[word] < count)
        }
        known[language] = frozenset(ordinary)
        common[language] = frozenset(word for word, count in ordinary.items() if count >= enough)
    return OrdinaryWords(known, common, places)


def _texts(knowledge: Knowledge) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for by_language in knowledge.examples.values():
        for language, texts in by_language.items():
            found[language] += texts
    for answer in knowledge.answers():
        for language, texts in answer.questions.items():
            found[language] += texts
    return found


def _counted(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """Return in how many messages each word stands, and in how many only with a capital within a sentence."""
    counts: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    plain = cache(plain_letters)
    for text in texts:
        line = one_line(clean(text))
        words = Counter(plain(word) for word in WORD.findall(line.lower()))
        large = Counter(
            plain(found.group().lower())
            for found in CAPITALIZED.finditer(line)
            if not BEGINS.search(line[: found.start()])
        )
        counts.update(words.keys())
        capitals.update(word for word, times in large.items() if times == words[word])
    return counts, capitals
