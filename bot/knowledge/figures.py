"""Every figure in the text of an answer, with what carries it: a source, the reviewer's note, or a helpline.

A figure is what is written in digits: hours, grams, ages, percentages, telephone numbers. Words such as "een paar"
are left out. Whoever signs reads this list beside the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.knowledge import plain
from bot.knowledge.model import Answer, Helpline

REVIEW_NOTE = "review_note"
"""What carries a figure that no source carries, but that the reviewer is asked to look at."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure where it stands. ``block`` is ``normal``, ``do``, ``consult`` or ``by_age 0-6`` (months).

    ``carried_by`` holds ids of sources, ``review_note``, or for a telephone number the id of its helpline; empty
    when nobody vouches for the figure. ``sentence`` is the one it stands in.
    """

    answer: str
    block: str
    figure: str
    sentence: str
    carried_by: tuple[str, ...]
    is_telephone: bool = False


def of_answer(answer: Answer, language: str, helplines: Mapping[str, Helpline]) -> Iterator[Figure]:
    """Yield the figures in one language, from top to bottom; a figure that stands twice in a sentence comes once."""
    lines = {_digits(number): line.id for line in helplines.values() for number in line.numbers()}
    for block, text in _texts(answer, language):
        for sentence in plain.sentences(text):
            telephones = plain.telephone_numbers(sentence)
            for number in dict.fromkeys(telephones):
                carrier = lines.get(_digits(number))
                yield Figure(answer.id, block, number, sentence, (carrier,) if carrier else (), is_telephone=True)
            for figure in dict.fromkeys(plain.figures(sentence)):
                yield Figure(answer.id, block, figure, sentence, _carriers(answer, figure, sentence))


def not_in(main: str, text: str, note: str) -> list[str]:
    """Return the figures of ``text``, a translation of ``main``, that neither ``main`` nor the reviewer's note has.

    2,5 may be 2.5, and 20.00 may be 8 pm. A figure that the translation leaves out is no mistake.
    """
    known = {_value(figure) for figure in plain.figures(main)}
    found = []
    for figure in dict.fromkeys(plain.figures(text)):
        hour = _value(figure)
        afternoon = re.search(rf"(?<![\d.,]){re.escape(figure)} ?p\.?m\b", text, re.IGNORECASE)
        names = {hour, hour + 12} if afternoon else {hour}
        if not names & known and not _stands_in(figure, note):
            found.append(figure)
    return found


def _value(figure: str) -> float:
    return float(figure.replace(",", "."))


def _texts(answer: Answer, language: str) -> Iterator[tuple[str, str]]:
    yield from answer.text[language].blocks()
    for passage in answer.by_age:
        if language in passage.text:
            yield f"by_age {passage.ages[0]}-{passage.ages[1]}", passage.text[language]


def _carriers(answer: Answer, figure: str, sentence: str) -> tuple[str, ...]:
    """Return the sources whose figure stands in this very sentence, else those that have it at all, else the note."""
    holding = [
        (reference.id, number)
        for reference in answer.sources
        for number in reference.numbers
        if _stands_in(figure, number)
    ]
    exact = tuple(dict.fromkeys(source for source, number in holding if number in sentence))
    loose = tuple(dict.fromkeys(source for source, _ in holding))
    noted = (REVIEW_NOTE,) if _stands_in(figure, answer.review_note or "") else ()
    return exact or loose or noted


def _stands_in(figure: str, text: str) -> bool:
    """Tell whether ``text`` holds the figure by itself; 2,5 in Dutch is 2.5 in English."""
    wanted = re.escape(figure.replace(".", ","))
    return re.search(rf"(?<!\d)(?<!\d,){wanted}(?!,?\d)", text.replace(".", ",")) is not None


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
