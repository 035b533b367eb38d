"""From a message to a decision. ``Matcher.build`` fits from the example messages; ``decide`` reads one message.

A message passes: clean → warning signs → loss → near-exact → features → one classifier over answers, routes and
"none" → confidence → decision. Nothing here reads a file or a clock but the matcher's own cache.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.knowledge.model import MAIN_LANGUAGE, Knowledge, Zone
from bot.matching import cache, languages, signs
from bot.matching.ages import age_months, both_ages, weeks_early
from bot.matching.clean import clean, one_line, plain_letters, sentences
from bot.matching.concepts import Concepts
from bot.matching.decision import LOSS_ROUTE, Candidate, Decision, Urgent
from bot.matching.embedder import Embedder, default_embedder
from bot.matching.encoder import Matrix
from bot.matching.fitted import NONE, Fitted, Progress, fit, key_of
from bot.matching.linear import probabilities
from bot.matching.rows import Rows
from bot.matching.thresholds import (
    AGE_PENALTY,
    NEAR_EXACT_CONFIDENCE,
    ONE_THEME,
    ONE_THEME_SHARE,
    OUTSIDE,
    OUTSIDE_SURE,
    SENTENCES_SHARE,
    SURE,
    Thresholds,
)
from bot.matching.word_groups import WordGroups
from bot.model import Parent

NAMED_LEAD = 0.3
"""How much less likely a sign may be and still be answered because its words were said: "soms wil ik weg zijn" of a
parent. Up to .1 no other of 297 messages gets another sign by it; with .15 two get the wrong one."""

VERSION_DIGITS = 12
"""Of the hash of all that was fitted, so many tell one matcher from another."""
BEST = 5
"""How many candidates a decision names."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was seen in one message before any threshold: judged again with others, it need not be read again.

    ``scores`` is one distance a class of the answers' classifier, what the age takes off included; ``known`` is the
    label of an example that is the same but for a few letters. ``outside`` is what the classifier says that only
    knows whether a message is for this bot: the more, the less it is. ``sign_scores`` and ``named`` hold only signs
    that a child of this age can have.
    """

    scores: Matrix
    known: str | None
    sign_scores: Mapping[str, float]
    named: Mapping[str, Zone]
    language: str
    age_months: int | None
    weeks_early: int | None
    is_readable: bool
    outside: float = -1.0


class Matcher:
    """Reads messages. Made by ``build``; holds no state that a message changes."""

    def __init__(
        self,
        knowledge: Knowledge,
        fitted: Fitted,
        thresholds: Thresholds | None = None,
        version: str = "",
    ) -> None:
        self.version = version
        self.thresholds = thresholds or Thresholds(**knowledge.thresholds)
        self._fitted = fitted
        classes = fitted.classifier.classes
        self._labels = tuple(name for name in classes if not name.startswith(signs.MARK))
        self._label_columns = [classes.index(label) for label in self._labels]
        self._ordinary_words = frozenset(term for term in fitted.features.words.columns if " " not in term)
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
        folder = cache_folder or cache.default_folder()
        embedder = embedder or default_embedder(folder)
        learnt = {label for label, of_label in knowledge.examples.items() if any(of_label.values())}
        if len(learnt | {answer.id for answer in knowledge.answers()}) < 2:
            raise ValueError("there are example messages for fewer than two answers; add some in knowledge/examples")
        key = key_of(knowledge, embedder)
        kept = cache.read(folder, key)
        if kept is not None:
            try:
                fitted = Fitted.from_arrays(kept, embedder, Concepts(knowledge.concepts))
                return cls(knowledge, fitted, thresholds, key[:VERSION_DIGITS])
            except (KeyError, ValueError):
                cache.log.warning("the matcher's cache lacks a part; it is built anew")
        fitted = fit(knowledge, embedder, progress)
        cache.write(folder, key, fitted.arrays())
        return cls(knowledge, fitted, thresholds, key[:VERSION_DIGITS])

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
        rows = self._fitted.features.rows(parts)
        whole = rows.take([0])
        age = age_months(line)
        if age is None and parent:
            age = parent.age_months
        early = weeks_early(line) or (parent.weeks_early if parent else None)
        ages = both_ages(age, early)
        possible = {sign for sign in self._levels if self._fits_age(sign, ages)}
        every = self._fitted.classifier.scores(rows)
        sign_scores = signs.sign_scores(self._fitted.classifier.classes, every)
        named = self._groups.matches(sentences(cleaned), age, early)
        scores = _blended(every[:, self._label_columns])[0]
        return Reading(
            scores=scores if age is None else scores - AGE_PENALTY * self._too_far(age),
            known=self._fitted.known.label_of(line),
            outside=self._outside(whole),
            sign_scores={sign: score for sign, score in sign_scores.items() if sign in possible},
            named={sign: zone for sign, zone in named.items() if sign in possible},
            language=self._language(whole, line, parent),
            age_months=age,
            weeks_early=early,
            is_readable=self._is_readable(line),
        )

    def judge(self, reading: Reading, thresholds: Thresholds) -> Decision:
        """Return what ``thresholds`` make of a message that was read."""
        scores, named = dict(reading.sign_scores), reading.named
        loss = self._is_loss(scores, named, thresholds)
        if loss:
            # Grief sounds like many dangers: those that only the classifier sees must be likelier than the loss, and
            # beyond doubt where words name it.
            likelihood = max(score for sign, score in scores.items() if self._levels.get(sign) == "loss")
            if any(self._levels.get(sign) == "loss" for sign in named):
                likelihood = max(likelihood, thresholds.sign_outweighs)
            below = thresholds.sign_certain - 0.01
            scores = {sign: score if score > likelihood else min(score, below) for sign, score in scores.items()}
        chances = self.chances(reading, thresholds)
        of_age = self._sign_ages if reading.age_months is not None else {}
        urgent = self._most_urgent(_seen(scores, named, of_age, chances[0], thresholds), scores, named)
        candidates = tuple(Candidate(label, chance) for label, chance in chances if not label.startswith("@"))[:BEST]
        if urgent and _is_plain(chances[0], urgent, scores, named, thresholds):
            urgent = None
        if urgent and urgent.zone == "certain":
            decided = Decision("urgent", 1.0, candidates, reading.language, urgent=urgent)
        elif loss:
            decided = Decision("route", 1.0, candidates, reading.language, route=LOSS_ROUTE, urgent=urgent, loss=True)
        else:
            common = Decision("none", 0.0, candidates, reading.language, urgent=urgent, is_readable=reading.is_readable)
            # What is nearly an example is what the example is, however far it lies from the others.
            outside = OUTSIDE_SURE if chances[0][1] >= SURE else OUTSIDE
            may_answer = reading.known is not None or reading.outside < outside
            decided = _decided(chances, common, thresholds, may_answer=may_answer)
        return replace(decided, age_months=reading.age_months, weeks_early=reading.weeks_early)

    def chances(self, reading: Reading, thresholds: Thresholds) -> list[tuple[str, float]]:
        """Return every label with its chance, the likeliest first."""
        chances = probabilities(reading.scores[None, :], thresholds.sharpness)[0]
        if reading.known is not None:
            chances = chances * (1 - NEAR_EXACT_CONFIDENCE)
            chances[self._labels.index(reading.known)] += NEAR_EXACT_CONFIDENCE
        order = np.argsort(-chances, kind="stable")
        return [(self._labels[position], float(chances[position])) for position in order]

    def answer_scores(self, texts: list[str]) -> tuple[tuple[str, ...], Matrix]:
        """Return the classes and the raw scores of ``texts``, for measuring and for setting thresholds."""
        found = []
        for text in texts:
            rows = self._fitted.features.rows(signs.units(clean(text)))
            found.append(_blended(self._fitted.classifier.scores(rows)[:, self._label_columns]))
        return self._labels, np.vstack(found)

    def signs_named(self, text: str) -> dict[str, Zone]:
        """Return the signs that the word groups see in ``text``, whatever the classifier says of it."""
        return self._groups.matches(sentences(clean(text)), None)

    def _fits_age(self, sign: str, ages: tuple[int, ...]) -> bool:
        span = self._sign_ages.get(sign)
        return span is None or not ages or any(span[0] <= age <= span[1] for age in ages)

    def _most_urgent(
        self, seen: Mapping[str, Zone], scores: Mapping[str, float], named: Mapping[str, Zone]
    ) -> Urgent | None:
        """Return the sign to answer: a certain one before a possible one, then the likeliest; of two that are about as
        likely the one whose words were said.
        """
        dangers = [item for item in seen.items() if self._levels.get(item[0], "loss") != "loss"]
        if not dangers:
            return None

        def rank(seen: tuple[str, Zone]) -> tuple[bool, float, str]:
            sign, zone = seen
            return zone == "certain", scores.get(sign, 0.0) + (NAMED_LEAD if sign in named else 0.0), sign

        sign, zone = max(dangers, key=rank)
        return Urgent(sign, self._levels[sign], zone)

    def _is_loss(self, scores: Mapping[str, float], named: Mapping[str, Zone], thresholds: Thresholds) -> bool:
        """Tell whether the writer's child has died: the words say so, or nothing else is as likely."""
        return any(
            (sign in named and score >= thresholds.loss_named)
            or (score >= thresholds.loss and score == max(scores.values()))
            for sign, score in scores.items()
            if self._levels.get(sign) == "loss"
        )

    def _outside(self, row: Rows) -> float:
        """Return how far a message lies on the far side of what this bot is for; below 0 it is a question for it."""
        classes = self._fitted.scope.classes
        return float(self._fitted.scope.scores(row)[0, classes.index(NONE)]) if NONE in classes else -1.0

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
        return np.array([spans.get(label, anybody) for label in self._labels], np.float32)

    def _is_readable(self, line: str) -> bool:
        """Tell whether a third of the words have been used before, in any language."""
        words = re.findall(r"\w+", plain_letters(line))
        known = sum(word in self._ordinary_words for word in words)
        return bool(words) and known * 3 >= len(words)

    def _language(self, row: Rows, line: str, parent: Parent | None) -> str:
        if not any(character.isalpha() for character in line):
            return (parent and parent.language) or MAIN_LANGUAGE
        letters = len(self._fitted.features.letters.columns)
        return languages.language_of(self._fitted.languages, row.narrowed(letters))


