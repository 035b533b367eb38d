"""The way to people: who can be called, and where a parent can go."""

from __future__ import annotations

from collections.abc import Iterable

from bot.conversation import buttons
from bot.conversation.message import Button, Part, Reply
from bot.conversation.scene import Scene
from bot.knowledge.model import Helpline

SOMEBODY = (
    "consultatiebureau",
    "huisarts",
    "huisartsenpost",
    "wijkteam",
    "luisterlijn",
    "veilig-thuis",
    "113",
)
"""Who is shown to a parent who wants to talk to a person, nearest by first."""


def somebody_to_talk_to(scene: Scene) -> Reply:
    """Return who can be called, with the emergency number first."""
    helplines = [scene.knowledge.helplines[name] for name in SOMEBODY if name in scene.knowledge.helplines]
    return Reply(
        (
            Part("title", scene.words("person.title")),
            Part("text", scene.words("person.danger")),
            Part("text", "\n".join(told(scene, helpline) for helpline in helplines)),
            Part("note", scene.words("person.robot")),
        ),
        () if scene.grieves else ((scene.button("button.themes", buttons.THEMES),),),
    )


def told(scene: Scene, helpline: Helpline) -> str:
    """Return one line: who, the number if it is known, when."""
    name = helpline.name.get(scene.language, helpline.name["nl"])
    number = f": {helpline.number}" if helpline.number else ""
    when = f" {helpline.when.get(scene.language, helpline.when['nl'])}" if helpline.when else ""
    return f"• {name}{number}.{when}"


def contacts(scene: Scene, names: Iterable[str]) -> str:
    """Return the names of whom to call, with their numbers where these are known, on one line."""
    found = [scene.knowledge.helplines[name] for name in names if name in scene.knowledge.helplines]
    return " · ".join(
        helpline.name.get(scene.language, helpline.name["nl"]) + (f" {helpline.number}" if helpline.number else "")
        for helpline in found
    )


def way_to_people(scene: Scene) -> tuple[Button, ...]:
    """Return the buttons that always stand under an honest no; to somebody who grieves only a person is offered."""
    if scene.grieves:
        return (scene.button("button.person", buttons.PERSON),)
    meetings = (scene.button("button.meetings", buttons.MEETINGS),) if any(True for _ in scene.agenda.series()) else ()
    return (scene.button("button.person", buttons.PERSON), *meetings, scene.button("button.themes", buttons.THEMES))


def meetings(scene: Scene) -> Reply:
    """Return where to hear of meeting places, as long as no agenda has been filled in."""
    told = contacts(scene, ("wijkteam", "consultatiebureau", "bibliotheek"))
    return Reply((Part("text", scene.words("meetings.none")), Part("text", told)), (way_to_people(scene),))
