"""From a template and what it shows to one self-contained HTML page."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.locales import curator_words, moments, parent_words


def page(template: str, language: str, **shown: object) -> str:
    """Return the page that ``template`` makes in ``language``.

    A template for parents names its words by key, ``words("page.…")``, and tells days with ``moments``. One for
    curators has its words as English sentences, ``_("…")``, which stand in the catalogues for curators, and writes out
    a date with ``day(…)``.
    """
    return (
        _templates()
        .get_template(template)
        .render(
            _=curator_words(language),
            words=parent_words(language),
            moments=moments,
            day=lambda day: format_date(day, "long", locale=language),
            language=language,
            **shown,
        )
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("bot.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def style_hash(html: str) -> str:
    """Return the hash by which a browser is told that this page's own style may be used: ``sha256-…``."""
    style = html.partition("<style>")[2].partition("</style>")[0]
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
