"""The web port gives nothing away and does nothing for strangers: each answer it has, and the door for Telegram."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import select

from bot.store import tables
from bot.telegram.receiving import Receiver
from bot.web import application as web
from bot.web.application import LARGEST_BODY_BYTES, SECRET_HEADER, Health, Webhook, application
from bot.web.security import HEADERS, policy
from tests.fake_telegram import updates

SECRET = "only-telegram-knows"
HOOK = "/telegram/hook"
KNOWN = {SECRET_HEADER: SECRET}
NOW = datetime(2027, 3, 31, 7, 30, tzinfo=UTC)


@pytest.fixture
def handled():
    return []


@pytest.fixture
async def receiver(store, handled):
    async def handle(update):
        handled.append(update)

    receiver = Receiver(store, handle, handle, clock=lambda: NOW)
    await receiver.take_up()
    return receiver


@pytest.fixture
async def client(receiver):
    async def health() -> Health:
        return Health(database=True, receiving=True)

    async def accept(update):
        if update == {"fault": True}:
            raise RuntimeError("a secret of ours")
        await receiver.accept([update])

    transport = httpx.ASGITransport(
        application(health, Webhook(f"https://bot.example.org{HOOK}", SECRET, accept)), raise_app_exceptions=False
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        yield client


@pytest.mark.parametrize(("method", "path", "sent", "status"), [
    pytest.param("GET", "/healthz", {}, 200, id="200"),
    pytest.param("POST", HOOK, {"headers": KNOWN, "content": b"{"}, 400, id="400"),
    pytest.param("POST", HOOK, {"json": {"update_id": 1}}, 401, id="401"),
    pytest.param("GET", "/.env", {}, 404, id="404"),
    pytest.param("DELETE", "/healthz", {}, 405, id="405"),
    pytest.param("POST", HOOK, {"headers": KNOWN, "content": b" " * (LARGEST_BODY_BYTES + 1)}, 413, id="413"),
    pytest.param("POST", HOOK, {"headers": KNOWN, "json": {"fault": True}}, 500, id="500"),
])  # fmt: skip
async def test_every_answer_is_bare_kept_by_nobody_and_tells_nothing_of_ours(client, method, path, sent, status):
    answer = await client.request(method, path, **sent)

    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["Content-Security-Policy"] == policy()
    assert answer.headers["Cache-Control"] == "no-store"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert not {"server", "x-powered-by", "set-cookie", "access-control-allow-origin"} & set(answer.headers)


@pytest.mark.parametrize("path", [
    "/", "/docs", "/openapi.json", "/agenda/../.env", "/static/x", "/telegram", f"{HOOK}/", f"/{HOOK}", f"{HOOK}/123:abc",
    "/%2e%2e/%2e%2e/etc/passwd", "/metrics/", "/healthz/x", f"{HOOK}%00",
])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_only_the_paths_that_exist_exist(client, handled, method, path):
    answer = await client.request(method, path, headers=KNOWN)

    assert answer.status_code == 404
    assert handled == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_the_door_for_telegram_takes_posts_only(client, handled, receiver, method):
    answer = await client.request(method, HOOK, headers=KNOWN, content=b'{"update_id": 1}')
    await receiver.idle()

    assert answer.status_code == 405
    assert handled == []


@pytest.mark.parametrize("headers", [
    pytest.param({}, id="none"),
    pytest.param({SECRET_HEADER: SECRET[:-1]}, id="a letter too short"),
    pytest.param({SECRET_HEADER: f"{SECRET} "}, id="a space too long"),
    pytest.param({SECRET_HEADER: SECRET.upper()}, id="in capitals"),
    pytest.param({SECRET_HEADER: f"{SECRET},{SECRET}"}, id="twice in one"),
    pytest.param({"Authorization": f"Bearer {SECRET}"}, id="in another header"),
])  # fmt: skip
async def test_a_forged_delivery_does_no_work_at_all(client, store, handled, receiver, headers):
    read = []

    async def body():
        read.append(1)
        yield b'{"update_id": 1}'

    answer = await client.post(HOOK, headers=headers, content=body())
    forged = {"update_id": 1, "message": updates.message(1, "/annuleer")}
    await client.post(HOOK, headers=headers, json=forged)
    await client.post(f"{HOOK}?secret={SECRET}", headers=headers, json=forged)
    await receiver.idle()

    assert answer.status_code == 401
    assert answer.content == b""
    assert handled == []
    async with store.reading() as connection:
        assert (await connection.execute(select(tables.inbox))).all() == []


async def test_the_secret_is_compared_in_the_same_time_however_much_of_it_is_right(client, monkeypatch):
    compared = []

    def compare(given: bytes, known: bytes) -> bool:
        compared.append((given, known))
        return hmac_compare(given, known)

    hmac_compare = hmac.compare_digest
    monkeypatch.setattr(web.hmac, "compare_digest", compare)

    await client.post(HOOK, headers={SECRET_HEADER: "only-"}, json={})

    assert compared == [(b"only-", SECRET.encode())]
