"""Updates as Telegram would send them: what a parent types, sends, presses and changes."""

from __future__ import annotations

import itertools
import re
from typing import Any

CONTENTS: dict[str, dict[str, Any]] = {
    "photo": {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}]},
    "voice": {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}},
    "video": {"video": {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "duration": 3}},
    "video_note": {"video_note": {"file_id": "f", "file_unique_id": "u", "length": 9, "duration": 3}},
    "animation": {
        "animation": {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "duration": 3},
        "document": {"file_id": "f", "file_unique_id": "u"},
    },
    "audio": {"audio": {"file_id": "f", "file_unique_id": "u", "duration": 3}},
    "sticker": {
        "sticker": {
            "file_id": "f", "file_unique_id": "u", "type": "regular", "width": 9, "height": 9,
            "is_animated": False, "is_video": False,
        }
    },
    "location": {"location": {"latitude": 52.5, "longitude": 6.1}},
    "venue": {
        "location": {"latitude": 52.5, "longitude": 6.1},
        "venue": {"location": {"latitude": 52.5, "longitude": 6.1}, "title": "t", "address": "a"},
    },
    "contact": {"contact": {"phone_number": "+31600000000", "first_name": "Oma"}},
    "poll": {
        "poll": {
            "id": "1", "question": "q", "options": [{"text": "a", "voter_count": 0, "persistent_id": "0"}],
            "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
            "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
        }
    },
    "document": {"document": {"file_id": "f", "file_unique_id": "u"}},
    "dice": {"dice": {"value": 3, "emoji": "🎲"}},
    "pinned": {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}},
}  # fmt: skip
"""The part of a message that says of what kind it is."""

_message_ids = itertools.count(1_000_000)


def person(user_id: int, language: str | None = "nl") -> dict[str, Any]:
    """Return a user."""
    known = {"id": user_id, "is_bot": False, "first_name": f"Parent {user_id}"}
    return known if language is None else {**known, "language_code": language}


def chat(chat_id: int, kind: str = "private") -> dict[str, Any]:
    """Return a chat."""
    return {"id": chat_id, "type": kind, **({"title": "Group"} if kind != "private" else {"first_name": "P"})}


def message(
    chat_id: int, text: str | None = None, *, kind: str = "private", language: str | None = "nl", **more: Any
) -> dict[str, Any]:
    """Return a message in a chat; ``more`` holds what it has beside or instead of a text."""
    made = {
        "message_id": next(_message_ids),
        "date": 1_800_000_000,
        "chat": chat(chat_id, kind),
        "from": person(chat_id if chat_id > 0 else 7, language),
        **more,
    }
    if text is not None:
        made["text"] = text
        command = re.match(r"/[A-Za-z0-9_]+(?:@\w+)?", text)
        if command:
            made["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
    return made


def press(query_id: str, held: dict[str, Any], data: str, language: str | None = "nl") -> dict[str, Any]:
    """Return the press of a button under a message."""
    return {
        "id": query_id,
        "from": person(held["chat"]["id"], language),
        "chat_instance": "1",
        "message": held,
        "data": data,
    }


def membership(chat_id: int, status: str, *, kind: str = "group", language: str = "nl") -> dict[str, Any]:
    """Return how the bot's place in a chat changed."""
    bot = {"id": 1, "is_bot": True, "first_name": "Minidorp", "username": "minidorp_bot"}
    gone = {"user": bot, "status": "left"}
    here = {"user": bot, "status": "member"}
    return {
        "chat": chat(chat_id, kind),
        "from": person(7, language),
        "date": 1_800_000_000,
        "old_chat_member": gone if status != "left" else here,
        "new_chat_member": {**here, "status": status} | ({"until_date": 0} if status == "kicked" else {}),
    }
