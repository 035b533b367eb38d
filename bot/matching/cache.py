"""What matching keeps on disk: arrays only, written whole or not at all.

The fitted matcher lies under the hash of all it was fitted from. A large table of which little is looked at lies under
the sum of its bytes, and stays there.
"""

from __future__ import annotations

import logging
import os
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import platformdirs
from numpy.typing import NDArray

log = logging.getLogger(__name__)

KEPT = 3
"""How many fitted matchers stay on disk; those that were not used for longest are removed."""
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
            found = {name: kept[name] for name in kept.files}
    except FileNotFoundError:
        return None
    except DAMAGED as error:
        log.warning("the matcher's cache %s is damaged (%s); it is built anew", path, type(error).__name__)
        return None
    with suppress(OSError):
        # So that the ones removed are those that nobody used for longest.
        os.utime(path)
    return found


def write(folder: Path, key: str, arrays: dict[str, np.ndarray[Any, Any]]) -> None:
    """Keep ``arrays`` under ``key``. A folder that cannot be written costs only time at the next start."""
    try:
        _write(folder, f"{key}.npz", lambda file: np.savez(file, allow_pickle=False, **arrays))
        for old in sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.warning("the matcher's cache cannot be written in %s (%s)", folder, error.strerror)


def as_bytes(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Return texts without line breaks as one array of bytes, which takes a quarter of numpy's own text."""
    return np.frombuffer("\n".join(texts).encode(), np.uint8)


def from_bytes(kept: NDArray[np.uint8]) -> tuple[str, ...]:
    """Return the texts of which ``as_bytes`` made an array. Raises ``ValueError`` when it holds no text."""
    return tuple(kept.tobytes().decode().split("\n"))


class StoredRows:
    """Rows of bytes that are read from a file when they are asked for; it may be removed meanwhile."""

    def __init__(self, path: Path, count: int) -> None:
        self._count, self._width = count, path.stat().st_size // count
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return an array (rows, bytes a row)."""
        read = [os.pread(self._file, self._width, self._width * row) for row in rows.tolist()]
        return np.frombuffer(b"".join(read), np.uint8).reshape(len(rows), self._width)


def stored(folder: Path, name: str, make: Callable[[], NDArray[np.uint8]]) -> StoredRows | NDArray[np.uint8]:
    """Return the table that ``make`` makes, in a file.

    A file whose bytes do not add up to the sum in its name is made anew, and any other removed. Where none can be
    written, or read row by row, the table is in memory.
    """
    for path in folder.glob(f"{name}-*.table"):
        try:
            count, sum_of_bytes = (int(part, 16) for part in path.stem.removeprefix(f"{name}-").split("-"))
            if _sum(path) == sum_of_bytes:
                return StoredRows(path, count)
        except (OSError, ValueError):
            pass
        log.warning("the table %s is damaged; it is made anew", path)
    table = make()
    file_name = f"{name}-{len(table):x}-{zlib.crc32(table.data):08x}.table"
    try:
        _write(folder, file_name, lambda file: file.write(table.data))
        for other in set(folder.glob("*.table")) - {folder / file_name}:
            other.unlink(missing_ok=True)
        return StoredRows(folder / file_name, len(table)) if hasattr(os, "pread") else table
    except OSError as error:
        log.warning("the table %s cannot be written in %s (%s)", name, folder, error.strerror)
        return table


def _write(folder: Path, name: str, write_to: Callable[[BinaryIO], object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, suffix=".partial")
    try:
        with os.fdopen(handle, "wb") as file:
            write_to(file)
        Path(temporary).replace(folder / name)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            found = zlib.crc32(part, found)
    return found
