"""The token reaches no log, wherever it stands."""

from __future__ import annotations

import io
import logging

import pytest

from bot.telegram.redaction import QUIET, Redaction, install_redaction

TOKEN = "123456789:AAbbCCdd_eeFF-gghhIIjjKKllMMnnOOpp"


@pytest.fixture
def written():
    """Log somewhere of our own, filtered, and return what was written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s"))
    handler.addFilter(Redaction("short:1", TOKEN))
    log = logging.getLogger("test.redaction")
    log.propagate = False
    log.addHandler(handler)
    yield log, stream.getvalue
    log.removeHandler(handler)


@pytest.mark.parametrize(("message", "arguments"), [
    pytest.param(f"POST https://api.telegram.org/bot{TOKEN}/getMe", (), id="in the message"),
    pytest.param("POST %s", (f"https://api.telegram.org/bot{TOKEN}/getMe",), id="in an argument"),
    pytest.param("POST %s", (f"/bot{TOKEN.replace(':', '%3A')}/getMe",), id="as part of an address"),
    pytest.param("%r", (TOKEN.split(":")[1],), id="only its secret half"),
])  # fmt: skip
def test_a_token_is_hidden(written, message, arguments):
    log, text = written

    log.warning(message, *arguments)

    assert TOKEN.split(":")[1] not in text()
    assert "[token]" in text()


def test_a_token_that_is_not_known_here_is_hidden_too(written):
    log, text = written

    log.warning("987654321:ZZyyXXwwVVuuTTssRRqqPPooNNmmLLkkJJi")

    assert text() == "[token]\n"


def test_a_token_in_a_traceback_is_hidden(written):
    log, text = written

    log.error("failed", exc_info=ValueError(f"The token `{TOKEN}` was rejected"))

    assert "ValueError" in text()
    assert TOKEN not in text()


def test_ordinary_words_and_times_stay(written):
    log, text = written

    log.warning("Koffie & Koters: 9:30-11:30, 038-1234567")

    assert text() == "Koffie & Koters: 9:30-11:30, 038-1234567\n"


def test_libraries_that_log_addresses_are_hushed_and_every_handler_is_filtered():
    root, handler = logging.getLogger(), logging.StreamHandler(io.StringIO())
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    levels = {name: logging.getLogger(name).level for name in QUIET}
    before = {each: list(each.filters) for each in [*root.handlers, logging.lastResort]}
    try:
        install_redaction(TOKEN)

        assert [name for name in QUIET if logging.getLogger(name).isEnabledFor(logging.INFO)] == []
        assert {"httpx", "httpcore", "telegram", "aiosqlite"} <= set(QUIET)
        assert any(isinstance(each, Redaction) for each in handler.filters)
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        for each, filters in before.items():
            each.filters = filters
