"""Programs that start at once: each is forked from a process in which everything was imported and used once.

What runs is ``minidorp`` as anybody starts it, in a process of its own that can be stopped and killed; only the seconds
of importing are saved. That it starts from nothing too is seen in ``tests/end_to_end/test_polling.py``.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SOON_S = 5
"""How long a process that is to end may take."""


class Forked:
    """A process with the words that ``subprocess.Popen`` has for one."""

    def __init__(self, process: Any) -> None:
        self._process = process
        self.pid: int = process.pid

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout_s: float | None = None) -> int:
        """Wait for the end; return the exit code."""
        self._process.join(timeout_s)
        if self._process.exitcode is None:
            raise TimeoutError(f"process {self.pid} still runs after {timeout_s} seconds")
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def start(words: Sequence[str], environment: Mapping[str, str], output: Path, folder: Path = ROOT) -> Forked:
    """Start ``minidorp`` with these words, this environment and nothing of ours, in ``folder``."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["tests.faults.warm"])
    process = forks.Process(target=_run, args=(list(words), dict(environment), output, folder), daemon=True)
    process.start()
    return Forked(process)


def _run(words: list[str], environment: dict[str, str], output: Path, folder: Path) -> None:
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(written, 1)
    os.dup2(written, 2)
    for name in [name for name in os.environ if name.startswith("MINIDORP_")]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["minidorp", *words]
    from bot.__main__ import main

    main()


def is_gone(pid: int) -> bool:
    """Tell whether nothing is left of a process but its entry in the table."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def goes(pid: int) -> bool:
    """Tell whether a process ends soon."""
    end = time.monotonic() + SOON_S
    while not is_gone(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return is_gone(pid)
