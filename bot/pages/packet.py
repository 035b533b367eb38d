"""The packet for a reviewer: every text as a parent sees it, what it rests on, and a place to sign on paper.

One page a theme, one of the warning signs, an index, and beside them the list to fill in. Ages are in months.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from bot.agenda.schedules import Schedules
from bot.conversation import answers, danger, people
from bot.conversation.message import Part, Reply
from bot.conversation.scene import Scene
from bot.knowledge import figures, reviews, signed_list
from bot.knowledge.figures import REVIEW_NOTE, Figure
from bot.knowledge.mistakes import N_
from bot.knowledge.model import MAIN_LANGUAGE, Answer, Knowledge, Review, Source, WarningSign
from bot.locales import curator_words
from bot.model import Parent
from bot.pages.render import page

WARNING_SIGNS = "warning-signs"
"""The name of the page of warning signs, beside those of the themes."""

LIST = "packet.csv"
"""The file beside the pages that is filled in and taken back."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The figures of one sentence with what carries them: sources, the note, a helpline's name, or nothing."""

    figures: tuple[str, ...]
    sentence: str
    sources: tuple[Source, ...]
    is_noted: bool
    helpline: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """What a parent of a child of these ages reads first."""

    ages: tuple[int, int]
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One text to read and to sign: an answer, or a warning sign, which alone has a ``level`` and its ``contacts``."""

    id: str
    title: str
    text_hash: str
    ages: tuple[int, int] | None
    parts: tuple[Part, ...]
    buttons: tuple[str, ...]
    sources: tuple[Source, ...]
    review_note: str | None
    state: reviews.State
    review: Review | None
    passages: tuple[Passage, ...] = ()
    questions: tuple[str, ...] = ()
    figures: tuple[Carried, ...] = ()
    level: str | None = None
    contacts: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """A line of the index: a page, how many texts stand on it and how many of those are signed."""

    file: str
    title: str
    icon: str
    language: str
    texts: int
    signed: int


def packet(
    knowledge: Knowledge, schedules: Schedules, themes: Sequence[str], languages: Sequence[str], today: date
) -> dict[str, str]:
    """Return the files of a packet by name: pages of HTML and the list to fill in.

    ``themes`` may hold ``warning-signs``; without any the packet is whole. Raises ``ValueError`` for a theme that is
    not there, and for a language in which a text is not written.
    """
    names = (*(theme.theme for theme in knowledge.themes), WARNING_SIGNS)
    chosen = tuple(themes) or names
    for name in chosen:
        if name not in names:
            raise ValueError(f"there is no theme '{name}'; choose {', '.join(names)}")
    files: dict[str, str] = {}
    contents: list[Contents] = []
    listed: list[tuple[Answer | WarningSign, str]] = []
    for language in dict.fromkeys(languages):
        scene = Scene(knowledge, Parent(chat_id=0), language, today, False, schedules, confirm_above=0)
        for name in (name for name in names if name in chosen):
            texts = _texts(knowledge, name)
            for text in texts:
                if language not in text.languages():
                    written = " or ".join(text.languages())
                    raise ValueError(f"'{text.id}' is not written in '{language}'; choose {written}")
            sheets = [_sheet(scene, text) for text in texts]
            title, icon = _heading(knowledge, name, language)
            file = f"{name}.html" if language == MAIN_LANGUAGE else f"{name}.{language}.html"
            files[file] = page("packet.html", language, title=title, icon=icon, sheets=sheets, today=today)
            signed = sum(sheet.state == "signed" for sheet in sheets)
            contents.append(Contents(file, title, icon, language, len(sheets), signed))
            listed += [(text, language) for text in texts]
    files["index.html"] = page(
        "packet-index.html", languages[0], contents=contents, list=LIST, town=knowledge.town, today=today
    )
    files[LIST] = signed_list.empty(listed)
    return files


def _texts(knowledge: Knowledge, name: str) -> tuple[Answer, ...] | tuple[WarningSign, ...]:
    if name == WARNING_SIGNS:
        return knowledge.signs
    return next(theme.answers for theme in knowledge.themes if theme.theme == name)


def _heading(knowledge: Knowledge, name: str, language: str) -> tuple[str, str]:
    """Return a page's title and its icon."""
    theme = next((theme for theme in knowledge.themes if theme.theme == name), None)
    if theme is None:
        return curator_words(language)(N_("Warning signs")), "🚨"
    return theme.title.get(language, theme.title[MAIN_LANGUAGE]), theme.icon


def _sheet(scene: Scene, text: Answer | WarningSign) -> Sheet:
    return _answer_sheet(scene, text) if isinstance(text, Answer) else _sign_sheet(scene, text)


def _answer_sheet(scene: Scene, shown: Answer) -> Sheet:
    language = scene.language
    reply = answers.answer(scene, shown)
    state, review = reviews.state(scene.knowledge, shown, language, scene.today)
    return Sheet(
        id=shown.id,
        title=shown.title[language],
        text_hash=shown.text_hash(language),
        ages=shown.ages,
        parts=reply.parts,
        buttons=_labels(reply),
        sources=tuple(scene.knowledge.sources[reference.id] for reference in shown.sources),
        review_note=shown.review_note,
        state=state,
        review=review,
        passages=tuple(_passages(scene, shown)),
        questions=shown.questions.get(language, ()),
        figures=tuple(_carried(scene, shown)),
    )


def _sign_sheet(scene: Scene, sign: WarningSign) -> Sheet:
    language = scene.language
    reply = danger.loss(scene) if sign.level == "loss" else danger.certain(scene, sign)
    state, review = reviews.state(scene.knowledge, sign, language, scene.today)
    return Sheet(
        id=sign.id,
        title=sign.title[language],
        text_hash=sign.text_hash(language),
        ages=sign.ages,
        parts=reply.parts,
        buttons=_labels(reply),
        sources=tuple(scene.knowledge.sources[name] for name in sign.sources),
        review_note=sign.review_note,
        state=state,
        review=review,
        level=sign.level,
        contacts=people.contacts(scene, sign.contacts),
    )


def _labels(reply: Reply) -> tuple[str, ...]:
    return tuple(button.label for row in reply.buttons for button in row)


def _passages(scene: Scene, shown: Answer) -> Iterator[Passage]:
    """Yield what stands under the title for a child of each age, taken from the reply to its parent."""
    without = answers.answer(scene, shown).parts
    for passage in shown.by_age:
        for part in answers.answer(replace(scene, age_months=passage.ages[0]), shown).parts:
            if part not in without:
                yield Passage(passage.ages, part.text)


def _carried(scene: Scene, shown: Answer) -> Iterator[Carried]:
    sources = scene.knowledge.sources

    def kind(figure: Figure) -> tuple[str, tuple[str, ...], bool]:
        return figure.sentence, figure.carried_by, figure.is_telephone

    found = figures.of_answer(shown, scene.language, scene.knowledge.helplines)
    for (sentence, carriers, is_telephone), group in groupby(found, key=kind):
        yield Carried(
            figures=tuple(figure.figure for figure in group),
            sentence=sentence,
            sources=() if is_telephone else tuple(sources[name] for name in carriers if name in sources),
            is_noted=REVIEW_NOTE in carriers,
            helpline=people.contacts(scene, carriers) if is_telephone else None,
        )
