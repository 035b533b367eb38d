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
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == script.get_current_head():
        return
    if current is not None and current not in known_steps():
        raise StoreError(
            f"The database was made by a newer Minidorp (step {current}); update Minidorp, "
            "or point MINIDORP_DATABASE_URL to another database."
        )
    command.upgrade(config, "head")


def known_steps() -> set[str]:
    """Return every migration that this program knows."""
    return {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
