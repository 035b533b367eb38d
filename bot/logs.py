"""How the log looks: a line to read in a terminal, and else a JSON object a line, for a machine to sort.

The log tells what happened to the bot. Never what a parent wrote, who they are, or a secret.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

READABLE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class JsonLines(logging.Formatter):
    """A record as one JSON object on one line: ``time`` (UTC), ``level``, ``logger``, ``message``, ``error``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. What a filter put in place of a secret stays in place."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        error = record.exc_text or (self.formatException(record.exc_info) if record.exc_info else None)
        if error:
            line["error"] = error
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str) -> None:
    """Log to standard error from this level on; nothing when logging was set up before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(READABLE) if sys.stderr.isatty() else JsonLines())
    logging.basicConfig(level=level, handlers=[handler])


def is_for_a_machine() -> bool:
    """Tell whether there is a log, and a machine reads it."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers)
