"""What the pages about security and privacy say is tested, is tested: a page that names a test cannot go stale."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = [
    "docs/security.md",
    "docs/reliability.md",
    "docs/privacy.md",
    "docs/dpia.md",
    "docs/verwerkingsregister.md",
    "SECURITY.md",
]
NAMED = re.compile(r"`((?:tests/)?[\w/]*test_\w+\.py)(?:::(\w+))?`|`::(test_\w+)`")
"""``tests/web/test_security.py::test_…``; a file alone; or, after either, another test of the same file."""


def named(page: str) -> list[tuple[str, str | None]]:
    """Return the file and the name of every test that a page names."""
    found: list[tuple[str, str | None]] = []
    for file, name, of_the_same in NAMED.findall((ROOT / page).read_text(encoding="utf-8")):
        found.append((file or found[-1][0], name or of_the_same or None))
    return found


@lru_cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def path_of(file: str) -> Path | None:
    """Return where a file of tests stands; one that is named without its folder is found when there is only one."""
    if file.startswith("tests/"):
        return ROOT / file if (ROOT / file).is_file() else None
    found = list((ROOT / "tests").rglob(file))
    return found[0] if len(found) == 1 else None


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_exists(page):
    missing = [
        f"{file}::{name}" if name else file
        for file, name in named(page)
        if (path := path_of(file)) is None or (name and name not in functions_of(path))
    ]

    assert missing == []


def test_every_threat_has_a_test_or_says_why_it_has_none():
    text = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    threats = [
        line
        for table in re.findall(r"(?m)^\| threat \|.*\n\|[-| ]+\n((?:\|.*\n)+)", text)
        for line in table.splitlines()
    ]

    assert len(threats) > 30
    assert [line for line in threats if "::test_" not in line and "| no test: " not in line] == []


def test_every_other_page_that_is_pointed_to_exists():
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert ((ROOT / page).parent / target).exists(), f"{page} points to {target}"


@pytest.mark.parametrize("text", ["tests/web/test_nothing.py", "tests/web/test_security.py::test_nothing"])
def test_a_name_that_is_wrong_is_noticed(text):
    (file, name, _) = NAMED.findall(f"`{text}`")[0]

    path = path_of(file)
    assert path is None or name not in functions_of(path)
