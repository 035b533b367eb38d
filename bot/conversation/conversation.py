"""The whole conversation: a message comes in, replies go out. It knows no Telegram and no terminal.

The order of checks is a safety property and a test holds it: stop words, warning signs, loss, commands and buttons,
an open dialogue, matching. Of somebody who floods only the first three are answered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import metrics
from bot.agenda.schedules import Schedules
from bot.conversation import (
    answers,
    asking,
    attending,
    buttons,
    commands,
    danger,
    emoji,
    follow_up,
    invitation,
    keeping,
    meetings,
    memory,
    menus,
    people,
    presses,
    privacy,
    reminding,
    smalltalk,
    talk,
)
from bot.conversation.memory import Memory
from bot.conversation.message import Button, Message, Part, Reply
from bot.conversation.open_dialogues import LISTENING
from bot.conversation.profile import Profile, profile
from bot.conversation.reads import Reads
from bot.conversation.scene import Scene
from bot.conversation.turn import Answering, Turn, plainly
from bot.knowledge.model import Knowledge
from bot.locales import DEFAULT_LANGUAGE, languages, parent_words
from bot.matching.clean import MAX_CHARACTERS, tidy
from bot.matching.decision import Decision
from bot.matching.follow_up import Earlier
from bot.model import IN_A_TRIAL, Parent, Privacy
from bot.redaction.blank import blanked
from bot.redaction.words import OrdinaryWords
from bot.store import dialogues, parents, subscriptions
from bot.store.database import Store
from bot.store.dialogues import Dialogue

SEEN_EVERY = timedelta(days=1)
"""How often it is noted that a parent wrote: enough to count months of silence, and not a write for every message."""
NO_WORDS = OrdinaryWords()


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that is needed to reply. ``is_live`` hides answers that nobody has signed.

    Of a question that found no answer only ``ordinary_words`` may be kept; without any, none is.
    """

    knowledge: Knowledge
    reader: Reads
    store: Store
    schedules: Schedules
    timezone: ZoneInfo
    is_live: bool = False
    confirm_above: int = 200
    privacy: Privacy = IN_A_TRIAL
    ordinary_words: OrdinaryWords = NO_WORDS

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages the bot speaks, the default first."""
        return languages()

    def profile(self, language: str) -> Profile:
        """Return how the bot introduces itself in ``language``."""
        return profile(language, self.knowledge.town)

    def apology(self, language: str | None) -> Reply:
        """Return the one kind sentence for when something went wrong inside."""
        return Reply((Part("text", parent_words(language or DEFAULT_LANGUAGE)("error.sorry")),))

    def giving_up(self, language: str | None) -> Reply:
        """Return what is said to a message that cannot be read, however often it was tried, with the way to people."""
        words = parent_words(language or DEFAULT_LANGUAGE)
        return Reply((Part("text", words("error.unreadable")),), ((Button(words("button.person"), buttons.PERSON),),))

    async def danger(self, message: Message, chat_id: int, now: datetime) -> Reply | None:
        """Return what is said to danger, for when the store does not answer; None when the message tells of none.

        Whom to call depends on nothing that is remembered, so nobody waits for it.
        """
        parent, text = Parent(chat_id), tidy(message.text)
        decision = await self.reader.decided(text, parent, Earlier()) if text.strip() else None
        sign = self.knowledge.sign(decision.urgent.sign) if decision and decision.urgent else None
        if decision is None or decision.kind != "urgent" or sign is None:
            return None
        has_language = _has_language(parent, message)
        goes_on = talk.Talk().after(text, decision, has_language=has_language)
        return danger.certain(_in_talk(self.scene(parent, now, message.language), goes_on), sign)

    async def group_greeting(self, language: str | None) -> Reply:
        """Return what is said once in a group: that talking here is not private."""
        return Reply((Part("text", parent_words(language or DEFAULT_LANGUAGE)("group.private")),))

    async def respond(self, message: Message, chat_id: int, now: datetime) -> list[Reply]:
        """Return what to say to ``message``; what must be remembered is in the store when this returns."""
        message = replace(message, text=tidy(message.text))
        async with self.store.glance() as connection:
            parent = await parents.find(connection, chat_id)
            dialogue = await dialogues.find(connection, chat_id, now)
        if parent.seen_at and now - parent.seen_at >= SEEN_EVERY:
            async with self.store.writing() as connection:
                await parents.seen(connection, chat_id, now)
        is_stop = smalltalk.is_stop(message.text or message.command)
        scene = self.scene(parent, now, message.language)
        last = memory.of(dialogue)
        known = last.knows(parent, message.text, scene.today)
        decision = None
        if message.text.strip() and not is_stop:
            decision = await self.reader.decided(message.text, known, last.earlier)
            metrics.DECISIONS.labels(decision.kind).inc()
        told = decision or known
        scene = replace(scene, age_months=told.age_months, weeks_early=told.weeks_early)
        has_language = _has_language(parent, message)
        goes_on = talk.of(dialogue).after(message.text, decision, has_language=has_language)
        scene = _in_talk(scene, goes_on)
        turn = Turn(scene, self.store, now)
        replies = [await reminding.stop(turn)] if is_stop else await self._replies(turn, message, decision, dialogue)
        # What was erased at this very moment is not written again.
        is_erased = message.kind == "button" and message.data == buttons.FORGET
        if not is_erased and (message.pace == "calm" or (decision and decision.loss)):
            choice = dialogue if last.kind == memory.SUGGESTED and message.kind != "button" else None
            await talk.go_on(self.store, chat_id, goes_on, choice, now)
        return replies

    async def _replies(
        self, turn: Turn, message: Message, decision: Decision | None, dialogue: Dialogue | None
    ) -> list[Reply]:
        """Return what is said to anything but a stop word."""
        scene, last = turn.scene, memory.of(dialogue)
        if decision and decision.loss:
            async with self.store.writing() as connection:
                await subscriptions.end_tips(connection, scene.parent.chat_id)
        if decision and decision.kind == "urgent" and decision.urgent:
            return [await self._urgent(scene, decision, dialogue, turn.now)]
        if decision and decision.loss:
            async with self.store.writing() as connection:
                await dialogues.close(connection, scene.parent.chat_id)
            return [danger.loss(scene, decision.urgent)]
        if message.pace != "calm":
            return [scene.said("flood.slower")] if message.pace == "hurried" else []
        if message.kind == "command":
            return [await self._command(turn, message)]
        if message.kind == "button":
            return [await presses.respond(turn, message.data) or scene.said("button.stale")]
        if message.location:
            return [await meetings.at(turn, message.location)]
        if decision is None:
            key = "other.emoji" if message.kind == "text" else f"other.{message.kind}"
            return [scene.said(key)]
        reply = (
            await _listened(turn, dialogue, message.text)
            or await emoji.reply(turn, message.text, last)
            or await attending.typed(turn, message.text)
            or await meetings.bare_place(turn, message.text)
            or menus.named_theme(scene, message.text, decision)
        )
        return [reply] if reply else await self._matched(turn, message, decision, last)

    def scene(self, parent: Parent, now: datetime, app_language: str | None = None) -> Scene:
        """Return the scene of this moment, in the language the parent chose, else that of their app."""
        spoken = [code for code in (parent.language, app_language) if code in languages()]
        language = spoken[0] if spoken else DEFAULT_LANGUAGE
        today = now.astimezone(self.timezone).date()
        return Scene(
            self.knowledge,
            parent,
            language,
            today,
            self.is_live,
            self.schedules,
            self.confirm_above,
            privacy=self.privacy,
        )

    async def _urgent(self, scene: Scene, decision: Decision, dialogue: Dialogue | None, now: datetime) -> Reply:
        assert decision.urgent is not None  # noqa: S101 - told by the caller, and mypy cannot see it
        sign = self.knowledge.sign(decision.urgent.sign)
        if sign is None:
            return people.somebody_to_talk_to(scene)
        offered = tuple(candidate.answer for candidate in decision.candidates)
        # Danger in the midst of a dialogue that waits for something to be typed does not end it.
        if dialogue is None or dialogue.kind not in LISTENING:
            await self._remember(scene, Memory(memory.SIGN, None, offered), now)
        return danger.certain(scene, sign)

    async def _command(self, turn: Turn, message: Message) -> Reply:
        scene = turn.scene
        if message.command == "start" and message.text:
            # A poster or a leaflet can lead straight to an answer: t.me/…?start=slapen-doorslapen
            shown = scene.shown(message.text.strip())
            if shown:
                async with self.store.writing(at_once=True) as connection:
                    await memory.note_read(connection, turn, shown)
                return answers.answer(scene, shown)
        command = commands.find(message.command)
        if command is None:
            return scene.said("command.unknown")
        return replace(await command.reply(turn, message.text), replaces=False)

    async def _matched(self, turn: Turn, message: Message, decision: Decision, last: Memory) -> list[Reply]:
        scene = turn.scene
        reply = await self._followed_up(turn, message.text, decision, last)
        if reply is None:
            reply = await self._reply(turn, message.text, decision, last)
            reply = await invitation.invited(turn, reply, decision)
            if decision.beside:
                reply = answers.beside(scene, reply, decision.beside)
        above = []
        if decision.urgent:
            above.append(danger.possible(scene, decision.urgent))
        if decision.language not in languages() and decision.kind != "none":
            above.append(Part("note", smalltalk.only_these_languages(scene, decision.language)))
        if len(message.text) > MAX_CHARACTERS:
            above.append(Part("note", scene.words("long.read_part")))
        replies = [replace(reply, parts=(*above, *reply.parts))] if above else [reply]
        if decision.kind == "answer" and decision.route:
            replies.append(await _ROUTES[decision.route](turn, message.text))
        return replies

    async def _followed_up(self, turn: Turn, text: str, decision: Decision, last: Memory) -> Reply | None:
        """Return the reply to a message that goes on from the answer before it; None when it stands by itself."""
        if last.earlier == Earlier():
            return None
        found = await self.reader.followed_up(text, decision, last.earlier)
        reply = follow_up.reply(turn.scene, found) if found else None
        if found and reply:
            is_choice = len(found.answers) > 1 or found.kind == "titles"
            told = (memory.SUGGESTED, last.answer, found.answers) if is_choice else (memory.ANSWERED, found.answers[0])
            await self._remember(turn.scene, Memory(*told), turn.now)
        return reply

    async def _reply(self, turn: Turn, text: str, decision: Decision, last: Memory) -> Reply:
        scene = turn.scene
        if decision.kind == "route":
            return await _ROUTES[decision.route or "@human"](turn, text)
        if decision.kind == "answer" and decision.answer:
            shown = scene.answered(decision.answer)
            async with self.store.writing(at_once=True) as connection:
                await asking.count(connection, turn, decision.answer)
                if shown:
                    await memory.note_read(connection, turn, shown)
            return answers.answer(scene, shown) if shown else _no_answer_shown(scene)
        question = self._may_be_kept(text, decision) if last.kind != memory.SIGN and not scene.grieves else ""
        if decision.kind == "suggest":
            return await self._suggest(turn, decision, last, question)
        if scene.age_months is not None or question:
            before = last if last.kind == memory.SIGN else replace(last, kind=memory.ANSWERED, offered=())
            await self._remember(scene, replace(before, question=question, language=decision.language), turn.now)
        if scene.grieves:
            return danger.grieving(scene)
        no = answers.honest_no(scene, "no.unreadable" if not decision.is_readable else "no.out_of_scope")
        return keeping.offered(scene, no, question)

    def _may_be_kept(self, text: str, decision: Decision) -> str:
        """Return what could be kept of a question, blanked; nothing when there is any thought of danger."""
        if decision.urgent or not self.privacy.keep_questions_days:
            return ""
        return blanked(text, decision.language, self.ordinary_words) or ""

    async def _suggest(self, turn: Turn, decision: Decision, last: Memory, question: str) -> Reply:
        """Offer titles, but not the same ones twice in a row: the second time a person is the better answer."""
        scene, best = turn.scene, decision.candidates
        ids = decision.both or tuple(c.answer for c in best if c.score >= best[0].score / 20)
        reply = answers.suggestions(scene, ids, "suggest.both" if decision.both else "suggest.which")
        if reply is None:
            return _no_answer_shown(scene)
        offered = ids[: answers.MAX_TITLES]
        if last.kind == memory.SUGGESTED and set(offered) & set(last.offered):
            # An empty memory, so that the same titles may be offered again after this.
            await self._remember(
                scene, Memory(memory.ANSWERED, question=question, language=decision.language), turn.now
            )
            return keeping.offered(scene, answers.honest_no(scene, "no.still_not_clear"), question)
        told = Memory(memory.SUGGESTED, None, offered, question=question, language=decision.language)
        await self._remember(scene, told, turn.now)
        return reply

    async def _remember(self, scene: Scene, what: Memory, now: datetime) -> None:
        aged = replace(what, age_months=scene.age_months, weeks_early=scene.weeks_early)
        await memory.remember(self.store, scene.parent.chat_id, aged, now)


def _has_language(parent: Parent, message: Message) -> bool:
    """Tell whether the profile or the app told a language that the bot speaks."""
    return parent.language in languages() or message.language in languages()


def _in_talk(scene: Scene, goes_on: talk.Talk) -> Scene:
    """Return the scene in the language of the talk, if that told one, and with its grief."""
    return replace(scene, language=goes_on.language or scene.language, grieves=goes_on.grieves)


def _no_answer_shown(scene: Scene) -> Reply:
    return danger.grieving(scene) if scene.grieves else answers.being_written(scene)


async def _listened(turn: Turn, dialogue: Dialogue | None, text: str) -> Reply | None:
    """Return the reply to something typed in an open dialogue; None when there is none, or it is not about it."""
    listening = LISTENING.get(dialogue.kind) if dialogue else None
    return await listening(turn, dialogue, text) if dialogue and listening else None


async def _smalltalk(turn: Turn, text: str) -> Reply:
    return smalltalk.smalltalk(turn.scene, text)


_ROUTES: dict[str, Answering] = {
    "@human": plainly(people.somebody_to_talk_to),
    "@meetups": meetings.asked,
    "@reminders": reminding.menu,
    "@privacy": privacy.told,
    "@smalltalk": _smalltalk,
}
"""Where each route leads."""
