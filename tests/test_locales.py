"""Every word the bot says exists in every language, and no word is kept that nobody says."""

from __future__ import annotations

import ast
import re
import string

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from bot.locales import FOLDER, languages, parent_words
from tests.conftest import ROOT

BY_KEY = ("parents", "team")
"""The catalogues whose words are found by key."""
KEY = re.compile(r"^[a-z_]+(\.[a-z0-9_-]+)+$")


def catalogue(language: str, name: str) -> dict[str, str]:
    with (FOLDER / language / f"{name}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def spoken_in_code() -> tuple[set[str], set[str]]:
    """Return the keys that stand in code as they are, and the beginnings of those that are put together."""
    whole: set[str] = set()
    beginnings: set[str] = set()
    groups = {key.partition(".")[0] for name in BY_KEY for key in catalogue("nl", name)}
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.match(node.value):
                whole |= {node.value} if node.value.partition(".")[0] in groups else set()
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginning = str(node.values[0].value)
                beginnings |= {beginning} if beginning.partition(".")[0] in groups else set()
    for path in (ROOT / "bot" / "pages" / "templates").glob("*.html"):
        for _, _, key in extract_from_ast(Environment(autoescape=True).parse(path.read_text("utf-8")), ("words",)):
            whole |= {found for found in (key if isinstance(key, tuple) else (key,)) if found}
    return whole, beginnings


@pytest.mark.parametrize("name", BY_KEY)
@pytest.mark.parametrize("language", languages())
def test_a_language_has_every_key_with_the_same_placeholders(language: str, name: str) -> None:
    dutch, other = catalogue("nl", name), catalogue(language, name)

    assert set(other) == set(dutch)
    for key, text in dutch.items():
        assert text, key
        assert _placeholders(other[key]) == _placeholders(text), key


def _placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_key_in_code_is_in_the_catalogues_and_the_other_way_around() -> None:
    known = {key for name in BY_KEY for key in catalogue("nl", name)}
    whole, beginnings = spoken_in_code()

    assert {key for key in whole if key not in known} == set()
    unused = {key for key in known - whole if not any(key.startswith(beginning) for beginning in beginnings)}
    assert unused == set()


def test_every_sentence_for_curators_is_translated() -> None:
    sentences = {"warning"}
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
                sentences.add(ast.literal_eval(node.args[0]))
    for path in (ROOT / "bot" / "pages" / "templates").glob("*.html"):
        for _, _, sentence in extract_from_ast(
            Environment(autoescape=True).parse(path.read_text(encoding="utf-8")), ("_",)
        ):
            sentences.add(str(sentence))

    dutch = catalogue("nl", "curators")

    assert set(dutch) == sentences
    for sentence, translated in dutch.items():
        assert _placeholders(translated) == _placeholders(sentence)


def test_a_key_that_stands_nowhere_is_an_error_and_not_shown_to_a_parent() -> None:
    with pytest.raises(KeyError):
        parent_words("nl")("bestaat.niet")
