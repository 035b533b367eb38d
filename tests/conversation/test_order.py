"""The order of checks is a safety property: stop words, warning signs, loss, commands and buttons, dialogues, matching."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation.message import Button, Message
from tests.conftest import Talker

DANGER = "mijn baby ademt niet meer"
LOSS = "ons dochtertje is vannacht overleden"


async def test_a_stop_word_comes_before_everything(parent: Talker) -> None:
    await parent.says("STOP!")

    assert "stuur je niets" in parent.text


async def test_a_stop_word_in_another_language_offered_stops_too(parent: Talker) -> None:
    await parent.says("unsubscribe")

    assert "stuur je niets" in parent.text


@pytest.mark.parametrize("asked", [
    "stop met appen", "Stop maar met berichten sturen!", "hou op met appen", "wil je stoppen met appen aub",
    "stop met de herinneringen", "geen berichten meer", "stuur me niks meer", "stop sending me messages", "stop texting",
    "don't text me", "please stop",
])  # fmt: skip
async def test_stop_with_messages_stops_them(parent: Talker, asked: str) -> None:
    await parent.says(asked)

    assert "stuur je niets" in parent.text


@pytest.mark.parametrize("asked", [
    "ik wil stoppen", "ik wil ermee ophouden", "stop met huilen", "hoe stop ik met borstvoeding", "hij wil niet stoppen",
    "app", "geen tips", "just end me please", "hoe stop ik de berichten van school",
])  # fmt: skip
async def test_a_question_with_a_stop_word_in_it_is_read(parent: Talker, asked: str) -> None:
    await parent.says(asked)

    assert "stuur je niets" not in parent.text


async def test_a_warning_sign_is_answered_with_the_number_first_and_one_way_out(parent: Talker) -> None:
    await parent.says(DANGER)

    assert parent.first_line.startswith("Bel nu 112")
    assert parent.labels == ["Nee, dat bedoel ik niet"]


async def test_a_warning_sign_behind_a_command_is_a_warning_sign(parent: Talker) -> None:
    await parent.commands("help", DANGER)

    assert parent.first_line.startswith("Bel nu 112")


async def test_a_warning_sign_in_the_caption_of_a_photo_is_a_warning_sign(parent: Talker) -> None:
    await parent.sends("photo", text=DANGER)

    assert parent.first_line.startswith("Bel nu 112")


async def test_a_warning_sign_while_titles_are_offered_is_a_warning_sign(parent: Talker) -> None:
    await parent.says("slapen")
    await parent.says(DANGER)

    assert parent.first_line.startswith("Bel nu 112")


async def test_a_warning_sign_comes_before_loss(parent: Talker) -> None:
    await parent.says(f"{LOSS} en nu {DANGER}")

    assert parent.first_line.startswith("Bel nu 112")


async def test_loss_is_met_with_warmth_and_a_person_and_no_tips(parent: Talker) -> None:
    await parent.says(LOSS)

    assert "112" not in parent.first_line
    assert parent.labels == ["💬 Praat met iemand"]
    assert "Luisterlijn" in parent.text


async def test_loss_comes_before_a_command(parent: Talker) -> None:
    await parent.commands("themas", LOSS)

    assert parent.labels == ["💬 Praat met iemand"]


async def test_a_command_comes_before_matching(parent: Talker) -> None:
    await parent.commands("themas", "mijn kind slaapt niet")

    assert any("Slapen" in label for label in parent.labels)


async def test_a_false_alarm_leads_back_to_the_question(parent: Talker) -> None:
    await parent.says(DANGER)
    await parent.presses("Nee, dat bedoel ik niet")

    assert "Gelukkig maar" in parent.text
    assert "Geen van deze" in parent.labels
    assert all(isinstance(button, Button) for button in parent.replies[0].buttons[0])


async def test_a_false_alarm_of_which_nothing_is_known_any_more_asks_what_it_was_about(parent: Talker) -> None:
    await parent.says(DANGER)
    parent.now += timedelta(minutes=11)
    await parent.presses("Nee, dat bedoel ik niet")

    assert "Gelukkig maar" in parent.text
    assert "andere woorden" in parent.text
    assert "💬 Praat met iemand" in parent.labels


async def test_a_false_alarm_does_not_end_what_was_asked_before_it(parent: Talker) -> None:
    await parent.commands("kind")
    await parent.says(DANGER)
    await parent.presses("Nee, dat bedoel ik niet")
    await parent.says("maart 2026")

    assert "onthouden: maart 2026" in parent.text


async def test_danger_is_told_the_same_without_the_store_and_nothing_else_is(parent: Talker) -> None:
    message = Message("text", DANGER, language="nl")

    told = await parent.conversation.danger(message, parent.chat_id, parent.now)

    assert told == (await parent.says(message.text)).replies[0]
    assert await parent.conversation.danger(Message("text", "hoe lang slaapt een baby?"), 7, parent.now) is None
    assert await parent.conversation.danger(Message("command", command="start"), 7, parent.now) is None
