"""Asked to stop in the midst of much: what is begun is finished, it is gone in time, and nobody is missed or told twice."""

from __future__ import annotations

import time
from contextlib import nullcontext

import pytest

from tests.fake_telegram import Failure
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


@pytest.mark.parametrize("trouble", ["the database is held", "Telegram never answers"] if ALL else [])
def test_asked_to_stop_in_the_midst_of_trouble_it_is_gone_in_time_and_nobody_is_missed(town, telegram, trouble):
    town.switch_on("haste")
    program = town.start().wait_until_it_receives()
    telegram.hold()
    everybody = [*town.ask(count=3), *town.announce()]
    telegram.wait_until(lambda: telegram.held == 5, "all to be under way")

    with town.held() if trouble == "the database is held" else nullcontext():
        telegram.trouble = Failure("hang") if trouble == "Telegram never answers" else None
        begun = time.monotonic()
        program.process.terminate()
        program.wait_for_output("what is begun is finished first")
        if telegram.trouble is None:
            telegram.let_go()
        assert program.wait(20) == 0
        took = time.monotonic() - begun

    assert took < 10
    telegram.trouble = None
    telegram.let_go(carry_out=False)
    town.start().wait_until_it_receives()
    town.wait_for(everybody)
    town.wait_until_noted()
    assert set(town.heard(everybody)) <= {1, 2}
