"""The token, the secret of the webhook and the password of the database are told by nothing that the bot shows."""

from __future__ import annotations

import traceback

import pytest
from telegram.error import InvalidToken

from bot import metrics, settings
from bot.store.database import Store
from bot.store.errors import StoreError
from bot.telegram.client import Bot
from bot.telegram.errors import place
from bot.telegram.service import TelegramService
from bot.web.application import Webhook
from tests.test_cli import minidorp, sentence

TOKEN = "123456789:AAbbCCdd_eeFF-gghhIIjjKKllMMnnOOpp"
SECRET = "the-secret-of-the-webhook"
PASSWORD = "the-password-of-the-database"
EVERY = (TOKEN, TOKEN.split(":")[1], SECRET, PASSWORD)


@pytest.fixture
def every_secret(no_settings, monkeypatch):
    for name, value in {
        "TOKEN": TOKEN,
        "WEBHOOK_URL": "https://bot.example.org/telegram",
        "WEBHOOK_SECRET": SECRET,
        "DATABASE_URL": f"postgresql+asyncpg://town:{PASSWORD}@127.0.0.1:1/town",
    }.items():
        monkeypatch.setenv(f"MINIDORP_{name}", value)


def hides_everything(text: str) -> bool:
    return not any(secret in text for secret in EVERY)


async def nothing(*_: object) -> None:
    """Take an update."""


@pytest.mark.usefixtures("every_secret")
async def test_what_holds_a_secret_does_not_show_it_when_it_is_shown(store):
    chosen = settings.read()
    service = TelegramService(store=store, conversation=None, token=TOKEN, webhook_secret=SECRET)
    held = (
        chosen,
        chosen.model_dump(),
        Bot(TOKEN, "https://api.telegram.org"),
        service,
        service._application,
        Webhook("https://bot.example.org/telegram", SECRET, nothing),
    )

    for each in held:
        assert hides_everything(f"{each} {each!r}"), type(each)
    assert service._bot.token == TOKEN


def test_an_error_that_knows_a_secret_is_named_without_its_words():
    with pytest.raises(InvalidToken) as caught:
        raise InvalidToken(f"The token `{TOKEN}` was rejected by the server.")

    assert TOKEN in "".join(traceback.format_exception(caught.value))
    assert hides_everything(place(caught.value))


@pytest.mark.usefixtures("every_secret")
async def test_a_database_that_does_not_answer_is_told_without_its_password():
    with pytest.raises(StoreError) as caught:
        await Store.open(settings.read().database_url.get_secret_value())

    assert hides_everything(str(caught.value))


@pytest.mark.usefixtures("town", "every_secret")
@pytest.mark.parametrize("words", [("doctor", "--offline"), ("run",), ("backup", "copy.db"), ("check",)], ids=" ".join)
def test_no_command_tells_a_secret(words):
    result = minidorp(*words)

    assert hides_everything(result.output)
    assert "Traceback" not in result.output


def test_no_label_of_a_number_holds_anything_that_was_received():
    assert hides_everything(metrics.exposition().decode())
    labels = {name for family in metrics.REGISTRY.collect() for sample in family.samples for name in sample.labels}

    assert labels <= {"kind", "outcome", "le", "knowledge", "matcher"}


@pytest.mark.parametrize("line", [
    "MINIDORP_TOKEN=123456:ABC", "  minidorp_webhook_secret = 'only-telegram-knows'", "# mine\nexport MINIDORP_TOKEN=1:a\n",
    "MINIDORP_METRICS_TOKEN=only-prometheus-knows",
    "MINIDORP_DATABASE_URL=postgresql+asyncpg://minidorp:geheim@db/minidorp",
    'MINIDORP_DATABASE_URL = "postgresql://minidorp:ge/heim@db:5432/minidorp"',
    "MINIDORP_DATABASE_URL=postgresql://db/minidorp?user=minidorp&password=geheim",
])  # fmt: skip
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_of_settings_with_a_secret_that_others_may_read_is_refused(town, monkeypatch, line, mode):
    path = town.parent / ".env"
    path.write_text(f"{line}\n", encoding="utf-8")
    path.chmod(mode)
    monkeypatch.setenv("MINIDORP_TOKEN", TOKEN)
    monkeypatch.setenv("MINIDORP_KNOWLEDGE", "nowhere")  # so that it ends, whatever it thinks of the file

    told = sentence(minidorp("run"), 2)

    assert "the file .env holds a secret" in told
    assert "chmod 600 .env" in told


@pytest.mark.parametrize(("line", "mode"), [
    pytest.param("MINIDORP_TOKEN=123456:ABC", 0o600, id="closed"),
    pytest.param("MINIDORP_WEB_PORT=80\nMINIDORP_TOKEN=\n#MINIDORP_TOKEN=1:a", 0o644, id="without a secret"),
    pytest.param("MINIDORP_DATABASE_URL=sqlite+aiosqlite:////var/lib/minidorp/town.db", 0o644, id="a file's address"),
    pytest.param("MINIDORP_DATABASE_URL=postgresql://minidorp@db:5432/minidorp", 0o644, id="without a password"),
    pytest.param("#MINIDORP_DATABASE_URL=postgresql://me:geheim@db/minidorp", 0o644, id="a remark"),
])  # fmt: skip
def test_a_file_of_settings_that_is_closed_or_holds_no_secret_is_fine(no_settings, line, mode):
    path = no_settings / ".env"
    path.write_text(f"{line}\n", encoding="utf-8")
    path.chmod(mode)

    settings.refuse_open_file()


def test_without_a_file_of_settings_there_is_nothing_to_refuse(no_settings):
    settings.refuse_open_file()
