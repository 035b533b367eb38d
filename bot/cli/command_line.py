"""What every command shares: an option, and how what went wrong is told."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer

from bot import app, logs, settings
from bot.forking import ProcessEndedError
from bot.knowledge.mistakes import MistakesError
from bot.matching.evaluate import EvaluationError
from bot.store.database import StoreError
from bot.telegram.errors import TelegramFailure
from bot.web.server import WebError

Language = Annotated[str | None, typer.Option("--language", help="Two letters, such as nl or en.", metavar="CODE")]


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what can go wrong into one sentence on standard error, and the exit code that says what kind it is."""
    try:
        yield
    except settings.SettingsError as error:
        fail(str(error), 2)
    except MistakesError as error:
        errors = [mistake.told("en") for mistake in error.mistakes if mistake.level == "error"]
        fail(f"{errors[0]} ({len(errors)} such in all; 'minidorp check' shows them)", 1)
    except (
        StoreError,
        TelegramFailure,
        WebError,
        ProcessEndedError,
        app.NotReadyError,
        EvaluationError,
        ValueError,
    ) as error:
        fail(str(error), 1)
    except OSError as error:
        fail(f"{error.filename or 'a file'} cannot be used ({error.strerror}); check that it may be read", 1)


def fail(sentence: str, code: int) -> NoReturn:
    """Say on standard error what went wrong, and end with ``code``: 2 for usage and settings, else 1.

    Where a machine reads the log, it is the last line of that.
    """
    if logs.is_for_a_machine():
        logging.getLogger("minidorp").critical("%s", sentence)
    else:
        sys.stderr.write(f"minidorp: {sentence}\n")
    raise typer.Exit(code)
