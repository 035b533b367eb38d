"""How many examples a test makes up: few in ``make test``, which everybody waits for, and many in ``make fuzz``."""

from __future__ import annotations

import os

TIMES = 20 if "FUZZ" in os.environ else 1


def examples(few: int) -> int:
    """Return ``few``, or twenty times as many under ``make fuzz``."""
    return few * TIMES
