"""A beat: files are read again, changes noticed and told, what falls due is planned; clocks may be set as they like."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager, suppress
from datetime import date, timedelta

import pytest

from bot.agenda.changes import to_data
from bot.agenda.model import Change
from bot.agenda.schedules import Schedules
from bot.alerts.telling import Telling
from bot.reminders import tick
from bot.reminders.deliver import Deliverer, Outcome
from bot.reminders.tick import Ticker
from bot.store import announcements, attendances, changes, database, deliveries, kept, parents, questions, subscriptions
from bot.store.database import Store
from bot.store.errors import StoreError
from bot.store.locks import PLANNING
from tests.agenda import conftest as small_agenda
from tests.reminders.conftest import LONG_AGO, ZONE, Hands, follow, local, rows

folder = small_agenda.folder

MORNING = "2026-11-24 12:00"
"""A Tuesday; the next meeting is tomorrow at 9.30."""
UID = "koffie@2026-11-25"
CANCELLED = "    cancelled:\n      - {day: 2026-11-25, reason: {nl: Ziek, en: Ill}}\n"


class Town:
    def __init__(self, store, folder, knowledge, clock, hands, *, is_live=False, signed=()):
        self.store, self.folder, self.clock, self.hands = store, folder, clock, hands
        self.team: list[str] = []
        self.telling = Telling(store, self._tell, ZONE)
        self.schedules = Schedules(folder, knowledge, clock(), timezone="Europe/Amsterdam", school_region="Noord")
        self.deliverer = Deliverer(store, hands.compose, hands.send, zone=ZONE, clock=clock, pause=hands.pause)
        self.ticker = Ticker(
            store, self.schedules, self.deliverer, self.telling, lambda answer, _now: answer in signed,
            zone=ZONE, clock=clock, is_live=is_live,
        )  # fmt: skip

    async def _tell(self, text):
        self.team.append(text)
        return True

    async def at(self, wall: str) -> list[str]:
        """Let it be this time; return what is sent."""
        self.clock.now = local(wall)
        before = len(self.hands.sent)
        await self.ticker.look(self.clock.now)
        await self.ticker.tick(self.clock.now)
        await self.deliverer.deliver_due()
        await self.telling.look(self.clock.now)
        return [said for _, said in self.hands.sent[before:]]

    async def stops(self) -> None:
        """End as a program does that is asked to: what it held is free for the next."""
        await self.store.locks.let_go(PLANNING)

    def write(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        later = path.stat().st_mtime_ns + 10**9
        os.utime(path, ns=(later, later))


@pytest.fixture
def town(store, folder, knowledge, clock, hands):
    clock.now = local(MORNING)
    return Town(store, folder, knowledge, clock, hands)


async def test_a_follower_is_reminded_the_evening_before_and_shortly_before(town):
    await follow(town.store, 1)

    assert await town.at("2026-11-24 18:57") == []
    assert await town.at("2026-11-24 19:00") == [f"evening {UID}"]
    assert await town.at("2026-11-24 19:01") == []
    assert await town.at("2026-11-25 07:59") == []
    assert await town.at("2026-11-25 08:00") == [f"hours {UID}"]
    assert await town.at("2026-11-25 09:30") == []


async def test_started_again_it_sends_nothing_twice(town, knowledge):
    await follow(town.store, 1)
    await town.at("2026-11-24 19:00")

    await town.stops()
    again = Town(town.store, town.folder, knowledge, town.clock, Hands())

    assert await again.at("2026-11-24 19:02") == []


async def test_started_again_in_the_evening_it_sends_what_was_missed(town):
    await follow(town.store, 1)
    await town.at("2026-11-24 12:00")

    assert await town.at("2026-11-24 20:30") == [f"evening {UID}"]


async def test_started_again_at_night_it_waits_until_morning(town):
    await follow(town.store, 1)
    await follow(town.store, 2, wants_two_hours=False)
    await town.at("2026-11-24 12:00")

    assert await town.at("2026-11-24 23:30") == []
    await town.at("2026-11-25 08:00")
    assert sorted(town.hands.sent) == [(1, f"hours {UID}"), (2, f"evening {UID}")]


async def test_a_clock_set_back_sends_nothing_again(town):
    await follow(town.store, 1)
    assert await town.at("2026-11-24 19:00") == [f"evening {UID}"]

    assert await town.at("2026-11-24 16:00") == []
    assert await town.at("2026-11-24 19:00") == []
    assert await town.at("2026-11-25 08:00") == [f"hours {UID}"]


async def test_a_clock_set_forward_over_a_reminder_sends_what_is_still_of_use(town):
    await follow(town.store, 1)
    await town.at("2026-11-24 16:00")

    assert await town.at("2026-11-25 08:15") == [f"hours {UID}"]


async def test_a_clock_set_forward_over_the_meeting_sends_nothing(town):
    await follow(town.store, 1)
    await town.at("2026-11-24 16:00")

    assert await town.at("2026-11-25 09:45") == []


@pytest.mark.parametrize(("noon", "evening", "morning"), [
    pytest.param("2027-03-27 12:00", "2027-03-27 19:00", "2027-03-28 08:00", id="the clock goes forward"),
    pytest.param("2026-10-24 12:00", "2026-10-24 19:00", "2026-10-25 08:00", id="the clock goes back"),
])  # fmt: skip
async def test_through_the_nights_of_summer_time_reminders_come_once_and_on_time(
    store, folder, knowledge, clock, hands, noon, evening, morning
):  # fmt: skip
    path = folder / "meetups.yaml"
    series = path.read_text(encoding="utf-8").partition("    skip:")[0]
    on_sundays = series.replace("elke woensdag", "elke zondag").replace("2026-09-02", "2026-09-06")
    path.write_text(on_sundays, encoding="utf-8")
    clock.now = local(noon)
    town = Town(store, folder, knowledge, clock, hands)
    await follow(store, 1)

    assert await town.at(noon) == []
    assert [said.split()[0] for said in await town.at(evening)] == ["evening"]
    for hour in range(21, 24):
        assert await town.at(evening.replace("19:", f"{hour}:")) == []
    for hour in range(8):
        assert await town.at(morning.replace("08:", f"{hour:02}:")) == []
    assert [said.split()[0] for said in await town.at(morning)] == ["hours"]


async def test_a_cancellation_in_the_file_is_told_once_and_kills_the_reminders(town):
    await follow(town.store, 1)
    await follow(town.store, 2, subject="ander")
    await town.at("2026-11-24 18:59")
    assert await rows(town.store, "kind", "state") == [("evening", "due")]

    town.write("meetups.yaml", "    cancelled:\n", CANCELLED)

    assert await town.at("2026-11-24 18:59:20") == [f"cancelled {UID}#1"]
    assert await town.at("2026-11-24 19:00") == []
    assert await town.at("2026-11-25 08:00") == []
    assert [chat for chat, _ in town.hands.sent] == [1]


async def test_a_cancellation_that_is_taken_back_is_told_and_reminded_of_again(town):
    await follow(town.store, 1)
    await town.at(MORNING)
    town.write("meetups.yaml", "    cancelled:\n", CANCELLED)
    await town.at("2026-11-24 13:00")
    town.write("meetups.yaml", CANCELLED, "    cancelled:\n")

    assert await town.at("2026-11-24 14:00") == [f"restored {UID}#2"]
    assert await town.at("2026-11-24 19:00") == [f"evening {UID}#2"]


async def test_what_is_taken_back_before_anybody_heard_is_not_told(town):
    await follow(town.store, 1)
    await town.at("2026-11-23 22:00")
    town.write("meetups.yaml", "    cancelled:\n", CANCELLED)
    assert await town.at("2026-11-23 22:01") == []
    town.write("meetups.yaml", CANCELLED, "    cancelled:\n")

    assert await town.at("2026-11-23 22:05") == []
    assert await town.at("2026-11-24 08:00") == []
    assert await town.at("2026-11-24 19:00") == [f"evening {UID}#2"]


async def test_who_heard_the_first_of_two_changes_hears_that_it_is_on_after_all(town):
    await follow(town.store, 1)
    await town.at("2026-11-23 12:00")
    moved = "    moved:\n      - {day: 2026-11-25, to: 2026-11-26, reason: {nl: Feest, en: Party}}\n"
    town.write("meetups.yaml", "    moved:\n", moved)
    assert await town.at("2026-11-23 20:00") == [f"moved {UID}#1"]
    town.write("meetups.yaml", "to: 2026-11-26,", "to: 2026-11-27,")
    assert await town.at("2026-11-23 22:00") == []
    town.write("meetups.yaml", moved.replace("26,", "27,"), "    moved:\n")

    assert await town.at("2026-11-23 22:05") == []
    assert await town.at("2026-11-24 08:00") == [f"restored {UID}#3"]


async def test_who_heard_that_it_is_on_after_all_is_not_told_again_when_they_missed_a_second_cancellation(town):
    await follow(town.store, 1)
    await town.at("2026-11-23 12:00")
    for wall, said in (("2026-11-23 13:00", "cancelled"), ("2026-11-23 14:00", "restored")):
        new = CANCELLED if said == "cancelled" else "    cancelled:\n"
        town.write("meetups.yaml", CANCELLED if said == "restored" else "    cancelled:\n", new)
        assert [one.split()[0] for one in await town.at(wall)] == [said]
    town.write("meetups.yaml", "    cancelled:\n", CANCELLED)
    assert await town.at("2026-11-23 22:00") == []
    town.write("meetups.yaml", CANCELLED, "    cancelled:\n")

    assert await town.at("2026-11-23 22:05") == []
    assert await town.at("2026-11-24 08:00") == []


async def test_a_clock_set_back_between_two_changes_does_not_turn_them_round(town):
    await follow(town.store, 1)
    await town.at(MORNING)
    for kind, wall in (("cancelled", "2026-11-24 13:00"), ("restored", "2026-11-24 12:10")):
        async with town.store.writing() as connection:
            await changes.add(connection, "koffie", date(2026, 11, 25), kind, {}, local(wall))
        assert [one.split()[0] for one in await town.at(wall)] == [kind]


async def test_who_plans_again_after_another_did_knows_what_the_other_noted(town, knowledge):
    await follow(town.store, 1)
    await town.at(MORNING)
    await town.stops()
    another = Town(town.store, town.folder, knowledge, town.clock, town.hands)
    town.write("meetups.yaml", "    cancelled:\n", CANCELLED)
    await another.at("2026-11-24 13:00")
    town.write("meetups.yaml", CANCELLED, "    cancelled:\n")
    await another.at("2026-11-24 19:00")
    await another.stops()
    town.ticker._is_holder = False

    assert await town.at("2026-11-24 19:01") == []
    assert sorted(said.split()[0] for _, said in town.hands.sent) == ["cancelled", "evening", "restored"]


async def test_a_move_by_phone_is_told_and_has_new_reminders(town):
    await follow(town.store, 1)
    await town.at("2026-11-24 19:00")
    async with town.store.writing() as connection:
        await attendances.come(connection, 2, UID, local("2026-11-25 09:30"), None, LONG_AGO)
    new_start = local("2026-12-03 10:30")
    move = Change("koffie", date(2026, 11, 25), "moved", local("2026-11-24 19:30"),
                  reason={"nl": "Feest", "en": "Party"}, starts_at=new_start, ends_at=new_start + timedelta(hours=2))  # fmt: skip
    async with town.store.writing() as connection:
        await changes.add(connection, move.meetup, move.on, move.kind, to_data(move), move.made_at)

    assert await town.at("2026-11-24 19:31") == [f"moved {UID}#1"] * 2
    assert await town.at("2026-11-25 08:00") == []
    assert await town.at("2026-11-30 09:00") == []
    assert await town.at("2026-12-02 19:00") == [f"evening {UID}#1"] * 2
    assert await town.at("2026-12-03 08:30") == [f"hours {UID}#1"] * 2


async def test_a_change_is_told_also_when_it_was_made_while_the_program_was_off(town, knowledge):
    await follow(town.store, 1)
    await town.at(MORNING)
    town.write("meetups.yaml", "    cancelled:\n", CANCELLED)

    await town.stops()
    again = Town(town.store, town.folder, knowledge, town.clock, town.hands)

    assert await again.at("2026-11-24 13:00") == [f"cancelled {UID}#1"]


async def test_a_bad_edit_keeps_the_agenda_and_tells_the_team_once_where_it_is_and_when_it_is_over(town):
    await follow(town.store, 1)
    await town.at(MORNING)

    town.write("meetups.yaml", "elke woensdag", "elke blauwe maandag")
    await town.at("2026-11-24 18:00")
    await town.at("2026-11-24 18:01")

    [text] = town.team
    assert "meetups.yaml:" in text
    assert "vorige versie" in text
    assert await town.at("2026-11-24 19:00") == [f"evening {UID}"]

    town.write("meetups.yaml", "elke blauwe maandag", "elke woensdag")
    assert await town.at("2026-11-24 19:01") == []
    assert town.team[1:] == ["✅ De agenda is opnieuw gelezen en klopt weer."]


async def test_an_announcement_of_the_file_goes_to_its_audience_once(town):
    for chat, born in ((1, date(2025, 5, 1)), (2, date(2010, 5, 1))):
        await follow(town.store, chat, child_born=born)
        await follow(town.store, chat, subject="stadshagen", kind="neighbourhood")
    await town.at("2026-12-01 17:00")

    assert "announcement file:zingen" in await town.at("2026-12-01 18:00")
    assert await town.at("2026-12-01 18:02") == []
    assert [chat for chat, said in town.hands.sent if said == "announcement file:zingen"] == [1]


async def test_an_announcement_by_phone_goes_out_when_it_is_confirmed_and_once(town):
    await follow(town.store, 1)
    async with town.store.writing() as connection:
        row = announcements.Row(
            "a1", {"nl": "Kom"}, {"meetups": ["koffie"]}, local("2026-11-22 12:00"), 7, local(MORNING)
        )
        await announcements.add(connection, row)

    assert await town.at("2026-11-24 12:01") == []
    async with town.store.writing() as connection:
        await announcements.confirm(connection, "a1", 8, local("2026-11-24 12:02"))
    assert await town.at("2026-11-24 12:03") == ["announcement a1"]
    assert await town.at("2026-11-24 12:04") == []


async def test_tips_go_out_only_when_their_answer_is_signed(store, folder, knowledge, clock, hands):
    clock.now = local("2026-11-14 12:00")
    await follow(store, 1, subject=subscriptions.EVERY, kind="tips", child_born=date(2026, 9, 1))

    unsigned = Town(store, folder, knowledge, clock, hands)
    assert await unsigned.at("2026-11-15 10:00") == []
    await unsigned.stops()
    signed = Town(store, folder, knowledge, clock, hands, signed=("huilen-baby",))
    assert await signed.at("2026-11-15 10:01") == ["tip huilen"]


async def test_in_live_mode_nothing_is_sent_about_what_is_not_confirmed(store, folder, knowledge, clock, hands):
    clock.now = local(MORNING)
    await follow(store, 1)

    assert await Town(store, folder, knowledge, clock, hands, is_live=True).at("2026-11-24 19:00") == []


async def test_the_team_hears_once_a_day_how_many_messages_failed(town):
    await follow(town.store, 1, 2, 3)
    await town.at("2026-11-24 18:00")
    town.hands.outcomes = {1: [Outcome("refused", "chat not found")], 2: [Outcome("blocked", "blocked")]}
    await town.at("2026-11-24 19:00")

    await town.at("2026-11-25 08:59")
    assert town.team == []
    await town.at("2026-11-25 09:00")
    await town.at("2026-11-25 09:01")

    [text] = town.team
    assert (
        "Berichten die sinds gisteren niet aankwamen: minder dan 5, waarvan een deel aan mensen die weg zijn." in text
    )

    await town.at("2026-11-26 08:59")
    assert len(town.team) == 1
    await town.at("2026-11-26 09:00")
    assert town.team[1:] == ["✅ Sinds gisteren zijn alle berichten aangekomen."]


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_only_the_process_that_holds_the_lock_plans_and_sends_and_another_takes_over_at_once(town, url):
    await follow(town.store, 1)
    another = await Store.open(url)
    assert await another.locks.take(PLANNING)

    assert await town.at("2026-11-24 19:01") == []
    assert await rows(town.store, "chat_id") == []
    await another.close()

    assert await town.at("2026-11-24 19:02") == [f"evening {UID}"]


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_whose_session_is_cut_plans_nothing_and_then_starts_as_anew(town, url):
    await follow(town.store, 1)
    await town.at("2026-11-24 18:59")
    async with town.store.writing() as connection:
        assert len(await deliveries.claim(connection, local("2026-11-24 19:00"), 5)) == 1
        await connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid != pg_backend_pid()"
        )

    with pytest.raises(StoreError):
        await town.ticker.tick(local("2026-11-24 19:01"))

    assert await town.at("2026-11-24 19:02") == [f"evening {UID}"]


async def test_who_takes_over_sends_again_what_the_one_before_was_sending(town):
    await follow(town.store, 1)
    await town.at("2026-11-24 18:59")
    async with town.store.writing() as connection:
        assert len(await deliveries.claim(connection, local("2026-11-24 19:00"), 5)) == 1

    town.ticker._is_holder = False

    assert await town.at("2026-11-24 19:02") == [f"evening {UID}"]


async def test_a_beat_that_fails_is_noted_and_the_next_one_comes(town, caplog, monkeypatch):
    monkeypatch.setattr("bot.reminders.tick.LOOK_S", 0.05)
    beats = []

    async def tick(now):
        beats.append(now)
        town.ticker.wake()
        if len(beats) == 1:
            raise RuntimeError("een geheim van een ouder")
        if len(beats) == 2:
            raise StoreError("The database is locked.")
        raise asyncio.CancelledError

    town.ticker.tick = tick
    with suppress(asyncio.CancelledError):
        await town.ticker.run()

    assert len(beats) == 3
    assert "RuntimeError at" in caplog.text
    assert "geheim" not in caplog.text
    assert town.ticker.age_s() < 5


async def test_once_it_can_be_written_again_it_is_planned_at_the_next_look_and_all_hear_that(town, monkeypatch, caplog):
    monkeypatch.setattr(tick, "LOOK_S", 0.01)
    monkeypatch.setattr(database, "SETTLED_S", 0.1)
    await follow(town.store, 1)
    town.store.tells = True
    running = asyncio.create_task(town.ticker.run())
    await until(lambda: town.ticker._last)
    writing, town.store.writing = town.store.writing, lambda **_: refused(town.store)
    town.ticker.wake()
    await until(lambda: town.store.trouble)
    town.clock.now = local("2026-11-24 19:00")

    town.store.writing = writing
    await until(lambda: not town.store.trouble)
    await until(lambda: town.ticker._last == town.clock.now)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running

    assert len(await rows(town.store, "id")) == 1
    assert [record.message for record in caplog.records] == [
        "Nothing can be kept. The disk is full; make room.",
        "The database can be written again.",
    ]


@asynccontextmanager
async def refused(store):
    store._note("The disk is full; make room.")
    raise StoreError("The disk is full; make room.")
    yield


async def until(is_so):
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


async def test_by_a_clock_that_is_years_ahead_nobody_is_erased_and_the_team_is_told(town):
    is_right = False
    town.ticker._clock_agrees = lambda _now: is_right
    async with town.store.writing() as connection:
        await parents.ensure(connection, 1, local(MORNING))
        await questions.keep(connection, "een vraag", "nl", local(MORNING).date())

    await town.at("2029-11-24 12:00")
    await town.at("2029-11-25 09:00")

    async with town.store.reading() as connection:
        assert await kept.everything(connection, 1)
        assert await questions.every(connection)
    assert [said.partition(",")[0] for said in town.team] == ["⚠️ De klok van de bot loopt meer dan een dag verkeerd"]

    is_right = True
    await town.at("2026-11-24 12:01")

    assert town.team[1:] == ["✅ De klok van de bot loopt weer gelijk."]
    async with town.store.reading() as connection:
        assert await kept.everything(connection, 1)


async def test_what_could_not_be_forgotten_by_a_wrong_clock_is_forgotten_at_the_first_beat_by_a_right_one(town):
    answers = iter([False, True])
    town.ticker._clock_agrees = lambda _now: next(answers)
    async with town.store.writing() as connection:
        await questions.keep(connection, "een vraag", "nl", LONG_AGO.date() - timedelta(days=365))

    await town.at(MORNING)
    async with town.store.reading() as connection:
        assert await questions.every(connection)
    await town.at("2026-11-24 12:01")

    async with town.store.reading() as connection:
        assert await questions.every(connection) == []


async def test_old_rows_are_forgotten_and_the_unreachable_follow_nothing(town):
    await follow(town.store, 1, unreachable_at=LONG_AGO)
    async with town.store.writing() as connection:
        for day in (LONG_AGO.date() - timedelta(days=30), LONG_AGO.date()):
            await questions.keep(connection, f"vraag van {day}", "nl", day)

    await town.at(MORNING)

    async with town.store.writing() as connection:
        assert [question.text for question in await questions.every(connection)] == ["vraag van 2026-09-01"]
        assert await subscriptions.followed(connection, 1) == []
        await parents.can_be_reached(connection, 1)


async def test_a_meeting_that_is_deleted_while_people_count_on_it_is_told_to_the_team_and_to_no_parent(town):
    await follow(town.store, 1)
    await town.at(MORNING)
    async with town.store.writing() as connection:
        await attendances.come(connection, 1, UID, local("2026-11-25 09:30"), None, LONG_AGO)
    await town.at("2026-11-24 18:59")

    town.write("meetups.yaml", "start: 2026-09-02", "start: 2026-11-26")
    assert await town.at("2026-11-24 18:59:30") == []
    assert await town.at("2026-11-24 18:59:50") == []

    [text] = town.team
    assert "niet meer in de agenda: 'Koffie' van woensdag 25 november 9.30 (wilden komen: minder dan 5)." in text
    assert "/annuleer" in text

    town.write("meetups.yaml", "start: 2026-11-26", "start: 2026-09-02")
    assert await town.at("2026-11-24 19:00") == [f"evening {UID}"]
    assert town.team[1:] == ["✅ In de agenda ontbreekt niets meer waar ouders op rekenen."]


@pytest.mark.parametrize("gone", [
    pytest.param("cancelled", id="it was cancelled before"),
    pytest.param("past", id="it is over"),
    pytest.param("nobody", id="nobody counted on it"),
])  # fmt: skip
async def test_a_deleted_meeting_that_nobody_waits_for_is_not_told(town, gone):
    if gone == "cancelled":
        town.write("meetups.yaml", "    cancelled:\n", CANCELLED)
    await town.at(MORNING)
    if gone != "nobody":
        async with town.store.writing() as connection:
            await attendances.come(connection, 1, UID, local("2026-11-25 09:30"), None, LONG_AGO)

    if gone == "cancelled":
        town.write("meetups.yaml", CANCELLED, "    cancelled:\n")
    town.write("meetups.yaml", "start: 2026-09-02", "start: 2026-11-26")
    await town.at("2026-11-25 09:31" if gone == "past" else "2026-11-24 18:00")

    assert town.team == []


async def test_a_deleted_meeting_with_only_reminders_waiting_is_told_without_a_number(town):
    await follow(town.store, 1)
    await town.at("2026-11-24 18:59")

    town.write("meetups.yaml", "start: 2026-09-02", "start: 2026-11-26")
    await town.at("2026-11-24 18:59:20")

    [text] = town.team
    assert "'Koffie' van woensdag 25 november 9.30 (er staan herinneringen klaar)" in text


async def test_a_meeting_that_is_moved_back_is_told_as_going_on_and_only_to_who_heard_that_it_moved(town):
    await follow(town.store, 1)
    await town.at(MORNING)
    for day, starts, wall in (("2026-11-26", "10:00", "2026-11-24 13:00"), ("2026-11-25", "09:30", "2026-11-24 14:00")):
        begins = local(f"{day} {starts}")
        move = Change("koffie", date(2026, 11, 25), "moved", local(wall), reason={"nl": "Feest"}, starts_at=begins)
        async with town.store.writing() as connection:
            await changes.add(connection, move.meetup, move.on, move.kind, to_data(move), move.made_at)
        said = await town.at(wall)

    assert said == [f"restored {UID}#2"]


@pytest.mark.parametrize("what", ["follows", "comes"])
async def test_who_follows_before_a_clock_is_set_back_is_reminded_all_the_same(town, what):
    await town.at("2026-11-24 20:30")
    async with town.store.writing() as connection:
        if what == "follows":
            await subscriptions.follow(connection, 1, "meetup", "koffie", town.clock.now)
        else:
            await attendances.come(connection, 1, UID, local("2026-11-25 09:30"), None, town.clock.now)

    assert await town.at("2026-11-24 17:30") == []
    assert await town.at("2026-11-24 19:00") == [f"evening {UID}"]


async def test_of_a_meeting_that_changed_before_a_clock_is_set_back_is_reminded_all_the_same(town):
    await follow(town.store, 1)
    await town.at(MORNING)
    move = Change("koffie", date(2026, 11, 25), "moved", local(MORNING), starts_at=local("2026-11-25 10:00"))
    async with town.store.writing() as connection:
        await changes.add(connection, move.meetup, move.on, move.kind, to_data(move), move.made_at)
    assert await town.at("2026-11-24 20:30") == [f"moved {UID}#1"]

    assert await town.at("2026-11-24 17:30") == []
    assert await town.at("2026-11-24 19:00") == [f"evening {UID}#1"]
