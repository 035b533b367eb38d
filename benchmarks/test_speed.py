"""How long a parent and a curator wait, and how much memory that takes. Aims stand beside the figures, not as tests."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.load.parents import Parents, typed
from benchmarks.load.program import minidorp
from benchmarks.load.server import Server
from benchmarks.report import Report
from benchmarks.timing import seconds
from bot import settings
from bot.checking import check_knowledge
from bot.knowledge.check import SCHEMA_COMMENT, check
from bot.knowledge.load import SIGN_EXAMPLES_FILE, SINGLE_FILES
from bot.knowledge.model import Knowledge
from bot.matching.embedder import default_embedder
from bot.matching.evaluate import Row
from bot.matching.matcher import Matcher

MANY_FILES = 100
EXAMPLES = 80
"""How many an answer has in a town that begins."""
ASKING = 100
"""Parents who ask before the memory is measured."""


def test_first_start_with_an_empty_cache(benchmark: BenchmarkFixture, report: Report, tmp_path: Path) -> None:
    took = seconds(benchmark, _match_once, [(tmp_path,)])

    report.speed.append(("first start: `minidorp match` fits and answers", _told(took), "under 120 s"))


def test_first_start_of_a_smaller_town(
    benchmark: BenchmarkFixture, report: Report, knowledge: Knowledge, tmp_path: Path
) -> None:
    fewer = knowledge.model_copy(update={"examples": _at_most(knowledge.examples, EXAMPLES)})

    took = seconds(benchmark, lambda: Matcher.build(fewer, cache_folder=tmp_path), [()])

    report.speed.append((f"fitting with {EXAMPLES} examples an answer", _told(took), "under 90 s"))


@pytest.mark.usefixtures("matcher")
def test_start_with_a_cache(benchmark: BenchmarkFixture, report: Report) -> None:
    took = seconds(benchmark, _match_once, [(settings.read().cache,)] * 5)

    report.speed.append(("later start: `minidorp match` answers", _told(took), "under 4 s"))


@pytest.mark.usefixtures("matcher")
def test_matcher_from_the_cache(benchmark: BenchmarkFixture, report: Report, knowledge: Knowledge) -> None:
    def build() -> None:
        default_embedder.cache_clear()
        Matcher.build(knowledge, cache_folder=settings.read().cache)

    took = seconds(benchmark, build, [()] * 5)

    report.speed.append(("of which the matcher and its embedder", _told(took), ""))


def test_one_message(benchmark: BenchmarkFixture, report: Report, matcher: Matcher, questions: list[Row]) -> None:
    matcher.decide(questions[0].text)

    took = seconds(benchmark, matcher.decide, [(row.text,) for row in questions])

    p50, p95, p99 = np.percentile(np.array(took) * 1000, (50, 95, 99))
    report.speed += [
        ("one message, half of them within", f"{p50:.1f} ms", "under 6 ms"),
        ("one message, 95 % within", f"{p95:.1f} ms", ""),
        ("one message, 99 % within", f"{p99:.1f} ms", "under 25 ms"),
    ]


@pytest.mark.usefixtures("matcher")
async def test_memory(report: Report, questions: list[Row], tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("this system has no /proc to read the memory from")
    async with Server(0) as server:
        program = minidorp(server, tmp_path / "memory.sqlite3")
        try:
            await server.receiving()
            noticed = await Parents(server).at_once(typed([row.text for row in questions]), list(range(ASKING)))
            resident_mb = program.resident_mb()
        finally:
            await asyncio.to_thread(program.end)

    assert not noticed.unanswered
    report.speed.append((f"memory of `minidorp run` after {ASKING} questions", f"{resident_mb:.0f} MB", "under 400 MB"))


def test_rules_over_many_files(benchmark: BenchmarkFixture, report: Report, tmp_path: Path) -> None:
    _write_many(settings.read().knowledge, tmp_path)

    took = seconds(benchmark, check, [(tmp_path,)] * 3)

    report.speed.append((f"reading {MANY_FILES} files, with every rule", _told(took), "under 2 s"))


def test_check(benchmark: BenchmarkFixture, report: Report) -> None:
    took = seconds(benchmark, check_knowledge, [(settings.read().knowledge, date(2026, 11, 22))])

    report.speed.append(("the files as they are, with the search for look-alike examples", _told(took), ""))


def _at_most(examples: Mapping[str, Mapping[str, tuple[str, ...]]], most: int) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the examples of each answer, ``most`` of them, from every language its share; of the rest all."""
    return {
        label: {
            language: texts if label.startswith("@") else texts[: -(-most * len(texts) // sum(map(len, of.values())))]
            for language, texts in of.items()
        }
        for label, of in examples.items()
    }


def _match_once(cache: Path | None) -> None:
    """Run a process that answers one message."""
    environment = dict(os.environ)
    if cache:
        environment["MINIDORP_CACHE"] = str(cache)
    subprocess.run([sys.executable, "-m", "bot", "match", "x"], env=environment, check=True, capture_output=True)


def _told(took: list[float]) -> str:
    return f"{statistics.median(took):.1f} s"


def _write_many(folder: Path, target: Path) -> None:
    """Fill ``target`` with the files of ``folder``, and copies under other ids until there are ``MANY_FILES``."""
    (target / "examples").mkdir()
    paths = [*sorted(folder.glob("*.yaml")), *sorted((folder / "examples").glob("*.yaml"))]
    for path in paths:
        (target / path.relative_to(folder)).write_bytes(path.read_bytes())
    once = {*SINGLE_FILES, SIGN_EXAMPLES_FILE, "none", "routes"}
    repeated = [path for path in paths if path.stem not in once]
    for number in range(MANY_FILES - len(paths)):
        path, suffix = repeated[number % len(repeated)], str(2 + number // len(repeated))
        value = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        place = target / path.relative_to(folder).with_name(f"{path.stem}{suffix}.yaml")
        body = yaml.dump(_renamed(value, suffix), Dumper=yaml.CSafeDumper, allow_unicode=True)
        place.write_text(f"{SCHEMA_COMMENT}\n{body}", encoding="utf-8")


def _renamed(value: dict[str, Any], suffix: str) -> dict[str, Any]:
    """Return a theme, or examples by answer, under ids of their own and with messages of their own."""
    if "theme" in value:
        return {
            **value,
            "theme": value["theme"] + suffix,
            "answers": [{**answer, "id": _other_id(answer["id"], suffix)} for answer in value["answers"]],
        }
    return {
        _other_id(answer, suffix): {name: [f"{text} {suffix}" for text in texts] for name, texts in languages.items()}
        for answer, languages in value.items()
    }


def _other_id(identifier: str, suffix: str) -> str:
    theme, _, rest = identifier.partition("-")
    return f"{theme}{suffix}-{rest}"
