"""The schemas in the knowledge folder are those of the models, so that an editor never says something else."""

from __future__ import annotations

from bot.knowledge import schema
from tests.conftest import ROOT

FOLDER = ROOT / "knowledge" / "schema"


def test_the_schemas_are_fresh() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}

    assert written == schema.schemas(), "run 'minidorp schema'"


def test_every_curated_file_names_a_schema_that_exists() -> None:
    for path in (ROOT / "knowledge").rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        named = first.removeprefix("# yaml-language-server: $schema=")

        assert (path.parent / named).is_file(), path
