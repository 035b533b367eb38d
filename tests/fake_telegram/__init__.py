"""A Bot API server for tests: strict about Telegram's limits, and loud when a bot breaks one.

It listens on loopback in a thread of its own, so that a bot in this process or in another can use it. What
a correct bot would never do is answered as Telegram answers it, and written down in ``violations``;
``check()`` raises when there are any. The sentences and limits are those of the public Bot API server.
"""

from tests.fake_telegram.refusal import Failure, Refusal
from tests.fake_telegram.server import FakeTelegram

__all__ = ["Failure", "FakeTelegram", "Refusal"]
