"""How an error is named in the log, without a word of a parent."""

from __future__ import annotations

import traceback
from pathlib import Path


def place(error: BaseException) -> str:
    """Return an error's type and where it was raised: ``ValueError at rendering.py:41``.

    Never its message, which may hold what a parent wrote, or the token.
    """
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    own = [frame for frame in frames if "/bot/" in Path(frame.filename).as_posix()]
    frame = (own or frames)[-1]
    return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
