"""An answer as a parent reads it, the titles to choose from when it is not clear which, and the honest no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation import buttons, people
from bot.conversation.message import Button, Part, Reply
from bot.conversation.scene import Scene
from bot.knowledge.model import MAIN_LANGUAGE, Answer, Passage

MAX_TITLES = 3
"""Titles offered at once: more is a list to read, and it is three in the morning."""

ARROW = "→"
"""Before the title of an answer that is near the one above."""

REASONS = ("wrong", "unclear", "incomplete")
"""What can be missing in an answer, in the order of the buttons."""


def answer(scene: Scene, shown: Answer) -> Reply:
    """Return the answer: what holds at the child's age, what is normal, what to do, when to ask whom.

    Sources are folded away, feedback stands below.
    """
    language = scene.text_language(shown)
    text = shown.text[language]
    words = scene.words
    parts = [Part("title", shown.title[language])]
    first = passage(scene, shown)
    if first:
        parts.append(Part("text", first.text.get(language, first.text[MAIN_LANGUAGE])))
        if scene.passage_age != scene.age_months:
            parts.append(Part("note", words("age.corrected")))
    parts += [
        Part("heading", words("answer.normal")),
        Part("text", listed(text.normal)),
        Part("heading", words("answer.do")),
        Part("text", listed(text.do)),
        Part("heading", words("answer.consult")),
        Part("text", listed(text.consult)),
        Part(
            "more",
            f"{words('answer.contacts')} {people.contacts(scene, shown.contacts)}\n{_sources(scene, shown)}",
        ),
    ]
    if not scene.is_signed(shown):
        parts.append(Part("note", words("answer.unsigned")))
    return Reply(tuple(parts), (_feedback(scene, shown, language), *_related(scene, shown, language)))


def passage(scene: Scene, shown: Answer) -> Passage | None:
    """Return what the answer says for the age of this child, or None when the age is unknown or nothing differs."""
    age = scene.passage_age
    return next((found for found in shown.by_age if age is not None and found.ages[0] <= age <= found.ages[1]), None)


def beside(scene: Scene, reply: Reply, answer_id: str) -> Reply:
    """Return ``reply`` with the title of what the message seems to ask as well: above the other titles, or last."""
    found = scene.shown(answer_id)
    if found is None or reply.asks_location:
        return reply
    row = (_link(found, scene.text_language(found)),)
    others = tuple(other for other in reply.buttons if other != row)
    place = next((number for number, [first, *_] in enumerate(others) if first.label.startswith(ARROW)), len(others))
    return replace(reply, buttons=(*others[:place], row, *others[place:]))


def suggestions(scene: Scene, answer_ids: Sequence[str], key: str = "suggest.which") -> Reply | None:
    """Return at most three titles to choose from, with "none of these"; None when none of them may be shown."""
    shown = [found for found in map(scene.offered, answer_ids) if found][:MAX_TITLES]
    if not shown:
        return None
    titles = tuple((Button(found.title[scene.text_language(found)], buttons.answer(found.id)),) for found in shown)
    none = (scene.button("button.none_of_these", buttons.NONE_OF_THESE),)
    return Reply((Part("text", scene.words(key)),), (*titles, none))


def being_written(scene: Scene) -> Reply:
    """Return that the question is understood and the answer is not there yet, and who can help now."""
    return Reply((Part("text", scene.words("answer.being_written")),), (people.way_to_people(scene),))


def honest_no(scene: Scene, key: str) -> Reply:
    """Return that the bot does not know, why (``key``), what it can do, and the way to people."""
    parts = (Part("text", scene.words(key)), Part("text", scene.words("no.what_i_can")))
    return Reply(parts, (people.way_to_people(scene),))


def ask_what_was_missing(scene: Scene, feedback_id: int) -> Reply:
    """Return the question that follows a thumb down."""
    reasons = tuple((scene.button(f"feedback.{why}", buttons.reason(feedback_id, why)),) for why in REASONS)
    return Reply((Part("text", scene.words("feedback.why")),), reasons, clears_buttons=True)


def listed(text: str) -> str:
    """Return ``text`` with the lines of a list shown as such."""
    return "\n".join(f"• {line[2:]}" if line.startswith("- ") else line for line in text.splitlines())


def _sources(scene: Scene, shown: Answer) -> str:
    sources = [scene.knowledge.sources[reference.id] for reference in shown.sources]
    told = "; ".join(
        f"{source.title} ({source.publisher}{f', {source.year}' if source.year else ''})" for source in sources
    )
    return f"{scene.words('answer.sources')} {told}."


def _feedback(scene: Scene, shown: Answer, language: str) -> tuple[Button, ...]:
    fingerprint = shown.text_hash(language)
    return (
        scene.button("button.helpful", buttons.feedback(True, shown.id, language, fingerprint)),
        scene.button("button.unhelpful", buttons.feedback(False, shown.id, language, fingerprint)),
    )


def _related(scene: Scene, shown: Answer, language: str) -> tuple[tuple[Button, ...], ...]:
    related = [found for found in map(scene.offered, shown.related) if found]
    links = tuple((_link(found, language),) for found in related[:MAX_TITLES])
    return (*links, (scene.button("button.person", buttons.PERSON),))


def _link(to: Answer, language: str) -> Button:
    return Button(f"{ARROW} {to.title.get(language, to.title[MAIN_LANGUAGE])}", buttons.answer(to.id))
