"""The team is told once, again when it changed or stays, and when it is over; restarts and second programs included."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.alerts.alert import Alert
from bot.alerts.telling import Telling
from bot.store.database import Store, StoreError
from tests.reminders.conftest import ZONE, local
from tests.store import conftest as both_databases

backend, store, url = both_databases.backend, both_databases.store, both_databases.url

OVER = "✅ The bed is made."


def broken(key: str = "bed", **more: object) -> Alert:
    return Alert(key, "The bed is broken.", "Mend it.", "The bed is made.", **more)


class Team:
    """The chat of the team, which may be out of reach, and the program that tells it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.heard: list[str] = []
        self.is_reachable = True
        self.dies = ""
        self.telling = Telling(store, self._tell, ZONE)

    async def _tell(self, text: str) -> bool:
        if self.dies == "before":
            raise KilledError
        if self.is_reachable:
            self.heard.append(text)
        if self.dies:
            raise KilledError
        return self.is_reachable

    async def at(self, wall: str, *found: Alert, source: str = "bed", **more: object) -> list[str]:
        """Let it be this time, with these alerts; return what the team hears."""
        before = len(self.heard)
        self.telling.hold(source, found, **more)
        await self.telling.look(local(wall))
        return self.heard[before:]


class KilledError(BaseException):
    """Stands in for the end of a program."""


@pytest.fixture
def team(store):
    return Team(store)


async def test_an_alert_is_told_once_with_its_remedy_and_when_it_is_over_for_good(team):
    assert await team.at("2027-03-31 10:00", broken()) == ["⚠️ The bed is broken. Mend it."]
    assert await team.at("2027-03-31 10:01", broken()) == []

    assert await team.at("2027-03-31 10:02") == []
    assert await team.at("2027-03-31 10:31") == []
    assert await team.at("2027-03-31 10:32") == [OVER]
    assert await team.at("2027-03-31 10:40") == []
    assert await team.at("2027-03-31 10:41", broken()) == ["⚠️ The bed is broken. Mend it."]


async def test_what_comes_and_goes_is_neither_told_anew_nor_called_over(team):
    await team.at("2027-03-31 10:00", broken())

    for minute in range(1, 60):
        assert await team.at(f"2027-03-31 10:{minute:02}", *[broken()] * (minute % 2)) == []


async def test_what_is_mended_by_hand_is_over_at_once(team):
    await team.at("2027-03-31 10:00", broken(), settled_after=timedelta(0))

    assert await team.at("2027-03-31 10:01", settled_after=timedelta(0)) == [OVER]


async def test_another_mark_is_told_at_once_and_other_figures_are_not(team):
    await team.at("2027-03-31 10:00", broken(values={"legs": 1}))

    assert await team.at("2027-03-31 10:01", broken(values={"legs": 2})) == []
    assert len(await team.at("2027-03-31 10:02", broken(mark="two legs"))) == 1


@pytest.mark.parametrize(("can_wait", "silent_until", "told_at"), [
    pytest.param(False, "2027-04-01 09:59", "2027-04-01 10:00", id="what cannot wait, a day later"),
    pytest.param(True, "2027-04-07 09:59", "2027-04-07 10:00", id="what can wait, a week later"),
])  # fmt: skip
async def test_what_stays_is_told_again(team, can_wait, silent_until, told_at):
    stays = broken(can_wait=can_wait)
    await team.at("2027-03-31 10:00", stays)

    assert await team.at(silent_until, stays) == []
    assert len(await team.at(told_at, stays)) == 1


async def test_at_night_only_what_cannot_wait_is_told(team):
    assert await team.at("2027-03-31 23:00", broken(can_wait=True)) == []
    assert len(await team.at("2027-03-31 23:01", broken("roof"), source="roof")) == 1

    assert len(await team.at("2027-04-01 09:00", broken(can_wait=True))) == 1
    assert await team.at("2027-04-01 23:05", broken("roof"), source="roof") == []


