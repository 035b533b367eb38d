"""The fitted matcher on disk, under the hash of all it was fitted from: arrays only, written whole or not at all."""

from __future__ import annotations

import logging
import os
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

log = logging.getLogger(__name__)

KEPT = 3
"""How many fitted matchers stay on disk; older ones are removed."""
DAMAGED = (OSError, ValueError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What reading raises when bytes were changed: of 20 000 files with a few wrong bytes none raised anything else."""


def default_folder() -> Path:
    """Return the platform's cache folder for this program."""
    return Path(platformdirs.user_cache_dir("minidorp"))


def read(folder: Path, key: str) -> dict[str, np.ndarray[Any, Any]] | None:
    """Return the arrays kept under ``key``, or None when there are none or they are damaged."""
    path = folder / f"{key}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files}
    except FileNotFoundError:
        return None
    except DAMAGED as error:
        log.warning("the matcher's cache %s is damaged (%s); it is built anew", path, type(error).__name__)
        return None


def write(folder: Path, key: str, arrays: dict[str, np.ndarray[Any, Any]]) -> None:
    """Keep ``arrays`` under ``key``. A folder that cannot be written costs only time at the next start."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".partial")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            Path(temporary).replace(folder / f"{key}.npz")
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
        for old in sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.warning("the matcher's cache cannot be written in %s (%s)", folder, error.strerror)
