"""A town with one series of meetings, a real outbox, and hands that send without Telegram."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.agenda.model import Meetup, Occurrence
from bot.reminders.deliver import Deliverer, Outcome
from bot.store import subscriptions, tables
from bot.store.database import Store
from bot.store.deliveries import Delivery
from tests.store import conftest as both_databases

backend, store, url = both_databases.backend, both_databases.store, both_databases.url

ZONE = ZoneInfo("Europe/Amsterdam")
TEXT = {"nl": "Koffie", "en": "Coffee"}
LONG_AGO = datetime(2026, 9, 1, tzinfo=UTC)
SERIES = Meetup.model_validate({
    "id": "koffie", "summary": TEXT, "neighbourhood": "stadshagen", "place": "kantine", "audience": TEXT,
    "ages": (0, 48), "cost": TEXT, "when": "elke woensdag", "from_time": "09:30", "until_time": "11:30",
    "start": date(2026, 9, 2),
})  # fmt: skip


def local(text: str) -> datetime:
    """Return the moment at which the clock on the wall in Zwolle shows this."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def meeting(starts: str = "2027-03-31 09:30", **more: object) -> Occurrence:
    starts_at = datetime.fromisoformat(starts).replace(tzinfo=ZONE)
    values = {"series": SERIES, "on": starts_at.date(), "place": "kantine", "starts_at": starts_at}
    return Occurrence(**{**values, "ends_at": starts_at + timedelta(hours=2), **more})


async def follow(store: Store, *chats: int, subject: str = "koffie", kind: str = "meetup", **settings: object) -> None:
    """Let parents follow something, since long ago."""
    async with store.writing() as connection:
        for chat in chats:
            await subscriptions.follow(connection, chat, kind, subject, LONG_AGO)
            if settings:
                of = tables.parents
                await connection.execute(of.update().where(of.c.chat_id == chat).values(**settings))


async def rows(store: Store, *columns: str) -> list[tuple]:
    """Return columns of every row of the outbox, in order of chats."""
    of = tables.deliveries.c
    async with store.reading() as connection:
        found = await connection.execute(select(*(of[name] for name in columns)).order_by(of.chat_id, of.id))
    return [tuple(row) for row in found]


async def reachable(store: Store, chat: int) -> bool:
    of = tables.parents.c
    async with store.reading() as connection:
        found = (await connection.execute(select(of.unreachable_at).where(of.chat_id == chat))).one()
    return found.unreachable_at is None


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Hands:
    """Sends by writing down; ``outcomes`` is what becomes of the next messages of a chat."""

    sent: list[tuple[int, str]] = field(default_factory=list)
    outcomes: dict[int, list[Outcome]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    pauses: list[float] = field(default_factory=list)
    is_away: int = 0
    """How often Telegram will still not answer when asked whether it is there."""

    async def is_there(self) -> bool:
        if self.is_away:
            self.is_away -= 1
            return False
        return True

    async def compose(self, delivery: Delivery, now: datetime) -> str | None:
        if delivery.subject == "broken":
            raise RuntimeError("een geheim van een ouder")
        return None if delivery.subject in self.silent else f"{delivery.kind} {delivery.subject}"

    async def send(self, chat_id: int, said: str) -> Outcome:
        waiting = self.outcomes.get(chat_id)
        outcome = waiting.pop(0) if waiting else Outcome("sent")
        if outcome.kind == "sent":
            self.sent.append((chat_id, said))
        return outcome

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock(local("2027-03-30 19:00"))


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def deliverer(store, hands, clock) -> Deliverer[str]:
    made = Deliverer(
        store, hands.compose, hands.send, zone=ZONE, clock=clock, pause=hands.pause, is_there=hands.is_there
    )
    made.may_send_until = datetime(2100, 1, 1, tzinfo=UTC)
    return made