def _blended(scores: Matrix) -> Matrix:
    """Return one row: the scores of a whole message (the first row) with the mean of those of its sentences."""
    if len(scores) == 1:
        return scores
    mean = scores[1:].mean(axis=0, keepdims=True)
    found: Matrix = (1 - SENTENCES_SHARE) * scores[:1] + SENTENCES_SHARE * mean
    return found


def _is_plain(
    likeliest: tuple[str, float],
    urgent: Urgent,
    scores: Mapping[str, float],
    named: Mapping[str, Zone],
    thresholds: Thresholds,
) -> bool:
    """Tell whether a clear question only touches a possible sign: a line of safety would frighten for nothing."""
    return (
        urgent.zone == "possible"
        and urgent.sign not in named
        and scores[urgent.sign] < thresholds.sign_believed
        and not likeliest[0].startswith("@")
        and likeliest[1] >= thresholds.plain
    )


def _seen(
    scores: Mapping[str, float],
    named: Mapping[str, Zone],
    of_age: Collection[str],
    likeliest: tuple[str, float],
    thresholds: Thresholds,
) -> dict[str, Zone]:
    """Return the signs that the classifier or the word groups see, each with its strongest zone.

    Words that alarm in a message that is otherwise far from any danger are worth a line, not the alarm itself. So is a
    sign that the classifier alone sees, and not strongly, in a message that is clearly about something else. Signs
    ``of_age`` are those that only a child as old as this one has, which the classifier does not know.
    """
    found = signs.zones(scores, thresholds)
    if likeliest[1] >= thresholds.clear:
        found |= {sign: "possible" for sign in found if scores[sign] < thresholds.sign_outweighs}
    # A sign that nobody wrote an example for has only its words, which are worth a line.
    is_plausible = max(scores.values(), default=-math.inf) >= thresholds.sign_believed
    for sign, zone in named.items():
        if found.get(sign) != "certain":
            is_of_age = sign in of_age and scores.get(sign, -math.inf) >= thresholds.sign_of_age
            found[sign] = zone if is_plausible or is_of_age else "possible"
    return found


