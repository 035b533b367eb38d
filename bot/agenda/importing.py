"""A coordinator's sheet against the agenda: what becomes a new series or place, and what changes in one that is there.

Pure: bytes, the agenda and today in, a :class:`Plan` out. A series that is there is changed only where the sheet says
something. What nobody told is left open: a place has no coordinates and nothing is confirmed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.agenda import phrases
from bot.agenda.columns import HeaderError, header, plain
from bot.agenda.model import Agenda, Meetup, Place, Series
from bot.agenda.sheet_rows import Remark, Said, read
from bot.agenda.spreadsheet import SpreadsheetError
from bot.agenda.spreadsheet import read as read_sheet
from bot.knowledge.model import MAIN_LANGUAGE, Knowledge, Neighbourhood
from bot.locales import parent_words

ID_LENGTH = 36
"""Characters of a series' id: a button carries it with a date."""

FREE = {"gratis", "free", "niks", "geenkosten", "kosteloos", "geen", "0"}
"""Ways to say that it costs nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One series of the sheet as people see it in a table; ``state`` is what happens to the agenda."""

    rows: tuple[int, ...]
    state: str
    title: str
    place: str
    when: str
    hours: str
    remarks: tuple[str, ...] = ()


@dataclass
class Plan:
    """What a sheet would do. Changes are by id and field; ``row_of`` says in which row a series stands first."""

    remarks: list[Remark] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    new_places: list[dict[str, Any]] = field(default_factory=list)
    place_changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    new_meetups: list[dict[str, Any]] = field(default_factory=list)
    meetup_changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    row_of: dict[str, int] = field(default_factory=dict)
    row_of_day: dict[tuple[str, date], int] = field(default_factory=dict)

    def has_errors(self) -> bool:
        """Tell whether something keeps the sheet from being written."""
        return any(remark.level == "error" for remark in self.remarks)


def plan(data: bytes, name: str, agenda: Agenda, knowledge: Knowledge, today: date) -> Plan:
    """Return what the sheet ``data``, a file called ``name``, would change in ``agenda``; every mistake at once."""
    made = Plan()
    try:
        rows = read_sheet(data)
        index, columns, unknown = header(rows)
    except (SpreadsheetError, HeaderError) as error:
        made.remarks.append(Remark(None, None, str(error)))
        return made
    for column in unknown:
        made.remarks.append(
            Remark(rows[index].number, None, f"the column '{column[:40]}' is not known, and is left out", "note")
        )
    said, remarks = read(rows[index + 1 :], columns, today)
    made.remarks += remarks
    if not said and not made.has_errors():
        made.remarks.append(Remark(None, None, "holds no meetings below the names of the columns; add a row for each"))
    against = _Against(made, name, agenda, knowledge, today)
    for series in said:
        against.series(series)
    made.remarks.sort(key=lambda remark: remark.row or 0)
    return made


