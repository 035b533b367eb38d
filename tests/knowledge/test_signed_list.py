"""The list that comes back from a reviewer: what counts, and every reason why a line does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge import signed_list
from bot.knowledge.check import load
from bot.knowledge.signed_list import SignedListError
from tests.knowledge.conftest import change

TODAY = date(2027, 3, 31)
HEADER = "id;language;title;text_hash;role;date;until;agrees;remark"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "packet.csv"


def fingerprint(folder: Path, identifier: str = "slapen-een", language: str = "nl") -> str:
    knowledge = load(folder)
    return (knowledge.answer(identifier) or knowledge.sign(identifier)).text_hash(language)


def taken_back(folder: Path, path: Path, *lines: str, header: str = HEADER) -> signed_list.SignedList:
    path.write_text("\r\n".join((header, *lines)), encoding="utf-8-sig")
    return signed_list.read(path, load(folder), TODAY)


def refusals(folder: Path, path: Path, *lines: str, header: str = HEADER) -> list[str]:
    with pytest.raises(SignedListError) as refused:
        taken_back(folder, path, *lines, header=header)
    return [mistake.told("en").partition(f"{path.name}:")[2] for mistake in refused.value.mistakes]


def test_what_is_printed_comes_back_with_nothing_signed(folder, path):
    knowledge = load(folder)
    texts = [(answer, language) for answer in knowledge.answers() for language in ("nl", "en")]

    signed_list.write(path, signed_list.empty(texts))

    back = signed_list.read(path, knowledge, TODAY)
    assert back.signed == ()
    assert [(line.id, line.language) for line in back.unsigned] == [(text.id, language) for text, language in texts]
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid;language;title;text_hash;role;date;until;agrees;remark\r\n")


@pytest.mark.parametrize(("written", "expected"), [
    pytest.param("1-2-2027;31-12-2027", (date(2027, 2, 1), date(2027, 12, 31)), id="as the Dutch write it"),
    pytest.param("01-02-2027;31/12/2027", (date(2027, 2, 1), date(2027, 12, 31)), id="with noughts and slashes"),
    pytest.param("2027-02-01;2027-12-31", (date(2027, 2, 1), date(2027, 12, 31)), id="as ISO has it"),
    pytest.param("2027-02-01;", (date(2027, 2, 1), date(2028, 2, 1)), id="a year from the day of reading"),
])  # fmt: skip
def test_a_date_is_read(folder, path, written, expected):
    back = taken_back(folder, path, f"slapen-een;nl;;{fingerprint(folder)};jeugdarts;{written};ja;")

    [review] = back.signed
    assert (review.reviewed_on, review.until) == expected
    assert (review.id, review.language, review.role) == ("slapen-een", "nl", "jeugdarts")
    assert review.text_hash == fingerprint(folder)


def test_commas_and_another_order_of_columns_come_back_too(folder, path):
    line = f'ja,{fingerprint(folder, "ademnood", "en")},en,ademnood,huisarts,2027-03-01,"kort, en goed"'

    back = taken_back(folder, path, line, header="Agrees (ja/nee),text_hash,language,id,role,date,remark")

    assert [(review.id, review.language) for review in back.signed] == [("ademnood", "en")]


def test_a_no_is_listed_with_its_remark(folder, path):
    back = taken_back(
        folder, path, "slapen-een;nl;;;;;;nee;te streng", "slapen-twee;nl;;oud;;;;;", ";;;;;;;;",
    )  # fmt: skip

    assert back.signed == ()
    remarks = [(line.id, line.remark.remark if line.remark else "") for line in back.unsigned]
    assert remarks == [("slapen-een", "te streng"), ("slapen-twee", "")]


def good(folder: Path, **changed: str) -> str:
    cells = {
        "id": "slapen-een", "language": "nl", "title": "", "text_hash": fingerprint(folder), "role": "jeugdarts",
        "date": "1-3-2027", "until": "", "agrees": "ja", "remark": "", **changed,
    }  # fmt: skip
    return ";".join(cells.values())


@pytest.mark.parametrize(("changed", "said"), [
    pytest.param({"text_hash": "0" * 16}, "text_hash: slapen-een (nl) changed since it was printed; print it and read it anew",
                 id="the text changed"),
    pytest.param({"id": "slapen-drie"}, "id: 'slapen-drie' is neither an answer nor a warning sign; print the list anew",
                 id="an id that is nobody's"),
    pytest.param({"language": "pl"}, "language: 'slapen-een' is not written in 'pl'; choose nl or en", id="a language"),
    pytest.param({"role": ""}, "role: is empty while slapen-een is agreed with", id="nobody's role"),
    pytest.param({"date": "31-2-2027"}, "date: '31-2-2027' is not a date; write it as 31-3-2027", id="no such day"),
    pytest.param({"date": "gisteren"}, "date: 'gisteren' is not a date", id="a word for a date"),
    pytest.param({"date": ""}, "date: is empty; write the day on which it was read", id="no date"),
    pytest.param({"date": "1-4-2027"}, "date: 2027-04-01 is still to come", id="a day to come"),
    pytest.param({"until": "31-3-2027"}, "until: 2027-03-31 is not after today; choose a later date", id="over already"),
    pytest.param({"date": "1-1-2020"}, "until: 2020-12-31 is not after today", id="read too long ago"),
    pytest.param({"agrees": "misschien"}, "agrees: 'misschien' is neither ja nor nee; write one of them", id="perhaps"),
    pytest.param({"remark": "goed; maar lang;"}, "more columns than the first line has", id="a semicolon in a remark"),
    pytest.param({"role": "Annie de Vries"}, "role: 'Annie de Vries' looks like a name", id="a name"),
    pytest.param({"remark": "{role}", "role": ""}, "role: is empty", id="braces are only letters"),
])  # fmt: skip
def test_a_line_is_refused_with_its_place_and_remedy(folder, path, changed, said):
    [refusal] = refusals(folder, path, good(folder, id="slapen-twee", agrees="nee"), good(folder, **changed))

    assert refusal.startswith(f"3: {said}")


def test_every_mistake_of_every_line_is_told_at_once(folder, path):
    told = refusals(
        folder, path, good(folder, role="", date="x"), good(folder), good(folder, id="x"), good(folder),
        good(folder, remark="a;b;c"),
    )  # fmt: skip

    assert sorted(line.partition(":")[0] for line in told) == ["2", "2", "4", "5", "6"]
    assert any(line.startswith("5: slapen-een (nl) is also signed on line 3") for line in told)


@pytest.mark.parametrize(("content", "said"), [
    pytest.param(b"", "columns are missing (id, language, text_hash, role, date, agrees); keep the first line", id="empty"),
    pytest.param(b"id;naam\r\n", "columns are missing (language, ", id="other columns"),
    pytest.param("id;één".encode("cp1252"), "is not valid UTF-8; save it as 'CSV UTF-8'", id="another alphabet"),
    pytest.param(HEADER.encode() + b'\r\nslapen-een;"nl;;', "is no CSV from here", id="a quote that never closes"),
    pytest.param(b"PK\x03\x04\x00\xff\xfe", "is not valid UTF-8", id="a spreadsheet's own file"),
])  # fmt: skip
def test_a_file_that_is_no_list_is_one_sentence(folder, path, content, said):
    path.write_bytes(content)

    with pytest.raises(SignedListError) as refused:
        signed_list.read(path, load(folder), TODAY)

    [mistake] = refused.value.mistakes
    assert said in mistake.told("en")


def test_a_line_number_is_that_of_the_file_below_a_remark_of_two_lines(folder, path):
    first = good(folder, agrees="nee", remark='"een\ntwee"')

    assert refusals(folder, path, first, good(folder, role=""))[0].startswith("4: role")


def test_a_list_that_somebody_filled_in_is_never_written_over(folder, path):
    taken_back(folder, path, good(folder))
    before = path.read_bytes()

    with pytest.raises(ValueError, match="is filled in; take it back with"):
        signed_list.write(path, signed_list.empty([]))

    assert path.read_bytes() == before


def test_a_fingerprint_that_a_spreadsheet_would_take_for_a_number_survives(folder, path, monkeypatch):
    answer = load(folder).answer("slapen-een")
    monkeypatch.setattr(type(answer), "text_hash", lambda *_: "1234567e89012345")

    printed = signed_list.empty([(answer, "nl")]).splitlines()[1]

    assert "1234-567e-8901-2345" in printed
    assert len(taken_back(folder, path, good(folder, text_hash="1234-567e-8901-2345")).signed) == 1


@pytest.mark.parametrize("title", ["=HYPERLINK(...)", "+1", "-1+1", "@SUM(A1)", "  =1+1"])
def test_a_title_that_a_spreadsheet_would_work_out_is_text(folder, path, title):
    change(folder, "slapen.yaml", "nl: Inslapen,", f"nl: {title!r},")
    knowledge = load(folder)

    signed_list.write(path, signed_list.empty([(knowledge.answer("slapen-twee"), "nl")]))

    assert f";'{title.strip()};" in path.read_text("utf-8").replace("'  ", "'")
    assert signed_list.read(path, knowledge, TODAY).unsigned[0].id == "slapen-twee"


def test_a_changed_word_after_printing_is_found_by_the_fingerprint(folder, path):
    line = good(folder)
    change(folder, "slapen.yaml", "Wacht heel even.", "Wacht even.")

    assert "changed since it was printed" in refusals(folder, path, line)[0]
