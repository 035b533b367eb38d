"""Every rule between the files of the agenda, all mistakes at once; the rules about days stand in ``check_days``.

An error keeps the files from being used. What only time brings about, such as a date that has passed, is a warning:
an agenda that was good yesterday never fails today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.agenda import check_days
from bot.agenda.load import ScheduleFiles, read_files, series_in
from bot.agenda.model import Agenda, Announcement, Place, Tip
from bot.knowledge import plain
from bot.knowledge.check import SCHEMA_COMMENT
from bot.knowledge.mistakes import N_, Mistake, MistakesError
from bot.knowledge.model import Knowledge
from bot.knowledge.tree import Location, Tree

TEXT_LIMIT = 500
"""Characters of one text about a place or a meeting: the whole card still fits a phone's screen."""

TITLE_LIMIT = 60
"""Characters of a meeting's name: it is shown on a button."""

MESSAGE_LIMIT = 4096
"""Characters of a message in Telegram (Bot API, sendMessage)."""

LONG_MESSAGE = 1000
"""Characters after which a parent on a phone has to scroll: a warning."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the files are held against; without ``knowledge`` (its own files are wrong) its ids are not looked at."""

    knowledge: Knowledge | None
    today: date
    timezone: str
    school_region: str


def check(
    folder: Path,
    knowledge: Knowledge | None,
    today: date,
    *,
    timezone: str = "Europe/Amsterdam",
    school_region: str = "Noord",
) -> tuple[ScheduleFiles, list[Mistake]]:
    """Read ``folder`` and return what was read with every mistake in it, in the order of files and lines."""
    files = read_files(folder, timezone)
    mistakes = list(files.mistakes)
    around = Surroundings(knowledge, today, timezone, school_region)
    for rule in (_ids, _references, _places, _texts, _tips, _announcements, _team, _schema_comments):
        mistakes += rule(files, around)
    mistakes += check_days.mistakes(files, today, timezone, school_region)
    return files, sorted(mistakes, key=lambda mistake: (str(mistake.path), mistake.line))


def load(
    folder: Path,
    knowledge: Knowledge | None,
    today: date,
    *,
    timezone: str = "Europe/Amsterdam",
    school_region: str = "Noord",
) -> Agenda:
    """Return the agenda in ``folder``. Raises ``MistakesError`` with every mistake when one of them is an error."""
    files, mistakes = check(folder, knowledge, today, timezone=timezone, school_region=school_region)
    if any(mistake.level == "error" for mistake in mistakes):
        raise MistakesError(mistakes)
    return files.agenda(timezone, school_region)


def _listed(files: ScheduleFiles, name: str) -> Iterator[tuple[Any, Tree, Location]]:
    if name in files.single:
        value, tree = files.single[name]
        for position, item in enumerate(getattr(value, name)):
            yield item, tree, (name, position)


def _ids(files: ScheduleFiles, _: Surroundings) -> Iterator[Mistake]:
    """Yield ids that stand twice in one file, and somebody who is in the team twice."""
    members: list[tuple[int, Tree, Location]] = []
    if "team" in files.single:
        team, tree = files.single["team"]
        members = [
            (member.telegram_id, tree, ("members", position, "telegram_id"))
            for position, member in enumerate(team.members)
        ]
    for listed in (
        [(item.id, tree, (*at, "id")) for item, tree, at in _listed(files, "places")],
        [(series.id, tree, (*at, "id")) for series, tree, at in series_in(files)],
        [(item.id, tree, (*at, "id")) for item, tree, at in _listed(files, "announcements")],
        [(item.id, tree, (*at, "id")) for item, tree, at in _listed(files, "tips")],
        members,
    ):
        seen: dict[str | int, int] = {}
        for identifier, tree, at in listed:
            line = tree.line(at)
            if identifier in seen:
                yield Mistake(
                    tree.path,
                    line,
                    N_("id: '{id}' also stands in {file}, line {first}; every id stands once"),
                    {"id": identifier, "file": tree.path.name, "first": seen[identifier]},
                )
            seen.setdefault(identifier, line)


