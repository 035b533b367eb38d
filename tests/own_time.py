"""An event loop with a clock of its own: seconds that are waited for take no time, and a busy machine changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any


class OwnTime(asyncio.SelectorEventLoop):
    """Goes on to the next moment as soon as everybody waits."""

    def __init__(self) -> None:
        super().__init__()
        self._moment = 1000.0
        select = self._selector.select

        def at_once(timeout: float | None = None) -> list[Any]:
            happened = select(timeout and 0)
            if timeout and not happened:
                self._moment += timeout
            return happened

        self._selector.select = at_once

    def time(self) -> float:
        return self._moment

    def is_busy(self, seconds: float) -> None:
        """Let time pass in which nobody is served."""
        self._moment += seconds


def in_own_time(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Let a test run in such a loop."""

    @wraps(test)
    def run(*given: Any, **named: Any) -> None:
        with asyncio.Runner(loop_factory=OwnTime) as runner:
            runner.run(test(*given, **named))

    return run
