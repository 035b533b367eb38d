"""When this program may be forked, and work that is done in a fork for the sake of the memory it leaves behind."""

from __future__ import annotations

import logging
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn, TypeVar

log = logging.getLogger(__name__)

Found = TypeVar("Found")


class ProcessEndedError(Exception):
    """A process that this one cannot go on without has ended; the message says how, and what to do."""


def can_be_forked() -> bool:
    """Tell whether this program may be forked now.

    Of a process with threads a fork takes the locks along, and not those who would let go of them; on systems other
    than Linux libraries may have threads of their own.
    """
    return sys.platform == "linux" and threading.active_count() == 1


def in_passing(work: Callable[[], Found]) -> Found:
    """Return what ``work`` returns, or raise what it raises, done in a process that is gone afterwards.

    What it took and gave back again would otherwise stay with this process, in pieces. What goes between them is
    pickled. Raises ``ProcessEndedError`` when that process was killed.
    """
    source, target = os.pipe()
    pid = forked()
    if pid == 0:
        os.close(source)
        _hand_over(target, work)
    os.close(target)
    with os.fdopen(source, "rb") as pipe:
        body = pipe.read()
    code = exit_code(pid)
    if code:
        raise ProcessEndedError(f"A process that prepares the start {how_it_ended(code)}; start the bot again.")
    found: Found | Exception = pickle.loads(body)  # noqa: S301 - written by this very program
    if isinstance(found, Exception):
        raise found
    return found


def forked() -> int:
    """Fork; return 0 in the new process, and its number in this one."""
    for stream in (sys.stdout, sys.stderr):
        # What waits to be written would be written by both.
        stream.flush()
    return os.fork()


def exit_code(pid: int) -> int:
    """Wait for the end of a process that was forked; return its code, or minus the number of the signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def how_it_ended(code: int) -> str:
    """Return an exit code in words, to follow the name of the process."""
    if code == -signal.SIGKILL:
        return f"was killed by signal {-code}, for want of memory perhaps"
    return f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"


def _hand_over(target: int, work: Callable[[], object]) -> NoReturn:
    code = 1
    try:
        found: object
        try:
            found = work()
        except Exception as error:
            found = error
        with os.fdopen(target, "wb") as pipe:
            pipe.write(pickle.dumps(found, pickle.HIGHEST_PROTOCOL))
        code = 0
    except BrokenPipeError:
        # Nobody waits for it any more.
        pass
    except Exception:
        log.exception("What a start is prepared with cannot be handed over.")
    finally:
        os._exit(code)
