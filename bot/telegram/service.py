"""The life of the bot on Telegram: start, receive, stop."""

from __future__ import annotations

import asyncio
import logging
import re
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application

from bot.store.database import Store, StoreError
from bot.telegram.client import Bot
from bot.telegram.errors import TelegramFailure, place
from bot.telegram.handlers import Handlers
from bot.telegram.incoming import read
from bot.telegram.introduction import introduce
from bot.telegram.pace import LONGEST_PAUSE_S, NORMAL, Pace
from bot.telegram.polling import REFUSED, Polling
from bot.telegram.receiving import Receiver, utc_now
from bot.telegram.sending import Sender
from bot.telegram.webhook import Webhook

if TYPE_CHECKING:
    from bot.conversation.conversation import Conversation

log = logging.getLogger(__name__)

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
"""What a token looks like; anything else would end up in an address and break it."""
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram takes as the secret of a webhook."""
UNGUARDED = (
    "A webhook needs a secret, so that nobody else can write to the bot: "
    "set MINIDORP_WEBHOOK_SECRET to 1 to 256 letters, digits, _ or -."
)
BAD_WEBHOOK = "Telegram refuses to deliver to MINIDORP_WEBHOOK_URL; give it an https address that it can reach"
EMPTYING = timedelta(seconds=2.5)
"""How long, after the signal to stop, waiting messages are still begun."""
FINISHING = timedelta(seconds=2.5)
"""How long, after that, replies that are begun may take."""
CANCELLED_AGAIN_S = 0.5
"""After this what runs beside and did not end is cancelled once more."""
TIDYING_S = 60.0
"""How often old ids are forgotten and the disk is cleaned of what was erased."""
LOOKING_S = 2.0
"""How often it is looked for messages that another process left behind."""


class TelegramService:
    """Serves one bot, by polling, or by a webhook when it has an address for one.

    ``api_url`` is the root of a Bot API server. With ``webhook_url`` and ``webhook_secret`` Telegram is
    asked to deliver there; whoever listens there hands each update to :meth:`accept`.
    """

    def __init__(
        self,
        *,
        store: Store,
        conversation: Conversation,
        token: str,
        api_url: str = "https://api.telegram.org",
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        pace: Pace = NORMAL,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        if not TOKEN.fullmatch(token):
            raise TelegramFailure(REFUSED)
        if webhook_url and not SECRET.fullmatch(webhook_secret or ""):
            raise TelegramFailure(UNGUARDED)
        self._store = store
        self._conversation = conversation
        self._bot = Bot(token, api_url)
        self._application = Application.builder().bot(self._bot).updater(None).job_queue(None).build()
        self.sender = Sender(self._bot)
        handlers = Handlers(conversation, store, self.sender, clock)
        handlers.register(self._application)
        self._receiver = Receiver(store, self._handle, handlers.give_up, clock=clock)
        self._polling = Polling(self._bot, self._receiver.accept, pace=pace)
        self._webhook = Webhook(self._bot, webhook_url, webhook_secret, pace=pace) if webhook_url else None

    async def accept(self, update: object) -> None:
        """Take one update from the webhook; when this returns, it may be confirmed.

        Raises:
            StoreError: If it cannot be written down; Telegram must deliver it again.
        """
        await self._receiver.accept([update])

    def is_receiving(self) -> bool:
        """Return whether messages of parents come in at present."""
        return (self._webhook or self._polling).is_receiving()

    def heard_age_s(self) -> float | None:
        """Return how long ago Telegram last answered the question for messages; None when it never did."""
        return (self._webhook or self._polling).heard_age_s()

    def trouble(self) -> str | None:
        """Return why Telegram could not deliver lately, with what to do; None when it could, or is polled."""
        return self._webhook.trouble() if self._webhook else None

    def clock_agrees(self, now: datetime) -> bool:
        """Tell whether ``now`` is about the time at Telegram; False before it answered."""
        return self._bot.clock_agrees(now)

    def hold_back(self) -> None:
        """Begin to send nothing any more but replies."""
        self._bot.only_replies()

    def link(self) -> str | None:
        """Return the address that opens the bot in Telegram, once Telegram told its name."""
        try:
            return self._bot.link
        except RuntimeError:
            return None

    async def run(
        self,
        stop: asyncio.Event,
        beside: Sequence[Callable[[], Awaitable[object]]] = (),
        lost: Callable[[], Awaitable[NoReturn]] | None = None,
    ) -> None:
        """Serve until ``stop`` is set, and then finish what is begun, within ten seconds.

        ``beside`` is what runs as long as messages come in, and is cancelled first. ``lost`` raises when there is no
        use in going on: then replies that are on their way are finished, and what it raised is raised.

        Raises: TelegramFailure: If Telegram refuses the token or the webhook, or another program has the
        same token.
        """
        serving = asyncio.create_task(self._serve(beside))
        stopping = asyncio.create_task(stop.wait())
        losing = asyncio.ensure_future(lost()) if lost else None
        ends = {serving, stopping, *([losing] if losing else [])}
        empty, finish = EMPTYING, FINISHING
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if losing and losing.done():
                empty = timedelta(0)
            log.info("Stopping: what is begun is finished first.")
        except asyncio.CancelledError:
            empty = finish = timedelta(0)
            raise
        finally:
            stopping.cancel()
            serving.cancel()
            await asyncio.wait({serving})
            await self._finish(empty, finish)
            is_lost = losing is not None and losing.done()
            if not is_lost:
                await self._acquit()
            if losing:
                losing.cancel()
                await asyncio.wait({losing})
        if losing and is_lost:
            await losing
        if not serving.cancelled():
            await serving

    async def _serve(self, others: Sequence[Callable[[], Awaitable[object]]]) -> NoReturn:
        await self._until_answered(self._application.initialize)
        await self._take_up()
        beside = [
            asyncio.create_task(introduce(self._bot, self._conversation)),
            asyncio.create_task(self._tidy()),
            asyncio.create_task(self._take_up_left()),
            *(asyncio.ensure_future(other()) for other in others),
        ]
        try:
            await self._receive()
        finally:
            await _end(beside)

    async def _receive(self) -> NoReturn:
        if self._webhook is None:
            await self._until_answered(partial(self._bot.delete_webhook, drop_pending_updates=False))
            log.info("Receiving messages of @%s by asking Telegram for them.", self._bot.username)
            await self._polling.run()
        await self._until_answered(self._webhook.give)
        log.info("Receiving messages of @%s where Telegram delivers them.", self._bot.username)
        await self._webhook.keep()

    async def _until_answered(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call that must succeed before messages come in; say once that Telegram is away.

        Raises:
            TelegramFailure: If Telegram refuses it.
        """
        pause_s = 1.0
        while True:
            try:
                await call()
            except InvalidToken:
                raise TelegramFailure(REFUSED) from None
            except BadRequest as error:
                raise TelegramFailure(f"{BAD_WEBHOOK} ({error.message})") from None
            except RetryAfter as error:
                pause_s = max(pause_s, error._retry_after.total_seconds())
                log.warning("Telegram asks to wait %.0f s before messages are received.", pause_s)
            except TelegramError as error:
                if pause_s == 1.0:
                    log.warning("Telegram does not answer (%s); waiting until it does.", place(error))
            else:
                return
            await asyncio.sleep(pause_s)
            pause_s = min(1.5 * pause_s, LONGEST_PAUSE_S)

    async def _take_up(self) -> None:
        """Take up what was left unfinished; say once when the database cannot tell, and wait until it can."""
        is_said = False
        while True:
            try:
                await self._receiver.take_up()
            except StoreError as error:
                if not is_said:
                    log.warning("What was left unfinished cannot be read yet: %s", error)
                is_said = True
                await asyncio.sleep(1)
            else:
                return

    async def _tidy(self) -> NoReturn:
        while True:
            await asyncio.sleep(TIDYING_S)
            self._bot.forget_idle()
            try:
                await self._receiver.tidy()
            except StoreError as error:
                if not self._store.trouble:
                    log.warning("Old ids could not be forgotten yet: %s", error)

    async def _take_up_left(self) -> NoReturn:
        said = ""
        while True:
            await asyncio.sleep(LOOKING_S)
            try:
                await self._receiver.take_up_left()
                if self.is_receiving():
                    # Who wrote while the program was away is answered before it may end again.
                    await self._receiver.take_up_suspects()
            except StoreError as error:
                if str(error) != said:
                    log.warning("It could not be seen whether messages were left behind: %s", error)
                said = str(error)
            else:
                said = ""

    async def _handle(self, data: dict[str, Any]) -> None:
        """Handle one update; by the time this returns, an error was told to the parent."""
        update = read(data, self._bot)
        if update is not None:
            await self._application.process_update(update)

    async def _finish(self, empty: timedelta, finish: timedelta) -> None:
        """Finish what is begun, confirm what was written down, and close the connections."""
        confirming = asyncio.create_task(self._confirm())
        await self._receiver.stop(empty=empty, finish=finish)
        await confirming
        await self._application.shutdown()
        await self._bot.shutdown()

    async def _acquit(self) -> None:
        """Let nothing be blamed on the messages under way, as the program was asked to end."""
        try:
            await self._receiver.acquit()
        except StoreError as error:
            if not self._store.trouble:
                log.warning("That messages were under way at the end counts against them: %s", error)

    async def _confirm(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._polling.confirm(), FINISHING.total_seconds())


async def _end(tasks: Sequence[asyncio.Future[object]]) -> None:
    """Cancel tasks until they have ended: ``wait_for`` of Python 3.11 may swallow it, when what is waited for comes at
    that very moment.
    """
    while going := [task for task in tasks if not task.done()]:
        for task in going:
            task.cancel()
        await asyncio.wait(going, timeout=CANCELLED_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)


def stop_on_signals() -> asyncio.Event:
    """Return an event that is set when the program is asked to stop (SIGTERM, or Ctrl-C)."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
