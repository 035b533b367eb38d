"""What a parent meets: answers, titles to choose from, an honest no, and the way to people."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.conversation import buttons
from bot.conversation.commands import COMMANDS
from bot.conversation.conversation import Conversation
from bot.conversation.message import Kind
from bot.knowledge import reviews
from bot.store import feedback, parents
from tests.conftest import NOW, ROOT, Talker

CONCEPT = "Concept, nog niet nagekeken door een professional."
CLEAR_QUESTION = "hoe voer ik de nachtvoeding af bij mijn kind van 14 maanden, ze drinkt nog elke nacht"


async def test_start_says_who_it_is_and_what_it_is_not_and_how_to_begin(parent: Talker) -> None:
    await parent.commands("start")

    assert "robot" in parent.text
    assert "geen dokter" in parent.text
    assert "112" in parent.text
    assert len(parent.labels) == 3


async def test_a_leaflet_can_lead_straight_to_an_answer(parent: Talker) -> None:
    await parent.commands("start", "slapen-doorslapen")

    assert parent.first_line == "'s Nachts wakker worden"


@pytest.mark.parametrize(("typed", "name"), [("gezondheid", "Gezondheid"), ("Jij als ouder?", "Jij als ouder")])
async def test_the_name_of_a_theme_alone_opens_it(parent: Talker, typed: str, name: str) -> None:
    await parent.says(typed)

    assert name in parent.first_line
    assert len(parent.labels) > 3


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.key)
async def test_every_command_answers_under_each_of_its_names(parent: Talker, command) -> None:
    for name in command.names.values():
        await parent.commands(name)

        assert parent.text
        assert "ken ik niet" not in parent.text


async def test_an_unknown_command_is_met_kindly(parent: Talker) -> None:
    await parent.commands("bestaatniet")

    assert "/help" in parent.text


async def test_an_answer_has_three_blocks_sources_and_the_draft_line(parent: Talker) -> None:
    await parent.commands("start", "slapen-doorslapen")

    for expected in ("Heel gewoon", "Wat kun je doen", "Wanneer overleggen", "Bronnen:", CONCEPT):
        assert expected in parent.text
    assert any("👍" in label for label in parent.labels)
    assert any(label.startswith("→") for label in parent.labels)


async def test_a_clear_question_gets_its_answer(parent: Talker) -> None:
    await parent.says(CLEAR_QUESTION)

    assert parent.first_line == "Nachtvoeding afbouwen"


async def test_a_question_with_an_age_begins_with_what_holds_at_that_age(parent: Talker, conversation) -> None:
    answer = conversation.knowledge.answer("voeden-nachtvoeding")
    passage = next(passage for passage in answer.by_age if passage.ages[0] <= 14 <= passage.ages[1])

    await parent.says(CLEAR_QUESTION)

    assert parent.replies[0].parts[1].text == passage.text["nl"].strip()


async def test_a_vague_question_gets_at_most_three_titles_and_a_way_out(parent: Talker) -> None:
    await parent.says("iets met slapen")

    assert 2 <= len(parent.labels) <= 4
    assert parent.labels[-1] == "Geen van deze"


async def test_the_same_titles_are_not_offered_twice_in_a_row(parent: Talker) -> None:
    await parent.says("iets met slapen")
    first = parent.labels
    await parent.says("iets met slapen")

    assert parent.labels != first
    assert any("Praat met iemand" in label for label in parent.labels)


@pytest.mark.parametrize("between", ["hoi", "wat kost een parkeervergunning in het centrum", "/help"])
async def test_another_message_ends_a_choice(parent: Talker, between: str) -> None:
    await parent.says("slaapt niet")
    first = parent.labels
    assert "Geen van deze" in first
    await (parent.commands("help") if between == "/help" else parent.says(between))
    await parent.says("slaapt niet")

    assert parent.labels == first


async def test_after_ten_minutes_the_titles_may_be_offered_again(parent: Talker) -> None:
    await parent.says("iets met slapen")
    first = parent.labels
    parent.now = NOW + timedelta(minutes=11)
    await parent.says("iets met slapen")

    assert parent.labels == first


async def test_none_of_these_leads_to_people(parent: Talker) -> None:
    await parent.says("iets met slapen")
    await parent.presses("Geen van deze")

    assert any("Praat met iemand" in label for label in parent.labels)
    assert parent.replies[0].clears_buttons


async def test_what_it_is_not_for_gets_an_honest_no_with_what_it_can_do(parent: Talker) -> None:
    await parent.says("wat kost een parkeervergunning in het centrum voor mijn tweede auto")

    assert "weet ik niet" in parent.text
    assert "Wat ik wel kan" in parent.text


async def test_gibberish_is_called_unreadable_and_not_out_of_scope(parent: Talker) -> None:
    await parent.says("sdkfjh qwpeoriu zxmcnb")

    assert "kan ik niet goed lezen" in parent.text


async def test_talking_to_someone_names_the_emergency_number_and_who_can_be_called(parent: Talker) -> None:
    await parent.says("ik wil met een echt mens praten")

    assert "112" in parent.text
    assert "Huisartsenpost" in parent.text


@pytest.mark.parametrize("kind", ["photo", "video", "voice", "sticker", "location", "contact", "poll", "file", "other"])
async def test_a_message_without_words_gets_a_friendly_sentence(parent: Talker, kind: Kind) -> None:
    await parent.sends(kind)

    assert parent.text
    assert "Sorry, er ging" not in parent.text


async def test_a_choice_of_wijk_is_remembered_and_forgotten(parent: Talker) -> None:
    await parent.commands("wijk")
    await parent.presses("Holtenbroek")
    async with parent.conversation.store.reading() as connection:
        assert (await parents.find(connection, parent.chat_id)).neighbourhood == "holtenbroek"

    await parent.commands("vergeetmij")
    await parent.presses("Ja, wis alles")

    async with parent.conversation.store.reading() as connection:
        assert (await parents.find(connection, parent.chat_id)).neighbourhood is None


@pytest.mark.parametrize("typed", ["Stadshagen", "stadshaagen", "in stadshagen", "8043"])
async def test_a_wijk_can_be_typed_when_it_is_asked(parent: Talker, typed: str) -> None:
    await parent.commands("wijk")
    await parent.says(typed)

    assert parent.text == "Stadshagen, onthouden. Typ gerust je vraag."
    async with parent.conversation.store.reading() as connection:
        assert (await parents.find(connection, parent.chat_id)).neighbourhood == "stadshagen"

    await parent.commands("wijk")
    await parent.says("liever niet")

    async with parent.conversation.store.reading() as connection:
        assert (await parents.find(connection, parent.chat_id)).neighbourhood is None


async def test_a_wijk_behind_the_command_is_kept_and_anything_else_asked_there_is_answered(parent: Talker) -> None:
    await parent.commands("wijk", "Berkum")
    assert parent.first_line.startswith("Berkum, onthouden")

    await parent.commands("wijk")
    await parent.says("wat is er dinsdag in stadshagen te doen")

    assert parent.first_line == "Anderen ontmoeten"


async def test_forgetting_asks_once_and_can_be_taken_back(parent: Talker) -> None:
    await parent.commands("wijk")
    await parent.presses("Berkum")
    await parent.commands("vergeetmij")
    await parent.presses("Nee, laat staan")

    async with parent.conversation.store.reading() as connection:
        assert (await parents.find(connection, parent.chat_id)).neighbourhood == "berkum"


async def test_the_language_of_the_profile_wins_over_that_of_the_app(parent: Talker) -> None:
    await parent.commands("taal")
    await parent.presses("English")
    await parent.commands("help")

    assert parent.first_line == "How it works"


@pytest.mark.parametrize("typed", ["Engels", "en", "english please", "in het Engels graag"])
async def test_a_language_can_be_named_when_it_is_asked(parent: Talker, typed: str) -> None:
    await parent.commands("taal")
    await parent.says(typed)
    assert parent.text.startswith("Good, we speak English")

    await parent.commands("language", "nl")

    assert parent.text.startswith("Goed, we praten Nederlands")


async def test_without_any_language_told_a_remark_is_answered_in_that_of_the_talk(parent: Talker) -> None:
    parent.language = None
    await parent.says("hoi")
    for remark in ("ok", "top", "😂", "thanks"):
        await parent.says(remark)
        assert not re.search(r"Good to have|You are welcome|Could you", parent.text), remark

    await parent.says("how many naps does my ten month old need during the day")
    english = parent.text
    await parent.commands("help")
    assert "Quite normal" in english or "Do you mean" in english
    assert parent.first_line == "How it works"

    await parent.says("ok")
    assert "Good to have you here" in parent.text


async def test_the_language_of_a_talk_is_gone_with_it(parent: Talker) -> None:
    parent.language = None
    await parent.says("how many naps does my ten month old need during the day")
    parent.now = NOW + timedelta(minutes=11)
    await parent.commands("help")

    assert parent.first_line == "Zo werkt het"
    async with parent.conversation.store.reading() as connection:
        assert (await parents.find(connection, parent.chat_id)).language is None


async def test_without_profile_the_language_of_the_app_counts_then_that_of_the_message(parent: Talker) -> None:
    parent.language = "en"
    await parent.commands("help")
    assert parent.first_line == "How it works"

    parent.language = None
    await parent.says("how many naps does my ten month old need during the day")
    assert "Quite normal" in parent.text or "Do you mean" in parent.text


async def test_a_question_in_turkish_is_answered_with_a_word_about_the_language(parent: Talker) -> None:
    parent.language = "tr"
    await parent.says("Bebeğim geceleri sürekli uyanıyor, ne yapabilirim?")

    assert "Hollandaca" in parent.text


async def test_a_thumb_up_counts_for_the_text_that_was_read_and_for_nobody(parent: Talker, conversation) -> None:
    await parent.commands("start", "slapen-doorslapen")
    fingerprint = conversation.knowledge.answer("slapen-doorslapen").text_hash("nl")
    await parent.presses("👍")

    async with parent.conversation.store.reading() as connection:
        [tally] = await feedback.tallies(connection)
    assert (tally.answer, tally.text_hash) == ("slapen-doorslapen", fingerprint)
    assert (tally.helpful, tally.unhelpful) == (1, 0)
    assert parent.replies[0].clears_buttons


async def test_a_thumb_down_asks_what_was_missing(parent: Talker, conversation) -> None:
    await parent.commands("start", "slapen-doorslapen")
    fingerprint = conversation.knowledge.answer("slapen-doorslapen").text_hash("nl")
    await parent.presses("👎")
    assert len(parent.labels) == 3
    await parent.presses("Er miste iets")

    async with parent.conversation.store.reading() as connection:
        [tally] = await feedback.tallies(connection)
    assert (tally.answer, tally.text_hash) == ("slapen-doorslapen", fingerprint)
    assert (tally.helpful, tally.unhelpful) == (0, 1)
    assert any("Praat met iemand" in label for label in parent.labels)


@pytest.mark.parametrize(
    "data", ["", "a:", "a:bestaat-niet", "zzz", "f:+:nl:abc", "r:x:wrong", "r:1:x", "w:nergens", "l:xx", "t:nee"]
)
async def test_a_stale_or_forged_button_gets_a_kind_sentence(parent: Talker, data: str) -> None:
    await parent.sends("button", data=data)

    assert "werkt niet meer" in parent.text


def test_every_button_fits_in_sixty_four_bytes(conversation: Conversation) -> None:
    for answer in conversation.knowledge.answers():
        for data in (buttons.answer(answer.id), buttons.feedback(False, answer.id, "nl", answer.text_hash("nl"))):
            assert len(data.encode()) <= 64, data


async def test_live_mode_hides_what_nobody_signed_and_shows_what_somebody_did(
    conversation: Conversation,
) -> None:
    answer = conversation.knowledge.answer("slapen-doorslapen")
    assert answer
    signed = reviews.sign(answer, "nl", "jeugdverpleegkundige", NOW.date(), NOW.date() + timedelta(days=30))
    knowledge = conversation.knowledge.model_copy(update={"reviews": (signed,)})
    live = Talker(replace(conversation, knowledge=knowledge, is_live=True))

    await live.commands("start", "slapen-doorslapen")
    assert live.first_line == "'s Nachts wakker worden"
    assert CONCEPT not in live.text
    assert not any(label.startswith("→") for label in live.labels)

    await live.says(CLEAR_QUESTION)
    assert "wordt nog geschreven" in live.text


async def test_nothing_a_parent_typed_comes_back(parent: Talker) -> None:
    await parent.says("<b>geheim</b> parkeervergunning _x_ &amp;")

    assert "geheim" not in parent.text


async def test_a_very_long_message_is_told_to_be_read_in_part(parent: Talker) -> None:
    await parent.says("het was een lange dag. " * 100 + "hoe bouw ik de nachtvoeding af bij 14 maanden?")

    assert "begin en het eind gelezen" in parent.text


def test_a_day_is_that_of_the_town(conversation: Conversation) -> None:
    late = NOW.replace(hour=22, minute=30)

    scene = conversation.scene(parents.Parent(1), late)

    assert scene.today == date(2027, 4, 1)


async def test_the_conversation_in_the_readme_is_one_that_the_bot_has(parent: Talker) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.split(r"^> (.+)\n\n", readme.partition("$ printf")[2].partition("```")[0], flags=re.MULTILINE)[1:]

    for typed, reply in zip(told[::2], told[1::2], strict=True):
        await parent.says(typed)

        assert parent.first_line == reply.strip().splitlines()[0]
        # Which titles follow the likeliest one shifts with every lot of examples.
        assert f"[1] {parent.labels[0]}" in reply
