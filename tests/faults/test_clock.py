"""The clock of the machine is set: forward by a day, back by an hour. Parents are answered, and told once."""

from __future__ import annotations


def test_the_clock_goes_forward_a_day_and_back_an_hour(town, telegram):
    town.switch_on("haste")
    program = town.start().wait_until_it_receives()
    first = town.announce()
    town.wait_for(first)
    everybody = [*first]

    for seconds, fault in ((86_400, "clock forward a day"), (82_800, "clock back an hour"), (0, "clock right again")):
        town.switch_on("clock", seconds)
        told, asked = town.announce(ahead_s=seconds), town.ask("hij wordt steeds wakker vannacht", count=2)
        town.is_back(fault, [*told, *asked])
        everybody += [*told, *asked]

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
