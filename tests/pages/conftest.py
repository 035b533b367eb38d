"""The small folder of curated files, for tests that put something odd into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.conftest import write_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "knowledge")
