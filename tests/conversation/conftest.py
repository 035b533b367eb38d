"""A parent in a town with an agenda that somebody confirmed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.agenda.schedules import Schedules
from bot.conversation.conversation import Conversation
from bot.knowledge.model import Knowledge
from tests.conftest import NOW, Talker

PLACES = """\
places:
  - id: kantine
    name: De kantine
    neighbourhood: stadshagen
    address: {street: Voorbeeldlaan 1, postcode: 8044 ZZ, town: Zwolle}
    coordinates: {latitude: 52.5424, longitude: 6.0347, exact: true}
    accessibility: {nl: Geen drempels., en: No steps.}
    how_to_enter: {nl: Links van de poort., en: Left of the gate.}
    confirmed_on: 2027-01-10
  - id: school
    name: De school
    neighbourhood: dieze
    coordinates: {latitude: 52.5181, longitude: 6.1023}
"""
MEETUPS = """\
meetups:
  - id: koffie
    summary: {nl: Koffie & Koters, en: Coffee & little ones}
    description: {nl: Ouders drinken koffie., en: Parents have coffee.}
    neighbourhood: stadshagen
    place: kantine
    host: Welzijn Voorbeeld
    professional: {nl: een jeugdverpleegkundige, en: a youth nurse}
    audience: {nl: ouders met een kind van 0 tot 4, en: parents with a child of 0 to 4}
    ages: [0, 48]
    cost: {nl: gratis, en: free}
    languages: [nl, en]
    first_time: {nl: Loop zo binnen., en: Walk right in.}
    confirmed_on: 2027-01-10
    when: elke woensdag
    from_time: "09:30"
    until_time: "11:30"
    start: 2027-01-06
    themes:
      - {day: 2027-04-07, theme: {nl: Samen zingen, en: Singing together}}
    cancelled:
      - {day: 2027-04-14, reason: {nl: De kantine is dicht., en: The canteen is closed.}}
  - id: ontmoed
    summary: {nl: OntMOED, en: OntMOED}
    neighbourhood: dieze
    place: school
    audience: {nl: "ouders, opa's en oma's", en: parents and grandparents}
    ages: [0, 48]
    cost: {nl: gratis, en: free}
    when: elke dinsdag
    from_time: "09:00"
    until_time: "10:00"
    start: 2027-01-05
"""


TEAM = "members:\n  - {telegram_id: 4, role: coordinator}\n"


def write_schedules(folder: Path) -> Path:
    """Write a small agenda: one series that is confirmed, with an exact place, and one that is not; and a coordinator."""
    folder.mkdir(exist_ok=True)
    empty = {"announcements": "announcements: []\n", "team": TEAM, "tips": "tips: []\n"}
    for name, text in {"places": PLACES, "meetups": MEETUPS, **empty}.items():
        comment = f"# yaml-language-server: $schema=schema/{name}.schema.json\n"
        (folder / f"{name}.yaml").write_text(comment + text, encoding="utf-8")
    return folder


@pytest.fixture
def in_town(conversation: Conversation, knowledge: Knowledge, tmp_path: Path) -> Talker:
    """A parent where meetings are held; it is Wednesday, half past four in the morning."""
    folder = write_schedules(tmp_path / "schedules")
    schedules = Schedules(folder, knowledge, NOW, timezone="Europe/Amsterdam", school_region="Noord")
    return Talker(replace(conversation, schedules=schedules))
