"""A message of nothing but emoji is understood as far as emoji can be, and always met kindly."""

from __future__ import annotations

import pytest

from bot.conversation import emoji
from bot.store import feedback
from tests.conftest import Talker

NIGHT = "slapen-doorslapen"


async def thumbs(parent: Talker) -> tuple[int, int]:
    fingerprint = parent.conversation.knowledge.answer(NIGHT).text_hash("nl")
    async with parent.conversation.store.reading() as connection:
        told = [tally for tally in await feedback.tallies(connection) if tally.text_hash == fingerprint]
    return sum(tally.helpful for tally in told), sum(tally.unhelpful for tally in told)


@pytest.mark.parametrize(("text", "mood"), [
    pytest.param("👍🏽", "up", id="a colour of skin"),
    pytest.param("👍❤️", "up", id="two of them"),
    pytest.param("👎 👎", "down", id="a space between"),
    pytest.param("😭😭😭", "sad", id="crying"),
    pytest.param("👍😭", "sad", id="crying goes before a thumb"),
    pytest.param("❤️", "thanks", id="with the form of an emoji behind it"),
    pytest.param("👨‍👩‍👧", "other", id="a family, joined"),
    pytest.param("🇳🇱", "other", id="a flag"),
    pytest.param("👶", "other", id="a baby"),
    pytest.param("👍 top", None, id="a word beside it"),
    pytest.param("?", None, id="a question mark"),
    pytest.param("1️⃣", None, id="a digit"),
    pytest.param("", None, id="nothing"),
])  # fmt: skip
def test_what_emoji_seem_to_say(text: str, mood: str | None) -> None:
    assert emoji.mood(text) == mood


@pytest.mark.parametrize("typed", ["😢", "😭😭😭"])
async def test_crying_gets_warmth_and_the_way_to_a_person(parent: Talker, typed: str) -> None:
    await parent.says(typed)

    assert "je het zwaar" in parent.text
    assert "💬 Praat met iemand" in parent.labels


@pytest.mark.parametrize("typed", ["👶", "😂", "👎", "🎉🎉"])
async def test_what_says_nothing_yet_is_asked_about(parent: Talker, typed: str) -> None:
    await parent.says(typed)

    assert "in een paar woorden" in parent.text
    assert "💬 Praat met iemand" in parent.labels


@pytest.mark.parametrize("typed", ["👍", "❤️"])
async def test_thanks_are_met_as_thanks(parent: Talker, typed: str) -> None:
    await parent.says(typed)

    assert parent.text.startswith("Graag gedaan")


async def test_a_thumb_up_after_an_answer_counts_once(parent: Talker) -> None:
    await parent.commands("start", NIGHT)
    await parent.says("👍")

    assert parent.text == "Fijn, dank je. 💛"
    assert await thumbs(parent) == (1, 0)

    await parent.says("👍")

    assert parent.text.startswith("Graag gedaan")
    assert await thumbs(parent) == (1, 0)


async def test_a_thumb_down_after_an_answer_asks_what_was_missing(parent: Talker) -> None:
    await parent.commands("start", NIGHT)
    await parent.says("👎🏻")
    assert len(parent.labels) == 3
    await parent.presses("Er miste iets")

    assert await thumbs(parent) == (0, 1)
    assert "Dank je" in parent.text


async def test_after_a_thumb_the_talk_goes_on(parent: Talker) -> None:
    await parent.commands("start", NIGHT)
    await parent.says("👍")
    await parent.says("en als dat niet helpt?")

    assert parent.first_line == "'s Nachts wakker worden"
