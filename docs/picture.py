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
    "me dochter van 2 wil neit op et potje",
    "ze wil alleen nog pasta",
    "baby van 6 weken heeft 38.6 koorts",
)
"""A question with typing errors and an age, one that can mean several things, and a warning sign."""

FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
"""Fonts that are already there, on whatever machine shows the picture."""

CHARACTER_PX = 12.2
"""How wide rich draws a character."""

MIDDLE_PX = 6.5
"""How far the middle of a line lies above its baseline."""

BUBBLE_COLOUR = "#98a84b"
"""The green that rich's theme has for the lines of a bubble."""


def without_fonts_from_elsewhere(svg: str) -> str:
    """Return ``svg`` with fonts of the reader's own machine in place of those that would be fetched from a CDN."""
    kept = re.sub(r"\s*@font-face\s*\{[^}]*\}", "", svg)
    return re.sub(r"font-family:\s*(?:Fira Code|arial)[^;]*;", f"font-family: {FONTS};", kept)


def with_round_bubbles(svg: str) -> str:
    """Return ``svg`` with a drawn line around each bubble: lines made of characters show gaps in most fonts."""
    tops: list[float] = []

    def drawn(found: re.Match[str]) -> str:
        middle = float(found["baseline"]) - MIDDLE_PX
        if found["text"][0] == "╭":
            tops.append(middle)
        if found["text"][0] != "╰":
            return ""
        left, width = CHARACTER_PX / 2, float(found["width"]) - CHARACTER_PX
        top = tops.pop()
        return (
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{middle - top:.1f}" rx="12" '
            f'style="fill: none; stroke: {BUBBLE_COLOUR}; stroke-width: 1.5"/>'
        )

    return re.sub(
        r'<text [^>]*y="(?P<baseline>[\d.]+)" textLength="(?P<width>[\d.]+)"[^>]*>(?P<text>│|[╭╰]─+[╮╯])</text>',
        drawn,
        svg,
    )


async def draw() -> str:
    """Return the picture of a conversation with the curated files as they are now."""
    async with app.in_the_terminal(settings.read()) as conversation:
        svg = await terminal.picture(conversation, TYPED, TITLE)
    return with_round_bubbles(without_fonts_from_elsewhere(svg))


if __name__ == "__main__":
    PICTURE.write_text(asyncio.run(draw()), encoding="utf-8")
