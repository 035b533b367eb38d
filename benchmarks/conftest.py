"""What the benchmarks share: the real knowledge, its matcher, the evaluation messages, and one report."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.report import RESULTS, Report
from bot import settings
from bot.knowledge.check import load
from bot.knowledge.model import Knowledge
from bot.matching.evaluate import Row, read_rows
from bot.matching.matcher import Matcher

EVALUATION = Path(__file__).parent.parent / "tests" / "evaluation"
REPORT = pytest.StashKey[Report]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[REPORT] = Report()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: pytest.ExitCode, config: pytest.Config
) -> None:
    """Print the report, and keep it when everything was run."""
    report = config.stash[REPORT]
    terminalreporter.write_line(f"\n{report.markdown()}")
    is_whole = report.speed and report.sending and report.methods and not terminalreporter.stats.get("deselected")
    if is_whole and exitstatus == pytest.ExitCode.OK:
        RESULTS.write_text(report.markdown(), encoding="utf-8")


@pytest.fixture(scope="session")
def report(pytestconfig: pytest.Config) -> Report:
    return pytestconfig.stash[REPORT]


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load(settings.read().knowledge)


@pytest.fixture(scope="session")
def matcher(knowledge: Knowledge) -> Matcher:
    return Matcher.build(knowledge, cache_folder=settings.read().cache)


@pytest.fixture(scope="session")
def questions() -> list[Row]:
    return read_rows(EVALUATION / "answers.jsonl")


@pytest.fixture(scope="session")
def out_of_scope() -> list[Row]:
    return read_rows(EVALUATION / "none.jsonl")
