"""Changing the agenda's files: only what changes is written, comments and order stay, and twice is as once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.agenda.check import check, load
from bot.agenda.importing import plan
from bot.agenda.model import Change
from bot.agenda.occurrences import occurrences
from bot.agenda.writing import WritingError, from_phone, from_sheet
from bot.agenda.yaml_text import UnwritableError, with_changes, with_items
from bot.knowledge.model import Knowledge
from tests.agenda.files import TODAY

TEXT = """\
# top
meetups:
  # the first
  - id: a
    text: >-
      Een lang
      verhaal.  # no comment
    cancelled:
      - {day: 2027-01-01, reason: {nl: a, en: b}}  # new year
  # about b

  - id: b   # short
    skip: [x, y]  # inline
    # the last of b
  - {id: c, skip: []}

# about calendars
calendars: []  # none
# end
"""
ORDER = ("id", "text", "from_time", "skip", "cancelled")
ILL = {"day": date(2027, 1, 8), "reason": {"nl": "Ziek.", "en": "Ill."}}


def lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and the lines that came."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_new_item_stands_before_the_comments_that_follow_the_list() -> None:
    text = TEXT.replace("  - {id: c, skip: []}\n", "")

    after = with_items(text, "meetups", [{"id": "d", "skip": ["x"]}])

    assert "    # the last of b\n  - id: d\n    skip: [x]\n\n# about calendars\n" in after
    assert lines(text, after) == ([], ["  - id: d", "    skip: [x]"])


def test_an_empty_list_on_one_line_gets_its_first_item_and_keeps_its_comment() -> None:
    after = with_items(TEXT, "calendars", [{"id": "d"}])

    assert after.endswith("# none\n  - id: d\n# end\n")


def test_a_field_that_changes_leaves_every_other_line_as_it_is() -> None:
    after = with_changes(TEXT, "meetups", {"b": {"skip": ["z"]}, "a": {"text": "Kort."}, "c": {"skip": ["q"]}}, ORDER)

    assert lines(TEXT, after) == (
        ["      Een lang", "      verhaal.  # no comment", "    skip: [x, y]  # inline", "  - {id: c, skip: []}"],
        ["      Kort.", "    skip: [z]     # inline", "  - {id: c, skip: [q]}"],
    )


def test_single_days_stand_in_order_and_go_with_their_own_line() -> None:
    days = [ILL["day"], date(2026, 12, 25), date(2026, 12, 18), date(2027, 1, 22)]
    entries = {day: {**ILL, "day": day} for day in days}

    after = with_changes(TEXT, "meetups", {"a": {"cancelled": entries}}, ORDER)

    assert [line.strip()[:18] for line in after.splitlines() if "day:" in line] == [
        f"- {{day: {day}" for day in ("2026-12-18", "2026-12-25", "2027-01-01", "2027-01-08", "2027-01-22")
    ]
    assert with_changes(after, "meetups", {"a": {"cancelled": dict.fromkeys(entries)}}, ORDER) == TEXT


def test_the_last_day_that_goes_leaves_an_empty_list() -> None:
    after = with_changes(TEXT, "meetups", {"a": {"cancelled": {date(2027, 1, 1): None}}}, ORDER)

    assert "    cancelled: []\n  # about b\n" in after


def test_a_file_with_references_is_left_to_people() -> None:
    with pytest.raises(UnwritableError, match="by hand"):
        with_changes(
            "meetups:\n  - id: a\n    x: &r [1]\n  - id: b\n    skip: *r\n", "meetups", {"b": {"skip": []}}, ORDER
        )


def by_phone(kind: str, day: date, minute: int = 0, **what: object) -> Change:
    return Change("koffie", day, kind, datetime(2026, 11, 22, 9, minute, tzinfo=UTC), **what)  # type: ignore[arg-type]


WEDNESDAY, CANCELLED, MOVED = date(2026, 11, 25), date(2026, 12, 9), date(2026, 12, 16)
CHANGES = {
    "cancelled": [by_phone("cancelled", WEDNESDAY, reason={"nl": "Ziek."})],
    "cancelled without a reason": [by_phone("cancelled", WEDNESDAY)],
    "moved": [
        by_phone(
            "moved", WEDNESDAY, starts_at=datetime(2026, 11, 26, 9, tzinfo=UTC), place="school", reason={"nl": "Feest."}
        )
    ],
    "theme": [by_phone("theme", WEDNESDAY, theme={"nl": "Slapen", "en": "Sleep"})],
    "a theme changed": [by_phone("theme", date(2026, 12, 2), theme={"nl": "Slapen", "en": "Sleep"})],
    "a theme taken away": [by_phone("theme", date(2026, 12, 2))],
    "restored": [by_phone("restored", CANCELLED)],
    "a move restored": [by_phone("restored", MOVED)],
    "cancelled and restored": [by_phone("cancelled", WEDNESDAY), by_phone("restored", WEDNESDAY, 1)],
    "restored, then moved": [
        by_phone("restored", CANCELLED),
        by_phone("moved", CANCELLED, 1, starts_at=datetime(2026, 12, 10, 8, 30, tzinfo=UTC), reason={"nl": "Feest."}),
    ],
    "cancelled, then moved": [
        by_phone("cancelled", WEDNESDAY, reason={"nl": "Ziek."}),
        by_phone("moved", WEDNESDAY, 1, place="school", reason={"nl": "Feest."}),
    ],
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_the_file_says_what_was_changed_by_phone_and_laying_it_twice_is_as_once(
    changes: list[Change], folder: Path, knowledge: Knowledge
) -> None:
    agenda = load(folder, knowledge, TODAY)
    asked = (date(2026, 11, 22), date(2026, 12, 31))

    files, kept = from_phone(folder, agenda, changes)
    files.write()

    assert kept == []
    assert not [each.told("en") for each in check(folder, knowledge, TODAY)[1] if each.level == "error"]
    written = load(folder, knowledge, TODAY)
    told = [
        [(each.uid, each.starts_at, each.ends_at, each.place, each.status, (each.theme or {}).get("nl")) for each in found]
        for found in (
            occurrences(agenda, *asked, changes),
            occurrences(written, *asked),
            occurrences(written, *asked, changes),
        )
    ]  # fmt: skip
    assert told[0] == told[1] == told[2]
    # Killed before the changes are marked: the next time they are laid again.
    again, _ = from_phone(folder, written, changes)
    assert again.diff() == ""


def test_what_the_file_says_already_is_left_as_somebody_wrote_it(folder: Path, knowledge: Knowledge) -> None:
    path = folder / "meetups.yaml"
    text = path.read_text(encoding="utf-8").replace("Singing}}", "Singing}}  # with Anna")
    path.write_text(text.replace("{day: 2026-12-02, theme", "{day:   2026-12-02, theme"), encoding="utf-8")
    change = by_phone("theme", date(2026, 12, 2), theme={"nl": "Zingen", "en": "Singing"})

    assert from_phone(folder, load(folder, knowledge, TODAY), [change])[0].diff() == ""


def test_a_change_of_a_calendar_or_of_no_meeting_is_kept_and_told(folder: Path, knowledge: Knowledge) -> None:
    agenda = load(folder, knowledge, TODAY)
    changes = [
        by_phone("cancelled", date(2026, 11, 26)),
        Change("weg", WEDNESDAY, "cancelled", datetime(2026, 11, 22, tzinfo=UTC)),
        by_phone("moved", WEDNESDAY, place="verdwenen"),
        by_phone("cancelled", MOVED, reason={"nl": "Ziek."}),
    ]

    files, kept = from_phone(folder, agenda, changes)

    assert files.diff() == ""
    assert [each.reason[:30] for each in kept] == [
        "this series is no longer in th", "the series has no meeting on t", "the place 'verdwenen' is no lo",
        "a file cannot say that a day i",
    ]  # fmt: skip


def test_a_file_that_somebody_else_changed_meanwhile_is_left_alone(folder: Path, knowledge: Knowledge) -> None:
    path = folder / "meetups.yaml"
    files, _ = from_phone(folder, load(folder, knowledge, TODAY), CHANGES["theme"])
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")

    with pytest.raises(WritingError, match="changed by somebody else"):
        files.write()

    assert path.read_text(encoding="utf-8").endswith("# mine\n")


def test_lines_that_end_as_on_windows_still_do(folder: Path, knowledge: Knowledge) -> None:
    path = folder / "meetups.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    files, _ = from_phone(folder, load(folder, knowledge, TODAY), CHANGES["cancelled"])
    files.write()

    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n") > 20


def test_a_sheet_that_says_what_the_agenda_says_changes_not_a_letter(folder: Path, knowledge: Knowledge) -> None:
    sheet = b"titel;plek;dag;tijd;kosten\nKoffie;De kantine;woensdag;9.30-11.30;gratis\n"

    made = plan(sheet, "agenda.csv", load(folder, knowledge, TODAY), knowledge, TODAY)

    assert [line.state for line in made.lines] == ["as it was"]
    assert from_sheet(folder, made).diff() == ""
