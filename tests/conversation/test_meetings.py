"""From a question to people: the list, one meeting, and what can be done with it. Of where a parent is nothing stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation import wishes
from bot.conversation.message import Message
from bot.store import attendances, audiences, changes, deliveries, dialogues, parents, subscriptions
from tests.conftest import NOW, Talker


async def shares(parent: Talker, latitude: float, longitude: float) -> None:
    message = Message("location", language="nl", location=(latitude, longitude))
    parent.replies = await parent.conversation.respond(message, parent.chat_id, parent.now)


async def test_from_a_question_to_ik_kom_and_back(in_town: Talker) -> None:
    await in_town.says("wanneer is er een koffieochtend in stadshaagen")
    assert in_town.text.index("vandaag, woensdag 31 maart, 9.30 - 11.30 uur") < in_town.text.index("OntMOED")
    assert "De kantine · in Stadshagen" in in_town.text

    await in_town.presses("wo 31 mrt 9.30 · Koffie & Koters")
    for told in (
        "9.30 - 11.30 uur", "De kantine, Voorbeeldlaan 1, 8044 ZZ Zwolle (Stadshagen)", "ouders met een kind van 0",
        "Kosten: gratis", "een jeugdverpleegkundige", "Taal: Nederlands, Engels", "Geen drempels", "Welzijn Voorbeeld",
    ):  # fmt: skip
        assert told in in_town.text
    assert "niet bevestigd" not in in_town.text

    await in_town.presses("Ik kom")
    assert "naam bewaar ik niet" in in_town.text
    async with in_town.conversation.store.reading() as connection:
        assert await attendances.expected(connection, "koffie@2027-03-31") == (1, {})

    await in_town.presses("Koffie & Koters")
    await in_town.presses("Toch niet")
    async with in_town.conversation.store.reading() as connection:
        assert await attendances.expected(connection, "koffie@2027-03-31") == (0, {})


async def test_the_pin_the_way_in_and_the_first_time_are_a_press_away(in_town: Talker) -> None:
    await in_town.sends("button", data="mo:koffie@2027-04-07")
    assert "Thema: Samen zingen" in in_town.text

    await in_town.presses("Hoe kom ik er")
    assert "Links van de poort." in in_town.text
    await in_town.presses("Koffie & Koters")
    await in_town.presses("Eerste keer?")
    assert "Loop zo binnen." in in_town.text
    await in_town.presses("Koffie & Koters")
    await in_town.presses("Op de kaart")
    venue = in_town.replies[0].venue
    assert venue is not None
    assert (venue.latitude, venue.address) == (52.5424, "Voorbeeldlaan 1, 8044 ZZ Zwolle")


async def test_a_meeting_goes_into_the_calendar_of_the_phone_with_an_alarm(in_town: Talker) -> None:
    await in_town.sends("button", data="mo:koffie@2027-04-07")
    await in_town.presses("Zet in mijn agenda")

    file = in_town.replies[0].document
    assert file is not None
    assert file.filename == "koffie-2027-04-07.ics"
    assert b"DTSTART;TZID=Europe/Amsterdam:20270407T093000" in file.content
    assert b"BEGIN:VALARM" in file.content


async def test_the_age_of_the_child_is_counted_when_it_was_told(in_town: Talker) -> None:
    await in_town.says("hoe voer ik de nachtvoeding af bij mijn kind van 14 maanden, ze drinkt nog elke nacht")
    await in_town.sends("button", data="mc:koffie@2027-04-07")

    async with in_town.conversation.store.reading() as connection:
        assert await attendances.expected(connection, "koffie@2027-04-07") == (1, {1: 1})


async def test_a_place_that_is_only_roughly_known_gets_no_pin_and_no_metres(in_town: Talker) -> None:
    await in_town.sends("button", data="mo:ontmoed@2027-04-06")
    assert "niet bevestigd" in in_town.text
    assert "adres weet ik nog niet" in in_town.text
    assert not any("kaart" in label for label in in_town.labels)

    await in_town.sends("button", data="mp:ontmoed@2027-04-06")
    assert in_town.replies[0].venue is None
    assert "als de precieze plek bekend is" in in_town.text

    await shares(in_town, 52.5190, 6.1030)
    assert "meter" not in in_town.text.replace("kilometer", "")
    assert "in Dieze" in in_town.text


async def test_an_exact_place_is_told_in_metres_to_who_shares_where_they_are(in_town: Talker) -> None:
    await shares(in_town, 52.5400, 6.0347)

    assert "ongeveer 300 meter" in in_town.text
    assert in_town.replies[0].ends_location


async def test_a_wish_is_refined_by_what_is_typed_next(in_town: Talker) -> None:
    await in_town.commands("bijeenkomsten")
    await in_town.says("op dinsdag")
    assert in_town.labels[0].startswith("di 6 apr 9.00 · OntMOED")
    assert not any("Koffie" in label for label in in_town.labels)

    await in_town.says("in stadshaagen")
    assert "In Stadshagen zelf vond ik dat niet" in in_town.text

    await in_town.commands("activiteiten", "stadshagen")
    await in_town.says("iets met zingen")
    assert in_town.labels[0].startswith("wo 7 apr")

    await in_town.says("voor opa's en oma's")
    assert "OntMOED" in in_town.labels[0]


async def test_a_question_while_a_list_is_open_is_a_question(in_town: Talker) -> None:
    await in_town.commands("bijeenkomsten")
    await in_town.says("hoe voer ik de nachtvoeding af bij mijn kind van 14 maanden, ze drinkt nog elke nacht")

    assert in_town.first_line == "Nachtvoeding afbouwen"


@pytest.mark.parametrize("typed", ["8044XQ", "8044 xq", "ik woon in 8044 XQ", "Stadshagen"])
async def test_a_bare_place_leads_to_the_list(in_town: Talker, typed: str) -> None:
    await in_town.says(typed)

    assert "Koffie & Koters" in in_town.labels[0]
    assert any("Onthoud Stadshagen" in label for label in in_town.labels)


async def test_of_a_long_story_the_begin_and_the_end_are_searched_for_a_place(
    in_town: Talker, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = []
    find = wishes.neighbourhoods.find
    monkeypatch.setattr(wishes.neighbourhoods, "find", lambda text, *more: searched.append(text) or find(text, *more))

    await in_town.commands("activiteiten", f"{'we zoeken iets om met de kinderen te doen ' * 90}in Stadshagen")

    assert "Koffie & Koters" in in_town.labels[0]
    assert max(len(text) for text in searched) <= wishes.LONGEST


@pytest.mark.parametrize(("text", "said"), [("1011AB", "Die postcode ligt niet in Zwolle"), ("xyzzy", "ken ik niet")])
async def test_a_place_of_elsewhere_gets_a_kind_sentence_and_the_wijken(in_town: Talker, text: str, said: str) -> None:
    await in_town.commands("activiteiten", text)

    assert said in in_town.text
    assert "Berkum" in in_town.labels


async def test_far_outside_the_town_gets_a_kind_sentence(in_town: Talker) -> None:
    await shares(in_town, 52.37, 4.90)

    assert "niet in de buurt van Zwolle" in in_town.text


async def test_who_asks_for_near_is_asked_where_and_may_say_rather_not(in_town: Talker) -> None:
    await in_town.commands("bijeenkomsten", "dichtbij")
    assert in_town.replies[0].asks_location

    await in_town.says("Liever niet")
    assert in_town.replies[0].ends_location
    assert "Berkum" in in_town.labels

    await in_town.presses("Dieze")
    assert "OntMOED" in in_town.labels[0]


async def test_the_own_wijk_is_called_so_and_comes_first(in_town: Talker) -> None:
    await in_town.commands("wijk")
    await in_town.presses("Dieze")
    await in_town.commands("agenda")

    assert "OntMOED" in in_town.labels[0]
    assert "in jouw wijk" in in_town.text
    assert not any("Onthoud" in label for label in in_town.labels)


async def test_of_where_a_parent_is_nothing_is_kept_but_a_wijk(in_town: Talker, tmp_path: Path) -> None:
    await shares(in_town, 52.541987, 6.034321)
    await in_town.says("ik woon in 8044 XQ")
    await in_town.presses("Onthoud Stadshagen")
    async with in_town.conversation.store.reading() as connection:
        assert (await parents.find(connection, in_town.chat_id)).neighbourhood == "stadshagen"
        dialogue = await dialogues.find(connection, in_town.chat_id, NOW)
    await in_town.conversation.store.close()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("minidorp.sqlite3*"))
    assert b"stadshagen" in kept
    for trace in (b"8044", b"XQ", b"xq", b"52.54", b"6.03", b"woon"):
        assert trace not in kept, trace
    assert dialogue is not None
    assert "position" not in dialogue.data


async def test_a_cancelled_meeting_says_so_and_cannot_be_joined(in_town: Talker) -> None:
    in_town.now = NOW + timedelta(days=8)
    await in_town.commands("activiteiten", "stadshagen")
    assert "❌ Gaat niet door. De kantine is dicht." in in_town.text
    assert in_town.text.index("21 april") < in_town.text.index("14 april")

    await in_town.sends("button", data="mo:koffie@2027-04-14")
    assert "Gaat niet door" in in_town.text
    await in_town.sends("button", data="mc:koffie@2027-04-14")

    assert "Gaat niet door" in in_town.text
    async with in_town.conversation.store.reading() as connection:
        assert not await attendances.is_coming(connection, in_town.chat_id, "koffie@2027-04-14")


async def test_what_is_cancelled_by_phone_is_cancelled_at_once(in_town: Talker) -> None:
    async with in_town.conversation.store.writing() as connection:
        data = {"reason": {"nl": "De verwarming is stuk.", "en": "The heating is broken."}}
        await changes.add(connection, "koffie", NOW.date(), "cancelled", data, NOW)
    await in_town.commands("activiteiten", "stadshagen")

    assert "De verwarming is stuk." in in_town.text
    assert "7 apr" in in_town.labels[0]


async def test_a_meeting_of_long_ago_can_no_longer_be_joined(in_town: Talker) -> None:
    await in_town.sends("button", data="mc:koffie@2027-03-10")

    async with in_town.conversation.store.reading() as connection:
        assert not await attendances.is_coming(connection, in_town.chat_id, "koffie@2027-03-10")
    assert not any("Ik kom" in label for label in in_town.labels)


@pytest.mark.parametrize("data", ["mo", "mo:weg@2027-04-07", "mo:koffie@nooit", "mc:koffie@2027-04-08", "mf:", "m:weg"])
async def test_a_button_of_a_meeting_that_is_gone_gets_a_kind_sentence(in_town: Talker, data: str) -> None:
    await in_town.sends("button", data=data)

    assert "werkt niet meer" in in_town.text


async def test_the_number_of_people_is_told_from_five_on(in_town: Talker) -> None:
    for chat_id, is_told in ((101, False), (102, False), (103, False), (104, False), (105, True)):
        async with in_town.conversation.store.writing() as connection:
            await attendances.come(connection, chat_id, "koffie@2027-04-07", NOW, None, NOW)
        await in_town.sends("button", data="mo:koffie@2027-04-07")
        assert ("ouders." in in_town.text and "Er komen al 5" in in_town.text) is is_told


async def test_live_mode_shows_only_what_is_confirmed(in_town: Talker) -> None:
    in_town.conversation = replace(in_town.conversation, is_live=True)
    await in_town.commands("bijeenkomsten")
    assert "Koffie & Koters" in in_town.text
    assert "OntMOED" not in in_town.text

    await in_town.sends("button", data="mo:ontmoed@2027-04-06")
    assert "werkt niet meer" in in_town.text


async def test_without_anything_in_two_months_there_is_an_honest_sentence_and_the_way_to_people(
    in_town: Talker, tmp_path: Path
) -> None:
    meetups = tmp_path / "schedules" / "meetups.yaml"
    meetups.write_text(meetups.read_text().partition("    themes:")[0] + "    until: 2027-02-03\n")
    in_town.conversation.schedules.refresh(NOW)

    await in_town.commands("bijeenkomsten")

    assert "twee maanden staat er niets" in in_town.text
    assert any("Praat met iemand" in label for label in in_town.labels)


async def test_it_speaks_english(in_town: Talker) -> None:
    in_town.language = "en"
    await in_town.commands("meetings", "on Tuesday")
    assert "Tuesday 6 April" in in_town.text

    await in_town.sends("button", data="mo:koffie@2027-04-07")
    assert "Language: Dutch, English" in in_town.text


async def test_every_button_of_a_meeting_fits_in_sixty_four_bytes(in_town: Talker) -> None:
    longest = "a" * 36 + "@2027-04-07"

    assert len(f"mo:{longest}".encode()) <= 64
    await in_town.sends("button", data="mo:koffie@2027-04-07")
    for reply in in_town.replies:
        assert all(len(button.data.encode()) <= 64 - (36 - len("koffie")) for row in reply.buttons for button in row)


async def test_a_warning_sign_while_a_list_is_open_is_a_warning_sign(in_town: Talker) -> None:
    await in_town.commands("bijeenkomsten")
    await in_town.says("mijn baby ademt niet meer")

    assert in_town.first_line.startswith("Bel nu 112")


async def test_a_followed_series_can_be_left_from_the_meeting_itself(in_town: Talker) -> None:
    async with in_town.conversation.store.writing() as connection:
        await subscriptions.follow(connection, in_town.chat_id, "meetup", "koffie", NOW)
    await in_town.sends("button", data="mo:koffie@2027-04-07")
    await in_town.presses("Niet meer herinneren")

    async with in_town.conversation.store.reading() as connection:
        assert await subscriptions.followed(connection, in_town.chat_id) == []


async def coming_to(parent: Talker) -> list[str]:
    async with parent.conversation.store.reading() as connection:
        return await attendances.of_chat(connection, parent.chat_id, parent.now)


async def test_ik_kom_is_typed_instead_of_pressed_and_taken_back_in_the_same_way(in_town: Talker) -> None:
    await in_town.sends("button", data="mo:koffie@2027-04-07")

    await in_town.says("wij komen ook!")
    assert "naam bewaar ik niet" in in_town.text
    assert await coming_to(in_town) == ["koffie@2027-04-07"]

    await in_town.says("we kunnen er toch niet bij zijn, sorry")
    assert await coming_to(in_town) == []


async def test_after_a_reminder_ik_kom_is_about_that_meeting_for_ten_minutes(in_town: Talker) -> None:
    subject, told_at = "koffie@2027-04-07#2", in_town.now
    async with in_town.conversation.store.writing() as connection:
        to_me = audiences.these([in_town.chat_id])
        await deliveries.add(connection, to_me, "evening", subject, told_at, told_at + timedelta(days=1))
        [told] = await deliveries.claim(connection, told_at, 1)
        await deliveries.finish(connection, [told.id], "sent", told_at)

    in_town.now = told_at + timedelta(minutes=11)
    await in_town.says("ik kom")
    assert "Naar welke kom je?" in in_town.text
    assert await coming_to(in_town) == []

    in_town.now = told_at + timedelta(minutes=9)
    await in_town.says("ik kom")
    assert await coming_to(in_town) == ["koffie@2027-04-07"]


async def test_ik_kom_out_of_the_blue_asks_which_one(in_town: Talker) -> None:
    await in_town.says("ik kom graag")

    assert "Naar welke kom je?" in in_town.text
    await in_town.presses("wo 31 mrt 9.30 · Koffie & Koters")
    assert await coming_to(in_town) == ["koffie@2027-03-31"]


async def test_who_stays_away_is_asked_which_one_only_when_there_are_more(in_town: Talker) -> None:
    await in_town.sends("button", data="mc:koffie@2027-03-31")
    await in_town.sends("button", data="mc:koffie@2027-04-07")
    in_town.now += timedelta(minutes=11)

    await in_town.says("ik kom toch niet")
    assert "Om welke gaat het?" in in_town.text
    await in_town.presses("wo 31 mrt 9.30")
    in_town.now += timedelta(minutes=11)
    await in_town.says("gelemiyoruz")

    assert await coming_to(in_town) == []
    await in_town.says("ik kom niet")
    assert "Om welke" not in in_town.text


async def test_a_list_is_still_known_after_a_look_at_a_meeting(in_town: Talker) -> None:
    await in_town.says("wanneer is er een koffieochtend in stadshagen")
    await in_town.presses("wo 31 mrt 9.30 · Koffie & Koters")

    await in_town.says("op donderdag")

    assert in_town.text.startswith("Anderen ontmoeten")


async def test_danger_before_ik_kom(in_town: Talker) -> None:
    await in_town.sends("button", data="mo:koffie@2027-04-07")
    await in_town.says("ik kom, maar mijn baby ademt niet meer")

    assert in_town.text.startswith("Bel nu 112")
    assert await coming_to(in_town) == []
