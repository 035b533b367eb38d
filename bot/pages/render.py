"""From a template and what it shows to one self-contained HTML page."""

from __future__ import annotations

from functools import cache

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.locales import curator_words


def page(template: str, language: str, **shown: object) -> str:
    """Return the page that ``template`` makes in ``language``.

    A template names its own words as English sentences, ``_("…")``, which stand in the catalogues for curators, and
    writes out a date with ``day(…)``.
    """
    return (
        _templates()
        .get_template(template)
        .render(
            _=curator_words(language),
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
