"""Who of the team may do what, and where; the one place where that is decided."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from bot.agenda.model import Member, Series
from bot.conversation.message import Reply
from bot.conversation.team.office import said
from bot.conversation.turn import Answering, Turn

Deed = Callable[[Turn, Member, str], Coroutine[Any, Any, Reply]]
"""Something that only the team may do; the text is what came after the command."""


def member(turn: Turn) -> Member | None:
    """Return who of the team writes; None for anybody else. A private chat has the number of its person."""
    return turn.scene.agenda.member(turn.scene.parent.chat_id)


def may_act_in(who: Member, neighbourhood: str) -> bool:
    """Tell whether this wijk is theirs; nobody's list of wijken being empty means every one."""
    return not who.neighbourhoods or neighbourhood in who.neighbourhoods


def may_change(who: Member, series: Series) -> bool:
    """Tell whether they may cancel, move or name meetings of this series, and announce to those who follow it."""
    return who.role == "coordinator" and may_act_in(who, series.neighbourhood)


def for_team(deed: Deed) -> Answering:
    """Return the answering to a command of the team; anybody else gets a kind no."""

    async def answering(turn: Turn, text: str) -> Reply:
        who = member(turn)
        return await deed(turn, who, text) if who else turn.scene.said("team.not_for_you")

    return answering


def for_coordinators(deed: Deed) -> Answering:
    """Return the answering to a command of coordinators; a professional hears who can do it."""

    async def checked(turn: Turn, who: Member, text: str) -> Reply:
        return await deed(turn, who, text) if who.role == "coordinator" else said(who, "team.coordinators_only")

    return for_team(checked)
