"""Every word the bot itself says, in gettext catalogues: one folder a language, three catalogues in each.

``parents.po`` holds what parents read, by key (``start.greeting``): code names a key, never a sentence. ``team.po``
holds what coordinators and professionals read in their chat, in the same way.
``curators.po`` holds what curators and operators read, by its English sentence. Adding a language is adding
a folder. The catalogues are read as they are written, so nothing has to be compiled.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel import localedata
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

FOLDER = Path(__file__).parent

DEFAULT_LANGUAGE = "nl"
"""What a parent reads when nothing tells which language they want."""


@cache
def languages() -> tuple[str, ...]:
    """Return the languages the bot speaks itself, the default first."""
    found = sorted(path.parent.name for path in FOLDER.glob("*/parents.po"))
    return (DEFAULT_LANGUAGE, *(language for language in found if language != DEFAULT_LANGUAGE))


@cache
def curator_languages() -> tuple[str, ...]:
    """Return the languages in which curators and operators are told things: English, and those with a catalogue."""
    return ("en", *sorted(path.parent.name for path in FOLDER.glob("*/curators.po")))


def is_language(code: str) -> bool:
    """Tell whether there is a language with this code of two or three letters, whether the bot speaks it or not."""
    return len(code) in (2, 3) and code.isalpha() and localedata.exists(code)


@cache
def _catalogue(language: str, domain: str) -> Translations:
    path = FOLDER / language / f"{domain}.po"
    if not path.exists():
        return Translations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def parent_words(language: str) -> Callable[..., str]:
    """Return the function that gives the words of a key in ``language``: ``words("start.greeting", town="Zwolle")``.

    A language the bot does not speak gets the default one. Raises ``KeyError`` for a key that stands nowhere.
    """
    return _by_key(language, "parents")


def team_words(language: str) -> Callable[..., str]:
    """Return the function that gives the team's words of a key in ``language``, as ``parent_words`` does."""
    return _by_key(language, "team")


def _by_key(language: str, domain: str) -> Callable[..., str]:
    chosen = language if language in languages() else DEFAULT_LANGUAGE

    def words(key: str, **values: object) -> str:
        text = _catalogue(chosen, domain).gettext(key)
        if text == key:
            raise KeyError(key)
        return text.format(**values) if values else text

    return words


def curator_words(language: str) -> Callable[[str], str]:
    """Return the function that translates an English sentence for curators; an unknown language stays English."""
    return _catalogue(language, "curators").gettext
