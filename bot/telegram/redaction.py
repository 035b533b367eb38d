"""Keeps the bot's token out of every log: it stands in the address of every call to Telegram."""

from __future__ import annotations

import logging
import re

TOKEN = re.compile(r"(?<!\d)\d{3,}(?::|%3A)[A-Za-z0-9_-]{16,}", re.IGNORECASE)
"""What a token looks like, for one that is not known here."""
HIDDEN = "[token]"
QUIET = ("httpx", "httpcore", "telegram", "aiosqlite", "sqlalchemy", "apscheduler")
"""Libraries that log whole addresses, updates or rows below the level of a warning."""


class Redaction(logging.Filter):
    """Replaces the token, and everything that looks like one, in message and traceback."""

    def __init__(self, *secrets: str) -> None:
        super().__init__()
        parts = {part for secret in secrets for part in (secret, secret.partition(":")[2]) if len(part) > 3}
        known = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True))
        self._pattern = re.compile(f"{known}|{TOKEN.pattern}" if known else TOKEN.pattern, re.IGNORECASE)

    def hide(self, text: str) -> str:
        """Return the text without tokens."""
        return self._pattern.sub(HIDDEN, text)

    def filter(self, record: logging.LogRecord) -> bool:
        """Hide tokens in the record; let it pass."""
        record.msg, record.args = self.hide(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.hide(record.exc_text)
        if record.stack_info:
            record.stack_info = self.hide(record.stack_info)
        return True


def install_redaction(*secrets: str) -> None:
    """Hide these secrets in everything that is logged from now on, and hush the libraries that log addresses.

    Call it after logging is set up: it filters the handlers that are there.
    """
    redaction = Redaction(*filter(None, secrets))
    for handler in [*logging.getLogger().handlers, *filter(None, [logging.lastResort])]:
        handler.addFilter(redaction)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
