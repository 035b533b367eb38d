"""A sign-off is bound to the very words that were read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.checking import check_knowledge
from bot.knowledge import reviews
from bot.knowledge.check import load
from bot.knowledge.model import Answer
from tests.knowledge.conftest import change

TODAY = date(2027, 3, 31)
UNTIL = date(2028, 3, 31)


@pytest.fixture
def signed(folder: Path) -> Path:
    knowledge = load(folder)
    added = reviews.sign(_answer(folder), "nl", "jeugdverpleegkundige", TODAY, UNTIL)
    reviews.write(folder / "reviews.yaml", knowledge, [added])
    return folder


def _answer(folder: Path) -> Answer:
    answer = load(folder).answer("slapen-een")
    assert answer
    return answer


def is_signed(folder: Path, language: str = "nl", today: date = TODAY) -> bool:
    return load(folder).is_signed(_answer(folder), language, today)


def test_nobody_has_signed_until_somebody_does(folder: Path) -> None:
    assert not is_signed(folder)


def test_a_signed_answer_counts_as_signed_until_its_last_day(signed: Path) -> None:
    assert is_signed(signed)
    assert is_signed(signed, today=UNTIL)
    assert not is_signed(signed, today=date(2028, 4, 1))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("is gewoon.", "is heel gewoon.", id="a word more"),
        pytest.param("Wacht heel even.", "Wacht even.", id="a word less"),
        pytest.param("nl: Wakker worden,", "nl: Wakker zijn,", id="another title"),
        pytest.param('    contacts: [huisarts]', '    contacts: ["112"]', id="another contact"),
        pytest.param("      - id: boek\n", '      - id: boek\n        numbers: ["5 uur"]\n', id="another figure of a source"),
        pytest.param("      - id: boek\n", "      - id: boek\n      - id: krant\n", id="another source"),
    ],
)  # fmt: skip
def test_an_edit_makes_the_sign_off_lapse(signed: Path, before: str, after: str) -> None:
    change(signed, "sources.yaml", "sources:\n", "sources:\n  - {id: krant, title: Krant, publisher: Uitgever}\n")
    assert is_signed(signed)

    change(signed, "slapen.yaml", before, after)

    assert not is_signed(signed)


def test_an_edit_in_english_leaves_the_dutch_sign_off_standing(signed: Path) -> None:
    change(signed, "slapen.yaml", "Waking is normal.", "Waking is quite normal.")

    assert is_signed(signed)
    assert not is_signed(signed, "en")


def test_signing_again_replaces_the_older_sign_off(signed: Path) -> None:
    knowledge = load(signed)
    again = reviews.sign(_answer(signed), "nl", "jeugdarts", TODAY, UNTIL)

    reviews.write(signed / "reviews.yaml", knowledge, [again])

    assert [review.role for review in load(signed).reviews] == ["jeugdarts"]


def test_a_sign_off_that_would_already_be_over_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="not after today; choose a later date"):
        reviews.sign(_answer(folder), "nl", "jeugdarts", TODAY, TODAY)


def test_a_file_that_cannot_be_written_is_left_as_it_was(signed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (signed / "reviews.yaml").read_text()

    def full(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    added = reviews.sign(_answer(signed), "nl", "jeugdarts", TODAY, UNTIL)
    with pytest.raises(OSError, match="No space left"):
        reviews.write(signed / "reviews.yaml", load(signed), [added])

    assert (signed / "reviews.yaml").read_text() == before
    assert not list(signed.glob("reviews.yaml?*"))


def test_a_reviewer_is_shown_the_sources_with_their_figures(folder: Path) -> None:
    change(folder, "slapen.yaml", "      - id: boek\n", '      - id: boek\n        numbers: ["5 uur", "8 weken"]\n')

    assert ("sources", "Slaapboek (Uitgever, 2020): 5 uur, 8 weken") in _answer(folder).to_read(
        "nl", load(folder).sources
    )


def test_the_sources_of_a_warning_sign_are_signed_with_it(folder: Path) -> None:
    before = load(folder).sign("ademnood")
    change(folder, "warning-signs.yaml", '    contacts: ["112"]\n', '    contacts: ["112"]\n    sources: [boek]\n')
    after = load(folder).sign("ademnood")

    assert before
    assert after
    assert after.text_hash("nl") != before.text_hash("nl")
    assert ("sources", "Slaapboek (Uitgever, 2020)") in after.to_read("nl", load(folder).sources)


def test_the_state_of_a_sign_off_is_told(signed: Path) -> None:
    def state(today: date = TODAY) -> str:
        return reviews.state(load(signed), _answer(signed), "nl", today)[0]

    assert state() == "signed"
    assert state(date(2028, 4, 1)) == "expired"
    assert reviews.state(load(signed), _answer(signed), "en", TODAY) == ("none", None)

    change(signed, "slapen.yaml", "is gewoon.", "is heel gewoon.")

    assert state() == "changed"


def lapsed(folder: Path, today: date) -> list[str]:
    return [mistake.told("en") for mistake in check_knowledge(folder, today)]


@pytest.mark.parametrize(("today", "said"), [
    pytest.param(date(2028, 3, 16), "", id="fifteen days before"),
    pytest.param(date(2028, 3, 17), "ends on 2028-03-31", id="two weeks before"),
    pytest.param(date(2028, 3, 31), "ends on 2028-03-31", id="the last day"),
    pytest.param(date(2028, 4, 1), "ended on 2028-03-31", id="the day after"),
])  # fmt: skip
def test_a_sign_off_that_ends_is_a_warning_with_its_line(signed: Path, today: date, said: str) -> None:
    found = lapsed(signed, today)

    assert len(found) == bool(said)
    assert all("reviews.yaml:4: warning: the sign-off of slapen-een (nl)" in line and said in line for line in found)


def test_a_sign_off_of_other_words_is_a_warning_until_it_is_signed_anew(signed: Path) -> None:
    change(signed, "slapen.yaml", "is gewoon.", "is heel gewoon.")

    [found] = lapsed(signed, TODAY)

    assert "reviews.yaml:4: warning: the sign-off of slapen-een (nl) is of other words" in found
    reviews.write(
        signed / "reviews.yaml",
        load(signed),
        [reviews.sign(_answer(signed), "nl", "jeugdarts", TODAY, UNTIL)],
    )
    assert lapsed(signed, TODAY) == []


def test_a_sign_off_by_a_name_is_a_warning(signed: Path) -> None:
    change(signed, "reviews.yaml", "role: jeugdverpleegkundige", "role: Annie de Vries")

    [found] = lapsed(signed, TODAY)

    assert "reviews.yaml:6: warning: role: 'Annie de Vries' looks like a name" in found


@pytest.mark.parametrize(("text", "is_role"), [
    pytest.param("jeugdverpleegkundige", True, id="a role"),
    pytest.param("Jeugdverpleegkundige GGD", True, id="known words with capitals"),
    pytest.param("adviseur borstvoeding in de wijk", True, id="free words in small letters"),
    pytest.param("Youth Nurse", True, id="in English"),
    pytest.param("Annie de Vries", False, id="a name"),
    pytest.param("A. de Vries", False, id="a letter and a name"),
    pytest.param("huisarts Jansen", False, id="a role and a name"),
    pytest.param("ANNIE", False, id="a name in capitals"),
    pytest.param("12", False, id="no word at all"),
])  # fmt: skip
def test_a_name_is_told_from_a_role(text, is_role):
    assert reviews.is_role(text) is is_role
