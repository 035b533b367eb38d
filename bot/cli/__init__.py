"""The commands of ``minidorp``, thin: each reads its words, calls the room that knows, and shows what comes back."""

from __future__ import annotations

import gc
import io
import sys

import typer

from bot.cli import curating, measuring, meetings, running

commands = typer.Typer(
    name="minidorp",
    help="Answers that a person wrote for parents of young children, and the way to people nearby.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for part in (running, curating, meetings, measuring):
    commands.add_typer(part.commands)


COLLECTED = (100_000, 20, 100)
"""After how many new values Python looks for those that nobody uses: a start makes a million that stay, and with the
usual 700 a third of its time went into looking at them again and again."""


def main() -> None:
    """Run the command line. A byte that is no text, in or out, becomes a sign instead of an end."""
    gc.set_threshold(*COLLECTED)
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    commands()