class _Against:
    """The agenda as it is, and the plan that grows beside it."""

    def __init__(self, made: Plan, name: str, agenda: Agenda, knowledge: Knowledge, today: date) -> None:
        self._plan = made
        self._name = name
        self._agenda = agenda
        self._knowledge = knowledge
        self._today = today
        self._new_places: dict[str, dict[str, Any]] = {}
        self._ids = {series.id for series in agenda.series()}

    def series(self, said: Said) -> None:
        """Add one series of the sheet to the plan."""
        title = str(said.fields.get("titel") or said.fields["id"])
        place, neighbourhood, place_name = self._place(said)
        there = self._there(said, title, place)
        if there and there.id in self._plan.row_of:
            first = self._plan.row_of[there.id]
            self._error(said, None, f"is '{there.id}', as row {first} is; write titel and plek the same in both")
            return
        if isinstance(there, Meetup):
            self._known(there, said, place, neighbourhood, place_name)
        elif there is not None:
            self._error(said, None, f"'{there.id}' takes its dates from a calendar (.ics); change it there")
        else:
            self._new(said, title, place, neighbourhood, place_name)

    def _error(self, said: Said, column: str | None, sentence: str) -> None:
        self._plan.remarks.append(Remark(said.at.get(column or "", said.rows[0]), column, sentence))

    def _note(self, said: Said, column: str | None, sentence: str) -> None:
        self._plan.remarks.append(Remark(said.at.get(column or "", said.rows[0]), column, sentence, "note"))

    # Where it is.

    def _place(self, said: Said) -> tuple[str | None, str | None, str]:
        """Return the place's id, its wijk and its name; None for what is not said or cannot be found."""
        wijk = self._wijk(said)
        name = said.fields.get("plek")
        if name is None:
            return None, wijk, ""
        found = self._known_places(str(name))
        if len(found) > 1:
            self._error(
                said, "plek", f"'{name}' may be {' or '.join(place.name for place in found)}; write one of them in full"
            )
            return None, wijk, str(name)
        if found:
            if plain(name) not in (plain(found[0].name), plain(found[0].id)):
                self._note(said, "plek", f"'{name}' is taken as {found[0].name}; write another name if it is not")
            self._place_changes(found[0], said)
            return found[0].id, wijk or found[0].neighbourhood, found[0].name
        return self._new_place(said, str(name), wijk)

    def _known_places(self, name: str) -> list[Place]:
        places = list(self._agenda.places.values())
        same = [place for place in places if plain(name) in (plain(place.name), plain(place.id))]
        if same or len(plain(name)) < 5:
            return same
        return [place for place in places if f" {_spaced(name)} " in f" {_spaced(place.name)} "]

    def _wijk(self, said: Said) -> str | None:
        name = said.fields.get("wijk")
        if name is None:
            return None
        for wijk in self._knowledge.neighbourhoods:
            if plain(name) in {plain(each) for each in (wijk.id, wijk.name, *wijk.synonyms)}:
                return wijk.id
        if "wijk" in said.at:
            self._error(
                said, "wijk", f"'{name}' is no wijk we know; choose one of {_names(self._knowledge.neighbourhoods)}"
            )
        return ""

    def _new_place(self, said: Said, name: str, wijk: str | None) -> tuple[str | None, str | None, str]:
        if plain(name) in self._new_places:
            known = self._new_places[plain(name)]
            if wijk and wijk != known["neighbourhood"]:
                self._error(said, "wijk", f"'{name}' is in {known['neighbourhood']} in another row; make them the same")
            return known["id"], wijk or known["neighbourhood"], name
        postcode = said.fields.get("postcode")
        if wijk is None and postcode:
            of = [each.id for each in self._knowledge.neighbourhoods if int(postcode[:4]) in each.postcodes]
            wijk = of[0] if len(of) == 1 else None
        if wijk is None:
            self._error(
                said,
                "wijk",
                f"in which wijk is '{name}'? it is a new place; write one of {_names(self._knowledge.neighbourhoods)}",
            )
            wijk = ""
        taken = {*self._agenda.places, *(place["id"] for place in self._new_places.values())}
        identifier = _free(_slug(name), taken)
        place: dict[str, Any] = {
            "id": identifier,
            "name": name,
            "neighbourhood": wijk,
            "address": self._address(said),
            "coordinates": None,
            "accessibility": self._told(said, "toegankelijkheid"),
            "how_to_enter": self._told(said, "ingang"),
            "confirmed_on": None,
            "review_note": f"Uit {self._name}. Vraag de plek op de kaart, welke deur, en of dit klopt.",
        }
        self._new_places[plain(name)] = place
        self._plan.new_places.append(place)
        self._plan.row_of[identifier] = said.at["plek"]
        return identifier, wijk, name

    def _address(self, said: Said) -> dict[str, str] | None:
        street = said.fields.get("adres")
        if street is None:
            return None
        address = {"street": street}
        if "postcode" in said.fields:
            address["postcode"] = said.fields["postcode"]
        return {**address, "town": said.fields.get("woonplaats", self._knowledge.town)}

    def _place_changes(self, place: Place, said: Said) -> None:
        changes: dict[str, Any] = {}
        address = self._address(said)
        if address and (place.address is None or address != place.address.model_dump(exclude_none=True)):
            changes["address"] = address
        for column, name in (("toegankelijkheid", "accessibility"), ("ingang", "how_to_enter")):
            changes |= self._changed_text(said, column, name, getattr(place, name))
        for name, value in changes.items():
            self._plan.place_changes.setdefault(place.id, {})[name] = value
        if changes:
            self._plan.row_of[place.id] = said.rows[0]

    # Which series.

    def _there(self, said: Said, title: str, place: str | None) -> Series | None:
        """Return the series that is meant: by id, or by its name at the same place."""
        identifier = said.fields.get("id")
        for series in self._agenda.series():
            if identifier is not None:
                if series.id == identifier:
                    return series
            elif plain(title) in (plain(series.summary[MAIN_LANGUAGE]), plain(series.id)) and place in (
                None,
                series.place,
            ):
                return series
        return None

    def _new(self, said: Said, title: str, place: str | None, neighbourhood: str | None, place_name: str) -> None:
        fields = said.fields
        for column, remedy in (
            ("plek", "write where it is"),
            ("voor_wie", "write for whom it is, such as 'Ouders met een kind van 0 tot 4 jaar'"),
            ("leeftijd", "write the age of the children, such as 0-4 jaar"),
            ("from_time", "write when it begins and ends, such as 9.30 - 11.30 uur"),
            ("until_time", "write when it ends, such as 9.30 - 11.30 uur"),
        ):
            is_told = any(
                remark.row in said.rows and remark.column in (column, "tijd") for remark in self._plan.remarks
            )
            if column not in fields and not is_told:
                self._error(
                    said, {"from_time": "tijd", "until_time": "tijd"}.get(column, column), f"is empty; {remedy}"
                )
                if column == "from_time":
                    fields.setdefault("until_time", None)
        rhythm, days = fields.get("rhythm"), sorted(said.days)
        if rhythm is None and not days and not self._has_error(said, "dag_of_datum", "herhaling"):
            self._error(said, "dag_of_datum", "is empty; write a date, or a weekday and how often")
        start = fields.get("start") or (min(days) if days and not rhythm else self._today)
        rule = phrases.read(rhythm) if rhythm else None
        if isinstance(rule, phrases.Weekly) and rule.interval > 1 and "start" not in fields:
            self._error(said, "start", f"is empty; '{rhythm}' is counted from the first morning, so write its date")
        identifier = fields.get("id") or self._free_id(title, place)
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", identifier) or len(identifier) > ID_LENGTH:
            self._error(
                said, "id", f"'{identifier}' is no id; write small letters, digits and dashes, {ID_LENGTH} at most"
            )
        self._ids.add(identifier)
        meetup: dict[str, Any] = {
            "id": identifier,
            "summary": self._text(said, "titel", title),
            "description": self._description(said),
            "neighbourhood": neighbourhood or "",
            "place": place or "",
            "host": fields.get("organisatie"),
            "professional": self._told(said, "beroepskracht"),
            "audience": self._told(said, "voor_wie"),
            "ages": fields.get("leeftijd"),
            "cost": self._cost(said) or _in_both("import.cost_unknown"),
            "languages": fields.get("taal"),
            "topics": _topics(fields.get("zoekwoorden")),
            "first_time": self._told(said, "eerste_keer"),
            "confirmed_on": fields.get("bevestigd_op"),
            "review_note": self._review_note(said),
            "when": rhythm or "dates",
            "dates": days if not rhythm else None,
            "from_time": fields.get("from_time"),
            "until_time": fields.get("until_time"),
            "start": start,
            "until": fields.get("tot"),
            "skip": _skip(fields) or None,
            "themes": list(self._themes(said).values()) or None,
        }
        optional = (
            "description",
            "professional",
            "languages",
            "topics",
            "first_time",
            "dates",
            "until",
            "skip",
            "themes",
        )
        self._plan.new_meetups.append(
            {name: value for name, value in meetup.items() if value is not None or name not in optional}
        )
        self._record(said, identifier)
        self._line(said, "new", title, place_name, meetup, self._told_themes(said))

    def _known(self, there: Meetup, said: Said, place: str | None, neighbourhood: str | None, place_name: str) -> None:
        fields = said.fields
        changes: dict[str, Any] = {}
        for column, name in (
            # Found by its title, it has that title; only a series that is named by its id can get another.
            *((("titel", "summary"),) if "id" in fields else ()),
            ("omschrijving", "description"),
            ("beroepskracht", "professional"),
            ("voor_wie", "audience"),
            ("eerste_keer", "first_time"),
        ):
            changes |= self._changed_text(said, column, name, getattr(there, name))
        cost = self._cost(said)
        if cost and cost[MAIN_LANGUAGE] != there.cost[MAIN_LANGUAGE]:
            changes["cost"] = cost
        sign_up = self._sign_up(said)
        if sign_up and "omschrijving" not in fields and sign_up["nl"] not in (there.description or {}).get("nl", ""):
            self._note(said, "aanmelden", "changes nothing in a series that is there; write it in omschrijving")
        wanted = {
            "place": place,
            "neighbourhood": (neighbourhood if "wijk" in fields or (place and place != there.place) else None) or None,
            "host": fields.get("organisatie"),
            "ages": fields.get("leeftijd"),
            "languages": fields.get("taal"),
            "topics": _topics(fields.get("zoekwoorden")),
            "confirmed_on": fields.get("bevestigd_op"),
            "from_time": fields.get("from_time"),
            "until_time": fields.get("until_time"),
            "start": fields.get("start"),
            "until": fields.get("tot"),
            "skip": _skip(fields) if "niet_in_vakantie" in fields or "niet_op_feestdagen" in fields else None,
        }
        for name, value in wanted.items():
            before = getattr(there, name)
            if value is not None and value != (list(before) if isinstance(value, list) else before):
                changes[name] = value
        changes |= self._changed_days(there, said)
        themes = {
            day: entry
            for day, entry in self._themes(said).items()
            if entry["theme"] != next((dict(each.theme) for each in there.themes if each.day == day), None)
        }
        if themes:
            changes["themes"] = themes
        is_moved = changes.keys() & {"when", "dates", "place", "from_time", "until_time"}
        if is_moved and there.confirmed_on and "bevestigd_op" not in fields:
            self._note(
                said, None, f"'{there.id}' was confirmed on {there.confirmed_on} and changes now; ask the host again"
            )
        self._record(said, there.id)
        if changes:
            self._plan.meetup_changes[there.id] = changes
        place_there = self._agenda.places.get(there.place)
        shown = {name: changes.get(name, getattr(there, name)) for name in ("when", "dates", "from_time", "until_time")}
        self._line(
            said,
            "changed" if changes else "as it was",
            there.summary[MAIN_LANGUAGE],
            place_name or (place_there.name if place_there else there.place),
            shown,
            (*(sorted(changes.keys() - {"themes"})), *self._told_themes(said)),
        )

    def _changed_days(self, there: Meetup, said: Said) -> dict[str, Any]:
        rhythm, days = said.fields.get("rhythm"), set(said.days)
        was = phrases.read(there.when)
        if rhythm:
            changes: dict[str, Any] = {} if phrases.read(rhythm) == was else {"when": rhythm}
            return {**changes, "dates": []} if changes and there.dates else changes
        if not isinstance(was, phrases.Dates):
            if days - set(said.themes):
                self._note(
                    said, "dag_of_datum", f"'{there.id}' repeats ({there.when}); a date without a theme changes nothing"
                )
            return {}
        if not days or days <= set(there.dates):
            return {}
        left = [day for day in there.dates if day >= self._today and day not in days]
        if left:
            told = ", ".join(f"{day:%d-%m-%Y}" for day in sorted(left))
            self._note(said, None, f"the agenda also has {told}, which stay; remove them by hand when they are off")
        changes = {"dates": sorted(days | set(there.dates))}
        if min(days) < there.start and "start" not in said.fields:
            changes["start"] = min(days)
        return changes

    def _record(self, said: Said, identifier: str) -> None:
        self._plan.row_of[identifier] = said.rows[0]
        for day, row in said.days.items():
            self._plan.row_of_day[identifier, day] = row

    def _has_error(self, said: Said, *columns: str) -> bool:
        return any(
            remark.row in said.rows and remark.column in columns and remark.level == "error"
            for remark in self._plan.remarks
        )

    # The words.

    def _told(self, said: Said, column: str) -> dict[str, str] | None:
        text = said.fields.get(column)
        return self._text(said, column, _sentence(text)) if text else None

    def _text(self, said: Said, column: str, text: str) -> dict[str, str]:
        english = said.fields.get(f"{column}_en")
        if english is None and column != "kosten":
            self._note(
                said, column, f"has no English beside it, so the Dutch stands there too; add a column {column}_en"
            )
        is_title = column == "titel"
        return {"nl": text, "en": (english if is_title else _sentence(english)) if english else text}

    def _changed_text(
        self, said: Said, column: str, name: str, before: Mapping[str, str] | None
    ) -> dict[str, dict[str, str]]:
        text, english = said.fields.get(column), said.fields.get(f"{column}_en")
        if column != "titel":
            text, english = text and _sentence(text), english and _sentence(english)
        if not text or not before:
            return {name: self._text(said, column, text)} if text else {}
        changed = {
            language: words
            for language, words in (("nl", text), ("en", english))
            if words and " ".join(words.split()) != " ".join(before.get(language, "").split())
        }
        if set(changed) == {"nl"} and not english:
            self._note(said, column, f"changes in Dutch only; the English still says '{before['en'][:60]}'")
        return {name: changed} if changed else {}

    def _cost(self, said: Said) -> dict[str, str] | None:
        text = said.fields.get("kosten")
        if text is None:
            return None
        if plain(text) in FREE:
            return _in_both("import.free")
        amount = re.fullmatch(r"(?:€|eur|euro)?\s*(\d+)(?:[.,](\d{1,2}|-))?\s*(?:euro|p\.?p\.?)?\.?", text.lower())
        if amount:
            cents = (amount[2] or "").replace("-", "").ljust(2, "0")
            return {"nl": f"€ {amount[1]},{cents}.", "en": f"€{amount[1]}.{cents}."}
        return self._text(said, "kosten", _sentence(text))

    def _description(self, said: Said) -> dict[str, str] | None:
        told, words = self._told(said, "omschrijving"), self._sign_up(said)
        if words is None or told is None:
            return told or words
        return {language: f"{told[language]} {words[language]}" for language in words}

    def _sign_up(self, said: Said) -> dict[str, str] | None:
        sign_up = said.fields.get("aanmelden")
        if sign_up is None:
            return None
        if plain(sign_up) in ("ja", "j", "x", "yes", "verplicht", "graag"):
            return _in_both("import.sign_up")
        if plain(sign_up) in ("nee", "n", "no", "nietnodig", "vrijeinloop", "inloop", "hoeftniet"):
            return _in_both("import.no_sign_up")
        how = _sentence(sign_up)
        return {language: parent_words(language)("import.sign_up_how", how=how) for language in ("nl", "en")}

    def _review_note(self, said: Said) -> str:
        note = f"Uit {self._name}. Vraag bij wie ontvangt na of alles klopt"
        contact = said.fields.get("contact")
        if contact:
            self._note(said, "contact", "is kept in review_note, where no parent reads it")
        return f"{note}; contact volgens het blad: {contact}." if contact else f"{note}."

    def _themes(self, said: Said) -> dict[date, dict[str, Any]]:
        return {
            day: {"day": day, "theme": {"nl": dutch, "en": english or dutch}}
            for day, (dutch, english) in sorted(said.themes.items())
        }

    def _told_themes(self, said: Said) -> tuple[str, ...]:
        return tuple(f"{day:%d-%m-%Y} {dutch}" for day, (dutch, _) in sorted(said.themes.items()))

    def _line(
        self, said: Said, state: str, title: str, place: str, shown: Mapping[str, Any], remarks: Iterable[str]
    ) -> None:
        days = [f"{day:%d-%m-%Y}" for day in sorted(shown.get("dates") or ())]
        when = ", ".join(days) if days else str(shown["when"])
        hours = " - ".join(f"{clock:%H:%M}" for clock in (shown["from_time"], shown["until_time"]) if clock)
        self._plan.lines.append(Line(tuple(said.rows), state, title, place, when, hours, tuple(remarks)))

    def _free_id(self, title: str, place: str | None) -> str:
        short = _slug(title)
        if short in self._ids and place:
            short = _slug(f"{title} {place}")
        return _free(short, self._ids)


