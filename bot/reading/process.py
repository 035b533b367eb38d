"""The process in which messages are read, as the event loop sees it: asked in order, and gone when it is gone.

Forked once, before there is any thread or event loop: of a process with threads a fork takes the locks along and not
those who would let go of them.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections import deque
from collections.abc import Callable
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

from bot.forking import ProcessEndedError, exit_code, forked, how_it_ended
from bot.matching.decision import Decision
from bot.matching.fitted import Progress
from bot.matching.follow_up import Earlier, FollowUp
from bot.matching.reader import Reader
from bot.model import Parent
from bot.reading import child
from bot.reading.errors import EndedByMessageError
from bot.reading.wire import LENGTH, packed, unpacked

Asked = ParamSpec("Asked")
Found = TypeVar("Found")

LONGEST_S = 30.0
"""How long one message may take to read; of a hundred thousand hostile ones none took 0.2 s."""

AGAIN = "start the bot again, and who waits for a reply gets it then."
"""What is to be done; a service manager does it by itself."""


class InProcess:
    """A reader in a process of its own. Whoever waits for what it read when it ends waits on, until they are cancelled:
    their messages are answered by the next start. Only of the message that was read then ``EndedByMessageError`` is
    raised.
    """

    def __init__(self, pid: int, here: socket.socket) -> None:
        self.pid = pid
        self.version = ""
        self._here = here
        self._writer: asyncio.StreamWriter | None = None
        self._receiving: asyncio.Task[None] | None = None
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._late: asyncio.TimerHandle | None = None
        self._lost: asyncio.Future[str] | None = None
        self._is_over = False
        self._code: int | None = None

    @classmethod
    def fork(cls, make: child.Make) -> InProcess:
        """Return a process that begins to make its reader, while this one goes on. ``make`` is given whom to tell how
        far it is.
        """
        here, there = socket.socketpair()
        pid = forked()
        if pid == 0:
            here.close()
            child.live(there, make)
        there.close()
        return cls(pid, here)

    async def ready(self, progress: Progress) -> None:
        """Wait until it can read; meanwhile ``progress`` is told how far it is.

        Raises ``ProcessEndedError`` when it ended before, and ``ValueError`` or ``OSError`` when its reader could not
        be made.
        """
        self._lost = asyncio.get_running_loop().create_future()
        reader, self._writer = await asyncio.open_connection(sock=self._here)
        try:
            while isinstance(told := await _received(reader), tuple):
                progress(*told)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise ProcessEndedError(self._how_it_ended()) from None
        if isinstance(told, Exception):
            raise told
        self.version = told
        self._receiving = asyncio.create_task(self._receive(reader))

    async def decided(self, text: str, parent: Parent, earlier: Earlier) -> Decision:
        """Return the decision on a message. Raises ``UnreadError`` when it cannot be read."""
        return await self._asked(Reader.decided, text, parent, earlier)

    async def followed_up(self, text: str, alone: Decision, earlier: Earlier) -> FollowUp | None:
        """Return what a message asks of the answer before it, or None when it stands by itself.

        Raises ``UnreadError`` when it cannot be read.
        """
        return await self._asked(Reader.followed_up, text, alone, earlier)

    async def lost(self) -> NoReturn:
        """Wait until nothing can be read any more. Raises ``ProcessEndedError`` then, and returns never."""
        assert self._lost is not None, "it was not ready"  # noqa: S101
        raise ProcessEndedError(await asyncio.shield(self._lost))

    def close(self) -> None:
        """End the process, and forget who still waits."""
        self._is_over = True
        if self._receiving:
            self._receiving.cancel()
        if self._late:
            self._late.cancel()
        if self._writer:
            self._writer.transport.abort()
        else:
            self._here.close()
        self._kill()

    async def _asked(
        self, read: Callable[Concatenate[Reader, Asked], Found], /, *arguments: Asked.args, **_: Asked.kwargs
    ) -> Found:
        assert self._writer is not None, "it was not ready"  # noqa: S101
        found: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        if not self._is_over:
            self._waiting.append(found)
            self._writer.write(packed((read, arguments)))
            if len(self._waiting) == 1:
                self._watch()
        return await found

    async def _receive(self, reader: asyncio.StreamReader) -> None:
        """Hand what was read to whoever asked for it, in the order in which they asked."""
        try:
            while True:
                found = await _received(reader)
                asked = self._waiting.popleft()
                self._watch()
                if asked.done():
                    # Whoever asked went away meanwhile.
                    continue
                if isinstance(found, Exception):
                    asked.set_exception(found)
                else:
                    asked.set_result(found)
        except (asyncio.IncompleteReadError, ConnectionError):
            self._lose(self._how_it_ended())

    def _watch(self) -> None:
        """Count the time from here for the message that is read now, if there is one."""
        if self._late:
            self._late.cancel()
        self._late = asyncio.get_running_loop().call_later(LONGEST_S, self._give_up) if self._waiting else None

    def _give_up(self) -> None:
        self._kill()
        self._lose(f"One message took more than {LONGEST_S:.0f} seconds to read, and nothing is read any more; {AGAIN}")

    def _lose(self, why: str) -> None:
        self._is_over = True
        if self._late:
            self._late.cancel()
        if self._waiting and not self._waiting[0].done():
            self._waiting[0].set_exception(EndedByMessageError())
        if self._lost and not self._lost.done():
            self._lost.set_result(why)

    def _how_it_ended(self) -> str:
        return f"The process that reads messages {how_it_ended(self._kill())}; {AGAIN}"

    def _kill(self) -> int:
        """End the process if it has not ended; return its exit code, or minus the number of the signal."""
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)
            self._code = exit_code(self.pid)
        return self._code


async def _received(reader: asyncio.StreamReader) -> Any:
    (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
    return unpacked(await reader.readexactly(length))
