"""Serving parents, and looking after what is kept."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import app, doctor, settings, terminal
from bot.cli.command_line import Language, plainly
from bot.store import backup as copies
from bot.store import moving
from bot.store.database import StoreError

commands = typer.Typer()


@commands.command()
def run() -> None:
    """Run the bot in Telegram until it is stopped. By polling, or by a webhook when MINIDORP_WEBHOOK_URL is set."""
    with plainly():
        app.run(settings.read())


@commands.command()
def chat(language: Language = None) -> None:
    """Talk with the bot here, without Telegram. Reads a message a line when the input is no terminal."""

    async def talk(chosen: settings.Settings) -> None:
        async with app.in_the_terminal(chosen) as conversation:
            await terminal.talk(conversation, language)

    with plainly():
        asyncio.run(talk(settings.read()))


@commands.command("doctor")
def examine(
    offline: Annotated[bool, typer.Option("--offline", help="Leave out what Telegram would have to tell.")] = False,
) -> None:
    """Say what is wrong, and how to mend it. Also what is in the way of going live."""
    with plainly():
        items = asyncio.run(doctor.examine(settings.read(), is_offline=offline))
    terminal.checklist([(item.part, item.is_well, item.is_needed, item.thing, item.remedy) for item in items])
    if not all(item.is_well for item in items if item.is_needed):
        raise typer.Exit(1)


@commands.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The new file, which only you may open.", metavar="FILE")],
) -> None:
    """Copy the database to a file, also while the bot runs."""
    with plainly():
        source = copies.back_up(settings.read().database_url.get_secret_value(), file, datetime.now(UTC))
    sys.stdout.write(f"{source} is copied to {file}, and checked ({file.stat().st_size // 1024} KiB).\n")


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that 'minidorp backup' made.", metavar="FILE")],
    while_running: Annotated[
        bool, typer.Option("--while-running", help="Also when the bot runs; it goes on with what is put back.")
    ] = False,
) -> None:
    """Put a copy of the database back. The one that was there is kept beside it."""
    with plainly():
        url = settings.read().database_url.get_secret_value()
        done = copies.restore(url, file, datetime.now(UTC), while_running=while_running)
    sys.stdout.write(f"{file} is put back, as it was on {done.as_of:%Y-%m-%d at %H:%M} (UTC).\n")
    sys.stdout.write(_what_it_means(done))


def _what_it_means(done: copies.Restored) -> str:
    """Return what whoever restored a copy has to know of those who asked to be forgotten."""
    if done.gone is None:
        told = (
            "Who asked after that to be forgotten, or to stop, is in it again, and nothing here tells who. Tell "
            "parents where you reach them that they can ask again: /vergeetmij, or stop.\n"
        )
    else:
        people, subscriptions = done.gone.people, done.gone.subscriptions
        told = f"Left out: people forgotten after that ({people}), subscriptions ended ({subscriptions}).\n"
        if people or subscriptions:
            told += "If they were lost by mistake, move the database away and restore again: then all comes back.\n"
    if done.kept:
        told += (
            f"What was there before is kept as {done.kept}. Remove it when all is well, within a month: who asks to be "
            "forgotten stays in it.\n"
        )
    return told


@commands.command()
def migrate(
    source: Annotated[str, typer.Option("--from", help="The database of the town.", metavar="URL")],
    target: Annotated[
        str | None,
        typer.Option("--to", help="An empty database; MINIDORP_DATABASE_URL when left out.", metavar="URL"),
    ] = None,
) -> None:
    """Move a town to another database. From SQLite to PostgreSQL, say: stop the bot first; the old one stays."""
    with plainly():
        try:
            to = target or settings.read().database_url.get_secret_value()
            moved = asyncio.run(moving.move(source, to))
        except StoreError as error:
            raise StoreError(str(error).replace("MINIDORP_DATABASE_URL", "--from or --to")) from error
    rows = [(one.table, f"{one.before:,}", f"{one.after:,}") for one in moved]
    rows.append(("all", f"{sum(one.before for one in moved):,}", f"{sum(one.after for one in moved):,}"))
    terminal.table("Moved", ("table", "rows before", "rows after"), rows)
    sys.stdout.write("Set MINIDORP_DATABASE_URL to the new database and start the bot. The old one was not changed.\n")
