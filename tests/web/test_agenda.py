"""The agenda on the web: calendars that notice a change, pages in two languages, and headers that allow nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from bot.agenda.changes import to_data
from bot.agenda.model import Change
from bot.agenda.schedules import Schedules
from bot.locales import parent_words
from bot.model import Privacy
from bot.pages.render import style_hash
from bot.reminders.by_phone import changed
from bot.reminders.changes import seen
from bot.store import calendar_entries, changes
from bot.store.errors import StoreError
from bot.web.agenda import Public
from bot.web.application import Health, application
from bot.web.server import WebServer

PLACES = """\
# yaml-language-server: $schema=schema/places.schema.json
places:
  - id: kantine
    name: De kantine
    neighbourhood: stadshagen
    address: {street: Voorbeeldlaan 1, town: Zwolle}
    coordinates: {latitude: 52.5424, longitude: 6.0347}
    confirmed_on: 2027-01-05
  - id: school
    name: De school
    neighbourhood: dieze
    coordinates: {latitude: 52.5181, longitude: 6.1023}
"""
MEETUPS = """\
# yaml-language-server: $schema=schema/meetups.schema.json
meetups:
  - id: koffie
    summary: {nl: Koffie & Koters, en: Coffee & Kids}
    neighbourhood: stadshagen
    place: kantine
    audience: {nl: Ouders., en: Parents.}
    ages: [0, 48]
    cost: {nl: Gratis., en: Free.}
    first_time: {nl: Loop zo binnen., en: Walk right in.}
    when: elke woensdag
    from_time: "09:30"
    until_time: "11:30"
    start: 2027-01-06
    confirmed_on: 2027-01-05
  - id: spelen
    summary: {nl: Samen spelen, en: Playing together}
    neighbourhood: dieze
    place: school
    audience: {nl: Ouders., en: Parents.}
    ages: [0, 48]
    cost: {nl: Gratis., en: Free.}
    when: elke dinsdag
    from_time: "09:30"
    until_time: "11:30"
    start: 2027-01-05
