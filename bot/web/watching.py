"""What whoever watches over the bot may ask: ``/healthz``, ``/readyz`` and, for the operator only, ``/metrics``."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import metrics

LATE_TICK_S = 120
"""Reminders are looked after every few seconds; after so long without, something is wrong."""
FORWARDED = (
    "via", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "x-client-ip",
    "true-client-ip", "cf-connecting-ip", "cdn-loop",
)  # fmt: skip
"""What a proxy may add to a request from outside. Nginx adds nothing of its own accord, so this is no lock."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the database answers and takes what is written, whether messages come in, and how long ago reminders were
    looked after.

    ``tick_age_s`` is None where nothing is sent of its own accord. ``telegram_age_s`` is how long ago Telegram answered
    the question for messages, None when it never did. ``waiting`` counts messages that are due and not
    out, None when the database does not tell. ``versions`` names the curated files and the fitted matcher. ``problem``
    says why nothing can be written or delivered, with what to do; it names a file or a server, so only the operator is
    told.
    """

    database: bool
    receiving: bool
    tick_age_s: float | None = None
    telegram_age_s: float | None = None
    waiting: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None

    def is_well(self) -> bool:
        """Tell whether parents are served, and reminders looked after."""
        is_ticking = self.tick_age_s is None or self.tick_age_s < LATE_TICK_S
        return self.database and self.receiving and is_ticking

    def found(self) -> dict[str, Any]:
        """Return what was seen, as it is told."""
        tick = {} if self.tick_age_s is None else {"tick_age_s": self.tick_age_s}
        return {"database": self.database, "receiving": self.receiving, **tick}


def routes(health: Callable[[], Awaitable[Health]], token: str | None = None) -> list[Route]:
    """Return the routes. All tell the same health; ``/readyz`` also what is served, and what is not ready.

    With a ``token`` the operator is whoever brings it as ``Authorization: Bearer``, from anywhere; without one, whoever
    asks on this machine and not through a proxy that says so.
    """

    def is_operator(request: Request) -> bool:
        if token is None:
            return _is_here(request)
        brought = request.headers.get("authorization", "")
        return hmac.compare_digest(brought.encode(), f"Bearer {token}".encode())

    async def healthz(_request: Request) -> Response:
        seen = await health()
        status = "ok" if seen.is_well() else "trouble"
        return JSONResponse({"status": status, **seen.found()}, 200 if seen.is_well() else 503)

    async def readyz(request: Request) -> Response:
        seen = await health()
        status = "ready" if seen.is_well() else "not ready"
        heard = {} if seen.telegram_age_s is None else {"telegram_age_s": seen.telegram_age_s}
        waiting = {} if seen.waiting is None else {"deliveries_waiting": seen.waiting}
        problem = {"problem": seen.problem} if seen.problem and is_operator(request) else {}
        return JSONResponse(
            {"status": status, **seen.found(), **heard, **waiting, **seen.versions, **problem},
            200 if seen.is_well() else 503,
        )

    async def measured(request: Request) -> Response:
        if not is_operator(request):
            return Response(status_code=404)
        _note(await health())
        return Response(metrics.exposition(), headers={"Content-Type": metrics.CONTENT_TYPE})

    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", readyz, methods=["GET"]),
        Route("/metrics", measured, methods=["GET"]),
    ]


def _is_here(request: Request) -> bool:
    """Tell whether the one who asks is on this machine, and no proxy says that it asks for another."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _note(seen: Health) -> None:
    metrics.STORE_UP.set(seen.database)
    metrics.RECEIVING.set(seen.receiving)
    metrics.VERSION.info(dict(seen.versions))
    if seen.tick_age_s is not None:
        metrics.TICK_AGE.set(seen.tick_age_s)
    if seen.waiting is not None:
        metrics.WAITING.set(seen.waiting)
