"""What coordinators do from their phone: every step as they press and type it, on the real store and agenda."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.agenda.changes import from_data
from bot.agenda.schedules import Schedules
from bot.alerts.telling import Telling
from bot.conversation.conversation import Conversation
from bot.conversation.outgoing import Outgoing
from bot.model import Parent
from bot.reminders.deliver import Deliverer
from bot.reminders.tick import Ticker
from bot.store import announcements, asked, attendances, audit, changes, deliveries, parents, subscriptions
from tests.agenda.files import FILES
from tests.conftest import Talker

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""A Tuesday; the coffee morning is tomorrow, 25 November, at 9.30."""
COORDINATOR, PROFESSIONAL, ELSEWHERE, COLLEAGUE, PARENT = 1, 2, 3, 4, 7
TEAM = """\
# yaml-language-server: $schema=schema/team.schema.json
members:
  - {telegram_id: 1, role: coordinator, neighbourhoods: [stadshagen]}
  - {telegram_id: 2, role: professional}
  - {telegram_id: 3, role: coordinator, neighbourhoods: [dieze]}
  - {telegram_id: 4, role: coordinator}
"""
UID = "koffie@2026-11-25"


@pytest.fixture
def schedules(tmp_path: Path, knowledge) -> Schedules:
    folder = tmp_path / "schedules"
    folder.mkdir()
    for name, text in {**FILES, "team.yaml": TEAM}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Schedules(folder, knowledge, NOW, timezone="Europe/Amsterdam", school_region="Noord")


@pytest.fixture
def talk(conversation: Conversation, schedules: Schedules):
    """Return somebody who talks with a bot that has this agenda."""
    town = replace(conversation, schedules=schedules)
    return lambda who: Talker(town, chat_id=who, now=NOW)


@pytest.fixture
async def followers(store):
    """Three parents: one follows the series, one the wijk, one said to come."""
    before = NOW - timedelta(days=1)
    async with store.writing() as connection:
        for chat_id in (11, 12, 13):
            await parents.save(connection, Parent(chat_id), before)
        await subscriptions.follow(connection, 11, "meetup", "koffie", before)
        await subscriptions.follow(connection, 11, "neighbourhood", "stadshagen", before)
        await subscriptions.follow(connection, 12, "neighbourhood", "stadshagen", before)
        await attendances.come(connection, 13, UID, NOW + timedelta(days=1), 8, before)


async def made(store):
    async with store.reading() as connection:
        rows = await changes.unwritten(connection)
    return [from_data(row.meetup, row.on, row.kind, row.data, row.made_at) for row in rows]


async def test_wednesday_is_cancelled_in_four_taps(talk, store, followers):
    coordinator = talk(COORDINATOR)

    await coordinator.commands("annuleer")
    await coordinator.presses("wo 25 nov")
    await coordinator.presses("Ziekte")

    assert "dat dit krijgt: minder dan 5." in coordinator.text
    assert "Er is iemand ziek." in coordinator.text
    assert await made(store) == []

    await coordinator.presses("Ja")

    assert "gaat niet door" in coordinator.text
    assert coordinator.replies[0].clears_buttons
    change = (await made(store))[0]
    assert (change.meetup, change.kind, change.reason["en"]) == ("koffie", "cancelled", "Somebody is ill.")


async def test_every_deed_writes_a_line_in_the_log(talk, store, followers):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("annuleer")
    await coordinator.presses("wo 25 nov")
    await coordinator.presses("Ziekte")
    await coordinator.presses("Ja")

    async with store.reading() as connection:
        line = (await audit.latest(connection))[0]

    assert (line.telegram_id, line.action, line.subject, line.detail) == (COORDINATOR, "cancelled", UID, {"people": 3})


async def test_a_reason_can_be_typed_and_is_escaped_by_nobody_but_telegram(talk, store):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("annuleer")
    await coordinator.presses("wo 25 nov")
    await coordinator.says("de verwarming is <stuk>")

    assert "de verwarming is <stuk>" in coordinator.text

    await coordinator.presses("Ja")

    assert (await made(store))[0].reason == {"nl": "de verwarming is <stuk>"}


