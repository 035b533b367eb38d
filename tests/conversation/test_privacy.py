"""What is kept: told in one screen and whole, shown as a file that a person can read, erased, and ended by silence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.outgoing import Outgoing
from bot.conversation.own_data import readable
from bot.conversation.privacy import SECTIONS, whole
from bot.locales import languages, parent_words
from bot.model import Parent, Privacy
from bot.store import kept, parents, subscriptions, tables
from bot.store.deliveries import Delivery
from tests.conftest import NOW, Talker
from tests.store.test_kept import fill

CONTACT = "privacy@example.org"


@pytest.fixture
def talker(in_town):
    in_town.conversation = replace(in_town.conversation, privacy=Privacy(CONTACT, 9))
    return in_town


def content(talker: Talker) -> dict:
    document = talker.replies[0].document
    assert document is not None
    return json.loads(document.content)


@pytest.mark.parametrize(("language", "command"), [("nl", "privacy"), ("en", "privacy")])
async def test_privacy_is_one_screen_with_who_what_how_long_and_what_you_can_do(talker, language, command):
    talker.language = language

    await talker.commands(command)

    assert CONTACT in talker.text
    assert "9 ma" in talker.text or "9 mo" in talker.text
    for name in ("mijngegevens", "vergeetmij") if language == "nl" else ("mydata", "forgetme"):
        assert f"/{name}" in talker.text
    assert len(talker.text) < 1500
    assert len(talker.labels) == 3


async def test_without_a_contact_it_says_that_nobody_is_named_yet(in_town):
    await in_town.commands("privacy")

    assert "nog niemand" in in_town.text


async def test_the_whole_text_has_every_section_and_the_contact(talker):
    await talker.commands("privacy")
    await talker.presses("De hele tekst")

    headings = [part.text for part in talker.replies[0].parts if part.kind == "heading"]
    assert headings == [parent_words("nl")(f"privacy.whole.{name}") for name in SECTIONS]
    assert talker.text.count(CONTACT) == 2
    assert "9 maanden" in talker.text
    assert "{" not in talker.text


@pytest.mark.parametrize("language", languages())
def test_the_whole_text_is_filled_in(language):
    for heading, text in whole(language, "Zwolle", Privacy()):
        assert heading
        assert "{" not in text


async def test_my_data_can_be_read_by_a_person(talker):
    born = NOW.date().replace(year=2026, month=5, day=1)
    async with talker.conversation.store.writing() as connection:
        await parents.save(connection, Parent(talker.chat_id, "nl", "stadshagen", born=born), NOW)
        await subscriptions.follow(connection, talker.chat_id, "meetup", "koffie", NOW)

    await talker.commands("mijngegevens")

    about = content(talker)["over jou"]
    assert "alleen de maand" in about["uitleg"]
    [mine] = about["wat er staat"]
    assert mine["nummer van deze chat"] == talker.chat_id
    assert mine["geboortemaand van je kind"] == "1 mei 2026"
    assert mine["sinds"] == "31 maart 2027 om 4.30 uur"
    assert mine["herinnering twee uur ervoor"] == "ja"
    assert mine["ja gezegd tegen berichten op"] == "niets"
    [followed] = content(talker)["wat je volgt"]["wat er staat"]
    assert (followed["soort"], followed["waarover"]) == ("bijeenkomst", "koffie")
    assert "wat ik je uit mezelf stuurde" in content(talker)["hier staat niets van jou"]
    assert talker.replies[0].document.filename == "mijn-gegevens.json"


async def test_of_whom_nothing_is_kept_it_says_so(talker):
    await talker.commands("mijngegevens")

    assert len(content(talker)["hier staat niets van jou"]) == len(kept.about_people())


@pytest.mark.parametrize("language", languages())
async def test_every_table_and_column_has_plain_words(store, language):
    await fill(store, 7_301_234_567_891)
    async with store.writing() as connection:
        payload = tables.inbox.update().values(payload='{"message": {"text": "Hoi"}}')
        await connection.execute(payload)
        rows = await kept.everything(connection, 7_301_234_567_891)

    shown = readable(rows, language, NOW, ZoneInfo("Europe/Amsterdam"))

    words = parent_words(language)
    assert shown[words("mydata.nothing")] == []
    for row in rows:
        [told] = shown[words(f"mydata.table.{row.table}")][words("mydata.kept")]
        assert len(told) == len(row.values), "two columns of a table are called the same"
    json.dumps(shown)


async def test_forgetting_is_asked_once_and_then_done(talker):
    await talker.commands("wijk")
    await talker.presses("Stadshagen")

    await talker.commands("vergeetmij")
    assert await talker_knows(talker)
    await talker.presses("Ja, wis alles")

    assert not await talker_knows(talker)
    assert "team" not in talker.text


async def talker_knows(talker) -> list:
    async with talker.conversation.store.reading() as connection:
        return await kept.everything(connection, talker.chat_id)


async def test_whoever_is_of_the_team_hears_what_stays(talker, tmp_path):
    team = tmp_path / "schedules" / "team.yaml"
    team.write_text(
        "# yaml-language-server: $schema=schema/team.schema.json\nmembers:\n  - {telegram_id: 7, role: coordinator}\n",
        encoding="utf-8",
    )
    assert talker.conversation.schedules.refresh(NOW) == []

    await talker.commands("privacy")
    assert "ook na /vergeetmij" in talker.text
    await talker.commands("vergeetmij")
    await talker.presses("Ja, wis alles")
    assert "ook na /vergeetmij" in talker.text


async def seen_at(talker):
    async with talker.conversation.store.reading() as connection:
        return (await parents.find(connection, talker.chat_id)).seen_at


async def test_when_a_parent_wrote_last_is_noted_once_a_day(talker):
    async with talker.conversation.store.writing() as connection:
        await parents.save(connection, Parent(talker.chat_id), NOW)

    talker.now = NOW + timedelta(hours=23)
    await talker.says("hoi")
    assert await seen_at(talker) == NOW

    talker.now = NOW + timedelta(hours=25)
    await talker.says("hoi")
    assert await seen_at(talker) == talker.now


async def test_of_whom_nothing_is_kept_nothing_is_noted(talker):
    await talker.says("hoi")

    assert await seen_at(talker) is None


def asking(talker) -> Delivery:
    return Delivery(1, talker.chat_id, kept.ASKED, "2028-01-01", NOW, NOW, 1)


async def test_a_silent_parent_is_asked_whether_to_remember_and_yes_is_a_sign_of_life(talker):
    long_ago = NOW - timedelta(days=300)
    async with talker.conversation.store.writing() as connection:
        await parents.save(connection, Parent(talker.chat_id), long_ago)

    reply = await Outgoing(talker.conversation).compose(asking(talker), NOW)
    talker.replies = [reply]
    assert "Zal ik onthouden wat je hebt gekozen?" in talker.text
    assert "30 dagen" in talker.text
    assert talker.labels == ["Ja, graag", "Nee, wis alles"]

    await talker.presses("Ja, graag")
    assert await seen_at(talker) == NOW
    assert "laat alles zoals het is" in talker.text
    assert await Outgoing(talker.conversation).compose(asking(talker), NOW) is None


async def test_a_silent_parent_who_says_no_is_forgotten_at_once(talker):
    async with talker.conversation.store.writing() as connection:
        await parents.save(connection, Parent(talker.chat_id), NOW - timedelta(days=300))
    talker.replies = [await Outgoing(talker.conversation).compose(asking(talker), NOW)]

    await talker.presses("Nee, wis alles")

    assert "weet niets meer van je" in talker.text
    assert await talker_knows(talker) == []


async def test_the_button_pressed_too_late_says_that_all_was_erased(talker):
    await talker.sends("button", data="ps")

    assert "al gewist" in talker.text
    assert await talker_knows(talker) == []
