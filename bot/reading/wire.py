"""What goes over the socket between the two processes: a length in four bytes, and so many bytes of pickle.

Both ends are the same program, forked; nobody else can write there.
"""

from __future__ import annotations

import pickle
import struct
from typing import Any

LENGTH = struct.Struct("!I")


def packed(value: object) -> bytes:
    """Return a value as it goes over the socket."""
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(body)) + body


def unpacked(body: bytes) -> Any:
    """Return the value that came, its length taken off."""
    return pickle.loads(body)  # noqa: S301 - written by this very program
