"""The whole conversation: a message comes in, replies go out. It knows no Telegram and no terminal.

The order of checks is a safety property and a test holds it: stop words, warning signs, loss, commands and buttons,
an open dialogue, matching.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.agenda.schedules import Schedules
from bot.conversation import answers, commands, danger, menus, people, presses, smalltalk
from bot.conversation.message import Message, Part, Reply
from bot.conversation.open_dialogues import LISTENING
from bot.conversation.profile import Profile, profile
from bot.conversation.scene import Scene
from bot.conversation.turn import Answering, Turn, plainly
from bot.knowledge.model import Knowledge
from bot.locales import DEFAULT_LANGUAGE, languages, parent_words
from bot.matching.clean import MAX_CHARACTERS
from bot.matching.decision import Candidate, Decision
from bot.matching.matcher import Matcher
from bot.model import Parent
from bot.store import dialogues, parents, subscriptions
from bot.store.database import Store

REMEMBERED_FOR = timedelta(minutes=10)
"""How long the bot knows what it last offered; then it is erased."""

SUGGESTED = "suggested"
"""The dialogue that is open after titles were offered."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that is needed to reply. ``is_live`` hides answers that nobody has signed."""

    knowledge: Knowledge
    matcher: Matcher
    store: Store
    schedules: Schedules
    timezone: ZoneInfo
    is_live: bool = False
    confirm_above: int = 200

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

    async def group_greeting(self, language: str | None) -> Reply:
        """Return what is said once in a group: that talking here is not private."""
        return Reply((Part("text", parent_words(language or DEFAULT_LANGUAGE)("group.private")),))

    async def respond(self, message: Message, chat_id: int, now: datetime) -> list[Reply]:
        """Return what to say to ``message``; what must be remembered is in the store when this returns."""
        async with self.store.reading() as connection:
            parent = await parents.find(connection, chat_id)
        scene = self._scene(parent, message.language, now)
        if smalltalk.is_stop(message.text or message.command):
            return [scene.said("stop.done")]
        decision = self.matcher.decide(message.text, parent) if message.text.strip() else None
        if decision:
            scene = self._in_language_of(scene, message, decision)
            if decision.loss:
                async with self.store.writing() as connection:
                    await subscriptions.end_tips(connection, chat_id)
            if decision.kind == "urgent" and decision.urgent:
                return [await self._urgent(scene, decision, now)]
            if decision.loss:
                return [danger.loss(scene, decision.urgent)]
        turn = Turn(scene, self.store, now)
        if message.kind == "command":
            return [await self._command(turn, message)]
        if message.kind == "button":
            return [await presses.respond(turn, message.data) or scene.said("button.stale")]
        if decision is None:
            key = "other.emoji" if message.kind == "text" else f"other.{message.kind}"
            return [scene.said(key)]
        reply = await self._listened(turn, message.text)
        return [reply] if reply else await self._matched(scene, message, decision, now)

    def _scene(self, parent: Parent, app_language: str | None, now: datetime) -> Scene:
        spoken = [code for code in (parent.language, app_language) if code in languages()]
        language = spoken[0] if spoken else DEFAULT_LANGUAGE
        today = now.astimezone(self.timezone).date()
        return Scene(self.knowledge, parent, language, today, self.is_live, self.schedules, self.confirm_above)

    def _in_language_of(self, scene: Scene, message: Message, decision: Decision) -> Scene:
        """Return the scene in the message's language when neither the profile nor the app told one."""
        told = scene.parent.language in languages() or message.language in languages()
        return scene if told or decision.language not in languages() else replace(scene, language=decision.language)

    async def _urgent(self, scene: Scene, decision: Decision, now: datetime) -> Reply:
        assert decision.urgent is not None  # noqa: S101 - told by the caller, and mypy cannot see it
        sign = self.knowledge.sign(decision.urgent.sign)
        if sign is None:
            return people.somebody_to_talk_to(scene)
        await self._remember(scene.parent, presses.SIGN, decision.candidates, now)
        return danger.certain(scene, sign)

    async def _command(self, turn: Turn, message: Message) -> Reply:
        scene = turn.scene
        if message.command == "start" and message.text:
            # A poster or a leaflet can lead straight to an answer: t.me/…?start=slapen-doorslapen
            shown = scene.shown(message.text.strip())
            if shown:
                return answers.answer(scene, shown)
        command = commands.find(message.command)
        if command is None:
            return scene.said("command.unknown")
        return replace(await command.reply(turn, message.text), replaces=False)

    async def _listened(self, turn: Turn, text: str) -> Reply | None:
        """Return the reply to something typed in an open dialogue; None when there is none, or it is not about it."""
        async with self.store.reading() as connection:
            dialogue = await dialogues.find(connection, turn.scene.parent.chat_id, turn.now)
        listening = LISTENING.get(dialogue.kind) if dialogue else None
        return await listening(turn, dialogue, text) if dialogue and listening else None

    async def _matched(self, scene: Scene, message: Message, decision: Decision, now: datetime) -> list[Reply]:
        reply = await self._reply(scene, message.text, decision, now)
        above = []
        if decision.urgent:
            above.append(danger.possible(scene, decision.urgent))
        if decision.language not in languages() and decision.kind != "none":
            above.append(Part("note", smalltalk.only_these_languages(scene, decision.language)))
        if len(message.text) > MAX_CHARACTERS:
            above.append(Part("note", scene.words("long.read_part")))
        return [replace(reply, parts=(*above, *reply.parts))] if above else [reply]

    async def _reply(self, scene: Scene, text: str, decision: Decision, now: datetime) -> Reply:
        if decision.kind == "route":
            return await _ROUTES[decision.route or "@human"](Turn(scene, self.store, now), text)
        if decision.kind == "answer" and decision.answer:
            shown = scene.shown(decision.answer)
            return answers.answer(scene, shown, decision.age_months) if shown else answers.being_written(scene)
        if decision.kind == "suggest":
            return await self._suggest(scene, decision.candidates, now)
        return answers.honest_no(scene, "no.unreadable" if not decision.is_readable else "no.out_of_scope")

    async def _suggest(self, scene: Scene, candidates: tuple[Candidate, ...], now: datetime) -> Reply:
        """Offer titles, but not the same ones twice in a row: the second time a person is the better answer."""
        ids = [candidate.answer for candidate in candidates if candidate.score >= candidates[0].score / 20]
        reply = answers.suggestions(scene, ids)
        if reply is None:
            return answers.being_written(scene)
        async with self.store.reading() as connection:
            last = await dialogues.find(connection, scene.parent.chat_id, now)
        if last and last.kind == SUGGESTED and set(ids[: answers.MAX_TITLES]) & set(last.data["answers"]):
            async with self.store.writing() as connection:
                await dialogues.close(connection, scene.parent.chat_id)
            return answers.honest_no(scene, "no.still_not_clear")
        await self._remember(scene.parent, SUGGESTED, candidates[: answers.MAX_TITLES], now)
        return reply

    async def _remember(self, parent: Parent, kind: str, candidates: tuple[Candidate, ...], now: datetime) -> None:
        ids = [candidate.answer for candidate in candidates]
        async with self.store.writing() as connection:
            await dialogues.open_dialogue(connection, parent.chat_id, kind, {"answers": ids}, now + REMEMBERED_FOR)


async def _smalltalk(turn: Turn, text: str) -> Reply:
    return smalltalk.smalltalk(turn.scene, text)


_ROUTES: dict[str, Answering] = {
    "@human": plainly(people.somebody_to_talk_to),
    "@meetups": plainly(people.meetings),
    "@reminders": plainly(people.reminders),
    "@privacy": plainly(menus.privacy),
    "@smalltalk": _smalltalk,
}
"""Where each route leads."""
