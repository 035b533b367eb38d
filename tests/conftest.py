"""What several rooms' tests share: the real knowledge, the real matcher, and a parent who talks to the real conversation."""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.agenda.schedules import Schedules
from bot.conversation.conversation import Conversation
from bot.conversation.message import Button, Kind, Message, Reply
from bot.knowledge.check import load
from bot.knowledge.model import Knowledge
from bot.matching.matcher import Matcher
from bot.matching.reader import Reader
from bot.reading.thread import InThread
from bot.redaction.words import OrdinaryWords, ordinary_words
from bot.settings import PREFIX
from bot.store.database import Store
from tests import postgres as postgresql
from tests import sqlite
from tests.agenda.files import UNDATED, write_schedules
from tests.knowledge.conftest import write_files

# Each client of httpx reads the list of authorities anew, which takes 40 ms; no test speaks to any of them.
ssl.create_default_context = cache(ssl.create_default_context)

ROOT = Path(__file__).parent.parent
EMPTY_SCHEDULES = {
    "places": "places: []\n",
    "meetups": "meetups: []\n",
    "announcements": "announcements: []\n",
    "team": "members: []\n",
    "tips": "tips: []\n",
}
NOW = datetime(2027, 3, 31, 2, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load(ROOT / "knowledge")


@pytest.fixture(scope="session")
def matcher(knowledge: Knowledge) -> Matcher:
    return Matcher.build(knowledge)


@pytest.fixture(scope="session")
def reader(matcher: Matcher, knowledge: Knowledge) -> InThread:
    return InThread(Reader(matcher, knowledge))


@pytest.fixture(scope="session")
def words(knowledge: Knowledge) -> OrdinaryWords:
    """The words that may stay in a question that is kept."""
    return ordinary_words(knowledge)


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgresql.Postgres]:
    """A server of PostgreSQL, started for the first test that wants it."""
    with postgresql.running() as server:
        yield server


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(sqlite.address(tmp_path / "minidorp.sqlite3"))
    yield store
    await store.close()


@pytest.fixture(scope="session")
def real_schedules(knowledge: Knowledge) -> Schedules:
    return Schedules(ROOT / "schedules", knowledge, NOW, timezone="Europe/Amsterdam", school_region="Noord")


@pytest.fixture
def conversation(knowledge: Knowledge, reader: InThread, store: Store, real_schedules: Schedules) -> Conversation:
    return Conversation(knowledge, reader, store, real_schedules, ZoneInfo("Europe/Amsterdam"))


@pytest.fixture(scope="session")
def small_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Forget the settings of whoever runs the tests, in the environment and in ``.env``; return the working folder."""
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def town(no_settings: Path, small_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A town with the small folders of curated files, and nothing else set; the matcher takes a second, once."""
    folder = write_files(no_settings / "knowledge")
    monkeypatch.setenv(f"{PREFIX}KNOWLEDGE", str(folder))
    monkeypatch.setenv(f"{PREFIX}SCHEDULES", str(write_schedules(no_settings / "schedules", UNDATED)))
    monkeypatch.setenv(f"{PREFIX}CACHE", str(small_cache))
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", f"sqlite+aiosqlite:///{no_settings / 'town.sqlite3'}")
    return folder


@dataclass
class Talker:
    """A parent at their phone: says things, presses buttons, and remembers the last replies."""

    conversation: Conversation
    chat_id: int = 7
    language: str | None = "nl"
    now: datetime = NOW
    replies: list[Reply] = field(default_factory=list)

    async def says(self, text: str) -> Talker:
        return await self.sends("text", text=text)

    async def commands(self, command: str, text: str = "") -> Talker:
        return await self.sends("command", text=text, command=command)

    async def presses(self, label: str) -> Talker:
        return await self.sends("button", data=self.button(label).data)

    async def sends(self, kind: Kind, *, text: str = "", command: str = "", data: str = "") -> Talker:
        message = Message(kind, text, command, data, self.language)
        self.replies = await self.conversation.respond(message, self.chat_id, self.now)
        return self

    @property
    def text(self) -> str:
        return "\n".join(part.text for reply in self.replies for part in reply.parts)

    @property
    def first_line(self) -> str:
        return self.text.splitlines()[0]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self._buttons()]

    def button(self, label: str) -> Button:
        found = [button for button in self._buttons() if label in button.label]
        assert found, f"no button with {label!r} among {self.labels}"
        return found[0]

    def _buttons(self) -> list[Button]:
        return [button for reply in self.replies for row in reply.buttons for button in row]


@pytest.fixture
def parent(conversation: Conversation) -> Talker:
    return Talker(conversation)
