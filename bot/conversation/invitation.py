"""The line under an answer that names the next fitting meeting: the way from a question to people.

It stands under an answer and under an honest no, when a meeting is within 14 days and in or near the parent's wijk.
It stands nowhere near danger or loss, and not under answers to which "come and have coffee" would be a slight, or bad
advice: a child that is ill stays at home.
"""

from __future__ import annotations

from dataclasses import replace

from bot.agenda.nearest import SOON, is_near
from bot.conversation import buttons, coming, meeting_words, wishes
from bot.conversation.message import Button, Part, Reply
from bot.conversation.turn import Turn
from bot.matching.decision import Decision

NOT_IN_THEMES = frozenset({"gezondheid"})
"""Themes of children who are ill, and may pass it on."""

NOT_UNDER = frozenset({"ouder-somber", "ouder-boos", "emoties-verlies"})
"""Answers for somebody who is in a dark place: they point to a person to talk to, and nothing may stand beside that."""

ANYWHERE_UNDER = frozenset({"ouder-eenzaam", "ouder-moe", "ouder-onzeker"})
"""Answers in which people are the point: the line is there also for somebody whose wijk is not known. Elsewhere it
would be about the far side of town, and an advertisement."""


async def invited(turn: Turn, reply: Reply, decision: Decision) -> Reply:
    """Return ``reply`` with the line and a button below it where that fits; as it was where it does not."""
    # A route beside an answer brings a reply of its own: the list of meetings itself, or a person.
    if (
        decision.urgent
        or turn.scene.grieves
        or decision.route
        or decision.kind not in ("answer", "none")
        or not decision.is_readable
    ):
        return reply
    answer = decision.answer or ""
    if answer in NOT_UNDER or answer.partition("-")[0] in NOT_IN_THEMES or not coming.has_agenda(turn.scene):
        return reply
    scene = turn.scene
    is_anywhere = scene.parent.neighbourhood is None
    if is_anywhere and answer not in ANYWHERE_UNDER:
        return reply
    found = await coming.found(turn, wishes.of_profile(scene, decision.age_months))
    near = found.first
    if near is None or not near.fits_age or near.occurrence.starts_at - turn.now > SOON:
        return reply
    if not is_anywhere and not is_near(near):
        return reply
    meeting, agenda = near.occurrence, scene.agenda
    name = meeting_words.text(scene, meeting.series.summary)
    line = scene.words(
        "invitation.line",
        when=meeting_words.soon(scene, meeting),
        name=name,
        place=meeting_words.place_name(scene, agenda, meeting),
        far=meeting_words.how_far(scene, agenda, near) or "",
    )
    if not agenda.is_confirmed(meeting):
        line += " " + scene.words("invitation.unconfirmed")
    button = Button(f"☕ {name}", buttons.meeting(meeting.uid))
    return replace(reply, parts=(*reply.parts, Part("text", line)), buttons=(*reply.buttons, (button,)))
