"""From a message to a decision. ``Matcher.build`` fits from the example messages; ``decide`` reads one message.

A message passes: clean → warning signs → loss → near-exact → features → one classifier over answers, routes and
"none" → confidence → decision. Nothing here reads a file or a clock but the matcher's own cache.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from bot.knowledge.model import MAIN_LANGUAGE, Knowledge, Zone
from bot.matching import cache, features, languages, signs
from bot.matching.ages import age_months, both_ages, weeks_early
from bot.matching.clean import clean, one_line, plain_letters, sentences
from bot.matching.decision import LOSS_ROUTE, Candidate, Decision, Urgent
from bot.matching.embedder import Embedder, Matrix, default_embedder
from bot.matching.features import Features
from bot.matching.linear import LinearClassifier, probabilities
from bot.matching.near_exact import KnownTexts
from bot.matching.thresholds import AGE_PENALTY, NEAR_EXACT_CONFIDENCE, Thresholds
from bot.matching.word_groups import WordGroups
from bot.model import Parent

NONE = "@none"

STRICTNESS = 0.6
"""The classifier's C: more follows odd examples, less blurs answers that are alike (docs/matching.md)."""

BEST = 5
"""How many candidates a decision names."""

Progress = Callable[[str, float], None]
"""Told what is being done and which part of the whole (0-1) is behind."""


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One example message: its label is an answer's id or a route."""

    text: str
    label: str
    language: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """What fitting brings forth; it goes to the cache and comes back as it was."""

    features: Features
    answers: LinearClassifier
    signs: LinearClassifier
    languages: LinearClassifier

    def arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return everything as plain arrays."""
        return {
            **self.features.arrays(),
            **self.answers.arrays("answers"),
            **self.signs.arrays("signs"),
            **self.languages.arrays("languages"),
        }

    @classmethod
    def from_arrays(cls, kept: dict[str, np.ndarray[Any, Any]], embedder: Embedder) -> Fitted:
        """Return what ``arrays`` described. Raises ``KeyError`` or ``ValueError`` when something is missing."""
        return cls(
            Features.from_arrays(kept, embedder),
            LinearClassifier.from_arrays("answers", kept),
            LinearClassifier.from_arrays("signs", kept),
            LinearClassifier.from_arrays("languages", kept),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was seen in one message before any threshold: judged again with others, it need not be read again.

    ``scores`` is one distance a class of the answers' classifier, what the age takes off included; ``known`` is the
    label of an example that is the same but for a few letters. ``sign_scores`` and ``named`` hold only signs that a
    child of this age can have.
    """

    scores: Matrix
    known: str | None
    sign_scores: Mapping[str, float]
    named: Mapping[str, Zone]
    language: str
    age_months: int | None
    weeks_early: int | None
    is_readable: bool


def training_rows(knowledge: Knowledge) -> list[TrainingRow]:
    """Return the example messages, and the titles and typical questions of the answers that are written."""
    rows = [
        TrainingRow(one_line(clean(text)), label, language)
        for label, by_language in knowledge.examples.items()
        for language, texts in by_language.items()
        for text in texts
    ]
    for answer in knowledge.answers():
        rows += [TrainingRow(title, answer.id, language) for language, title in answer.title.items()]
        rows += [
            TrainingRow(question, answer.id, language)
            for language, questions in answer.questions.items()
            for question in questions
        ]
    return rows


