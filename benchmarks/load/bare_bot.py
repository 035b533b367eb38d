"""A bot without any library that answers each message with one word: what the server and its parents can do at most.

``python -m benchmarks.load.bare_bot API_URL``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from urllib.parse import urlsplit

from benchmarks.load.server import LENGTH, TOKEN

PLACES = 64


class Connections:
    """Connections to the server that are free."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname, parts.port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def call(self, method: str, body: bytes) -> bytes:
        reader, writer = self._free.pop() if self._free else await asyncio.open_connection(self._host, self._port)
        writer.write(b"POST /bot%s/%s HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (
            TOKEN.encode(), method.encode(), len(body)) + body)  # fmt: skip
        length = LENGTH.search(await reader.readuntil(b"\r\n\r\n"))
        answer = await reader.readexactly(int(length[1]) if length else 0)
        self._free.append((reader, writer))
        return answer


async def main() -> None:
    """Serve until killed."""
    connections, offset, places = Connections(sys.argv[1]), 0, asyncio.Semaphore(PLACES)
    tasks: set[asyncio.Task[None]] = set()

    async def answer(chat: int) -> None:
        async with places:
            await connections.call("sendMessage", b"chat_id=%d&text=ok" % chat)

    while True:
        found = json.loads(await connections.call("getUpdates", b"timeout=25&offset=%d" % offset))["result"]
        for update in found:
            offset = update["update_id"] + 1
            task = asyncio.create_task(answer(update["message"]["chat"]["id"]))
            tasks.add(task)
            task.add_done_callback(tasks.discard)


if __name__ == "__main__":
    asyncio.run(main())
