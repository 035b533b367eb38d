"""Work in a process of its own: the same result, also when that process dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from bot.matching.beside import ALONE, Beside
from tests.conftest import ROOT
from tests.forked import goes

MANY = ALONE + 1


def doubled(number: int) -> int:
    return 2 * number


def killed_elsewhere(home: int) -> str:
    if os.getpid() != home:
        os._exit(9)
    return "done here"


def test_what_is_done_beside_comes_back():
    assert Beside(MANY, doubled, 21).result() == 42


def test_work_whose_process_was_killed_is_done_here():
    assert Beside(MANY, killed_elsewhere, os.getpid()).result() == "done here"


def test_what_takes_a_moment_is_done_here():
    assert Beside(ALONE, os.getpid).result() == os.getpid()
    assert Beside(MANY, os.getpid).result() != os.getpid()


def test_it_does_not_outlive_whoever_asked():
    asking = (
        "from time import sleep; from bot.matching.beside import Beside\n"
        "print(Beside(10**6, sleep, 60)._process.pid, flush=True); sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", asking], cwd=ROOT, stdout=subprocess.PIPE) as whoever_asked:
        working = int(whoever_asked.stdout.readline())
        whoever_asked.send_signal(signal.SIGKILL)

    assert goes(working)
