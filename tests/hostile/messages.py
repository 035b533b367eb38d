"""Updates that nobody wishes for, made from a seeded source of chance: each with the name of what it is."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fake_telegram import updates
from tests.fake_telegram.methods import World
from tests.hostile.corpus import COMMANDS, DATA, HIDDEN_DANGER, ORDINARY, PIECES
from tests.hostile.town import CANARY

Update = dict[str, Any]

PARENTS = (101, 102, 103, 104, 105, 106, 107)
TEAM = (1, 2, 3)
STRANGE_IDS = (
    0,
    -1,
    1,
    2**31,
    2**52 - 1,
    2**52,
    2**63 - 1,
    2**63,
    2**64,
    -(2**63),
    10**30,
    True,
    None,
    "5",
    1.5,
    [],
    {},
)
LONGEST = 4096
"""Characters that Telegram lets somebody type at once."""
MEGABYTE = 1000 * 1000
"""Bytes of JSON: more is refused at the door of the webhook."""
STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, 10**40, 1.5, float("inf"), float("-inf"), 1e308, "", "x", "\ud800", "\x00", [], {}, [None], [[]],
    {"id": None}, {"id": 2**70, "type": "private"}, "9" * 5000, [{}] * 50,
)  # fmt: skip
"""What may stand where something else was promised."""


@dataclass
class Source:
    """Makes updates; ``world`` knows the buttons that the bot showed, which are pressed too."""

    chance: random.Random
    world: World
    update_id: int = 1

    def next(self) -> tuple[str, Update]:
        """Return an update and the name of its kind."""
        kinds: dict[Callable[[], tuple[str, str, dict[str, Any]]], int] = {
            self._text: 40, self._command: 14, self._press: 20, self._caption: 8, self._edited: 3, self._name: 3, self._other: 6, self._location: 2,
        }  # fmt: skip
        self.update_id += 1
        if self.chance.random() < 0.06:
            return self._malformed()
        name, kind, content = self.chance.choices(list(kinds), list(kinds.values()))[0]()
        return name, {"update_id": self.update_id, kind: content}

    def text(self) -> tuple[str, str]:
        """Return a hostile text and the kind of its pieces."""
        kind = self.chance.choice((*PIECES, "any plane", "mixture", "danger", "ordinary", "changed"))
        piece = self._piece(kind)
        size = self.chance.choices(("one", "some", "full", "megabyte"), (70, 25, 4.8, 0.2))[0]
        if size == "some":
            piece = piece * self.chance.randrange(2, 40)
        elif size == "full":
            piece = (piece * (LONGEST // max(1, len(piece)) + 1))[:LONGEST]
        elif size == "megabyte":
            piece = piece * (MEGABYTE // len(json.dumps(piece)))
            kind = f"megabyte of {kind}"
        if self.chance.random() < 0.3:
            piece = f"{self.chance.choice(ORDINARY)} {piece}"
        if self.chance.random() < 0.2:
            piece = f"{piece} {CANARY} <{CANARY}>"
        return kind, piece

    def _piece(self, kind: str) -> str:
        chance = self.chance
        if kind == "any plane":
            plane = chance.randrange(17)
            return "".join(chr(plane * 0x10000 + chance.randrange(0x10000)) for _ in range(chance.randrange(1, 60)))
        if kind == "mixture":
            return chance.choice(("", " ", "\n")).join(
                chance.choice(chance.choice(list(PIECES.values()))) for _ in range(chance.randrange(2, 8))
            )
        if kind == "danger":
            return chance.choice(list(HIDDEN_DANGER.values()))
        if kind == "ordinary":
            return chance.choice(ORDINARY)
        if kind == "changed":
            letters = list(chance.choice(ORDINARY))
            for _ in range(chance.randrange(1, 5)):
                letters.insert(chance.randrange(len(letters) + 1), chr(chance.randrange(0x110000)))
            return "".join(letters)
        return chance.choice(PIECES[kind])

    def _chat(self) -> int:
        return self.chance.choice(TEAM if self.chance.random() < 0.3 else PARENTS)

    def _language(self) -> str | None:
        return self.chance.choice(("nl", "nl", "en", "tr", "pt-br", "\ud800", "x" * 300, "", None))

    def _text(self) -> tuple[str, str, dict[str, Any]]:
        kind, text = self.text()
        return f"text: {kind}", "message", updates.message(self._chat(), text, language=self._language())

    def _command(self) -> tuple[str, str, dict[str, Any]]:
        kind, text = self.text() if self.chance.random() < 0.6 else ("bare", "")
        text = f"/{self.chance.choice(COMMANDS)} {text}"
        return f"command: {kind}", "message", updates.message(self._chat(), text, language=self._language())

    def _press(self) -> tuple[str, str, dict[str, Any]]:
        shown = self._shown()
        if shown and self.chance.random() < 0.6:
            message, data = shown
            return "press: a button", "callback_query", updates.press(str(self.update_id), message, data)
        chat_id = self._chat()
        data = self.chance.choice(DATA) if self.chance.random() < 0.7 else self.text()[1]
        if self.chance.random() < 0.2:
            data = f"{self.chance.choice(DATA)}:{data}"
        held = {"message_id": self.chance.choice((0, 5, 2**31)), "date": 0, "chat": updates.chat(chat_id)}
        return "press: hostile", "callback_query", updates.press(str(self.update_id), held, data, self._language())

    def _shown(self) -> tuple[dict[str, Any], str] | None:
        """Return one of the last messages with buttons, and the data of one of them."""
        held = [message for message in self.world.messages if "inline_keyboard" in message.get("reply_markup", {})]
        if not held:
            return None
        message = self.chance.choice(held)
        buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
        clean = {key: value for key, value in message.items() if key != "edits"}
        return clean, self.chance.choice(buttons)["callback_data"]

    def _caption(self) -> tuple[str, str, dict[str, Any]]:
        kind, text = self.text()
        content = updates.CONTENTS[self.chance.choice(("photo", "video", "voice", "document", "animation", "audio"))]
        return f"caption: {kind}", "message", updates.message(self._chat(), caption=text, **content)

    def _edited(self) -> tuple[str, str, dict[str, Any]]:
        kind, text = self.text()
        return f"edited: {kind}", "edited_message", updates.message(self._chat(), text, edit_date=1_800_000_001)

    def _name(self) -> tuple[str, str, dict[str, Any]]:
        """Return a message of somebody with a hostile name, whose contact, title and file have one too."""
        kind, name = self.text()
        message = updates.message(self._chat(), self.chance.choice(ORDINARY))
        message["from"] |= {"first_name": name, "last_name": name, "username": name}
        message["chat"] |= {"first_name": name, "title": name}
        if self.chance.random() < 0.5:
            del message["text"]
            message |= self.chance.choice((
                {"contact": {"phone_number": name, "first_name": name, "vcard": name}},
                {"document": {"file_id": "f", "file_unique_id": "u", "file_name": name, "mime_type": name}},
                {"sticker": {**updates.CONTENTS["sticker"]["sticker"], "emoji": name, "set_name": name}},
                {"venue": {"location": {"latitude": 52.5, "longitude": 6.1}, "title": name, "address": name}},
            ))  # fmt: skip
        return f"name: {kind}", "message", message

    def _other(self) -> tuple[str, str, dict[str, Any]]:
        """Return what is no message of a parent in private: service messages, groups, channels, and what is to come."""
        text = self.text()[1]
        private = updates.message(self._chat(), text)
        group = updates.message(
            -self.chance.randrange(1, 9), self.chance.choice((text, "/start", "/start@minidorp_bot")), kind="group"
        )
        service: dict[str, Any] = self.chance.choice((
            {"new_chat_title": text}, {"pinned_message": private}, {"new_chat_members": [updates.person(9)]}, {"group_chat_created": True},
            {"web_app_data": {"data": text, "button_text": text}}, {"users_shared": {"request_id": 1, "users": []}}, {"unknown_of_2031": {"x": text}},
            {"forward_origin": {"type": "hidden_user", "sender_user_name": text, "date": 1}}, {"dice": {"value": 1, "emoji": text}},
            {"poll": {**updates.CONTENTS["poll"]["poll"], "question": text}}, {"quote": {"text": text, "position": -1}},
        ))  # fmt: skip
        made: tuple[str, str, dict[str, Any]] = self.chance.choice((
            ("other: service message", "message", {key: value for key, value in {**private, **service}.items() if key != "text"}),
            ("other: message with more", "message", {**private, **service}),
            ("other: group", "message", group),
            ("other: channel post", "channel_post", {**private, "chat": updates.chat(-100, "channel")}),
            ("other: message of a channel", "message", {**private, "chat": updates.chat(-100, "channel"), "from": None}),
            ("other: business message", "business_message", {**private, "business_connection_id": text}),
            ("other: inline query", "inline_query", {"id": "1", "from": updates.person(5), "query": text, "offset": text}),
            ("other: reaction", "message_reaction", {"chat": updates.chat(101), "message_id": 1, "date": 1, "new_reaction": [], "old_reaction": []}),
            ("other: membership", "my_chat_member", updates.membership(self.chance.choice((-5, 101)), self.chance.choice(("member", "left", "kicked")), kind=self.chance.choice(("group", "private", "channel")))),
            ("other: unknown update", "something_of_2031", {"chat": updates.chat(101), "text": text}),
            ("other: answer to a message", "message", {**private, "reply_to_message": updates.message(101, text)}),
        ))  # fmt: skip
        return made

    def _location(self) -> tuple[str, str, dict[str, Any]]:
        degrees = (52.5, 6.1, 90, -180, 1e-300, 91, 1e308, float("inf"), -0.0, 0, None, "52", 10**400)
        where = {"latitude": self.chance.choice(degrees), "longitude": self.chance.choice(degrees)}
        return "location", "message", updates.message(self._chat(), location=where)

    def _malformed(self) -> tuple[str, Update]:
        """Return an update in which something lacks, is of another type, too large, or nested too deep."""
        kind, content = self.chance.choice(
            (self._text, self._caption, self._press, self._other, self._location, self._name)
        )()[1:]
        if len(str(content)) > 20_000:
            kind, content = "message", updates.message(self._chat(), "hoi")
        update: Update = {"update_id": self._update_id(), kind: copy.deepcopy(content)}
        for _ in range(self.chance.randrange(1, 4)):
            self._break(update[kind])
        if self.chance.random() < 0.05:
            update[kind] = copy.deepcopy(self.chance.choice(STRANGE))
        elif self.chance.random() < 0.05:
            deep: Any = updates.message(101, "diep")
            for _ in range(self.chance.choice((5, 40, 120))):
                deep = {**updates.message(101, "diep"), "reply_to_message": deep}
            update = {"update_id": self.update_id, "message": deep}
        if self.chance.random() < 0.03:
            del update["update_id"]
        return "malformed", update

    def _update_id(self) -> Any:
        """Return the number of the update, or now and then what is none, or belongs to another."""
        return copy.deepcopy(self.chance.choice(STRANGE_IDS)) if self.chance.random() < 0.15 else self.update_id

    def _break(self, holder: Any) -> None:
        """Change one thing somewhere inside."""
        while isinstance(holder, dict) and holder:
            key = self.chance.choice(list(holder))
            if isinstance(holder[key], dict) and self.chance.random() < 0.6:
                holder = holder[key]
                continue
            if self.chance.random() < 0.3:
                del holder[key]
            else:
                # A copy, or what is broken next would be broken for ever.
                holder[key] = copy.deepcopy(self.chance.choice(STRANGE_IDS if key == "id" else STRANGE))
            return