class Matcher:
    """Reads messages. Made by ``build``; holds no state that a message changes."""

    def __init__(
        self, knowledge: Knowledge, fitted: Fitted, rows: list[TrainingRow], thresholds: Thresholds | None = None
    ) -> None:
        self.thresholds = thresholds or Thresholds(**knowledge.thresholds)
        self._fitted = fitted
        self._known = KnownTexts.of((row.text, row.label) for row in rows)
        self._ordinary_words = frozenset(term for term in fitted.features.words.vocabulary_ if " " not in term)
        self._groups = WordGroups(knowledge.signs, self._ordinary_words, knowledge.word_sets)
        self._sign_ages = {sign.id: sign.ages for sign in knowledge.signs if sign.ages}
        self._levels = {sign.id: sign.level for sign in knowledge.signs}
        self._ages = self._age_table(knowledge)

    @classmethod
    def build(
        cls,
        knowledge: Knowledge,
        *,
        cache_folder: Path | None = None,
        embedder: Embedder | None = None,
        thresholds: Thresholds | None = None,
        progress: Progress = lambda _doing, _part: None,
    ) -> Matcher:
        """Return a matcher for ``knowledge``: from the cache when these very examples were fitted before, else new.

        Fitting takes seconds to a minute; ``progress`` is told how far it is. Without ``thresholds`` those of the
        curated files count, and the defaults for what they leave open. Raises ``ValueError`` when there are too few
        examples to tell anything apart.
        """
        embedder = embedder or default_embedder()
        rows = training_rows(knowledge)
        if len({row.label for row in rows}) < 2:
            raise ValueError("there are example messages for fewer than two answers; add some in knowledge/examples")
        folder = cache_folder or cache.default_folder()
        key = _key(rows, knowledge, embedder)
        kept = cache.read(folder, key)
        if kept is not None:
            try:
                return cls(knowledge, Fitted.from_arrays(kept, embedder), rows, thresholds)
            except (KeyError, ValueError):
                cache.log.warning("the matcher's cache lacks a part; it is built anew")
        fitted = _fit(rows, knowledge, embedder, progress)
        cache.write(folder, key, fitted.arrays())
        return cls(knowledge, fitted, rows, thresholds)

    def decide(self, text: str, parent: Parent | None = None) -> Decision:
        """Return what to do with ``text``. The child's age, when the text or ``parent`` tells it, weighs softly.

        For danger a child that came too early has two ages, and either of them counts.
        """
        return self.judge(self.read(text, parent), self.thresholds)

    def read(self, text: str, parent: Parent | None = None) -> Reading:
        """Return what is seen in ``text``, whatever the thresholds."""
        cleaned = clean(text)
        line = one_line(cleaned)
        parts = signs.units(cleaned)
        rows = self._fitted.features.rows([one_line(part) for part in parts])
        age = age_months(line)
        if age is None and parent:
            age = parent.age_months
        early = weeks_early(line) or (parent.weeks_early if parent else None)
        ages = both_ages(age, early)
        possible = {sign for sign in self._levels if self._fits_age(sign, ages)}
        sign_scores = signs.sign_scores(self._fitted.signs, rows)
        named = self._groups.matches(sentences(cleaned), age, early)
        scores = self._fitted.answers.scores(rows[0])[0]
        return Reading(
            scores=scores if age is None else scores - AGE_PENALTY * self._too_far(age),
            known=self._known.label_of(line),
            sign_scores={sign: score for sign, score in sign_scores.items() if sign in possible},
            named={sign: zone for sign, zone in named.items() if sign in possible},
            language=self._language(rows[0], line, parent),
            age_months=age,
            weeks_early=early,
            is_readable=self._is_readable(line),
        )

    def judge(self, reading: Reading, thresholds: Thresholds) -> Decision:
        """Return what ``thresholds`` make of a message that was read."""
        scores, named = dict(reading.sign_scores), reading.named
        loss = self._is_loss(scores, named, thresholds)
        if loss:
            # Grief sounds like many dangers: those that only the classifier sees must be likelier than the loss.
            likelihood = max(score for sign, score in scores.items() if self._levels.get(sign) == "loss")
            below = thresholds.sign_certain - 0.01
            scores = {sign: score if score > likelihood else min(score, below) for sign, score in scores.items()}
        urgent = self._most_urgent(_seen(scores, named, thresholds), scores)
        chances = self.chances(reading, thresholds)
        candidates = tuple(Candidate(label, chance) for label, chance in chances if not label.startswith("@"))[:BEST]
        if urgent and _is_plain(chances[0], urgent, scores, named, thresholds):
            urgent = None
        if urgent and urgent.zone == "certain":
            decided = Decision("urgent", 1.0, candidates, reading.language, urgent=urgent)
        elif loss:
            decided = Decision("route", 1.0, candidates, reading.language, route=LOSS_ROUTE, urgent=urgent, loss=True)
        else:
            decided = _decided(chances, candidates, reading.language, urgent, thresholds)
            decided = replace(decided, is_readable=reading.is_readable)
        return replace(decided, age_months=reading.age_months, weeks_early=reading.weeks_early)

    def chances(self, reading: Reading, thresholds: Thresholds) -> list[tuple[str, float]]:
        """Return every label with its chance, the likeliest first."""
        classes = self._fitted.answers.classes
        chances = probabilities(reading.scores[None, :], thresholds.sharpness)[0]
        if reading.known is not None:
            chances = chances * (1 - NEAR_EXACT_CONFIDENCE)
            chances[classes.index(reading.known)] += NEAR_EXACT_CONFIDENCE
        order = np.argsort(-chances, kind="stable")
        return [(classes[position], float(chances[position])) for position in order]

    def answer_scores(self, texts: list[str]) -> tuple[tuple[str, ...], Matrix]:
        """Return the classes and the raw scores of ``texts``, for measuring and for setting thresholds."""
        rows = self._fitted.features.rows([one_line(clean(text)) for text in texts])
        return self._fitted.answers.classes, self._fitted.answers.scores(rows)

    def sign_scores(self, text: str) -> tuple[dict[str, float], dict[str, Zone]]:
        """Return the classifier's score of every sign for ``text``, and what the word groups see in it."""
        cleaned = clean(text)
        rows = self._fitted.features.rows([one_line(part) for part in signs.units(cleaned)])
        return signs.sign_scores(self._fitted.signs, rows), self._groups.matches(sentences(cleaned), None)

    def _fits_age(self, sign: str, ages: tuple[int, ...]) -> bool:
        span = self._sign_ages.get(sign)
        return span is None or not ages or any(span[0] <= age <= span[1] for age in ages)

    def _most_urgent(self, seen: dict[str, Zone], scores: dict[str, float]) -> Urgent | None:
        """Return the sign to answer: a certain one before a possible one, then the likeliest."""
        dangers = [item for item in seen.items() if self._levels.get(item[0], "loss") != "loss"]
        if not dangers:
            return None
        sign, zone = max(dangers, key=lambda item: (item[1] == "certain", scores.get(item[0], 0.0), item[0]))
        return Urgent(sign, self._levels[sign], zone)

    def _is_loss(self, scores: Mapping[str, float], named: Mapping[str, Zone], thresholds: Thresholds) -> bool:
        """Tell whether the writer's child has died: the words say so, or nothing else is as likely."""
        return any(
            (sign in named and score >= thresholds.loss_named)
            or (score >= thresholds.loss and score == max(scores.values()))
            for sign, score in scores.items()
            if self._levels.get(sign) == "loss"
        )

    def _too_far(self, age: int) -> Matrix:
        """Return for each class how far ``age`` lies outside its span: 0 within, 1 from half its age outside."""
        youngest, oldest = self._ages[:, 0], self._ages[:, 1]
        outside = np.maximum(np.maximum(youngest - age, age - oldest), 0)
        slack = np.maximum(3.0, 0.5 * np.where(age < youngest, youngest, oldest))
        found: Matrix = np.minimum(outside / slack, 1.0).astype(np.float32)
        return found

    def _age_table(self, knowledge: Knowledge) -> Matrix:
        spans = {answer.id: answer.ages for answer in knowledge.answers()}
        anybody = (0, 10_000)
        return np.array([spans.get(label, anybody) for label in self._fitted.answers.classes], np.float32)

    def _is_readable(self, line: str) -> bool:
        """Tell whether a third of the words have been used before, in any language."""
        words = re.findall(r"\w+", plain_letters(line))
        known = sum(word in self._ordinary_words for word in words)
        return bool(words) and known * 3 >= len(words)

    def _language(self, row: Any, line: str, parent: Parent | None) -> str:
        if not any(character.isalpha() for character in line):
            return (parent and parent.language) or MAIN_LANGUAGE
        characters = len(self._fitted.features.characters.vocabulary_)
        return languages.language_of(self._fitted.languages, row[:, :characters])


