"""Asked to stop while something else is wrong: gone in time, and nobody is missed. Only for ``make faults``: it waits long."""

from __future__ import annotations

import time
from contextlib import nullcontext

import pytest

from tests.fake_telegram import Failure


@pytest.mark.parametrize("trouble", ["the database is held", "Telegram never answers"])
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
