"""What every reply needs to know: who asks, in which language, on which day, and what there is to answer with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.agenda.model import Agenda
from bot.agenda.schedules import Schedules
from bot.conversation import grief
from bot.conversation.message import Button, Part, Reply
from bot.knowledge.model import MAIN_LANGUAGE, Answer, Knowledge
from bot.locales import parent_words
from bot.matching.ages import corrected_months
from bot.model import IN_A_TRIAL, Parent, Privacy


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment in a conversation.

    ``language`` is the one the bot speaks now; ``is_live`` hides what is unsigned or unconfirmed; announcements
    to more people in a day than ``confirm_above`` are confirmed by a second coordinator. ``age_months`` and
    ``weeks_early`` are those of the child it is about, as far as told. ``privacy`` is what is promised.
    ``grieves`` is true after the parent wrote that their child has died; an age told since then is another child's.
    """

    knowledge: Knowledge
    parent: Parent
    language: str
    today: date
    is_live: bool
    schedules: Schedules
    confirm_above: int
    age_months: int | None = None
    weeks_early: int | None = None
    privacy: Privacy = IN_A_TRIAL
    grieves: bool = False

    @property
    def agenda(self) -> Agenda:
        """The agenda as it is in the files now."""
        return self.schedules.agenda

    @property
    def words(self) -> Callable[..., str]:
        """The bot's own words in the language of the moment."""
        return parent_words(self.language)

    @property
    def passage_age(self) -> int | None:
        """The age in months for which passages are chosen: from the day it was expected for a child that came early."""
        return corrected_months(self.age_months, self.weeks_early)

    def text_language(self, answer: Answer) -> str:
        """Return the language in which this parent reads ``answer``."""
        return self.language if self.language in answer.text else MAIN_LANGUAGE

    def shown(self, answer_id: str) -> Answer | None:
        """Return the answer when this parent may read it: it is written, and in live mode signed."""
        answer = self.knowledge.answer(answer_id)
        if answer is None or (self.is_live and not self.is_signed(answer)):
            return None
        return answer

    def answered(self, answer_id: str) -> Answer | None:
        """Return the answer when it may be the reply to a question: shown, and not hurtful to somebody who grieves."""
        return self._unless_it_hurts(self.shown(answer_id), is_asked=True)

    def offered(self, answer_id: str) -> Answer | None:
        """Return the answer when its title may be brought up unasked, which takes more care than an answer."""
        return self._unless_it_hurts(self.shown(answer_id), is_asked=False)

    def _unless_it_hurts(self, answer: Answer | None, *, is_asked: bool) -> Answer | None:
        if answer and self.grieves and grief.hurts(answer, self.age_months, is_asked=is_asked):
            return None
        return answer

    def is_signed(self, answer: Answer) -> bool:
        """Tell whether a professional's sign-off holds for what this parent would read."""
        return self.knowledge.is_signed(answer, self.text_language(answer), self.today)

    def said(self, key: str, **values: object) -> Reply:
        """Return one paragraph of the bot's own words."""
        return Reply((Part("text", self.words(key, **values)),))

    def is_no(self, text: str) -> bool:
        """Tell whether the whole of what was typed says "rather not" to what was asked."""
        return " ".join(text.lower().split()).strip(".!") in self.words("rather_not.words").split("|")

    def button(self, key: str, data: str) -> Button:
        """Return a button labelled with the bot's own words."""
        return Button(self.words(key), data)
