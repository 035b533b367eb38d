"""The agenda in a real browser: on a phone, in the dark, by keyboard, on paper, and under its own security policy."""

from __future__ import annotations

import asyncio
import io
import re
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot.knowledge.model import Neighbourhood
from bot.model import Privacy
from bot.pages.agenda import Site, agenda, choose
from bot.pages.privacy import privacy
from bot.pages.render import style_hash
from bot.web.security import SecurityHeaders, policy
from bot.web.server import WebServer
from tests.agenda.meetings import AMSTERDAM, KANTINE, KINDERCAFE, PLACES, on, series
from tests.browser.conftest import DESKTOP, PHONE, hard_to_read, is_wider_than_the_screen

NOW = datetime(2027, 3, 30, 8, 5, tzinfo=AMSTERDAM)
SMALL = {"width": 320, "height": 640}
STADSHAGEN = Neighbourhood(id="stadshagen", name="Stadshagen", centre=(52.5, 6.1))
BERKUM = Neighbourhood(id="berkum", name="Wijthmen, Windesheim en buitengebied", centre=(52.5, 6.1))
SITE = Site("Zwolle", "https://minidorp.example.org", "https://t.me/MinidorpZwolleBot")
LONG = series(
    id="lang",
    summary={"nl": "Arbeidsongeschiktheidsverzekeringsmaatschappijenkoffie", "en": "Long"},
    confirmed_on=None,
    cost={"nl": "https://example.org/" + "x" * 90, "en": "free"},
)
LONG_ONE = on("2027-10-27", LONG)
MEETINGS = [
    on("2027-03-31", theme={"nl": "Taalplezier van 0 tot 4", "en": "Fun with language"}),
    on("2027-04-06", KINDERCAFE),
    on("2027-04-07", status="cancelled", reason={"nl": "De kantine is dicht.", "en": "The canteen is shut."}),
    on(
        "2027-04-14",
        status="moved",
        starts_at=datetime(2027, 4, 15, 10, 0, tzinfo=AMSTERDAM),
        ends_at=datetime(2027, 4, 15, 12, 0, tzinfo=AMSTERDAM),
        was_at=datetime(2027, 4, 14, 9, 30, tzinfo=AMSTERDAM),
        place="boerderij",
        reason={"nl": "Er is sportdag.", "en": "It is sports day."},
    ),
    on("2027-04-20", LONG),
]
WEEKLY = [on((date(2027, 3, 31) + timedelta(weeks=week)).isoformat()) for week in range(8)]
PRIVACY = ("privacy.nl.html", "privacy.en.html")
PAGES = ("wijk.nl.html", "wijk.en.html", "alles.nl.html", "kies.nl.html", "unknown.en.html", "leeg.nl.html", *PRIVACY)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages with everything that a page can hold."""
    folder = tmp_path_factory.mktemp("agenda")
    both = [STADSHAGEN, BERKUM]
    pages = {
        "wijk.nl.html": agenda(MEETINGS, PLACES, STADSHAGEN, SITE, "nl", NOW),
        "wijk.en.html": agenda(MEETINGS, PLACES, STADSHAGEN, SITE, "en", NOW),
        "alles.nl.html": agenda(MEETINGS, PLACES, None, SITE, "nl", NOW),
        "weekly.nl.html": agenda(WEEKLY, PLACES, STADSHAGEN, SITE, "nl", NOW),
        "leeg.nl.html": agenda([], PLACES, BERKUM, Site("Zwolle", "http://localhost:8080"), "nl", NOW),
        "kies.nl.html": choose(both, MEETINGS, PLACES, SITE, "nl", NOW),
        "privacy.nl.html": privacy(Privacy("privacy@example.org"), SITE, "nl", NOW),
        "privacy.en.html": privacy(Privacy(), SITE, "en", NOW),
        "unknown.en.html": choose(both, MEETINGS, PLACES, SITE, "en", NOW, unknown="x" * 300),
    }
    for name, html in pages.items():
        (folder / name).write_text(html, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_it_in_light_and_dark_without_scrolling_sideways(opened, folder, name):
    page = opened(folder / name, scripts=True)

    assert hard_to_read(page, product((SMALL, DESKTOP), ("light", "dark"))) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_text_runs_out_of_its_box_on_the_smallest_phone(opened, tmp_path, language):
    autumn = [on("2027-09-29"), on("2027-11-24"), LONG_ONE]
    html = agenda(autumn, PLACES, None, SITE, language, datetime(2027, 9, 27, 8, 0, tzinfo=AMSTERDAM))
    (tmp_path / "autumn.html").write_text(html, encoding="utf-8")
    page = opened(tmp_path / "autumn.html", SMALL, scripts=True)

    sticking_out = page.evaluate(
        """() => [...document.querySelectorAll("main *:not(.unseen)")]
            .filter(one => one.scrollWidth > one.clientWidth && getComputedStyle(one).display !== "inline")
            .map(one => one.outerHTML.slice(0, 80))"""
    )

    assert sticking_out == []


def test_without_scripts_a_parent_finds_a_meeting_and_the_first_time(opened, folder):
    page = opened(folder / "wijk.nl.html")

    first = page.get_by_role("listitem").filter(has_text="31")
    assert first.get_by_role("heading", name="Koffie & Koters").is_visible()
    assert first.get_by_text("Taalplezier van 0 tot 4").is_visible()
    first.get_by_role("link", name="Eerste keer? Lees meer over Koffie & Koters").click()

    assert page.url.endswith("#koffie-en-koters")
    assert page.locator("#koffie-en-koters").get_by_text("Loop zo binnen; er staat koffie klaar.").is_visible()


def test_a_cancelled_morning_is_struck_through_and_told_in_words(opened, folder):
    page = opened(folder / "wijk.nl.html", scripts=True)
    item = page.locator("li.meeting", has_text="Gaat niet door")

    assert item.locator("s").first.evaluate("one => getComputedStyle(one).textDecorationLine") == "line-through"
    assert item.get_by_text("De kantine is dicht.").is_visible()


def test_the_keyboard_reaches_everything_and_shows_where_it_is(opened, folder):
    page = opened(folder / "wijk.nl.html", DESKTOP, scripts=True)
    reached = []
    for _ in range(page.locator("a").count()):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => { const one = document.activeElement, look = getComputedStyle(one),
                    box = one.getBoundingClientRect();
                    return [one.textContent.trim(), look.outlineStyle, parseFloat(look.outlineWidth), box.top >= 0] }"""
            )
        )

    assert reached[0][0] == "Naar de inhoud"
    assert len({name for name, *_ in reached}) > 6
    assert [
        name for name, style, width, is_on_screen in reached if style == "none" or width < 2 or not is_on_screen
    ] == []


