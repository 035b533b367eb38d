"""Series become dated meetings: through summer time, around holidays, with every change laid over them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from time import thread_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.agenda.model import Agenda, Change, Meetup, SkipReason
from bot.agenda.occurrences import find, occurrences

TEXT = {"nl": "Koffie", "en": "Coffee"}
MADE_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def meetup(
    when: str = "elke woensdag", start: date = date(2026, 9, 2), skip: tuple[SkipReason, ...] = (), **more: object
) -> Meetup:
    values: dict[str, object] = {
        "id": "koffie", "summary": TEXT, "neighbourhood": "stadshagen", "place": "kantine", "audience": TEXT,
        "ages": (0, 48), "cost": TEXT, "when": when, "from_time": "09:30", "until_time": "11:30", "start": start,
        "skip": skip,
    }  # fmt: skip
    return Meetup.model_validate({**values, **more})


def days(series: Meetup, first: date, last: date) -> list[str]:
    return [found.on.isoformat() for found in occurrences(Agenda(meetups=(series,)), first, last)]


@pytest.mark.parametrize(
    ("on", "utc"),
    [
        pytest.param(date(2027, 3, 24), "08:30", id="winter time"),
        pytest.param(date(2027, 3, 31), "07:30", id="summer time, after the clock went forward"),
        pytest.param(date(2027, 10, 27), "07:30", id="the last week of summer time"),
        pytest.param(date(2027, 11, 3), "08:30", id="winter time again, after the clock went back"),
    ],
)
def test_half_past_nine_stays_half_past_nine_through_summer_time(on: date, utc: str) -> None:
    (found,) = occurrences(Agenda(meetups=(meetup(),)), on, on)

    assert f"{found.starts_at:%H:%M}" == "09:30"
    assert f"{found.starts_at.astimezone(UTC):%H:%M}" == utc
    assert found.ends_at - found.starts_at == timedelta(hours=2)


@pytest.mark.parametrize(
    ("when", "start", "expected"),
    [
        pytest.param("elke dinsdag en donderdag", date(2027, 3, 1), ["2027-03-02", "2027-03-04", "2027-03-09", "2027-03-11", "2027-03-16", "2027-03-18", "2027-03-23", "2027-03-25", "2027-03-30"], id="two days a week"),
        pytest.param("om de week op woensdag", date(2027, 2, 24), ["2027-03-10", "2027-03-24"], id="every other week, counted from the start"),
        pytest.param("om de week op woensdag", date(2027, 3, 1), ["2027-03-03", "2027-03-17", "2027-03-31"], id="from the week of a start on another weekday"),
        pytest.param("om de week op dinsdag en zondag", date(2027, 2, 25), ["2027-03-09", "2027-03-14", "2027-03-23", "2027-03-28"], id="a week begins on Monday"),
        pytest.param("eerste en laatste woensdag", date(2027, 1, 1), ["2027-03-03", "2027-03-31"], id="first and last"),
        pytest.param("vijfde woensdag", date(2027, 1, 1), ["2027-03-31"], id="a fifth Wednesday"),
    ],
)  # fmt: skip
def test_a_rule_gives_its_days(when: str, start: date, expected: list[str]) -> None:
    assert days(meetup(when, start), date(2027, 3, 1), date(2027, 3, 31)) == expected


def test_a_month_without_a_fifth_wednesday_has_no_meeting() -> None:
    assert days(meetup("vijfde woensdag"), date(2027, 2, 1), date(2027, 2, 28)) == []


def test_a_meeting_on_the_29th_of_february_is_there_in_a_leap_year() -> None:
    assert days(meetup("elke dinsdag"), date(2028, 2, 28), date(2028, 3, 1)) == ["2028-02-29"]
    assert days(meetup("dates", dates=[date(2028, 2, 29)]), date(2028, 1, 1), date(2028, 12, 31)) == ["2028-02-29"]


def test_school_holidays_of_the_region_are_skipped() -> None:
    series = meetup(skip=("school holidays",))

    found = days(series, date(2026, 12, 14), date(2027, 1, 10))

    assert found == ["2026-12-16", "2027-01-06"]
    south = Agenda(meetups=(series,), school_region="Zuid")
    february = date(2027, 2, 15), date(2027, 2, 28)
    assert [meeting.on.day for meeting in occurrences(south, *february)] == [24]
    assert days(series, *february) == ["2027-02-17"]


def test_public_holidays_are_skipped_but_good_friday_and_liberation_day_are_the_coordinators() -> None:
    series = meetup("elke dag", skip=("public holidays",))

    found = days(series, date(2027, 3, 25), date(2027, 3, 30))

    assert found == ["2027-03-25", "2027-03-26", "2027-03-27", "2027-03-30"]
    assert days(series, date(2027, 5, 5), date(2027, 5, 7)) == ["2027-05-05", "2027-05-07"]


def test_a_series_has_no_meeting_before_its_start_nor_after_its_end(agenda: Agenda) -> None:
    assert occurrences(agenda, date(2026, 8, 1), date(2026, 9, 1)) == []
    assert occurrences(agenda, date(2027, 7, 1), date(2028, 9, 1)) == []


def test_what_the_file_says_of_single_dates_is_laid_over_them(agenda: Agenda) -> None:
    themed, cancelled, moved = occurrences(agenda, date(2026, 12, 1), date(2026, 12, 31))

    assert (themed.status, themed.theme) == ("planned", {"nl": "Zingen", "en": "Singing"})
    assert (cancelled.status, cancelled.reason) == (
        "cancelled",
        {"nl": "De kantine is dicht.", "en": "The canteen is closed."},
    )
    assert (moved.uid, moved.status, moved.place) == ("koffie@2026-12-16", "moved", "school")
    assert f"{moved.starts_at:%d %H:%M} {moved.ends_at:%H:%M} {moved.was_at:%d %H:%M}" == "17 10:00 11:30 16 09:30"


def test_a_moved_meeting_is_found_on_its_new_day_only(agenda: Agenda) -> None:
    assert occurrences(agenda, date(2026, 12, 16), date(2026, 12, 16)) == []
    assert [found.on.day for found in occurrences(agenda, date(2026, 12, 17), date(2026, 12, 17))] == [16]


def change(kind: str, on: date = date(2026, 11, 25), minutes: int = 0, **more: object) -> Change:
    return Change("koffie", on, kind, MADE_AT + timedelta(minutes=minutes), **more)  # type: ignore[arg-type]


TO_THURSDAY = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "status", "starts"),
    [
        pytest.param([change("cancelled", reason=TEXT)], "cancelled", "25 09:30", id="cancelled"),
        pytest.param([change("cancelled"), change("restored", minutes=1)], "planned", "25 09:30", id="taken back"),
        pytest.param([change("cancelled", minutes=1), change("restored")], "planned", "25 09:30", id="in the order made, also when the clock was set back"),
        pytest.param([change("moved", starts_at=TO_THURSDAY)], "moved", "26 14:00", id="moved, as long as before"),
        pytest.param([change("moved", place="school")], "moved", "25 09:30", id="moved to another place only"),
        pytest.param([change("moved", starts_at=TO_THURSDAY), change("restored", minutes=1)], "planned", "25 09:30", id="a move taken back"),
        pytest.param([change("moved", starts_at=TO_THURSDAY), change("cancelled", minutes=1)], "cancelled", "26 14:00", id="moved, then cancelled"),
        pytest.param([change("moved", starts_at=TO_THURSDAY), change("cancelled", minutes=1), change("restored", minutes=2)], "moved", "26 14:00", id="only the cancellation is taken back"),
        pytest.param([change("cancelled"), change("moved", minutes=1, starts_at=TO_THURSDAY)], "moved", "26 14:00", id="cancelled, then held on another day"),
        pytest.param([change("moved", starts_at=TO_THURSDAY), change("moved", minutes=1, starts_at=TO_THURSDAY + timedelta(hours=1))], "moved", "26 15:00", id="moved twice: the newest counts"),
    ],
)  # fmt: skip
def test_changes_by_phone_are_laid_over_the_files(
    agenda: Agenda, changes: list[Change], status: str, starts: str
) -> None:
    (found,) = occurrences(agenda, date(2026, 11, 23), date(2026, 11, 29), changes)

    assert (found.status, f"{found.starts_at:%d %H:%M}") == (status, starts)
    assert found.ends_at - found.starts_at == timedelta(hours=2)
    assert find(agenda, "koffie@2026-11-25", changes) == found


def test_a_phone_takes_back_what_the_file_cancelled_or_moved(agenda: Agenda) -> None:
    cancelled, moved = date(2026, 12, 9), date(2026, 12, 16)

    found = occurrences(agenda, cancelled, moved, [change("restored", cancelled), change("restored", moved)])

    assert [(each.status, each.on, each.starts_at.date(), each.reason) for each in found] == [
        ("planned", cancelled, cancelled, None),
        ("planned", moved, moved, None),
    ]


def test_a_theme_by_phone_replaces_the_one_in_the_file_and_stays_when_the_meeting_moves(agenda: Agenda) -> None:
    on = date(2026, 12, 2)
    themed = change("theme", on, theme={"nl": "Slapen", "en": "Sleep"})

    found = find(
        agenda, "koffie@2026-12-02", [themed, change("moved", on, 1, starts_at=datetime(2026, 12, 3, 9, tzinfo=UTC))]
    )

    assert found is not None
    assert (found.theme, found.status, found.place) == ({"nl": "Slapen", "en": "Sleep"}, "moved", "kantine")


def test_a_change_of_a_day_without_a_meeting_changes_nothing(agenda: Agenda) -> None:
    changes = [change("moved", date(2026, 11, 24), starts_at=TO_THURSDAY), change("cancelled", date(2026, 11, 24))]

    assert [found.on.day for found in occurrences(agenda, date(2026, 11, 22), date(2026, 11, 28), changes)] == [25]


@pytest.mark.parametrize(
    "uid", ["koffie@2026-11-26", "thee@2026-11-25", "koffie", "koffie@morgen", "koffie@2026-12-23", ""]
)
def test_a_uid_of_no_meeting_finds_nothing(agenda: Agenda, uid: str) -> None:
    assert find(agenda, uid) is None


WHEN = st.sampled_from(
    ["elke woensdag", "om de week op dinsdag", "1e en 3e dinsdag", "laatste vrijdag van de maand", "elke dag"]
)
DAY = st.dates(date(2026, 9, 1), date(2028, 12, 31))
MOVES = st.lists(st.tuples(DAY, DAY), max_size=8)


@given(when=WHEN, skips=st.booleans(), moves=MOVES, three=st.tuples(DAY, DAY, DAY))
@example(
    when="elke dag",
    skips=False,
    moves=[(date(2026, 9, 2), date(2026, 10, 1)), (date(2027, 1, 1), date(2026, 10, 1))],
    three=(date(2026, 9, 1), date(2026, 9, 2), date(2027, 1, 1)),
)
def test_two_windows_side_by_side_hold_what_one_window_holds(
    when: str, skips: bool, moves: list[tuple[date, date]], three: tuple[date, date, date]
) -> None:
    a, b, c = sorted(three)
    agenda = Agenda(meetups=(meetup(when, skip=("school holidays", "public holidays") if skips else ()),))
    told = [change("moved", on, starts_at=datetime.combine(to, time(23, 30), UTC)) for on, to in moves]

    both = occurrences(agenda, a, b, told) + occurrences(agenda, b + timedelta(days=1), c, told)

    assert both == occurrences(agenda, a, c, told)


def test_fifty_series_for_a_year_take_well_under_a_second() -> None:
    series = tuple(
        meetup(skip=("school holidays", "public holidays")).model_copy(update={"id": f"koffie-{number}"})
        for number in range(50)
    )
    started = thread_time()

    found = occurrences(Agenda(meetups=series), date(2026, 9, 1), date(2027, 8, 31))

    assert len(found) > 1500
    assert thread_time() - started < 1


def test_meetings_stand_in_the_order_in_which_they_begin(agenda: Agenda) -> None:
    later = replace(agenda, meetups=(meetup("elke dag").model_copy(update={"id": "a"}), *agenda.meetups))

    found = occurrences(later, date(2026, 12, 14), date(2026, 12, 20))

    assert [meeting.starts_at for meeting in found] == sorted(meeting.starts_at for meeting in found)