async def test_a_cancelled_meeting_can_go_on_after_all(talk, store):
    coordinator = talk(COORDINATOR)
    for label in ("wo 25 nov", "Ziekte", "Ja"):
        if label == "wo 25 nov":
            await coordinator.commands("annuleer")
        await coordinator.presses(label)
    coordinator.now += timedelta(minutes=1)
    await coordinator.commands("annuleer")
    await coordinator.presses("Toch door: wo 25 nov")
    await coordinator.presses("Ja")

    assert "gaat gewoon door" in coordinator.text
    assert [change.kind for change in await made(store)] == ["cancelled", "restored"]


@pytest.mark.parametrize(
    ("typed", "begins", "ends"),
    [
        pytest.param("do 26 november", "2026-11-26 09:30", "2026-11-26 11:30", id="another day, the same time"),
        pytest.param("10.00 - 12.00", "2026-11-25 10:00", "2026-11-25 12:00", id="another time, the same day"),
        pytest.param("10 uur", "2026-11-25 10:00", "2026-11-25 12:00", id="another beginning, as long as before"),
        pytest.param("do 26 november 13.00-14.00", "2026-11-26 13:00", "2026-11-26 14:00", id="both"),
    ],
)
async def test_a_meeting_is_moved_to_what_is_typed(talk, store, typed, begins, ends):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("verplaats")
    await coordinator.presses("wo 25 nov")
    await coordinator.says(typed)
    await coordinator.says("de zaal is bezet")
    await coordinator.presses("Ja")

    change = (await made(store))[0]
    assert change.kind == "moved"
    assert f"{change.starts_at:%Y-%m-%d %H:%M}" == begins
    assert f"{change.ends_at:%Y-%m-%d %H:%M}" == ends


@pytest.mark.parametrize(
    "typed", ["volgende keer misschien", "31 februari", "gisteren", "maandag 23 november 2026 10.00"]
)
async def test_a_moment_that_cannot_be_is_asked_again_and_nothing_is_lost(talk, store, typed):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("verplaats")
    await coordinator.presses("wo 25 nov")
    await coordinator.says(typed)

    assert "Typ" in coordinator.text

    await coordinator.says("do 26 november")
    await coordinator.presses("ruimte")
    await coordinator.presses("Ja")

    assert (await made(store))[0].kind == "moved"


async def test_a_meeting_is_moved_to_another_place(talk, store):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("verplaats")
    await coordinator.presses("wo 25 nov")
    await coordinator.presses("andere plek")
    await coordinator.presses("De school")
    await coordinator.presses("ruimte")

    assert "De school" in coordinator.text

    await coordinator.presses("Ja")

    assert (await made(store))[0].place == "school"


async def test_in_live_mode_a_meeting_is_not_moved_to_a_place_that_nobody_confirmed(conversation, schedules, store):
    def confirm(place: str) -> None:
        path = schedules._folder / "places.yaml"
        text = path.read_text(encoding="utf-8").replace(
            f"id: {place}\n", f"id: {place}\n    confirmed_on: 2026-11-01\n"
        )
        path.write_text(text, encoding="utf-8")
        assert schedules.refresh(NOW) == []

    coordinator = Talker(replace(conversation, schedules=schedules, is_live=True), COORDINATOR, now=NOW)
    await coordinator.commands("verplaats")
    await coordinator.presses("wo 25 nov")
    await coordinator.presses("andere plek")

    assert "geen andere plek" in coordinator.text
    await coordinator.sends("button", data="T:p:school")
    assert "Waarom" not in coordinator.text

    confirm("school")
    await coordinator.commands("verplaats")
    await coordinator.presses("wo 25 nov")
    await coordinator.presses("andere plek")
    await coordinator.presses("De school")
    assert "Waarom" in coordinator.text


async def test_a_time_that_the_clock_skips_is_refused_and_one_that_it_shows_twice_is_the_first(talk, store):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("verplaats")
    await coordinator.presses("wo 25 nov")
    await coordinator.says("zo 28 maart 2027 2.30 - 4.00")

    assert "2.30 uur bestaat niet op zondag 28 maart: dan gaat de klok van 2.00 naar 3.00 uur." in coordinator.text

    await coordinator.says("zo 31 oktober 2027 2.30 - 4.00")
    await coordinator.presses("ruimte")
    await coordinator.presses("Ja")

    change = (await made(store))[0]
    assert change.starts_at.astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