def _references(files: ScheduleFiles, around: Surroundings) -> Iterator[Mistake]:
    """Yield ids that point at nothing: wijken and answers of the knowledge, places and series of the agenda."""
    knowledge = around.knowledge
    wijken = {wijk.id for wijk in knowledge.neighbourhoods} if knowledge else set()
    answers = {answer.id for answer in knowledge.answers()} if knowledge else set()
    places = {place.id for place, _, _ in _listed(files, "places")}
    series_ids = {series.id for series, _, _ in series_in(files)}
    named: list[tuple[Tree, Location, set[str], str]] = []
    for place, tree, at in _listed(files, "places"):
        named.append((tree, (*at, "neighbourhood"), wijken, place.neighbourhood))
    for series, tree, at in series_in(files):
        named.append((tree, (*at, "neighbourhood"), wijken, series.neighbourhood))
        named.append((tree, (*at, "place"), places, series.place))
        for position, moved in enumerate(getattr(series, "moved", ())):
            if moved.place:
                named.append((tree, (*at, "moved", position, "place"), places, moved.place))
    for announcement, tree, at in _listed(files, "announcements"):
        for field, known in (("neighbourhoods", wijken), ("meetups", series_ids)):
            for position, identifier in enumerate(getattr(announcement.audience, field)):
                named.append((tree, (*at, "audience", field, position), known, identifier))
    for tip, tree, at in _listed(files, "tips"):
        named.append((tree, (*at, "answer"), answers, tip.answer))
    if "team" in files.single:
        team, tree = files.single["team"]
        for number, member in enumerate(team.members):
            for position, identifier in enumerate(member.neighbourhoods):
                named.append((tree, ("members", number, "neighbourhoods", position), wijken, identifier))
    for tree, at, known, identifier in named:
        is_there = bool(known) or (known is places and "places" in files.single)
        if is_there and identifier not in known:
            yield Mistake(
                tree.path,
                tree.line(at),
                N_("{field}: '{id}' is known nowhere; correct it or add it where it belongs"),
                {"field": next(step for step in reversed(at) if isinstance(step, str)), "id": identifier},
            )


FAR_NORTH, FAR_EAST = 0.25, 0.4
"""Degrees from the middle of the wijk, some 28 km each at 52.5° north: further away is a typing error."""


def _places(files: ScheduleFiles, around: Surroundings) -> Iterator[Mistake]:
    """Yield places that cannot be found on a map, and what was confirmed on a day still to come."""
    wijken = {wijk.id: wijk for wijk in around.knowledge.neighbourhoods} if around.knowledge else {}
    lies_in = {}
    place: Place
    for place, tree, at in _listed(files, "places"):
        lies_in[place.id] = place.neighbourhood
        if place.coordinates is None:
            yield Mistake(
                tree.path,
                tree.line((*at, "id")),
                N_(
                    "'{id}' has no coordinates, so no parent finds it by distance; add them, the middle of the wijk too"
                ),
                {"id": place.id},
                "warning",
            )
        elif wijk := wijken.get(place.neighbourhood):
            north, east = wijk.centre
            far_north = abs(place.coordinates.latitude - north) > FAR_NORTH
            if far_north or abs(place.coordinates.longitude - east) > FAR_EAST:
                yield Mistake(
                    tree.path,
                    tree.line((*at, "coordinates")),
                    N_("coordinates: '{id}' lies far from {wijk}; latitude is about {north}, longitude about {east}"),
                    {"id": place.id, "wijk": wijk.name, "north": north, "east": east},
                )
    for item, tree, at in (*_listed(files, "places"), *series_in(files)):
        if item.confirmed_on and item.confirmed_on > around.today:
            yield Mistake(
                tree.path,
                tree.line((*at, "confirmed_on")),
                N_("confirmed_on: lies in the future; write the day on which somebody confirmed it"),
            )
    for series, tree, at in series_in(files):
        if lies_in.get(series.place, series.neighbourhood) != series.neighbourhood:
            yield Mistake(
                tree.path,
                tree.line((*at, "neighbourhood")),
                N_("neighbourhood: '{id}' is in {one}, its place in {other}; make them the same"),
                {"id": series.id, "one": series.neighbourhood, "other": lies_in[series.place]},
                "warning",
            )


