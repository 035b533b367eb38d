"""What is said to a short message that goes on from the answer before it. Pure: it only makes replies."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation import answers, buttons, people
from bot.conversation.message import Button, Part, Reply
from bot.conversation.scene import Scene
from bot.knowledge.model import MAIN_LANGUAGE, Answer
from bot.matching.follow_up import FollowUp


def reply(scene: Scene, found: FollowUp) -> Reply | None:
    """Return the reply to a follow-up, or None when nothing of what it leads to may be shown."""
    if found.kind == "titles":
        return answers.suggestions(scene, found.answers)
    shown = scene.answered(found.answers[0])
    if found.kind == "age" and (shown is None or len(found.answers) > 1):
        return answers.suggestions(scene, found.answers)
    if shown is None:
        return None
    if found.kind == "subject":
        return answers.answer(scene, shown)
    if found.kind == "age":
        return _for_age(scene, shown)
    if found.kind == "normal":
        return _block(scene, shown, ("normal",))
    if found.kind == "beyond":
        return _block(scene, shown, ("consult",))
    return Reply((Part("text", scene.words("follow.nothing_more")),), _ways_on(scene, shown))


def _for_age(scene: Scene, shown: Answer) -> Reply:
    """Return the answer for the age that was told now, or that it is the same at that age."""
    if scene.age_months is None:
        return Reply((Part("text", scene.words("follow.how_old_now")),))
    if answers.passage(scene, shown) is None:
        title = Part("title", shown.title[scene.text_language(shown)])
        return Reply((title, Part("text", scene.words("follow.same_at_this_age"))), _ways_on(scene, shown))
    return answers.answer(scene, shown)


def _block(scene: Scene, shown: Answer, names: Sequence[str]) -> Reply:
    """Return a part of the answer that was read already, under its title, and the way to people."""
    language = scene.text_language(shown)
    text = dict(shown.text[language].blocks())
    parts = [Part("title", shown.title[language])]
    for name in names:
        parts += [Part("heading", scene.words(f"answer.{name}")), Part("text", answers.listed(text[name]))]
    if "consult" in names:
        parts.append(Part("text", f"{scene.words('answer.contacts')} {people.contacts(scene, shown.contacts)}"))
    if not scene.is_signed(shown):
        parts.append(Part("note", scene.words("answer.unsigned")))
    return Reply(tuple(parts), _ways_on(scene, shown))


def _ways_on(scene: Scene, shown: Answer) -> tuple[tuple[Button, ...], ...]:
    related = [found for found in map(scene.offered, shown.related) if found][: answers.MAX_TITLES]
    links = tuple(
        (Button(f"→ {found.title.get(scene.language, found.title[MAIN_LANGUAGE])}", buttons.answer(found.id)),)
        for found in related
    )
    return (*links, people.way_to_people(scene))
