"""The methods of the Bot API that the bot uses, with the limits of each."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass, field
from typing import Any

from tests.fake_telegram.entities import parse_html
from tests.fake_telegram.refusal import Refusal, bad

Arguments = dict[str, Any]

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
BLOCKED = "Forbidden: bot was blocked by the user"
DEACTIVATED = "Forbidden: user is deactivated"
MIGRATED = "Bad Request: group chat was upgraded to a supergroup chat"
UNSEEN = dict.fromkeys(
    [
        0xAD,
        0x180E,
        0x2800,
        0x3164,
        0xFEFF,
        0xFFFC,
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
    ]
)
"""Characters of which a message may not wholly consist: a reader would see nothing."""
LANGUAGE = re.compile(r"[a-z]{2}|")


@dataclass(frozen=True)
class Upload:
    """A file in a request."""

    filename: str
    content: bytes


@dataclass
class World:
    """What the server knows: chats, messages, presses, and how the bot introduced itself."""

    chats: dict[int, str] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    deactivated: set[int] = field(default_factory=set)
    """Chats of people who left Telegram."""
    migrated: dict[int, int] = field(default_factory=dict)
    """New ids of chats that have one, by the old id."""
    refused: int = 0
    """How often 429 was answered, because of ``per_second``."""
    messages: list[dict[str, Any]] = field(default_factory=list)
    """What the bot sent, in order; ``reply_markup`` and ``edits`` among it."""
    uploads: dict[int, Upload] = field(default_factory=dict)
    """Files the bot sent, by message id."""
    queries: dict[str, bool] = field(default_factory=dict)
    """Presses by id, and whether they were answered."""
    old_queries: set[str] = field(default_factory=set)
    profile: dict[tuple[str, str], Any] = field(default_factory=dict)
    sent_at: list[tuple[float, int]] = field(default_factory=list)
    per_second: int | None = None
    """Messages a second, over all chats, above which 429 is answered."""
    next_message_id: int = 1

    def unknown(self, _arguments: Arguments) -> Any:
        """Refuse a method that the bot has no business with."""
        raise Refusal(404, "Not Found", is_violation=True)

    def get_me(self, _arguments: Arguments) -> Any:
        """Tell who the bot is."""
        return {
            "id": 1, "is_bot": True, "first_name": "Minidorp", "username": "minidorp_bot",
            "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
        }  # fmt: skip

    def send_message(self, arguments: Arguments) -> Any:
        """Send a text."""
        chat_id = self._chat(arguments)
        text, entities = _text(arguments)
        shown = {"text": text, "entities": entities, **_preview(arguments), **_markup(arguments, self.chats[chat_id])}
        return self._send(chat_id, shown)

    def send_venue(self, arguments: Arguments) -> Any:
        """Send a pin on the map, with a name and an address."""
        chat_id = self._chat(arguments)
        latitude, longitude = float(arguments["latitude"]), float(arguments["longitude"])
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise bad("wrong location specified")
        for key in ("title", "address"):
            if not str(arguments.get(key, "")).strip():
                raise bad(f"venue {key} must be non-empty")
        where = {"latitude": latitude, "longitude": longitude}
        venue = {"location": where, "title": arguments["title"], "address": arguments["address"]}
        return self._send(chat_id, {"text": "", "venue": venue, "location": where})

    def send_document(self, arguments: Arguments) -> Any:
        """Send a file that is uploaded along."""
        chat_id = self._chat(arguments)
        file = arguments.get("document")
        if not isinstance(file, Upload):
            raise bad("there is no document in the request")
        if not file.content:
            raise bad("file must be non-empty")
        if len(file.content) > 50 * 1024 * 1024:
            raise Refusal(413, "Request Entity Too Large", is_violation=True)
        if len(arguments.get("caption", "")) > 1024:
            raise bad("message caption is too long")
        described = {"file_id": "d", "file_unique_id": "d", "file_name": file.filename, "file_size": len(file.content)}
        made = self._send(chat_id, {"text": "", "caption": arguments.get("caption", ""), "document": described})
        self.uploads[made["message_id"]] = file
        return made

    def _send(self, chat_id: int, content: dict[str, Any]) -> dict[str, Any]:
        made = {
            "message_id": self.next_message_id, "date": int(time.time()),
            "chat": {"id": chat_id, "type": self.chats[chat_id]}, "from": self.get_me({}), **content,
        }  # fmt: skip
        self._pace(chat_id)
        self.next_message_id += 1
        self.messages.append(made)
        # A message that was sent comes back without the buttons of the app.
        shown = made.get("reply_markup", {})
        return (
            made if "inline_keyboard" in shown or not shown else {k: v for k, v in made.items() if k != "reply_markup"}
        )

    def edit_message_text(self, arguments: Arguments) -> Any:
        """Change a text; without buttons in the call, the buttons go."""
        text, entities = _text(arguments)
        return self._edit(arguments, {"text": text, "entities": entities, **_preview(arguments), **_inline(arguments)})

    def edit_message_reply_markup(self, arguments: Arguments) -> Any:
        """Change only the buttons."""
        found = self._message(arguments)
        return self._edit(arguments, {key: found[key] for key in ("text", "entities")} | _inline(arguments))

    def answer_callback_query(self, arguments: Arguments) -> Any:
        """Confirm a press, once."""
        query = str(arguments.get("callback_query_id"))
        if query in self.old_queries or query not in self.queries:
            raise Refusal(400, TOO_OLD)
        if self.queries[query]:
            raise bad("the same press was answered twice")
        if len(str(arguments.get("text", ""))) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.queries[query] = True
        return True

    def set_my_commands(self, arguments: Arguments) -> Any:
        """Set the menu."""
        commands = arguments.get("commands") or []
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.profile["commands", _language(arguments)] = commands
        return True

    def get_my_commands(self, arguments: Arguments) -> Any:
        """Tell the menu."""
        return self.profile.get(("commands", _language(arguments)), [])

    def set_my_description(self, arguments: Arguments) -> Any:
        """Set what is shown before the first message."""
        return self._describe(arguments, "description", 512)

    def set_my_short_description(self, arguments: Arguments) -> Any:
        """Set what is shown on the bot's page."""
        return self._describe(arguments, "short_description", 120)

    def get_my_description(self, arguments: Arguments) -> Any:
        """Tell it."""
        return {"description": self.profile.get(("description", _language(arguments)), "")}

    def get_my_short_description(self, arguments: Arguments) -> Any:
        """Tell it."""
        return {"short_description": self.profile.get(("short_description", _language(arguments)), "")}

    def _describe(self, arguments: Arguments, key: str, longest: int) -> bool:
        text = arguments.get(key, "")
        if len(text) > longest:
            raise bad(f"{key.upper()}_TOO_LONG")
        self.profile[key, _language(arguments)] = text
        return True

    def _chat(self, arguments: Arguments) -> int:
        chat_id = int(arguments.get("chat_id", 0))
        if chat_id not in self.chats:
            raise bad("chat not found")
        if chat_id in self.blocked:
            raise Refusal(403, BLOCKED)
        if chat_id in self.deactivated:
            raise Refusal(403, DEACTIVATED)
        if chat_id in self.migrated:
            raise Refusal(400, MIGRATED, migrate_to_chat_id=self.migrated[chat_id])
        return chat_id

    def _message(self, arguments: Arguments) -> dict[str, Any]:
        chat_id = self._chat(arguments)
        for message in self.messages:
            if (message["chat"]["id"], str(message["message_id"])) == (chat_id, str(arguments["message_id"])):
                return message
        raise bad("message to edit not found")

    def _edit(self, arguments: Arguments, content: dict[str, Any]) -> dict[str, Any]:
        found = self._message(arguments)
        before = {key: found.get(key) for key in ("text", "entities", "reply_markup")}
        if before == {"reply_markup": None, **{key: content[key] for key in before if key in content}}:
            raise Refusal(400, NOT_MODIFIED)
        self._pace(found["chat"]["id"])
        found.setdefault("edits", []).append(before)
        found.pop("reply_markup", None)
        found.update(content)
        return {key: value for key, value in found.items() if key != "edits"}

    def _pace(self, chat_id: int) -> None:
        now = time.monotonic()
        recent = sum(1 for _ in itertools.takewhile(lambda sent: now - sent[0] < 1, reversed(self.sent_at)))
        if self.per_second is not None and recent >= self.per_second:
            self.refused += 1
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        self.sent_at.append((now, chat_id))


