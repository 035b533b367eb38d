"""The clock of the machine is set: forward by years, back by an hour. Parents are answered, told once, and not erased."""

from __future__ import annotations

YEARS_S = 3 * 365 * 86_400
TEAM = -100123
"""The chat of the team, in ``tests/agenda/files.py``."""


def test_the_clock_goes_forward_for_years_and_back_an_hour(town, telegram):
    telegram.world.chats[TEAM] = "supergroup"
    town.switch_on("haste")
    program = town.start().wait_until_it_receives()
    first = town.announce()
    town.wait_for(first)
    town.wait_for(town.ask("/start"))
    known = town.rows("SELECT chat_id FROM parents ORDER BY chat_id")
    everybody = [*first]

    for seconds, fault in (
        (YEARS_S, "clock forward three years"),
        (86_400, "clock a day ahead"),
        (82_800, "clock back an hour"),
        (0, "clock right again"),
    ):
        town.switch_on("clock", seconds)
        told, asked = town.announce(ahead_s=seconds), town.ask("hij wordt steeds wakker vannacht", count=2)
        town.is_back(fault, [*told, *asked])
        everybody += [*told, *asked]

        if seconds == YEARS_S:
            telegram.wait_until(lambda: telegram.sent(TEAM), "the team to hear of the clock")
    telegram.wait_until(lambda: "✅" in telegram.sent(TEAM)[-1]["text"], "the team to hear that it is right")
    assert known
    assert set(known) <= set(town.rows("SELECT chat_id FROM parents"))

    town.switch_on("clock", -3_600)
    early = town.announce()
    asked = town.ask(count=2)
    town.wait_for(asked)
    assert town.heard(early) == [0, 0]
    town.switch_off("clock")
    town.is_back("clock an hour behind, and right again", early)

    program.end()
    town.start().wait_until_it_receives()
    town.wait_for(town.ask())
    town.wait_until_noted()
    assert set(town.heard([*everybody, *asked, *early])) == {1}
