"""A short message after an answer means what a parent means by it; a question of its own stays one."""

from __future__ import annotations

import pytest

from bot.knowledge.model import Knowledge
from bot.matching.follow_up import Earlier, follow_up, with_danger
from bot.matching.matcher import Matcher
from bot.model import Parent

NIGHT, NAPS, POTTY = "slapen-doorslapen", "slapen-dutjes", "zindelijk-beginnen"


def understood(matcher: Matcher, knowledge: Knowledge, before: str, text: str) -> tuple[str, tuple[str, ...]]:
    found = follow_up(matcher, knowledge, text, matcher.decide(text), Earlier(before))
    return (found.kind, found.answers) if found else ("alone", ())


@pytest.mark.parametrize(
    ("before", "text", "answer"),
    [
        pytest.param(NIGHT, "en overdag?", NAPS, id="from the night to the day"),
        pytest.param(NIGHT, "what about naps?", NAPS, id="the same in English"),
        pytest.param(NIGHT, "en de dutjes dan", NAPS, id="with dan behind it"),
        pytest.param(NIGHT, "وماذا عن النهار؟", NAPS, id="from the night to the day in Arabic"),
        pytest.param(NIGHT, "peki gündüz?", NAPS, id="from the night to the day in Turkish"),
        pytest.param(NAPS, "en 's nachts dan", NIGHT, id="from the day to the night"),
        pytest.param(NAPS, "and at night?", NIGHT, id="from the day to the night in English"),
        pytest.param(NAPS, "وفي الليل؟", NIGHT, id="from the day to the night in Arabic"),
        pytest.param(NAPS, "peki gece?", NIGHT, id="from the day to the night in Turkish"),
        pytest.param(POTTY, "en 's nachts?", "zindelijk-bedplassen", id="the night is another one after the potty"),
        pytest.param("voeden-fles", "en 's nachts?", "voeden-nachtvoeding", id="and another one after the bottle"),
        pytest.param("slapen-inslapen", "en overdag?", NAPS, id="falling asleep by day"),
        pytest.param("media-schermtijd", "en youtube?", "media-veilig", id="a thing within the subject"),
        pytest.param("voeden-fles", "maar hij weigert", "voeden-fles-weigeren", id="a refusal that is a subject"),
        pytest.param("gezondheid-verkouden", "en als ze oorpijn krijgt", "gezondheid-oorpijn", id="what may come next"),
        pytest.param("ouder-eenzaam", "en als ik me somber voel?", "ouder-somber", id="how the parent feels"),
        pytest.param("ontwikkeling-lopen", "en kruipen?", "ontwikkeling-bewegen-baby", id="what comes before"),
    ],
)  # fmt: skip
def test_a_neighbouring_subject_leads_to_its_answer(
    matcher: Matcher, knowledge: Knowledge, before: str, text: str, answer: str
) -> None:
    alone = matcher.decide(text)
    kind, answers = understood(matcher, knowledge, before, text)

    # What is clear by itself ("en kruipen?") needs nothing from before.
    assert kind in ("subject", "titles", "alone")
    assert (answers[0] if answers else alone.answer) == answer


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("hij is 3", "age", id="years unsaid"),
        pytest.param("en bij een baby van 4 maanden?", "age", id="a question about an age"),
        pytest.param("she is 8 months", "age", id="an age in English"),
        pytest.param("3 yaşında", "age", id="an age in Turkish"),
        pytest.param("عمره 3 سنوات", "age", id="an age in Arabic"),
        pytest.param("ze is 2 maanden te vroeg geboren", "age", id="born too early"),
        pytest.param("en als dat niet helpt?", "beyond", id="it does not help"),
        pytest.param("en als da nie helpt", "beyond", id="it does not help, misspelt"),
        pytest.param("dat heb ik al geprobeerd", "beyond", id="tried already"),
        pytest.param("what if that doesn't work?", "beyond", id="it does not help, in English"),
        pytest.param("ya işe yaramazsa?", "beyond", id="it does not help, in Turkish"),
        pytest.param("وإذا لم ينفع ذلك؟", "beyond", id="it does not help, in Arabic"),
        pytest.param("wanneer moet ik bellen", "beyond", id="when to call"),
        pytest.param("is dat erg?", "beyond", id="is it bad"),
        pytest.param("met wie kan ik daarover praten?", "beyond", id="whom to talk to about it"),
        pytest.param("maar ze weigert", "beyond", id="a refusal that is no subject of its own"),
        pytest.param("meer tips?", "beyond", id="asking for more"),
        pytest.param("werkt niet", "beyond", id="it does not work, in two words"),
        pytest.param("doet ze al", "beyond", id="she does that already"),
        pytest.param("en dan?", "beyond", id="and then"),
        pytest.param("en mijn andere kind van 5?", "age", id="another child of an age"),
        pytest.param("hoezo?", "normal", id="why, in a word"),
        pytest.param("leg uit", "normal", id="explain"),
        pytest.param("vanaf wanneer?", "normal", id="from when"),
        pytest.param("hoe lang duurt dat", "normal", id="how long it takes"),
        pytest.param("is this normal?", "normal", id="is it normal"),
    ],
)  # fmt: skip
def test_an_age_or_a_question_about_the_tips_stays_with_the_answer(
    matcher: Matcher, knowledge: Knowledge, text: str, kind: str
) -> None:
    assert understood(matcher, knowledge, "gedrag-driftbuien", text) == (kind, ("gedrag-driftbuien",))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("mijn dochter bijt andere kinderen op de opvang", id="a full question"),
        pytest.param("hoeveel schermtijd mag een kind van 3", id="a full question with an age"),
        pytest.param("how many hours of tv can a 3 year old watch", id="a full question in English"),
        pytest.param("en wanneer begin je met zindelijk worden", id="a full question behind en"),
        pytest.param("en een fopspeen?", id="a subject that is clear by itself, behind en"),
        pytest.param("kolven?", id="one clear word"),
        pytest.param("hoofdluis", id="another clear word"),
        pytest.param("dankjewel", id="thanks"),
        pytest.param("ok bedankt", id="thanks behind ok"),
        pytest.param("hoi", id="a greeting"),
        pytest.param("ik wil met een mens praten", id="a person, whatever the subject"),
        pytest.param("is er een koffieochtend", id="a meeting"),
        pytest.param("wat kost een parkeervergunning in het centrum", id="not for this bot"),
        pytest.param("en wie wint de eredivisie?", id="not for this bot, behind en"),
        pytest.param("sdkfjh qwpeoriu", id="a cat on the keyboard"),
    ],
)
def test_a_message_that_stands_by_itself_is_no_follow_up(matcher: Matcher, knowledge: Knowledge, text: str) -> None:
    assert understood(matcher, knowledge, NIGHT, text) == ("alone", ())


