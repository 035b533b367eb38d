"""What Telegram says about a bot when it is asked, without changing anything: who it is, and where it delivers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.telegram.errors import TelegramFailure

PATIENCE_S = 10.0
"""How long an answer is waited for."""


class AwayError(Exception):
    """Telegram could not be asked; the message is one sentence without the token."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What Telegram said. ``clock_ahead`` is how far this machine's clock is ahead of Telegram's, to a second or so.

    ``webhook_url`` is empty while Telegram waits to be asked; ``pending`` counts updates that wait there, and
    ``last_error`` is why the last delivery failed, which was at ``last_error_at``.
    """

    username: str
    webhook_url: str
    pending: int
    last_error: str | None
    last_error_at: datetime | None
    clock_ahead: timedelta | None


async def look(token: str, api_url: str) -> Seen:
    """Ask Telegram.

    Raises:
        AwayError: If there is no answer, or one of something else than Telegram.
        TelegramFailure: If Telegram does not know the token.
    """
    root = f"{api_url.rstrip('/')}/bot{token}"
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        who, clock_ahead = await _ask(client, f"{root}/getMe")
        webhook, _ = await _ask(client, f"{root}/getWebhookInfo")
    failed_at = webhook.get("last_error_date")
    return Seen(
        username=str(who.get("username", "")),
        webhook_url=str(webhook.get("url", "")),
        pending=int(webhook.get("pending_update_count", 0)),
        last_error=webhook.get("last_error_message"),
        last_error_at=datetime.fromtimestamp(failed_at, UTC) if failed_at else None,
        clock_ahead=clock_ahead,
    )


async def _ask(client: httpx.AsyncClient, address: str) -> tuple[dict[str, Any], timedelta | None]:
    try:
        answer = await client.get(address)
    except httpx.HTTPError as error:
        raise AwayError(f"Telegram does not answer ({type(error).__name__})") from None
    here = datetime.now(UTC)
    if answer.status_code in (401, 404):
        raise TelegramFailure("Telegram does not know the token")
    try:
        result = answer.json()["result"]
        told = answer.headers.get("Date")
        return dict(result), here - parsedate_to_datetime(told) if told else None
    except (ValueError, KeyError, TypeError):
        raise AwayError(f"what answers is not Telegram (status {answer.status_code})") from None
