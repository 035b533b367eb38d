"""The small folder of the agenda, and the curated answers that it points to."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.agenda.check import load
from bot.agenda.model import Agenda
from bot.knowledge.model import Knowledge
from tests.agenda.files import TODAY, write_schedules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_schedules(tmp_path / "schedules")


@pytest.fixture
def agenda(folder: Path, knowledge: Knowledge) -> Agenda:
    return load(folder, knowledge, TODAY)
