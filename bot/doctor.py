"""What is wrong with an installation, and how to mend it: looked at one after the other, nothing changed.

That the database can be written is seen by writing what stands there already; its tables stay of the version they are.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.alerts import findings
from bot.alerts.alert import Alert
from bot.app import needed_for_live, schedules, vanished_meetings
from bot.checking import check_all
from bot.knowledge.load import read_files
from bot.knowledge.mistakes import Mistake
from bot.knowledge.model import Knowledge
from bot.settings import OTHERS, PREFIX, TOKEN, Settings, is_open_with_a_secret
from bot.store import backup, heartbeats
from bot.store.database import Store, StoreError, file_of, missing_file
from bot.store.migrate import BehindError
from bot.telegram.errors import TelegramFailure
from bot.telegram.looking import AwayError, Seen, look

CLOCK_MAY_BE_OFF = timedelta(seconds=30)
"""Reminders go out by the minute; beyond this, people notice."""
MANY_PENDING = 100
"""More updates than this wait only when nobody takes them."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was looked at, under the heading ``part``.

    What is not ``is_needed`` does not keep the bot from running, and may be in the way of live mode.
    """

    part: str
    is_well: bool
    thing: str
    remedy: str = ""
    is_needed: bool = True


async def examine(settings: Settings, *, is_offline: bool = False) -> list[Item]:
    """Return everything that was looked at, well or not; ``is_offline`` leaves out what Telegram would have to tell."""
    files = read_files(settings.knowledge)
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    mistakes = check_all(settings, today)
    is_usable = files.is_whole() and not any(mistake.level == "error" for mistake in mistakes)
    token = _token(settings)
    return [
        token,
        *_settings(settings),
        *(await _telegram(settings) if token.is_well and not is_offline else ()),
        *await _database(settings),
        *_kept_by_a_restore(settings),
        *_disk(settings),
        _curated(settings, mistakes),
        *(_team(settings, files.knowledge()) if is_usable else ()),
        *(await _attention(settings, files.knowledge(), today) if is_usable else ()),
        *(_live(settings, files.knowledge(), today) if is_usable else ()),
    ]


def _token(settings: Settings) -> Item:
    token = settings.token.get_secret_value().strip() if settings.token else ""
    if not token:
        return Item("Settings", False, "no Telegram token is set", f"ask @BotFather for one and set {PREFIX}TOKEN")
    is_like_one = bool(TOKEN.fullmatch(token))
    thing = f"the Telegram token {'has' if is_like_one else 'does not have'} the right form"
    return Item("Settings", is_like_one, thing, f"{PREFIX}TOKEN looks like 123456:ABC…; copy it again")


def _settings(settings: Settings) -> Iterator[Item]:
    lines = Path(".env")
    if lines.is_file():
        is_closed = not stat.S_IMODE(lines.stat().st_mode) & OTHERS
        is_refused = is_open_with_a_secret(lines)
        thing = f"the file .env may {'only be read by its owner' if is_closed else 'be used by others'}"
        thing += ", and holds a secret" if is_refused else ""
        yield Item("Settings", is_closed, thing, "close it: chmod 600 .env", is_needed=is_refused)
    if settings.webhook_url:
        is_safe = settings.webhook_url.startswith("https://")
        thing = f"Telegram is asked to deliver to {settings.webhook_url}"
        yield Item("Settings", is_safe, thing, f"Telegram only takes https; correct {PREFIX}WEBHOOK_URL")


async def _telegram(settings: Settings) -> list[Item]:
    try:
        seen = await look(settings.needed_token(), settings.api_url)
    except TelegramFailure as error:
        remedy = f"copy it again from @BotFather into {PREFIX}TOKEN; it may have been revoked"
        return [Item("Telegram", False, str(error), remedy)]
    except AwayError as error:
        remedy = f"see that this machine reaches {settings.api_url}; --offline leaves this out"
        return [Item("Telegram", False, str(error), remedy, is_needed=False)]
    return [Item("Telegram", True, f"Telegram knows the bot as @{seen.username}"), *_delivery(settings, seen)]


def _delivery(settings: Settings, seen: Seen) -> Iterator[Item]:
    wanted = settings.webhook_url or ""
    if not seen.webhook_url:
        thing = "Telegram waits to be asked for messages"
        yield Item("Telegram", True, thing + (", until the next start sets the webhook" if wanted else ""))
    else:
        thing = f"Telegram delivers to {seen.webhook_url}"
        remedy = "the next start of the bot with these settings corrects it; is another program using this token?"
        yield Item("Telegram", seen.webhook_url == wanted, thing, remedy, is_needed=False)
    waits = f"{seen.pending} updates wait at Telegram"
    remedy = "the bot does not run, or cannot be reached; start it, or look at its log"
    yield Item("Telegram", seen.pending <= MANY_PENDING, waits, remedy, is_needed=False)
    if seen.last_error and seen.last_error_at:
        at = seen.last_error_at.astimezone(ZoneInfo(settings.timezone))
        thing = f"the last delivery that failed was at {at:%Y-%m-%d %H:%M}: {seen.last_error}"
        remedy = "when it is of today, look at the proxy, its certificate, and whether the bot runs"
        yield Item("Telegram", False, thing, remedy, is_needed=False)
    if seen.clock_ahead is not None:
        off = seen.clock_ahead.total_seconds()
        is_right = abs(seen.clock_ahead) <= CLOCK_MAY_BE_OFF
        thing = (
            "the clock agrees with Telegram's"
            if is_right
            else f"the clock is {abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} Telegram's"
        )
        yield Item(
            "Telegram", is_right, thing, "let the machine set its clock: timedatectl set-ntp true", is_needed=False
        )


def _curated(settings: Settings, mistakes: list[Mistake]) -> Item:
    errors = sum(mistake.level == "error" for mistake in mistakes)
    warnings = len(mistakes) - errors
    return Item(
        "Content",
        not errors,
        f"curated files in {settings.knowledge} and {settings.schedules}: {errors} errors, {warnings} warnings",
        "run 'minidorp check'",
    )


def _team(settings: Settings, knowledge: Knowledge) -> Iterator[Item]:
    """Tell who could do what with a phone: whoever has it in their hands, has the rights of its owner."""
    members = schedules(settings, knowledge).agenda.team.members
    everywhere = [member.neighbourhoods == () for member in members if member.role == "coordinator"]
    if everywhere:
        thing = f"coordinators who may change meetings and write to parents: {len(everywhere)}"
        thing += f", of whom {sum(everywhere)} in every wijk; is a phone lost, take its line out of team.yaml"
        yield Item("Content", True, thing)


async def _database(settings: Settings) -> list[Item]:
    url = settings.database_url.get_secret_value()
    now = datetime.now(UTC)
    try:
        missing = missing_file(url)
        if missing:
            return [_place_for(missing)]
        store = await Store.open_as_it_is(url)
        try:
            async with store.reading() as connection:
                planned_at = await heartbeats.last(connection, heartbeats.PLANNED)
                copied_at = await heartbeats.last(connection, heartbeats.COPIED)
            await store.try_writing()
        finally:
            await store.close()
    except BehindError as error:
        remedy = "nothing was changed; make a copy before that start: minidorp backup FILE"
        return [Item("Store", error.step is None, str(error).rstrip("."), remedy, is_needed=False)]
    except StoreError as error:
        return [Item("Store", False, "the database cannot be opened or written", str(error))]
    path = file_of(url)
    size = f" ({_size(path)})" if path else ""
    return [
        Item("Store", True, f"the database{f' {path}' if path else ''} opens, can be written and is up to date{size}"),
        *_planned(planned_at, now),
        *(_alerted("Store", alert) for alert in findings.copies(copied_at, now, settings.backup_within_days)),
    ]


def _kept_by_a_restore(settings: Settings) -> Iterator[Item]:
    """Name what restores kept: nothing else takes it away, and whoever asks to be forgotten stays in it."""
    try:
        path = file_of(settings.database_url.get_secret_value())
    except StoreError:
        return
    for kept in backup.kept_by_restores(path) if path else ():
        thing = f"a restore kept the database that was there before as {kept}; who asks to be forgotten stays in it"
        yield Item("Store", False, thing, f"when all is well, or after a month: rm {kept}", is_needed=False)


def _planned(last: datetime | None, now: datetime) -> Iterator[Item]:
    """Tell when a running bot looked last which reminders are due; nothing where no bot ever ran."""
    if last is not None:
        is_well = now - last < findings.SILENT_AFTER
        thing = f"a running bot looked {_ago(now - last)} which reminders are due"
        yield Item("Store", is_well, thing, "start the bot, or look at its log", is_needed=False)


def _ago(age: timedelta) -> str:
    if age < timedelta(minutes=1):
        return "just now"
    for unit, length in (("days", timedelta(days=1)), ("hours", timedelta(hours=1)), ("minutes", timedelta(minutes=1))):
        if age >= 2 * length:
            return f"{age // length} {unit} ago"
    return "a minute ago"


async def _attention(settings: Settings, knowledge: Knowledge, today: date) -> list[Item]:
    """Return what the team is told of, and that there is nobody to tell."""
    agenda = schedules(settings, knowledge)
    found = [*findings.sign_offs(knowledge, today), *findings.numbers(knowledge, today)]
    with suppress(StoreError):  # That it cannot be read stands under "Store".
        found += await vanished_meetings(settings, agenda)
    items = [_alerted("Content", alert) for alert in found]
    if agenda.agenda.team.team_chat is None:
        thing = "nobody is told when something needs a person: team.yaml names no team_chat"
        remedy = (
            "make a group in Telegram with the team and the bot, and write its number there; see README, 'Running it'"
        )
        items.append(Item("Content", False, thing, remedy, is_needed=False))
    return items


def _alerted(part: str, alert: Alert) -> Item:
    problem, remedy = (alert.said(sentence, "en").rstrip(".") for sentence in (alert.problem, alert.remedy))
    return Item(part, False, problem, remedy, is_needed=False)


def _place_for(path: Path) -> Item:
    """Tell whether the first start can make the database ``path``; it is not made here, by another user perhaps."""
    nearest = _nearest(path)
    return Item(
        "Store",
        nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK),
        f"the database {path} is not there yet; the first start makes it",
        f"give this user the right to write in {nearest}, or name another file in {PREFIX}DATABASE_URL",
    )


def _disk(settings: Settings) -> Iterator[Item]:
    try:
        path = file_of(settings.database_url.get_secret_value())
    except StoreError:
        return
    if path:
        free = shutil.disk_usage(_nearest(path)).free // 2**20
        remedy = f"make room; below {findings.LITTLE_MIB} MiB a copy or an update may not fit"
        shown = f"{free} MiB" if free < 10_240 else f"{free // 1024} GiB"
        yield Item("Store", free >= findings.LITTLE_MIB, f"{shown} of the disk are free", remedy, is_needed=False)


def _nearest(path: Path) -> Path:
    return next(parent for parent in path.absolute().parents if parent.exists())


def _size(path: Path) -> str:
    kib = path.stat().st_size / 1024
    return f"{kib:.0f} KiB" if kib < 1024 else f"{kib / 1024:.1f} MiB"


def _live(settings: Settings, knowledge: Knowledge, today: date) -> Iterator[Item]:
    mode = "on: parents rely on it" if settings.live else f"off: a trial, until {PREFIX}LIVE=true"
    yield Item("Going live", True, f"live mode is {mode}")
    every = list(knowledge.answers())
    signed = sum(knowledge.is_signed(answer, "nl", today) for answer in every)
    yield Item(
        "Going live",
        signed == len(every),
        f"{signed} of {len(every)} answers are signed off in Dutch",
        "a professional reads one with 'minidorp review ID --role …'; live mode hides the others",
        is_needed=False,
    )
    for needed in needed_for_live(knowledge, schedules(settings, knowledge).agenda, settings.privacy_contact):
        thing = needed.met if needed.is_met else f"not ready for live mode: {needed.missing}"
        # In live mode it does not start without.
        yield Item("Going live", needed.is_met, thing, needed.remedy, is_needed=settings.live)
