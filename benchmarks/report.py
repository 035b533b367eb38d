"""The figures of one run, as the tables that are printed at its end and kept in ``results.md``."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

RESULTS = Path(__file__).with_name("results.md")


@dataclass(frozen=True, slots=True)
class Measured:
    """One method: shares of questions whose right answer came first and among three (0-1), and its median time."""

    name: str
    messages: int
    top1: float
    top3: float
    separated: float
    milliseconds: float


@dataclass
class Report:
    """What was measured, in that order; Minidorp is the last of ``methods``, and the measure of their time."""

    data: str = ""
    speed: list[tuple[str, str, str]] = field(default_factory=list)
    sending: list[tuple[str, str, str]] = field(default_factory=list)
    databases: list[tuple[str, str, str, str]] = field(default_factory=list)
    load: list[tuple[str, ...]] = field(default_factory=list)
    parents: list[tuple[str, ...]] = field(default_factory=list)
    methods: list[Measured] = field(default_factory=list)

    def markdown(self) -> str:
        """Return everything that was measured as Markdown."""
        parts = [
            "# What `make bench` measured",
            f"Python {platform.python_version()} on {os.cpu_count()} cores. {self.data}".strip(),
        ]
        if self.speed:
            parts += ["## Speed", table(("what", "measured", "aim"), self.speed)]
        if self.sending:
            parts += [
                "## One message to many",
                "A program of its own against a Bot API server on loopback that takes 30 messages in any second and "
                "answers after 50 ms; the outbox is a SQLite file.",
                table(("what", "measured", "aim"), self.sending),
            ]
        if self.load:
            parts += [
                "## Many at once",
                "Programs of their own against a lean Bot API server on loopback in which every call takes 50 ms; 32 "
                "parents wait at any moment and another asks as soon as one is answered. Times are milliseconds from "
                "the update handed over to the reply received. A pressed button takes two calls, a command one.",
                table(("what", "replies a second", "p50", "p95", "p99", "aim"), self.load),
            ]
        if self.parents:
            parts += [
                "## Among many parents",
                "Three programs, each on a SQLite file with so many parents, asked in turns by one parent at a time; "
                "the Bot API answers at once.",
                table(("what", "1 parent", "10,000", "1,000,000", "the last to the first", "aim"), self.parents),
            ]
        if self.databases:
            parts += [
                "## On another database",
                "Programs of their own against a Bot API server on loopback that answers at once; PostgreSQL runs on "
                "the same machine and writes to the disk before it answers. Parents ask one after another.",
                table(("what", "SQLite", "PostgreSQL", "two programs on PostgreSQL"), self.databases),
            ]
        if self.methods:
            parts += [
                "## Beside simpler methods",
                "All learn from the same example messages and read the same evaluation messages, one at a time on one "
                "core. AUROC tells questions with an answer from messages that are not for this bot: .5 is a coin, 1 "
                "is always right. Slow methods read a fixed sample, every tenth message. Times are medians; Minidorp's "
                "includes the search for warning signs, sentence by sentence.",
                self._methods(),
            ]
        return "\n\n".join(parts) + "\n"

    def _methods(self) -> str:
        unit = self.methods[-1].milliseconds
        return table(
            ("method", "messages", "top-1", "top-3", "AUROC", "ms a message", "times Minidorp's"),
            [
                (
                    method.name,
                    str(method.messages),
                    f"{100 * method.top1:.1f} %",
                    f"{100 * method.top3:.1f} %",
                    f"{method.separated:.3f}".removeprefix("0"),
                    f"{method.milliseconds:.2f}",
                    f"{method.milliseconds / unit:.2f}",
                )
                for method in self.methods
            ],
        )


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table with its columns under each other."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |" for line in lines
    )
