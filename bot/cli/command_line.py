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
from bot.locales import is_language
from bot.matching.evaluate import EvaluationError
from bot.store.database import StoreError
from bot.telegram.errors import TelegramFailure
from bot.web.server import WebError


def _a_language(code: str | None) -> str | None:
    if code is not None and not is_language(code):
        raise typer.BadParameter(f"'{code}' is no language; write its two letters, such as nl, en or tr")
    return code


Language = Annotated[
    str | None,
    typer.Option("--language", help="Two letters, such as nl or en.", metavar="CODE", callback=_a_language),
]


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
        thing = error.filename or "a file"
        fail(f"{thing} cannot be used ({error.strerror}); check that you may read it, or write there", 1)


def fail(sentence: str, code: int) -> NoReturn:
    """Say on standard error what went wrong, and end with ``code``: 2 for usage and settings, else 1.

    Where a machine reads the log, it is the last line of that.
    """
    if logs.is_for_a_machine():
        logging.getLogger("minidorp").critical("%s", sentence)
    else:
        sys.stderr.write(f"minidorp: {sentence}\n")
    raise typer.Exit(code)
