"""Small things said in passing: greetings, thanks, stop words, and a language the bot does not speak yet."""

from __future__ import annotations

import re
from functools import cache

from bot.conversation import buttons, danger
from bot.conversation.message import Reply
from bot.conversation.scene import Scene
from bot.locales import DEFAULT_LANGUAGE, languages, parent_words
from bot.matching.clean import plain_letters

KINDS = ("thanks", "goodbye", "who", "sorry")
"""Kinds of small talk with words of their own; anything else is a greeting. Their words stand in the catalogues."""


def is_stop(text: str) -> bool:
    """Tell whether the whole message asks to send nothing more, in any language offered.

    It is a stop word, or says to stop with messages ("stop met appen") and nothing else: more would be a question, and
    "ik wil stoppen" may be a cry for help.
    """
    bare = _bare(text)
    if bare in _stop_words("words"):
        return True
    said = frozenset(bare.split()) - _stop_words("small")
    verbs, about = _stop_words("verbs"), _stop_words("about")
    return bool(said & verbs and said & about) and said <= verbs | about


def smalltalk(scene: Scene, text: str) -> Reply:
    """Return a short kind reply that fits what was said, and how to go on."""
    kind = next((kind for kind in KINDS if _names(kind, text)), "greeting")
    said = scene.said(f"smalltalk.{kind}")
    if kind in ("goodbye", "thanks"):
        return said
    if scene.grieves and kind == "greeting":
        return danger.grieving(scene)
    row = (scene.button("button.themes", buttons.THEMES), scene.button("button.person", buttons.PERSON))
    return Reply(said.parts, (row,))


def only_these_languages(scene: Scene, language: str) -> str:
    """Return, in the parent's own language where the catalogues have it, that the answer is in another one."""
    words = parent_words(DEFAULT_LANGUAGE)
    try:
        return words(f"language.only.{language}")
    except KeyError:
        return scene.words("language.only")


def _names(kind: str, text: str) -> bool:
    lower = f" {_bare(text)} "
    return any(
        f" {word} " in lower
        for code in languages()
        for word in parent_words(code)(f"smalltalk.{kind}.words").split("|")
    )


@cache
def _stop_words(kind: str) -> frozenset[str]:
    return frozenset(_bare(word) for code in languages() for word in parent_words(code)(f"stop.{kind}").split("|"))


def _bare(text: str) -> str:
    """Return lower-case words without accents: not every keyboard has them, and a Turkish capital brings one along."""
    return " ".join(re.findall(r"\w+", plain_letters(text)))
