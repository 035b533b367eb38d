"""Two questions in one message: its parts are read by themselves, and both answers are named when both are clear.

Parents tell a story around one question far more often than they ask two, so the bar is high: each part is sure of
its answer, the two are also the likeliest of the whole message, and a message that is clear as a whole is taken apart
only where it says itself that something else comes ("en ook", "2 vragen", numbers). Where it does not, and a part seems
to ask something else all the same, the other answer is named behind the first: a button too many costs nobody anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.matching.clean import clean, one_line
from bot.matching.decision import Candidate, Decision
from bot.matching.matcher import Matcher
from bot.model import Parent

SURE_MARKED = 0.9
"""Least confidence for a part of a message that says itself that something else comes."""

LIKELY_MARKED = 0.33
"""The same for the other of the two parts, which may be about several answers: "hij slaapt niet"."""

SURE = 0.985
"""Least confidence for each part of a message that is not clear as a whole."""

SURE_UNMARKED = 0.999
"""The same for parts of a message that is clear as a whole. With these, one single question of the evaluation set that
would have been answered is taken for two."""

SURE_BESIDE = 0.65
"""Least confidence for a part of a message to name an answer behind what is given."""

LEAST_WORDS = 3
"""A shorter part says too little to be a question of its own."""

MOST_WORDS = 30
"""In a longer message "ook" belongs to the story: two direct answers were lost by it."""

MOST_PARTS = 6
"""A message of more parts is a story."""

LONGEST = 600
"""Characters of a message that may be two questions; a longer one is a story."""

_MARK = re.compile(
    r"(?:(?<![.!?…؟,])[.!?…؟,]+\s+|\s+)"
    r"(?:en ook|en daarnaast|daarnaast|en verder|verder nog|en dan nog|en nog iets|nog een vraag"
    r"|and also|(?<=[.!?,]\s)also|another question|bir de|ayrıca|poza tym|i jeszcze|außerdem|und auch|також|і ще|وأيضا"
    r"|كذلك)\s*[:,]?\s+"
    r"|(?:^|\s)\(?[1-4][.):]\s+"
    r"|(?:^|\s)(?:twee|2|drie|3|two|iki|dwa) (?:vragen|vraagjes|questions|soru|pytania)\s*[:.,]?\s+",
    re.IGNORECASE,
)
"""What says that something else comes."""
_SENTENCE = re.compile(r"(?<=[.!?…؟])\s+|\n+|;\s*")
_AND = re.compile(r",?\s+(?:en|and|ve|i|und|та|і)\s+", re.IGNORECASE)
_TOO = re.compile(r"^(?:(?:en|and)\s+(?:\S+\s+){0,3}|\S+\s+)?(?:ook|also|too)\b", re.IGNORECASE)


def decide(matcher: Matcher, text: str, parent: Parent | None = None) -> Decision:
    """Return what to do with ``text`` as a message by itself, seen also in its parts."""
    return two_questions(text, matcher.decide(text, parent), lambda part: matcher.decide(part, parent))


def two_questions(text: str, whole: Decision, decide_part: Callable[[str], Decision]) -> Decision:
    """Return ``whole``, or what to do with the two questions that ``text`` turns out to hold.

    Two answers: both are suggested, with ``both`` set. A question beside a greeting: the question. A question beside
    any other route: the answer, with that ``route`` set as well. An answer or a route beside a part that seems to ask
    something else: the same, with ``beside`` set. Danger and loss are never taken apart.
    """
    if whole.kind == "urgent" or whole.loss:
        return whole
    split, is_marked = parts(text)
    found = [decide_part(part) for part in split]
    sure = SURE_MARKED if is_marked else SURE if whole.kind != "answer" else SURE_UNMARKED
    answers = _answers(found, sure, LIKELY_MARKED if is_marked else sure)
    likeliest = {candidate.answer for candidate in whole.candidates[:2]}
    if len(answers) == 2 and (is_marked or likeliest == {candidate.answer for candidate in answers}):
        both = tuple(candidate.answer for candidate in answers)
        others = tuple(candidate for candidate in whole.candidates if candidate.answer not in both)
        return replace(whole, kind="suggest", answer=None, route=None, candidates=(*answers, *others)[:5], both=both)
    certain = [d for d in found if d.kind == "answer" and d.confidence >= sure]
    routes = [d.route for d in found if d.kind == "route" and d.confidence >= SURE_MARKED]
    if len(certain) == 1 and routes and (is_marked or len(split) == 2):
        route = next((route for route in routes if route != "@smalltalk"), None)
        return replace(
            certain[0], urgent=whole.urgent, language=whole.language, age_months=whole.age_months, route=route
        )
    if whole.kind in ("answer", "route") and len(text.split()) <= MOST_WORDS:
        too = [answer for answer in map(_likeliest, found) if answer and answer != whole.answer]
        return replace(whole, beside=too[0] if too else None)
    return whole


def _likeliest(part: Decision) -> str | None:
    """Return the answer that a part of a message probably asks for."""
    best = part.candidates[0] if part.kind in ("answer", "suggest") and part.candidates else None
    return best.answer if best and best.score >= SURE_BESIDE else None


def _answers(found: list[Decision], sure: float, likely: float) -> list[Candidate]:
    """Return the best answer of each part that is likely, in their order, when at least one of them is sure."""
    best = [d.candidates[0] for d in found if d.kind in ("answer", "suggest") and d.candidates]
    first = {candidate.answer: candidate for candidate in reversed(best) if candidate.score >= likely}
    kept = [candidate for candidate in best if first.get(candidate.answer) is candidate]
    return kept if any(candidate.score >= sure for candidate in kept) else []


def parts(text: str) -> tuple[list[str], bool]:
    """Return the parts of ``text`` that may be questions of their own, and whether the text marks them as such.

    No parts when it is one question, or a whole story.
    """
    line = clean(text)
    if len(line) > LONGEST:
        return [], False
    sentences = [one_line(part) for marked in _MARK.split(line) for part in _SENTENCE.split(marked)]
    found = [part for part in sentences if len(part.split()) >= LEAST_WORDS]
    is_marked = bool(_MARK.search(line))
    if len(found) == 1 or is_marked:
        found = [half for part in found for half in _halves(part)]
    is_marked = is_marked or (len(line.split()) <= MOST_WORDS and any(_TOO.match(part) for part in found[1:]))
    return (found, is_marked) if 2 <= len(found) <= MOST_PARTS else ([], False)


def _halves(sentence: str) -> list[str]:
    """Return what stands before and after each "and"; a word or two ("koffie en thee") stay with what is before."""
    found: list[str] = []
    start = 0
    for match in _AND.finditer(sentence):
        rest = re.split(_AND, sentence[match.end() :], maxsplit=1)[0]
        if len(sentence[start : match.start()].split()) >= LEAST_WORDS and len(rest.split()) >= LEAST_WORDS:
            found.append(sentence[start : match.start()])
            start = match.end()
    return [*found, sentence[start:]]