"""
EMPTY = {"announcements": "announcements: []\n", "team": "team_chat: null\nmembers: []\n", "tips": "tips: []\n"}
NOW = datetime(2027, 3, 30, 6, 5, 7, tzinfo=UTC)
FEED = "/agenda/stadshagen.ics"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "schedules"
    folder.mkdir()
    (folder / "places.yaml").write_text(PLACES, encoding="utf-8")
    (folder / "meetups.yaml").write_text(MEETUPS, encoding="utf-8")
    for name, text in EMPTY.items():
        head = f"# yaml-language-server: $schema=schema/{name}.schema.json\n"
        (folder / f"{name}.yaml").write_text(head + text, encoding="utf-8")
    return folder


@pytest.fixture
def schedules(folder: Path, knowledge) -> Schedules:
    return Schedules(folder, knowledge, NOW, timezone="Europe/Amsterdam", school_region="Noord")


@pytest.fixture
def served(schedules, store, knowledge, clock):
    """Return how to make the application: live or not, under which address, with which bot."""

    async def well() -> Health:
        return Health(database=True, receiving=True)

    def serve(is_live: bool = False, address: str | None = "https://bot.example.org", bot: str | None = None):
        public = Public(
            schedules=schedules,
            store=store,
            neighbourhoods=knowledge.neighbourhoods,
            town=knowledge.town,
            is_live=is_live,
            address=address,
            bot=lambda: bot,
            clock=clock,
            privacy=Privacy("privacy@example.org", 9),
        )
        return application(well, None, public)

    return serve


@pytest.fixture
async def client(served):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served()), base_url="http://bot") as client:
        yield client


@pytest.fixture
async def live_client(served):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served(is_live=True)), base_url="http://bot") as client:
        yield client


def events(answer: httpx.Response) -> dict[str, Event]:
    assert answer.status_code == 200, answer.text
    found = IcsCalendarStream.calendar_from_ics(answer.text).events
    return {str(event.uid): event for event in found}


def uid(day: str, series: str = "koffie") -> str:
    return f"{series}@{day}@minidorp.zwolle"


async def by_phone(store, change: Change) -> None:
    async with store.writing() as connection:
        await changes.add(connection, change.meetup, change.on, change.kind, to_data(change), change.made_at)


async def tick(store, schedules, now: datetime) -> None:
    """Do what the reminders do when they look: note each meeting as it is now."""
    async with store.writing() as connection:
        told = await changed(connection, now.date())
        found = schedules.occurrences(now.date(), now.date() + timedelta(days=60), told)
        await calendar_entries.note(connection, [seen(one) for one in found], now)


CANCELLED = Change("koffie", date(2027, 4, 7), "cancelled", NOW, reason={"nl": "De kantine is dicht.", "en": "Shut."})


async def test_a_calendar_subscribes_to_a_neighbourhood(client):
    answer = await client.get(FEED)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="minidorp-stadshagen.ics"'
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Last-Modified"] == "Tue, 30 Mar 2027 06:05:07 GMT"
    found = events(answer)
    assert uid("2027-03-31") in found
    assert uid("2027-09-22") in found
    assert min(found) == uid("2027-03-17")
    assert not [one for one in found if one.startswith("spelen")]
    assert "X-WR-CALNAME:Minidorp Stadshagen" in answer.text


async def test_everything_is_one_calendar_too(client):
    found = events(await client.get("/agenda/alles.ics"))

    assert {name.partition("@")[0] for name in found} == {"koffie", "spelen"}


async def test_a_calendar_speaks_english_when_asked(client):
    answer = await client.get(FEED, params={"taal": "en"})

    assert events(answer)[uid("2027-03-31")].summary == "Coffee & Kids"
    assert "URL:https://bot.example.org/agenda/stadshagen?taal=en" in answer.text


async def test_a_cancelled_morning_keeps_its_name_and_its_sequence_rises_by_one(client, store, schedules, clock):
    before = await client.get(FEED)

    await by_phone(store, CANCELLED)
    at_once = await client.get(FEED, headers={"If-None-Match": before.headers["ETag"]})
    clock.now += timedelta(seconds=30)
    await tick(store, schedules, clock.now)
    noted = await client.get(FEED)

    morning = uid("2027-04-07")
    assert events(before)[morning].status == "CONFIRMED"
    assert events(before)[morning].sequence == 0
    for answer in (at_once, noted):
        assert events(answer)[morning].status == "CANCELLED"
        assert events(answer)[morning].sequence == 1
        assert events(answer)[uid("2027-04-14")].sequence == 0
    assert "De kantine is dicht." in str(events(noted)[morning].description)
    assert events(noted)[morning].last_modified == clock.now
    assert len({before.headers["ETag"], at_once.headers["ETag"], noted.headers["ETag"]}) == 3


async def test_a_morning_that_goes_on_after_all_rises_again(client, store, schedules, clock):
    await client.get(FEED)
    await by_phone(store, CANCELLED)
    await tick(store, schedules, NOW)

    await by_phone(store, Change("koffie", date(2027, 4, 7), "restored", NOW + timedelta(minutes=1)))
    found = events(await client.get(FEED))[uid("2027-04-07")]

    assert (found.status, found.sequence) == ("CONFIRMED", 2)


async def test_another_theme_raises_the_sequence_too_and_nobody_is_told(client, store, schedules, clock):
    before = events(await client.get(FEED))[uid("2027-04-07")]
    await by_phone(store, Change("koffie", date(2027, 4, 7), "theme", NOW, theme={"nl": "Dansen", "en": "Dancing"}))
    at_once = events(await client.get(FEED))[uid("2027-04-07")]
    clock.now += timedelta(seconds=30)
    await tick(store, schedules, clock.now)
    noted = events(await client.get(FEED))[uid("2027-04-07")]
    await tick(store, schedules, clock.now)

    assert (before.sequence, at_once.sequence, noted.sequence) == (0, 1, 1)
    assert "Dansen" in str(noted.description)
    assert noted.last_modified == clock.now
    async with store.reading() as connection:
        entry = (await calendar_entries.known(connection, ["koffie@2027-04-07"]))["koffie@2027-04-07"]
    assert (entry.sequence, entry.themes) == (0, 1)


async def test_the_feed_leaves_a_change_for_the_reminders_to_see(client, store):
    await client.get(FEED)
    await by_phone(store, CANCELLED)
    await client.get(FEED)

    async with store.reading() as connection:
        entry = (await calendar_entries.known(connection, ["koffie@2027-04-07"]))["koffie@2027-04-07"]

    assert (entry.status, entry.sequence) == ("planned", 0)


async def test_a_moved_morning_of_weeks_ago_is_found_on_its_new_day(client, store):
    moved = Change("koffie", date(2027, 3, 3), "moved", NOW, reason={"nl": "Feest.", "en": "Party."},
                   starts_at=datetime(2027, 4, 1, 8, 0, tzinfo=UTC))  # fmt: skip
    await by_phone(store, moved)

    event = events(await client.get(FEED))[uid("2027-03-03")]

    assert event.start == datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
    assert event.end == datetime(2027, 4, 1, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("tag", ["{}", "W/{}", '"other", {}', "*"])
async def test_who_has_these_bytes_is_told_so_and_gets_nothing(client, tag):
    first = await client.get(FEED)
    again = await client.get(FEED, headers={"If-None-Match": tag.format(first.headers["ETag"])})

    assert again.status_code == 304
    assert again.content == b""
    for name in ("ETag", "Last-Modified", "Cache-Control"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize("headers", [
    pytest.param({"If-None-Match": '"something else"'}, id="another tag"),
    pytest.param({"If-None-Match": '"x"', "If-Modified-Since": "Wed, 31 Mar 2027 00:00:00 GMT"}, id="the tag counts"),
    pytest.param({"If-Modified-Since": "Tue, 30 Mar 2027 06:05:06 GMT"}, id="older"),
    pytest.param({"If-Modified-Since": "yesterday"}, id="no date"),
    pytest.param({"If-Modified-Since": "Wed, 31 Mar 2027 00:00:00"}, id="a date without a zone"),
])  # fmt: skip
async def test_who_has_something_else_gets_the_calendar(client, headers):
    await client.get(FEED)

    assert (await client.get(FEED, headers=headers)).status_code == 200


async def test_a_date_counts_where_there_is_no_tag_and_stays_while_nothing_changes(client, clock):
    first = await client.get(FEED)
    clock.now += timedelta(hours=3)

    again = await client.get(FEED, headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert again.status_code == 304
    assert again.headers["Last-Modified"] == first.headers["Last-Modified"]


async def test_a_change_moves_the_date_also_when_only_the_theme_changed(client, store, clock):
    first = await client.get(FEED)
    clock.now += timedelta(hours=3)
    theme = Change("koffie", date(2027, 3, 31), "theme", clock.now, theme={"nl": "Zingen", "en": "Singing"})
    await by_phone(store, theme)

    again = await client.get(FEED, headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert again.status_code == 200
    assert "Thema: Zingen" in str(events(again)[uid("2027-03-31")].description)
    assert again.headers["Last-Modified"] == "Tue, 30 Mar 2027 09:05:07 GMT"


async def test_the_date_stays_when_a_change_leaves_the_bytes_as_they_were(client, store, clock):
    first = await client.get(FEED)
    clock.now += timedelta(hours=3)
    theme = Change("koffie", date(2027, 3, 31), "theme", clock.now, theme={"nl": "Zingen", "en": "Singing"})
    other = Change("koffie", date(2027, 3, 31), "theme", clock.now, theme={"nl": "Zingen", "en": "Songs"})
    await by_phone(store, theme)
    second = await client.get(FEED)
    clock.now += timedelta(hours=3)
    await by_phone(store, other)
    third = await client.get(FEED)

    assert third.headers["ETag"] == second.headers["ETag"] != first.headers["ETag"]
    assert third.headers["Last-Modified"] == second.headers["Last-Modified"] != first.headers["Last-Modified"]


async def test_live_mode_hides_what_nobody_confirmed(client, live_client):
    trying, live = await client.get("/agenda/alles.ics"), await live_client.get("/agenda/alles.ics")

    assert events(trying)[uid("2027-03-30", "spelen")].status == "TENTATIVE"
    assert {name.partition("@")[0] for name in events(live)} == {"koffie"}
    assert "Samen spelen" in (await client.get("/agenda/dieze")).text
    assert "Samen spelen" not in (await live_client.get("/agenda/dieze")).text
    assert "Samen spelen" not in (await live_client.get("/agenda")).text


@pytest.mark.parametrize("path", [FEED, "/agenda", "/agenda/stadshagen", "/agenda/alles"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_the_agenda_can_only_be_read(client, path, method):
    answer = await client.request(method, path)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


async def test_a_head_is_the_answer_without_its_body_over_a_real_connection(served):
    server = WebServer(served(address=None), "127.0.0.1", 0)
    port = await server.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            for path in (FEED, "/agenda/stadshagen"):
                got, head = await client.get(path), await client.head(path)
                assert head.status_code == 200
                assert head.content == b""
                assert head.headers["Content-Length"] == str(len(got.content))
                assert head.headers["Content-Type"] == got.headers["Content-Type"]
            assert f"webcal://127.0.0.1:{port}/agenda/stadshagen.ics" in got.text
    finally:
        await server.stop()


@pytest.mark.parametrize("name", ["nergenshuizen", "%3Cscript%3Ealert(1)%3C/script%3E", "..%2f..%2fetc", "STADSHAGEN"])
async def test_an_unknown_neighbourhood_is_not_found_and_the_page_helps_on(client, name):
    page, calendar = await client.get(f"/agenda/{name}"), await client.get(f"/agenda/{name}.ics")

    assert calendar.status_code == 404
    assert page.status_code == 404
    assert "<script" not in page.text
    if "/" not in name and "%2f" not in name:
        assert "ken ik niet" in page.text
        assert "/agenda/stadshagen" in page.text


async def test_a_page_tells_of_each_meeting_what_a_parent_wants_to_know(client):
    text = (await client.get("/agenda/stadshagen")).text

    for words in (
        '<html lang="nl">',
        "Koffie &amp; Koters",
        "9.30 tot 11.30 uur",
        "De kantine, Voorbeeldlaan 1, Zwolle",
        "Ouders.",
        "Gratis.",
        "Loop zo binnen.",
        "webcal://bot.example.org/agenda/stadshagen.ics",
        "https://bot.example.org/agenda/stadshagen.ics",
        "dinsdag 30 maart 2027 om 8.05 uur",
    ):
        assert words in text, words
    assert "2027-05-19T09:30:00+02:00" in text
    assert "2027-05-26T09:30:00+02:00" not in text


async def test_a_page_in_english_says_so_and_links_to_english(client):
    text = (await client.get("/agenda/stadshagen", params={"taal": "en"})).text

    assert '<html lang="en">' in text
    assert "Meet other parents in" in text
    assert 'href="https://bot.example.org/agenda/stadshagen" hreflang="nl" lang="nl">Nederlands<' in text
    assert "https://bot.example.org/agenda/stadshagen.ics?taal=en" in text


@pytest.mark.parametrize("language", ["tr", "", "en' onload='x"])
async def test_a_language_that_is_not_spoken_is_dutch(client, language):
    assert '<html lang="nl">' in (await client.get("/agenda", params={"taal": language})).text


async def test_a_page_tells_in_words_what_is_cancelled_and_what_is_moved(client, store):
    await by_phone(store, CANCELLED)
    moved = Change("koffie", date(2027, 4, 14), "moved", NOW, reason={"nl": "Feest.", "en": "Party."},
                   starts_at=datetime(2027, 4, 15, 8, 0, tzinfo=UTC))  # fmt: skip
    await by_phone(store, moved)

    text = (await client.get("/agenda/stadshagen")).text

    assert "Gaat niet door</span> De kantine is dicht." in text
    assert text.count("<s>Koffie &amp; Koters</s>") == 2
    assert "Het was op woensdag 14 april om 9.30 uur. Feest." in text
    assert "Het is nu op donderdag 15 april om 10.00 uur." in text


async def test_the_first_page_shows_each_neighbourhood_and_its_next_meeting(client):
    text = (await client.get("/agenda")).text

    assert "woensdag 31 maart om 9.30 uur: Koffie &amp; Koters" in text
    assert "dinsdag 30 maart om 9.30 uur: Samen spelen" in text
    assert "Berkum" in text


async def test_a_meeting_that_is_over_is_not_the_next_one(client, clock):
    clock.now = datetime(2027, 3, 30, 9, 30, tzinfo=UTC)

    assert "dinsdag 6 april om 9.30 uur: Samen spelen" in (await client.get("/agenda")).text


async def test_the_way_to_the_bot_is_told_once_it_is_known(served, client):
    knowing = httpx.ASGITransport(served(bot="https://t.me/VoorbeeldBot"))

    async with httpx.AsyncClient(transport=knowing, base_url="http://bot") as other:
        assert "Open @VoorbeeldBot in Telegram" in (await other.get("/agenda")).text
    assert "t.me" not in (await client.get("/agenda")).text


@pytest.mark.parametrize("path", ["/agenda", "/agenda/stadshagen", "/agenda/nergens", FEED, "/healthz", "/nothing"])
async def test_every_answer_allows_a_browser_nothing_but_to_show_it(client, path):
    headers = (await client.get(path)).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert headers["Content-Security-Policy"].endswith("base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"


async def test_a_mistake_of_ours_has_the_headers_too(served, schedules, monkeypatch):
    monkeypatch.setattr(schedules, "occurrences", lambda *_: 1 / 0)
    transport = httpx.ASGITransport(served(), raise_app_exceptions=False)

    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        answer = await client.get("/agenda")

    assert answer.status_code == 500
    assert "division" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_when_the_database_does_not_answer_visitors_are_asked_to_come_again(client, store, monkeypatch):
    def away() -> None:
        raise StoreError("The database does not answer.")

    monkeypatch.setattr(store, "reading", away)

    for path in ("/agenda", "/agenda/stadshagen", FEED):
        answer = await client.get(path)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"
        assert answer.text == "Het lukt nu even niet. Probeer het over een minuutje nog eens."


@pytest.mark.parametrize(("query", "language"), [("", "nl"), ("?taal=en", "en")])
async def test_what_the_bot_keeps_is_a_page_too_under_the_same_policy(client, query, language):
    answer = await client.get(f"/privacy{query}")

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert "privacy@example.org" in answer.text
    assert parent_words(language)("privacy.whole.rights") in answer.text
    assert f"style-src '{style_hash(answer.text)}'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in answer.headers


async def test_every_page_leads_to_what_the_bot_keeps(client):
    for page in ("/agenda", "/agenda/alles", "/agenda/stadshagen"):
        assert 'href="https://bot.example.org/privacy"' in (await client.get(page)).text
