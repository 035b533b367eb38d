"""Draws the conversation at the top of the README: ``make picture`` writes ``docs/conversation.svg`` anew.

The replies are the bot's own, so a picture that no longer fits the text is one command away from right.
Nothing in it is fetched from the internet: whoever opens the README is not told to anybody.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from bot import app, settings, terminal

PICTURE = Path(__file__).with_name("conversation.svg")

TITLE = "Minidorp"

TYPED = (
    "me dochter van 2,5 wil neit op et potje",
    "ze eet niks",
    "baby van 6 weken heeft 38.6 koorts",
)
"""A question with typing errors and an age, one that can mean several things, and a warning sign."""

FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
"""Fonts that are already there, on whatever machine shows the picture."""


def without_fonts_from_elsewhere(svg: str) -> str:
    """Return ``svg`` with fonts of the reader's own machine in place of those that would be fetched from a CDN."""
    kept = re.sub(r"\s*@font-face\s*\{[^}]*\}", "", svg)
    return re.sub(r"font-family:\s*(?:Fira Code|arial)[^;]*;", f"font-family: {FONTS};", kept)


async def draw() -> str:
    """Return the picture of a conversation with the curated files as they are now."""
    async with app.in_the_terminal(settings.read()) as conversation:
        return without_fonts_from_elsewhere(await terminal.picture(conversation, TYPED, TITLE))


if __name__ == "__main__":
    PICTURE.write_text(asyncio.run(draw()), encoding="utf-8")
