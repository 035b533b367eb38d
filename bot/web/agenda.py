"""The agenda on the web: pages to read and calendars to subscribe to, for whoever comes by. Nobody is remembered; a
page tells what the bot itself keeps.

What is cancelled or moved shows here as soon as it is known. In live mode only what is confirmed is shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.agenda.calendar import feed
from bot.agenda.model import Occurrence, is_confirmed
from bot.agenda.schedules import Schedules
from bot.knowledge.model import MAIN_LANGUAGE, Neighbourhood
from bot.locales import languages, parent_words
from bot.model import IN_A_TRIAL, Privacy
from bot.pages import agenda as pages
from bot.pages.agenda import EVERYWHERE, Site
from bot.pages.privacy import privacy as privacy_page
from bot.pages.render import style_hash
from bot.reminders import by_phone
from bot.reminders.changes import seen
from bot.store import calendar_entries
from bot.store.calendar_entries import Entry, Seen
from bot.store.database import Store
from bot.store.errors import StoreError
from bot.web.security import policy

BEHIND = timedelta(days=14)
"""How long a meeting stays in a calendar after its day."""

AHEAD = timedelta(days=182)
"""How far ahead a calendar looks: half a year, as far as hosts plan."""

FRESH = timedelta(minutes=5)
"""How long a browser, a proxy or a calendar may go on with what it has."""


@dataclass(frozen=True, slots=True)
class Public:
    """What the agenda on the web is made of.

    ``address`` is the public root of the pages, without a slash at its end; without one, it is how a visitor came.
    ``bot`` tells the link to the bot in Telegram, once it is known. ``clock`` tells the moment, aware. ``privacy`` is
    what is promised about what the bot keeps.
    """

    schedules: Schedules
    store: Store
    neighbourhoods: Sequence[Neighbourhood]
    town: str
    is_live: bool
    address: str | None
    bot: Callable[[], str | None]
    clock: Callable[[], datetime]
    privacy: Privacy = IN_A_TRIAL


@dataclass(frozen=True, slots=True)
class Made:
    """A calendar as it was given last: from what, since when, and the tag of its very bytes."""

    source: tuple[Sequence[Occurrence], Mapping[str, Entry], str]
    content: bytes
    tag: str
    since: datetime


def routes(public: Public) -> list[Route]:
    """Return what the agenda answers: pages, and calendars beside them."""
    known = {neighbourhood.id: neighbourhood for neighbourhood in public.neighbourhoods}
    made: dict[tuple[str, str], Made] = {}

    async def choose(request: Request) -> Response:
        """Show the neighbourhoods."""
        return await _choose(public, request)

    async def show(request: Request) -> Response:
        """Show the meetings of a neighbourhood, or of all."""
        name, now = request.path_params["name"], _now(public)
        if name != EVERYWHERE and name not in known:
            return await _choose(public, request, unknown=name)
        occurrences = await _meetings(public, now.date(), pages.last_day(now.date()))
        places, language = public.schedules.agenda.places, _language(request)
        return _page(pages.agenda(occurrences, places, known.get(name), _site(public, request), language, now))

    async def calendar(request: Request) -> Response:
        """Give the calendar of a neighbourhood, or of all."""
        name, language = request.path_params["name"], _language(request)
        if name != EVERYWHERE and name not in known:
            return PlainTextResponse(parent_words(language)("page.unknown_calendar"), 404)
        now, url = _now(public), _site(public, request).page(name, language)
        occurrences = await _meetings(public, now.date() - BEHIND, now.date() + AHEAD)
        places = public.schedules.agenda.places
        shown = [one for one in occurrences if name == EVERYWHERE or pages.belongs(one, name, places)]
        source = (shown, await _entries(public.store, shown, now), url)
        last = made.get((name, language))
        if last is None or last.source != source:
            title = f"Minidorp {known[name].name if name in known else public.town}"
            content = await asyncio.to_thread(feed, shown, places, language, source[1], title, url, town=public.town)
            tag = f'"{sha256(content).hexdigest()[:32]}"'
            # Another source may give the same bytes; then nothing changed for who asks.
            since = last.since if last and last.tag == tag else now
            last = made[name, language] = Made(source, content, tag, since)
        return _calendar(request, name, last)

    async def privacy(request: Request) -> Response:
        """Tell what the bot keeps."""
        return _page(privacy_page(public.privacy, _site(public, request), _language(request), _now(public)))

    return [
        Route("/privacy", privacy, methods=["GET"]),
        Route("/agenda", _kindly(choose), methods=["GET"]),
        Route("/agenda/{name}.ics", _kindly(calendar), methods=["GET"]),
        Route("/agenda/{name}", _kindly(show), methods=["GET"]),
    ]


def _kindly(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Say that it does not work now, when the database does not answer."""

    async def answer_kindly(request: Request) -> Response:
        try:
            return await answer(request)
        except StoreError:
            words = parent_words(_language(request))
            return PlainTextResponse(words("page.trouble"), 503, {"Retry-After": "60"})

    return answer_kindly


