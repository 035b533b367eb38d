"""The same conversation in a terminal, and everything else the command line shows. Only here ``rich``."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby, zip_longest

import typer
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from bot.agenda.importing import Line as SheetLine
from bot.agenda.overview import Line
from bot.conversation.conversation import Conversation
from bot.conversation.message import Button, Message, Part, Reply
from bot.knowledge.mistakes import N_
from bot.labelling import KEYS, Labelling, Option
from bot.locales import DEFAULT_LANGUAGE, curator_words, parent_words
from bot.matching.fitted import Progress as Told

CHAT = 1
"""The chat id of the person at the terminal."""

QUIT = ("/quit", "/exit")
"""What ends the conversation here; in Telegram there is nothing to end."""

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
            with interruptible():
                typed = console.input(f"[bold green]{words('chat.prompt')}>[/] ")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if typed.strip().lower() in QUIT:
            return
        message = understood(typed, pressed, language)
        if typed.strip().isdecimal() and message is None:
            console.print(Text(words("chat.no_button"), style="yellow"))


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C interrupt at once: an event loop waits for the next ``await``, a line or a minute later."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def _read_lines(conversation: Conversation, language: str | None) -> None:
    pressed: list[Button] = []
    for line in sys.stdin:
        if line.strip().lower() in QUIT:
            return
        message = understood(line, pressed, language)
        if message is None:
            if line.strip():
                sys.stdout.write(parent_words(language or DEFAULT_LANGUAGE)("chat.no_button") + "\n\n")
            continue
        replies = await conversation.respond(message, CHAT, datetime.now(UTC))
        pressed = [button for reply in replies for row in reply.buttons for button in row]
        try:
            sys.stdout.write(plain(replies) + "\n\n")
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read along has seen enough (``| head``); what waits to be written has nowhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return


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
        lines += [reply.ends_location, ""] if reply.ends_location else []
        for part in reply.parts:
            lines += [part.text] if part.kind == "heading" else [part.text, ""]
        for row in reply.buttons:
            shown = []
            for button in row:
                number += 1
                shown.append(f"[{number}] {button.label}")
            lines.append("  ".join(shown))
        lines += _pin_and_file(reply)
    return "\n".join(lines)


def _pin_and_file(reply: Reply) -> list[str]:
    """Return as text what an app shows in its own way: a pin as an address, a file as its name and what is in it.

    Nothing is written to disk: a conversation in a terminal leaves nothing behind.
    """
    lines = []
    if reply.venue:
        lines.append(f"📍 {reply.venue.name}, {reply.venue.address}")
    if reply.document:
        content = reply.document.content.decode(errors="replace").splitlines()
        lines += [f"📎 {reply.document.filename}", *(f"   {line}" for line in content)]
    return lines


def bubbles(replies: Sequence[Reply]) -> Iterator[RenderableType]:
    """Yield each reply as a chat bubble with its numbered buttons below."""
    number = 0
    for reply in replies:
        shown = [_part(part, is_last=part is reply.parts[-1]) for part in reply.parts]
        if reply.ends_location:
            yield Panel(Text(reply.ends_location), border_style="green", padding=(0, 1))
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
        beside = _pin_and_file(reply)
        if beside:
            yield Padding(Text("\n".join(beside), style="dim"), (0, 0, 1, 2))


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
    """Print a table on standard output; every column but the first is aligned to the right.

    Where no terminal sets a width, it is as wide as what is in it: nothing is cut off in a file or a pipe.
    """
    shown = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for position, column in enumerate(columns):
        shown.add_column(column, justify="right" if position else "left", overflow="fold")
    for row in rows:
        shown.add_row(*row)
    console = Console()
    if not console.is_terminal:
        console.width = max(
            console.width,
            Measurement.get(Console(width=UNBOUNDED), console.options.update(width=UNBOUNDED), shown).maximum,
        )
    console.print(shown)


UNBOUNDED = 10_000
"""Characters: wider than any table here."""


def sheet(name: str, lines: Sequence[SheetLine], remarks: Sequence[str]) -> None:
    """Print what was understood of a sheet, a series in each row, with what somebody should look at below it."""
    console = Console()
    shown = Table(title=name, title_justify="left", title_style="bold", header_style="bold", padding=(0, 1))
    for column in ("row", "", "meeting", "when", "remarks"):
        shown.add_column(column, no_wrap=column in ("row", ""))
    for line in lines:
        rows = f"{line.rows[0]}-{line.rows[-1]}" if len(line.rows) > 1 else str(line.rows[0])
        meeting = Text.assemble(_printable(line.title), "\n", (_printable(line.place), "dim"))
        when = Text.assemble(_printable(line.when), "\n", (line.hours, "dim"))
        remark = Text("\n".join(_printable(each) for each in line.remarks))
        shown.add_row(rows, Text(line.state, SHEET_STYLES[line.state]), meeting, when, remark)
    console.print(shown)
    for each in remarks:
        console.print(Text(_printable(f"• {each}"), style="yellow"))


SHEET_STYLES = {"new": "bold green", "changed": "bold yellow", "as it was": "dim"}


def diff(text: str) -> None:
    """Print the difference between two texts; lines that come are green, lines that go are red."""
    console = Console(soft_wrap=True)
    console.print()
    for line in text.splitlines():
        style = "bold" if line.startswith(("---", "+++")) else DIFF_STYLES.get(line[:1], "")
        console.print(Text(_printable(line), style=style))
    console.print()


DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def checklist(items: Sequence[tuple[str, bool, bool, str, str]]) -> None:
    """Print what is well and what is not, under headings: (heading, is well, is needed, thing, remedy)."""
    console = Console()
    for heading, group in groupby(items, key=lambda item: item[0]):
        console.print(Text(f"\n{heading}", style="bold"))
        for _, is_well, is_needed, thing, remedy in group:
            mark = ("✓", "bold green") if is_well else ("✗", "bold red" if is_needed else "bold yellow")
            line = Table.grid(padding=(0, 1))
            # A path that is wider than the terminal goes on below; cut off, nobody could use it.
            line.add_row(Text(*mark), Text(thing, overflow="fold"))
            if not is_well:
                line.add_row("", Text(f"→ {remedy}", style="cyan", overflow="fold"))
            console.print(line)
    wrong = [is_needed for _, is_well, is_needed, _, _ in items if not is_well]
    if not wrong:
        console.print(Text("\nAll is well.", style="bold green"))
    elif any(wrong):
        console.print(Text(f"\n{sum(wrong)} of these keep the bot from running.", style="bold red"))
    else:
        console.print(
            Text(f"\nThe bot can run. {len(wrong)} of these ask for somebody's attention.", style="bold yellow")
        )


def read_and_confirm(title: str, blocks: Sequence[tuple[str, str]], question: str, language: str) -> bool:
    """Show a text to somebody who is to sign it, and ask; an end without an answer is a no."""
    console = Console(width=min(WIDTH, Console().width))
    shown = [
        part
        for heading, text in blocks
        for part in (Text(heading, style="bold cyan"), Padding(Text(text), (0, 0, 1, 0)))
    ]
    console.print(Panel(Group(*shown), title=title, title_align="left", padding=(1, 2)))
    return confirm(question, language)


def confirm(question: str, language: str = "en") -> bool:
    """Ask a yes or no, which may be said in Dutch and in English; nothing, or an end without an answer, is a no."""
    console = Console(width=min(WIDTH, Console().width))
    words = curator_words(language)
    while True:
        try:
            said = (
                console.input(Text.assemble(question, (f" [{words(N_('yes/no'))}] ", "bold magenta"))).strip().lower()
            )
        except EOFError:
            console.print()
            return False
        if said in ("", *NO):
            return False
        if said in YES:
            return True
        console.print(Text(words(N_("Please type yes or no.")), style="red"))


YES, NO = ("ja", "j", "yes", "y"), ("nee", "n", "no")


BAR = 10
"""Characters of a chance drawn as a bar."""

KIND_STYLES = {"answer": "green", "suggest": "yellow", "route": "cyan", "none": "dim", "urgent": "bold red"}

PROMPTS = {
    "choose": "",
    "search": "Words of the title",
    "id": "Id of the answer, then Enter",
    "route": "Which route?",
    "sign": "Which danger, or loss?",
}


def label(labelling: Labelling) -> None:
    """Ask about one message after the other, by single keys in a terminal and by lines without one."""
    if sys.stdin.isatty():
        console = Console(width=min(100, Console().width))
        while not labelling.is_over:
            console.clear()
            console.print(label_screen(labelling))
            try:
                labelling.keys(typer.getchar())
            except (EOFError, KeyboardInterrupt):
                break
        console.clear()
    else:
        _label_lines(labelling)
    done, of = labelling.count
    sys.stdout.write(f"{done} of {of} messages are labelled, in {labelling.file.path}.\n")


def _label_lines(labelling: Labelling) -> None:
    while not labelling.is_over:
        sys.stdout.write(label_text(labelling) + "\n")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            return
        labelling.line(line)
        if labelling.notice:
            sys.stdout.write(labelling.notice + "\n")


def label_text(labelling: Labelling) -> str:
    """Return what is asked now, without colours."""
    lines = []
    if labelling.mode == "choose":
        lines += [
            f"[{labelling.position}/{labelling.count[1]}] {_printable(labelling.message.text)}",
            f"    {_proposed(labelling).plain}",
        ]
    lines += [
        "  ".join(filter(None, [f"  {option.key}", option.title, _beside(option), _percent(option)]))
        for option in labelling.options()
    ]
    keys = " · ".join(f"{key} {does}" for key, does in KEYS)
    asked = keys if labelling.mode == "choose" else f"{PROMPTS[labelling.mode]} (an empty line goes back)"
    return "\n".join([*lines, f"  {asked}"])


def label_screen(labelling: Labelling) -> RenderableType:
    """Return what is asked now as a screen: the message, what the bot would do, the choices and the keys."""
    done, of = labelling.count
    filled = round(done / of * 30)
    head = Text.assemble(
        ("Label ", "bold"),
        (f"message {labelling.position} of {of}  ", ""),
        ("━" * filled, "green"),
        ("━" * (30 - filled), "bright_black"),
        (f"  {done} labelled", "dim"),
    )
    # All signs beside the message need every line of a small window.
    room = 0 if labelling.mode == "sign" else 1
    parts: list[RenderableType] = [
        head,
        Panel(Text(_printable(labelling.message.text), style="bold"), border_style="cyan", padding=(room, 2)),
        Padding(_proposed(labelling), (0, 0, room, 1)),
    ]
    if PROMPTS[labelling.mode]:
        typed = (f": {labelling.typed}▏", "bold") if labelling.mode in ("search", "id") else ("", "")
        parts.append(Padding(Text.assemble((PROMPTS[labelling.mode], "bold cyan"), typed), (0, 0, 0, 1)))
    parts.append(_choices(labelling))
    keys = KEYS if labelling.mode == "choose" else (("Esc", "back to the message"),)
    shown = [Text.assemble((f" {key} ", "black on bright_black"), f" {does}") for key, does in keys]
    if labelling.notice:
        parts.append(Padding(Text(labelling.notice, style="yellow"), (room, 0, room, 1)))
    elif room:
        parts.append(Text())
    return Group(*parts, Columns(shown, padding=(0, 3)))


def _proposed(labelling: Labelling) -> Text:
    proposal = labelling.proposal
    shown = Text("The bot: ")
    named = proposal.route if proposal.kind == "route" and proposal.route else proposal.kind
    shown.append(f" {named} ", style=f"reverse {KIND_STYLES[proposal.kind]}")
    shown.append(f" {100 * proposal.confidence:.0f} % sure · {proposal.language}", style="dim")
    if proposal.urgent:
        sign = labelling.title(proposal.urgent.sign)
        shown.append(f" · {proposal.urgent.zone}: {sign} ({proposal.urgent.level})", style="bold red")
    if proposal.loss:
        shown.append(" · loss", style="bold magenta")
    return shown


def _choices(labelling: Labelling) -> RenderableType:
    options = labelling.options()
    if labelling.mode == "sign":
        seen = labelling.proposal.urgent.sign if labelling.proposal.urgent else None
        # Two columns, so that all signs are seen at once in a small window.
        named = [
            Text.assemble((f" {option.key} ", "bold black on red"), (f" {option.title}", "bold" * (option.id == seen)))
            for option in options
        ]
        half = (len(named) + 1) // 2
        two = Table.grid(padding=(0, 2), expand=True)
        for _ in range(2):
            two.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        for left, right in zip_longest(named[:half], named[half:], fillvalue=Text()):
            two.add_row(left, right)
        return Padding(two, (0, 0, 0, 1))
    grid = Table.grid(padding=(0, 2))
    for option in options:
        grid.add_row(
            Text(f" {option.key} ", style="bold black on green" if option.key.strip() else ""),
            Text(option.title, style="bold" if option.key == "1" else ""),
            Text(_beside(option), style="dim"),
            _bar(option.chance),
            Text(_percent(option), style="dim"),
        )
    return Padding(grid, (0, 0, 0, 1))


def _bar(chance: float | None) -> Text:
    if chance is None:
        return Text()
    filled = round(chance * BAR)
    return Text.assemble(("█" * filled, "green"), ("░" * (BAR - filled), "bright_black"))


def _beside(option: Option) -> str:
    return option.id if option.id != option.title else ""


def _percent(option: Option) -> str:
    return "" if option.chance is None else f"{100 * option.chance:.0f} %"


def _printable(text: str) -> str:
    """Return ``text`` without what a terminal would obey instead of show."""
    return "".join(character if character.isprintable() or character == "\n" else "·" for character in text)


STATUS_STYLES = {"planned": "green", "moved": "yellow", "cancelled": "red"}


def agenda(title: str, lines: Sequence[Line]) -> None:
    """Print meetings as a table, one day under the other; a day that stands above is not repeated."""
    console = Console()
    if not lines:
        console.print(Text(f"{title}: no meetings", style="dim"))
        return
    shown = Table(title=title, title_justify="left", title_style="bold", header_style="bold", padding=(0, 1))
    for column in ("day", "time", "meeting", "status", "remarks"):
        shown.add_column(column, no_wrap=column in ("day", "time", "status"))
    before = ""
    for line in lines:
        style = STATUS_STYLES[line.status]
        meeting = Text.assemble(
            (line.summary, "strike" if line.status == "cancelled" else ""), "\n", (line.place, "dim")
        )
        remarks = Text("\n".join(line.remarks))
        shown.add_row("" if line.day == before else line.day, line.hours, meeting, Text(line.status, style), remarks)
        before = line.day
    console.print(shown)
