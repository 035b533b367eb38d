"""The process that reads: it learns or loads the matcher, says so, and then answers one message after another.

It ends by itself as soon as the process that forked it is gone, in whatever way, also while it learns.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import threading
from collections.abc import Callable
from typing import NoReturn

from bot.errors import place
from bot.matching.fitted import Progress
from bot.matching.reader import Reader
from bot.reading.errors import UnreadError
from bot.reading.wire import LENGTH, packed, unpacked

log = logging.getLogger(__name__)

Make = Callable[[Progress], Reader]
"""Makes the reader, and tells how far it is."""


def live(there: socket.socket, make: Make) -> NoReturn:
    """Read what comes over the socket until its other end is closed. It never returns to where it was forked."""
    code = 1
    try:
        # Who is asked to stop, asks both: the other decides when, and with it this one ends.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        threading.Thread(target=_end_with_the_other, args=(there,), daemon=True).start()
        reader = _begun(there, make)
        if reader is not None:
            _read(there, reader)
            code = 0
    except ConnectionError:
        # Whoever asked is gone, and with it everybody who could be told.
        code = 0
    finally:
        # Without a word about any other error, as it may hold words of a parent; the exit code is told.
        os._exit(code)


def _end_with_the_other(there: socket.socket) -> None:
    """Wait until the other end is closed, and end at once, whatever is being done."""
    closing = select.poll()
    closing.register(there, 0)
    closing.poll()
    os._exit(0)


def _begun(there: socket.socket, make: Make) -> Reader | None:
    """Return the reader, once it is told that it is there; None when it is told why it cannot be."""
    try:
        reader = make(lambda doing, part: there.sendall(packed((doing, part))))
    except (ValueError, OSError) as error:
        there.sendall(packed(error))
        return None
    except Exception:
        # No parent has said anything yet.
        log.exception("What is learnt from the examples cannot be made or read.")
        return None
    there.sendall(packed(reader.version))
    return reader


def _read(there: socket.socket, reader: Reader) -> None:
    """Answer what is asked, in its order, until the other end is closed.

    What went wrong with one message is told of that message alone.
    """
    stream = there.makefile("rb")
    while length := stream.read(LENGTH.size):
        read, arguments = unpacked(stream.read(*LENGTH.unpack(length)))
        try:
            found = packed(read(reader, *arguments))
        except Exception as error:
            # Only the place: its words may be a parent's.
            found = packed(UnreadError(place(error)))
        there.sendall(found)
