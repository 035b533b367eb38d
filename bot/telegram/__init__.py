"""Telegram in and out: receiving, rendering, sending, and the life of the bot there.

The only room that knows python-telegram-bot. It says nothing of its own: every word comes from the
conversation. It logs no message text, no names and no token.
"""

import os

# PTB gives durations as timedelta from its next version on, and warns on standard error until asked for that.
os.environ.setdefault("PTB_TIMEDELTA", "true")