async def test_an_announcement_is_not_planned_at_a_time_that_the_clock_skips(talk, store):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("aankondiging", "Kom je ook?")
    await coordinator.presses("Stadshagen")
    await coordinator.presses("Alle leeftijden")
    await coordinator.says("zo 28 maart 2027 2.30")

    assert "2.30 uur bestaat niet" in coordinator.text


@pytest.mark.parametrize("first", ["place", "time"])
async def test_moved_twice_a_meeting_keeps_what_was_changed_before(talk, store, schedules, first):
    coordinator = talk(COORDINATOR)
    for what in (first, {"place": "time", "time": "place"}[first]):
        coordinator.now += timedelta(minutes=1)
        await coordinator.commands("verplaats")
        await coordinator.presses("wo 25 nov")
        if what == "place":
            await coordinator.presses("andere plek")
            await coordinator.presses("De school")
        else:
            await coordinator.says("13.00 - 14.00")
        await coordinator.presses("ruimte")

        shown = coordinator.text
        await coordinator.presses("Ja")

    meeting = schedules.find(UID, await made(store))
    assert (f"{meeting.starts_at:%H:%M}", f"{meeting.ends_at:%H:%M}", meeting.place) == ("13:00", "14:00", "school")
    assert "13.00" in shown
    assert "De school" in shown


async def test_moved_back_to_where_it_was_a_meeting_is_as_planned_and_parents_read_so(talk, store, schedules):
    coordinator = talk(COORDINATOR)
    for typed, reads in (("do 26 november 10.00", "is verplaatst"), ("wo 25 november 9.30 - 11.30", "gaat toch door")):
        coordinator.now += timedelta(minutes=1)
        await coordinator.commands("verplaats")
        await coordinator.presses("25 nov" if reads == "is verplaatst" else "26 nov")
        await coordinator.says(typed)
        await coordinator.presses("ruimte")
        assert reads in coordinator.text
        await coordinator.presses("Ja")

    meeting = schedules.find(UID, await made(store))
    assert (meeting.status, meeting.reason, meeting.was_at) == ("planned", None, None)


async def test_a_move_to_where_it_is_already_changes_nothing_and_says_so(talk, store):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("verplaats")
    await coordinator.presses("wo 25 nov")
    await coordinator.says("9.30 - 11.30")
    await coordinator.presses("ruimte")

    assert "Zo staat het al in de agenda: Koffie, woensdag 25 november, 9.30 - 11.30 uur." in coordinator.text
    assert await made(store) == []


async def test_a_theme_is_given_and_nobody_is_disturbed(talk, store):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("thema")
    await coordinator.presses("wo 25 nov")
    await coordinator.says("Zindelijk worden")

    assert "Niemand krijgt hier een bericht van" in coordinator.text

    await coordinator.presses("Ja")

    assert (await made(store))[0].theme == {"nl": "Zindelijk worden"}


@pytest.mark.parametrize("command", ["annuleer", "verplaats", "thema", "aankondiging", "vanmiddag", "annuleren"])
async def test_anybody_else_gets_a_kind_no(talk, command):
    parent = talk(PARENT)

    await parent.commands(command)

    assert "voor wie de bijeenkomsten regelt" in parent.text
    assert parent.labels == []


@pytest.mark.parametrize("command", ["annuleer", "verplaats", "thema", "aankondiging"])
async def test_a_professional_hears_that_a_coordinator_does_this(talk, command):
    professional = talk(PROFESSIONAL)

    await professional.commands(command)

    assert "alleen een coördinator" in professional.text


async def test_a_coordinator_of_another_wijk_sees_and_changes_nothing_here(talk, store):
    coordinator, stranger = talk(COORDINATOR), talk(ELSEWHERE)
    await coordinator.commands("annuleer")
    forwarded = coordinator.button("wo 25 nov").data
    await stranger.commands("annuleer")

    assert stranger.labels == []

    await stranger.sends("button", data=forwarded)

    assert "andere wijk" in stranger.text
    assert await made(store) == []


