"""People say what a message asks for: one key a choice, and every choice kept at once.

The rows are those that ``minidorp evaluate`` reads. A message is text of a parent: it is shown and written to the file
that was named, and nowhere else. The terminal draws what ``Labelling`` holds and hands it the keys.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.knowledge.check import ROUTES
from bot.knowledge.model import MAIN_LANGUAGE, Knowledge
from bot.matching.decision import Decision
from bot.matching.evaluate import LOSS, NOTHING, URGENT

Mode = Literal["choose", "search", "id", "route", "sign"]

CANDIDATES = "12345"
SIGN_KEYS = "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ENTER, ESCAPE, BACKSPACE = ("\r", "\n"), ("\x1b",), ("\x7f", "\b")

KEYS = (
    ("1-5", "that answer"),
    ("/", "search titles"),
    ("a", "answer by id"),
    ("0", "none of these"),
    ("n", "not for this bot"),
    ("r", "route"),
    ("u", "danger or loss"),
    ("s", "skip"),
    ("b", "back"),
    ("q", "quit and keep"),
)
"""What a key does while a message is asked."""

WITH_WORDS = ("/", "a", "r", "u")
"""Keys after which, on a line, more may follow at once."""


class LabellingError(ValueError):
    """The messages or the labels cannot be used; the message names the file, the line and the remedy."""


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """One message that waits for its label; ``language`` is None while nobody said it."""

    text: str
    language: str | None = None
    style: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: its key, its name for people, its id, and its chance where the bot gave it one."""

    key: str
    title: str
    id: str
    chance: float | None = None


