"""Somebody whose child has died: for as long as the talk goes on, no tips, no babies, no meetings; a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation import grief
from bot.knowledge.model import Knowledge
from bot.store import dialogues, parents
from tests.conftest import NOW, Talker

LOSS = "mijn baby is overleden"
NO_ANSWER = "Hier heb ik niets passends voor klaarliggen."
PERSON = ["💬 Praat met iemand"]


@pytest.mark.parametrize("said", [
    "ik kan niet slapen",
    "wanneer kan ik medicijnen krijgen om de melk te stoppen",
    "ik ben zo moe",
    "hoe lang duurt dit",
    "hoeveel melk heeft een baby nodig",
    "ok",
    "sdkfjh qwpeoriu zxmcnb",
])  # fmt: skip
async def test_what_is_said_after_a_loss_leads_to_a_person_and_to_no_tips(in_town: Talker, said: str) -> None:
    await in_town.says(LOSS)
    await in_town.says(said)

    assert in_town.first_line.startswith(NO_ANSWER)
    assert "Luisterlijn" in in_town.text
    assert in_town.labels == PERSON


async def test_no_meeting_is_named_under_what_is_still_answered(in_town: Talker) -> None:
    await in_town.commands("wijk", "Stadshagen")
    await in_town.says(LOSS)
    await in_town.says("mijn dochter van 3 wil niet op het potje poepen")

    assert "Heel gewoon" in in_town.text
    assert not any("☕" in label for label in in_town.labels)


async def test_a_question_about_another_child_is_answered_by_its_age(parent: Talker) -> None:
    await parent.says(LOSS)
    await parent.says("mijn dochter van 4 wil niet naar bed")

    assert not parent.first_line.startswith(NO_ANSWER)
    assert not any("baby" in label.lower() or "veilig" in label.lower() for label in parent.labels)


async def test_what_was_told_of_another_child_does_not_make_milk_a_subject_again(parent: Talker) -> None:
    await parent.says(LOSS)
    await parent.says("mijn dochter van 5 bijt andere kinderen")
    await parent.says("hoe stop ik met borstvoeding")

    assert parent.first_line.startswith(NO_ANSWER)


@pytest.mark.parametrize(("answer", "age", "asked", "offered"), [
    pytest.param("voeden-nachtvoeding", 20, True, True, id="milk, also for an older child"),
    pytest.param("wegwijs-zwanger", None, True, True, id="pregnancy"),
    pytest.param("ouder-moe", 48, True, True, id="tips for tired parents"),
    pytest.param("slapen-veilig", None, True, True, id="safe sleep"),
    pytest.param("slapen-veilig", 48, True, True, id="safe sleep, when a four-year-old was spoken of"),
    pytest.param("slapen-doorslapen", None, True, True, id="waking at night, of who is not told"),
    pytest.param("slapen-doorslapen", 30, False, False, id="waking at night, of a child of two and a half"),
    pytest.param("gezondheid-koorts", None, False, True, id="fever"),
    pytest.param("gezondheid-luieruitslag", 24, False, False, id="nappy rash of a child of two"),
    pytest.param("zindelijk-beginnen", None, False, False, id="potty training"),
    pytest.param("emoties-verlies", None, False, False, id="talking about death"),
])  # fmt: skip
def test_which_answers_hurt(knowledge: Knowledge, answer: str, age: int | None, asked: bool, offered: bool) -> None:
    found = knowledge.answer(answer)

    assert grief.hurts(found, age, is_asked=True) == asked
    assert grief.hurts(found, age, is_asked=False) == offered


async def test_it_is_held_through_everything_else_and_gone_with_the_talk(parent: Talker) -> None:
    await parent.says(LOSS)
    for minute in range(0, 30, 5):
        parent.now = NOW + timedelta(minutes=minute)
        await parent.says("bedankt")
    await parent.commands("kind")
    await parent.says("laat maar")
    await parent.says("stop")
    await parent.says("ik kan niet slapen")
    assert parent.first_line.startswith(NO_ANSWER)

    parent.now += timedelta(minutes=11)
    await parent.says("ik kan niet slapen")

    assert not parent.first_line.startswith(NO_ANSWER)


async def test_it_is_held_after_danger(parent: Talker) -> None:
    await parent.says(LOSS)
    await parent.says("ik wil niet meer leven")
    await parent.presses("Nee, dat bedoel ik niet")

    assert "💬 Praat met iemand" in parent.labels
    assert not any("baby" in label.lower() for label in parent.labels)


async def test_forgetting_everything_forgets_it_too(parent: Talker) -> None:
    await parent.says(LOSS)
    await parent.commands("vergeetmij")
    await parent.presses("Ja, wis alles")

    async with parent.conversation.store.reading() as connection:
        assert await dialogues.find(connection, parent.chat_id, parent.now) is None


async def test_that_the_month_of_birth_is_erased_is_told_and_it_can_be_told_of_another_child(parent: Talker) -> None:
    await parent.commands("kind", "8 maanden")
    await parent.says(LOSS)
    assert "heb ik gewist" in parent.text
    assert parent.labels == PERSON
    async with parent.conversation.store.reading() as connection:
        assert (await parents.find(connection, parent.chat_id)).born is None

    await parent.says(LOSS)
    assert "heb ik gewist" not in parent.text

    await parent.commands("kind", "4 jaar")
    await parent.says("slapen")
    assert not parent.first_line.startswith(NO_ANSWER)


async def test_crying_is_met_with_a_person_only(in_town: Talker) -> None:
    await in_town.says(LOSS)
    await in_town.says("😭")

    assert in_town.labels == PERSON
