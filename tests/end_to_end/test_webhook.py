"""The bot behind a webhook: one process for all tests here."""

from __future__ import annotations

import shutil

import httpx
import pytest

from tests.end_to_end.conftest import ROOT, SECRET, Program, free_port, health, new_chat, small_town
from tests.fake_telegram import updates


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module", autouse=True)
def program(telegram, small_cache, tmp_path_factory, port):
    folder = tmp_path_factory.mktemp("webhook")
    files = small_town(folder, small_cache)
    shutil.copy(ROOT / "knowledge" / "neighbourhoods.yaml", folder / "knowledge")
    program = Program(
        folder,
        telegram,
        is_forked=True,
        **files,
        WEB_PORT=port,
        WEBHOOK_URL=f"http://127.0.0.1:{port}/telegram/hook",
        WEBHOOK_SECRET=SECRET,
    ).wait_until_it_receives()
    yield program
    program.end()


@pytest.fixture
def deliver(port):
    """Deliver an update ourselves, as Telegram would, or as somebody else."""

    def deliver(update: object, secret: str = SECRET) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        url = f"http://127.0.0.1:{port}/telegram/hook"
        return httpx.post(url, json=update, headers=headers, trust_env=False).status_code

    return deliver


def question(telegram, update_id: int) -> tuple[int, dict]:
    chat = new_chat()
    telegram.world.chats[chat] = "private"
    return chat, {"update_id": update_id, "message": updates.message(chat, "/help")}


def settled(telegram) -> None:
    """Wait until what was delivered before is handled: a message that came later is answered."""
    chat = new_chat()
    telegram.says(chat, "/help")
    telegram.wait_for_texts(1, chat)


def test_telegram_delivers_and_the_parent_is_answered(telegram, port):
    chat = new_chat()

    telegram.says(chat, "/help")

    assert len(telegram.wait_for_texts(1, chat)) == 1
    assert telegram.delivery.statuses[-1] == 200
    assert health(port).status_code == 200


def test_an_update_that_is_delivered_again_is_answered_once(telegram, deliver, port):
    chat, update = question(telegram, 50_000)

    assert [deliver(update) for _ in range(3)] == [200, 200, 200]
    telegram.wait_for_texts(1, chat)
    assert deliver(update) == 200
    settled(telegram)

    assert len(telegram.sent(chat)) == 1


def test_an_update_that_is_delivered_late_is_answered_too(telegram, deliver):
    later, second = question(telegram, 60_001)
    earlier, first = question(telegram, 60_000)

    assert [deliver(second), deliver(first)] == [200, 200]

    assert telegram.wait_for_texts(1, later)
    assert telegram.wait_for_texts(1, earlier)


def test_whoever_does_not_know_the_secret_is_sent_away(telegram, deliver, port):
    chat, update = question(telegram, 70_000)

    assert deliver(update, secret="a guess") == 401
    assert deliver(update, secret="") == 401
    settled(telegram)

    assert telegram.sent(chat) == []


def test_what_is_no_update_is_left_out_and_harms_nobody(telegram, deliver, program):
    assert [deliver(update) for update in ({}, [], "x", {"update_id": "x"})] == [200] * 4

    settled(telegram)
    assert "it is left out" in program.output


def test_nothing_is_polled(telegram):
    assert "getUpdates" not in telegram.calls


def test_the_agenda_is_served_beside_it_and_knows_the_way_to_the_bot(port):
    page = httpx.get(f"http://127.0.0.1:{port}/agenda", trust_env=False)
    calendar = httpx.get(f"http://127.0.0.1:{port}/agenda/alles.ics", trust_env=False)

    assert page.status_code == 200
    assert "https://t.me/minidorp_bot" in page.text
    assert f"http://127.0.0.1:{port}/agenda/stadshagen" in page.text
    assert calendar.status_code == 200
    assert calendar.text.startswith("BEGIN:VCALENDAR\r\n")
