"""Messages are read in a process of its own: whichever of the two is killed or asked to stop, nobody is missed."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from bot.conversation import buttons
from tests.faults.conftest import ALL
from tests.forked import goes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="on other systems messages are read in a thread")

COUNT = 300 if ALL else 60
QUESTION = "hij wordt steeds wakker vannacht"
DANGER = "hij ademt niet meer"


def test_when_the_process_that_reads_is_killed_under_load_the_next_start_answers_each_once(town, telegram):
    telegram.latency_s = 0.2
    program = town.start().wait_until_it_receives()
    asked = [*town.ask(QUESTION, COUNT), *town.ask(DANGER, 2)]
    telegram.wait_until(lambda: sum(town.heard(asked)) >= 5, "the first replies", 30)

    os.kill(program.reader_pid, signal.SIGKILL)

    assert program.wait(10) == 1
    assert not all(town.heard(asked))
    assert program.said("The process that reads messages was killed by signal 9") == 1
    town.start()
    town.is_back("kill -9 of the process that reads", asked)
    town.wait_until_noted()
    # What was being sent when it ended is finished, so nobody is told twice.
    assert set(town.heard(asked)) == {1}


def test_a_message_on_which_the_reading_ends_is_given_up_and_at_every_start_others_are_answered(town, telegram):
    town.switch_on("deadly", "basilisk")
    program = town.start().wait_until_it_receives()
    [deadly] = town.ask("ik zag een basilisk")
    others = []
    for _ in range(3):
        assert program.wait(30) == 1
        assert program.said("The process that reads messages was ended by signal 11") == 1
        # At every start those who asked before it are answered before it ends again.
        assert set(town.heard(others)) <= {1}
        others += [*town.ask(QUESTION), *town.ask(DANGER)]
        program = town.start()

    town.wait_for([deadly, *others], 30)
    town.wait_until_noted()

    [said] = telegram.sent(deadly)
    assert "112" in said["text"]
    assert said["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == buttons.PERSON
    assert "basilisk" not in program.output
    assert program.said("A message is not read any more: the program ended whenever it was.") == 1
    assert set(town.heard(others)) == {1}
    telegram.says(deadly, "/help")
    telegram.wait_for_texts(2, deadly)


def test_asked_to_stop_together_what_is_begun_is_finished(town, telegram):
    telegram.latency_s = 0.2
    program = town.start().wait_until_it_receives()
    asked = town.ask(QUESTION, COUNT)
    telegram.wait_until(lambda: sum(town.heard(asked)) >= 5, "the first replies", 30)
    reader_pid = program.reader_pid

    # As Ctrl-C and systemd do.
    for pid in (reader_pid, program.process.pid):
        os.kill(pid, signal.SIGTERM)
    assert not all(town.heard(asked))

    assert program.wait(12) == 0
    assert goes(reader_pid)
    town.start().wait_until_it_receives()
    town.wait_for(asked)
    town.wait_until_noted()
    assert set(town.heard(asked)) == {1}


def test_killed_the_bot_leaves_nothing_behind(town):
    program = town.start().wait_until_it_receives()
    reader_pid = program.reader_pid

    program.process.kill()

    assert program.wait() == -signal.SIGKILL
    assert goes(reader_pid)


def test_what_keeps_it_from_being_ready_is_told_and_ends_the_start(town):
    for path in (town.folder / "knowledge" / "examples").iterdir():
        path.unlink()
    (town.folder / "knowledge" / "slapen.yaml").unlink()

    program = town.start()

    assert program.wait() == 1
    assert program.said("example messages for fewer than two answers; add some") == 1
    assert not town.telegram.calls


def test_a_mistake_in_the_files_is_told_by_its_line_and_ends_the_start(town):
    path = town.folder / "knowledge" / "slapen.yaml"
    path.write_text(path.read_text().replace("ages: [0, 48]", "ages: [48, 0]"))

    program = town.start()

    assert program.wait() == 1
    assert program.said("knowledge/slapen.yaml:7: ") == 1
    assert not town.database.exists()
