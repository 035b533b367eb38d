"""A change is noticed once, whichever way it was made, and told to those whom it concerns, at night only when it must."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.reminders.changes import changed, seen
from bot.store.calendar_entries import Entry
from tests.reminders.conftest import ZONE, local, meeting

NOW = "2027-03-29 12:00"


def told(before, after, now=NOW):
    """Let meetings change; return what is told."""

    def entries(meetings, sequence):
        return {
            one.uid: Entry(one.uid, seen(one).fingerprint, one.status, sequence, one.starts_at, local(now))
            for one in meetings
        }

    old = entries(before, 0)
    new = {
        uid: one if uid in old and old[uid].fingerprint != one.fingerprint else replace(one, sequence=0)
        for uid, one in entries(after, 1).items()
    }
    return list(changed(after, old, new, local(now), ZONE))


PLANNED = meeting()
CANCELLED = replace(PLANNED, status="cancelled", reason={"nl": "Griep", "en": "Flu"})
MOVED = replace(meeting("2027-04-01 10:00"), on=PLANNED.on, status="moved", was_at=PLANNED.starts_at)


@pytest.mark.parametrize(("before", "after", "kind"), [
    pytest.param(PLANNED, CANCELLED, "cancelled", id="cancelled"),
    pytest.param(PLANNED, MOVED, "moved", id="moved"),
    pytest.param(CANCELLED, PLANNED, "restored", id="on after all"),
    pytest.param(MOVED, PLANNED, "restored", id="back to where it was"),
    pytest.param(CANCELLED, MOVED, "moved", id="on after all, elsewhere"),
    pytest.param(MOVED, CANCELLED, "cancelled", id="first moved, then cancelled"),
    pytest.param(PLANNED, replace(PLANNED, place="school"), "moved", id="elsewhere"),
    pytest.param(PLANNED, meeting("2027-03-31 10:00"), "moved", id="another time in the file"),
])  # fmt: skip
def test_a_change_is_told_with_what_is_outdated_by_it(before, after, kind):
    [found] = told([before], [after])

    assert found.occasion.kind == kind
    assert found.outdated == "koffie@2027-03-31"
    assert found.occasion.subject == "koffie@2027-03-31#1"
    assert found.occasion.who.before == local(NOW)


@pytest.mark.parametrize("after", [
    pytest.param(PLANNED, id="nothing"),
    pytest.param(replace(PLANNED, theme={"nl": "Zingen", "en": "Singing"}), id="a theme"),
])  # fmt: skip
def test_what_is_no_change_is_not_told(after):
    assert told([PLANNED], [after]) == []


def test_a_meeting_seen_for_the_first_time_is_no_change_even_when_cancelled():
    assert told([], [CANCELLED]) == []


def test_a_cancelled_meeting_whose_place_changes_stays_the_same():
    assert told([CANCELLED], [replace(CANCELLED, place="school")]) == []


def test_only_who_heard_of_the_cancellation_hears_that_it_is_on_after_all():
    [found] = told([CANCELLED], [PLANNED])

    assert found.occasion.who.heard == ("koffie@2027-03-31",)


def test_when_a_series_gets_another_time_only_the_next_meeting_is_told_of():
    before = [meeting("2027-03-31 09:30"), meeting("2027-04-07 09:30")]
    after = [meeting("2027-03-31 10:00"), meeting("2027-04-07 10:00")]

    first, second = told(before, after)

    assert first.occasion.subject == "koffie@2027-03-31#1"
    assert second.occasion is None


@pytest.mark.parametrize(("now", "starts", "due"), [
    pytest.param("2027-03-29 12:00", "2027-03-31 09:30", "2027-03-29 12:00", id="by day at once"),
    pytest.param("2027-03-30 22:00", "2027-03-31 09:30", "2027-03-31 08:00", id="at night it waits"),
    pytest.param("2027-03-30 22:00", "2027-03-31 08:30", "2027-03-30 22:00", id="unless people leave home before"),
    pytest.param("2027-03-31 06:00", "2027-03-31 08:30", "2027-03-31 06:00", id="the same morning"),
])  # fmt: skip
def test_at_night_only_what_cannot_wait_is_told(now, starts, due):
    before = meeting(starts)

    [found] = told([before], [replace(before, status="cancelled")], now)

    assert found.occasion.due_at == local(due)
    assert found.occasion.expires_at == local(starts)


def test_a_meeting_that_is_over_is_not_told_of():
    [found] = told([PLANNED], [CANCELLED], "2027-03-31 12:00")

    assert found.occasion is None


def test_a_meeting_that_is_moved_ahead_is_told_of_until_its_old_time():
    earlier = replace(meeting("2027-03-30 09:30"), on=PLANNED.on, status="moved")

    [found] = told([PLANNED], [earlier])

    assert found.occasion.expires_at == PLANNED.starts_at