async def test_a_button_of_the_team_does_nothing_for_a_parent(talk, store):
    coordinator, parent = talk(COORDINATOR), talk(PARENT)
    await coordinator.commands("annuleer")
    await coordinator.presses("wo 25 nov")
    await coordinator.presses("Ziekte")
    await parent.sends("button", data=coordinator.button("Ja").data)

    assert await made(store) == []


async def test_yes_of_an_earlier_look_confirms_nothing(talk, store):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("annuleer")
    await coordinator.presses("wo 25 nov")
    await coordinator.presses("Ziekte")
    earlier = coordinator.button("Ja").data
    await coordinator.commands("verplaats")
    await coordinator.presses("wo 25 nov")
    await coordinator.says("do 26 november")
    await coordinator.presses("weer")
    await coordinator.sends("button", data=earlier)

    assert await made(store) == []


async def test_yes_pressed_twice_changes_once(talk, store):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("annuleer")
    await coordinator.presses("wo 25 nov")
    await coordinator.presses("Ziekte")
    yes = coordinator.button("Ja").data
    await coordinator.sends("button", data=yes)
    await coordinator.sends("button", data=yes)

    assert len(await made(store)) == 1


async def test_a_draft_ends_with_annuleren_and_after_an_hour(talk, store):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("annuleer")
    await coordinator.presses("wo 25 nov")
    await coordinator.presses("Ziekte")
    yes = coordinator.button("Ja").data
    await coordinator.commands("annuleren")

    assert "niets veranderd" in coordinator.text

    await coordinator.sends("button", data=yes)
    await coordinator.commands("annuleer")
    await coordinator.presses("wo 25 nov")
    await coordinator.presses("Ziekte")
    late = coordinator.button("Ja").data
    coordinator.now += timedelta(hours=1, seconds=1)
    await coordinator.sends("button", data=late)

    assert await made(store) == []


async def test_danger_typed_in_a_draft_is_danger_and_the_draft_is_still_there(talk, store):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("annuleer")
    await coordinator.presses("wo 25 nov")
    await coordinator.says("mijn baby ademt niet meer help")

    assert coordinator.first_line.startswith("Bel")

    await coordinator.says("de zaal is dicht")
    await coordinator.presses("Ja")

    assert (await made(store))[0].reason == {"nl": "de zaal is dicht"}


async def announce(coordinator: Talker, text: str, group: str) -> None:
    await coordinator.commands("aankondiging")
    await coordinator.says(text)
    await coordinator.presses(group)
    await coordinator.presses("Alle leeftijden")
    await coordinator.presses("nu meteen")


async def kept(store):
    async with store.reading() as connection:
        return await announcements.to_plan(connection, NOW + timedelta(days=30))


async def test_an_announcement_is_seen_exactly_as_parents_will_and_then_goes_out(talk, store, followers):
    coordinator = talk(COORDINATOR)
    await announce(coordinator, "Volgende week zingen we <samen> & neem je schoenen mee", "Wie Koffie volgt")

    assert "Volgende week zingen we <samen> & neem je schoenen mee" in coordinator.text
    assert "dat dit krijgt: minder dan 5." in coordinator.text
    assert await kept(store) == []

    await coordinator.presses("Ja")

    row = (await kept(store))[0]
    assert row.text == {"nl": "Volgende week zingen we <samen> & neem je schoenen mee"}
    assert row.audience["meetups"] == ["koffie"]
    assert (row.made_by, row.confirmed_by, row.send_at) == (COORDINATOR, COORDINATOR, NOW)


async def test_an_announcement_can_wait_for_a_moment(talk, store, followers):
    coordinator = talk(COORDINATOR)
    await coordinator.commands("aankondiging", "Tot morgen!")
    await coordinator.presses("Stadshagen")
    await coordinator.presses("Baby's")
    await coordinator.says("do 26 november 18.00")
    await coordinator.presses("Ja")

    row = (await kept(store))[0]
    assert row.send_at == datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
    assert row.audience["ages"] == [0, 11]
    assert row.audience["neighbourhoods"] == ["stadshagen"]


