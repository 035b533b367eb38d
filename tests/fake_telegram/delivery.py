"""How updates reach the bot: by polls, whose offset confirms, or by a webhook, until it answers 2xx."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from typing import Any

import httpx

from tests.fake_telegram.refusal import Refusal, bad

TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
HAS_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
FIRST_RETRY_S = 0.1
"""Telegram waits a second, and doubles up to a minute; here ten times as fast."""


class Delivery:
    """The queue of updates that are not confirmed."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = []
        self.webhook_url = ""
        self.webhook_secret = ""
        self.allowed: list[str] | None = None
        self.polls = 0
        self.given: set[int] = set()
        """The ids of updates that a poll was answered with."""
        self.last_error = ""
        """What getWebhookInfo tells of the last delivery that failed."""
        self.statuses: list[int] = []
        """What the webhook answered, in order."""
        self._lock = threading.Lock()
        self._poll = 0
        self._under_way: set[int | None] = set()

    def add(self, update: dict[str, Any]) -> None:
        """Queue an update."""
        with self._lock:
            self.waiting.append(update)

    async def get_updates(self, arguments: dict[str, Any]) -> Any:
        """Wait for updates; a poll that begins ends the one before."""
        if self.webhook_url:
            raise Refusal(409, HAS_WEBHOOK)
        self.polls += 1
        self._poll += 1
        mine = self._poll
        offset = int(arguments.get("offset") or 0)
        limit = min(int(arguments.get("limit") or 100), 100)
        until = time.monotonic() + min(int(arguments.get("timeout") or 0), 50)
        self.allowed = arguments.get("allowed_updates")
        with self._lock:
            self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        while not self.waiting and time.monotonic() < until:
            await asyncio.sleep(0.01)
            if mine != self._poll or self.webhook_url:
                raise Refusal(409, TERMINATED)
        self.given |= {update["update_id"] for update in self.waiting[:limit]}
        return self.waiting[:limit]

    def set_webhook(self, arguments: dict[str, Any]) -> Any:
        """Deliver to an address from now on."""
        secret = arguments.get("secret_token", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad("secret token contains unallowed characters")
        if not arguments.get("url", "").startswith(("https://", "http://127.0.0.1")):
            raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if arguments.get("drop_pending_updates") in (True, "true"):
            raise bad("messages of parents were dropped")
        self.webhook_url, self.webhook_secret = arguments["url"], secret
        self.allowed = arguments.get("allowed_updates")
        return True

    def get_webhook_info(self, _arguments: dict[str, Any]) -> Any:
        """Tell where updates are delivered, and how that goes."""
        failed = {"last_error_date": int(time.time()), "last_error_message": self.last_error} if self.last_error else {}
        return {
            "url": self.webhook_url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.waiting),
            **failed,
        }

    def delete_webhook(self, arguments: dict[str, Any]) -> Any:
        """Deliver no more."""
        if arguments.get("drop_pending_updates") in (True, "true"):
            raise bad("messages of parents were dropped")
        self.webhook_url = ""
        return True

    async def deliver(self) -> None:
        """Deliver for ever: in order within a chat, and at the same time between chats."""
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client, asyncio.TaskGroup() as group:
            while True:
                await asyncio.sleep(0.01)
                for update in list(self.waiting) if self.webhook_url else []:
                    chat = chat_of(update)
                    if chat not in self._under_way:
                        self._under_way.add(chat)
                        group.create_task(self._deliver(client, update, chat))

    async def _deliver(self, client: httpx.AsyncClient, update: dict[str, Any], chat: int | None) -> None:
        pause_s = FIRST_RETRY_S
        while self.webhook_url and not await self._post(client, update):
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, 6)
        with self._lock:
            if self.webhook_url and update in self.waiting:
                self.waiting.remove(update)
        self._under_way.discard(chat)

    async def _post(self, client: httpx.AsyncClient, update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook_secret, "Content-Type": "application/json"}
        try:
            answer = await client.post(self.webhook_url, content=json.dumps(update), headers=headers)
        except httpx.HTTPError:
            return False
        self.statuses.append(answer.status_code)
        return answer.is_success


def chat_of(update: dict[str, Any]) -> int | None:
    """Return the chat of an update."""
    for content in update.values():
        if isinstance(content, dict):
            holder = content if "chat" in content else content.get("message") or {}
            return holder["chat"]["id"] if "chat" in holder else None
    return None
