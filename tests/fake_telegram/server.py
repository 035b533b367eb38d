"""The server itself: HTTP on loopback, in a thread, with failures on demand, and waiting for replies."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Literal
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.fake_telegram import updates
from tests.fake_telegram.delivery import Delivery
from tests.fake_telegram.methods import Upload, World
from tests.fake_telegram.refusal import Failure, Refusal

Hold = Literal["none", "wait", "forget"]
JSON_ARGUMENTS = ("reply_markup", "allowed_updates", "commands", "link_preview_options", "scope")


class FakeTelegram:
    """A Bot API server for one token, from :meth:`start` to :meth:`stop`."""

    def __init__(self, token: str = "123456:THIS-is-the_token-nobody-may-see", port: int = 0) -> None:
        self.token = token
        self.world = World()
        self.delivery = Delivery()
        self.violations: list[str] = []
        self.calls: list[str] = []
        self.latency_s = 0.0
        self.held = 0
        """Calls that wait for :meth:`let_go`."""
        self._hold: Hold = "none"
        self._failures: dict[str, deque[Failure]] = {}
        self.trouble: Failure | None = None
        """What happens to every call as long as it is set; a call that hangs then is never answered."""
        self.troubled: list[str] = []
        """The calls that met it."""
        self._next_update_id = 1000
        self._next_query_id = 1
        # With the protocol named, asyncio sends small answers at once (TCP_NODELAY) and not after 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port = int(self._socket.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: _Server | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> FakeTelegram:
        """Begin to listen; until then connections are refused."""
        self._socket.listen(128)
        self._thread.start()
        return self

    def stop(self) -> None:
        """End, and cut every connection."""
        if self._thread.is_alive():
            self.wait_until(lambda: self._server is not None and self._server.started, "the server to run")
            assert self._server is not None
            self._server.end()
            self._thread.join(5)
        self._socket.close()

    def check(self) -> None:
        """Fail when the bot did something that Telegram does not allow."""
        assert not self.violations, "\n".join(self.violations)

    def fail(self, method: str, *failures: Failure) -> None:
        """Let the next calls of a method (``sendMessage``) fail, each in its own way."""
        self._failures.setdefault(method.lower(), deque()).extend(failures)

    def hold(self) -> None:
        """Let messages that the bot sends wait, without being carried out."""
        self._hold = "wait"

    def let_go(self, *, carry_out: bool = True) -> None:
        """Carry out what is held, or forget it, as when whoever asked is gone; later calls go on as ever."""
        self._hold = "none" if carry_out else "forget"
        self.wait_until(lambda: not self.held, "held calls to go on")
        self._hold = "none"

    def push(self, kind: str, content: dict[str, Any], update_id: int | None = None) -> int:
        """Queue an update, with the next id or a given one; return the id."""
        if update_id is None:
            update_id = self._next_update_id
            self._next_update_id += 1
        holder = content.get("message", content)
        if "chat" in holder:
            self.world.chats.setdefault(holder["chat"]["id"], holder["chat"]["type"])
        self.delivery.add({"update_id": update_id, kind: content})
        return update_id

    def says(self, chat_id: int, text: str, *, update_id: int | None = None, **more: Any) -> int:
        """Let a parent type something."""
        return self.push("message", updates.message(chat_id, text, **more), update_id)

    def presses(self, message: dict[str, Any], data: str, *, is_old: bool = False) -> str:
        """Let a parent press a button under one of the bot's messages; return the press's id."""
        query_id = str(self._next_query_id)
        self._next_query_id += 1
        self.world.queries[query_id] = False
        if is_old:
            self.world.old_queries.add(query_id)
        held = {key: value for key, value in message.items() if key != "edits"}
        self.push("callback_query", updates.press(query_id, held, data))
        return query_id

    def sent(self, chat_id: int | None = None) -> list[dict[str, Any]]:
        """Return the bot's messages, all or in one chat, in order."""
        found = list(self.world.messages)
        return [message for message in found if chat_id in (None, message["chat"]["id"])]

    def texts(self, chat_id: int | None = None) -> list[str]:
        """Return the texts of the bot's messages, as a reader sees them."""
        return [message["text"] for message in self.sent(chat_id)]

    def wait_until(self, condition: Callable[[], Any], what: str = "it", timeout_s: float = 60) -> Any:
        """Wait until something is so; fail when it takes too long."""
        until = time.monotonic() + timeout_s
        while not (found := condition()):
            if time.monotonic() > until:
                raise AssertionError(f"Waited {timeout_s} s in vain for {what}; calls: {self.calls[-20:]}")
            time.sleep(0.01)
        return found

    def wait_for_texts(self, count: int, chat_id: int | None = None, timeout_s: float = 60) -> list[str]:
        """Wait for at least so many messages of the bot."""
        self.wait_until(lambda: len(self.sent(chat_id)) >= count, f"{count} messages", timeout_s)
        return self.texts(chat_id)

    def _run(self) -> None:
        application = Starlette(routes=[Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"])])
        config = uvicorn.Config(
            application, log_config=None, log_level="critical", access_log=False, lifespan="off",
            timeout_graceful_shutdown=0,
        )  # fmt: skip

        async def serve() -> None:
            self._server = _Server(config)
            delivering = asyncio.create_task(self.delivery.deliver())
            await self._server.serve([self._socket])
            delivering.cancel()
            # Its connections are closed with it, and not left to whoever collects what nobody needs any more.
            await asyncio.wait({delivering})

        asyncio.run(serve())

    async def _answer(self, request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"]
        if token != self.token:
            return _refused(Refusal(401, "Unauthorized"))
        self.calls.append(method)
        arguments = await _arguments(request)
        trouble = self.trouble
        if trouble is not None:
            self.troubled.append(method)
            return await _never(request) if trouble.kind == "hang" else _failed(trouble)
        failure = self._failure(method, arguments)
        if failure is not None and failure.kind == "slow":
            await asyncio.sleep(failure.delay_s)
        elif failure is not None and (failure.kind in ("refuse", "status") or failure.before):
            return _failed(failure)
        if method == "sendMessage" and self._hold == "wait":
            self.held += 1
            while self._hold == "wait":  # noqa: ASYNC110 - it is let go by another thread
                await asyncio.sleep(0.01)
            is_forgotten = self._hold == "forget"
            self.held -= 1
            if is_forgotten:
                return _Cut()
        if self.latency_s and method != "getUpdates":
            await asyncio.sleep(self.latency_s)
        response = await self._work(method, arguments)
        if failure is not None and failure.kind == "hang":
            await asyncio.sleep(failure.delay_s)
        elif failure is not None and failure.kind == "reset":
            return _failed(failure)
        return response

    async def _work(self, method: str, arguments: dict[str, Any]) -> Response:
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", method).lower()
        try:
            if name == "get_updates":
                result = await self.delivery.get_updates(arguments)
            elif name in ("set_webhook", "delete_webhook", "get_webhook_info"):
                result = getattr(self.delivery, name)(arguments)
            else:
                result = getattr(self.world, name if callable(getattr(self.world, name, None)) else "unknown")(
                    arguments
                )
        except Refusal as refusal:
            if refusal.is_violation:
                self.violations.append(f"{method}: {refusal.description}: {str(arguments)[:300]}")
            return _refused(refusal)
        return JSONResponse({"ok": True, "result": result})

    def _failure(self, method: str, arguments: dict[str, Any]) -> Failure | None:
        waiting = self._failures.get(method.lower())
        if not waiting:
            return None
        wanted = waiting[0].chat_id
        return waiting.popleft() if wanted in (None, int(arguments.get("chat_id") or 0)) else None


class _Server(uvicorn.Server):
    """Ends at once: uvicorn looks ten times a second whether it is to end, and is patient with whoever is connected."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self._ended.wait()

    def end(self) -> None:
        """Let it end, from another thread."""
        self._loop.call_soon_threadsafe(self._ended.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in self.server_state.tasks:
            task.cancel()


def _failed(failure: Failure) -> Response:
    if failure.kind == "refuse" and failure.refusal is not None:
        return _refused(failure.refusal)
    if failure.kind == "status":
        return PlainTextResponse("<html>a proxy's own words</html>", failure.status)
    return _Cut()


async def _never(request: Request) -> Response:
    """Answer nothing; only whoever called can give up."""
    while not await request.is_disconnected():  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0.02)
    return _Cut()


class _Cut(Response):
    """No answer at all: the connection is closed."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _arguments(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(await request.json())
    arguments: dict[str, Any] = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        arguments |= _with_files(kind, body)
    elif body:
        arguments |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    return {key: json.loads(value) if key in JSON_ARGUMENTS else value for key, value in arguments.items()}


def _with_files(kind: str, body: bytes) -> dict[str, Any]:
    """Return the fields and files of a request; a field that says ``attach://name`` is the file of that name."""
    form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True) or b""
        if part.get_filename():
            files[str(name)] = Upload(str(part.get_filename()), content)
        else:
            fields[str(name)] = content.decode()
    attached = {key: files.get(str(value).removeprefix("attach://"), value) for key, value in fields.items()}
    return files | attached


def _refused(refusal: Refusal) -> Response:
    content: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    headers = {}
    if refusal.parameters:
        content["parameters"] = refusal.parameters
    if "retry_after" in refusal.parameters:
        headers["Retry-After"] = str(refusal.parameters["retry_after"])
    return JSONResponse(content, refusal.status, headers)
