"""Word groups of warning signs: combinations of words in one sentence that must never be missed.

A group is lines of alternatives; every line must be found in the sentence. ``stam*`` begins so, ``*woord`` ends so,
``*woord*`` holds it, words with spaces follow each other, ``a ~ b`` allows up to four words between. What stands
just behind a negation does not count, unless the alternative names the negation itself. A word of six letters or
more is found with one typing error, but only when the typed word is none that parents use otherwise.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
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
_RUN = re.compile(r"(\w)\1{2,}")
_TEMPERATURE = re.compile(r"(?<![\d.,])(3[5-9]|4[0-3])(?:[.,](\d))?(?!\d)")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The words of a sentence, and the same in one text: a space before, between and after them."""

    words: list[str]
    text: str

    @classmethod
    def of(cls, words: list[str]) -> _Sentence:
        return cls(words, f" {' '.join(words)} ")

    def is_negated(self, place: int) -> bool:
        """Tell whether a negation stands just before the word at ``place``."""
        return not NEGATIONS.isdisjoint(self.words[max(0, place - NEGATION_REACH) : place])


@dataclass(frozen=True, slots=True)
class _Alternatives:
    """Words of which one is enough, by how they are looked for: compiling thousands of patterns takes half a second,
    and few alternatives need one.
    """

    words: frozenset[str]
    stems: tuple[str, ...]
    phrases: tuple[str, ...]
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, alternatives: Collection[str]) -> _Alternatives:
        plain = [alternative for alternative in alternatives if "*" not in alternative and "~" not in alternative]
        stems = [alternative for alternative in alternatives if re.fullmatch(r"[\w']+\*", alternative)]
        return cls(
            frozenset(alternative for alternative in plain if " " not in alternative),
            tuple(stem.removesuffix("*") for stem in stems),
            tuple(f" {alternative} " for alternative in plain if " " in alternative),
            _pattern([alternative for alternative in alternatives if alternative not in {*plain, *stems}]),
        )

    def places(self, sentence: _Sentence) -> Iterator[int]:
        """Yield where an alternative begins, as numbers of words."""
        if not self.words.isdisjoint(sentence.words):
            yield from (place for place, word in enumerate(sentence.words) if word in self.words)
        if self.stems:
            yield from (place for place, word in enumerate(sentence.words) if word.startswith(self.stems))
        for phrase in self.phrases:
            if phrase in sentence.text:
                yield from (sentence.text.count(" ", 0, at) for at in _found_at(phrase, sentence.text))
        if self.pattern:
            for match in self.pattern.finditer(sentence.text):
                yield sentence.text.count(" ", 0, match.start()) - 1


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of alternatives: those that name their own negation, and those that a negation takes back."""

    outright: _Alternatives
    negatable: _Alternatives

    @classmethod
    def of(cls, alternatives: Collection[str]) -> _Line:
        own = [alternative for alternative in alternatives if NEGATIONS.intersection(alternative.split())]
        return cls(_Alternatives.of(own), _Alternatives.of([a for a in alternatives if a not in own]))

    def found(self, sentence: _Sentence) -> bool:
        if any(True for _ in self.outright.places(sentence)):
            return True
        return any(not sentence.is_negated(place) for place in self.negatable.places(sentence))


@dataclass(frozen=True, slots=True)
class _Group:
    sign: str
    zone: Zone
    lines: tuple[_Line, ...]
    without: _Alternatives
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
        self._said: set[str] = set()
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
                said = set(re.findall(r"(?<![\w*'])\w+(?![\w*'])", alternative))
                self._said |= said
                spellings |= {word for word in said if len(word) >= LEAST_TYPO_LETTERS}
                anchor = max(re.findall(r"\*?[\w']+\*?", alternative), key=lambda word: len(word.strip("*")))
                index = self._by_part if anchor.startswith("*") else self._by_stem
                index[anchor.strip("*")].add((number, position))
            lines.append(_Line.of(alternatives))
        without = _Alternatives.of(self._alternatives(group.without or ""))
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
            spelled = self._spelled(sentence)
            for number in self._candidates(spelled):
                group = self._groups[number]
                if found.get(group.sign) != "certain" and _is_met(group, spelled, sentence, ages):
                    found[group.sign] = group.zone
        return found

    def _spelled(self, sentence: str) -> _Sentence:
        """Return the words, typing errors in alarm words mended."""
        mended = []
        for written in _WORD.findall(plain_letters(sentence)):
            word = self._without_runs(written) if _RUN.search(written) else written
            if len(word) >= LEAST_TYPO_LETTERS and word not in self._known:
                close = process.extractOne(word, self._spellings.get(word[0], ()), scorer=OSA.distance, score_cutoff=1)
                mended.append(close[0] if close else word)
            else:
                mended.append(word)
        return _Sentence.of(mended)

    def _without_runs(self, word: str) -> str:
        """Return the alarm word that somebody held a letter down in, or what was written."""
        forms = (_RUN.sub(r"\1", word), _RUN.sub(r"\1\1", word))
        return next((form for form in forms if form in self._said), word)

    def _candidates(self, sentence: _Sentence) -> list[int]:
        """Return the groups each line of which has a word that could be there."""
        hits: set[tuple[int, int]] = set()
        for word in set(sentence.words):
            for length in range(1, len(word) + 1):
                hits |= self._by_stem.get(word[:length], set())
        for part, places in self._by_part.items():
            if part in sentence.text:
                hits |= places
        lines: dict[int, int] = defaultdict(int)
        for number, _ in hits:
            lines[number] += 1
        return sorted(number for number, count in lines.items() if count == len(self._groups[number].lines))


def _found_at(part: str, text: str) -> Iterator[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def _is_met(group: _Group, spelled: _Sentence, sentence: str, ages: Collection[int]) -> bool:
    if group.ages and not any(group.ages[0] <= age <= group.ages[1] for age in ages):
        return False
    if group.fever is not None and not any(degrees >= group.fever for degrees in temperatures(sentence)):
        return False
    if any(True for _ in group.without.places(spelled)):
        return False
    return all(line.found(spelled) for line in group.lines)


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
