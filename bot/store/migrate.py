"""Bring a database to the newest migration, inside the program and in the caller's transaction."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from bot.store.errors import StoreError
from bot.store.locks import MIGRATING

MIGRATIONS = Path(__file__).parent / "migrations"


class BehindError(StoreError):
    """Steps are missing that the next start takes. ``step`` is where the database stands, None when it is empty."""

    def __init__(self, step: str | None, newest: str | None) -> None:
        self.step = step
        super().__init__(
            "The database has no tables yet; the first start of the bot makes them."
            if step is None
            else f"The database is of an older Minidorp (step {step}); the next start of the bot takes it to step "
            f"{newest}, after which the older one cannot use it."
        )


def migrate(connection: Connection) -> None:
    """Take every step that is missing; all of them happen, or none.

    Raises:
        StoreError: If the database was made by a newer Minidorp.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if connection.dialect.name == "postgresql":
        # Two processes that start together: one makes the tables, the other waits and finds them.
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
    config = _config()
    config.attributes["connection"] = connection
    if _missing(connection):
        command.upgrade(config, "head")


def refuse_behind(connection: Connection) -> None:
    """Change nothing.

    Raises:
        BehindError: If a step is missing.
        StoreError: If the database was made by a newer Minidorp.
    """
    missing = _missing(connection)
    if missing:
        raise BehindError(*missing)


def _missing(connection: Connection) -> tuple[str | None, str | None] | None:
    """Return the step at which the database stands and the newest, None when they are the same."""
    current = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if current == newest:
        return None
    if current is not None and current not in known_steps():
        raise StoreError(
            f"The database was made by a newer Minidorp (step {current}); update Minidorp, "
            "or point MINIDORP_DATABASE_URL to another database."
        )
    return current, newest


def known_steps() -> set[str]:
    """Return every migration that this program knows."""
    return {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