def _decided(
    chances: list[tuple[str, float]], common: Decision, thresholds: Thresholds, *, may_answer: bool
) -> Decision:
    """Choose between answering, asking, a route and an honest no. Without ``may_answer`` a question is asked first."""
    (label, chance), (_, second) = chances[0], chances[1]
    if label.startswith("@") and label != NONE and chance >= thresholds.route:
        return replace(common, kind="route", confidence=chance, route=label)
    if may_answer and not label.startswith("@") and chance - second >= thresholds.lead:
        return replace(common, kind="answer", confidence=chance, answer=label)
    none = next((score for name, score in chances if name == NONE), 0.0)
    answers = sum(score for name, score in chances if not name.startswith("@"))
    share = max(thresholds.none_share, ONE_THEME_SHARE if _is_in_one_theme(common.candidates) else 0.0)
    if common.candidates and none < share * answers:
        return replace(common, kind="suggest", confidence=common.candidates[0].score)
    return replace(common, confidence=1 - answers)


def _is_in_one_theme(candidates: tuple[Candidate, ...]) -> bool:
    """Tell whether the two likeliest answers are of one theme, and little else is likely."""
    themes = {candidate.answer.partition("-")[0] for candidate in candidates[:2]}
    return len(themes) == 1 and sum(candidate.score for candidate in candidates[:2]) >= ONE_THEME