async def _choose(public: Public, request: Request, unknown: str | None = None) -> Response:
    now = _now(public)
    occurrences = await _meetings(public, now.date(), pages.last_day(now.date()))
    places, site = public.schedules.agenda.places, _site(public, request)
    html = pages.choose(public.neighbourhoods, occurrences, places, site, _language(request), now, unknown=unknown)
    return _page(html, 200 if unknown is None else 404)


async def _meetings(public: Public, first: date, last: date) -> list[Occurrence]:
    """Return the meetings of these days as they are now; in live mode only those that somebody confirmed."""
    async with public.store.reading() as connection:
        told = await by_phone.changed(connection, first)
    found = public.schedules.occurrences(first, last, told)
    places = public.schedules.agenda.places
    return [one for one in found if not public.is_live or is_confirmed(one, places[one.place])]


async def _entries(store: Store, occurrences: Sequence[Occurrence], now: datetime) -> dict[str, Entry]:
    """Return what is remembered of each meeting; one that was never seen is remembered from now on.

    A change that is seen here first is left for the reminders to note, as they tell people of it. Until then its
    sequence is already the one that it is going to have.
    """
    met = [seen(occurrence) for occurrence in occurrences]
    async with store.reading() as connection:
        entries = await calendar_entries.known(connection, [meeting.uid for meeting in met])
    new = [meeting for meeting in met if meeting.uid not in entries]
    if new:
        async with store.writing() as connection:
            entries |= await calendar_entries.note(connection, new, now.replace(microsecond=0))
    return {meeting.uid: _next(entries[meeting.uid], meeting) for meeting in met}


def _next(entry: Entry, meeting: Seen) -> Entry:
    """Return the number that a change is about to get, when it is seen here first; its moment is not known yet."""
    noted = entry.as_noted(meeting, entry.changed_at)
    return replace(entry, sequence=noted.sequence, themes=noted.themes)


def _page(html: str, status: int = 200) -> Response:
    headers = {"Cache-Control": _max_age(), "Content-Security-Policy": policy(style_hash(html))}
    return HTMLResponse(html, status, headers)


def _calendar(request: Request, name: str, made: Made) -> Response:
    headers = {
        "ETag": made.tag,
        "Last-Modified": format_datetime(made.since.astimezone(UTC), usegmt=True),
        "Cache-Control": _max_age(),
    }
    if _has_it(request, made):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="minidorp-{name}.ics"'
    return Response(made.content, headers=headers, media_type="text/calendar; charset=utf-8")


def _has_it(request: Request, made: Made) -> bool:
    """Tell whether who asks has these very bytes; a tag counts, and a date only where there is none (RFC 9110)."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        return tags.strip() == "*" or made.tag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    try:
        since = parsedate_to_datetime(request.headers.get("If-Modified-Since", ""))
    except (ValueError, OverflowError):
        return False
    return since.tzinfo is not None and made.since.replace(microsecond=0) <= since


def _max_age() -> str:
    return f"public, max-age={int(FRESH.total_seconds())}"


def _site(public: Public, request: Request) -> Site:
    return Site(public.town, public.address or str(request.base_url).rstrip("/"), public.bot())


def _language(request: Request) -> str:
    asked = request.query_params.get("taal", MAIN_LANGUAGE)
    return asked if asked in languages() else MAIN_LANGUAGE


def _now(public: Public) -> datetime:
    return public.clock().astimezone(ZoneInfo(public.schedules.agenda.timezone))