def test_without_an_answer_before_it_nothing_is_a_follow_up(matcher: Matcher, knowledge: Knowledge) -> None:
    assert follow_up(matcher, knowledge, "en overdag?", matcher.decide("en overdag?"), Earlier()) is None


def test_an_age_after_titles_asks_again_which_of_them(matcher: Matcher, knowledge: Knowledge) -> None:
    found = follow_up(matcher, knowledge, "hij is 3", matcher.decide("hij is 3"), Earlier(None, (NIGHT, NAPS)))

    assert found
    assert (found.kind, found.answers) == ("age", (NIGHT, NAPS))


@pytest.mark.parametrize(
    ("before", "text", "sign"),
    [
        pytest.param("gezondheid-koorts", "hij is 6 weken", "koorts-jonge-baby", id="the age completes the fever"),
        pytest.param("gezondheid-koorts", "she is 2 months", "koorts-jonge-baby", id="the same in English"),
        pytest.param("gezondheid-koorts", "ze is 4 maanden maar 8 weken te vroeg geboren", "koorts-jonge-baby", id="born early"),
        pytest.param("gezondheid-verkouden", "hij is nu ook benauwd", "ademnood", id="danger in the message alone"),
        pytest.param("gezondheid-koorts", "hij is 2 jaar", None, id="old enough"),
        pytest.param(NIGHT, "hij is 6 weken", None, id="no fever before it"),
        pytest.param("eten-stukjes", "en overdag?", None, id="a title that names a danger is none"),
    ],
)  # fmt: skip
def test_danger_is_seen_behind_the_answer_before_it(
    matcher: Matcher, knowledge: Knowledge, before: str, text: str, sign: str | None
) -> None:
    parent = Parent(1)

    decision = with_danger(matcher, knowledge, text, parent, matcher.decide(text, parent), Earlier(before))

    assert (decision.urgent.sign if decision.kind == "urgent" and decision.urgent else None) == sign


def test_no_ordinary_follow_up_to_any_answer_is_an_alarm(matcher: Matcher, knowledge: Knowledge) -> None:
    parent = Parent(1)
    alarms = [
        (answer.id, text)
        for text in ("en overdag?", "en als dat niet helpt?", "she is 8 months")
        for alone in [matcher.decide(text)]
        for answer in knowledge.answers()
        if with_danger(matcher, knowledge, text, parent, alone, Earlier(answer.id)).kind == "urgent"
    ]

    assert alarms == []
