"""A Bot API server on loopback that costs next to nothing, so that what is measured is the bot.

It reads HTTP by hand and answers with prepared bytes, knows no limits and checks nothing: for that there is
``tests/fake_telegram``. Every call takes ``latency_s``, and has happened when its answer is sent. Updates go out by
polls, or to a webhook over at most forty connections. Times are seconds of ``time.perf_counter``.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import closing, suppress
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

TOKEN = "123456:of-the-bench"
CONNECTIONS = 40
"""Connections to a webhook at once, as Telegram makes them when it is not told otherwise."""
MOST_UPDATES = 100
"""Updates in one poll."""
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHAT = re.compile(rb"(?:^|&)chat_id=(-?\d+)")
OFFSET = re.compile(rb"(?:^|&)offset=(\d+)")
WAIT = re.compile(rb"(?:^|&)timeout=(\d+)")
ME = {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot", "can_join_groups": True,
      "can_read_all_group_messages": False, "supports_inline_queries": False}  # fmt: skip
SENDING = ("sendMessage", "editMessageText")
"""Calls by which a parent is answered."""


class Server:
    """A Bot API server for one bot. ``on_reply`` is called with the chat of every message that is sent or changed, and
    with the call's body.
    """

    def __init__(self, latency_s: float = 0.0) -> None:
        self.latency_s = latency_s
        self.calls: Counter[str] = Counter()
        self.on_reply: Callable[[int, bytes], None] = lambda _chat, _body: None
        self.url = ""
        self._ready = asyncio.Event()
        self._updates: deque[tuple[int, bytes]] = deque()
        self._poll: tuple[_Connection, asyncio.TimerHandle] | None = None
        self._webhook: _Webhook | None = None
        self._next_id = 1
        self._server: asyncio.Server | None = None
        self.connections: set[asyncio.Transport] = set()

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Stop listening, and cut what is open."""
        assert self._server is not None
        self._server.close()
        if self._webhook:
            await self._webhook.close()
        for transport in list(self.connections):
            transport.abort()
        await asyncio.sleep(0)

    async def receiving(self, timeout_s: float = 120) -> None:
        """Return when a bot polls, or has named its webhook."""
        await asyncio.wait_for(self._ready.wait(), timeout_s)

    @property
    def waiting(self) -> int:
        """Return how many updates the bot has not confirmed."""
        return len(self._updates) + (self._webhook.waiting if self._webhook else 0)

    def hand_over(self, content: dict[str, Any]) -> None:
        """Hand an update to the bot."""
        number = self._next_id
        self._next_id += 1
        update = json.dumps({"update_id": number, **content}, separators=(",", ":")).encode()
        if self._webhook:
            self._webhook.deliver(update)
            return
        self._updates.append((number, update))
        if self._poll:
            connection, timer = self._poll
            self._poll = None
            timer.cancel()
            # What is asked at the same moment goes along.
            asyncio.get_running_loop().call_soon(self._bring, connection)

    def called(self, connection: _Connection, method: str, body: bytes) -> None:
        """Answer a call, now or after the latency."""
        self.calls[method] += 1
        loop = asyncio.get_running_loop()
        if method == "getUpdates":
            self._polled(connection, body)
        elif method in SENDING:
            loop.call_later(self.latency_s, self._sent, connection, body)
        else:
            if method == "setWebhook":
                fields = dict(parse_qsl(body.decode()))
                self._webhook = _Webhook(fields["url"], fields.get("secret_token", ""))
                loop.call_later(self.latency_s + 0.2, self._ready.set)
            result: object = ME if method == "getMe" else True
            if method == "getWebhookInfo":
                url = self._webhook.url if self._webhook else ""
                result = {"url": url, "has_custom_certificate": False, "pending_update_count": 0}
            loop.call_later(self.latency_s, connection.answer, json.dumps({"ok": True, "result": result}).encode())

    def _sent(self, connection: _Connection, body: bytes) -> None:
        found = CHAT.search(body)
        chat = int(found[1]) if found else 0
        connection.answer(
            b'{"ok":true,"result":{"message_id":9,"date":1800000000,"chat":{"id":%d,"type":"private","first_name":"P"},'
            b'"from":{"id":123456,"is_bot":true,"first_name":"Bench","username":"bench_bot"},"text":"ok"}}' % chat
        )
        self.on_reply(chat, body)

    def _polled(self, connection: _Connection, body: bytes) -> None:
        self._ready.set()
        offset = OFFSET.search(body)
        confirmed = int(offset[1]) if offset else 0
        while self._updates and self._updates[0][0] < confirmed:
            self._updates.popleft()
        wait = WAIT.search(body)
        if self._updates or wait is None or wait[1] == b"0":
            self._bring(connection)
            return
        timer = asyncio.get_running_loop().call_later(int(wait[1]), self._give_up)
        self._poll = (connection, timer)

    def _give_up(self) -> None:
        if self._poll:
            connection, _ = self._poll
            self._poll = None
            self._bring(connection)

    def _bring(self, connection: _Connection) -> None:
        brought = [update for _, update in list(self._updates)[:MOST_UPDATES]]
        connection.answer(b'{"ok":true,"result":[' + b",".join(brought) + b"]}")


class _Connection(asyncio.Protocol):
    """One connection of a bot: calls one after another."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.connections.add(transport)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        assert self._transport
        self._server.connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            length = LENGTH.search(self._buffer, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            request, self._buffer = self._buffer[:whole], self._buffer[whole:]
            path = request[: request.index(b" ", 5)]
            self._server.called(self, path.rpartition(b"/")[2].decode(), request[end + 4 :])

    def answer(self, body: bytes) -> None:
        """Send an answer; nobody may be there any more."""
        if self._transport and not self._transport.is_closing():
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )


class _Webhook:
    """Delivers updates to an address, one at a time on each connection."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: "
        ).encode()
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._under_way = 0
        self._tasks = [asyncio.create_task(self._serve()) for _ in range(CONNECTIONS)]

    @property
    def waiting(self) -> int:
        return self._queue.qsize() + self._under_way

    def deliver(self, update: bytes) -> None:
        self._queue.put_nowait(update)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self) -> None:
        update = None
        while True:
            try:
                reader, writer = await asyncio.open_connection(self._host, self._port)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            with suppress(OSError, asyncio.IncompleteReadError), closing(writer):
                while True:
                    if update is None:
                        update = await self._queue.get()
                        self._under_way += 1
                    writer.write(self._head + b"%d\r\n\r\n" % len(update) + update)
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = LENGTH.search(head)
                    await reader.readexactly(int(length[1]) if length else 0)
                    if head.startswith(b"HTTP/1.1 2"):
                        self._under_way -= 1
                        update = None
                    else:
                        await asyncio.sleep(0.5)


def now() -> float:
    """Return the moment."""
    return time.perf_counter()
