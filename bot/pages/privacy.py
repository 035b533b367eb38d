"""What is kept, as a page to read before ever opening the bot: the same words as in the chat."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.privacy import whole
from bot.locales import languages, parent_words
from bot.model import Privacy
from bot.pages.agenda import Site, frame
from bot.pages.render import page


def privacy(of: Privacy, site: Site, language: str, now: datetime) -> str:
    """Return the page. ``now`` is aware, in the zone of the town."""
    around = frame(site, "", language, now)
    around["others"] = [
        (other, parent_words(other)("language.name"), site.privacy(other)) for other in languages() if other != language
    ]
    sections = [(heading, _blocks(text)) for heading, text in whole(language, site.town, of)]
    return page("privacy-text.html", language, sections=sections, **around)


def _blocks(text: str) -> tuple[list[str], list[str]]:
    """Return the lines that are paragraphs and, after them, those of the list."""
    lines = text.splitlines()
    return [line for line in lines if not line.startswith("•")], [line[2:] for line in lines if line.startswith("•")]
