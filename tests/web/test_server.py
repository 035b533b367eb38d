"""The server begins and ends with the bot, says in one sentence what is wrong, and leaves the signals alone."""

from __future__ import annotations

import asyncio
import signal
import socket

import httpx
import pytest

from bot.web.application import Health, Webhook, application
from bot.web.server import WebError, WebServer


async def well() -> Health:
    return Health(database=True, receiving=True)


async def test_it_answers_while_it_runs_and_not_after():
    server = WebServer(application(well), "127.0.0.1", 0)
    port = await server.start()

    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
        await server.stop()
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{port}/healthz")


async def test_a_hundred_visitors_who_never_finish_asking_keep_nobody_waiting():
    server = WebServer(application(well), "127.0.0.1", 0)
    port = await server.start()
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
    for _, writer in slow:
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: ")

    async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
        assert (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200

    for _, writer in slow:
        writer.close()
        await writer.wait_closed()
    await server.stop()


async def test_a_port_in_use_is_one_sentence_that_names_the_setting():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(WebError, match=rf"Port {port} on 127\.0\.0\.1 .*MINIDORP_WEB_PORT"):
            await WebServer(application(well), "127.0.0.1", port).start()


@pytest.mark.parametrize(("host", "port"), [
    pytest.param("no.such.host.invalid", 8080, id="a host that does not exist"),
    pytest.param("192.0.2.1", 8080, id="a host that is another machine"),
    pytest.param("127.0.0.1", 70_000, id="a port that does not exist"),
])  # fmt: skip
async def test_a_place_that_is_not_ours_is_one_sentence_that_names_the_setting(host, port):
    with pytest.raises(WebError, match="MINIDORP_WEB_PORT"):
        await WebServer(application(well), host, port).start()


async def test_the_signals_stay_with_the_bot():
    before = signal.getsignal(signal.SIGTERM)
    server = WebServer(application(well), "127.0.0.1", 0)
    port = await server.start()
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(f"http://127.0.0.1:{port}/healthz")

    assert signal.getsignal(signal.SIGTERM) is before
    await server.stop()


async def test_what_is_being_delivered_is_finished_when_the_server_stops():
    begun, go_on, taken = asyncio.Event(), asyncio.Event(), []

    async def accept(update) -> None:
        begun.set()
        await go_on.wait()
        taken.append(update)

    server = WebServer(application(well, Webhook("http://bot/hook", "s", accept)), "127.0.0.1", 0)
    port = await server.start()
    async with httpx.AsyncClient(trust_env=False) as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": "s"}
        delivery = asyncio.create_task(
            client.post(f"http://127.0.0.1:{port}/hook", headers=headers, json={"update_id": 1})
        )
        await begun.wait()
        stopping = asyncio.create_task(server.stop())
        go_on.set()

        assert (await delivery).status_code == 200
        await stopping
    assert taken == [{"update_id": 1}]


async def half_a_delivery(port: int) -> asyncio.StreamWriter:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "POST /hook HTTP/1.1\r\nHost: bot\r\nX-Telegram-Bot-Api-Secret-Token: s\r\nContent-Length: 99\r\n\r\n{"
    writer.write(head.encode())
    await writer.drain()
    return writer


async def test_a_delivery_that_is_cut_off_halfway_is_nothing_to_log(caplog):
    ended = asyncio.Event()

    async def noted(scope, receive, send) -> None:
        await served(scope, receive, send)
        ended.set()

    served = application(well, Webhook("http://bot/hook", "s", never))
    server = WebServer(noted, "127.0.0.1", 0)
    port = await server.start()

    (await half_a_delivery(port)).close()
    await asyncio.wait_for(ended.wait(), 5)
    await server.stop()

    assert caplog.text == ""


async def test_what_does_not_come_to_an_end_when_the_server_stops_is_to_come_again(caplog, monkeypatch):
    monkeypatch.setattr("bot.web.server.GRACE_S", 0)
    begun = asyncio.Event()

    async def noted(scope, receive, send) -> None:
        begun.set()
        await served(scope, receive, send)

    served = application(well, Webhook("http://bot/hook", "s", never))
    server = WebServer(noted, "127.0.0.1", 0)
    half = await half_a_delivery(await server.start())
    await begun.wait()

    await server.stop()

    assert "Traceback" not in caplog.text
    half.close()


async def never(_update: object) -> None:
    await asyncio.Event().wait()
