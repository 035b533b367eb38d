"""What whoever watches over the bot may ask: ``/healthz``, ``/readyz`` and, from nearby only, ``/metrics``."""

from __future__ import annotations

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
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""What a proxy adds to a request from outside."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the database answers and takes what is written, whether messages come in, and how long ago reminders were
    looked after.

    ``tick_age_s`` is None where nothing is sent of its own accord. ``waiting`` counts messages that are due and not
    out, None when the database does not tell. ``versions`` names the curated files and the fitted matcher. ``problem``
    says why nothing can be written, with what to do; it names a file or a server, so only who is near is told.
    """

    database: bool
    receiving: bool
    tick_age_s: float | None = None
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


def routes(health: Callable[[], Awaitable[Health]]) -> list[Route]:
    """Return the routes. All tell the same health; ``/readyz`` also what is served, and what is not ready."""

    async def healthz(_request: Request) -> Response:
        seen = await health()
        status = "ok" if seen.is_well() else "trouble"
        return JSONResponse({"status": status, **seen.found()}, 200 if seen.is_well() else 503)

    async def readyz(request: Request) -> Response:
        seen = await health()
        status = "ready" if seen.is_well() else "not ready"
        waiting = {} if seen.waiting is None else {"deliveries_waiting": seen.waiting}
        problem = {"problem": seen.problem} if seen.problem and _is_near(request) else {}
        return JSONResponse(
            {"status": status, **seen.found(), **waiting, **seen.versions, **problem}, 200 if seen.is_well() else 503
        )

    async def measured(request: Request) -> Response:
        if not _is_near(request):
            return Response(status_code=404)
        _note(await health())
        return Response(metrics.exposition(), headers={"Content-Type": metrics.CONTENT_TYPE})

    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", readyz, methods=["GET"]),
        Route("/metrics", measured, methods=["GET"]),
    ]


def _is_near(request: Request) -> bool:
    """Tell whether the one who asks is on this machine or its own network, and not behind a proxy."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(request.client.host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def _note(seen: Health) -> None:
    metrics.STORE_UP.set(seen.database)
    metrics.RECEIVING.set(seen.receiving)
    metrics.VERSION.info(dict(seen.versions))
    if seen.tick_age_s is not None:
        metrics.TICK_AGE.set(seen.tick_age_s)
    if seen.waiting is not None:
        metrics.WAITING.set(seen.waiting)
