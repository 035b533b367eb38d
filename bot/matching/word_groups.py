"""Word groups of warning signs: combinations of words in one sentence that must never be missed.

A group is lines of alternatives; every line must be found in the sentence. ``stam*`` begins so, ``*woord`` ends so,
``*woord*`` holds it, words with spaces follow each other, ``a ~ b`` allows up to four words between. What stands
just behind a negation does not count, unless the alternative names the negation itself. A word of six letters or
more is found with one typing error, but only when the typed word is none that parents use otherwise.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.knowledge.model import WarningSign, WordGroup, Zone
from bot.matching.ages import age_months, both_ages, weeks_early
from bot.matching.clean import plain_letters

NEGATIONS = frozenset(["geen", "niet", "nooit", "no", "not", "never", "zonder", "without", "nauwelijks"])
"""Words that take back what follows within ``NEGATION_REACH`` words."""

NEGATION_REACH = 2

LEAST_TYPO_LETTERS = 6

WORDS_BETWEEN = 4
"""How many words a ``~`` may stand for."""

_WORD = re.compile(r"[\w']+")
_TEMPERATURE = re.compile(r"(?<![\d.,])(3[5-9]|4[0-3])(?:[.,](\d))?(?!\d)")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of alternatives: those that name their own negation, and those that a negation takes back."""

    outright: re.Pattern[str] | None
    negatable: re.Pattern[str] | None

    def found(self, words: str) -> bool:
        if self.outright and self.outright.search(words):
            return True
        if not self.negatable:
            return False
        return any(
            not NEGATIONS.intersection(words[: match.start()].split()[-NEGATION_REACH:])
            for match in self.negatable.finditer(words)
        )


@dataclass(frozen=True, slots=True)
class _Group:
    sign: str
    zone: Zone
    lines: tuple[_Line, ...]
    without: re.Pattern[str] | None
    ages: tuple[int, int] | None
    fever: float | None


class WordGroups:
    """All groups of all signs, with an index by the letters their words begin with: a message touches few groups."""

    def __init__(
        self, signs: Iterable[WarningSign], known_words: frozenset[str], sets: Mapping[str, str] | None = None
    ) -> None:
        """Compile the groups.

        ``known_words`` are words of ordinary messages, which are never taken for a typo; ``sets`` are the named
        words that ``$name`` stands for. Raises ``KeyError`` for a name that is none of them.
        """
        self._sets = sets or {}
        self._groups: list[_Group] = []
        self._by_stem: dict[str, set[tuple[int, int]]] = defaultdict(set)
        self._by_part: dict[str, set[tuple[int, int]]] = defaultdict(set)
        self._known = known_words
        spellings: set[str] = set()
        for sign in signs:
            for group in sign.groups:
                spellings |= self._add(sign.id, group)
        self._spellings: dict[str, list[str]] = defaultdict(list)
        for spelling in sorted(spellings):
            self._spellings[spelling[0]].append(spelling)

    def _add(self, sign: str, group: WordGroup) -> set[str]:
        number = len(self._groups)
        spellings: set[str] = set()
        lines = []
        for position, line in enumerate(group.all):
            alternatives = self._alternatives(line)
            for alternative in alternatives:
                spellings |= {
                    word
                    for word in re.findall(r"(?<![\w*'])\w+(?![\w*'])", alternative)
                    if len(word) >= LEAST_TYPO_LETTERS
                }
                anchor = max(re.findall(r"\*?[\w']+\*?", alternative), key=lambda word: len(word.strip("*")))
                index = self._by_part if anchor.startswith("*") else self._by_stem
                index[anchor.strip("*")].add((number, position))
            own = [a for a in alternatives if NEGATIONS.intersection(a.split())]
            lines.append(_Line(_pattern(own), _pattern([a for a in alternatives if a not in own])))
        without = _pattern(self._alternatives(group.without)) if group.without else None
        self._groups.append(_Group(sign, group.zone, tuple(lines), without, group.ages, group.fever))
        return spellings

    def _alternatives(self, line: str) -> list[str]:
        expanded = re.sub(r"\$([a-z0-9-]+)", lambda match: self._sets[match[1]], line)
        return [" ".join(plain_letters(part).split()) for part in expanded.split("|") if part.strip()]

    def matches(
        self, sentences: list[str], known_age_months: int | None, known_weeks_early: int | None = None
    ) -> dict[str, Zone]:
        """Return the signs whose words stand in one of the cleaned ``sentences``, each with its strongest zone.

        What the sentences say of the child's age wins over what is known. A group for an age is met by the age of the
        calendar, or by that from the day a child that came too early was expected.
        """
        found: dict[str, Zone] = {}
        whole = ". ".join(sentences)
        told = age_months(whole)
        age = told if told is not None else known_age_months
        ages = both_ages(age, weeks_early(whole) or known_weeks_early)
        for sentence in sentences:
            words = self._spelled(sentence)
            for number in self._candidates(words):
                group = self._groups[number]
                if found.get(group.sign) != "certain" and _is_met(group, words, sentence, ages):
                    found[group.sign] = group.zone
        return found

    def _spelled(self, sentence: str) -> str:
        """Return the words between single spaces, typing errors in alarm words mended."""
        mended = []
        for word in _WORD.findall(plain_letters(sentence)):
            if len(word) >= LEAST_TYPO_LETTERS and word not in self._known:
                close = process.extractOne(word, self._spellings.get(word[0], ()), scorer=OSA.distance, score_cutoff=1)
                mended.append(close[0] if close else word)
            else:
                mended.append(word)
        return f" {' '.join(mended)} "

    def _candidates(self, words: str) -> list[int]:
        """Return the groups each line of which has a word that could be there."""
        hits: set[tuple[int, int]] = set()
        for word in set(words.split()):
            for length in range(1, len(word) + 1):
                hits |= self._by_stem.get(word[:length], set())
        for part, places in self._by_part.items():
            if part in words:
                hits |= places
        lines: dict[int, int] = defaultdict(int)
        for number, _ in hits:
            lines[number] += 1
        return sorted(number for number, count in lines.items() if count == len(self._groups[number].lines))


def _is_met(group: _Group, words: str, sentence: str, ages: Collection[int]) -> bool:
    if group.ages and not any(group.ages[0] <= age <= group.ages[1] for age in ages):
        return False
    if group.fever is not None and not any(degrees >= group.fever for degrees in temperatures(sentence)):
        return False
    if group.without and group.without.search(words):
        return False
    return all(line.found(words) for line in group.lines)


def temperatures(sentence: str) -> list[float]:
    """Return the body temperatures named in ``sentence``, in degrees Celsius."""
    return [float(f"{whole}.{tenth or 0}") for whole, tenth in _TEMPERATURE.findall(sentence)]


def _pattern(alternatives: list[str]) -> re.Pattern[str] | None:
    if not alternatives:
        return None
    between = rf"(?: \S+){{0,{WORDS_BETWEEN}}} "
    written = []
    for alternative in alternatives:
        phrases = [
            " ".join(re.escape(word).replace(r"\*", r"[\w']*") for word in phrase.split())
            for phrase in alternative.split("~")
        ]
        written.append(between.join(phrases))
    return re.compile(rf"(?<= )(?:{'|'.join(written)})(?= )")
