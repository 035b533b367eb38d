"""``minidorp review``: somebody reads a text and stands for it, and parents see the difference."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.knowledge.check import load
from bot.locales import parent_words
from tests.knowledge.conftest import change
from tests.test_cli import minidorp, sentence

DRAFT = parent_words("nl")("answer.unsigned")
SIGN = ("review", "slapen-twee", "--role", "jeugdverpleegkundige")


def answer_in_the_chat() -> str:
    result = minidorp("chat", typed="ze valt maar niet in slaap\n")
    assert result.exit_code == 0
    assert "Inslapen kost" in result.stdout
    return result.stdout


def sign_offs(town: Path) -> list[tuple[str, str, str]]:
    return [(review.id, review.language, review.role) for review in load(town).reviews]


def test_it_shows_the_text_and_who_signs_until_when_before_it_asks(town):
    shown = minidorp(*SIGN, "--until", "2099-12-31", typed="n\n").stdout

    for part in ("Inslapen", "Inslapen kost tijd.", "Blijf erbij.", "Vraag de huisarts.", "huisarts", "Slaapboek"):
        assert part in shown
    assert "Sta je als jeugdverpleegkundige voor deze tekst, tot en met 2099-12-31? [ja/nee]" in " ".join(shown.split())


def test_the_english_text_is_asked_about_in_english(town):
    shown = minidorp(*SIGN, "--language", "en", typed="perhaps\nn\n").stdout

    assert "Does this text stand, as jeugdverpleegkundige, until" in " ".join(shown.split())
    assert "Please type yes or no." in shown


@pytest.mark.parametrize("yes", ["ja", "J", "yes", "y"])
def test_yes_may_be_said_in_dutch_and_in_english(town, yes):
    assert minidorp(*SIGN, typed=f"{yes}\n").exit_code == 0

    assert len(sign_offs(town)) == 1


def test_a_signed_answer_is_a_draft_no_more_until_a_word_of_it_changes(town):
    assert DRAFT in answer_in_the_chat()

    signing = minidorp(*SIGN, typed="y\n")

    assert signing.exit_code == 0
    assert sign_offs(town) == [("slapen-twee", "nl", "jeugdverpleegkundige")]
    assert DRAFT not in answer_in_the_chat()

    change(town, "slapen.yaml", "Inslapen kost tijd.", "Inslapen kost wat tijd.")

    assert DRAFT in answer_in_the_chat()


def test_a_sign_off_holds_a_year_when_nobody_says_otherwise(town):
    before = datetime.now(UTC).date()

    minidorp(*SIGN, typed="y\n")

    [review] = load(town).reviews
    assert review.until - review.reviewed_on == timedelta(days=365)
    assert before <= review.reviewed_on <= datetime.now(UTC).date()


def test_a_warning_sign_and_another_language_are_signed_the_same_way(town):
    minidorp("review", "ademnood", "--role", "huisarts", typed="y\n")
    minidorp(*SIGN, "--language", "en", typed="y\n")

    assert sign_offs(town) == [("ademnood", "nl", "huisarts"), ("slapen-twee", "en", "jeugdverpleegkundige")]


@pytest.mark.parametrize("typed", [
    pytest.param("n\n", id="n"),
    pytest.param("nee\n", id="nee"),
    pytest.param("\n", id="a bare return"),
    pytest.param("", id="no answer at all"),
    pytest.param("wat?\nn\n", id="something else, then no"),
])  # fmt: skip
def test_whoever_does_not_say_yes_signs_nothing(town, typed):
    before = (town / "reviews.yaml").read_bytes()

    result = minidorp(*SIGN, typed=typed)

    assert result.exit_code == 1
    assert result.stderr == "minidorp: nothing was signed\n"
    assert (town / "reviews.yaml").read_bytes() == before


@pytest.mark.parametrize(("words", "said"), [
    pytest.param(["slapen-drie", "--role", "jeugdarts"], "'slapen-drie' is neither an answer nor", id="unknown id"),
    pytest.param(["slapen-een", "--role", "jeugdarts", "--until", "2020-01-01"], "2020-01-01", id="already over"),
    pytest.param(["slapen-een", "--role", "jeugdarts", "--language", "pl"], "not written in 'pl'; choose nl or en",
                 id="a language in which nobody wrote it"),
    pytest.param(["slapen-een", "--role", " "], "--role is empty", id="nobody's role"),
    pytest.param(["slapen-een", "--role", "Annie de Vries"], "'Annie de Vries' looks like a name", id="a name"),
])  # fmt: skip
def test_what_cannot_be_signed_is_one_sentence_before_anything_is_asked(town, words, said):
    before = (town / "reviews.yaml").read_bytes()

    assert said in sentence(minidorp("review", *words, typed="y\n"), 1)

    assert (town / "reviews.yaml").read_bytes() == before
