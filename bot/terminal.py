"""The same conversation in a terminal, and everything else the command line shows. Only here ``rich``."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn
from rich.prompt import Confirm
from rich.table import Table
from rich.text import Text

from bot.conversation.conversation import Conversation
from bot.conversation.message import Button, Message, Part, Reply
from bot.locales import DEFAULT_LANGUAGE, parent_words
from bot.matching.matcher import Progress as Told

CHAT = 1
"""The chat id of the person at the terminal."""

WIDTH = 76
"""Characters a line: about what a phone shows, and pleasant to read."""

STYLES = {"title": "bold", "heading": "bold cyan", "text": "", "more": "dim", "note": "italic dim"}


async def talk(conversation: Conversation, language: str | None = None) -> None:
    """Talk until the input ends. Without a terminal: a message a line in, plain replies out."""
    if not sys.stdin.isatty():
        await _read_lines(conversation, language)
        return
    console = Console(width=min(WIDTH, Console().width))
    words = parent_words(language or DEFAULT_LANGUAGE)
    console.print(Text(words("chat.hello"), style="dim"))
    pressed: list[Button] = []
    message: Message | None = Message("command", command="start", language=language)
    while True:
        if message:
            replies = await conversation.respond(message, CHAT, datetime.now(UTC))
            pressed = [button for reply in replies for row in reply.buttons for button in row]
            for bubble in bubbles(replies):
                console.print(bubble)
        try:
            typed = console.input(f"[bold green]{words('chat.prompt')}>[/] ")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        message = understood(typed, pressed, language)
        if typed.strip().isdecimal() and message is None:
            console.print(Text(words("chat.no_button"), style="yellow"))


async def _read_lines(conversation: Conversation, language: str | None) -> None:
    pressed: list[Button] = []
    for line in sys.stdin:
        message = understood(line, pressed, language)
        if message is None:
            if line.strip():
                sys.stdout.write(parent_words(language or DEFAULT_LANGUAGE)("chat.no_button") + "\n\n")
            continue
        replies = await conversation.respond(message, CHAT, datetime.now(UTC))
        pressed = [button for reply in replies for row in reply.buttons for button in row]
        sys.stdout.write(plain(replies) + "\n\n")
        sys.stdout.flush()


def understood(typed: str, offered: Sequence[Button], language: str | None) -> Message | None:
    """Return the message that somebody typed: a number presses a button, a slash begins a command; None for nothing."""
    typed = typed.strip()
    if not typed:
        return None
    if typed.isdecimal() and len(typed) <= 2 and offered:
        number = int(typed)
        return (
            Message("button", data=offered[number - 1].data, language=language) if 1 <= number <= len(offered) else None
        )
    if typed.startswith("/"):
        name, _, rest = typed[1:].partition(" ")
        return Message("command", rest, command=name, language=language)
    return Message("text", typed, language=language)


def plain(replies: Sequence[Reply]) -> str:
    """Return replies as text without colours; buttons are numbered."""
    lines: list[str] = []
    number = 0
    for reply in replies:
        for part in reply.parts:
            lines += [part.text] if part.kind == "heading" else [part.text, ""]
        for row in reply.buttons:
            shown = []
            for button in row:
                number += 1
                shown.append(f"[{number}] {button.label}")
            lines.append("  ".join(shown))
    return "\n".join(lines)


def bubbles(replies: Sequence[Reply]) -> Iterator[RenderableType]:
    """Yield each reply as a chat bubble with its numbered buttons below."""
    number = 0
    for reply in replies:
        shown = [_part(part, is_last=part is reply.parts[-1]) for part in reply.parts]
        yield Panel(Group(*shown), border_style="green", padding=(0, 1))
        rows = []
        for row in reply.buttons:
            line = Text()
            for button in row:
                number += 1
                line.append(f" {number} ", style="bold black on green").append(f" {button.label}   ")
            rows.append(Padding(line, (0, 0, 0, 2)))
        if rows:
            yield Group(*rows, Text())


def _part(part: Part, *, is_last: bool) -> RenderableType:
    below = 0 if part.kind == "heading" or is_last else 1
    return Padding(Text(part.text, style=STYLES[part.kind]), (0, 0, below, 0))


async def picture(conversation: Conversation, typed: Sequence[str], title: str) -> str:
    """Return an SVG of a conversation in which somebody typed these lines."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    pressed: list[Button] = []
    prompt = parent_words(DEFAULT_LANGUAGE)("chat.prompt")
    for line in typed:
        console.print(Text.assemble((f"{prompt}> ", "bold green"), line))
        message = understood(line, pressed, DEFAULT_LANGUAGE)
        if message:
            replies = await conversation.respond(message, CHAT, datetime.now(UTC))
            pressed = [button for reply in replies for row in reply.buttons for button in row]
            for bubble in bubbles(replies):
                console.print(bubble)
    return console.export_svg(title=title, unique_id="minidorp")


@contextmanager
def progress() -> Iterator[Told]:
    """Yield what a long piece of work tells how far it is; a bar appears with the first word and only in a terminal."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        console=console,
        transient=True,
    )
    words = parent_words(DEFAULT_LANGUAGE)
    task = None
    started = False

    def told(_doing: str, part: float) -> None:
        nonlocal task, started
        if not console.is_terminal:
            return
        if not started:
            bar.start()
            started = True
            task = bar.add_task(words("chat.building"), total=1.0)
        if task is not None:
            bar.update(task, completed=part)

    try:
        yield told
    finally:
        if started:
            bar.stop()


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on standard output; every column but the first is aligned to the right."""
    shown = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for position, column in enumerate(columns):
        shown.add_column(column, justify="right" if position else "left")
    for row in rows:
        shown.add_row(*row)
    Console().print(shown)


def checklist(items: Sequence[tuple[bool, str, str]]) -> None:
    """Print what is well and what is not: (is well, thing, remedy)."""
    console = Console()
    for is_well, thing, remedy in items:
        console.print(Text.assemble(("✓ " if is_well else "✗ ", "bold green" if is_well else "bold red"), thing))
        if not is_well:
            console.print(Padding(Text(remedy, style="yellow"), (0, 0, 0, 4)))


def read_and_confirm(title: str, blocks: Sequence[tuple[str, str]], question: str) -> bool:
    """Show a text to somebody who is to sign it, and ask; an end without an answer is a no."""
    console = Console(width=min(WIDTH, Console().width))
    shown = [
        part
        for heading, text in blocks
        for part in (Text(heading, style="bold cyan"), Padding(Text(text), (0, 0, 1, 0)))
    ]
    console.print(Panel(Group(*shown), title=title, title_align="left", padding=(1, 2)))
    return confirm(question)


def confirm(question: str) -> bool:
    """Ask a yes or no; an end without an answer is a no."""
    console = Console(width=min(WIDTH, Console().width))
    try:
        return Confirm.ask(question, console=console, default=False)
    except EOFError:
        console.print()
        return False
