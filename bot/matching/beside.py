"""Does a long piece of arithmetic in a process of its own, so that two cores work and nothing is shared.

The solver draws its random numbers from one place a process: two of them in threads would take each other's, and give
another result every time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")

ALONE = 2000
"""Rows up to which fitting takes a moment, and another process would take longer to start."""


class Beside(Generic[Result]):
    """Begins ``function(*arguments)`` in another process. Both must be such that they can be pickled.

    With few ``rows`` to work on, it is done here when the result is asked for.
    """

    def __init__(self, rows: int, function: Callable[..., Result], *arguments: Any) -> None:
        self._function, self._arguments = function, arguments
        self._process = None
        if rows <= ALONE:
            return
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe(duplex=False)
        self._process = context.Process(target=_work, args=(there, function, arguments), daemon=True)
        self._process.start()
        there.close()

    def result(self) -> Result:
        """Return what came out of it. A process that was killed, for want of memory say, has its work done here."""
        if self._process is None:
            return self._function(*self._arguments)
        with self._here:
            try:
                found: Result = self._here.recv()
            except EOFError:
                found = self._function(*self._arguments)
        self._process.join()
        return found


def _end_with_the_other() -> None:
    """End as soon as whoever asked is gone, killed say, instead of going on with the arithmetic for nobody."""
    other = multiprocessing.parent_process()
    if other:
        other.join()
        os._exit(1)


def _work(there: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Work and hand over; when whoever asked is gone meanwhile, end without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    with there, suppress(BrokenPipeError):
        there.send(function(*arguments))
