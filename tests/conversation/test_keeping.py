"""A question that found no answer: offered once to be kept, shown as it would be, and kept only after yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.conversation.memory import REMEMBERED_FOR
from bot.model import Privacy
from bot.store import dialogues, kept, questions, tables
from tests.conftest import Talker

OFFER, YES, NO = "Mag ik je vraag bewaren?", "Ja, bewaar maar", "Nee, liever niet"
QUESTION = "mijn dochter emma wil een hond, hoe regel ik dat met de verhuurder"
BLANKED = "mijn dochter […] wil een hond, hoe regel ik dat met de verhuurder"


@pytest.fixture
def asking(parent: Talker, words) -> Talker:
    parent.conversation = replace(parent.conversation, ordinary_words=words)
    return parent


async def every(talker: Talker) -> list[questions.Question]:
    async with talker.conversation.store.reading() as connection:
        return await questions.every(connection)


async def remembered(talker: Talker) -> str:
    """Return what stands in the dialogue of this chat, as text."""
    async with talker.conversation.store.reading() as connection:
        return str((await connection.execute(select(tables.dialogues.c.data))).scalars().all())


async def test_what_is_kept_is_shown_first_and_then_kept_without_anybody(asking):
    await asking.says(QUESTION)
    await asking.presses(OFFER)

    assert f"“{BLANKED}”" in asking.text
    assert "90 dagen" in asking.text
    assert "later terughalen kan dus niet" in asking.text
    assert await every(asking) == []

    await asking.presses(YES)

    [question] = await every(asking)
    assert (question.text, question.language, question.week) == (BLANKED, "nl", date(2027, 3, 29))
    assert set(tables.questions.columns.keys()) == {"id", "week", "language", "text"}
    assert "Dank je" in asking.text
    assert asking.replies[0].clears_buttons


async def test_in_english_too(asking):
    asking.language = "en"
    await asking.says("how do I renew my driving licence in 3 days?")
    await asking.presses("May I keep your question?")
    await asking.presses("Yes, keep it")

    [question] = await every(asking)
    assert (question.text, question.language) == ("how do I renew my driving licence in 3 days?", "en")


async def test_no_keeps_nothing_and_forgets_it_at_once(asking):
    await asking.says(QUESTION)
    await asking.presses(OFFER)
    await asking.presses(NO)

    assert await every(asking) == []
    assert "hond" not in await remembered(asking)
    assert "bewaar ik niets" in asking.text


async def test_yes_counts_once(asking):
    await asking.says(QUESTION)
    await asking.presses(OFFER)
    yes = asking.button(YES).data
    await asking.sends("button", data=yes)
    await asking.sends("button", data=yes)

    assert len(await every(asking)) == 1
    assert "hond" not in await remembered(asking)


async def test_yes_is_said_to_the_text_that_was_read(asking):
    await asking.says(QUESTION)
    await asking.presses(OFFER)
    yes = asking.button(YES).data
    await asking.says("hoe vraag ik een paspoort aan voor mijn zoon Sem")
    await asking.sends("button", data=yes)

    assert await every(asking) == []


async def test_the_callback_holds_no_word_of_it(asking):
    await asking.says(QUESTION)

    data = asking.button(OFFER).data

    assert "hond" not in data
    assert len(data.encode()) <= 64


async def test_until_then_only_the_blanked_text_is_remembered_and_for_ten_minutes(asking):
    await asking.says(QUESTION)

    assert BLANKED in await remembered(asking)
    assert "emma" not in await remembered(asking)
    offer = asking.button(OFFER).data
    asking.now += REMEMBERED_FOR + timedelta(seconds=1)
    await asking.sends("button", data=offer)
    assert "hond" not in asking.text
    async with asking.conversation.store.writing() as connection:
        await dialogues.prune(connection, asking.now)
    assert await remembered(asking) == "[]"


async def test_forgetting_erases_what_waits_and_cannot_find_what_was_kept(asking):
    await asking.says(QUESTION)
    await asking.presses(OFFER)
    await asking.presses(YES)
    await asking.says("hoe vraag ik een paspoort aan voor mijn zoon Sem")
    assert "paspoort" in await remembered(asking)

    await asking.commands("vergeetmij")
    await asking.presses("Ja, wis alles")

    assert await remembered(asking) == "[]"
    assert len(await every(asking)) == 1
    assert "questions" not in kept.about_people()


async def test_none_of_these_offers_it_too(asking):
    await asking.says("iets met voeding")
    assert OFFER not in asking.labels
    await asking.presses("Geen van deze")
    await asking.presses(OFFER)
    await asking.presses(YES)

    assert [question.text for question in await every(asking)] == ["iets met voeding"]


async def test_so_does_not_understanding_twice(asking):
    await asking.says("iets met voeding")
    await asking.says("iets met voeding")

    assert "niet gokken" in asking.text
    assert OFFER in asking.labels


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ik wil niet meer leven", id="danger"),
        pytest.param("ik ben bang voor mezelf", id="danger that is only possible"),
        pytest.param("onze baby is vorige week overleden", id="loss"),
        pytest.param("hoi", id="small talk"),
        pytest.param("waar is de koffie ochtend deze week", id="a route"),
        pytest.param("mijn zoon van 2 bijt andere kinderen", id="an answer"),
        pytest.param("sdkfjh qwpeoriu zxmcnb", id="what nobody can read"),
        pytest.param("emma jansen 0612345678", id="nothing but somebody"),
    ],
)
async def test_it_is_never_offered_for(asking, text):
    await asking.says(text)

    assert OFFER not in asking.labels
    assert text not in await remembered(asking)


async def test_nor_right_after_a_warning_sign(asking):
    await asking.says("mijn baby stikt")
    await asking.says(QUESTION)

    assert OFFER not in asking.labels


async def test_a_town_can_keep_none(asking):
    asking.conversation = replace(asking.conversation, privacy=Privacy(keep_questions_days=0))

    await asking.says(QUESTION)
    assert OFFER not in asking.labels
    assert "hond" not in await remembered(asking)
    await asking.commands("privacy")
    assert "laten bewaren" not in asking.text
    await asking.presses("De hele tekst")
    assert "Een vraag die je me laat bewaren" not in asking.text


async def test_privacy_tells_of_it(asking):
    await asking.commands("privacy")
    assert "je vraag laten bewaren" in asking.text
    await asking.presses("De hele tekst")
    assert "/vergeetmij vinden hem niet" in asking.text
