"""YAML as curators write it: read strictly, with the line of every value, and every surprise named.

YAML 1.1 reads ``no`` as false, ``0800`` as a number and the second of two equal keys silently; here each of
these is a mistake with its line. Tabs, wrong indentation and bytes that are not UTF-8 are told the same way.

A file is bounded before it is built: nine lines of aliases would become a billion values, and lists within lists, deep
enough, end the whole program without a word.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge import ordinary
from bot.knowledge.mistakes import N_, Mistake

MAX_BYTES = 5_000_000
"""A larger file is no page of answers; the largest of ours, with the examples of warning signs, is a tenth of it."""

MAX_VALUES = 100_000
"""Keys, values and lists in one file; the most of ours is some ten thousand. Each takes most of a kilobyte."""

MAX_DEPTH = 30
"""Lists and mappings within each other; ours go to eight, and at a few thousand the parser itself breaks down."""

Location = tuple[str | int, ...]
"""The way to a value: keys and positions from the top of the file."""


class _Loader(yaml.CSafeLoader):
    """The safe loader, which turns dates into dates and nothing into objects."""


class Tree:
    """One file: its plain values, and the line at which each of them stands."""

    def __init__(self, path: Path, text: str, value: Any) -> None:
        self.path = path
        self.value = value
        self._text = text

    @cached_property
    def _node(self) -> yaml.Node | None:
        """Every value with its place: only a file in which something is wrong is asked for it."""
        return _compose(self._text)[0]

    def line(self, location: Location) -> int:
        """Return the line (from 1) of the value at ``location``, or of the nearest thing around it."""
        node = self._node
        if node is None:
            return 1
        line = node.start_mark.line + 1
        for step in location:
            found = _child(node, step)
            if found is None:
                break
            key, node = found
            line = (key or node).start_mark.line + 1
        return line

    def line_within(self, location: Location, text: str, at: int) -> int:
        """Return the line of a character of the text at ``location``; of its beginning where lines are not kept.

        Only a block under ``|`` stands in the file as it is; what is folded or in quotes is told by its first line.
        """
        first = self.line(location)
        lines = self._text.splitlines()
        below = "\n".join(line.strip() for line in lines[first : first + text.count("\n") + 1])
        wanted = "\n".join(line.strip() for line in text.strip().splitlines())
        return first + 1 + text.count("\n", 0, at) if below == wanted else first


def read(path: Path) -> tuple[Tree | None, list[Mistake]]:
    """Read one file; return its tree, or None and the mistakes when it cannot be read at all."""
    try:
        raw = read_bytes(path, MAX_BYTES)
    except OSError as error:
        return None, [
            Mistake(
                path,
                1,
                N_("cannot be read ({reason}); check that it exists and may be opened"),
                {"reason": error.strerror or type(error).__name__},
            )
        ]
    if len(raw) > MAX_BYTES:
        return None, [
            Mistake(path, 1, N_("is larger than {size} MB; cut it into several files"), {"size": MAX_BYTES // 10**6})
        ]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return None, [Mistake(path, line, N_("is not valid UTF-8; save the file as UTF-8"))]
    tabs = [
        Mistake(path, number, N_("a tab stands before the text; use spaces"))
        for number, line in enumerate(text.splitlines(), 1)
        if re.match(r" *\t", line)
    ]
    if tabs:
        return None, tabs
    with suppress(ordinary.UnusualError, yaml.YAMLError):
        value = ordinary.values(text, MAX_DEPTH, MAX_VALUES)
        if value is not None:
            return Tree(path, text, value), []
    try:
        wild = _unbounded(path, text)
        if wild:
            return None, wild
        node, value = _compose(text)
    except yaml.MarkedYAMLError as error:
        return None, [_not_yaml(path, error)]
    except yaml.YAMLError as error:
        return None, [Mistake(path, 1, N_("is not YAML ({reason}); remove the character"), {"reason": str(error)})]
    if node is None:
        return None, [Mistake(path, 1, N_("is empty; fill it in or remove it"))]
    return Tree(path, text, value), list(_surprises(path, node))


def read_bytes(path: Path, most: int) -> bytes:
    """Return what stands in a file, and no more than one byte beyond ``most``: enough to know that it is too much.

    Raises ``OSError`` for what cannot be read, is no file but a pipe or a device, or lies outside the folder in which
    it seems to stand.
    """
    if not path.resolve().is_relative_to(path.parent.resolve()):
        raise OSError(errno.EXDEV, "it is a link to a file outside of its folder")
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no ordinary file")
    with path.open("rb") as file:
        return file.read(most + 1)


def _unbounded(path: Path, text: str) -> list[Mistake]:
    """Return the first thing that would grow beyond bounds when it is built. Raises ``MarkedYAMLError``."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            sentence = N_("'*{name}' stands for another value; write it out")
            return [Mistake(path, line, sentence, {"name": event.anchor})]
        if depth > MAX_DEPTH:
            sentence = N_("more than {most} lists within each other; write it flat")
            return [Mistake(path, line, sentence, {"most": MAX_DEPTH})]
        if count > MAX_VALUES:
            sentence = N_("holds more than {most} values; cut it into several files")
            return [Mistake(path, line, sentence, {"most": MAX_VALUES})]
    return []


def _compose(text: str) -> tuple[yaml.Node | None, Any]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        value = None if node is None else loader.construct_document(node)
    except ValueError as error:
        # A date such as 2027-02-30 passes the scanner and fails only when it is built.
        raise yaml.YAMLError(str(error)) from error
    finally:
        loader.dispose()
    return node, value


def _not_yaml(path: Path, error: yaml.MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    return Mistake(
        path,
        line,
        N_("is not YAML here ({reason}); look at quotes, colons and indentation on this line and the one above"),
        {"reason": error.problem or error.context or ""},
    )


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None


def _surprises(path: Path, node: yaml.Node) -> Iterator[Mistake]:
    """Yield what YAML would read otherwise than a person does."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                yield Mistake(
                    path,
                    line,
                    N_("'{key}' stands here a second time (first on line {first}); remove one"),
                    {"key": key.value, "first": seen[key.value]},
                )
            seen.setdefault(key.value, line)
            yield from _surprises(path, key)
            yield from _surprises(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _surprises(path, value)
    elif isinstance(node, yaml.ScalarNode) and not node.style:
        yield from _plain_scalar(path, node)


def _plain_scalar(path: Path, node: yaml.ScalarNode) -> Iterator[Mistake]:
    text, line = node.value, node.start_mark.line + 1
    if node.tag.endswith(":bool") and text not in ("true", "false"):
        yield Mistake(path, line, N_("'{text}' is read as yes or no, not as a word; put it in quotes"), {"text": text})
    elif node.tag.endswith((":int", ":float")) and re.match(r"0\d|\d+:\d", text):
        yield Mistake(
            path,
            line,
            N_("'{text}' is read as a number that you did not mean; put it in quotes"),
            {"text": text},
        )
