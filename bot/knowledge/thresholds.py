"""The thresholds that a town set from messages it labelled: writing them down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml

from bot.knowledge.model import ThresholdsFile, ThresholdsSet
from bot.knowledge.replacing import replace_file

HEAD = """\
# yaml-language-server: $schema=schema/thresholds.schema.json
# Where a decision turns in this town. Written by `minidorp evaluate --calibrate … --write`; what is not here keeps
# the default of bot/matching/thresholds.py, and without this file all do. It counts from the next start.
"""


def write(path: Path, thresholds: Mapping[str, float], messages: int, today: date) -> None:
    """Write the file of thresholds, set from so many messages. Raises ``OSError`` when it cannot be replaced."""
    file = ThresholdsFile(set_on=today, messages=messages, thresholds=ThresholdsSet(**thresholds))
    replace_file(path, HEAD + yaml.safe_dump(file.model_dump(exclude_none=True), sort_keys=False))
