"""``minidorp packet``, ``review --from`` and ``check --numbers``: from the pages to a sign-off, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.knowledge.check import load
from tests.knowledge.conftest import change
from tests.test_cli import minidorp, sentence

TODAY = datetime.now(UTC).date()


@pytest.fixture
def printed(town: Path) -> Path:
    """The list of a packet that was just printed in both languages."""
    result = minidorp("packet", "--language", "nl", "--language", "en")
    assert (result.exit_code, result.stderr) == (0, "")
    return town.parent / "packets" / "packet.csv"


def fill_in(path: Path, *identifiers: str, language: str = "nl", **cells: str) -> None:
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))
    for row in rows:
        if row["id"] in identifiers and row["language"] == language:
            row.update({"role": "jeugdverpleegkundige", "date": f"{TODAY:%d-%m-%Y}", "agrees": "ja", **cells})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def sign_offs(town: Path) -> list[tuple[str, str, str]]:
    return [(review.id, review.language, review.role) for review in load(town).reviews]


def test_a_filled_in_list_is_shown_asked_and_signed_and_the_next_packet_says_so(town, printed):
    fill_in(printed, "slapen-een", "ademnood")
    fill_in(printed, "slapen-twee", agrees="nee", remark="te kort", language="en")

    result = minidorp("review", "--from", printed, "--until", "2099-12-31", typed="y\n")

    assert result.exit_code == 0
    assert "not signed: slapen-twee (en): te kort" in result.stdout
    assert f"to sign: slapen-een (nl) by jeugdverpleegkundige, {TODAY} to 2099-12-31" in result.stdout
    assert sign_offs(town) == [(name, "nl", "jeugdverpleegkundige") for name in ("slapen-een", "ademnood")]
    assert load(town).is_signed(load(town).answer("slapen-een"), "nl", date(2099, 12, 31))
    minidorp("packet", "--to", town.parent / "again")
    page = (town.parent / "again" / "slapen.html").read_text(encoding="utf-8")
    assert page.count("ondertekend door jeugdverpleegkundige") == 1


def test_a_remark_is_told_by_check_until_the_words_change_or_are_signed(town, printed):
    fill_in(printed, "slapen-een", agrees="nee", remark="te kort: zeg meer")
    fill_in(printed, "slapen-twee", agrees="nee", remark="wie helpt?")

    assert "the remarks are kept" in minidorp("review", "--from", printed).stderr

    assert "slapen-een (nl) was not signed: 'te kort: zeg meer'" in minidorp("check", town).stderr
    assert minidorp("check", town).stdout == "0 errors, 2 warnings\n"
    minidorp("review", "slapen-twee", "--role", "jeugdarts", typed="ja\n")
    change(town, "slapen.yaml", "Wacht heel even.", "Wacht heel even en luister.")
    assert minidorp("check", town).stdout == "0 errors, 0 warnings\n"


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_nothing_is_written_without_a_yes(town, printed, typed):
    fill_in(printed, "slapen-een")
    before = (town / "reviews.yaml").read_bytes()

    result = minidorp("review", "--from", printed, typed=typed)

    assert (result.exit_code, result.stderr) == (1, "minidorp: nothing was signed\n")
    assert (town / "reviews.yaml").read_bytes() == before


def test_yes_skips_the_question(town, printed):
    fill_in(printed, "slapen-een")

    assert minidorp("review", "--from", printed, "--yes").exit_code == 0

    assert sign_offs(town) == [("slapen-een", "nl", "jeugdverpleegkundige")]


def test_one_wrong_line_keeps_all_of_them_out(town, printed):
    fill_in(printed, "slapen-een", "slapen-twee")
    change(town, "slapen.yaml", "Wacht heel even.", "Wacht even.")
    fill_in(printed, "ademnood", role="")
    before = (town / "reviews.yaml").read_bytes()

    result = minidorp("review", "--from", printed, "--yes")

    assert (result.exit_code, result.stdout) == (1, "")
    assert [line.partition(": ")[0] for line in result.stderr.splitlines()] == [
        "packets/packet.csv:2", "packets/packet.csv:4", "minidorp",
    ]  # fmt: skip
    assert "changed since it was printed" in result.stderr
    assert (town / "reviews.yaml").read_bytes() == before


def test_a_list_in_which_nobody_agreed_signs_nothing(town, printed):
    result = minidorp("review", "--from", printed, "--yes")

    assert result.exit_code == 1
    assert "nobody agreed with a text" in result.stderr


def test_a_list_that_is_not_there_is_one_sentence(town):
    assert "nowhere.csv cannot be used" in sentence(minidorp("review", "--from", "nowhere.csv"), 1)


@pytest.mark.parametrize("words", [
    pytest.param(["review"], id="neither a text nor a list"),
    pytest.param(["review", "slapen-een"], id="no role"),
    pytest.param(["review", "slapen-een", "--from", "x.csv"], id="both"),
    pytest.param(["review", "slapen-een", "--role", "jeugdarts", "--yes"], id="a text unread"),
    pytest.param(["check", "--json"], id="figures as JSON without figures"),
])  # fmt: skip
def test_words_that_do_not_go_together_are_a_usage_error(town, words):
    assert minidorp(*words).exit_code == 2


def test_a_packet_of_one_theme_in_a_folder_of_ones_own(town):
    result = minidorp("packet", "--theme", "slapen", "--to", "for/the nurse")

    assert result.exit_code == 0
    assert {path.name for path in Path("for/the nurse").iterdir()} == {"slapen.html", "index.html", "packet.csv"}


def test_a_folder_that_cannot_be_made_is_one_sentence(town):
    said = sentence(minidorp("packet", "--to", town / "slapen.yaml"), 1)

    assert "slapen.yaml cannot be used (File exists); check that you may read it, or write there" in said


def test_a_theme_that_is_not_there_writes_nothing(town):
    assert "there is no theme 'slappen'" in sentence(minidorp("packet", "--theme", "slappen"), 1)
    assert not Path("packets").exists()


def test_a_list_that_was_filled_in_is_not_printed_over(town, printed):
    fill_in(printed, "slapen-een")
    before = printed.read_bytes()

    assert "is filled in; take it back" in sentence(minidorp("packet"), 1)

    assert printed.read_bytes() == before


def test_figures_are_listed_with_what_carries_them(town):
    change(town, "slapen.yaml", "Wakker worden is gewoon.", "Tot 7 weken is het gewoon.")

    listed = minidorp("check", "--numbers").stdout.splitlines()
    [unsourced, telephone] = json.loads(minidorp("check", "--numbers", "--json").stdout)

    assert listed[0] == "slapen-een"
    assert listed[1].split() == ["7", "NO", "SOURCE", "normal:", "Tot", "7", "weken", "is", "het", "gewoon."]
    assert listed[-1] == "2 figures, 1 without source or note"
    assert unsourced == {
        "answer": "slapen-een", "block": "normal", "figure": "7", "sentence": "Tot 7 weken is het gewoon.",
        "carried_by": [], "is_telephone": False,
    }  # fmt: skip
    assert (telephone["figure"], telephone["carried_by"], telephone["is_telephone"]) == ("112", ["112"], True)