def _language(arguments: Arguments) -> str:
    code = arguments.get("language_code") or ""
    if not LANGUAGE.fullmatch(code):
        raise bad("invalid language code specified")
    return str(code)


def _text(arguments: Arguments) -> tuple[str, list[dict[str, Any]]]:
    raw = arguments.get("text", "")
    if len(raw.encode()) > 32_768:
        raise bad("message is too long")
    mode = arguments.get("parse_mode")
    if mode not in (None, "HTML"):
        raise bad("unsupported parse_mode")
    text, entities = parse_html(raw) if mode else (raw.strip(), [])
    if not text.translate(UNSEEN).strip():
        raise bad("message text is empty" if not raw.strip() else "text must be non-empty")
    if len(text) > 4096:
        raise bad("message is too long")
    if len(entities) > 100:
        raise bad("more entities than Telegram keeps")
    return text, entities


def _preview(arguments: Arguments) -> dict[str, Any]:
    """Return how a link in the text is shown; without the words for it, Telegram shows the page behind it."""
    return {"link_preview_options": arguments.get("link_preview_options", {})}


def _markup(arguments: Arguments, chat_kind: str) -> dict[str, Any]:
    """Return the keyboard, if it is one that Telegram takes: inline, the app's own, or the end of that."""
    markup = arguments.get("reply_markup") or {}
    if "keyboard" in markup:
        for button in (button for row in markup["keyboard"] for button in row):
            if not button.get("text"):
                raise bad('field "text" must be of type String')
            if button.get("request_location") and chat_kind != "private":
                raise bad("Location can be requested in private chats only")
        return {"reply_markup": markup}
    if markup.get("remove_keyboard"):
        return {"reply_markup": markup}
    return _inline(arguments)


def _inline(arguments: Arguments) -> dict[str, Any]:
    """Return the keyboard below a message, if it is one that Telegram takes; only such a one can be changed."""
    markup = arguments.get("reply_markup")
    if not markup:
        return {}
    rows = markup.get("inline_keyboard")
    if rows is None:
        raise bad("inline keyboard expected")
    for button in (button for row in rows for button in row):
        actions = set(button) - {"text", "style", "icon_custom_emoji_id"}
        if not button.get("text"):
            raise bad('field "text" must be of type String')
        if len(actions) != 1:
            raise bad("Text buttons are unallowed in the inline keyboard")
        if actions == {"callback_data"} and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
    if sum(map(len, rows)) > 100:
        raise bad("reply markup is too long")
    return {"reply_markup": markup} if any(rows) else {}
