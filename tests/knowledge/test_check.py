"""Every mistake a curator can make is told by file and line, with what to do about it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.checking import check_knowledge
from bot.knowledge.check import load
from bot.knowledge.load import read_files
from bot.knowledge.mistakes import MistakesError
from tests.conftest import ROOT
from tests.knowledge.conftest import change

TODAY = date(2027, 3, 31)
LONG = "Dit is een zin. " * 60


def told(folder: Path, language: str = "en") -> list[str]:
    return [mistake.told(language) for mistake in check_knowledge(folder, TODAY)]


def test_a_folder_without_mistakes_is_silent(folder: Path) -> None:
    assert told(folder) == []


def test_the_shipped_knowledge_has_no_mistakes_and_no_warnings() -> None:
    assert told(ROOT / "knowledge") == []


@pytest.mark.parametrize(
    ("name", "before", "after", "line", "sentence"),
    [
        pytest.param("slapen.yaml", "    contacts: [huisarts]\n", "", 6, "contacts: is missing", id="a missing field"),
        pytest.param("slapen.yaml", "normal: Waking is normal.", "normal: ''", 19, "normal: is empty", id="an empty field"),
        pytest.param("slapen.yaml", "ages: [0, 48]", "ages: [48, 0]", 7, "(48) is older", id="ages reversed"),
        pytest.param("slapen.yaml", "ages: [0, 48]", "agess: [0, 48]", 7, "nobody knows this field", id="a misspelt field"),
        pytest.param("slapen.yaml", "[slapen-twee]", "[slapen-drie]", 26, "'slapen-drie' is known nowhere", id="unknown answer"),
        pytest.param("slapen.yaml", "id: boek", "id: krant", 25, "'krant' is known nowhere", id="unknown source"),
        pytest.param("slapen.yaml", "contacts: [huisarts]", "contacts: [dokter]", 23, "'dokter' is known", id="unknown contact"),
        pytest.param("slapen.yaml", "id: slapen-twee", "id: slapen-een", 27, "also stands in slapen.yaml, line 6", id="an id twice"),
        pytest.param("slapen.yaml", "id: slapen-twee", "id: eten-twee", 27, "does not begin with the theme", id="a wrong theme"),
        pytest.param("slapen.yaml", "      - id: boek\n    related", "    related", 24, "sources", id="sources missing"),
        pytest.param("slapen.yaml", "Wakker worden is gewoon.", LONG, 14, "do not fit one screen", id="a block too long"),
        pytest.param("slapen.yaml", "is gewoon.", "is <b>gewoon</b>.", 14, "is markup", id="markup"),
        pytest.param("slapen.yaml", "is gewoon.", "is gewoon, zie www.nl.", 14, "is markup or a link", id="a link"),
        pytest.param("slapen.yaml", "is gewoon.", "is gewoon, zie gratis-luiers.shop.", 14, "'gratis-luiers.shop' is no helpline's url", id="a site that the app makes a link of"),
        pytest.param("slapen.yaml", "is gewoon.", "is gewoon, vraag @luierdokter.", 14, "'@luierdokter' is no helpline's url", id="an account that the app makes a link of"),
        pytest.param("slapen.yaml", "nl: Inslapen,", "nl: Kwaad.nl,", 29, "'kwaad.nl' is no helpline's url", id="a site in a title"),
        pytest.param("helplines.yaml", "en: GP}", "en: GP of kwaad.nl}", 3, "'kwaad.nl' is no helpline's url", id="a site at a helpline"),
        pytest.param("slapen.yaml", "Bel 112 bij", "Bel 0900-1234567 bij", 17, "'0900-1234567' is not in helplines", id="unknown number"),
        pytest.param("slapen.yaml", "en: Sleep}", "en: Sleep", 4, "is not YAML here", id="broken YAML"),
        pytest.param("slapen.yaml", "theme: slapen\n", "theme: slapen\ntheme: slapen\n", 3, "a second time", id="a key twice"),
        pytest.param("slapen.yaml", "theme: slapen", "theme: no", 2, "'no' is read as yes or no", id="no means false"),
        pytest.param("slapen.yaml", "    ages: [0, 48]", "\tages: [0, 48]", 7, "a tab", id="a tab"),
        pytest.param("helplines.yaml", 'number: "112"', "number: 0112", 4, "put it in quotes", id="a number that loses its zero"),
        pytest.param("examples/slapen.yaml", "ze valt maar niet in slaap", "hij wordt steeds wakker vannacht", 7, "also stands under slapen-een", id="an example under two answers"),
        pytest.param("examples/slapen.yaml", "slapen-twee:", "'@iets':", 5, "neither an answer nor a route", id="an unknown route"),
        pytest.param("examples/warning-signs.yaml", "ademnood:", "adem:", 2, "is no warning sign", id="an unknown sign"),
        pytest.param("concepts.yaml", "slaap*, in bed", "slaap*, in bed, Slaap*", 3, "'slaap*' stands twice", id="a word of a concept twice"),
        pytest.param("concepts.yaml", "slaap*, in bed", "slaap*,, in bed", 3, "nothing between two commas", id="an empty word"),
        pytest.param("concepts.yaml", "slaap*", "sl*p", 3, "a star within a word", id="a star in the middle"),
        pytest.param("concepts.yaml", "slaap*", "s*", 3, "in nearly every message", id="a stem of one letter"),
        pytest.param("concepts.yaml", "in bed", "in *bed", 3, "a star only ends a word", id="a star before a word of a phrase"),
        pytest.param("warning-signs.yaml", "level: \"112\"", "level: erg", 4, "choose", id="an unknown level"),
    ],
)  # fmt: skip
def test_an_error_is_told_with_its_file_and_line(
    folder: Path, name: str, before: str, after: str, line: int, sentence: str
) -> None:
    change(folder, name, before, after)

    found = told(folder)

    assert any(
        f"{name}:{line}: " in told_of and sentence in told_of for told_of in found if ": warning:" not in told_of
    ), found


def test_files_with_an_error_are_never_used(folder: Path) -> None:
    change(folder, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")

    with pytest.raises(MistakesError, match="hold mistakes \\(1 in all\\); run 'minidorp check'"):
        load(folder)


@pytest.mark.parametrize(
    ("before", "after", "sentence", "line"),
    [
        pytest.param("is gewoon.", "is " + "heel " * 17 + "gewoon.", "a sentence of", 14, id="a long sentence"),
        pytest.param("is gewoon.", "is gewoon. Je moet rustig blijven.", "orders a parent about", 14, id="moet"),
        pytest.param("is gewoon.", "is gewoon, zegt de jgz.", "jargon", 14, id="jargon"),
        pytest.param("is gewoon.", "is gewoon, bv. na een feest.", "abbreviation", 14, id="an abbreviation"),
        pytest.param("is gewoon.", "is gewoon voor je dochter.", "one kind of child", 14, id="a gendered child"),
        pytest.param("          - Wacht heel", "          -Wacht heel", "begins with '- '", 16, id="a list without a space"),
        pytest.param("          - Wacht heel", "          • Wacht heel", "begins with '- '", 16, id="a list with another mark"),
        pytest.param("is gewoon.", "is gewoon tot 7 weken.", "the figure '7' has no source", 14, id="a figure without source"),
    ],
)  # fmt: skip
def test_a_matter_of_style_is_a_warning_and_does_not_keep_the_files_from_being_used(
    folder: Path, before: str, after: str, sentence: str, line: int
) -> None:
    change(folder, "slapen.yaml", before, after)

    found = told(folder)

    assert len(found) == 1
    assert f"slapen.yaml:{line}: warning: " in found[0]
    assert sentence in found[0]
    assert load(folder)


@pytest.mark.parametrize(("name", "before", "after", "line"), [
    pytest.param("slapen.yaml", "Wait a moment.", "Wait 5 minutes.", 20, id="a block"),
    pytest.param(
        "slapen.yaml", "    related: [slapen-twee]\n",
        "    by_age:\n      - ages: [0, 6]\n        text:\n          nl: Wacht even.\n          en: Wait 5 minutes.\n", 30,
        id="a passage for one age",
    ),
    pytest.param("warning-signs.yaml", "en: Call 112 now.", "en: Call 112 within 5 minutes.", 6, id="a reply in danger"),
])  # fmt: skip
def test_a_figure_that_only_the_translation_has_is_a_warning(
    folder: Path, name: str, before: str, after: str, line: int
) -> None:
    change(folder, name, before, after)

    [found] = told(folder)

    assert f"{name}:{line}: warning: " in found
    assert "the figure '5' is not in the Dutch text" in found


def test_in_danger_moet_is_right(folder: Path) -> None:
    change(folder, "slapen.yaml", "is gewoon.", "is gewoon. Bij gevaar moet je meteen bellen.")

    assert told(folder) == []


@pytest.mark.parametrize(("written", "dose"), [
    pytest.param("Geef 5 ml paracetamol.", "5 ml", id="millilitres of a medicine"),
    pytest.param("Paracetamol helpt. Geef dan 5 ml.", "5 ml", id="named the sentence before"),
    pytest.param("Geef elke dag 2,5 mg.", "2,5 mg", id="milligrams of what nobody names"),
    pytest.param("Een halve tablet ibuprofen mag.", "halve tablet", id="half a tablet in words"),
    pytest.param("Een zetpil mag 3 keer per dag.", "3 keer per dag", id="how often"),
    pytest.param("Geef 10 druppels.", "10 druppels", id="drops of what nobody names"),
    pytest.param("Geef 10ml.", "10ml", id="millilitres of what nobody names"),
    pytest.param("Geef elke dag 10 microgram vitamine D.", "", id="vitamin D is the same for every baby"),
    pytest.param("Een baby drinkt 150 ml melk.", "", id="milk"),
    pytest.param("Poets 2 keer per dag. Geef 3 eetlepels groente.", "", id="how often and how much of anything else"),
])  # fmt: skip
def test_a_dose_is_an_error(folder: Path, written: str, dose: str) -> None:
    change(folder, "slapen.yaml", "is gewoon.", f"is gewoon. {written}")

    found = [line for line in told(folder) if "warning" not in line]

    assert len(found) == bool(dose), found
    assert all(f"slapen.yaml:14: slapen-een: nl.normal: '{dose}' is a dose" in line for line in found)


@pytest.mark.parametrize(("written", "word"), [
    pytest.param("Vraag het de POH-ggz.", "POH-ggz", id="capitals with more behind them"),
    pytest.param("Er is een SDQ.", "SDQ", id="capitals that are on no list"),
    pytest.param("Soms m.b.v. een liedje.", "m.b.v.", id="letters with dots that are on no list"),
    pytest.param("Er is een SDQ (een vragenlijst).", "", id="explained in brackets"),
    pytest.param("Er is een vragenlijst (SDQ). Vul de SDQ in.", "", id="they explain themselves"),
    pytest.param("Zet de TV uit.", "", id="letters that everybody knows"),
    pytest.param("Vraag het het CB.", "", id="letters of the title"),
])  # fmt: skip
def test_letters_that_nobody_explains_are_a_warning(folder: Path, written: str, word: str) -> None:
    change(folder, "slapen.yaml", "nl: Wakker worden,", "nl: Wakker en CB,")
    change(folder, "slapen.yaml", "is gewoon.", f"is gewoon. {written}")

    found = told(folder)

    assert len(found) == bool(word), found
    assert all(f"slapen.yaml:14: warning: slapen-een: nl.normal: '{word}' is an abbreviation" in line for line in found)


def test_everything_in_a_block_is_told_and_each_with_its_own_line(folder: Path) -> None:
    change(
        folder, "slapen.yaml", "          - Wacht heel even.\n",
        "          - Wacht <b>even.\n          - Je dochter <script>slaapt, je zoontje niet.\n\n          - Je moet rusten.\n",
    )  # fmt: skip

    found = [line.partition("slapen.yaml:")[2].partition("; ")[0] for line in told(folder)]

    assert sorted(line.replace(" slapen-een: nl.do:", "") for line in found) == [
        "16: '<b>' is markup or a link",
        "17: '<script>' is markup or a link",
        "17: warning: 'dochter' is one kind of child",
        "17: warning: 'zoontje' is one kind of child",
        "19: warning: 'moet' orders a parent about",
    ]


def test_an_explained_word_is_no_jargon(folder: Path) -> None:
    change(folder, "slapen.yaml", "is gewoon.", "is gewoon, zegt de jgz (de jeugdgezondheidszorg).")

    assert told(folder) == []


def test_examples_that_are_nearly_the_same_under_two_answers_are_told(folder: Path) -> None:
    change(folder, "examples/slapen.yaml", "ze valt maar niet in slaap", "hij wordt steds wakker vannacht!")

    (found,) = told(folder)

    assert "warning" in found
    assert "nearly the same as an example of slapen-een" in found


def test_an_example_that_stands_under_two_answers_is_told_once(folder: Path) -> None:
    change(folder, "examples/slapen.yaml", "    - hij wordt steeds wakker vannacht\n",
           "    - hij wordt steeds wakker vannacht\n    - hij wordt steds wakker vannacht!\n")  # fmt: skip
    change(folder, "examples/slapen.yaml", "ze valt maar niet in slaap", "hij wordt steeds wakker vannacht")

    (found,) = told(folder)

    assert "also stands under slapen-een" in found


def test_every_mistake_is_told_at_once_and_in_dutch_when_asked(folder: Path) -> None:
    change(folder, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")
    change(folder, "sources.yaml", "title: Slaapboek", "titel: Slaapboek")
    (folder / "eten.yaml").write_bytes(b"theme: \xff")

    found = told(folder, "nl")

    assert any("eten.yaml:1: is geen geldige UTF-8" in mistake for mistake in found)
    assert any("slapen.yaml:7" in mistake and "draai ze om" in mistake for mistake in found)
    assert any("sources.yaml:3" in mistake for mistake in found)


def test_a_mistake_in_one_answer_does_not_hide_what_is_wrong_with_the_others(folder: Path) -> None:
    change(folder, "slapen.yaml", "ages: [0, 48]", "ages: [48, 0]")
    change(folder, "slapen.yaml", "Inslapen kost tijd.", "Inslapen <b>moet.")
    change(folder, "slapen.yaml", "[slapen-twee]", "[slapen-drie]")

    found = [line.partition("slapen.yaml:")[2] for line in told(folder)]

    assert len(found) == 3, found
    assert found[0].startswith("7: answers.ages")
    assert "slapen-twee: nl.normal: '<b>' is markup" in found[1] + found[2]
    assert "slapen-twee: nl.normal: 'moet' orders" in found[1] + found[2]


def test_a_file_that_cannot_be_read_at_all_is_named(tmp_path: Path) -> None:
    files = read_files(tmp_path / "nowhere")

    assert "is no folder that can be read" in files.mistakes[0].told("en")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "helplines.yaml").unlink()

    assert any("helplines.yaml:1: is missing" in mistake for mistake in told(folder))