def _texts(files: ScheduleFiles, _: Surroundings) -> Iterator[Mistake]:
    """Yield texts for parents that do not fit, would show as markup, or are not in plain language."""
    texts: list[tuple[str, Mapping[str, str] | None, Tree, Location]] = []
    for place, tree, at in _listed(files, "places"):
        texts += [(place.id, getattr(place, name), tree, (*at, name)) for name in ("accessibility", "how_to_enter")]
    for series, tree, at in series_in(files):
        texts += [
            (series.id, getattr(series, name), tree, (*at, name))
            for name in ("summary", "description", "professional", "audience", "cost", "first_time")
        ]
        for name, words in (("themes", "theme"), ("cancelled", "reason"), ("moved", "reason")):
            texts += [
                (series.id, getattr(dated, words), tree, (*at, name, position, words))
                for position, dated in enumerate(getattr(series, name, ()))
            ]
    texts += [(tip.id, tip.text, tree, (*at, "text")) for tip, tree, at in _listed(files, "tips")]
    for identifier, text, tree, at in texts:
        limit = TITLE_LIMIT if at[-1] == "summary" else TEXT_LIMIT
        for language, words in (text or {}).items():
            place = (*at, language)
            where = f"{identifier}: {at[-1]}.{language}"
            if len(words) > limit:
                yield _too_long(tree, place, where, len(words), limit)
            for finding in (*plain.unsafe(words), *plain.findings(words, language)):
                yield Mistake(
                    tree.path, tree.line(place), finding.sentence, {"where": where, **finding.values}, finding.level
                )
    names = [(place.id, "name", place.name, tree, at) for place, tree, at in _listed(files, "places")]
    names += [(series.id, "host", series.host or "", tree, at) for series, tree, at in series_in(files)]
    for identifier, name, words, tree, at in names:
        if len(words) > TITLE_LIMIT:
            yield _too_long(tree, (*at, name), f"{identifier}: {name}", len(words), TITLE_LIMIT)


def _too_long(tree: Tree, at: Location, where: str, length: int, limit: int) -> Mistake:
    return Mistake(
        tree.path,
        tree.line(at),
        N_("{where}: {length} characters do not fit one screen; keep it under {limit}"),
        {"where": where, "length": length, "limit": limit},
    )


def _tips(files: ScheduleFiles, around: Surroundings) -> Iterator[Mistake]:
    """Yield tips at an age for which their answer is not meant."""
    tip: Tip
    for tip, tree, at in _listed(files, "tips"):
        answer = around.knowledge.answer(tip.answer) if around.knowledge else None
        if answer and not answer.ages[0] <= tip.age_months <= answer.ages[1]:
            yield Mistake(
                tree.path,
                tree.line((*at, "age_months")),
                N_("age_months: '{id}' is meant for {youngest} to {oldest} months; choose an age or answer that fits"),
                {"id": tip.answer, "youngest": answer.ages[0], "oldest": answer.ages[1]},
            )


def _announcements(files: ScheduleFiles, around: Surroundings) -> Iterator[Mistake]:
    """Yield announcements that cannot be sent as parents should see them. A link is fine in them, markup is not."""
    announcement: Announcement
    for announcement, tree, at in _listed(files, "announcements"):
        for language, words in announcement.text.items():
            place, where = (*at, "text", language), f"{announcement.id}: text.{language}"
            if len(words) > MESSAGE_LIMIT:
                yield Mistake(
                    tree.path,
                    tree.line(place),
                    N_("{where}: {length} characters are more than one message holds; keep it under {limit}"),
                    {"where": where, "length": len(words), "limit": MESSAGE_LIMIT},
                )
            elif len(words) > LONG_MESSAGE:
                yield Mistake(
                    tree.path,
                    tree.line(place),
                    N_("{where}: {length} characters are long for a phone; under {limit} is read sooner"),
                    {"where": where, "length": len(words), "limit": LONG_MESSAGE},
                    "warning",
                )
            for finding in plain.unsafe(words):
                if not str(finding.values.get("markup", "")).startswith(("http", "www.")):
                    yield Mistake(
                        tree.path, tree.line(place), finding.sentence, {"where": where, **finding.values}, finding.level
                    )
        yield from check_days.moment_mistakes(
            announcement.send_at, tree, (*at, "send_at"), around.today, around.timezone
        )


def _team(files: ScheduleFiles, _: Surroundings) -> Iterator[Mistake]:
    """Yield a chat of the team that is no group: what parents need a person for is not one person's phone."""
    if "team" in files.single and (files.single["team"][0].team_chat or -1) > 0:
        tree = files.single["team"][1]
        yield Mistake(
            tree.path,
            tree.line(("team_chat",)),
            N_("team_chat: is the number of one person; a group's number begins with a minus"),
            level="warning",
        )


def _schema_comments(files: ScheduleFiles, _: Surroundings) -> Iterator[Mistake]:
    """Yield files without the line that makes an editor complete and check."""
    for _value, tree in files.single.values():
        with tree.path.open(encoding="utf-8", errors="replace") as file:
            first = file.readline()
        if not first.removeprefix("\ufeff").startswith(SCHEMA_COMMENT):
            yield Mistake(
                tree.path,
                1,
                N_("does not begin with '{comment}…'; add it, so that an editor completes and checks"),
                {"comment": SCHEMA_COMMENT},
                "warning",
            )
