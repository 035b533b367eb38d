"""Answers read easily, by figures that anyone can compute again."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from bot.checking import check_knowledge
from bot.knowledge import readability
from tests.conftest import ROOT
from tests.knowledge.conftest import change

TODAY = date(2027, 3, 31)
LONG = (
    "Als je kind wakker wordt en jij het hoort dan kun je even wachten tot het weer stil is. "
    "Als dat niet zo is dan kun je even naar je kind toe gaan en het over de bol aaien."
)
HARD = "Slaapproblematiek vereist consequente ouderbegeleiding. Doorslaapproblemen normaliseren geleidelijk."


def warnings(folder, language: str = "nl") -> list[str]:
    return [
        mistake.told(language)
        for mistake in check_knowledge(folder, TODAY)
        if "slapen-een" in str(mistake.values.get("where"))
    ]


def test_every_answer_reads_easily(knowledge):
    for answer in knowledge.answers():
        sentences = readability.dutch_sentences(answer)

        assert readability.words_a_sentence(sentences) <= 11, answer.id
        assert readability.reading_ease(sentences) >= 70, answer.id


def test_long_sentences_are_told_with_their_mean_and_the_remedy(folder):
    change(folder, "slapen.yaml", "Wakker worden is gewoon.", LONG)

    [warning] = warnings(folder)

    assert "slapen.yaml:1" in warning
    assert "waarschuwing: slapen-een: zinnen van gemiddeld 11.5 woorden; knip de lange, 11 is het meeste" in warning


def test_long_words_are_told_with_the_reading_ease_and_the_remedy(folder):
    change(folder, "slapen.yaml", "Wakker worden is gewoon.", HARD)

    [warning] = warnings(folder)

    assert "slapen-een: leesgemak " in warning
    assert warning.endswith("kies kortere woorden en zinnen tot het 70 is")


def test_it_is_what_textstat_says_of_every_answer(knowledge):
    # Here, because it brings a library of language tools that takes two seconds to import.
    from textstat.textstat import textstatistics

    counter = textstatistics()
    counter.set_lang("nl")
    for answer in knowledge.answers():
        sentences = readability.dutch_sentences(answer)
        text = " ".join(f"{sentence.rstrip('.!?…:; ').replace('.', '')}." for sentence in sentences)

        assert readability.reading_ease(sentences) == pytest.approx(counter.flesch_reading_ease(text)), answer.id


def test_it_is_the_formula_of_douma():
    sentences = ["De maan is rond.", "Ik zie de maan."]

    assert readability.reading_ease(sentences) == pytest.approx(206.835 - 0.93 * 4 - 77 * 1)


@pytest.mark.parametrize("sentences", [
    pytest.param(["Kijk naar de maan", "Ik zie de maan"], id="lines of a list without a full stop"),
    pytest.param(["Kijk naar de maan?!", "Ik zie de maan:"], id="other ends"),
])  # fmt: skip
def test_each_line_counts_as_a_sentence(sentences):
    assert readability.reading_ease(sentences) == readability.reading_ease(
        [f"{one.rstrip('?!:')}." for one in sentences]
    )


def test_a_bot_that_only_answers_does_not_load_the_library():
    code = "import sys; import bot.cli; print('pyphen' in sys.modules, 'jinja2.environment' in sys.modules)"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)

    assert printed.stdout.split()[0] == "False"
