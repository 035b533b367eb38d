"""What a parent can choose from: the greeting, the themes, the wijk, the language, and what is kept."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import buttons
from bot.conversation.message import Button, Part, Reply
from bot.conversation.scene import Scene
from bot.locales import languages, parent_words
from bot.matching.clean import one_line, plain_letters
from bot.matching.decision import Decision


def start(scene: Scene) -> Reply:
    """Return who the bot is, what it is not, and three ways to begin."""
    words = scene.words
    return Reply(
        (
            Part("title", words("start.hello", town=scene.knowledge.town)),
            Part("text", words("start.robot")),
            Part("text", words("start.ask")),
            Part("note", words("start.privacy")),
        ),
        (
            (scene.button("button.themes", buttons.THEMES),),
            (scene.button("button.neighbourhood", buttons.NEIGHBOURHOODS),),
            (scene.button("button.person", buttons.PERSON),),
        ),
    )


def help_text(scene: Scene) -> Reply:
    """Return what can be done here."""
    return Reply(
        (
            Part("title", scene.words("help.title")),
            Part("text", scene.words("help.ways")),
            Part("note", scene.words("help.limits")),
        ),
        (
            (
                scene.button("button.themes", buttons.THEMES),
                scene.button("button.person", buttons.PERSON),
            ),
        ),
    )


def themes(scene: Scene) -> Reply:
    """Return the themes in which there is something to read."""
    offered = [
        Button(f"{theme.icon} {theme.title.get(scene.language, theme.title['nl'])}", buttons.theme(theme.theme))
        for theme in scene.knowledge.themes
        if any(scene.shown(answer.id) for answer in theme.answers)
    ]
    if not offered:
        return scene.said("themes.none")
    return Reply((Part("text", scene.words("themes.choose")),), _rows(offered, 2), replaces=True)


def theme(scene: Scene, theme_id: str) -> Reply | None:
    """Return the answers of one theme, or None when there is no such theme any more."""
    found = next((theme for theme in scene.knowledge.themes if theme.theme == theme_id), None)
    if found is None:
        return None
    offered = [
        Button(answer.title.get(scene.language, answer.title["nl"]), buttons.answer(answer.id))
        for answer in found.answers
        if scene.shown(answer.id)
    ]
    title = f"{found.icon} {found.title.get(scene.language, found.title['nl'])}"
    back = scene.button("button.all_themes", buttons.THEMES)
    return Reply((Part("title", title),), (*_rows(offered, 1), (back,)), replaces=True)


def named_theme(scene: Scene, text: str, decision: Decision) -> Reply | None:
    """Return the answers of the theme of which ``text`` is the name, and nothing but that.

    None for any other text, and when the decision leads into that theme: "slapen" says enough for three titles.
    """
    said = one_line(plain_letters(text)).strip(" .!?")
    for one in scene.knowledge.themes:
        if said == one.theme or said in map(plain_letters, one.title.values()):
            leads = decision.answer or (decision.candidates[0].answer if decision.kind == "suggest" else "")
            if any(answer.id == leads for answer in one.answers):
                return None
            found = theme(scene, one.theme)
            return replace(found, replaces=False) if found else None
    return None


def neighbourhoods(scene: Scene) -> Reply:
    """Return the wijken to choose from, and the choice to keep it to oneself."""
    offered = [Button(wijk.name, buttons.neighbourhood(wijk.id)) for wijk in scene.knowledge.neighbourhoods]
    rather_not = scene.button("button.no_neighbourhood", buttons.neighbourhood(buttons.NO_NEIGHBOURHOOD))
    return Reply((Part("text", scene.words("neighbourhood.choose")),), (*_rows(offered, 2), (rather_not,)))


def languages_to_choose(scene: Scene) -> Reply:
    """Return the languages the bot speaks, each in its own words."""
    offered = tuple(Button(parent_words(code)("language.name"), buttons.language(code)) for code in languages())
    return Reply((Part("text", scene.words("language.choose")),), (offered,))


def _rows(offered: list[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(offered[start : start + width]) for start in range(0, len(offered), width))