def test_buttons_are_large_enough_for_a_thumb(opened, folder):
    page = opened(folder / "wijk.nl.html", PHONE, scripts=True)

    heights = page.locator(".doors a, .above a").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )

    assert len(heights) == 5
    assert min(heights) >= 44


def test_a_page_is_dark_in_the_dark_and_white_on_paper(opened, folder):
    page = opened(folder / "wijk.nl.html", scheme="dark", scripts=True)
    background = "getComputedStyle(document.body).backgroundColor"

    on_screen = page.evaluate(background)
    page.emulate_media(media="print", color_scheme="dark")

    assert max(map(int, re.findall(r"\d+", on_screen))) < 60
    assert page.evaluate(background) == "rgb(255, 255, 255)"


def test_eight_weeks_fit_on_two_sheets_of_a4_with_every_day_on_the_first(opened, folder):
    page = opened(folder / "weekly.nl.html", scripts=True)

    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))

    assert len(printed.pages) == 2
    assert {(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in printed.pages} == {(595, 842)}
    first, second = (sheet.extract_text() for sheet in printed.pages)
    assert first.count("9.30 tot 11.30 uur") == 8
    assert "minidorp.example.org/agenda/stadshagen" in second
    assert "t.me/MinidorpZwolleBot" in second
    assert "English" not in first
    assert "Download" not in first + second


def test_nothing_is_cut_off_on_paper(opened, folder):
    page = opened(folder / "wijk.nl.html", {"width": 680, "height": 1000}, scripts=True)  # A4 within its margins

    page.emulate_media(media="print")

    assert not is_wider_than_the_screen(page)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page on a real server, under its real policy; with an inline script and style that it does not allow."""
    html = agenda(MEETINGS, PLACES, STADSHAGEN, SITE, "nl", NOW)
    evil = html.replace("</main>", '<script>document.title = "run"</script><p id="x" style="color: red">x</p></main>')
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", policy(style_hash(html)).encode()),
    ]

    async def give(scope, receive, send):
        body = (evil if scope["path"] == "/evil" else html).encode()
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = WebServer(SecurityHeaders(give), "127.0.0.1", 0)
    port = asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
    yield f"http://127.0.0.1:{port}"
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def test_the_policy_lets_the_pages_own_style_through_and_nothing_else(browser, address):
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(address)
    complaints = [text for text in said if "Content Security Policy" in text and "favicon" not in text]
    looks = page.locator("li.meeting").first.evaluate("one => getComputedStyle(one).display")
    page.goto(f"{address}/evil")
    title, colour = page.title(), page.locator("#x").evaluate("one => getComputedStyle(one).color")
    page.close()

    assert complaints == []
    assert looks == "grid"
    assert title == "Agenda voor ouders in Stadshagen · Minidorp"
    assert colour != "rgb(255, 0, 0)"


def test_words_of_a_coordinator_are_words_and_never_markup(opened, tmp_path):
    evil = '<img src=x onerror="document.title=1">"><script>1</script>{{ 7*7 }}'
    words = {"nl": evil, "en": evil}
    meeting = on("2027-03-31", series(summary=words, audience=words, cost=words, first_time=words), theme=words)
    place = KANTINE.model_copy(update={"name": evil})
    html = agenda([meeting], {"kantine": place}, None, SITE, "nl", NOW)
    (tmp_path / "evil.html").write_text(html, encoding="utf-8")

    page = opened(tmp_path / "evil.html", scripts=True)

    assert page.locator("img, script").count() == 0
    assert page.get_by_role("heading", name=evil).first.is_visible()
