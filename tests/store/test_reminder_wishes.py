"""How a parent wants to be reminded, on both databases."""

from __future__ import annotations

from bot.model import Parent
from bot.store import parents, reminder_wishes
from bot.store.reminder_wishes import ReminderWishes


async def test_nothing_chosen_is_the_evening_before_and_two_hours_before(store):
    async with store.reading() as connection:
        assert await reminder_wishes.find(connection, 7) == ReminderWishes(19, True, None, None)


async def test_each_wish_is_changed_alone(store, now):
    async with store.writing() as connection:
        await reminder_wishes.set_evening_hour(connection, 7, None, now)
        await reminder_wishes.set_two_hours(connection, 7, False, now)
        await reminder_wishes.consent(connection, 7, now)
        await parents.save(connection, Parent(7, "nl", "dieze"), now)

    async with store.reading() as connection:
        assert await reminder_wishes.find(connection, 7) == ReminderWishes(None, False, now, None)
        assert (await parents.find(connection, 7)).neighbourhood == "dieze"


async def test_a_wish_leaves_what_is_known_of_the_parent(store, now):
    async with store.writing() as connection:
        await parents.save(connection, Parent(7, "en", "dieze"), now)
        await reminder_wishes.set_evening_hour(connection, 7, 17, now)

    async with store.reading() as connection:
        found = await parents.find(connection, 7)
        assert (found.language, found.neighbourhood) == ("en", "dieze")
