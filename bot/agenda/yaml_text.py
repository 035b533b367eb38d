"""Changing a curated file in place: what is not changed stays as it is to the letter, comments and order included.

A file is changed piece by piece: only the lines of a field that changes are read and written again, by ruamel, which
keeps the comments within them. Text in, text out; nothing here touches a file.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

WIDTH = 112
"""Characters after which new text goes on below; what already stood there is never broken anew."""

SHORT = 90
"""Characters of a field that still stands on one line."""

Entries = dict[date, dict[str, Any] | None]
"""What is said of single days, by day; None takes away what was said."""


class UnwritableError(ValueError):
    """A file that is written so that it cannot be changed by a program; the message says what to do."""


def with_items(text: str, key: str, new: Sequence[Mapping[str, Any]]) -> str:
    """Return ``text`` with ``new`` behind the list under ``key``, before the comments that follow it."""
    if not new:
        return text
    node = _compose(text)
    listed = _fields(node).get(key)
    if listed is not None and isinstance(listed[1], SequenceNode) and listed[1].value and not listed[1].flow_style:
        sequence = listed[1]
        lines = _lines(text)
        indent = " " * sequence.start_mark.column
        added = _indented(_dumped([_styled(item) for item in new]), indent)
        at = _last_line(sequence) + 1
        # A comment right below the last item, and within it by its indentation, is of that item.
        while at < len(lines) and lines[at].lstrip().startswith("#") and not lines[at].startswith(indent + "#"):
            if len(lines[at]) - len(lines[at].lstrip()) < len(indent):
                break
            at += 1
        return "".join([*lines[:at], added, *lines[at:]])
    if listed is not None and isinstance(listed[1], SequenceNode) and listed[1].value:
        raise UnwritableError(f"{key} stands on one line, in brackets; begin each of them on a line with '- '")
    lines = _lines(text)
    items = [_styled(item) for item in new]
    if listed is None:
        return "".join(lines) + _dumped({key: items})
    first, last = listed[0].start_mark.line, max(listed[0].start_mark.line, _last_line(listed[1]))
    field = _loaded("".join(lines[first : last + 1]))
    field[key] = CommentedSeq(items)
    return "".join([*lines[:first], _dumped(field), *lines[last + 1 :]])


def with_changes(text: str, key: str, changes: Mapping[str, Mapping[str, Any]], order: Sequence[str]) -> str:
    """Return ``text`` with the items under ``key`` changed: id → field → new value.

    A value that is a mapping is laid over the one that stands there; ``Entries`` over a list of single days. A new
    field is put where it belongs by ``order``.
    """
    listed = _fields(_compose(text)).get(key)
    if listed is None or not isinstance(listed[1], SequenceNode):
        return text
    lines = _lines(text)
    # From the last to the first, so that the lines before stay where they are.
    for item in reversed(listed[1].value):
        identifier = _fields(item).get("id")
        wanted = changes.get(str(identifier[1].value)) if identifier else None
        if not wanted:
            continue
        if listed[1].flow_style:
            raise UnwritableError(f"{key} stands on one line, in brackets; begin each of them on a line with '- '")
        first, last, column = item.start_mark.line, _last_line(item), item.start_mark.column
        prefix = lines[first][:column]
        if last < first:
            raise UnwritableError("uses references (& and *), which no program can change safely; change it by hand")
        chunk = _dedented([" " * column + lines[first][column:], *lines[first + 1 : last + 1]], column)
        changed = _indented(_item(chunk, wanted, order), " " * column)
        lines[first : last + 1] = [prefix + changed[column:]]
    return "".join(lines)


def _item(text: str, wanted: Mapping[str, Any], order: Sequence[str]) -> str:
    """Return one item, written from the first column, with its fields changed."""
    node = _compose(text)
    if node.flow_style:
        item = _loaded(text)
        for name, value in wanted.items():
            item[name] = _laid(item.get(name), value, in_line=True)
        return _dumped(item, as_it_was=True)
    lines = _lines(text)
    fields = _fields(node)
    edits: list[tuple[int, int, str]] = []
    for name in sorted(wanted, key=order.index):
        value = wanted[name]
        if name in fields:
            first, last = fields[name][0].start_mark.line, _last_line(fields[name][1])
            last = max(first, last)
            edits.append((first, last + 1, _field("".join(lines[first : last + 1]), name, value)))
        else:
            before = [known for known in order[: order.index(name)] if known in fields]
            at = max((_last_line(fields[known][1]) for known in before), default=0) + 1
            edits.append((at, at, _dumped({name: _new(value)})))
    return "".join(_edited(lines, edits))


def _field(text: str, name: str, value: Any) -> str:
    """Return one field, written from the first column, with its value changed."""
    fields = _fields(_compose(text))
    sequence = fields[name][1]
    is_by_day = isinstance(value, dict) and any(isinstance(key, date) for key in value)
    if is_by_day and isinstance(sequence, SequenceNode) and sequence.value and not sequence.flow_style:
        return _by_day(text, name, sequence, value)
    mapping = _loaded(text)
    mapping[name] = _laid(mapping[name], value)
    return _dumped(mapping, as_it_was=True)


def _by_day(text: str, name: str, sequence: SequenceNode, entries: Entries) -> str:
    lines = _lines(text)
    there = [entry["day"] for entry in _loaded(text)[name]]
    indent = " " * sequence.start_mark.column
    spans = [(_start(lines, node), _last_line(node)) for node in sequence.value]
    edits = []
    for day, entry in sorted(entries.items()):
        new = _indented(_dumped([_styled(entry)]), indent) if entry else ""
        if day in there:
            first, last = spans[there.index(day)]
            edits.append((first, last + 1, new))
        elif entry:
            earlier = [span[1] for span, other in zip(spans, there, strict=True) if other < day]
            at = max(earlier) + 1 if earlier else spans[0][0]
            edits.append((at, at, new))
    lines = _edited(lines, edits)
    if all(entries.get(day, 1) is None for day in there) and not any(entries.values()):
        lines[_fields(_compose(text))[name][0].start_mark.line] = f"{name}: []\n"
    return "".join(lines)


def _edited(lines: list[str], edits: Sequence[tuple[int, int, str]]) -> list[str]:
    """Return the lines with pieces replaced: (first, behind the last, what stands there then).

    From the last to the first, so that the lines before stay where they are. What is inserted before a line that is
    itself replaced comes after that; of two that are inserted at one place, the later of ``edits`` stands below.
    """
    lines = list(lines)
    for _, (first, last, changed) in sorted(
        enumerate(edits), key=lambda edit: (edit[1][0], edit[1][1], edit[0]), reverse=True
    ):
        # One string may hold several lines; the numbers of those before it are not touched.
        lines[first:last] = [changed] if changed else []
    return lines


def _start(lines: Sequence[str], node: Node) -> int:
    """Return the line of the dash of an entry: the node itself may begin below it."""
    line = int(node.start_mark.line)
    while not lines[line].lstrip().startswith("-"):
        line -= 1
    return line


def _laid(before: Any, value: Any, *, in_line: bool = False) -> Any:
    """Return ``value`` laid over what stood there."""
    if isinstance(value, dict) and any(isinstance(key, date) for key in value):
        kept: dict[date, Any] = {entry["day"]: entry for entry in before or ()}
        kept |= value
        sequence = CommentedSeq([_styled(kept[day]) for day in sorted(kept) if kept[day]])
        if in_line:
            sequence.fa.set_flow_style()
        return sequence
    if isinstance(value, dict) and isinstance(before, CommentedMap):
        for key, part in value.items():
            before[key] = part
        return before
    return _new(value)


def _new(value: Any) -> Any:
    """Return a value for a field that is not there yet."""
    if isinstance(value, dict) and any(isinstance(key, date) for key in value):
        return CommentedSeq([_styled(value[day]) for day in sorted(value) if value[day]])
    return _styled(value)


def _styled(value: Any, key: str = "") -> Any:
    """Return a plain value as it looks in these files: times in quotes, short lists and pairs on one line."""
    if isinstance(value, time):
        return DoubleQuotedScalarString(f"{value:%H:%M}")
    if isinstance(value, date):
        # A day of its own each time: of one that stands twice, the second would be written as a reference.
        return value.replace()
    if isinstance(value, Mapping):
        mapping = CommentedMap((name, _styled(part, name)) for name, part in value.items())
        if "id" not in value and len(str(dict(value))) <= SHORT:
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, (list, tuple)):
        sequence = CommentedSeq([_styled(part, key) for part in value])
        if not any(isinstance(part, Mapping) for part in value):
            sequence.fa.set_flow_style()
        return sequence
    return value


def _yaml(*, as_it_was: bool = False) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    yaml.width = 1_000_000 if as_it_was else WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(
        type(None), lambda representer, _: representer.represent_scalar("tag:yaml.org,2002:null", "null")
    )
    return yaml


def _readable(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except YAMLError as error:
        raise UnwritableError(
            f"cannot be changed by a program ({' '.join(str(error).split())[:80]}); write the change by hand"
        ) from error


def _compose(text: str) -> Any:
    node = _readable(lambda: _yaml().compose(text))
    if not isinstance(node, MappingNode):
        raise UnwritableError("does not begin with a name and a colon; look at 'minidorp check'")
    return node


def _loaded(text: str) -> Any:
    return _readable(lambda: _yaml().load(text))


def _dumped(value: Any, *, as_it_was: bool = False) -> str:
    out = io.StringIO()
    yaml = _yaml(as_it_was=as_it_was)
    if isinstance(value, list):
        # As a list within a mapping, which has its dashes two to the right; whoever asked puts it where it belongs.
        yaml.dump({"list": value}, out)
        return _dedented(out.getvalue().splitlines(keepends=True)[1:], 2)
    yaml.dump(value, out)
    return out.getvalue()


def _fields(node: Node) -> dict[str, tuple[Node, Node]]:
    return {key.value: (key, value) for key, value in node.value} if isinstance(node, MappingNode) else {}


def _last_line(node: Node) -> int:
    """Return the last line (from 0) of what a value says, without the comments and empty lines below it."""
    if isinstance(node, CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        text = node.end_mark.buffer[node.start_mark.index : node.end_mark.index]
        return int(node.start_mark.line) + int(text.rstrip("\0\n ").count("\n"))
    return int(node.end_mark.line)


def _lines(text: str) -> list[str]:
    return (text if text.endswith("\n") else text + "\n").splitlines(keepends=True)


def _dedented(lines: Sequence[str], column: int) -> str:
    return "".join(line[min(column, len(line) - len(line.lstrip(" "))) :] for line in lines)


def _indented(text: str, indent: str) -> str:
    return "".join(indent + line if line.strip() else line for line in text.splitlines(keepends=True))
