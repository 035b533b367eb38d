"""Two questions in one message are both seen, and a story around one question stays one."""

from __future__ import annotations

import pytest

from bot.matching.decision import Decision
from bot.matching.matcher import Matcher
from bot.matching.two_questions import parts, two_questions


def read(matcher: Matcher, text: str) -> Decision:
    return two_questions(text, matcher.decide(text), matcher.decide)


@pytest.mark.parametrize(
    ("text", "both"),
    [
        pytest.param(
            "hoi! 2 vragen: hoe krijg ik hem zindelijk en hoeveel schermtijd mag een kind van 3",
            {"zindelijk-beginnen", "media-schermtijd"}, id="it says so",
        ),
        pytest.param(
            "1. wanneer beginnen met vaste hapjes 2. mijn kind is steeds verkouden",
            {"eten-eerste-hapjes", "gezondheid-verkouden"}, id="numbered",
        ),
        pytest.param(
            "mijn kind slaat andere kinderen. Daarnaast eet ze bijna niks aan tafel",
            {"gedrag-slaan-bijten", "eten-moeilijk"}, id="daarnaast",
        ),
        pytest.param(
            "how many naps does she need? and also, how do I start potty training",
            {"slapen-dutjes", "zindelijk-beginnen"}, id="and also",
        ),
        pytest.param(
            "bebeğim geceleri uyanıyor. ayrıca ne zaman katı gıdaya başlamalıyım?",
            {"slapen-doorslapen", "eten-eerste-hapjes"}, id="ayrıca",
        ),
        pytest.param(
            "mijn zoontje heeft hoofdluis en hoe lang mag hij op de ipad?",
            {"gezondheid-hoofdluis", "media-schermtijd"}, id="two halves",
        ),
        pytest.param(
            "hij is bang voor de hond. en hoe leer ik hem tanden poetsen?",
            {"emoties-bang", "gezondheid-tandenpoetsen"}, id="two sentences",
        ),
    ],
)  # fmt: skip
def test_two_questions_are_both_offered_first(matcher: Matcher, text: str, both: set[str]) -> None:
    decision = read(matcher, text)

    assert set(decision.both) == both
    assert decision.kind == "suggest"
    assert {candidate.answer for candidate in decision.candidates[:2]} == both


def test_a_vague_half_beside_a_clear_one_is_offered_too(matcher: Matcher) -> None:
    first, second = read(matcher, "ze slaapt slecht en wil ook geen groente eten").both

    assert first.startswith("slapen-")
    assert second == "eten-moeilijk"


@pytest.mark.parametrize(
    "text",
    [
        "goedemorgen! hoeveel dutjes doet een baby van 7 maanden",
        "hallo, ik ben Sanne. hoe bouw ik de nachtvoeding af?",
    ],
)
def test_a_greeting_is_no_second_question(matcher: Matcher, text: str) -> None:
    decision = read(matcher, text)

    assert decision.kind == "answer"
    assert decision.both == ()


def test_a_sigh_is_no_second_question(matcher: Matcher) -> None:
    decision = read(matcher, "hoe krijg k een kind van 1,5 langr in bed dan 5u smorgens??? ben zo kapot")

    assert "slapen-vroeg-wakker" in {candidate.answer for candidate in decision.candidates[:2]}
    assert decision.both == ()


def test_a_question_beside_a_route_is_answered_with_the_route(matcher: Matcher) -> None:
    decision = read(matcher, "waar is een ontmoetingsplek in de buurt? en mijn baby huilt de hele dag")

    assert (decision.kind, decision.answer, decision.route) == ("answer", "huilen-baby", "@meetups")


@pytest.mark.parametrize(
    ("text", "answer", "beside"),
    [
        ("ze slaapt slecht en lust geen groente", "eten-moeilijk", "slapen-doorslapen"),
        ("he won't sleep and she won't eat", "eten-moeilijk", "slapen-inslapen"),
    ],
)
def test_what_is_asked_beside_a_clear_question_is_named_behind_its_answer(
    matcher: Matcher, text: str, answer: str, beside: str
) -> None:
    decision = read(matcher, text)

    assert (decision.kind, decision.answer, decision.beside) == ("answer", answer, beside)


def test_what_is_asked_beside_a_route_is_named_behind_it(matcher: Matcher) -> None:
    decision = read(matcher, "Waar is koffie en koters en hoe krijg ik mijn peuter aan het eten?")

    assert (decision.kind, decision.route, decision.beside) == ("route", "@meetups", "eten-moeilijk")


@pytest.mark.parametrize("text", ["slaapt niet", "mijn kind wil niet slapen", "koffie en thee waar kan dat"])
def test_one_question_has_nothing_beside_it(matcher: Matcher, text: str) -> None:
    assert read(matcher, text).beside is None


def test_danger_is_never_taken_apart(matcher: Matcher) -> None:
    assert read(matcher, "mijn baby ademt niet meer. daarnaast eet mijn kleuter geen groente").kind == "urgent"


def test_a_message_that_cannot_be_two_questions_has_no_parts() -> None:
    assert parts("mijn kind wil niet slapen") == ([], False)
    assert parts("eerst dit verhaal hier. " * 8) == ([], False)
