"""The columns of a coordinator's spreadsheet: by which names each is known, and an example sheet to begin from.

Names are compared without capitals, accents, spaces and signs: ``Dag of datum``, ``dag_of_datum`` and ``DAG/DATUM``
are one column. The order of the columns is free.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence

from bot.agenda.spreadsheet import Row

SYNONYMS: dict[str, str] = {
    "id": "id",
    "titel": "naam, activiteit, bijeenkomst, wat, titel nl, title",
    "titel_en": "titel engels, title en, english title",
    "plek": "locatie, plaats, waar, gebouw, place, location",
    "adres": "straat, straat en huisnummer, address",
    "postcode": "pc, postal code",
    "woonplaats": "stad, dorp, town",
    "wijk": "buurt, stadsdeel, neighbourhood",
    "dag_of_datum": "dag, datum, dag datum, wanneer, dagen, datums, data, date, day",
    "begin": "begintijd, starttijd, aanvang, van, from",
    "eind": "einde, eindtijd, end",
    "tijd": "tijden, tijdstip, hoe laat, time",
    "herhaling": "herhaal, hoe vaak, frequentie, ritme, repeat",
    "start": "startdatum, begindatum, vanaf, start date",
    "tot": "tot en met, tm, einddatum, laatste keer, until",
    "niet_in_vakantie": "niet in vakanties, niet in schoolvakantie, niet in schoolvakanties, vakantie vrij",
    "niet_op_feestdagen": "niet op feestdag, feestdagen vrij",
    "voor_wie": "doelgroep, wie, audience",
    "voor_wie_en": "doelgroep engels, voor wie engels",
    "leeftijd": "leeftijden, leeftijd kind, leeftijd kinderen, ages",
    "kosten": "prijs, bijdrage, cost",
    "kosten_en": "prijs engels, kosten engels",
    "aanmelden": "aanmelding, opgeven, inschrijven",
    "thema": "onderwerp, themas, theme",
    "thema_en": "onderwerp engels, thema engels",
    "taal": "talen, voertaal, language",
    "contact": "contactpersoon, contactgegevens",
    "organisatie": "organisator, gastheer, door, host",
    "beroepskracht": "professional, wie is er",
    "beroepskracht_en": "beroepskracht engels",
    "omschrijving": "beschrijving, toelichting, uitleg, description",
    "omschrijving_en": "omschrijving engels, beschrijving engels",
    "eerste_keer": "eerste keer nl, nieuw",
    "eerste_keer_en": "eerste keer engels",
    "zoekwoorden": "trefwoorden, topics",
    "toegankelijkheid": "toegankelijk, rolstoel, kinderwagen",
    "toegankelijkheid_en": "toegankelijkheid engels",
    "ingang": "hoe kom je binnen, binnenkomen",
    "ingang_en": "ingang engels",
    "bevestigd_op": "bevestigd, gecheckt op",
}
"""The name of each column, and what else people call it."""

_HEADER_WITHIN = 15
"""Rows in which the names of the columns are looked for; a title may stand above them."""


class HeaderError(ValueError):
    """A sheet whose columns cannot be told apart; the message says what to do."""


def plain(name: object) -> str:
    """Return a name without capitals, accents, spaces and signs, so that two ways of writing it are the same."""
    letters = unicodedata.normalize("NFKD", str(name).casefold())
    return re.sub(r"[^a-z0-9]", "", letters.encode("ascii", "ignore").decode())


_KNOWN = {
    plain(name): column
    for column, names in SYNONYMS.items()
    for name in (column, *names.split(", "))
}  # fmt: skip


def header(rows: Sequence[Row]) -> tuple[int, dict[str, int], list[str]]:
    """Return where the names stand, the position of each column from 0, and the names that nobody knows.

    Raises ``HeaderError`` when there is no such row, or a column stands twice.
    """
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        named = [(position, str(cell)) for position, cell in enumerate(row.cells) if cell is not None]
        known = [plain(name) for _, name in named if plain(name) in _KNOWN]
        if len(known) >= 2 and any(_KNOWN[name] == "titel" for name in known):
            return index, *_columns(row.number, named)
    raise HeaderError(
        "has no row with the names of the columns, such as titel, plek, dag_of_datum and tijd; "
        "'minidorp import --template' writes an example"
    )


def _columns(number: int, named: Sequence[tuple[int, str]]) -> tuple[dict[str, int], list[str]]:
    names = {plain(name) for _, name in named}
    columns: dict[str, int] = {}
    unknown = []
    for position, name in named:
        column = _KNOWN.get(plain(name))
        if column == "plek" and plain(name) == "plaats" and names & {"plek", "locatie", "waar", "gebouw"}:
            column = "woonplaats"
        if column is None:
            unknown.append(name)
        elif column in columns:
            raise HeaderError(f"row {number}: two columns are the {column} ('{name}'); remove one, or rename it")
        else:
            columns[column] = position
    return columns, unknown


TEMPLATE_COLUMNS = (
    "titel", "titel_en", "plek", "adres", "postcode", "wijk", "dag_of_datum", "tijd", "herhaling", "start", "tot",
    "niet_in_vakantie", "voor_wie", "voor_wie_en", "leeftijd", "kosten", "aanmelden", "thema", "thema_en", "taal",
    "contact", "organisatie",
)  # fmt: skip

TEMPLATE_ROWS: tuple[dict[str, str], ...] = (
    {
        "titel": "Voorbeeld: koffie in de wijk",
        "titel_en": "Example: coffee in the neighbourhood",
        "plek": "Voorbeeld: de buurtkamer",
        "wijk": "Stadshagen",
        "dag_of_datum": "woensdag",
        "tijd": "9.30 - 11.30 uur",
        "herhaling": "om de week",
        "start": "1-9-{year}",
        "tot": "30-6-{next}",
        "niet_in_vakantie": "ja",
        "voor_wie": "Ouders met een kind van 0 tot 4 jaar.",
        "voor_wie_en": "Parents with a child from 0 to 4 years old.",
        "leeftijd": "0-4 jaar",
        "kosten": "gratis",
        "aanmelden": "nee",
        "taal": "Nederlands",
    },
    {
        "titel": "Voorbeeld: samen zingen",
        "titel_en": "Example: singing together",
        "plek": "Voorbeeld: de bibliotheek",
        "wijk": "Dieze",
        "dag_of_datum": "8-6-{next}",
        "tijd": "10.00 - 11.00 uur",
        "voor_wie": "Ouders, opa's en oma's.",
        "voor_wie_en": "Parents and grandparents.",
        "leeftijd": "0-24 mnd",
        "kosten": "gratis",
        "aanmelden": "ja",
        "thema": "Liedjes voor het slapen",
        "thema_en": "Songs for bedtime",
        "taal": "Nederlands, Engels",
    },
)
"""A series with a rhythm, and one date with a theme; ``{year}`` is the year in which the season begins."""


def template(season: int) -> bytes:
    """Return an example sheet for the season that begins in the year ``season``: CSV as Dutch Excel opens it.

    Semicolons, and UTF-8 with a mark in front, without which Excel shows ``é`` as two signs.
    """
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=";", lineterminator="\r\n")
    sheet.writerow(TEMPLATE_COLUMNS)
    for row in TEMPLATE_ROWS:
        sheet.writerow([row.get(name, "").format(year=season, next=season + 1) for name in TEMPLATE_COLUMNS])
    return out.getvalue().encode("utf-8-sig")
