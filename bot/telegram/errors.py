"""What ends the service on Telegram, and how an error is named in the log without a word of a parent."""

from __future__ import annotations

from bot.errors import place

__all__ = ["TelegramFailure", "place"]


class TelegramFailure(Exception):  # noqa: N818
    """Telegram cannot be served; the message is one sentence for whoever runs the bot."""
