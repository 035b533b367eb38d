"""What whoever watches over the bot may ask, and who may not."""

from __future__ import annotations

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.web.application import application
from bot.web.watching import LATE_TICK_S, Health

VERSIONS = {"knowledge": "aa11", "matcher": "bb22"}


def asking(client: tuple[str, int] = ("127.0.0.1", 1), token: str | None = None, **seen: object) -> httpx.AsyncClient:
    async def health() -> Health:
        return Health(**{"database": True, "receiving": True, **seen})

    transport = httpx.ASGITransport(application(health, metrics_token=token), client=client)
    return httpx.AsyncClient(transport=transport, base_url="http://bot")


async def test_who_is_ready_says_what_is_served():
    async with asking(tick_age_s=3.5, waiting=2, versions=VERSIONS) as client:
        answer = await client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "database": True,
        "receiving": True,
        "tick_age_s": 3.5,
        "deliveries_waiting": 2,
        **VERSIONS,
    }


@pytest.mark.parametrize(("trouble", "value"), [
    pytest.param("database", False, id="no database"),
    pytest.param("receiving", False, id="nothing comes in"),
    pytest.param("tick_age_s", LATE_TICK_S, id="nothing is planned"),
])  # fmt: skip
@pytest.mark.parametrize("path", ["/readyz", "/healthz"])
async def test_who_is_not_ready_says_what_is_wrong(path, trouble, value):
    async with asking(**{trouble: value}) as client:
        answer = await client.get(path)

    assert answer.status_code == 503
    assert answer.json()[trouble] == value


@pytest.mark.parametrize(("client", "is_told"), [
    pytest.param("127.0.0.1", True, id="this machine"),
    pytest.param("149.154.167.220", False, id="the internet, for it names a file"),
])  # fmt: skip
async def test_who_is_on_this_machine_is_told_why_nothing_can_be_written(client, is_told):
    problem = "The database /srv/town.db cannot grow: the disk is full; make room."
    async with asking((client, 1), database=False, problem=problem) as asked:
        answer = await asked.get("/readyz")

    assert answer.status_code == 503
    assert answer.json().get("problem") == (problem if is_told else None)


async def test_metrics_tell_what_was_seen():
    async with asking(database=False, tick_age_s=7, waiting=5, versions=VERSIONS) as client:
        answer = await client.get("/metrics")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found = {sample.name: sample for family in text_string_to_metric_families(answer.text) for sample in family.samples}
    assert found["minidorp_store_up"].value == 0
    assert found["minidorp_receiving"].value == 1
    assert found["minidorp_tick_age_seconds"].value == 7
    assert found["minidorp_deliveries_waiting"].value == 5
    assert found["minidorp_version_info"].labels == VERSIONS


@pytest.mark.parametrize(("client", "headers", "status"), [
    pytest.param("127.0.0.1", {}, 200, id="this machine"),
    pytest.param("::1", {}, 200, id="this machine, IPv6"),
    pytest.param("172.18.0.5", {}, 404, id="a container beside it, which may be a proxy that adds nothing"),
    pytest.param("149.154.167.220", {}, 404, id="the internet"),
    pytest.param("127.0.0.1", {"X-Forwarded-For": "149.154.167.220"}, 404, id="through a proxy"),
    pytest.param("127.0.0.1", {"Forwarded": "for=149.154.167.220"}, 404, id="through another proxy"),
    pytest.param("127.0.0.1", {"Via": "1.1 varnish"}, 404, id="through a cache"),
    pytest.param("127.0.0.1", {"CF-Connecting-IP": "149.154.167.220"}, 404, id="through a tunnel"),
    pytest.param("a-socket", {}, 404, id="nobody knows whence"),
])  # fmt: skip
async def test_metrics_are_for_this_machine(client, headers, status):
    async with asking((client, 1)) as asked:
        assert (await asked.get("/metrics", headers=headers)).status_code == status


@pytest.mark.parametrize(("client", "headers", "status"), [
    pytest.param("172.18.0.5", {"Authorization": "Bearer only-prometheus-knows"}, 200, id="a container that knows it"),
    pytest.param("127.0.0.1", {}, 404, id="this machine without it: a proxy that adds nothing looks the same"),
    pytest.param("127.0.0.1", {"Authorization": "Bearer another"}, 404, id="another"),
    pytest.param("127.0.0.1", {"Authorization": b"Bearer \xff"}, 404, id="what is no text"),
    pytest.param("127.0.0.1", {"Authorization": "only-prometheus-knows"}, 404, id="not as it is asked"),
])  # fmt: skip
async def test_with_a_token_metrics_are_for_whoever_brings_it(client, headers, status):
    async with asking((client, 1), token="only-prometheus-knows") as asked:
        assert (await asked.get("/metrics", headers=headers)).status_code == status


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nothing"])
async def test_every_answer_has_the_headers_that_keep_a_browser_from_doing_anything_with_it(path):
    async with asking() as client:
        answer = await client.get(path)

    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "server" not in answer.headers
