"""The child's age: asked with the reason, kept as a month, used for the right passage, and taken back with one press."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.model import Parent
from bot.store import parents
from bot.store.database import Store
from tests.conftest import NOW, Talker

NIGHT = "slapen-doorslapen"


async def kept(parent: Talker) -> Parent:
    async with parent.conversation.store.reading() as connection:
        return await parents.find(connection, parent.chat_id)


async def test_it_says_why_it_asks_and_what_it_keeps(parent: Talker) -> None:
    await parent.commands("kind")

    assert "alleen de maand" in parent.text
    assert "/vergeetmij" in parent.text
    assert parent.labels[-1] == "Liever niet"


@pytest.mark.parametrize("typed", ["maart 2026", "3-2026", "12 maanden"])
async def test_what_is_typed_is_kept_as_a_month(parent: Talker, typed: str) -> None:
    await parent.commands("kind")
    await parent.says(typed)

    assert (await kept(parent)).born == date(2026, 3, 1)
    assert "onthouden: maart 2026." in parent.text


async def test_it_can_be_told_at_once_behind_the_command(parent: Talker) -> None:
    await parent.commands("child", "8 months")

    assert (await kept(parent)).born == date(2026, 7, 1)


async def test_an_age_can_be_pressed(parent: Talker) -> None:
    await parent.commands("kind")
    await parent.presses("3 jaar")

    assert (await kept(parent)).born == date(2024, 3, 1)


async def test_weeks_early_are_asked_under_two_and_kept(parent: Talker) -> None:
    await parent.commands("kind", "8 maanden")
    await parent.presses("5 tot 8 weken")

    assert (await kept(parent)).weeks_early == 7


async def test_weeks_early_are_not_asked_from_two_years_on(parent: Talker) -> None:
    await parent.commands("kind", "3 jaar")

    assert parent.labels == []


async def test_rather_not_takes_it_back(parent: Talker) -> None:
    await parent.commands("kind", "8 maanden")
    await parent.commands("kind")
    await parent.presses("Liever niet")

    assert (await kept(parent)).born is None

    await parent.commands("kind", "8 maanden")
    await parent.commands("kind")
    await parent.says("Liever niet.")

    assert (await kept(parent)).born is None


async def test_forgetting_erases_it(parent: Talker) -> None:
    await parent.commands("kind", "8 maanden")
    await parent.commands("vergeetmij")
    await parent.presses("Ja, wis alles")

    assert await kept(parent) == Parent(parent.chat_id)


async def test_choosing_a_language_does_not_lose_it(parent: Talker) -> None:
    await parent.commands("kind", "8 maanden")
    await parent.commands("taal")
    await parent.presses("English")

    assert (await kept(parent)).born == date(2026, 7, 1)


async def test_an_age_that_is_only_said_in_a_question_is_not_kept(parent: Talker) -> None:
    await parent.says("mijn dochter van 3 jaar is 6 weken te vroeg geboren en wil niet slapen")
    await parent.commands("wijk")
    await parent.presses("Berkum")

    assert await kept(parent) == Parent(parent.chat_id, neighbourhood="berkum")


async def test_it_survives_a_restart(parent: Talker, tmp_path: Path) -> None:
    await parent.commands("kind")
    again = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'minidorp.sqlite3'}")
    restarted = Talker(replace(parent.conversation, store=again))
    await restarted.says("maart 2026")

    assert (await kept(restarted)).born == date(2026, 3, 1)
    await again.close()


async def test_a_month_that_cannot_be_is_asked_again(parent: Talker) -> None:
    await parent.commands("kind")
    await parent.says("13-2026")

    assert "kan ik niet lezen" in parent.text
    assert (await kept(parent)).born is None


async def test_a_question_in_between_is_answered(parent: Talker) -> None:
    await parent.commands("kind")
    await parent.says("hoe voer ik de nachtvoeding af bij mijn kind van 14 maanden, ze drinkt nog elke nacht")

    assert parent.first_line == "Nachtvoeding afbouwen"
    assert (await kept(parent)).born is None


@pytest.mark.parametrize(("typed", "said"), [("stop", "stuur je niets"), ("mijn baby ademt niet meer", "Bel nu 112")])
async def test_stop_words_and_danger_come_first(parent: Talker, typed: str, said: str) -> None:
    await parent.commands("kind")
    await parent.says(typed)

    assert said in parent.text


async def test_the_passage_for_the_kept_age_comes_first_months_later(parent: Talker) -> None:
    passages = parent.conversation.knowledge.answer(NIGHT).by_age
    await parent.commands("kind", "5 maanden")
    await parent.commands("start", NIGHT)
    assert parent.replies[0].parts[1].text == passages[0].text["nl"]

    parent.now = NOW + timedelta(days=120)
    await parent.commands("start", NIGHT)

    assert parent.replies[0].parts[1].text == passages[1].text["nl"]


async def test_a_kept_age_makes_a_fever_in_a_young_baby_a_warning_sign(parent: Talker) -> None:
    await parent.commands("kind", "4 maanden")
    await parent.presses("5 tot 8 weken")
    await parent.says("koorts 38,5")

    assert parent.first_line.startswith("Bel nu")


@pytest.mark.parametrize("data", ["c:", "c:7", "c:x", "e:", "e:5", "e:3"])
async def test_a_forged_button_keeps_nothing(parent: Talker, data: str) -> None:
    await parent.sends("button", data=data)

    assert "werkt niet meer" in parent.text
    assert await kept(parent) == Parent(parent.chat_id)


@pytest.mark.parametrize("typed", ["maart", "gisteren", "vorige week geboren", "hij is geboren in juni", "last month"])
async def test_a_moment_that_is_no_month_gets_an_example(parent: Talker, typed: str) -> None:
    await parent.commands("kind")
    await parent.says(typed)

    assert "Typ bijvoorbeeld: maart 2025" in parent.text
    assert (await kept(parent)).born is None


async def test_a_question_with_a_moment_in_it_is_a_question(parent: Talker) -> None:
    await parent.commands("kind")
    await parent.says("sinds gisteren luieruitslag")

    assert "Typ bijvoorbeeld" not in parent.text
