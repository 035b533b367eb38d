"""The line under an answer that leads to people: where it helps, and nowhere else. And that questions are counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.conversation import invitation
from bot.conversation.message import Part, Reply
from bot.conversation.turn import Turn
from bot.matching.decision import Decision, Urgent
from bot.store import changes, parents, tables
from tests.conftest import NOW, Talker

QUESTION = "hoe voer ik de nachtvoeding af bij mijn kind van 14 maanden, ze drinkt nog elke nacht"
LINE = "Andere ouders spreken?"


async def lives_in(parent: Talker, wijk: str) -> None:
    await parent.commands("wijk")
    await parent.presses(wijk)


async def test_an_answer_names_the_next_meeting_in_the_parents_wijk(in_town: Talker) -> None:
    await lives_in(in_town, "Stadshagen")
    await in_town.says(QUESTION)

    line = in_town.text.splitlines()[-1]
    assert line == f"☕ {LINE} Vandaag om 9.30 uur: Koffie & Koters, De kantine, in jouw wijk."
    await in_town.presses("☕ Koffie & Koters")
    assert "Voorbeeldlaan 1" in in_town.text


async def test_what_is_not_confirmed_is_called_so(in_town: Talker) -> None:
    await lives_in(in_town, "Holtenbroek")
    await in_town.says(QUESTION)

    assert "Dinsdag 6 april om 9.00 uur: OntMOED, De school, in Dieze, ongeveer 2 km. (voorbeeld" in in_town.text


async def test_an_honest_no_leads_to_people_too(in_town: Talker) -> None:
    await lives_in(in_town, "Stadshagen")
    await in_town.says("wat kost een parkeervergunning in het centrum voor mijn tweede auto")

    assert LINE in in_town.text
    assert any("Anderen ontmoeten" in label for label in in_town.labels)


async def test_far_away_there_is_no_line(in_town: Talker) -> None:
    await lives_in(in_town, "Wijthmen")
    await in_town.says(QUESTION)

    assert LINE not in in_town.text


async def test_a_child_that_is_too_old_for_it_is_not_invited(in_town: Talker) -> None:
    await lives_in(in_town, "Stadshagen")
    await in_town.says("mijn zoon van 9 jaar liegt steeds vaker tegen mij over zijn huiswerk wat moet ik doen")

    assert LINE not in in_town.text


async def test_after_fourteen_days_without_a_meeting_there_is_no_line(in_town: Talker) -> None:
    in_town.now = NOW + timedelta(days=25)
    await lives_in(in_town, "Stadshagen")
    await in_town.says(QUESTION)
    assert LINE in in_town.text

    for day in (28, 35, 42):
        async with in_town.conversation.store.writing() as connection:
            for series, weekday in (("koffie", 0), ("ontmoed", -1)):
                on = (NOW + timedelta(days=day + weekday)).date()
                await changes.add(connection, series, on, "cancelled", {"reason": {"nl": "Dicht.", "en": "Shut."}}, NOW)
    await in_town.says(QUESTION)
    assert LINE not in in_town.text


@pytest.mark.parametrize(("text", "is_invited"), [
    pytest.param("ik ben zo moe", True, id="tired: people are the point"),
    pytest.param(QUESTION, False, id="anything else: the far side of town"),
])  # fmt: skip
async def test_without_a_wijk_only_where_people_are_the_point(in_town: Talker, text: str, is_invited: bool) -> None:
    await in_town.says(text)

    assert (LINE in in_town.text) is is_invited


@pytest.mark.parametrize("answer", ["ouder-somber", "ouder-boos", "emoties-verlies", "gezondheid-koorts"])
async def test_not_where_it_would_hurt(in_town: Talker, answer: str) -> None:
    await lives_in(in_town, "Stadshagen")
    assert in_town.conversation.knowledge.answer(answer)

    assert LINE not in await decided(in_town, Decision("answer", 1, (), "nl", answer=answer))
    assert LINE in await decided(in_town, Decision("answer", 1, (), "nl", answer="ouder-moe"))


async def test_never_beside_danger_or_loss(in_town: Talker) -> None:
    await lives_in(in_town, "Stadshagen")
    danger = Urgent("koorts-baby", "gp-now", "possible")

    assert LINE not in await decided(in_town, Decision("answer", 1, (), "nl", answer="ouder-moe", urgent=danger))
    also = Decision("answer", 1, (), "nl", answer="ouder-moe", route="@meetups")
    assert LINE not in await decided(in_town, also)
    assert LINE not in await decided(in_town, Decision("none", 1, (), "nl", is_readable=False))
    for text in ("mijn baby ademt niet meer", "ons dochtertje is vannacht overleden", "slapen", "dankjewel"):
        await in_town.says(text)
        assert LINE not in in_town.text


async def decided(parent: Talker, decision: Decision) -> str:
    """Return what stands under a reply to a message that was understood as ``decision``."""
    conversation = parent.conversation
    async with conversation.store.reading() as connection:
        known = await parents.find(connection, parent.chat_id)
    turn = Turn(conversation.scene(known, NOW, "nl"), conversation.store, NOW)
    reply = await invitation.invited(turn, Reply((Part("text", "antwoord"),)), decision)
    return "\n".join(part.text for part in reply.parts)


async def asked(parent: Talker) -> list[tuple[str, str, int]]:
    async with parent.conversation.store.reading() as connection:
        of = tables.asked.c
        return [tuple(row) for row in await connection.execute(select(of.theme, of.neighbourhood, of.times))]


async def test_the_theme_of_an_answer_is_counted_in_the_wijk_and_nothing_else(in_town: Talker) -> None:
    await in_town.says(QUESTION)
    assert await asked(in_town) == [("voeden", "", 1)]

    await lives_in(in_town, "Stadshagen")
    await in_town.says(QUESTION)
    await in_town.says(QUESTION)
    assert ("voeden", "stadshagen", 2) in await asked(in_town)


async def test_a_chosen_title_is_counted_and_looking_around_is_not(in_town: Talker) -> None:
    await in_town.commands("start", "slapen-doorslapen")
    await in_town.sends("button", data="a:slapen-doorslapen")
    assert await asked(in_town) == []

    await in_town.says("hoe zit het met opvang")
    chosen = in_town.button(in_town.labels[0])
    await in_town.presses(chosen.label)

    ((theme, _, times),) = await asked(in_town)
    assert (chosen.data.startswith(f"a:{theme}-"), times) == (True, 1)
