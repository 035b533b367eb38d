"""Asked to stop in the midst of much: what is begun is finished, it is gone in time, and nobody is missed or told twice."""

from __future__ import annotations

import time

from tests.faults.conftest import ALL

COUNT = 300 if ALL else 60
"""Who asks at once; 300 are more than can be answered before it must be gone."""


def test_asked_to_stop_under_load_nobody_is_missed_and_nobody_hears_twice(town, telegram):
    telegram.latency_s = 0.2
    town.switch_on("haste")
    program = town.start().wait_until_it_receives()
    told, asked = town.announce(COUNT // 2), town.ask(count=COUNT)
    telegram.wait_until(lambda: sum(town.heard(asked)) >= 5, "the first replies", 30)

    begun = time.monotonic()
    program.process.terminate()
    assert not all(town.heard([*asked, *told]))
    assert program.wait(15) == 0
    took = time.monotonic() - begun

    assert took < 10
    town.start().wait_until_it_receives()
    town.wait_for([*asked, *told], 60)
    town.wait_until_noted()
    assert set(town.heard([*asked, *told])) == {1}
