"""Checks curated files beside a bot that serves, in a process that is gone afterwards.

In a thread, replies would take turns with it, and the 65 MB that reading leaves behind in memory would stay.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE

from bot.knowledge.check import check
from bot.knowledge.mistakes import Mistake

LONGEST_S = 60.0
"""How long it may take; the files that come along take a second."""


async def checked(folder: Path) -> list[Mistake] | None:
    """Return the mistakes in ``folder``; None when that takes a minute, or the process cannot be made or is killed."""
    try:
        # In a group of its own: Ctrl-C is for the bot, which ends it.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, folder, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, process_group=0
        )
    except OSError:
        return None
    try:
        async with asyncio.timeout(LONGEST_S):
            found, _ = await process.communicate()
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        return None
    mistakes: list[Mistake] = pickle.loads(found)  # noqa: S301 - written by this very program
    return mistakes


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(check(Path(sys.argv[1]))[1]))
