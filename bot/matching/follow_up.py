"""A short message in the light of the answer before it. Pure: what is remembered comes in as ids, never as words.

The order: danger in the message with the answer's title in front of it; an age; a question for what comes after the
tips, or for what is normal; then a neighbouring subject. A full question that is clear by itself is no follow-up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from bot.knowledge.model import MAIN_LANGUAGE, Answer, Knowledge
from bot.matching import phrases
from bot.matching.ages import age_months, weeks_early, without_ages
from bot.matching.clean import clean, one_line
from bot.matching.decision import Decision
from bot.matching.fitted import NONE
from bot.matching.linear import probabilities
from bot.matching.matcher import Matcher
from bot.model import Parent

MOST_WORDS = 10
"""A longer message stands by itself."""

MOST_CHARACTERS = 200
"""The same in characters: a row of emoji has no words at all."""

MOST_BARE_WORDS = 4
"""The same for a message that does not begin as a sentence that goes on ("en", "maar", "what about")."""

CLEAR = 0.95
"""Confidence from which a question is clear by itself, also behind "en": "en een fopspeen?" has 1.0, "en 's nachts
dan", which was said of naps as well as of dry nights, .91."""

TITLE_SHARE = 0.3
"""How much the message with the answer's title before it counts beside the message alone: of 46 follow-ups 40 were
understood at once, with the title alone 35, without it 39."""

NEAR = 1.75
"""Head start of answers that the earlier one names as related, on the classifier's scale; less made "en 's nachts"
after potty training a question about sleep."""

SAME_THEME = 1.4
"""Head start of the other answers of its theme."""

VAGUE = 1.5
"""Taken from "not for this bot": "maar hij weigert" says nothing alone, and much behind the answer about bottles."""

LEAD = 0.35
"""How far the likeliest must be ahead to be given without asking; titles are offered below it."""

Kind = Literal["age", "beyond", "normal", "subject", "titles", "nothing"]
"""``age``: the same answer for that age. ``beyond``: when to ask whom. ``normal``: what is normal. ``subject``: another
answer. ``titles``: which of these. ``nothing``: there is no more about it than the answer said."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is remembered of the last minutes: the answer that was read, or the titles that were offered."""

    answer: str | None = None
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a short message asks of the answer before it. ``answers`` are the ids it leads to, the likeliest first."""

    kind: Kind
    answers: tuple[str, ...] = ()


def with_danger(
    matcher: Matcher, knowledge: Knowledge, text: str, parent: Parent, alone: Decision, earlier: Earlier
) -> Decision:
    """Return ``alone``, or an urgent decision when the message is a warning sign behind the earlier answer's title.

    "Hij is 6 weken" says nothing by itself, and after the answer about fever it says everything.
    """
    before = knowledge.answer(earlier.answer) if earlier.answer else None
    if before is None or alone.loss or _is_certain(alone) or not _is_short(text):
        return alone
    title = _title(before, alone.language)
    both = matcher.decide(f"{title}, {text}", parent)
    # Two halves of which neither is a story are far from the classifier's examples: the word groups suffice here.
    named, named_before = matcher.signs_named(f"{title}, {text}"), matcher.signs_named(title)
    if both.urgent and named.get(both.urgent.sign) == "certain" and both.urgent.sign not in named_before:
        certain = replace(both.urgent, zone="certain")
        return replace(both, kind="urgent", confidence=1.0, language=alone.language, answer=None, urgent=certain)
    if _is_certain(both) and not _is_certain(matcher.decide(title)):
        return replace(both, language=alone.language)
    return alone


def follow_up(matcher: Matcher, knowledge: Knowledge, text: str, alone: Decision, earlier: Earlier) -> FollowUp | None:
    """Return what ``text`` asks of the earlier answer, or None when it stands by itself."""
    before = knowledge.answer(earlier.answer) if earlier.answer else None
    if (before is None and not earlier.offered) or len(text) > MOST_CHARACTERS:
        return None
    if is_bare_age(text):
        return FollowUp("age", (before.id,) if before else earlier.offered)
    if before is None:
        return None
    if phrases.is_one_of(text, phrases.BEYOND):
        return FollowUp("beyond", (before.id,))
    if phrases.is_one_of(text, phrases.NORMAL):
        return FollowUp("normal", (before.id,))
    refuses = phrases.is_one_of(text, phrases.REFUSES)
    if not refuses and not _goes_on(text, alone):
        return None
    found = _subject(matcher, knowledge, text, alone.language, before)
    if refuses and not (found and found.kind == "subject" and found.answers[0] in before.related):
        return FollowUp("beyond", (before.id,))
    return found


def is_bare_age(text: str) -> bool:
    """Tell whether ``text`` says how old the child is, or how much too early it came, and nothing else."""
    line = one_line(clean(text))
    tells = age_months(line) is not None or weeks_early(line) is not None
    return tells and phrases.is_only_small_words(without_ages(line))


def _is_short(text: str) -> bool:
    return len(text) <= MOST_CHARACTERS and len(phrases.words_of(text)) <= MOST_WORDS


def _goes_on(text: str, alone: Decision) -> bool:
    words = phrases.words_of(text)
    said = " ".join(words)
    opens = bool(phrases.OPENING.match(said)) or any(word.startswith("و") for word in words[:1])
    if not words or len(words) > (MOST_WORDS if opens else MOST_BARE_WORDS):
        return False
    if alone.kind == "answer":
        return opens and alone.confidence < CLEAR
    return opens or alone.kind == "suggest"


def _subject(matcher: Matcher, knowledge: Knowledge, text: str, language: str, before: Answer) -> FollowUp | None:
    """Choose among all answers, those near the earlier one with a head start; None when it is about none of them."""
    title = _title(before, language)
    classes, scores = matcher.answer_scores([text, f"{title}. {text}"])
    theme = before.id.partition("-")[0]
    near = {*before.related, *(answer.id for answer in knowledge.answers() if before.id in answer.related)}
    head_start = np.array(
        [NEAR if name in near else SAME_THEME if name.partition("-")[0] == theme else 0.0 for name in classes]
    )
    mixed = (1 - TITLE_SHARE) * scores[0] + TITLE_SHARE * scores[1] + head_start
    # With its own title in front the earlier answer would always win.
    here = classes.index(before.id)
    mixed[here] = scores[0][here]
    mixed[[name == NONE for name in classes]] -= VAGUE
    chances = probabilities(mixed[None, :], matcher.thresholds.sharpness)[0]
    first, second, third = (int(position) for position in np.argsort(-chances, kind="stable")[:3])
    if classes[first] == before.id:
        return FollowUp("nothing", (before.id,))
    if classes[first].startswith("@"):
        return None
    if chances[first] - chances[second] >= LEAD:
        return FollowUp("subject", (classes[first],))
    best = [classes[position] for position in (first, second, third)]
    return FollowUp("titles", tuple(name for name in best if not name.startswith("@") and name != before.id))


def _title(answer: Answer, language: str) -> str:
    return answer.title.get(language, answer.title[MAIN_LANGUAGE])


def _is_certain(decision: Decision) -> bool:
    return decision.urgent is not None and decision.urgent.zone == "certain"
