"""The small folder of curated files, for tests that put something odd into it, and a town without an agenda."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.agenda.schedules import Schedules
from tests.conftest import EMPTY_SCHEDULES, NOW
from tests.knowledge.conftest import write_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "knowledge")


@pytest.fixture(scope="session")
def schedules(tmp_path_factory: pytest.TempPathFactory, knowledge) -> Schedules:
    folder = tmp_path_factory.mktemp("schedules")
    for name, text in EMPTY_SCHEDULES.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Schedules(folder, knowledge, NOW, timezone="Europe/Amsterdam", school_region="Noord")