def _is_plain(
    likeliest: tuple[str, float],
    urgent: Urgent,
    scores: Mapping[str, float],
    named: Mapping[str, Zone],
    thresholds: Thresholds,
) -> bool:
    """Tell whether a clear question only touches a possible sign: a line of safety would frighten for nothing."""
    label, chance = likeliest
    return (
        urgent.zone == "possible"
        and urgent.sign not in named
        and scores[urgent.sign] < thresholds.sign_believed
        and not label.startswith("@")
        and chance >= thresholds.plain
    )


def _seen(scores: Mapping[str, float], named: Mapping[str, Zone], thresholds: Thresholds) -> dict[str, Zone]:
    """Return the signs that the classifier or the word groups see, each with its strongest zone.

    Words that alarm in a message that is otherwise far from any danger are worth a line, not the alarm itself.
    """
    found = signs.zones(scores, thresholds)
    is_plausible = max(scores.values()) >= thresholds.sign_believed
    for sign, zone in named.items():
        if found.get(sign) != "certain":
            found[sign] = zone if is_plausible else "possible"
    return found


def _decided(
    chances: list[tuple[str, float]],
    candidates: tuple[Candidate, ...],
    language: str,
    urgent: Urgent | None,
    thresholds: Thresholds,
) -> Decision:
    """Choose between answering, asking, a route and an honest no."""
    (label, chance), (_, second) = chances[0], chances[1]
    common = Decision("none", chance, candidates, language, urgent=urgent)
    if label.startswith("@") and label != NONE and chance >= thresholds.route:
        return replace(common, kind="route", route=label)
    if not label.startswith("@") and chance - second >= thresholds.lead:
        return replace(common, kind="answer", answer=label)
    none = next((score for name, score in chances if name == NONE), 0.0)
    answers = sum(score for name, score in chances if not name.startswith("@"))
    if candidates and none < thresholds.none_share * answers:
        return replace(common, kind="suggest", confidence=candidates[0].score)
    return replace(common, confidence=1 - answers)


