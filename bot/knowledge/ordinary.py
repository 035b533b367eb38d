"""The values of a file in which nothing is out of the ordinary, built while it is read: a third of the time.

Nearly every file is such a one. In all others ``tree`` looks for what is wrong, and where.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_STARTS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


class UnusualError(Exception):
    """Something stands here that has to be looked at more closely."""


def values(text: str, depth: int, most: int) -> Any:
    """Return what ``text`` holds, as YAML's safe loader would.

    Raises ``UnusualError`` for aliases, tags, a key twice or that is none, more than one document, more than ``depth``
    lists within each other or ``most`` values; and ``YAMLError`` for what is no YAML.
    """
    around: list[tuple[Any, Any]] = []
    parent: Any = None
    key: Any = _NO_KEY
    top: Any = None
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        if isinstance(event, yaml.ScalarEvent):
            if event.tag or count > most:
                raise UnusualError
            value: Any = event.value if event.style else _plain(event.value)
        elif isinstance(event, _STARTS):
            if event.tag or len(around) == depth:
                raise UnusualError
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
        elif isinstance(event, _ENDS):
            parent, key = around.pop()
            continue
        elif isinstance(event, yaml.AliasEvent) or (isinstance(event, yaml.DocumentStartEvent) and top is not None):
            raise UnusualError
        else:
            continue
        if isinstance(parent, list):
            parent.append(value)
        elif parent is None:
            top = value
        elif key is _NO_KEY:
            if isinstance(event, _STARTS) or value in parent:
                raise UnusualError
            key = value
            continue
        else:
            parent[key] = value
            key = _NO_KEY
        if isinstance(event, _STARTS):
            around.append((parent, key))
            parent, key = value, _NO_KEY
    return top


def _plain(text: str) -> Any:
    """Return what stands there without quotes: text, unless YAML takes it for something else."""
    if text[:1] not in _resolver.yaml_implicit_resolvers:
        return text
    tag = _resolver.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    if tag == _TEXT:
        return text
    if not _OF_ONE_SENSE.fullmatch(text):
        raise UnusualError
    try:
        return yaml.SafeLoader("").construct_object(yaml.ScalarNode(tag, text))
    except ValueError as error:
        raise UnusualError from error


_NO_KEY = object()
_resolver = yaml.resolver.Resolver()
_TEXT = "tag:yaml.org,2002:str"
_OF_ONE_SENSE = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?|true|false|\d{4}-\d\d-\d\d")
"""Numbers, yes and no, and dates that every reader takes for what they are."""