def _names(neighbourhoods: Iterable[Neighbourhood]) -> str:
    return "; ".join(wijk.name for wijk in neighbourhoods)


def _spaced(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold().replace("'", "")).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]", " ", letters).split())


def _slug(name: str) -> str:
    """Return an id for a name, cut at a word."""
    slug = _spaced(name).replace(" ", "-") or "bijeenkomst"
    return slug if len(slug) <= ID_LENGTH else slug[: ID_LENGTH + 1].rpartition("-")[0] or slug[:ID_LENGTH]


def _free(wanted: str, taken: Iterable[str]) -> str:
    taken = set(taken)
    number = 1
    free = wanted
    while free in taken:
        number += 1
        free = f"{wanted[: ID_LENGTH - 3]}-{number}"
    return free


def _sentence(text: str) -> str:
    """Return a text with a capital in front and a point behind."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def _in_both(key: str) -> dict[str, str]:
    return {language: parent_words(language)(key) for language in ("nl", "en")}


def _topics(text: str | None) -> list[str] | None:
    return [part.strip() for part in re.split(r"[,;]", text) if part.strip()] if text else None


def _skip(fields: Mapping[str, Any]) -> list[str]:
    """Return which holidays a series leaves out; "not in the holidays" includes the public ones unless told apart."""
    school = bool(fields.get("niet_in_vakantie"))
    public = bool(fields.get("niet_op_feestdagen", school))
    return ["school holidays"] * school + ["public holidays"] * public