def read_messages(path: Path) -> list[Unlabelled]:
    """Return the messages of a file, each once: a line each, or JSON lines with ``text`` when it ends in ``.jsonl``.

    Rows that hold a label (``gold``) already are left out. Raises ``LabellingError`` for the first unreadable line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise LabellingError(f"{path} cannot be read ({reason}); name a file of messages in UTF-8") from error
    found: dict[str, Unlabelled] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if path.suffix != ".jsonl":
            found.setdefault(line.strip(), Unlabelled(line.strip()))
            continue
        row = _row(line)
        if row is None:
            raise LabellingError(f'{path}:{number}: is no message; write {{"text": …, "lang": …}}')
        if "gold" not in row:
            language = str(row["lang"]) if row.get("lang") else None
            found.setdefault(row["text"], Unlabelled(row["text"], language, str(row.get("style", ""))))
    return list(found.values())


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("text"), str) else None


class LabelFile:
    """The labels on disk, in the order in which they were given: each is there before the next is asked."""

    def __init__(self, path: Path) -> None:
        """Read what is there. A row that was cut off by a crash is taken away.

        Raises ``LabellingError`` when another line is no row, and ``OSError`` when the file cannot be used.
        """
        self.path = path
        self._rows: list[tuple[str, int]] = []
        path.touch()
        content = path.read_bytes()
        at = 0
        for number, line in enumerate(content.splitlines(keepends=True), 1):
            row = _row(line.decode("utf-8", "replace"))
            if row is not None:
                self._rows.append((row["text"], at))
            elif not line.endswith(b"\n"):
                self._cut(at)
                return
            elif line.strip():
                raise LabellingError(f"{path}:{number}: is no labelled message; correct it or name another --out")
            at += len(line)
        if content and not content.endswith(b"\n"):
            self._write(b"\n")

    def texts(self) -> list[str]:
        """Return the labelled messages, the oldest first."""
        return [text for text, _ in self._rows]

    def append(self, row: dict[str, object]) -> None:
        """Write one row, and wait until the disk holds it."""
        self._rows.append((str(row["text"]), self.path.stat().st_size))
        self._write((json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "replace"))

    def take_back(self) -> None:
        """Remove the last row."""
        _, at = self._rows.pop()
        self._cut(at)

    def _write(self, content: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def _cut(self, at: int) -> None:
        with self.path.open("r+b") as file:
            file.truncate(at)
            os.fsync(file.fileno())


class Labelling:
    """The messages one by one: what is asked now, what can be chosen, and what a key does."""

    def __init__(
        self,
        messages: list[Unlabelled],
        file: LabelFile,
        knowledge: Knowledge,
        decide: Callable[[str], Decision],
    ) -> None:
        self.file = file
        self.mode: Mode = "choose"
        self.typed = ""
        self.notice = ""
        self.is_over = False
        self._messages = messages
        self._knowledge = knowledge
        self._decide = decide
        self._titles = {answer.id: answer.title[MAIN_LANGUAGE] for answer in knowledge.answers()}
        self._skipped: set[int] = set()
        place = {message.text: position for position, message in enumerate(messages)}
        done = file.texts()
        self._labelled = {place[text] for text in done if text in place}
        # Only the last row can be taken back, so what lies before a message of another file stays.
        self._past: list[int] = []
        for text in done:
            self._past = [*self._past, place[text]] if text in place else []
        self._at = -1
        self._proposals: dict[int, Decision] = {}
        self._go_on()

    @property
    def message(self) -> Unlabelled:
        """The message that is asked now. Raises ``IndexError`` when it is over."""
        return self._messages[self._at]

    @property
    def proposal(self) -> Decision:
        """What the bot would do with the message that is asked now."""
        if self._at not in self._proposals:
            self._proposals[self._at] = self._decide(self.message.text)
        return self._proposals[self._at]

    @property
    def position(self) -> int:
        """Which message is asked, from 1."""
        return self._at + 1

    @property
    def count(self) -> tuple[int, int]:
        """How many messages have a label, of how many."""
        return len(self._labelled), len(self._messages)

    def title(self, identifier: str) -> str:
        """Return the title of an answer or a sign; what is still being written shows its id."""
        sign = self._knowledge.sign(identifier)
        return self._titles.get(identifier) or (sign.title[MAIN_LANGUAGE] if sign else identifier)

    def options(self) -> list[Option]:
        """Return what can be chosen now."""
        if self.mode == "choose":
            best = self.proposal.candidates[: len(CANDIDATES)]
            return [
                Option(key, self.title(one.answer), one.answer, one.score)
                for key, one in zip(CANDIDATES, best, strict=False)
            ]
        if self.mode == "route":
            routes = [route for route in ROUTES if route != NOTHING]
            return [Option(str(number), route.removeprefix("@"), route) for number, route in enumerate(routes, 1)]
        if self.mode == "sign":
            return [
                Option(key, sign.title[MAIN_LANGUAGE], sign.id)
                for key, sign in zip(SIGN_KEYS, self._knowledge.signs, strict=False)
            ]
        wanted = self.typed.lower().split()
        matching = [
            (identifier, title)
            for identifier, title in self._titles.items()
            if all(word in (identifier if self.mode == "id" else f"{title} {identifier}").lower() for word in wanted)
        ]
        keys = CANDIDATES if self.mode == "search" else " " * len(CANDIDATES)
        return [Option(key, title, identifier) for key, (identifier, title) in zip(keys, matching, strict=False)]

    def line(self, typed: str) -> None:
        """Take a line where no single keys can be read: a key, and behind some of them the choice itself."""
        rest = typed = typed.strip()
        opened = self.mode == "choose"
        if opened:
            if len(typed) > 1 and not typed.startswith(WITH_WORDS):
                self.notice = f"'{typed}' is no choice; type one of the keys"
                return
            self.press(typed[:1])
            rest = typed[1:].strip()
            if not rest:
                return
        if not rest:
            self._turn("choose")
        elif self.mode in ("route", "sign") or (self.mode == "search" and not opened and rest in tuple(CANDIDATES)):
            self.press(rest)
        else:
            self.typed = rest
            self.notice = "" if self.options() else f"nothing fits '{rest}'; type other words"
            if self.mode == "id" and not self.notice:
                self.press(ENTER[0])
                self.typed = ""

    def keys(self, read: str) -> None:
        """Take what a terminal read at once: a key, the bytes of one special key, or several typed fast.

        What was typed ahead of a message that nobody had seen yet is dropped.
        """
        for key in [read] if read.startswith(ESCAPE) else read:
            self.press(key)
            if self.mode == "choose":
                return

    def press(self, key: str) -> None:
        """Take one key. What it does not mean here is told in ``notice``, and nothing else happens."""
        self.notice = ""
        if self.mode == "choose":
            self._choose(key)
        elif key.startswith(ESCAPE):
            self._turn("choose")
        elif self.mode in ("search", "id"):
            self._search(key)
        else:
            chosen = next((option for option in self.options() if option.key == key), None)
            if chosen is None:
                self.notice = "no such choice; Esc goes back"
            elif self.mode == "route":
                self._label(chosen.id)
            else:
                sign = self._knowledge.sign(chosen.id)
                is_loss = sign is not None and sign.level == "loss"
                self._label(LOSS if is_loss else URGENT, sign="" if is_loss else chosen.id)

    def _choose(self, key: str) -> None:
        chosen = next((option for option in self.options() if option.key == key), None)
        menus: dict[str, Mode] = {"/": "search", "a": "id", "r": "route", "u": "sign"}
        if chosen:
            self._label(chosen.id)
        elif key in menus:
            self._turn(menus[key])
        elif key == "0":
            self._label(NOTHING, is_gap=True)
        elif key == "n":
            self._label(NOTHING)
        elif key == "s":
            self._skipped.add(self._at)
            self._past.append(self._at)
            self._go_on()
        elif key == "b":
            self._go_back()
        elif key in ("q", "\x03", "\x04"):
            self.is_over = True
        elif key.strip():
            self.notice = "that key does nothing here"

    def _search(self, key: str) -> None:
        found = self.options()
        if self.mode == "search" and key in CANDIDATES:
            if int(key) <= len(found):
                self._label(found[int(key) - 1].id)
            else:
                self.notice = f"there is no {key}; type other words, or Esc"
        elif key in ENTER:
            exact = [option for option in found if option.id == self.typed.strip().lower()]
            if exact or len(found) == 1:
                self._label((exact or found)[0].id)
            else:
                fitting = "several answers fit" if found else "nothing fits"
                self.notice = f"{fitting} '{self.typed.strip()}'; type more, or Esc goes back"
        elif key in BACKSPACE:
            self.typed = self.typed[:-1]
        elif key.isprintable():
            self.typed += key

    def _turn(self, mode: Mode) -> None:
        self.mode, self.typed = mode, ""

    def _label(self, gold: str, *, sign: str = "", is_gap: bool = False) -> None:
        message = self.message
        row: dict[str, object] = {"text": message.text, "lang": message.language or self.proposal.language}
        if message.style:
            row["style"] = message.style
        row |= {"gold": gold, "also": []}
        if sign:
            row["sign"] = sign
        if is_gap:
            row["gap"] = True
        self.file.append(row)
        self._labelled.add(self._at)
        self._past.append(self._at)
        self._turn("choose")
        self._go_on()

    def _go_on(self) -> None:
        """Ask the next message that has no label and was not skipped."""
        after = range(self._at + 1, len(self._messages))
        self._ask(next((at for at in after if at not in self._labelled | self._skipped), len(self._messages)))

    def _go_back(self) -> None:
        if not self._past:
            self.notice = "this is the first"
            return
        at = self._past.pop()
        if at in self._skipped:
            self._skipped.discard(at)
        else:
            self._labelled.discard(at)
            self.file.take_back()
        self._ask(at)

    def _ask(self, at: int) -> None:
        self._at = at
        self.is_over = at == len(self._messages)
