"""A file that was made to do harm is one sentence at once; the program neither grows, hangs nor breaks down."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.agenda import load as agenda_files
from bot.knowledge.tree import MAX_BYTES, MAX_DEPTH, MAX_VALUES, read

LAUGHS = "a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
MERGED = "a: &a {k: v}\n" + "".join(
    f"{name}: &{name} {{<<: [{', '.join([f'*{before}'] * 9)}]}}\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


def told(path: Path) -> list[str]:
    tree, mistakes = read(path)
    assert tree is None
    return [mistake.told("en") for mistake in mistakes]


@pytest.mark.parametrize(("text", "line", "sentence"), [
    pytest.param(LAUGHS, 2, "'*a' stands for another value", id="a billion laughs"),
    pytest.param(MERGED, 2, "'*a' stands for another value", id="a billion merged keys"),
    pytest.param("a: &a [*a]\n", 1, "'*a' stands for another value", id="a list that holds itself"),
    pytest.param("theme: " + "[" * 100_000, 1, f"more than {MAX_DEPTH} lists", id="brackets without end"),
    pytest.param("theme:\n" + "- " * 100_000, 2, f"more than {MAX_DEPTH} lists", id="dashes without end"),
    pytest.param("? " * 100_000, 1, f"more than {MAX_DEPTH} lists", id="keys of keys"),
    pytest.param("- a\n" * (MAX_VALUES + 1), None, f"more than {MAX_VALUES} values", id="values without end"),
    pytest.param("a" * (MAX_BYTES + 1), 1, "larger than 5 MB", id="a huge file"),
    pytest.param("a: !!python/object/apply:os.system [id]\n", 1, "is not YAML here", id="a command of the system"),
    pytest.param("a: !!python/name:os.system\n", 1, "is not YAML here", id="a function of the system"),
])  # fmt: skip
def test_what_would_grow_or_break_the_program_is_one_sentence(tmp_path, text, line, sentence):
    path = tmp_path / "slapen.yaml"
    path.write_text(text, encoding="utf-8")

    (only,) = told(path)

    assert sentence in only
    assert line is None or only.startswith(f"{path}:{line}: ")


def test_as_deep_and_as_much_as_is_allowed_is_read(tmp_path):
    path = tmp_path / "slapen.yaml"
    path.write_text("[" * MAX_DEPTH + "]" * MAX_DEPTH, encoding="utf-8")

    assert read(path)[0] is not None


@pytest.mark.parametrize("target", [
    pytest.param("../.env", id="a file beside the folder"),
    pytest.param("/etc/passwd", id="a file of the machine"),
    pytest.param("/dev/zero", id="a device without end"),
])  # fmt: skip
def test_a_link_out_of_the_folder_is_not_followed_and_tells_nothing_of_what_is_there(tmp_path, target):
    (tmp_path / ".env").write_text("MINIDORP_TOKEN: secret", encoding="utf-8")
    folder = tmp_path / "knowledge"
    folder.mkdir()
    path = folder / "slapen.yaml"
    path.symlink_to(target)

    (only,) = told(path)

    assert "a link to a file outside of its folder" in only
    assert "secret" not in only


def test_a_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "slapen.yaml"
    os.mkfifo(path)

    (only,) = told(path)

    assert "no ordinary file" in only


def test_a_link_within_the_folder_is_followed_as_containers_mount_files_so(tmp_path):
    (tmp_path / "..data").mkdir()
    (tmp_path / "..data" / "slapen.yaml").write_text("theme: slapen\n", encoding="utf-8")
    (tmp_path / "slapen.yaml").symlink_to("..data/slapen.yaml")

    assert read(tmp_path / "slapen.yaml")[0] is not None


def test_a_calendar_that_is_a_link_out_of_the_folder_is_not_read(tmp_path):
    (tmp_path / "secret.ics").write_text("BEGIN:VCALENDAR", encoding="utf-8")
    folder = tmp_path / "schedules"
    folder.mkdir()
    (folder / "meetups.yaml").write_text(
        "meetups: []\n"
        "calendars:\n"
        "  - {id: koffie, file: koffie.ics, summary: {nl: K, en: K}, neighbourhood: dieze, place: school,\n"
        "     audience: {nl: o, en: p}, ages: [0, 48], cost: {nl: gratis, en: free}}\n",
        encoding="utf-8",
    )
    (folder / "koffie.ics").symlink_to("../secret.ics")

    files = agenda_files.read_files(folder, "Europe/Amsterdam")

    about = [mistake.told("en") for mistake in files.mistakes if "koffie.ics" in mistake.told("en")]
    assert len(about) == 1
    assert "a link to a file outside of its folder" in about[0]
    assert files.calendars == {}
