"""Curated files disappear while the bot runs, and a fitted matcher is damaged before it starts: parents notice nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.knowledge.check import load
from bot.matching.matcher import Matcher
from tests.knowledge.conftest import write_files

TEAM = -100_123
"""The chat of the team in ``tests/agenda/files.py``."""
QUESTION = "hij wordt steeds wakker vannacht"


def test_folders_that_are_removed_are_told_of_and_read_again_when_they_are_back(town, telegram):
    telegram.world.chats[TEAM] = "supergroup"
    town.switch_on("haste")
    town.switch_on("watchful")
    program = town.start().wait_until_it_receives()
    for chat in (first := town.ask(QUESTION)):
        before = telegram.wait_for_texts(1, chat)

    for name in ("knowledge", "schedules"):
        (town.folder / name).rename(town.folder / f"{name} elsewhere")
    program.wait_for_output("holds no curated files any more; the bot goes on with what it read")
    program.wait_for_output("the version before stays")
    team = "\n".join(telegram.wait_for_texts(2, TEAM))
    meanwhile = town.ask(QUESTION)
    town.wait_for(meanwhile)
    told = town.announce()
    town.wait_for(told)

    for name in ("knowledge", "schedules"):
        (town.folder / f"{name} elsewhere").rename(town.folder / name)
    program.wait_for_output("The curated files are again what the bot has read.")
    program.wait_for_output("The agenda was read again.")
    town.is_back("curated files and agenda removed", town.ask(QUESTION))

    assert telegram.texts(meanwhile[0]) == before == telegram.texts(first[0])
    assert "De map met de antwoorden is weg." in team
    assert "Ouders zien nog de vorige versie." in team
    assert "schedules:1" in team
    assert program.said("the version before stays") == program.said("goes on with what it read") == 1


def test_a_bad_edit_of_an_answer_is_told_the_team_and_parents_get_the_answer_as_it_was(town, telegram):
    telegram.world.chats[TEAM] = "supergroup"
    town.switch_on("watchful")
    program = town.start().wait_until_it_receives()
    path = town.folder / "knowledge" / "slapen.yaml"
    right = path.read_text()

    path.write_text(right.replace("Wakker worden is gewoon.", "Zie https://example.org."))
    [bad] = telegram.wait_for_texts(1, TEAM)
    [chat] = town.ask(QUESTION)
    [answer] = telegram.wait_for_texts(1, chat)
    path.write_text(right)
    over = telegram.wait_for_texts(2, TEAM)[-1]

    assert "knowledge/slapen.yaml:14: " in bad
    assert "opnieuw starten lukt de bot zo niet" in bad
    assert "Wakker worden is gewoon." in answer
    assert over.startswith("✅ ")
    assert program.said("The curated files were changed but hold mistakes") == 1


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache with what the small town's examples teach."""
    folder = tmp_path_factory.mktemp("fitted")
    Matcher.build(load(write_files(folder / "knowledge")), cache_folder=folder / "cache")
    return folder / "cache"


def cut(path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [
    pytest.param(cut, id="cut in half"),
    pytest.param(flip, id="one byte changed"),
    pytest.param(lambda path: path.write_bytes(b"no arrays at all"), id="something else"),
    pytest.param(lambda path: (path.unlink(), path.mkdir()), id="a folder in its place"),
])  # fmt: skip
def test_a_damaged_matcher_is_fitted_anew_and_parents_are_answered(town, telegram, fitted, damage, tmp_path):
    cache = tmp_path / "cache"
    shutil.copytree(fitted, cache)
    for kept in cache.iterdir():
        damage(kept)

    program = town.start(CACHE=cache).wait_until_it_receives()
    town.wait_for(town.ask(QUESTION))

    assert program.said("is damaged") == len(list(fitted.iterdir()))
