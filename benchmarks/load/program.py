"""A bot as a process of its own, what it costs, and how much memory it holds."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from benchmarks.load.server import TOKEN, Server

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-the-webhook"
AS_DEPLOYED = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "MALLOC_TRIM_THRESHOLD_": "4194304",
}
"""What the image and the service set besides Minidorp's own settings."""
TICKS = os.sysconf("SC_CLK_TCK")


class Program:
    """A process that runs ``python -m`` with these arguments; it ends with :meth:`end`."""

    def __init__(self, *arguments: str, output: Path | None = None, **settings: object) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MINIDORP_")}
        chosen = {f"MINIDORP_{name}": str(value) for name, value in settings.items()}
        kept = {"MINIDORP_CACHE": os.environ["MINIDORP_CACHE"]} if "MINIDORP_CACHE" in os.environ else {}
        with (output or Path(os.devnull)).open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *arguments], cwd=ROOT, env={**inherited, **AS_DEPLOYED, **kept, **chosen},
                stdout=file, stderr=subprocess.STDOUT,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        """Tell whether it has not ended."""
        return self._process.poll() is None

    def cpu_s(self) -> float:
        """Return how many seconds of a core it has used, without the process that reads messages for it."""
        return _cpu_s(self.pid)

    def reading_cpu_s(self) -> float:
        """Return how many seconds of a core the process has used that reads messages for it."""
        return sum(_cpu_s(pid) for pid in self._children())

    def resident_mb(self) -> float:
        """Return the memory that it and its processes hold; what they share counts once."""
        return sum(_memory_mb(pid, "Pss") for pid in (self.pid, *self._children()))

    def own_mb(self) -> float:
        """Return the part of it that no file holds. When another program ends that uses the same libraries, the share
        of those that counts here grows, and this does not.
        """
        return sum(_memory_mb(pid, "Pss_Anon") for pid in (self.pid, *self._children()))

    def _children(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def end(self) -> None:
        """Ask it to stop, and wait."""
        if self.is_running():
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory_mb(pid: int, kind: str) -> float:
    """Return the memory of a process, ``Pss`` or a kind of it; of what it shares with another, its part."""
    return int(Path(f"/proc/{pid}/smaps_rollup").read_text().partition(f"\n{kind}:")[2].split()[0]) / 1024


def minidorp(server: Server, database: Path, *, is_webhook: bool = False, **settings: object) -> Program:
    """Start Minidorp on this file, which its log stands beside; or on another database, named in the settings."""
    port = free_port()
    hook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}/hook", "WEBHOOK_SECRET": SECRET, "WEB_PORT": port}
    return Program(
        "bot", "run",
        output=database.with_suffix(".log"),
        TOKEN=TOKEN,
        API_URL=server.url,
        LOG_LEVEL="WARNING",
        **(hook if is_webhook else {}),
        **{"DATABASE_URL": f"sqlite+aiosqlite:///{database}", **settings},
    )  # fmt: skip


def echo(server: Server, *, is_webhook: bool = False) -> Program:
    """Start the echo bot."""
    return Program("benchmarks.load.echo_bot", server.url, *([str(free_port())] if is_webhook else []))


def reader(server: Server, *, is_webhook: bool = False) -> Program:
    """Start the bot that reads, and does nothing else."""
    return Program("benchmarks.load.reading_bot", server.url, *([str(free_port())] if is_webhook else []))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
