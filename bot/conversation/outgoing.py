"""What is sent without being asked for, put together at the moment it goes out, in the language of whoever gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.conversation import notices, privacy
from bot.conversation.conversation import Conversation
from bot.conversation.message import Reply
from bot.conversation.scene import Scene
from bot.conversation.team import announcing
from bot.conversation.turn import Turn
from bot.model import Parent
from bot.reminders import by_phone
from bot.reminders.plan import OF_FILE, uid_of
from bot.store import announcements, kept, parents
from bot.store.deliveries import Delivery


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Composes what is due, with the knowledge, agenda and store of a conversation."""

    conversation: Conversation

    async def compose(self, delivery: Delivery, now: datetime) -> Reply | None:
        """Return what to say, or None when there is nothing to say any more."""
        scene = self.conversation.scene(Parent(delivery.chat_id, language=delivery.language), now)
        if delivery.kind == "announcement":
            text = await self._announced(scene, delivery.subject)
            return notices.announcement(scene, text) if text else None
        if delivery.kind == "tip":
            return notices.tip(scene, delivery.subject)
        if delivery.kind == kept.ASKED:
            async with self.conversation.store.reading() as connection:
                parent = await parents.find(connection, delivery.chat_id)
            return privacy.ask_to_stay(scene) if parent.seen_at and parent.seen_at < delivery.due_at else None
        turn = Turn(scene, self.conversation.store, now)
        if delivery.kind == announcements.TO_CONFIRM:
            return await announcing.to_confirm(turn, delivery.subject)
        if delivery.kind == announcements.UNHEARD:
            return await announcing.unheard(turn, delivery.subject)
        async with self.conversation.store.reading() as connection:
            changes = await by_phone.changed(connection, scene.today)
        occurrence = scene.schedules.find(uid_of(delivery.subject), changes)
        if occurrence is None:
            return None
        is_off = delivery.kind == "cancelled"
        following = notices.following(scene.schedules, occurrence, now, changes) if is_off else None
        place = scene.agenda.places.get(occurrence.place)
        return notices.meeting(scene, delivery.kind, occurrence, place, following, now)

    async def _announced(self, scene: Scene, subject: str) -> Mapping[str, str] | None:
        """Return the text of an announcement, of the file or by phone; None when it was taken back."""
        if subject.startswith(OF_FILE):
            name = subject.removeprefix(OF_FILE)
            found = next((one for one in scene.agenda.announcements if one.id == name), None)
            return found.text if found else None
        async with self.conversation.store.reading() as connection:
            row = await announcements.find(connection, subject)
        if row is None or row.withdrawn_at or row.confirmed_by is None:
            return None
        # Who was taken out of the team, because their phone is gone perhaps, sends nothing more from that moment on.
        confirmed_by = scene.agenda.member(row.confirmed_by)
        return row.text if confirmed_by and confirmed_by.role == "coordinator" else None
