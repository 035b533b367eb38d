"""What a parent is reminded of: agreed to first, changed by buttons, ended by one word in any language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from bot.store import attendances, kept, reminder_wishes, subscriptions, tables
from tests.conftest import NOW, Talker


async def followed(parent: Talker) -> list[tuple[str, str]]:
    async with parent.conversation.store.reading() as connection:
        return await subscriptions.followed(connection, parent.chat_id)


async def wishes(parent: Talker) -> reminder_wishes.ReminderWishes:
    async with parent.conversation.store.reading() as connection:
        return await reminder_wishes.find(connection, parent.chat_id)


async def follows_koffie(parent: Talker) -> None:
    await parent.sends("button", data="mo:koffie@2027-04-07")
    await parent.presses("Herinner mij")
    await parent.presses("Ja, dat is goed")


async def test_the_first_time_a_parent_agrees_to_what_is_kept(in_town: Talker) -> None:
    await in_town.sends("button", data="mo:koffie@2027-04-07")
    await in_town.presses("Herinner mij")
    assert "bewaar ik het nummer van deze chat" in in_town.text
    assert await followed(in_town) == []
    assert (await wishes(in_town)).consented_at is None

    await in_town.presses("Ja, dat is goed")
    assert "Aan: Koffie & Koters" in in_town.text
    assert await followed(in_town) == [("meetup", "koffie")]
    assert (await wishes(in_town)).consented_at == NOW

    await in_town.sends("button", data="rf:m:ontmoed")
    assert "Aan: OntMOED" in in_town.text


async def test_who_would_rather_not_is_not_kept(in_town: Talker) -> None:
    await in_town.sends("button", data="rf:m:koffie")
    await in_town.presses("Nee, liever niet")

    assert "Ik bewaar niets" in in_town.text
    assert await followed(in_town) == []


async def test_the_menu_shows_and_changes_all_of_it(in_town: Talker) -> None:
    await in_town.commands("herinneringen")
    assert "Je volgt nog niets" in in_town.text

    await in_town.commands("wijk")
    await in_town.presses("Dieze")
    await follows_koffie(in_town)
    await in_town.commands("herinneringen")
    assert "• Koffie & Koters" in in_town.text
    assert "De avond ervoor om 19 uur" in in_town.text

    await in_town.presses("Alles in Dieze")
    assert await followed(in_town) == [("meetup", "koffie"), ("neighbourhood", "dieze")]

    await in_town.commands("herinneringen")
    await in_town.presses("17 uur")
    assert "om 17 uur" in in_town.text
    assert in_town.replies[0].replaces
    await in_town.presses("Avond ervoor uit")
    await in_town.presses("Twee uur ervoor uit")
    chosen = await wishes(in_town)
    assert (chosen.evening_hour, chosen.wants_two_hours) == (None, False)

    await in_town.presses("20 uur")
    await in_town.presses("Twee uur ervoor aan")
    chosen = await wishes(in_town)
    assert (chosen.evening_hour, chosen.wants_two_hours) == (20, True)

    await in_town.presses("🔕 Koffie & Koters")
    assert await followed(in_town) == [("neighbourhood", "dieze")]
    await in_town.presses("Alles uit")
    assert await followed(in_town) == []


async def test_who_said_to_come_hears_that_they_are_reminded_and_finds_it_in_the_menu(in_town: Talker) -> None:
    await in_town.sends("button", data="mc:koffie@2027-04-07")
    assert "Van tevoren stuur ik je nog een berichtje" in in_town.text

    await in_town.commands("herinneringen")
    assert "Hier kom je\n• Koffie & Koters, wo 7 apr 9.30" in in_town.text
    assert "Je volgt nog niets" not in in_town.text

    await in_town.presses("Avond ervoor uit")
    await in_town.presses("Twee uur ervoor uit")
    await in_town.presses("Toch niet: Koffie & Koters")
    await in_town.commands("herinneringen")
    assert "Je volgt nog niets" in in_town.text

    await in_town.sends("button", data="mc:koffie@2027-04-07")
    assert "Van tevoren" not in in_town.text


async def test_a_meeting_that_is_cancelled_is_not_in_the_menu(in_town: Talker) -> None:
    async with in_town.conversation.store.writing() as connection:
        await attendances.come(connection, in_town.chat_id, "koffie@2027-04-14", NOW + timedelta(days=14), None, NOW)

    await in_town.commands("herinneringen")

    assert "Hier kom je" not in in_town.text


async def test_a_choice_of_wijk_or_language_keeps_the_wishes(in_town: Talker) -> None:
    await follows_koffie(in_town)
    await in_town.sends("button", data="re:18")
    await in_town.commands("wijk")
    await in_town.presses("Berkum")

    chosen = await wishes(in_town)
    assert (chosen.evening_hour, chosen.consented_at) == (18, NOW)


async def test_tips_by_age_need_the_month_of_birth(in_town: Talker) -> None:
    await in_town.sends("button", data="rf:t:*")
    assert "/kind" in in_town.text
    assert await followed(in_town) == []

    async with in_town.conversation.store.writing() as connection:
        values = {"chat_id": in_town.chat_id, "created_at": NOW, "seen_at": NOW, "child_born": date(2026, 5, 1)}
        await connection.execute(insert(tables.parents).values(values))
    await in_town.sends("button", data="rf:t:*")
    await in_town.presses("Ja, dat is goed")

    assert await followed(in_town) == [("tips", "*")]


async def test_a_question_about_reminders_leads_to_the_menu(in_town: Talker) -> None:
    await in_town.says("zet de herinneringen aan")

    assert in_town.first_line == "Herinneringen"


async def test_what_is_followed_and_no_longer_there_is_not_shown(in_town: Talker) -> None:
    async with in_town.conversation.store.writing() as connection:
        await subscriptions.follow(connection, in_town.chat_id, "meetup", "weg", NOW)
    await in_town.commands("herinneringen")

    assert "weg" not in in_town.text
    assert "Je volgt nog niets" in in_town.text


@pytest.mark.parametrize(
    "data", ["rf", "rf:m", "rf:x:koffie", "rf:m:weg", "rf:n:nergens", "ru:m", "re:16", "re:", "rt:x", "rc:m:weg"]
)
async def test_a_stale_or_forged_button_changes_nothing(in_town: Talker, data: str) -> None:
    await in_town.sends("button", data=data)

    assert "werkt niet meer" in in_town.text
    assert await followed(in_town) == []


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("stop", id="everywhere"),
        pytest.param("STOP!!", id="loud"),
        pytest.param("Stop ermee.", id="Dutch"),
        pytest.param("unsubscribe", id="English"),
        pytest.param("Durdur", id="Turkish"),
        pytest.param("İPTAL", id="Turkish, with a dotted capital"),
        pytest.param("Przestań", id="Polish"),
        pytest.param("przestan", id="Polish, without the accent"),
        pytest.param("توقف", id="Arabic"),
        pytest.param("الغاء الاشتراك", id="Arabic, to unsubscribe, without hamza"),
        pytest.param("Зупинити", id="Ukrainian"),
        pytest.param("відписатися", id="Ukrainian, to unsubscribe"),
        pytest.param("Aufhören!", id="German"),
        pytest.param("Abmelden", id="German, to unsubscribe"),
        pytest.param("Arrêter", id="French"),
        pytest.param("me desabonner", id="French, without the accent"),
    ],
)
async def test_stop_in_any_language_ends_all_at_once(in_town: Talker, word: str) -> None:
    await follows_koffie(in_town)
    await in_town.sends("button", data="mc:koffie@2027-04-07")
    async with in_town.conversation.store.writing() as connection:
        await connection.execute(
            insert(tables.deliveries).values(
                chat_id=in_town.chat_id, kind="evening", subject="koffie@2027-04-07", due_at=NOW, expires_at=NOW,
                state="due",
            )
        )  # fmt: skip

    await in_town.says(word)

    assert "stuur je niets meer" in in_town.text
    assert await followed(in_town) == []
    async with in_town.conversation.store.reading() as connection:
        assert not await attendances.is_coming(connection, in_town.chat_id, "koffie@2027-04-07")
        waiting = select(tables.deliveries.c.id).where(tables.deliveries.c.state == "due")
        assert (await connection.execute(waiting)).all() == []
        assert (await connection.execute(kept.to_be_asked(NOW + timedelta(days=1)))).all() == []


async def test_stop_comes_first_also_while_a_list_is_open(in_town: Talker) -> None:
    await follows_koffie(in_town)
    await in_town.commands("bijeenkomsten")
    await in_town.says("stop")

    assert await followed(in_town) == []


@pytest.mark.parametrize("text", ["ik wil stoppen met borstvoeding", "hoe stop ik met de speen", "para dormir"])
async def test_a_question_with_a_stop_word_in_it_is_a_question(in_town: Talker, text: str) -> None:
    await follows_koffie(in_town)
    await in_town.says(text)

    assert await followed(in_town) == [("meetup", "koffie")]


async def test_what_everybody_gets_who_chose_nothing_is_what_the_table_has(in_town: Talker) -> None:
    nothing_chosen = await wishes(in_town)
    async with in_town.conversation.store.writing() as connection:
        values = {"chat_id": in_town.chat_id, "created_at": NOW, "seen_at": NOW}
        await connection.execute(insert(tables.parents).values(values))

    assert await wishes(in_town) == nothing_chosen

    async with in_town.conversation.store.writing() as connection:
        await connection.execute(update(tables.parents).values(evening_hour=None))
    assert (await wishes(in_town)).evening_hour is None


async def waiting(parent: Talker) -> list[tuple[str, str, int]]:
    of = tables.deliveries.c
    async with parent.conversation.store.reading() as connection:
        rows = await connection.execute(select(of.kind, of.subject, of.chat_id).where(of.kind == "evening"))
    return [tuple(row) for row in rows]


async def test_an_hour_that_has_passed_today_brings_the_reminder_of_tomorrow_at_once_and_once(in_town: Talker) -> None:
    await follows_koffie(in_town)
    async with in_town.conversation.store.writing() as connection:
        await subscriptions.follow(connection, 8, "meetup", "koffie", NOW)
    in_town.now = datetime(2027, 4, 6, 18, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))

    await in_town.sends("button", data="re:20")
    assert await waiting(in_town) == []
    await in_town.sends("button", data="re:17")
    await in_town.sends("button", data="re:18")

    assert await waiting(in_town) == [("evening", "koffie@2027-04-07", in_town.chat_id)]


async def test_without_a_meeting_tomorrow_or_following_it_an_hour_that_has_passed_brings_nothing(
    in_town: Talker,
) -> None:
    in_town.now = datetime(2027, 4, 6, 18, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
    await in_town.sends("button", data="re:17")
    await follows_koffie(in_town)
    in_town.now += timedelta(days=1)
    await in_town.sends("button", data="re:18")

    assert await waiting(in_town) == []
