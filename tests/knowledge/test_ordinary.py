"""The short way through a file says what the long way says, or leaves it to that."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge import ordinary, tree

PIECES = st.sampled_from(
    [
        *(
            "a",
            "b",
            "no",
            "true",
            "0800",
            "-3",
            "1.5",
            "12:30",
            "2027-02-30",
            "2027-03-31",
            "~",
            "null",
            "<<",
            "=",
            ".5",
        ),
        *(": ", ":", "- ", "-", "? ", "\n", "\n  ", "\n    ", " ", "[", "]", "{", "}", ", ", "'", '"', "|\n", ">-\n  "),
        *("&x ", "*x", "!!str ", "!y ", "---\n", "...\n", "# c\n", "\u00e9", "%", "@", "`", "1e3", "0x1f", "1_000"),
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_what_the_short_way_reads_is_what_the_long_way_reads_without_a_mistake(tmp_path_factory, text):
    try:
        found = ordinary.values(text, tree.MAX_DEPTH, tree.MAX_VALUES)
    except (ordinary.UnusualError, yaml.YAMLError):
        return

    assert found == yaml.safe_load(text)
    node, _ = tree._compose(text)
    assert node is None or not list(tree._surprises(Path("x.yaml"), node))
    assert not tree._unbounded(Path("x.yaml"), text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\na: 2", id="a key twice"),
        pytest.param("a: no", id="a word that is read as a number or as no"),
        pytest.param("a: 0701", id="a number with a nought before it"),
        pytest.param("a: &x [1]\nb: *x", id="an alias"),
        pytest.param("a: !!str 1", id="a tag"),
        pytest.param("a: 1\n---\nb: 2", id="two documents"),
        pytest.param("a: 2027-02-30", id="a day that is none"),
        pytest.param("[a]: b", id="a list for a key"),
        pytest.param("[" * 40 + "]" * 40, id="too deep"),
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_the_long_way(text):
    with pytest.raises(ordinary.UnusualError):
        ordinary.values(text, tree.MAX_DEPTH, tree.MAX_VALUES)


def test_too_many_values_are_left_to_the_long_way():
    with pytest.raises(ordinary.UnusualError):
        ordinary.values("[1, 2, 3, 4]", tree.MAX_DEPTH, 3)


def test_the_files_of_this_town_take_the_short_way():
    folder = Path(__file__).parents[2] / "knowledge"

    for path in folder.rglob("*.yaml"):
        assert ordinary.values(path.read_text("utf-8"), tree.MAX_DEPTH, tree.MAX_VALUES) is not None
