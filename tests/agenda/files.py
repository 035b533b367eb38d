"""A small folder of the agenda without a mistake, for tests that break one thing in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

TODAY = date(2026, 11, 22)
"""A Sunday."""

FILES = {
    "places.yaml": """\
# yaml-language-server: $schema=schema/places.schema.json
places:
  - id: kantine
    name: De kantine
    neighbourhood: stadshagen
    coordinates: {latitude: 52.5424, longitude: 6.0347}
  - id: school
    name: De school
    neighbourhood: stadshagen
    coordinates: {latitude: 52.5371, longitude: 6.0511}
""",
    "meetups.yaml": """\
# yaml-language-server: $schema=schema/meetups.schema.json
meetups:
  - id: koffie
    summary: {nl: Koffie, en: Coffee}
    neighbourhood: stadshagen
    place: kantine
    audience: {nl: Ouders., en: Parents.}
    ages: [0, 48]
    cost: {nl: Gratis., en: Free.}
    when: elke woensdag
    from_time: "09:30"
    until_time: "11:30"
    start: 2026-09-02
    until: 2027-06-30
    skip: [school holidays, public holidays]
    themes:
      - {day: 2026-12-02, theme: {nl: Zingen, en: Singing}}
    cancelled:
      - {day: 2026-12-09, reason: {nl: De kantine is dicht., en: The canteen is closed.}}
    moved:
      - day: 2026-12-16
        to: 2026-12-17
        from_time: "10:00"
        place: school
        reason: {nl: Een feest., en: A party.}
""",
    "announcements.yaml": """\
# yaml-language-server: $schema=schema/announcements.schema.json
announcements:
  - id: zingen
    text: {nl: Kom je ook zingen?, en: Will you come and sing?}
    audience: {neighbourhoods: [stadshagen], meetups: [koffie], ages: [0, 48]}
    send_at: 2026-12-01 18:00
""",
    "team.yaml": """\
# yaml-language-server: $schema=schema/team.schema.json
team_chat: -100123
members:
  - {telegram_id: 1, role: coordinator, neighbourhoods: [stadshagen]}
  - {telegram_id: 2, role: professional}
""",
    "tips.yaml": """\
# yaml-language-server: $schema=schema/tips.schema.json
tips:
  - {id: huilen, age_months: 2, text: {nl: Huilen hoort erbij., en: Crying is part of it.}, answer: huilen-baby}
""",
}


UNDATED = {
    **FILES,
    "meetups.yaml": FILES["meetups.yaml"].partition("    until:")[0],
    "announcements.yaml": FILES["announcements.yaml"].partition("announcements:")[0] + "announcements: []\n",
    "tips.yaml": FILES["tips.yaml"].replace("huilen-baby", "slapen-een"),
}
"""The same for the small folder of curated answers, without a date that will have passed one day."""


def write_schedules(folder: Path, files: dict[str, str] = FILES) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
