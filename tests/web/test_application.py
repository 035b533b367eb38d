"""Health, and the webhook: only Telegram gets in, and nothing is confirmed that is not written down."""

from __future__ import annotations

import json

import httpx
import pytest

from bot.store.database import StoreError
from bot.web.application import Health, Webhook, application

SECRET = "only-telegram-knows"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


class Inbox:
    """Takes updates, unless it is told to fail."""

    def __init__(self) -> None:
        self.updates: list[object] = []
        self.error: Exception | None = None

    async def accept(self, update: object) -> None:
        if self.error is not None:
            raise self.error
        self.updates.append(update)


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def health():
    return {"database": True, "receiving": True}


@pytest.fixture
async def client(inbox, health):
    async def ask() -> Health:
        return Health(**health)

    webhook = Webhook("https://bot.example.org/telegram/hook", SECRET, inbox.accept)
    transport = httpx.ASGITransport(application(ask, webhook))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        yield client


async def test_a_healthy_bot_says_so(client):
    answer = await client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": True, "receiving": True}


@pytest.mark.parametrize("trouble", ["database", "receiving"])
async def test_an_ill_bot_says_what_is_wrong(client, health, trouble):
    health[trouble] = False

    answer = await client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()[trouble] is False


async def test_a_delivered_update_is_taken(client, inbox):
    answer = await client.post("/telegram/hook", headers=HEADERS, json={"update_id": 1})

    assert answer.status_code == 200
    assert inbox.updates == [{"update_id": 1}]


@pytest.mark.parametrize("headers", [
    pytest.param({}, id="no secret"),
    pytest.param({"X-Telegram-Bot-Api-Secret-Token": "wrong"}, id="another secret"),
    pytest.param({"X-Telegram-Bot-Api-Secret-Token": ""}, id="an empty secret"),
    pytest.param({"X-Telegram-Bot-Api-Secret-Token": b"\xff\xfe"}, id="a secret that is no text"),
])  # fmt: skip
async def test_whoever_does_not_know_the_secret_gets_nothing_done(client, inbox, headers):
    answer = await client.post("/telegram/hook", headers=headers, json={"update_id": 1})

    assert answer.status_code == 401
    assert inbox.updates == []


@pytest.mark.parametrize("body", [
    pytest.param(b"", id="nothing"),
    pytest.param(b"{", id="half"),
    pytest.param(b"\xff\xfe\x00", id="no text"),
    pytest.param(b"[" * 100_000, id="very deep"),
])  # fmt: skip
async def test_what_is_no_json_is_400(client, inbox, body):
    answer = await client.post("/telegram/hook", headers=HEADERS, content=body)

    assert answer.status_code == 400
    assert inbox.updates == []


async def test_a_body_that_is_too_long_is_not_read_to_the_end(client, inbox):
    read = []

    async def body():
        for _ in range(100):
            read.append(1)
            yield b" " * 65_536

    answer = await client.post("/telegram/hook", headers=HEADERS, content=body())

    assert answer.status_code == 413
    assert inbox.updates == []


async def test_a_body_of_just_a_mebibyte_is_read(client, inbox):
    body = json.dumps({"update_id": 1}).encode()

    answer = await client.post("/telegram/hook", headers=HEADERS, content=body.ljust(1024 * 1024))

    assert answer.status_code == 200


async def test_when_it_cannot_be_written_down_telegram_must_come_again(client, inbox, caplog):
    inbox.error = StoreError("The disk is full.")

    answer = await client.post("/telegram/hook", headers=HEADERS, json={"update_id": 1})

    assert answer.status_code == 503
    assert caplog.text == ""


@pytest.mark.parametrize("path", ["/", "/telegram", "/telegram/hook/", "/docs"])
async def test_everything_else_is_not_there(client, path):
    assert (await client.get(path)).status_code == 404


async def test_the_webhook_cannot_be_read(client):
    assert (await client.get("/telegram/hook", headers=HEADERS)).status_code == 405


async def test_without_a_webhook_there_is_only_health():
    async def ask() -> Health:
        return Health(database=True, receiving=True)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(application(ask)), base_url="http://bot") as client:
        assert (await client.post("/telegram/hook", headers=HEADERS, json={})).status_code == 404
