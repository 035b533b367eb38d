"""Each message goes once; every way in which sending can end has its outcome; nobody is unsubscribed by a network."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date, timedelta

import pytest

from bot.reminders import outbox
from bot.reminders.deliver import IN_FLIGHT, Outcome
from bot.reminders.plan import Followers, Occasion, Recipients, WithChild
from bot.store import announcements, attendances, deliveries, parents, subscriptions
from tests.reminders.conftest import LONG_AGO, follow, local, reachable, rows

DUE, STARTS = local("2027-03-30 19:00"), local("2027-03-31 09:30")
UID = "koffie@2027-03-31"


def occasion(kind="evening", subject=UID, due=DUE, expires=STARTS, **who) -> Occasion:
    return Occasion(kind, subject, due, expires, Followers("koffie", "stadshagen", UID, due, **who))


async def planned(store, *occasions) -> list[int]:
    async with store.writing() as connection:
        return [await outbox.add(connection, one) for one in occasions or (occasion(),)]


async def test_a_message_goes_once_however_often_it_is_planned_and_sent(store, deliverer, hands):
    await follow(store, 1, 2)

    assert await planned(store) == [2]
    assert await planned(store) == [0]
    await deliverer.deliver_due()
    await deliverer.deliver_due()
    assert await planned(store) == [0]

    assert sorted(hands.sent) == [(1, f"evening {UID}"), (2, f"evening {UID}")]
    assert await rows(store, "state", "attempts", "problem") == [("sent", 1, None)] * 2


async def test_everybody_is_told_once_who_follows_the_series_or_the_wijk_or_said_to_come(store, deliverer, hands):
    await follow(store, 1)
    await follow(store, 1, 2, subject="stadshagen", kind="neighbourhood")
    await follow(store, 4, subject="assendorp", kind="neighbourhood")
    async with store.writing() as connection:
        await attendances.come(connection, 2, UID, STARTS, None, LONG_AGO)
        await attendances.come(connection, 3, UID, STARTS, 9, LONG_AGO)

    await planned(store)
    await deliverer.deliver_due()

    assert sorted(chat for chat, _ in hands.sent) == [1, 2, 3]


@pytest.mark.parametrize(("settings", "who", "count"), [
    pytest.param({"evening_hour": 19}, {"evening_hour": 19}, 1, id="the hour they chose"),
    pytest.param({"evening_hour": 20}, {"evening_hour": 19}, 0, id="another hour"),
    pytest.param({"evening_hour": None}, {"evening_hour": 19}, 0, id="no evening"),
    pytest.param({"wants_two_hours": False}, {"wants_two_hours": True}, 0, id="not two hours before"),
    pytest.param({"wants_two_hours": False}, {"wants_two_hours": False}, 1, id="only the evening"),
    pytest.param({"unreachable_at": LONG_AGO}, {}, 0, id="somebody who cannot be reached"),
    pytest.param({}, {"heard": ("koffie@2027-03-31#1",)}, 0, id="who did not hear of the cancellation"),
])  # fmt: skip
async def test_settings_choose_whom_an_occasion_is_for(store, settings, who, count):
    await follow(store, 1, **settings)

    assert await planned(store, occasion(**who)) == [count]


async def test_who_begins_to_follow_after_it_fell_due_is_not_told(store):
    async with store.writing() as connection:
        await subscriptions.follow(connection, 1, "meetup", "koffie", DUE + timedelta(seconds=1))

    assert await planned(store) == [0]


async def test_only_who_was_told_of_a_cancellation_is_told_that_it_is_on_after_all(store, deliverer):
    await follow(store, 1)
    await planned(store, occasion("cancelled", f"{UID}#1"))
    await deliverer.deliver_due()
    await follow(store, 2)

    assert await planned(store, occasion("restored", f"{UID}#2", heard=(f"{UID}#1",))) == [1]


@pytest.mark.parametrize(("born", "weeks", "count"), [
    pytest.param("2026-09-01", None, 1, id="that month"),
    pytest.param("2026-09-01", 2, 1, id="two weeks early is no month"),
    pytest.param("2026-09-01", 5, 0, id="a month early is a month later"),
    pytest.param("2026-08-01", None, 0, id="another month"),
])  # fmt: skip
async def test_tips_are_for_those_who_asked_by_the_age_of_their_child(store, born, weeks, count):
    await follow(
        store, 1, subject=subscriptions.EVERY, kind="tips", child_born=date.fromisoformat(born), weeks_early=weeks
    )
    await follow(store, 2, child_born=date.fromisoformat(born))
    who = WithChild((date(2026, 9, 1), date(2026, 9, 30)), (0, 2), DUE)

    assert await planned(store, Occasion("tip", "tanden", DUE, STARTS, who)) == [count]


async def test_after_a_loss_no_tip_comes_any_more_also_not_one_that_waits(store, deliverer, hands):
    await follow(store, 1, subject=subscriptions.EVERY, kind="tips", child_born=date(2026, 9, 1))
    tip = Occasion("tip", "tanden", DUE, STARTS, WithChild((date(2026, 9, 1), date(2026, 9, 30)), None, DUE))
    await planned(store, tip)

    async with store.writing() as connection:
        await subscriptions.end_tips(connection, 1)

    await deliverer.deliver_due()
    assert hands.sent == []
    assert await planned(store, tip) == [0]


@pytest.mark.parametrize(("who", "chats"), [
    pytest.param(Recipients(), [1, 2, 3], id="everybody who follows something"),
    pytest.param(Recipients(meetups=("koffie",)), [1], id="a series"),
    pytest.param(Recipients(neighbourhoods=("stadshagen",)), [2, 3], id="who lives in a wijk or follows it"),
    pytest.param(Recipients(("stadshagen",), ("koffie",)), [], id="every condition has to fit"),
])  # fmt: skip
async def test_the_audience_of_an_announcement(store, who, chats):
    await follow(store, 1)
    await follow(store, 2, subject="stadshagen", kind="neighbourhood")
    await follow(store, 3, subject="ander", neighbourhood="stadshagen")
    await follow(store, 5, unreachable_at=LONG_AGO)
    async with store.writing() as connection:
        await parents.ensure(connection, 4, LONG_AGO)

    await planned(store, Occasion("announcement", "file:zingen", DUE, STARTS, who))

    assert [chat for (chat,) in await rows(store, "chat_id")] == chats


async def test_who_stops_while_messages_wait_gets_none(store, deliverer, hands):
    await follow(store, 1, 2)
    await planned(store)
    async with store.writing() as connection:
        await subscriptions.stop_all(connection, 1)

    await deliverer.deliver_due()

    assert hands.sent == [(2, f"evening {UID}")]


async def test_who_stops_after_a_message_was_taken_does_not_get_it_either(store, deliverer, hands):
    await follow(store, 1, 2)
    await planned(store)
    compose = hands.compose

    async def stopping(delivery, now):
        async with store.writing() as connection:
            await subscriptions.stop_all(connection, 1)
        return await compose(delivery, now)

    deliverer._compose = stopping
    await deliverer.deliver_due()

    assert hands.sent == [(2, f"evening {UID}")]
    assert await rows(store, "chat_id", "state") == [(2, "sent")]


async def test_a_message_that_ends_while_the_next_are_looked_for_is_noted_too(store, deliverer, hands, monkeypatch):
    await follow(store, 1, 2)
    await planned(store)
    claim, send, is_looked_for, has_ended = deliveries.claim, hands.send, asyncio.Event(), asyncio.Event()

    async def send_the_second_slowly(chat_id, said):
        if chat_id == 2:
            await is_looked_for.wait()
            has_ended.set()
        return await send(chat_id, said)

    async def look_for_more(*args):
        taken = await claim(*args)
        if not taken:
            is_looked_for.set()
            await has_ended.wait()
            await asyncio.sleep(0)
        return taken

    deliverer._send = send_the_second_slowly
    monkeypatch.setattr(deliveries, "claim", look_for_more)
    await deliverer.deliver_due()

    assert await rows(store, "state") == [("sent",), ("sent",)]


async def test_what_is_outdated_is_taken_back(store, deliverer, hands, clock):
    await follow(store, 1)
    await planned(store)
    async with store.writing() as connection:
        assert await deliveries.skip(connection, ("evening", "hours"), UID, clock()) == 1

    await deliverer.deliver_due()

    assert hands.sent == []
    assert await rows(store, "state", "problem") == [("skipped", "changed")]


async def test_a_reminder_later_than_its_meeting_is_dropped(store, deliverer, hands, clock):
    await follow(store, 1)
    await planned(store)
    clock.now = STARTS

    await deliverer.deliver_due()

    assert hands.sent == []
    assert await rows(store, "state", "problem") == [("skipped", "too late")]


async def test_with_nothing_to_say_any_more_nothing_is_sent(store, deliverer, hands):
    await follow(store, 1)
    hands.silent.add(UID)
    await planned(store)

    await deliverer.deliver_due()

    assert hands.sent == []
    assert await rows(store, "state", "problem") == [("skipped", "nothing to tell")]


async def test_what_can_wait_least_goes_first(store, hands, deliverer):
    await follow(store, *range(1, 60))
    await planned(store, Occasion("announcement", "file:a", DUE, DUE + timedelta(days=1), Recipients()))
    await planned(store, occasion())

    await deliverer.deliver_due()

    # Those that are under way at once may overtake each other.
    assert {said for _, said in hands.sent[: 59 - IN_FLIGHT]} == {f"evening {UID}"}
    assert {said for _, said in hands.sent[59 + IN_FLIGHT :]} == {"announcement file:a"}
    assert len(hands.sent) == 118


@pytest.mark.parametrize("outcome", [Outcome("blocked", "blocked"), Outcome("gone", "gone")])
async def test_who_blocked_the_bot_rests_until_they_are_back(store, deliverer, hands, outcome):
    await follow(store, 1, 2)
    hands.outcomes[1] = [outcome]
    await planned(store, occasion(), occasion("hours", due=DUE + timedelta(hours=13)))

    await deliverer.deliver_due()

    assert not await reachable(store, 1)
    assert await reachable(store, 2)
    assert await rows(store, "chat_id", "kind", "state") == [
        (1, "evening", "failed"),
        (2, "evening", "sent"),
        (2, "hours", "due"),
    ]
    async with store.writing() as connection:
        assert await deliveries.failures(connection, DUE) == {outcome.problem: 1}
        await parents.can_be_reached(connection, 1)
        assert await subscriptions.followed(connection, 1) == [("meetup", "koffie")]
    assert await planned(store, occasion("hours")) == [1]


async def test_who_cannot_be_reached_for_long_follows_nothing_any_more(store, clock):
    await follow(store, 1, unreachable_at=LONG_AGO)
    await follow(store, 2, unreachable_at=clock())
    async with store.writing() as connection:
        await parents.end_unreachable(connection, clock() - timedelta(days=30))

        assert await subscriptions.followed(connection, 1) == []
        assert await subscriptions.followed(connection, 2) == [("meetup", "koffie")]


async def test_a_message_that_telegram_refuses_fails_and_nobody_is_unsubscribed(store, deliverer, hands):
    await follow(store, 1, 2)
    hands.outcomes[1] = [Outcome("refused", "Bad Request: chat not found")]
    await planned(store)

    await deliverer.deliver_due()

    assert await reachable(store, 1)
    assert await rows(store, "state", "problem") == [("failed", "Bad Request: chat not found"), ("sent", None)]


async def test_a_chat_with_a_new_id_is_followed_there_and_gets_its_message_once(store, deliverer, hands):
    await follow(store, 1)
    hands.outcomes[1] = [Outcome("migrated", "the chat has a new id", -1001)]
    await planned(store)

    await deliverer.deliver_due()

    assert hands.sent == [(-1001, f"evening {UID}")]
    assert await rows(store, "chat_id", "state") == [(-1001, "sent")]
    async with store.reading() as connection:
        assert await subscriptions.followed(connection, -1001) == [("meetup", "koffie")]
        assert await subscriptions.followed(connection, 1) == []


async def test_a_chat_that_moves_again_and_again_is_not_run_after(store, deliverer, hands):
    await follow(store, 1)
    hands.outcomes = {1: [Outcome("migrated", "new", 2)], 2: [Outcome("migrated", "new", 3)]}
    await planned(store)

    await deliverer.deliver_due()

    assert await rows(store, "chat_id", "state") == [(2, "failed")]


async def test_a_chat_that_moves_to_one_that_is_known_is_not_told_twice(store, deliverer, hands):
    await follow(store, 1, 2)
    hands.outcomes[1] = [Outcome("migrated", "new", 2)]
    await planned(store)

    await deliverer.deliver_due()

    assert hands.sent == [(2, f"evening {UID}")]
    assert await rows(store, "chat_id", "state") == [(2, "sent")]


async def test_while_telegram_is_away_one_message_tries_and_the_others_wait(store, deliverer, hands, clock):
    await follow(store, *range(1, 101))
    for chat in range(1, 101):
        hands.outcomes[chat] = [Outcome("later", "Telegram did not answer")]
    await planned(store)

    await asyncio.wait_for(deliverer.deliver_due(), 20)

    assert hands.sent == []
    attempts = [count for (count,) in await rows(store, "attempts")]
    assert sum(attempts) <= 100
    assert hands.pauses[1:7] == [1, 2, 3, 3, 3, 3]
    for _ in range(10):
        clock.now += timedelta(minutes=10)
        await deliverer.deliver_due()
    assert sorted(chat for chat, _ in hands.sent) == list(range(1, 101))
    assert await reachable(store, 1)


async def test_while_telegram_does_not_answer_no_message_is_risked(store, deliverer, hands):
    chats = list(range(1, 1 + IN_FLIGHT))
    await follow(store, *chats)
    hands.outcomes.update((chat, [Outcome("lost", "the answer was lost")]) for chat in chats)
    hands.is_away = 20
    await planned(store)

    await asyncio.wait_for(deliverer.deliver_due(), 20)

    assert hands.is_away == 0
    assert await rows(store, "attempts") == [(2,)] * IN_FLIGHT
    assert sorted(chat for chat, _ in hands.sent) == chats


async def test_when_telegram_is_back_what_was_put_off_goes_at_once(store, deliverer, hands, clock):
    await follow(store, 1)
    hands.outcomes[1] = [Outcome("later", "502")] * 6
    await planned(store)
    for _ in range(6):
        [(due_at,)] = await rows(store, "due_at")
        clock.now = max(clock.now, due_at)
        await deliverer.deliver_due()
    [(due_at,)] = await rows(store, "due_at")
    assert due_at - clock.now == timedelta(seconds=160)

    hands.is_away = 1
    await deliverer.deliver_due()

    assert hands.sent == [(1, f"evening {UID}")]


async def test_what_was_put_off_to_the_morning_stays_there_when_telegram_is_back(store, deliverer, hands, clock):
    await follow(store, 1)
    await planned(store)
    hands.outcomes[1] = [Outcome("later", "502")]
    clock.now = local("2027-03-30 20:59:58")
    await deliverer.deliver_due()
    assert await rows(store, "due_at") == [(local("2027-03-31 08:00"),)]

    clock.now = local("2027-03-31 07:55")
    hands.is_away = 1
    await deliverer.deliver_due()

    assert await rows(store, "due_at", "state") == [(local("2027-03-31 08:00"), "due")]


async def test_a_message_that_cannot_be_sent_yet_waits_longer_each_time(store, deliverer, hands, clock):
    await follow(store, 1)
    hands.outcomes[1] = [Outcome("later", "502")] * 4
    await planned(store)

    waits = []
    for _ in range(4):
        await deliverer.deliver_due()
        [(due_at,)] = await rows(store, "due_at")
        waits.append((due_at - clock.now).total_seconds())
        clock.now = due_at
    await deliverer.deliver_due()

    assert waits == [5, 10, 20, 40]
    assert await rows(store, "state", "attempts") == [("sent", 5)]


async def test_a_message_whose_answer_was_lost_goes_once_more_and_not_for_ever(store, deliverer, hands, clock):
    await follow(store, 1)
    hands.outcomes[1] = [Outcome("lost", "the answer was lost")] * 3
    await planned(store)

    await deliverer.deliver_due()
    assert await rows(store, "state") == [("due",)]
    clock.now += timedelta(minutes=1)
    await deliverer.deliver_due()

    assert await rows(store, "state", "attempts") == [("sent", 2)]


async def test_a_message_that_cannot_be_made_fails_alone_and_its_words_are_in_no_log(store, deliverer, hands, caplog):
    await follow(store, 1)
    await planned(store, occasion(subject="broken"), occasion())

    await deliverer.deliver_due()

    assert hands.sent == [(1, f"evening {UID}")]
    assert sorted(await rows(store, "state")) == [("failed",), ("sent",)]
    assert "geheim" not in caplog.text
    assert "RuntimeError at" in caplog.text


async def test_what_was_being_sent_when_the_program_died_goes_once_more(store, deliverer, hands, clock):
    await follow(store, *range(1, 101))
    await planned(store)
    async with store.writing() as connection:
        killed = await deliveries.claim(connection, clock(), IN_FLIGHT)

    await deliverer.deliver_due()
    assert len(hands.sent) == 100 - len(killed)
    await deliverer.take_back()
    await deliverer.deliver_due()

    assert sorted(chat for chat, _ in hands.sent) == list(range(1, 101))
    assert {count for (count,) in await rows(store, "attempts")} == {1, 2}


async def test_two_programs_never_take_the_same_message(store, clock):
    await follow(store, *range(1, 41))
    await planned(store)

    async def claim():
        async with store.writing() as connection:
            return [one.chat_id for one in await deliveries.claim(connection, clock(), 10)]

    taken = [chat for chats in await asyncio.gather(*(claim() for _ in range(6))) for chat in chats]

    assert sorted(taken) == list(range(1, 41))


async def test_who_may_not_send_takes_nothing(store, deliverer, hands, clock):
    await follow(store, 1)
    await planned(store)
    deliverer.may_send_until = clock()

    await deliverer.deliver_due()

    assert hands.sent == []


async def test_asked_to_stop_it_finishes_what_is_under_way_and_notes_it(store, deliverer, hands):
    await follow(store, *range(1, 101))
    await planned(store)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def send(chat_id, said):
        begun.set()
        await go_on.wait()
        hands.sent.append((chat_id, said))
        return Outcome("sent")

    deliverer._send = send
    deliverer._hold_back = go_on.set
    deliverer.wake()
    running = asyncio.create_task(deliverer.run())
    await begun.wait()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running

    states = [state for (state,) in await rows(store, "state")]
    assert states.count("sent") == len(hands.sent) == IN_FLIGHT
    assert states.count("due") == 100 - IN_FLIGHT


@pytest.mark.parametrize(("kind", "due", "expires", "now", "count"), [
    pytest.param("evening", "2027-03-30 20:00", "2027-03-31 09:30", "2027-03-30 22:30", 0, id="started again at night"),
    pytest.param("evening", "2027-03-30 20:00", "2027-03-31 09:30", "2027-03-31 08:00", 1, id="and when it is over"),
    pytest.param("evening", "2027-03-30 20:00", "2027-03-31 09:30", "2027-03-30 21:00", 0, id="as soon as it is quiet"),
    pytest.param("announcement", "2027-03-30 20:59", "2027-03-31 20:59", "2027-03-30 21:00", 0, id="a broadcast at nine"),
    pytest.param("cancelled", "2027-03-30 22:00", "2027-03-31 08:30", "2027-03-30 22:00", 1, id="what cannot wait"),
    pytest.param("cancelled", "2027-03-30 20:59", "2027-03-31 08:30", "2027-03-30 21:30", 1, id="also when it is late"),
    pytest.param("cancelled", "2027-03-30 20:59", "2027-03-31 09:30", "2027-03-30 21:30", 0, id="what can wait, when late"),
    pytest.param("hours", "2027-03-31 08:00", "2027-03-31 09:30", "2027-03-31 07:59", 0, id="a morning that has not begun"),
])  # fmt: skip
async def test_quiet_hours(store, deliverer, hands, clock, kind, due, expires, now, count):
    await follow(store, 1)
    await planned(store, occasion(kind, due=local(due), expires=local(expires)))
    clock.now = local(now)

    await deliverer.deliver_due()

    assert len(hands.sent) == count


async def test_a_reminder_that_could_not_be_sent_in_the_evening_is_not_tried_at_night(store, deliverer, hands, clock):
    await follow(store, 1)
    clock.now = local("2027-03-30 20:59:55")
    hands.outcomes[1] = [Outcome("later", "502")]
    await planned(store)

    await deliverer.deliver_due()

    assert await rows(store, "due_at") == [(local("2027-03-31 08:00"),)]


async def test_ended_messages_are_forgotten_after_a_while_and_those_that_wait_are_not(store, deliverer, clock):
    await follow(store, 1)
    await planned(
        store, occasion(), occasion("hours", due=DUE + timedelta(days=60), expires=STARTS + timedelta(days=60))
    )
    await deliverer.deliver_due()

    async with store.writing() as connection:
        await deliveries.prune(connection, clock() + timedelta(days=31))

    assert await rows(store, "kind", "state") == [("hours", "due")]


async def test_who_heard_of_a_cancellation_is_known_as_long_as_the_meeting_may_go_on_after_all(store, deliverer, clock):
    later = timedelta(days=60)
    await follow(store, 1)
    await planned(store, occasion("cancelled", f"{UID}#1", expires=STARTS + later))
    await deliverer.deliver_due()

    async with store.writing() as connection:
        await deliveries.prune(connection, clock() + later - timedelta(days=31))
    assert await rows(store, "kind", "state") == [("cancelled", "sent")]

    async with store.writing() as connection:
        await deliveries.prune(connection, clock() + later + timedelta(days=1))
    assert await rows(store, "kind", "state") == []


async def test_a_withdrawn_announcement_is_not_planned(store, clock):
    row = announcements.Row("a1", {"nl": "Kom"}, {}, clock(), 7, clock())
    async with store.writing() as connection:
        await announcements.add(connection, row)
        await announcements.confirm(connection, "a1", 7, clock())
        assert await announcements.withdraw(connection, "a1", clock())

        assert await announcements.to_plan(connection, clock()) == []
