"""What parents in the neighbourhood wrote on their own poster leads where they would want it to."""

from __future__ import annotations

from bot.matching.matcher import Matcher


def test_how_do_i_help_my_child_leads_to_where_help_is(matcher: Matcher) -> None:
    assert matcher.decide("Hoe help ik mijn kind?").candidates[0].answer == "wegwijs-hulp"


def test_how_do_i_change_to_the_bottle_is_answered(matcher: Matcher) -> None:
    assert matcher.decide("Hoe ga ik over naar flesvoeding?").answer == "voeden-overstap-fles"


def test_i_am_so_tired_is_about_the_parent(matcher: Matcher) -> None:
    assert matcher.decide("Ik ben zo moe...").answer == "ouder-moe"


def test_my_child_has_trouble_sleeping_leads_to_sleep(matcher: Matcher) -> None:
    decision = matcher.decide("Mijn kind heeft moeite met slapen...")

    assert decision.kind in ("answer", "suggest")
    assert decision.candidates[0].answer.startswith("slapen-")


def test_who_wants_to_ask_share_or_help_is_led_to_a_person(matcher: Matcher) -> None:
    assert matcher.decide("Ik heb een vraag of wil graag iets delen of helpen...").route == "@human"