async def test_a_restart_repeats_nothing_and_still_tells_that_it_is_over(team):
    await team.at("2027-03-31 10:00", broken(), broken("bed:legs"))

    again = Team(team.store)

    assert await again.at("2027-03-31 10:05", broken(), broken("bed:legs")) == []
    await again.at("2027-03-31 10:06", broken())
    assert await again.at("2027-03-31 10:40", broken()) == [OVER]


async def test_of_two_programs_that_see_the_same_one_tells(team):
    other = Team(team.store)
    for one in (team, other):
        one.telling.hold("bed", [broken()])
    known = [await one.telling._told("bed") for one in (team, other)]

    for one, before in zip((team, other), known, strict=True):
        await one.telling._tell_first(broken(), before.get("bed"), local("2027-03-31 10:00"))

    assert len(team.heard + other.heard) == 1


async def test_what_did_not_get_through_is_told_later(team):
    team.is_reachable = False
    assert await team.at("2027-03-31 10:00", broken()) == []

    team.is_reachable = True
    assert len(await team.at("2027-03-31 10:01", broken())) == 1
    await team.at("2027-03-31 10:02")
    team.is_reachable = False
    assert await team.at("2027-03-31 10:40") == []

    team.is_reachable = True
    assert await team.at("2027-03-31 10:41") == [OVER]


async def test_a_clock_that_was_a_year_ahead_does_not_silence_it_for_a_year(team):
    await team.at("2028-03-31 10:00", broken())

    assert len(await team.at("2027-03-31 10:00", broken())) == 1


@pytest.mark.parametrize("was_out", [
    pytest.param(False, id="before it was out"), pytest.param(True, id="after it was out, and before that was noted"),
])  # fmt: skip
async def test_what_a_program_was_telling_when_it_was_killed_is_told_by_the_next_one(team, store, was_out):
    team.dies = "after" if was_out else "before"
    with pytest.raises(KilledError):
        await team.at("2027-03-31 10:00", broken())

    started_again = Team(store)

    assert len(team.heard) == was_out
    assert await started_again.at("2027-03-31 10:01", broken()) == []
    assert await started_again.at("2027-03-31 10:02", broken()) == ["⚠️ The bed is broken. Mend it."]
    assert await started_again.at("2027-03-31 10:05", broken()) == []


async def test_that_it_is_over_is_told_by_the_next_program_too(team, store):
    await team.at("2027-03-31 10:00", broken())
    await team.at("2027-03-31 10:01")
    team.dies = "before"
    with pytest.raises(KilledError):
        await team.at("2027-03-31 10:31")

    started_again = Team(store)

    assert await started_again.at("2027-03-31 10:32") == []
    assert await started_again.at("2027-03-31 10:33") == [OVER]
    assert await started_again.at("2027-03-31 10:40") == []


async def test_another_source_is_left_alone(team):
    await team.at("2027-03-31 10:00", broken("bedding"), source="bedding")

    await team.at("2027-03-31 10:01", source="bed")
    assert await team.at("2027-03-31 11:00", source="bed") == []


async def test_who_leaves_a_source_to_another_program_does_not_call_it_over(team):
    await team.at("2027-03-31 10:00", broken())

    team.telling.keep_only(())
    await team.telling.look(local("2027-03-31 10:40"))
    await team.telling.look(local("2027-03-31 11:40"))

    assert len(team.heard) == 1


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_while_the_store_is_away_it_is_told_once_and_kept_afterwards(team, monkeypatch):
    def away(*_):
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(team.store, "writing", away)
        assert len(await team.at("2027-03-31 10:00", broken())) == 1
        patched.setattr(team.store, "reading", away)
        assert await team.at("2027-03-31 10:01", broken()) == []

    assert await team.at("2027-03-31 10:02", broken()) == []
    again = Team(team.store)
    assert await again.at("2027-03-31 10:03", broken()) == []
    await again.at("2027-03-31 10:04")
    assert await again.at("2027-03-31 10:40") == [OVER]


async def test_the_log_names_it_without_the_lines_of_a_file(team, caplog):
    await team.at("2027-03-31 10:00", Alert("bed", "Broken:\n{lines}", "Mend it.", "Well.", {"lines": "-100123 leg"}))

    assert "Broken: Mend it." in caplog.text
    assert "leg" not in caplog.text
