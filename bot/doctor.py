"""What is wrong with an installation, and how to mend it: looked at one after the other, nothing changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import in_the_way_of_live, schedules
from bot.checking import check_all
from bot.knowledge.load import read_files
from bot.knowledge.mistakes import Mistake
from bot.knowledge.model import Knowledge
from bot.settings import PREFIX, TOKEN, Settings
from bot.store.database import Store, StoreError, missing_file


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
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    mistakes = check_all(settings, today)
    is_usable = files.is_whole() and not any(mistake.level == "error" for mistake in mistakes)
    return [
        *_token(settings),
        _curated(settings, mistakes),
        await _database(settings),
        *(_live(settings, files.knowledge(), today) if is_usable else ()),
    ]


def _token(settings: Settings) -> Iterator[Item]:
    token = settings.token.get_secret_value().strip() if settings.token else ""
    if not token:
        yield Item(False, "no Telegram token is set", f"ask @BotFather for one and set {PREFIX}TOKEN")
    else:
        is_like_one = bool(TOKEN.fullmatch(token))
        thing = f"the Telegram token {'has' if is_like_one else 'does not have'} the right form"
        yield Item(is_like_one, thing, f"{PREFIX}TOKEN looks like 123456:ABC…; copy it again")


def _curated(settings: Settings, mistakes: list[Mistake]) -> Item:
    errors = sum(mistake.level == "error" for mistake in mistakes)
    warnings = len(mistakes) - errors
    return Item(
        not errors,
        f"curated files in {settings.knowledge} and {settings.schedules}: {errors} errors, {warnings} warnings",
        "run 'minidorp check'",
    )


async def _database(settings: Settings) -> Item:
    try:
        url = settings.database_url.get_secret_value()
        missing = missing_file(url)
        if missing:
            return _place_for(missing)
        store = await Store.open(url)
    except StoreError as error:
        return Item(False, "the database cannot be opened", str(error))
    await store.close()
    return Item(True, "the database opens and is up to date")


def _place_for(path: Path) -> Item:
    """Tell whether the first start can make the database ``path``; it is not made here, by another user perhaps."""
    nearest = next(parent for parent in path.absolute().parents if parent.exists())
    return Item(
        nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK),
        f"the database {path} is not there yet; the first start makes it",
        f"give this user the right to write in {nearest}, or name another file in {PREFIX}DATABASE_URL",
    )


def _live(settings: Settings, knowledge: Knowledge, today: date) -> Iterator[Item]:
    every = list(knowledge.answers())
    signed = sum(knowledge.is_signed(answer, "nl", today) for answer in every)
    yield Item(
        signed == len(every),
        f"{signed} of {len(every)} answers are signed off in Dutch",
        "a professional reads one with 'minidorp review ID --role …'; live mode hides the others",
        is_needed=False,
    )
    for missing in in_the_way_of_live(knowledge, schedules(settings, knowledge).agenda, settings.privacy_contact):
        yield Item(False, f"not ready for live mode: {missing}", "see README, 'Going live'", is_needed=False)
