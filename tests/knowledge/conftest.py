"""A small folder of curated files without a mistake, for tests that break one thing in it."""

from __future__ import annotations

from pathlib import Path

import pytest

FILES = {
    "slapen.yaml": """\
# yaml-language-server: $schema=schema/theme.schema.json
theme: slapen
title: {nl: Slapen, en: Sleep}
icon: "*"
answers:
  - id: slapen-een
    ages: [0, 48]
    title: {nl: Wakker worden, en: Waking}
    questions:
      nl: [Wanneer slaapt mijn baby door?]
      en: [When will my baby sleep through?]
    text:
      nl:
        normal: Wakker worden is gewoon.
        do: |-
          - Wacht heel even.
        consult: Bel 112 bij gevaar.
      en:
        normal: Waking is normal.
        do: |-
          - Wait a moment.
        consult: Call 112 in danger.
    contacts: [huisarts]
    sources:
      - id: boek
    related: [slapen-twee]
  - id: slapen-twee
    ages: [0, 48]
    title: {nl: Inslapen, en: Falling asleep}
    questions:
      nl: [Hoe valt mijn kind in slaap?]
      en: [How does my child fall asleep?]
    text:
      nl: {normal: Inslapen kost tijd., do: "- Blijf erbij.", consult: Vraag de huisarts.}
      en: {normal: It takes time., do: "- Stay close.", consult: Ask the GP.}
    contacts: [huisarts]
    sources:
      - id: boek
""",
    "sources.yaml": """\
# yaml-language-server: $schema=schema/sources.schema.json
sources:
  - {id: boek, title: Slaapboek, publisher: Uitgever, year: 2020}
""",
    "helplines.yaml": """\
# yaml-language-server: $schema=schema/helplines.schema.json
helplines:
  - {id: huisarts, name: {nl: Huisarts, en: GP}, own_number: true}
  - {id: "112", name: {nl: Alarmnummer, en: Emergency}, number: "112"}
""",
    "neighbourhoods.yaml": """\
# yaml-language-server: $schema=schema/neighbourhoods.schema.json
town: Zwolle
neighbourhoods: []
""",
    "concepts.yaml": """\
# yaml-language-server: $schema=schema/concepts.schema.json
concepts:
  slapen: {nl: "slaap*, in bed", en: sleep*}
""",
    "reviews.yaml": """\
# yaml-language-server: $schema=schema/reviews.schema.json
reviews: []
""",
    "warning-signs.yaml": """\
# yaml-language-server: $schema=schema/warning-signs.schema.json
signs:
  - id: ademnood
    level: "112"
    title: {nl: Ademnood, en: Trouble breathing}
    reply: {nl: Bel nu 112., en: Call 112 now.}
    contacts: ["112"]
    groups:
      - all: [ademt ~ niet]
  - id: vermist
    level: "112"
    title: {nl: Kind kwijt, en: Missing child}
    reply: {nl: Bel nu 112., en: Call 112 now.}
    contacts: ["112"]
""",
    "examples/slapen.yaml": """\
# yaml-language-server: $schema=../schema/examples.schema.json
slapen-een:
  nl:
    - hij wordt steeds wakker vannacht
slapen-twee:
  nl:
    - ze valt maar niet in slaap
""",
    "examples/none.yaml": """\
# yaml-language-server: $schema=../schema/examples.schema.json
"@none":
  nl:
    - wat kost een liter benzine
    - hoe laat begint de wedstrijd
    - mijn laptop start niet meer op
    - kun je een gedicht schrijven
  en:
    - what is the capital of france
""",
    "examples/warning-signs.yaml": """\
# yaml-language-server: $schema=../schema/sign-examples.schema.json
ademnood:
  must_trigger:
    nl: [hij ademt niet meer]
  near_miss:
    nl: [hij houdt zijn adem in als hij boos is, hij is verkouden, ze snurkt zachtjes]
vermist:
  must_trigger:
    nl: [mijn kind is weggelopen en ik vind haar nergens]
  near_miss:
    nl: [ik ben zijn knuffel kwijt]
""",
}
"""Enough examples for the matcher to tell the two answers, the two signs and the rest apart."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "knowledge")


def write_files(folder: Path) -> Path:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def change(folder: Path, name: str, before: str, after: str) -> None:
    """Replace the one place where ``before`` stands in a file."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(before) >= 1, f"{before!r} is not in {name}"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
