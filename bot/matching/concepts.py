"""Which things a message is about, in whatever language: words to concepts, by the curated list of ``concepts.yaml``.

An example in Dutch so teaches something about a question in Polish, and "tut" something about "speen". A word may
belong to several concepts, and a concept says nothing by itself: the classifier learns what it means for an answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from bot.matching.clean import plain_letters

PAIR_WORDS = 12
"""How far apart, in words, two concepts may stand to count as named together."""

LEAST_INSIDE = 5
"""Least letters of a word in which the begin of another part is looked for: "nachtluier" holds "luier"."""

LONGEST_WORD = 40
"""Letters beyond which nothing is a word: looking for parts in it would cost the square of its length."""

_ONE_LETTER_FOR_SEVERAL = str.maketrans({"ı": "i", "ł": "l", "ß": "s", "ґ": "г", "ة": "ه", "ى": "ي", "'": " "})
_ARABIC_PREFIXES = ("و", "ف", "ب", "ل", "ك", "س", "ال", "لل", "وال", "بال", "فال", "كال")
"""Small words that Arabic writes on to the next: and, so, in, for, like, the."""
_WORD = re.compile(r"\w+")


class _Phrase(NamedTuple):
    """The words that must follow a first one for a concept to be meant; a star at the end of a word is a stem."""

    rest: tuple[str, ...]
    concept: str


class _Meaning(NamedTuple):
    """What a single word says: its concepts, and the phrases that could begin with it."""

    concepts: frozenset[str]
    phrases: tuple[_Phrase, ...]


class Concepts:
    """The words of all concepts, indexed so that a word is found by a few look-ups whatever the length of the list."""

    def __init__(self, concepts: Mapping[str, Mapping[str, str]]) -> None:
        """Index ``concepts``: words by language by concept, parted by commas; ``stem*``, ``*part``, ``two words``."""
        self._concepts = concepts
        self._whole: dict[str, set[str]] = defaultdict(set)
        self._stems: dict[str, set[str]] = defaultdict(set)
        self._inside: dict[str, set[tuple[str, bool]]] = defaultdict(set)
        self._phrases: dict[str, list[_Phrase]] = defaultdict(list)
        self._phrase_stems: dict[str, list[_Phrase]] = defaultdict(list)
        for concept, by_language in concepts.items():
            for words in by_language.values():
                for word in words.split(","):
                    self._add(concept, re.sub(r"[^\w* ]+", " ", folded(word)).split())
        self._meaning = lru_cache(maxsize=20_000)(self._read)

    def __reduce__(self) -> tuple[type[Concepts], tuple[Mapping[str, Mapping[str, str]]]]:
        """Go to another process as what it was made of: what was looked up before does not go along."""
        return Concepts, (self._concepts,)

    def _add(self, concept: str, parts: list[str]) -> None:
        if not parts:
            return
        first, core = parts[0], parts[0].strip("*")
        if len(parts) > 1:
            index = self._phrase_stems if first.endswith("*") else self._phrases
            index[core].append(_Phrase(tuple(parts[1:]), concept))
        elif first.startswith("*"):
            self._inside[core].add((concept, first.endswith("*")))
        elif first.endswith("*"):
            self._stems[core].add(concept)
        else:
            self._whole[core].add(concept)

    def named(self, text: str) -> list[str]:
        """Return the concepts in ``text`` as often as they are named, then each pair that is named together, once."""
        words = _WORD.findall(folded(text))
        found: list[tuple[int, str]] = []
        for position, word in enumerate(words):
            if len(word) > LONGEST_WORD:
                continue
            concepts, phrases = self._meaning(word)
            if phrases:
                following = words[position + 1 :]
                concepts = concepts.union(phrase.concept for phrase in phrases if _follows(phrase.rest, following))
            found += [(position, concept) for concept in sorted(concepts)]
        return [concept for _, concept in found] + sorted(_pairs(found))

    def _read(self, word: str) -> _Meaning:
        concepts = self._of(word)
        if "\u0600" <= word[0] <= "\u06ff":
            for prefix in _ARABIC_PREFIXES:
                if word.startswith(prefix) and len(word) - len(prefix) > 1:
                    concepts |= self._of(word[len(prefix) :])
        elif len(word) >= LEAST_INSIDE:
            for start in range(1, len(word) - 2):
                for end in range(start + 3, len(word) + 1):
                    inside = self._inside.get(word[start:end], ())
                    concepts |= {concept for concept, is_open in inside if is_open or end == len(word)}
        phrases = list(self._phrases.get(word, ()))
        for end in range(1, len(word) + 1):
            phrases += self._phrase_stems.get(word[:end], ())
        return _Meaning(frozenset(concepts), tuple(phrases))

    def _of(self, word: str) -> set[str]:
        found = set(self._whole.get(word, ()))
        for end in range(2, len(word) + 1):
            found |= self._stems.get(word[:end], set())
        return found


def folded(text: str) -> str:
    """Return ``text`` in lower case without accents, with letters that people type for one another made one."""
    return plain_letters(text).translate(_ONE_LETTER_FOR_SEVERAL)


def _follows(rest: tuple[str, ...], words: list[str]) -> bool:
    return len(rest) <= len(words) and all(
        word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
        for wanted, word in zip(rest, words, strict=False)
    )


def _pairs(found: list[tuple[int, str]]) -> set[str]:
    pairs = set()
    for number, (position, concept) in enumerate(found):
        for later, other in found[number + 1 :]:
            if later - position > PAIR_WORDS:
                break
            if other != concept:
                pairs.add(" ".join(sorted((concept, other))))
    return pairs
