"""What needs a person is found when it is there, and not before; in Dutch, with the remedy."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.alerts import findings
from bot.knowledge.load import read_files
from bot.knowledge.mistakes import Mistake
from bot.knowledge.reviews import sign
from tests.knowledge.conftest import write_files

TODAY = date(2027, 3, 31)
NOW = datetime(2027, 3, 31, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory):
    return read_files(write_files(tmp_path_factory.mktemp("knowledge"))).knowledge()


def signed(knowledge, **until: date):
    """Return the knowledge with answers that were signed a year before."""
    reviews = [
        sign(knowledge.answer(name.replace("_", "-")), "nl", "nurse", day - timedelta(365), day)
        for name, day in until.items()
    ]
    return knowledge.model_copy(update={"reviews": tuple(reviews)})


def told(found) -> list[str]:
    return [alert.told("nl") for alert in found]


def test_sign_offs_that_ended_and_those_that_end_soon_are_one_message_each(knowledge):
    over = signed(knowledge, slapen_een=date(2027, 3, 30), slapen_twee=date(2027, 4, 14))

    ended, soon = told(findings.sign_offs(over, TODAY))

    assert "Verlopen ondertekeningen: slapen-een." in ended
    assert "minidorp packet" in ended
    assert "binnen twee weken verlopen, de eerste op woensdag 14 april: slapen-twee." in soon


@pytest.mark.parametrize("until", [
    pytest.param(date(2027, 4, 15), id="in fifteen days"),
    pytest.param(date(2028, 3, 31), id="in a year"),
])  # fmt: skip
def test_a_sign_off_that_holds_for_long_is_nothing(knowledge, until):
    assert told(findings.sign_offs(signed(knowledge, slapen_een=until), TODAY)) == []


def test_a_sign_off_of_other_words_and_one_that_was_renewed_are_nothing(knowledge):
    old, new = signed(knowledge, slapen_een=date(2027, 3, 1)), signed(knowledge, slapen_een=date(2028, 3, 1))
    renewed = knowledge.model_copy(update={"reviews": (*old.reviews, *new.reviews)})
    other = old.reviews[0].model_copy(update={"text_hash": "sha256:" + "0" * 64})

    assert told(findings.sign_offs(renewed, TODAY)) == []
    assert told(findings.sign_offs(knowledge.model_copy(update={"reviews": (other,)}), TODAY)) == []


@pytest.mark.parametrize(("checked_on", "count"), [
    pytest.param(None, 0, id="never: a matter of going live"),
    pytest.param(date(2026, 3, 31), 0, id="a year ago"),
    pytest.param(date(2026, 3, 30), 1, id="longer ago"),
])  # fmt: skip
def test_a_number_that_nobody_checked_for_a_year_is_named(knowledge, checked_on, count):
    line = knowledge.helplines["112"].model_copy(update={"checked_on": checked_on})

    found = told(findings.numbers(knowledge.model_copy(update={"helplines": {"112": line}}), TODAY))

    assert len(found) == count
    assert all("nagebeld: Alarmnummer." in text and "helplines.yaml" in text for text in found)


@pytest.mark.parametrize(("free_mib", "waits"), [(501, []), (500, []), (499, [True]), (49, [False])])
def test_a_disk_is_told_before_it_is_full_and_at_night_when_it_is(free_mib, waits):
    assert [alert.can_wait for alert in findings.disk(free_mib)] == waits


@pytest.mark.parametrize(("error", "minutes", "count"), [
    pytest.param("Connection refused", 14, 1, id="a moment ago"),
    pytest.param("Connection refused", 16, 0, id="it has been well since"),
    pytest.param(None, 1, 0, id="no error"),
])  # fmt: skip
def test_a_webhook_is_told_while_it_fails(error, minutes, count):
    found = told(findings.webhook(error, NOW - timedelta(minutes=minutes), NOW))

    assert len(found) == count
    assert all("(Connection refused)" in text and "certificaat" in text for text in found)


@pytest.mark.parametrize(("last", "within", "count"), [
    pytest.param(None, None, 0, id="nothing was agreed"),
    pytest.param(None, 7, 1, id="never copied"),
    pytest.param(timedelta(days=6), 7, 0, id="fresh"),
    pytest.param(timedelta(days=8), 7, 1, id="old"),
])  # fmt: skip
def test_copies_are_asked_for_where_that_was_agreed(last, within, count):
    assert len(findings.copies(NOW - last if last else None, NOW, within)) == count


def test_of_a_bad_file_the_first_mistakes_are_told_and_no_number_of_a_chat():
    mistakes = [Mistake(Path("team.yaml"), line, "'{id}' is wrong", {"id": -1001234567890}) for line in range(1, 8)]

    [text] = told(findings.bad_files(mistakes, "nl"))

    assert "team.yaml:1: '…' is wrong" in text
    assert "1001234567890" not in text
    assert "en nog 2" in text
    assert "team.yaml:6" not in text


def test_of_bad_answers_a_telephone_number_is_told():
    [text] = told(findings.bad_answers([Mistake(Path("slapen.yaml"), 7, "'{n}' is wrong", {"n": "0381234567"})], "nl"))

    assert "slapen.yaml:7: '0381234567' is wrong" in text


@pytest.mark.parametrize(("count", "left", "figures"), [
    pytest.param(1, 1, "minder dan 5, waarvan alle", id="one, who left"),
    pytest.param(4, 1, "minder dan 5, waarvan een deel", id="a few"),
    pytest.param(9, 3, "9, waarvan een deel", id="a few of more"),
    pytest.param(9, 7, "9, waarvan een deel", id="what is left tells a few"),
    pytest.param(9, 0, "9, waarvan geen", id="nobody left"),
    pytest.param(12, 7, "12, waarvan 7", id="enough of both"),
])  # fmt: skip
def test_of_one_to_four_who_could_not_be_reached_no_figure_is_told(count, left, figures):
    [text] = told(findings.failures(count, left, TODAY))

    assert figures in text


def test_warnings_alone_are_no_bad_file():
    warnings = [Mistake(Path("team.yaml"), 1, "is odd", {}, "warning")]

    assert findings.bad_files(warnings, "nl") == findings.bad_answers(warnings, "nl") == []


def test_every_alert_is_whole_in_dutch(knowledge):
    ends = signed(knowledge, slapen_een=date(2027, 3, 30), slapen_twee=date(2027, 4, 1))
    found = [
        findings.silent(6),
        findings.store_away(),
        findings.other_webhook(),
        findings.token_refused(),
        *findings.disk(3),
        *findings.sign_offs(ends, TODAY),
        *findings.webhook("503", NOW, NOW),
        *findings.copies(None, NOW, 7),
        *findings.failures(3, 1, TODAY),
    ]
    for alert in found:
        for sentence in (alert.problem, alert.remedy, alert.over):
            assert alert.said(sentence, "nl") != alert.said(sentence, "en")
            assert "{" not in alert.said(sentence, "nl")
