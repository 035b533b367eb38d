"""What matching keeps on the disk: fitted matchers, and a table of which single rows are read."""

from __future__ import annotations

import logging
import os

import numpy as np
import pytest

from bot.matching import cache

TABLE = np.arange(60, dtype=np.uint8).reshape(20, 3)
WANTED = np.array([7, 0, 19])


@pytest.fixture
def made():
    return []


@pytest.fixture
def make(made):
    def made_once_more():
        made.append(1)
        return TABLE

    return made_once_more


def rows(folder, make) -> np.ndarray:
    table = cache.stored(folder, "numbers", make)
    assert len(table) == len(TABLE)
    return table[WANTED]


def test_rows_are_read_from_the_file_the_next_time(tmp_path, make, made):
    first, second = rows(tmp_path, make), rows(tmp_path, make)

    assert np.array_equal(first, TABLE[WANTED])
    assert np.array_equal(second, TABLE[WANTED])
    assert len(made) == 1


@pytest.mark.parametrize("damage", [
    pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-7]), id="cut"),
    pytest.param(lambda path: path.write_bytes(b"\xff" + path.read_bytes()[1:]), id="a byte changed"),
    pytest.param(lambda path: path.write_bytes(b""), id="emptied"),
    pytest.param(lambda path: path.rename(path.with_name("numbers-what-ever.table")), id="another name"),
    pytest.param(lambda path: (path.unlink(), path.mkdir()), id="a folder"),
])  # fmt: skip
def test_a_damaged_file_is_made_anew(tmp_path, make, made, damage):
    rows(tmp_path, make)
    [path] = tmp_path.glob("*.table")
    damage(path)

    assert np.array_equal(rows(tmp_path, make), TABLE[WANTED])
    assert len(made) == 2


def test_a_file_that_is_removed_meanwhile_is_still_read(tmp_path, make):
    table = cache.stored(tmp_path, "numbers", make)
    [path] = tmp_path.glob("*.table")
    path.unlink()

    assert np.array_equal(table[WANTED], TABLE[WANTED])


def test_where_nothing_can_be_written_the_table_is_in_memory(tmp_path, make, caplog):
    (tmp_path / "taken").write_text("")

    with caplog.at_level(logging.WARNING):
        assert np.array_equal(rows(tmp_path / "taken", make), TABLE[WANTED])

    assert "cannot be written" in caplog.text


def test_of_many_matchers_those_that_were_not_used_for_longest_are_removed(tmp_path):
    for number, key in enumerate(["first", "second", "third"]):
        cache.write(tmp_path, key, {"numbers": np.arange(3)})
        os.utime(tmp_path / f"{key}.npz", (number, number))

    cache.read(tmp_path, "first")
    cache.write(tmp_path, "fourth", {"numbers": np.arange(3)})

    assert {path.stem for path in tmp_path.glob("*.npz")} == {"first", "third", "fourth"}
