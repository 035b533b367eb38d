"""JSON Schemas of the curated files, so that an editor completes and checks while a curator types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.knowledge.load import SINGLE_FILES
from bot.knowledge.model import Examples, SignExamples, Theme

KINDS: dict[str, Any] = {
    "theme": Theme,
    "examples": Examples,
    "sign-examples": dict[str, SignExamples],
    **SINGLE_FILES,
}
"""Every kind of curated file by the name of its schema."""


def schemas(kinds: Mapping[str, Any] = KINDS) -> dict[str, str]:
    """Return the text of every schema file by its file name; of other folders when their ``kinds`` are given."""
    return {
        f"{name}.schema.json": json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **TypeAdapter(kind).json_schema()},
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
        for name, kind in kinds.items()
    }


def write(folder: Path, kinds: Mapping[str, Any] = KINDS) -> list[Path]:
    """Write the schemas into ``folder`` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in schemas(kinds).items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths
