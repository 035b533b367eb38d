"""What somebody who should not can do with buttons made up by hand, and with the phone of a coordinator: nothing more.

A button's data comes from the app, and whoever writes an app of their own can send what they like.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.conversation.outgoing import Outgoing
from bot.store import announcements, audiences, deliveries, subscriptions, tables
from bot.store.deliveries import Delivery
from tests.conftest import Talker
from tests.conversation import test_team as team
from tests.conversation.test_team import COLLEAGUE, COORDINATOR, ELSEWHERE, NOW, PARENT, PROFESSIONAL, TEAM, UID

schedules, talk, followers = team.schedules, team.talk, team.followers

DAY = timedelta(days=1)
KEPT = (tables.changes, tables.announcements, tables.audit, tables.deliveries, tables.subscriptions, tables.attendances)


async def everything(store) -> list[object]:
    """Return every row that a deed of the team leaves, and the draft of the coordinator."""
    async with store.reading() as connection:
        rows = [(await connection.execute(select(table))).all() for table in KEPT]
        draft = select(tables.dialogues).where(tables.dialogues.c.chat_id == COORDINATOR)
        return [*rows, (await connection.execute(draft)).all()]


def taken_out(tmp_path, schedules, who: int) -> None:
    """Take somebody out of the file of the team, as one does when their phone is gone."""
    kept = [line for line in TEAM.splitlines() if f"telegram_id: {who}," not in line]
    (tmp_path / "schedules" / "team.yaml").write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert schedules.refresh(NOW) == []


@pytest.mark.parametrize("who", [
    pytest.param(PARENT, id="a parent"),
    pytest.param(PROFESSIONAL, id="a professional"),
    pytest.param(ELSEWHERE, id="a coordinator of another wijk"),
])  # fmt: skip
async def test_no_button_made_up_by_hand_does_anything_for_who_may_not(conversation, schedules, store, followers, who):
    town = replace(conversation, schedules=schedules, confirm_above=1)
    coordinator, attacker = Talker(town, COORDINATOR, now=NOW), Talker(town, who, now=NOW)
    await team.announce(coordinator, "Kom je ook?", "Stadshagen")
    await coordinator.presses("Ja")
    waiting = coordinator.button("Houd tegen").data.rpartition(":")[2]
    await coordinator.commands("annuleer")
    await coordinator.presses("wo 25 nov")
    await coordinator.presses("Ziekte")
    yes = coordinator.button("Ja").data
    before = await everything(store)

    crafted = [yes, f"T:k:{waiting}", f"T:x:{waiting}", "T", "T:", "T:y", "T:y:", "T:y:None", "T:n", "T:r:illness"]
    crafted += [f"T:{step}:{UID}" for step in "cumho"]
    crafted += ["T:p:school", "T:a:e", "T:a:w:stadshagen", "T:a:m:koffie", "T:g:all", "T:t:now", f"T:c:{UID}:x"]
    for data in (*crafted, *crafted):
        await attacker.sends("button", data=data)
    await attacker.says("de zaal is dicht")

    assert await everything(store) == before


async def test_a_coordinator_of_one_wijk_gets_no_further_with_made_up_buttons_in_a_flow_of_their_own(
    talk, store, followers
):
    stranger = talk(ELSEWHERE)
    before = await everything(store)
    await stranger.commands("aankondiging", "Hoi allemaal")
    for data in ("T:a:w:stadshagen", "T:a:m:koffie", "T:g:all", "T:t:now"):
        await stranger.sends("button", data=data)

        assert "Aantal ouders" not in stranger.text

    assert await everything(store) == before


async def test_who_is_taken_out_of_the_team_may_nothing_from_that_moment_also_in_the_midst_of_it(
    talk, store, followers, schedules, tmp_path
):
    thief = talk(COORDINATOR)
    await thief.commands("annuleer")
    await thief.presses("wo 25 nov")
    await thief.presses("Ziekte")
    yes = thief.button("Ja").data
    before = await everything(store)
    taken_out(tmp_path, schedules, COORDINATOR)

    await thief.sends("button", data=yes)
    assert "veranderd" in thief.text or "niet meer" in thief.text
    await thief.commands("annuleer")
    assert "voor wie de bijeenkomsten regelt" in thief.text
    await thief.says("de zaal is dicht")

    assert await everything(store) == before


async def test_what_somebody_announced_is_not_sent_any_more_once_they_are_taken_out_of_the_team(
    conversation, schedules, store, followers, tmp_path
):
    town = replace(conversation, schedules=schedules)
    thief = Talker(town, COORDINATOR, now=NOW)
    await team.announce(thief, "Klik hier voor gratis luiers", "Stadshagen")
    await thief.presses("Ja")
    (row,) = await team.kept(store)
    on_its_way = Delivery(1, 11, "announcement", row.id, NOW, NOW + timedelta(days=1), 1, language="nl")
    assert await Outgoing(town).compose(on_its_way, NOW) is not None

    taken_out(tmp_path, schedules, COORDINATOR)

    assert await Outgoing(town).compose(on_its_way, NOW) is None


async def test_what_a_colleague_confirmed_is_sent_also_when_the_writer_left(
    conversation, schedules, store, followers, tmp_path
):
    town = replace(conversation, schedules=schedules, confirm_above=1)
    writer, colleague = Talker(town, COORDINATOR, now=NOW), Talker(town, COLLEAGUE, now=NOW)
    await team.announce(writer, "Kom je ook?", "Stadshagen")
    await writer.presses("Ja")
    await colleague.sends("button", data=writer.button("Houd tegen").data.replace("T:x", "T:k"))
    (row,) = await team.kept(store)

    taken_out(tmp_path, schedules, COORDINATOR)

    on_its_way = Delivery(1, 11, "announcement", row.id, NOW, NOW + timedelta(days=1), 1, language="nl")
    assert await Outgoing(town).compose(on_its_way, NOW) is not None


@pytest.fixture
async def three_follow(store):
    async with store.writing() as connection:
        for chat_id in range(100, 103):
            await subscriptions.follow(connection, chat_id, "meetup", "koffie", NOW - timedelta(days=1))


async def test_small_announcements_of_one_day_count_together(conversation, schedules, store, three_follow):
    writer = Talker(replace(conversation, schedules=schedules, confirm_above=7), COORDINATOR, now=NOW)
    for _ in range(2):
        await team.announce(writer, "Kom je ook?", "Wie Koffie volgt")
        await writer.presses("Ja")
        assert "Gedaan" in writer.text
    await team.announce(writer, "En nog een keer", "Wie Koffie volgt")
    await writer.presses("Ja")

    assert "tweede coördinator" in writer.text
    assert len(await team.kept(store)) == 2

    writer.now = NOW + timedelta(days=1, minutes=1)
    await team.announce(writer, "De volgende dag", "Wie Koffie volgt")
    await writer.presses("Ja")

    assert "Gedaan" in writer.text


async def test_an_announcement_that_was_withdrawn_does_not_count(conversation, schedules, store, three_follow):
    writer = Talker(replace(conversation, schedules=schedules, confirm_above=4), COORDINATOR, now=NOW)
    for _ in range(3):
        await team.announce(writer, "Kom je ook?", "Wie Koffie volgt")
        await writer.presses("Ja")
        assert "Gedaan" in writer.text
        await writer.presses("Houd tegen")

    assert await team.kept(store) == []


async def test_what_is_on_its_way_or_waits_for_the_morning_can_be_stopped_and_counts_all_the_same(
    conversation, schedules, store, three_follow
):
    writer = Talker(replace(conversation, schedules=schedules, confirm_above=4), COORDINATOR, now=NOW)
    await team.announce(writer, "Kom je ook?", "Wie Koffie volgt")
    await writer.presses("Ja")
    (row,) = await team.kept(store)
    async with store.writing() as connection:
        await deliveries.add(connection, audiences.these([100, 101, 102]), "announcement", row.id, NOW, NOW + DAY)
        await announcements.mark_planned(connection, row.id, NOW)
        (first,) = await deliveries.claim(connection, NOW, 1)
        await deliveries.finish(connection, [first.id], "sent", NOW)
    withdraw = writer.button("Houd tegen").data

    await writer.sends("button", data=withdraw)
    assert "wie dit bericht nog niet had" in writer.text
    async with store.reading() as connection:
        states = (await connection.execute(select(tables.deliveries.c.state))).scalars().all()
    assert sorted(states) == ["sent", "skipped", "skipped"]

    await writer.sends("button", data=withdraw)
    assert "al verstuurd" in writer.text
    await team.announce(writer, "En nog een keer", "Wie Koffie volgt")
    await writer.presses("Ja")
    assert "tweede coördinator" in writer.text


async def test_the_log_tells_afterwards_what_was_done_with_a_phone(talk, store, followers):
    thief = talk(COORDINATOR)
    await team.announce(thief, "Klik hier", "Stadshagen")
    await thief.presses("Ja")
    async with store.reading() as connection:
        rows = (await connection.execute(select(tables.audit.c.telegram_id, tables.audit.c.action))).all()
        row = (await announcements.to_plan(connection, NOW))[0]

    assert [tuple(each) for each in rows] == [(COORDINATOR, "announcement")]
    assert row.text == {"nl": "Klik hier"}