def _fit(rows: list[TrainingRow], knowledge: Knowledge, embedder: Embedder, progress: Progress) -> Fitted:
    texts = [row.text for row in rows]
    sign_texts, sign_labels = signs.training_rows(knowledge.sign_examples, texts)
    every = list(dict.fromkeys([*texts, *sign_texts]))
    progress("reading", 0.0)
    fitted_features, matrix = Features.fit(every, embedder)
    at = {text: position for position, text in enumerate(every)}
    progress("learning", 0.5)
    answer_rows = matrix[[at[text] for text in texts]]
    sign_rows = matrix[[at[text] for text in sign_texts]]
    # The solver leaves the interpreter free while it works, so two threads use two cores.
    with ThreadPoolExecutor(2) as pool:
        signs_later = pool.submit(signs.fit, sign_rows, sign_labels)
        answers = LinearClassifier.fit(answer_rows, [row.label for row in rows], strictness=STRICTNESS)
        progress("signs", 0.9)
        sign_model = signs_later.result()
    characters = len(fitted_features.characters.vocabulary_)
    language_model = languages.fit(answer_rows[:, :characters], [row.language for row in rows], MAIN_LANGUAGE)
    progress("done", 1.0)
    return Fitted(fitted_features, answers, sign_model, language_model)


def _key(rows: list[TrainingRow], knowledge: Knowledge, embedder: Embedder) -> str:
    """Return the hash of all that fitting depends on."""
    sign_texts = {
        sign: [sorted(of_sign.must_trigger.items()), sorted(of_sign.near_miss.items())]
        for sign, of_sign in knowledge.sign_examples.items()
    }
    content = json.dumps(
        [
            embedder.name,
            features.VERSION,
            STRICTNESS,
            signs.STRICTNESS,
            signs.SIGN_WEIGHT,
            signs.SAFE_SENTENCES,
            signs.FRAGMENT_WORDS,
            signs.FRAGMENT_STEP,
            sklearn.__version__,
            [(row.text, row.label, row.language) for row in rows],
            sorted(sign_texts.items()),
        ],
        ensure_ascii=False,
    )
    return hashlib.sha256(content.encode()).hexdigest()[:32]


__all__ = ["Matcher", "training_rows"]