async def test_above_a_number_of_people_a_second_coordinator_confirms(conversation, schedules, store, followers):
    town = replace(conversation, schedules=schedules, confirm_above=1)
    writer, colleague = Talker(town, COORDINATOR, now=NOW), Talker(town, COLLEAGUE, now=NOW)
    await announce(writer, "Kom je ook?", "Stadshagen")
    await writer.presses("Ja")

    assert "tweede coördinator" in writer.text
    assert await kept(store) == []
    announcement_id = writer.button("Houd tegen").data.rpartition(":")[2]

    await writer.sends("button", data=f"T:k:{announcement_id}")
    assert "van jou" in writer.text
    assert await kept(store) == []

    await colleague.sends("button", data=f"T:k:{announcement_id}")
    assert [row.id for row in await kept(store)] == [announcement_id]

    await writer.sends("button", data=f"T:x:{announcement_id}")
    assert await kept(store) == []


async def test_the_colleague_gets_what_parents_will_see_and_can_confirm_it_there(
    conversation, schedules, store, followers
):
    town = replace(conversation, schedules=schedules, confirm_above=1)
    writer, colleague = Talker(town, COORDINATOR, now=NOW), Talker(town, COLLEAGUE, now=NOW)
    await announce(writer, "Kom je ook?", "Stadshagen")
    await writer.presses("Ja")

    async with store.writing() as connection:
        asked_to = await deliveries.claim(connection, NOW, 10)
    colleague.replies = [await Outgoing(town).compose(one, NOW) for one in asked_to]

    assert [one.chat_id for one in asked_to] == [COLLEAGUE]
    assert "Kom je ook?" in colleague.text

    await colleague.presses("Ja")

    assert len(await kept(store)) == 1
    assert await Outgoing(town).compose(asked_to[0], NOW) is None


async def test_the_writer_hears_that_a_colleague_cannot_be_reached_and_can_ask_again(
    conversation, schedules, store, followers
):
    town = replace(conversation, schedules=schedules, confirm_above=1)
    writer = Talker(town, COORDINATOR, now=NOW)
    await announce(writer, "Kom je ook?", "Stadshagen")
    await writer.presses("Ja")

    async def what_the_writer_hears() -> list[str]:
        """Let asking the colleague fail, and plan what follows from that."""
        async with store.writing() as connection:
            [asked_to] = await deliveries.claim(connection, NOW, 10)
            assert (asked_to.chat_id, asked_to.kind) == (COLLEAGUE, "confirm")
            await deliveries.finish(connection, [asked_to.id], "failed", NOW, "can't initiate conversation")
        await beat(town, store)
        async with store.writing() as connection:
            told = await deliveries.claim(connection, NOW, 10)
            await deliveries.finish(connection, [one.id for one in told], "sent", NOW)
        assert {one.chat_id for one in told} == {COORDINATOR}
        writer.replies = [await Outgoing(town).compose(one, NOW) for one in told]
        return [one.kind for one in told]

    assert await what_the_writer_hears() == ["unheard"]
    assert "kan niemand bereiken" in writer.text
    assert "op Start te drukken" in writer.text
    await beat(town, store)
    async with store.writing() as connection:
        assert await deliveries.claim(connection, NOW, 10) == []

    await writer.presses("Vraag het opnieuw")
    assert await what_the_writer_hears() == ["unheard"]
    announcement_id = writer.button("Vraag het opnieuw").data.rpartition(":")[2]

    await Talker(town, COLLEAGUE, now=NOW).sends("button", data=f"T:q:{announcement_id}")
    async with store.writing() as connection:
        assert await deliveries.claim(connection, NOW, 10) == []
    await writer.presses("Houd tegen")
    await writer.sends("button", data=f"T:q:{announcement_id}")
    assert "al tegengehouden" in writer.text


async def beat(town: Conversation, store) -> None:
    """Plan what falls due, as the running bot does."""
    deliverer = Deliverer(store, None, None, zone=town.timezone, clock=lambda: NOW)
    telling = Telling(store, None, town.timezone)
    await Ticker(
        store,
        town.schedules,
        deliverer,
        telling,
        lambda *_: False,
        zone=town.timezone,
        clock=lambda: NOW,
        is_live=False,
    ).tick(NOW)


