"""Who is expected today, and what parents in this wijk asked about: enough to set out chairs and choose a theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from bot.agenda.model import Member, Occurrence
from bot.conversation.message import Part, Reply
from bot.conversation.team import meetings, office
from bot.conversation.turn import Turn
from bot.store import asked, attendances

LOOKED_BACK = timedelta(weeks=4)
"""How far back questions are counted: what parents ask changes with the season."""

THEMES = 3
"""Themes that are told of a wijk."""


async def today(turn: Turn, who: Member, _text: str) -> Reply:
    """Return the meetings of today, or else the next one, with who is expected and what was asked about there."""
    coming = await meetings.coming(turn, who)
    shown = [one for one in coming if one.starts_at.date() == turn.scene.today] or coming[:1]
    if not shown:
        return office.said(who, "team.no_meetings")
    parts: list[Part] = []
    for meeting in shown:
        parts += await _about(turn, who, meeting)
    return Reply(tuple(parts))


async def _about(turn: Turn, who: Member, meeting: Occurrence) -> list[Part]:
    neighbourhood = meeting.series.neighbourhood
    async with turn.store.reading() as connection:
        people, ages = await attendances.expected(connection, meeting.uid)
        themes = await asked.most(connection, neighbourhood, turn.scene.today - LOOKED_BACK)
    lines = [office.words(who, "team.expected.people", people=people)]
    told = list(_ages(who, ages))
    if told:
        lines.append(office.words(who, "team.expected.ages", ages=", ".join(told)))
    if meeting.status == "cancelled":
        lines = [office.words(who, "team.expected.cancelled")]
    elif meeting.theme:
        lines.append(office.words(who, "team.expected.theme", theme=meetings.told(meeting.theme, who.language)))
    names = {theme.theme: theme.title.get(who.language, theme.title["nl"]) for theme in turn.scene.knowledge.themes}
    most = ", ".join(f"{names[theme]} ({times})" for theme, times in themes[:THEMES] if theme in names)
    lines.append(
        office.words(who, "team.expected.asked", themes=most) if most else office.words(who, "team.expected.not_asked")
    )
    return [Part("title", meetings.in_full(meeting, who.language)), Part("text", "\n".join(lines))]


def _ages(who: Member, ages: Counter[int]) -> Iterator[str]:
    """Yield how many children there are of each age that at least five have, and how many others; no smaller group is
    told, and nothing at all where no age has five: somebody who lives there could tell whose child it is.
    """
    shown = {years: times for years, times in sorted(ages.items()) if times >= asked.FEWEST}
    for years, times in shown.items():
        yield office.words(who, "team.expected.age", times=times, years=years)
    others = ages.total() - sum(shown.values())
    if shown and others >= asked.FEWEST:
        yield office.words(who, "team.expected.others", times=others)
