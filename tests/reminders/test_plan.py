"""What falls due when: the evening before, two hours before, never at night, through summer time and leap years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.agenda.model import Announcement, Audience, Tip
from bot.reminders.plan import Announced, announced, plan, tip_occasions
from bot.reminders.wall import after_quiet, born_between, month, quiet_hours
from bot.store.calendar_entries import Entry
from tests.reminders.conftest import ZONE, local, meeting


def due(occurrence, *, now="2027-01-01 12:00", until="2029-01-01 12:00", entries=None) -> dict[str, str]:
    """Return when each reminder of a meeting is due on the wall, by kind and hour; those with both reminders wanted."""
    found = plan([occurrence], entries or {}, [], [], now=local(now), until=local(until), zone=ZONE)
    return {
        f"{one.kind} {one.who.evening_hour or ''}".strip(): one.due_at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
        for one in found
        if one.who.wants_two_hours
    }


@pytest.mark.parametrize(("starts", "evening", "hours"), [
    pytest.param("2027-03-31 10:30", "2027-03-30 19:00", "2027-03-31 08:30", id="a Wednesday morning"),
    pytest.param("2027-03-31 09:30", "2027-03-30 19:00", "2027-03-31 08:00", id="not before eight in the morning"),
    pytest.param("2027-03-31 20:00", "2027-03-30 19:00", "2027-03-31 18:00", id="an evening"),
    pytest.param("2027-03-28 10:30", "2027-03-27 19:00", "2027-03-28 08:30", id="the night the clock goes forward"),
    pytest.param("2027-10-31 10:30", "2027-10-30 19:00", "2027-10-31 08:30", id="the night the clock goes back"),
    pytest.param("2028-03-01 10:30", "2028-02-29 19:00", "2028-03-01 08:30", id="29 February"),
    pytest.param("2028-02-29 10:30", "2028-02-28 19:00", "2028-02-29 08:30", id="on 29 February"),
])  # fmt: skip
def test_a_meeting_is_reminded_of_twice(starts, evening, hours):
    found = due(meeting(starts))

    assert found["evening 19"] == evening
    assert found["hours"] == hours


@pytest.mark.parametrize(("starts", "kinds"), [
    pytest.param("2027-03-31 07:30", {"evening"}, id="over before the quiet hours are"),
    pytest.param("2027-03-31 08:00", {"evening"}, id="begins as they end"),
    pytest.param("2027-03-31 08:05", {"evening", "hours"}, id="begins just after"),
    pytest.param("2027-03-31 23:30", {"evening"}, id="two hours before is night, and the morning is too late"),
])  # fmt: skip
def test_two_hours_before_is_dropped_when_it_would_be_at_night(starts, kinds):
    assert {name.split()[0] for name in due(meeting(starts))} == kinds


def test_the_evening_is_planned_for_every_hour_that_can_be_chosen():
    assert [name for name in due(meeting()) if name.startswith("evening")] == [f"evening {h}" for h in range(17, 21)]


def test_who_wants_only_the_evening_before_may_get_it_late_and_others_make_way_for_the_second():
    found = plan([meeting()], {}, [], [], now=local("2027-01-01"), until=local("2028-01-01"), zone=ZONE)
    expires = {one.who.wants_two_hours: one.expires_at for one in found if one.kind == "evening"}

    assert expires == {True: local("2027-03-31 08:00"), False: local("2027-03-31 09:30")}


@pytest.mark.parametrize(("now", "until", "expected"), [
    pytest.param("2027-03-30 18:50", "2027-03-30 18:59", ["evening 17", "evening 18"], id="before nineteen"),
    pytest.param("2027-03-30 18:58", "2027-03-30 19:00", ["evening 17", "evening 18", "evening 19"], id="at nineteen"),
    pytest.param("2027-03-31 08:01", "2027-03-31 08:03", ["hours"], id="back after a night without power"),
    pytest.param("2027-03-31 09:30", "2027-03-31 09:32", [], id="the clock was set forward over it all"),
    pytest.param("2027-03-29 12:00", "2027-03-29 12:02", [], id="the clock was set back a day"),
])  # fmt: skip
def test_only_what_is_due_and_still_of_use_is_planned(now, until, expected):
    assert list(due(meeting(), now=now, until=until)) == expected


def entry(sequence: int, changed: str) -> dict[str, Entry]:
    occurrence = meeting()
    return {occurrence.uid: Entry(occurrence.uid, "f", "moved", sequence, occurrence.starts_at, local(changed))}


def test_a_cancelled_meeting_is_not_reminded_of():
    assert due(meeting(status="cancelled")) == {}


def test_a_meeting_that_changed_has_new_reminders_but_none_that_fell_due_before_the_change_was_told():
    found = due(meeting(), entries=entry(2, "2027-03-30 18:30"))

    assert list(found) == ["evening 19", "evening 20", "hours"]
    occasions = plan([meeting()], entry(2, "2027-03-30 18:30"), [], [], now=local("2027-01-01"),
                     until=local("2028-01-01"), zone=ZONE)  # fmt: skip
    assert {one.subject for one in occasions} == {"koffie@2027-03-31#2"}


@pytest.mark.parametrize(("send_at", "expected"), [
    pytest.param("2027-03-30 18:00", "2027-03-30 18:00", id="by day"),
    pytest.param("2027-03-30 20:59", "2027-03-30 20:59", id="just before nine"),
    pytest.param("2027-03-30 21:00", "2027-03-31 08:00", id="at nine it waits for the morning"),
    pytest.param("2027-03-28 02:30", "2027-03-28 08:00", id="an hour that does not exist"),
    pytest.param("2027-10-31 02:30", "2027-10-31 08:00", id="an hour that exists twice"),
])  # fmt: skip
def test_an_announcement_never_comes_at_night(send_at, expected):
    written = Announcement(
        id="zingen", text={"nl": "Kom", "en": "Come"}, audience=Audience(ages=(2, 3)), send_at=send_at
    )

    [found] = plan(
        [], {}, [announced(written, ZONE)], [], now=local("2027-01-01"), until=local("2028-01-01"), zone=ZONE
    )

    assert found.subject == "file:zingen"
    assert found.due_at == local(expected)
    assert found.expires_at == local(expected) + timedelta(days=1)


def test_the_ages_of_an_announcement_become_months_of_birth():
    announcement = Announced("a1", Audience(ages=(2, 13)), local("2027-03-30 18:00"))

    [found] = plan([], {}, [announcement], [], now=local("2027-01-01"), until=local("2028-01-01"), zone=ZONE)

    assert found.who.born == (date(2026, 2, 1), date(2027, 1, 31))


TIP = Tip(id="tanden", age_months=6, text={"nl": "a", "en": "b"}, answer="gezondheid-tandjes")


def test_a_tip_is_for_those_whose_child_gets_that_age_this_month_and_later_for_one_that_came_early():
    found = list(tip_occasions(TIP, local("2027-03-01"), local("2027-03-01 00:02"), ZONE))

    assert {one.due_at for one in found} == {local("2027-03-15 10:00")}
    assert [(one.who.born[0], one.who.weeks_early) for one in found] == [
        (date(2026, 9, 1), (0, 2)), (date(2026, 8, 1), (3, 6)), (date(2026, 7, 1), (7, 10)), (date(2026, 6, 1), (11, 20)),
    ]  # fmt: skip


def test_after_two_years_a_child_that_came_early_is_as_old_as_any():
    [found] = tip_occasions(TIP.model_copy(update={"age_months": 30}), local("2027-03-01"), local("2027-03-01"), ZONE)

    assert (found.who.born, found.who.weeks_early) == ((date(2024, 9, 1), date(2024, 9, 30)), None)


@pytest.mark.parametrize(("moment", "expected"), [
    pytest.param("2027-03-30 20:59", None, id="evening"),
    pytest.param("2027-03-30 21:00", ("2027-03-30 21:00", "2027-03-31 08:00"), id="they begin"),
    pytest.param("2027-03-31 07:59", ("2027-03-30 21:00", "2027-03-31 08:00"), id="they are nearly over"),
    pytest.param("2027-03-31 08:00", None, id="they are over"),
    pytest.param("2027-03-28 01:00", ("2027-03-27 21:00", "2027-03-28 08:00"), id="a night of ten hours"),
    pytest.param("2027-10-31 01:00", ("2027-10-30 21:00", "2027-10-31 08:00"), id="a night of twelve hours"),
])  # fmt: skip
def test_quiet_hours(moment, expected):
    assert quiet_hours(local(moment), ZONE) == (expected and (local(expected[0]), local(expected[1])))


def test_after_the_quiet_hours_of_the_night_the_clock_goes_forward_it_is_eight_on_the_wall():
    assert after_quiet(local("2027-03-27 23:00"), ZONE) == local("2027-03-28 08:00")


@pytest.mark.parametrize(("day", "earlier", "expected"), [
    pytest.param(date(2028, 2, 29), 0, (date(2028, 2, 1), date(2028, 2, 29)), id="a leap year"),
    pytest.param(date(2028, 2, 29), 12, (date(2027, 2, 1), date(2027, 2, 28)), id="a year before"),
    pytest.param(date(2027, 1, 31), 1, (date(2026, 12, 1), date(2026, 12, 31)), id="over new year"),
    pytest.param(date(2026, 12, 5), -1, (date(2027, 1, 1), date(2027, 1, 31)), id="ahead"),
])  # fmt: skip
def test_months(day, earlier, expected):
    assert month(day, earlier) == expected


def test_ages_to_births():
    assert born_between((0, 0), date(2027, 3, 30)) == (date(2027, 3, 1), date(2027, 3, 31))
