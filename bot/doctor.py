"""What is wrong with an installation, and how to mend it: looked at one after the other, nothing changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.app import in_the_way_of_live
from bot.checking import check_all
from bot.knowledge.load import read_files
from bot.knowledge.model import Knowledge
from bot.settings import PREFIX, Settings
from bot.store.database import Store, StoreError


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was looked at; what is not ``is_needed`` is only in the way of live mode."""

    is_well: bool
    thing: str
    remedy: str = ""
    is_needed: bool = True


async def examine(settings: Settings) -> list[Item]:
    """Return everything that was looked at, well or not."""
    files = read_files(settings.knowledge)
    return [
        *_token(settings),
        *_curated(settings),
        await _database(settings),
        *(_live(files.knowledge()) if files.is_whole() else ()),
    ]


def _token(settings: Settings) -> Iterator[Item]:
    token = settings.token.get_secret_value() if settings.token else ""
    if not token:
        yield Item(False, "no Telegram token is set", f"ask @BotFather for one and set {PREFIX}TOKEN")
    else:
        is_like_one = bool(re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token))
        yield Item(
            is_like_one, "the Telegram token has the right form", f"{PREFIX}TOKEN looks like 123456:ABC…; copy it again"
        )


def _curated(settings: Settings) -> Iterator[Item]:
    mistakes = check_all(settings.knowledge)
    errors = sum(mistake.level == "error" for mistake in mistakes)
    warnings = len(mistakes) - errors
    yield Item(
        not errors,
        f"curated files in {settings.knowledge}: {errors} errors, {warnings} warnings",
        "run 'minidorp check'",
    )


async def _database(settings: Settings) -> Item:
    try:
        store = await Store.open(settings.database_url.get_secret_value())
    except StoreError as error:
        return Item(False, "the database cannot be opened", str(error))
    await store.close()
    return Item(True, "the database opens and is up to date")


def _live(knowledge: Knowledge) -> Iterator[Item]:
    today = datetime.now(UTC).date()
    every = list(knowledge.answers())
    signed = sum(knowledge.is_signed(answer, "nl", today) for answer in every)
    yield Item(
        signed == len(every),
        f"{signed} of {len(every)} answers are signed off in Dutch",
        "a professional reads one with 'minidorp review ID --role …'; live mode hides the others",
        is_needed=False,
    )
    for missing in in_the_way_of_live(knowledge):
        yield Item(False, f"not ready for live mode: {missing}", "see README, 'Going live'", is_needed=False)
