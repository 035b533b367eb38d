"""A small disk of its own, in a mount namespace of its own: what fills it or forbids writing is the operating system.

A shell lives in the namespace and holds it; a program that is to run on the disk enters it, and so does a thread for
whatever a test wants to do there. When the shell ends, so does the disk: nothing of the machine is touched.
"""

from __future__ import annotations

import ctypes
import functools
import os
import resource
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

CLONE_FS, CLONE_NEWNS = 0x00000200, 0x00020000
UNSHARE = ("unshare", "--mount")


@functools.cache
def can_mount() -> bool:
    """Tell whether this user may mount a disk that nobody else sees."""
    if os.geteuid() or shutil.which("unshare") is None:
        return False
    with tempfile.TemporaryDirectory() as place:
        tried = subprocess.run([*UNSHARE, "mount", "-t", "tmpfs", "minidorp", place], capture_output=True, check=False)
    return tried.returncode == 0


class Disk:
    """A disk of ``mib`` MiB on the folder ``place``, which stays empty for everybody else."""

    def __init__(self, place: Path, mib: int = 4) -> None:
        self.place = place
        place.mkdir()
        self._shell = subprocess.Popen(
            [*UNSHARE, "sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._do(f"mount -t tmpfs -o size={mib}m,mode=700 minidorp '{place}'")
        self.namespace = self._shell.pid
        self._thread = ThreadPoolExecutor(1, initializer=enter, initargs=(self.namespace,))

    def put_ext4(self, image: Path) -> None:
        """Put another disk in its place, in a file, whose kernel forbids writing when something is wrong with it."""
        image.write_bytes(bytes(16 * 2**20))
        self._do(f"umount '{self.place}' && mkfs.ext4 -q '{image}'")
        self._do(f"mount -o loop,errors=remount-ro '{image}' '{self.place}'")

    def break_ext4(self) -> None:
        """Let the kernel find an error: from now on nothing can be written, also to files that are open."""
        self._do(f"echo broken > /sys/fs/ext4/$(basename $(findmnt -no SOURCE '{self.place}'))/trigger_fs_error")

    def mend_ext4(self, image: Path) -> None:
        """Check the disk as whoever is on call would; no file on it may be open."""
        self._do(f"umount '{self.place}' && fsck.ext4 -fy '{image}' >/dev/null; mount -o loop '{image}' '{self.place}'")

    def there(self, do: Callable[..., Any], *arguments: Any) -> Any:
        """Return what this returns where the disk is seen."""
        return self._thread.submit(do, *arguments).result()

    def fill(self, database: Path) -> None:
        """Leave no room for one more page of ``database``, nor in what its log has set aside."""
        self.there(_fill, database)

    def make_room(self) -> None:
        self._do(f"rm '{self.place}/other'")

    def allow(self, what: str) -> None:
        """Let it only be read (``ro``), or written too (``rw``). The first is refused while a file is open."""
        self._do(f"mount -o remount,{what} '{self.place}'")

    def remove(self) -> None:
        self._thread.shutdown()
        self._shell.communicate()

    def _do(self, command: str) -> None:
        self._shell.stdin.write(f'{command}; echo "ended $?"\n')
        self._shell.stdin.flush()
        said = []
        while not (line := self._shell.stdout.readline()).startswith("ended"):
            assert line, "the shell ended"
            said.append(line)
        assert line == "ended 0\n", "".join(said)


def enter(namespace: int) -> None:
    """Let this thread, and all that it starts, see the disk of ``namespace``."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path(f"/proc/{namespace}/ns/mnt").open() as entrance:
        if libc.unshare(CLONE_FS) or libc.setns(entrance.fileno(), CLONE_NEWNS):
            raise OSError(ctypes.get_errno(), "setns")


def _fill(database: Path) -> None:
    with closing(sqlite3.connect(database, timeout=10)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (database.parent / "other").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def allow_to_write(process: int, is_allowed: bool) -> None:
    """Let the system refuse a process every byte that it writes to a file, as a disk does that turned read-only."""
    most = resource.RLIM_INFINITY if is_allowed else 0
    resource.prlimit(process, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
