"""A parent goes on talking after an answer, and the bot knows what about: for ten minutes, by ids and an age."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store import dialogues
from tests.conftest import NOW, Talker

NIGHT = "slapen-doorslapen"


async def data_of(parent: Talker) -> dict[str, object]:
    async with parent.conversation.store.reading() as connection:
        dialogue = await dialogues.find(connection, parent.chat_id, parent.now)
    return dialogue.data if dialogue else {}


async def test_a_neighbouring_subject_is_answered(parent: Talker) -> None:
    await parent.commands("start", NIGHT)
    await parent.says("en overdag?")

    assert parent.first_line == "Dutjes overdag"


async def test_after_ten_minutes_it_stands_by_itself(parent: Talker) -> None:
    await parent.commands("start", NIGHT)
    parent.now = NOW + timedelta(minutes=11)
    await parent.says("is dat erg")

    assert "weet ik niet" in parent.text


async def test_an_age_brings_the_passage_for_that_age_to_the_top(parent: Talker) -> None:
    passages = parent.conversation.knowledge.answer(NIGHT).by_age
    await parent.commands("start", NIGHT)
    await parent.says("hij is 3")

    assert parent.first_line == "'s Nachts wakker worden"
    assert parent.replies[0].parts[1].text == passages[2].text["nl"]


async def test_an_age_for_which_nothing_differs_is_told_in_a_line(parent: Talker) -> None:
    await parent.commands("start", NIGHT)
    await parent.says("hij is 9 jaar")

    assert "niet anders" in parent.text
    assert "Wat kun je doen" not in parent.text


async def test_a_child_born_early_is_read_by_its_corrected_age_under_two(parent: Talker) -> None:
    passages = parent.conversation.knowledge.answer(NIGHT).by_age
    await parent.commands("start", NIGHT)
    await parent.says("hij is 8 maanden")
    assert parent.replies[0].parts[1].text == passages[1].text["nl"]

    await parent.says("ze is 2 maanden te vroeg geboren")

    assert parent.replies[0].parts[1].text == passages[0].text["nl"]
    assert "te vroeg" in parent.text


async def test_weeks_without_an_age_ask_for_the_age_and_both_are_used(parent: Talker) -> None:
    await parent.commands("start", NIGHT)
    await parent.says("ze is 8 weken te vroeg geboren")
    assert "Hoe oud" in parent.text

    await parent.says("8 maanden")

    assert parent.first_line == "'s Nachts wakker worden"
    assert "te vroeg" in parent.text


async def test_what_if_it_does_not_help_leads_to_people_and_not_to_the_tips_again(parent: Talker) -> None:
    await parent.commands("start", NIGHT)
    await parent.says("en als dat niet helpt?")

    assert "Wanneer overleggen" in parent.text
    assert "Bellen of langsgaan" in parent.text
    assert "Wat kun je doen" not in parent.text
    assert any("Praat met iemand" in label for label in parent.labels)


async def test_how_long_it_lasts_is_told_by_what_is_normal(parent: Talker) -> None:
    await parent.commands("start", NIGHT)
    await parent.says("hoe lang duurt dat")

    assert "Heel gewoon" in parent.text
    assert "Wat kun je doen" not in parent.text


async def test_a_follow_up_goes_on_from_a_pressed_title_too(parent: Talker) -> None:
    await parent.says("slapen")
    await parent.sends("button", data=f"a:{NIGHT}")
    await parent.says("en overdag?")

    assert parent.first_line == "Dutjes overdag"


async def test_an_age_told_after_titles_is_used_when_one_is_pressed(parent: Talker) -> None:
    passages = parent.conversation.knowledge.answer(NIGHT).by_age
    await parent.says("slapen")
    await parent.says("ze is 3 jaar")
    await parent.sends("button", data=f"a:{NIGHT}")

    assert parent.replies[0].parts[1].text == passages[2].text["nl"]


async def test_the_age_told_before_makes_a_fever_a_warning_sign(parent: Talker) -> None:
    await parent.says("hij is 6 weken")
    await parent.says("koorts 38,5")

    assert parent.first_line.startswith("Bel nu")
    assert "3 maanden" in parent.text


async def test_the_age_told_before_keeps_a_fever_from_being_one(parent: Talker) -> None:
    await parent.says("mijn dochter van 3 jaar wil niet slapen")
    await parent.says("koorts 38,5")

    assert parent.first_line == "Koorts"


async def test_the_age_of_one_child_is_not_that_of_the_baby(parent: Talker) -> None:
    await parent.says("mijn dochter van 3 jaar wil niet slapen")
    await parent.says("mijn baby heeft 38,5 koorts")

    assert parent.first_line.startswith("Bel nu")


@pytest.mark.parametrize(
    ("before", "text"), [("gezondheid-koorts", "hij is 6 weken"), (NIGHT, "hij is nu ook benauwd")]
)
async def test_danger_comes_before_a_follow_up(parent: Talker, before: str, text: str) -> None:
    await parent.commands("start", before)
    await parent.says(text)

    assert parent.first_line.startswith("Bel nu")


async def test_after_a_loss_no_earlier_answer_is_gone_on_from(parent: Talker) -> None:
    await parent.commands("start", NIGHT)
    await parent.says("ons dochtertje is vannacht overleden")

    assert await data_of(parent) == {"talk": {"grieves": True}}


async def test_only_ids_and_an_age_are_remembered(parent: Talker) -> None:
    await parent.says(
        "geheimwoord hoe voer ik de nachtvoeding af bij mijn kind van 14 maanden, ze drinkt nog elke nacht"
    )

    assert await data_of(parent) == {"answers": [], "answer": "voeden-nachtvoeding", "age": 14}


async def test_two_questions_are_both_offered_with_a_sentence(parent: Talker) -> None:
    await parent.says("mijn kind slaat andere kinderen. Daarnaast eet ze bijna niks aan tafel")

    assert "twee vragen" in parent.text
    assert parent.labels == ["Slaan, bijten en schoppen", "Mijn kind wil niet eten", "Geen van deze"]


async def test_what_seems_to_be_asked_as_well_is_the_first_title_below_the_answer(parent: Talker) -> None:
    await parent.says("he won't sleep and she won't eat")

    titles = [label for label in parent.labels if label.startswith("→")]
    assert "👍" in parent.labels[0]
    assert titles[0] == "→ Niet willen of kunnen gaan slapen"


async def test_a_question_and_a_meeting_are_both_answered(parent: Talker) -> None:
    await parent.says("waar is een ontmoetingsplek in de buurt? en mijn baby huilt de hele dag")

    assert parent.first_line == "Mijn baby huilt veel"
    assert len(parent.replies) == 2
