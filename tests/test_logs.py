"""The log: lines to read in a terminal, JSON for machines, and no secret in either."""

from __future__ import annotations

import io
import json
import logging
import sys

import pytest

from bot import logs
from bot.telegram.redaction import install_redaction

TOKEN = "123456789:AAbbCCdd_eeFF-gghhIIjjKKllMMnnOOpp"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def written(monkeypatch):
    """Set up logging as a program does that writes here; return what was written."""
    root, own = logging.getLogger(), []
    level, resort = root.level, list(logging.lastResort.filters)

    def begin(stream: io.StringIO) -> io.StringIO:
        monkeypatch.setattr(sys, "stderr", stream)
        root.handlers.clear()
        logs.set_up("INFO")
        install_redaction(TOKEN)
        own.extend(root.handlers)
        return stream

    yield begin
    for handler in own:
        root.removeHandler(handler)
    root.setLevel(level)
    logging.lastResort.filters[:] = resort


def test_a_machine_gets_one_json_object_a_line(written):
    stream = written(io.StringIO())

    logging.getLogger("bot.test").warning("Het is %s\nen koud", "“laat”")

    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)
    assert told.pop("time").endswith("+00:00")
    assert told == {"level": "WARNING", "logger": "bot.test", "message": "Het is “laat”\nen koud"}


def test_a_person_gets_a_line_to_read(written):
    stream = written(Terminal())

    logging.getLogger("bot.test").warning("Het is %s", "laat")

    assert stream.getvalue().rstrip().endswith("WARNING bot.test: Het is laat")


@pytest.mark.parametrize("stream", [pytest.param(io.StringIO, id="json"), pytest.param(Terminal, id="terminal")])
def test_no_token_is_told_in_message_argument_or_traceback(written, stream):
    written_to = written(stream())
    log = logging.getLogger("bot.test")

    log.warning("POST /bot%s/getMe", TOKEN)
    log.error("failed", exc_info=ValueError(f"The token {TOKEN} was rejected"), stack_info=True)

    text = written_to.getvalue()
    assert "ValueError" in text
    assert "[token]" in text
    assert TOKEN.partition(":")[2] not in text


def test_debug_is_not_told_at_info(written):
    stream = written(io.StringIO())

    logging.getLogger("bot.test").debug("too much")

    assert stream.getvalue() == ""
