"""The web server, in the bot's own event loop: it begins and ends with the bot, and leaves the signals to
it.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GRACE_S = 2
"""How long requests that are being answered may take when the server stops."""


LAST_PORT = 65535
"""The highest port there is."""


class WebError(Exception):
    """The web server cannot run; the message is one sentence for whoever runs the bot."""


class _Quiet(uvicorn.Server):
    """uvicorn without its own hands on the signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals as they are."""
        yield


def _ending_without_noise(application: ASGIApp) -> ASGIApp:
    """Answer 503 to what is not finished when the server has stopped waiting for it: whoever asked can ask again.

    uvicorn cancels it then, and would log for each request where in the code it was.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        is_begun = False

        async def sent(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            await application(scope, receive, sent)
        except asyncio.CancelledError:
            if not is_begun:
                await Response(status_code=503)(scope, receive, send)

    return serve


class WebServer:
    """Serves an application on a host and port; port 0 takes any that is free."""

    def __init__(self, application: ASGIApp, host: str, port: int) -> None:
        self._host = host
        self._port = port
        config = uvicorn.Config(
            _ending_without_noise(application),
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
            h11_max_incomplete_event_size=64 * 1024,
        )
        self._server = _Quiet(config)
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> int:
        """Listen, and return the port.

        Raises:
            WebError: If the port is in use, or the host is not one of this machine.
        """
        listener = self._listen()
        self._serving = asyncio.create_task(self._server.serve([listener]))
        return int(listener.getsockname()[1])

    async def stop(self) -> None:
        """Stop listening, and finish what is being answered."""
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving

    def _listen(self) -> socket.socket:
        if not 0 <= self._port <= LAST_PORT:
            raise WebError(f"There is no port {self._port}; set MINIDORP_WEB_PORT to one up to {LAST_PORT}.")
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                self._host, self._port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
        except OSError as error:
            raise WebError(
                f"The host {self._host} with port {self._port} cannot be found; "
                "correct MINIDORP_WEB_HOST and MINIDORP_WEB_PORT."
            ) from error
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(128)
        except OSError as error:
            listener.close()
            reason = error.strerror or type(error).__name__
            raise WebError(
                f"Port {self._port} on {self._host} cannot be used ({reason}); "
                "stop the program that uses it, or set MINIDORP_WEB_PORT to another."
            ) from error
        listener.setblocking(False)
        return listener
