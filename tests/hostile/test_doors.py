"""The other doors: pages and calendars on the web, the webhook, and the conversation in a terminal."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest
from rich.console import Console

from bot.conversation.message import Message
from bot.model import Privacy
from bot.terminal import bubbles, understood
from bot.web.agenda import Public
from bot.web.application import LARGEST_BODY_BYTES, Health, Webhook, application
from tests.hostile.corpus import PIECES
from tests.hostile.test_updates import on_a_file  # noqa: F401 - a fixture
from tests.hostile.town import NOW

SECRET = "only-telegram-knows"
EVERY = [piece for pieces in PIECES.values() for piece in pieces]


@pytest.fixture
async def visitor(on_a_file, knowledge):  # noqa: F811
    async def well() -> Health:
        return Health(database=True, receiving=True)

    async def accept(update):
        await on_a_file.receiver.accept([update])

    conversation = on_a_file.conversation
    public = Public(
        conversation.schedules, on_a_file.store, knowledge.neighbourhoods, knowledge.town, False, None, lambda: None,
        lambda: NOW, Privacy("privacy@example.org", 9),
    )  # fmt: skip
    transport = httpx.ASGITransport(application(well, Webhook("https://bot/hook", SECRET, accept), public))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        yield client


async def test_no_address_is_too_strange(visitor):
    forms = ("/agenda/{}", "/agenda/{}.ics", "/agenda?taal={}", "/agenda/stadshagen.ics?taal={}", "/{}")
    for number, piece in enumerate(EVERY):
        strange = quote(piece[:2000].encode("utf-8", "replace"), safe="")
        address = forms[number % len(forms)].format(strange)
        answer = await visitor.get(address)

        assert answer.status_code in (200, 404), address
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text


@pytest.mark.parametrize("since", ["Thu, 01 Jan 99999999999999 00:00:00 GMT", "x", "", "Mon, 99 Foo 0000 99:99:99 +9999", "Thu, 01 Jan 2027 00:00:00 +99999999"])  # fmt: skip
async def test_no_header_is_too_strange(visitor, since):
    answer = await visitor.get("/agenda/stadshagen.ics", headers={"If-Modified-Since": since})

    assert answer.status_code == 200


@pytest.mark.parametrize(("body", "status"), [
    pytest.param(b"[" * 100_000, 400, id="nested without an end"),
    pytest.param(b'{"update_id": ' + b"9" * 5000 + b"}", 400, id="a number of 5000 digits"),
    pytest.param(b'\xff\xfe{"update_id": 1}', 400, id="another encoding"),
    pytest.param(b"", 400, id="nothing at all"),
    # Whoever knows the secret is Telegram, which would bring what it made ever again.
    pytest.param(b'{"update_id": 1e999}', 200, id="infinity"),
    pytest.param(b'{"update_id": NaN}', 200, id="no number"),
    pytest.param(b"null", 200, id="nothing"),
    pytest.param(json.dumps([{"update_id": 1}]).encode(), 200, id="several at once"),
])  # fmt: skip
async def test_what_is_no_update_is_not_kept(visitor, on_a_file, body, status):  # noqa: F811
    answer = await visitor.post("/hook", content=body, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})

    assert answer.status_code == status
    assert await on_a_file.unfinished() == 0
    on_a_file.check()


async def test_what_is_too_long_is_not_read(visitor):
    body = b'{"update_id": 1, "message": "' + b"x" * LARGEST_BODY_BYTES + b'"}'

    answer = await visitor.post("/hook", content=body, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})

    assert answer.status_code == 413


async def test_a_terminal_shows_what_was_typed_and_does_not_obey_it(on_a_file):  # noqa: F811
    now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    for piece in (
        *PIECES["terminal"],
        *PIECES["control"],
        *PIECES["surrogates"],
        "/aankondiging \x1b[2J[bold red]weg[/]",
    ):
        shown = io.StringIO()
        message = understood(piece, [], "nl") or Message("text", piece)
        for bubble in bubbles(await on_a_file.conversation.respond(message, 1, now)):
            Console(file=shown, width=100).print(bubble)

        assert shown.getvalue()
        assert "\x1b" not in shown.getvalue()
