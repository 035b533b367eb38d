"""What the web server answers: to whoever watches over the bot, the webhook, and the agenda."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.store.errors import StoreError
from bot.web import agenda, watching
from bot.web.security import SecurityHeaders
from bot.web.watching import Health

__all__ = ["Health", "Webhook", "application"]

LARGEST_BODY_BYTES = 1024 * 1024
"""More than any update; what is longer is not read."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
"""Where Telegram puts the secret that was agreed."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are delivered, with which secret, and what takes them.

    ``accept`` returns when the update is written down, or left out as it is none. It raises ``StoreError`` when it
    cannot be written down; Telegram then delivers it again.
    """

    url: str
    secret: str = field(repr=False)
    accept: Callable[[Any], Awaitable[None]]

    @property
    def path(self) -> str:
        """Return the path of the address, as this server sees it."""
        return urlsplit(self.url).path or "/"


def application(
    health: Callable[[], Awaitable[Health]],
    webhook: Webhook | None = None,
    public: agenda.Public | None = None,
    metrics_token: str | None = None,
) -> ASGIApp:
    """Return the web application; everything it does not know is 404."""
    routes = watching.routes(health, metrics_token)
    if webhook is not None:
        routes.append(Route(webhook.path, _delivery(webhook), methods=["POST"]))
    if public is not None:
        routes += agenda.routes(public)
    web = Starlette(routes=routes)
    web.router.redirect_slashes = False
    return SecurityHeaders(web)


def _delivery(webhook: Webhook) -> Callable[[Request], Awaitable[Response]]:
    async def deliver(request: Request) -> Response:
        """Take an update; confirm it only when it is written down."""
        secret = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(secret.encode(), webhook.secret.encode()):
            return Response(status_code=401)
        try:
            body = await _body(request)
        except ClientDisconnect:
            # Cut off halfway; nobody hears this answer, and Telegram delivers it again.
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        try:
            update = json.loads(body)
            await webhook.accept(update)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        except StoreError:
            # The store says so itself, once; each message would say it again.
            return Response(status_code=503)
        return Response(status_code=200)

    return deliver


async def _body(request: Request) -> bytes | None:
    """Read the body; nothing when it is too long, and then not all of it is read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            return None
    return bytes(body)