async def test_without_a_second_coordinator_a_large_announcement_is_not_kept(
    conversation, schedules, store, followers, tmp_path
):
    only = TEAM.replace("  - {telegram_id: 4, role: coordinator}\n", "")
    (tmp_path / "schedules" / "team.yaml").write_text(only, encoding="utf-8")
    assert schedules.refresh(NOW) == []
    writer = Talker(replace(conversation, schedules=schedules, confirm_above=1), COORDINATOR, now=NOW)
    await announce(writer, "Kom je ook?", "Stadshagen")
    await writer.presses("Ja")

    assert "die is er nog niet" in writer.text
    assert await kept(store) == []


async def test_a_group_outside_their_wijk_is_refused_even_when_its_button_is_made_up(talk, store):
    stranger = talk(ELSEWHERE)
    await stranger.commands("aankondiging", "Hoi")
    await stranger.sends("button", data="T:a:w:stadshagen")
    await stranger.sends("button", data="T:a:m:koffie")

    assert "veranderd" in stranger.text or "niet meer" in stranger.text
    assert await kept(store) == []


async def test_who_is_expected_is_told_in_heads_and_what_was_asked_only_from_five(talk, store, followers):
    async with store.writing() as connection:
        for _ in range(5):
            await asked.count(connection, "slapen", "stadshagen", NOW.date())
        await asked.count(connection, "voeden", "stadshagen", NOW.date())
    professional = talk(PROFESSIONAL)

    await professional.commands("vanmiddag")

    assert "Gezegd dat ze komen: 1." in professional.text
    assert "jaar" not in professional.text
    assert "Slapen (5)" in professional.text
    assert "Voeden" not in professional.text


async def test_whoever_is_not_of_the_team_yet_is_told_the_number_to_be_added_by(talk):
    parent = talk(PARENT)

    await parent.commands("team")

    assert parent.text.endswith(f": {PARENT}")


@pytest.mark.parametrize(("months", "told"), [
    pytest.param([8] * 4, None, id="four of one age: none"),
    pytest.param([8, 20, 30, 40, 50], None, id="five heads of five ages: none"),
    pytest.param([8] * 5, "Kinderen: 5 × 0 jaar.", id="five of one age"),
    pytest.param([8] * 5 + [20] * 4, "Kinderen: 5 × 0 jaar.", id="four others are not told either"),
    pytest.param([8] * 5 + [20] * 4 + [30], "Kinderen: 5 × 0 jaar, 5 × een andere leeftijd.", id="five others together"),
])  # fmt: skip
async def test_an_age_that_fewer_than_five_have_is_never_told(talk, store, months, told):
    async with store.writing() as connection:
        for chat_id, age in enumerate(months, start=100):
            await attendances.come(connection, chat_id, UID, NOW + timedelta(days=1), age, NOW)
    professional = talk(PROFESSIONAL)

    await professional.commands("vanmiddag")

    assert f"Gezegd dat ze komen: {len(months)}." in professional.text
    assert [line for line in professional.text.splitlines() if "Kinderen" in line] == ([told] if told else [])


async def test_from_five_parents_on_it_is_told_how_many_an_announcement_reaches(talk, store):
    async with store.writing() as connection:
        for chat_id in range(100, 105):
            await subscriptions.follow(connection, chat_id, "meetup", "koffie", NOW)
    coordinator = talk(COORDINATOR)

    await announce(coordinator, "Neem je schoenen mee", "Wie Koffie volgt")

    assert "dat dit krijgt: 5." in coordinator.text


async def test_the_overview_names_every_command(talk):
    coordinator = talk(COORDINATOR)

    await coordinator.commands("team")

    assert coordinator.text.count("/") == 7


async def test_a_wijk_that_was_taken_from_a_coordinator_meanwhile_gets_no_announcement(
    conversation, schedules, store, followers, tmp_path
):
    writer = Talker(replace(conversation, schedules=schedules), COORDINATOR, now=NOW)
    await announce(writer, "Kom je ook?", "Stadshagen")
    elsewhere = TEAM.replace("neighbourhoods: [stadshagen]", "neighbourhoods: [berkum]")
    (tmp_path / "schedules" / "team.yaml").write_text(elsewhere, encoding="utf-8")
    assert schedules.refresh(NOW) == []
    await writer.presses("Ja")

    assert await kept(store) == []
