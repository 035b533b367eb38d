"""What stands on the pages for a reviewer: all that a parent reads, and what it rests on."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from bot.knowledge.check import load
from bot.pages.packet import packet
from tests.knowledge.conftest import change

TODAY = date(2027, 3, 31)


@pytest.fixture(scope="module")
def files(knowledge, schedules) -> dict[str, str]:
    return packet(knowledge, schedules, (), ("nl",), TODAY)


def read(page: str) -> str:
    """Return the words of a page as somebody reads them."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2] or page)).split())


def told(text: str) -> str:
    return " ".join(text.replace("• ", "").split())


def test_there_is_a_page_for_each_theme_one_of_the_warning_signs_an_index_and_the_list(files, knowledge):
    expected = {f"{theme.theme}.html" for theme in knowledge.themes}

    assert set(files) == expected | {"warning-signs.html", "index.html", "packet.csv"}
    for name in set(files) - {"packet.csv", "index.html"}:
        assert f'href="{name}"' in files["index.html"]


async def test_every_word_that_the_bot_would_send_stands_on_the_page(files, parent, knowledge):
    for answer in knowledge.answers():
        await parent.commands("start", answer.id)

        page = read(files[f"{answer.id.partition('-')[0]}.html"])

        for reply in parent.replies:
            assert [part.text for part in reply.parts if told(part.text) not in page] == []
        assert [label for label in parent.labels if label not in page] == []


def test_passages_questions_notes_and_sources_stand_beside_it(files, knowledge):
    for answer in knowledge.answers():
        page = read(files[f"{answer.id.partition('-')[0]}.html"])

        beside = [told(passage.text["nl"]) for passage in answer.by_age]
        beside += [*answer.questions["nl"], told(answer.review_note or ""), answer.text_hash("nl")]
        beside += [knowledge.sources[reference.id].title for reference in answer.sources]
        assert [text for text in beside if text not in page] == [], answer.id


def test_every_warning_sign_stands_on_its_page_with_whom_to_call(files, knowledge):
    page = read(files["warning-signs.html"])

    for sign in knowledge.signs:
        assert told(sign.reply["nl"]) in page
        assert sign.title["nl"] in page
        assert sign.text_hash("nl") in page


def test_a_figure_stands_beside_its_source(files, knowledge):
    sheet = read(files["slapen.html"].partition('id="slapen-doorslapen"')[2].partition("</article>")[0])
    source = knowledge.sources["nanny-slapen"].title

    assert f"8 Na ongeveer 8 weken slaan sommige baby's een voeding over. {source}" in sheet


def test_the_list_has_a_line_for_each_text_and_language_that_was_printed(knowledge, schedules):
    files = packet(knowledge, schedules, ("slapen", "warning-signs"), ("nl", "en"), TODAY)

    lines = [line.split(";")[:2] for line in files["packet.csv"].splitlines()[1:]]

    printed = [answer.id for answer in knowledge.answers() if answer.id.startswith("slapen-")]
    printed += [sign.id for sign in knowledge.signs]
    assert lines == [[name, language] for language in ("nl", "en") for name in printed]
    assert set(files) == {
        "slapen.html", "slapen.en.html", "warning-signs.html", "warning-signs.en.html", "index.html", "packet.csv",
    }  # fmt: skip


def test_an_english_page_is_english_and_says_which_words_are_dutch(knowledge, schedules):
    page = packet(knowledge, schedules, ("slapen",), ("en",), TODAY)["slapen.en.html"]

    assert '<html lang="en">' in page
    assert "What the parent reads" in page
    assert "Waking at night" in page
    assert '<p lang="nl">&#34;8 weken&#34;' in page


def test_no_page_needs_a_script_or_anything_from_elsewhere(files):
    for name, page in files.items():
        assert re.search(r"<(script|link|img|iframe|object|embed|form)\b|url\(|@import|\son\w+=", page) is None, name
        assert re.findall(r"\ssrc=", page) == []


def test_what_a_curator_writes_is_text_and_never_markup(folder, schedules):
    change(folder, "sources.yaml", "title: Slaapboek", 'title: "<script>alert(1)</script> & \\"zo\\""')
    change(folder, "slapen.yaml", "Wakker worden is gewoon.", '"Slaap & waak, 3 < 4 \'s nachts."')

    page = packet(load(folder), schedules, ("slapen",), ("nl",), TODAY)["slapen.html"]

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;zo&#34;" in page
    assert "Slaap &amp; waak, 3 &lt; 4 &#39;s nachts." in page


def test_a_figure_without_source_is_told_on_the_page(folder, schedules):
    change(folder, "slapen.yaml", "Wakker worden is gewoon.", "Tot 7 weken is het gewoon.")

    page = read(packet(load(folder), schedules, ("slapen",), ("nl",), TODAY)["slapen.html"])

    assert "7 Tot 7 weken is het gewoon. geen bron" in page


@pytest.mark.parametrize(("themes", "languages", "said"), [
    pytest.param(("slappen",), ("nl",), "there is no theme 'slappen'; choose slapen, warning-signs", id="theme"),
    pytest.param((), ("nl", "pl"), "'slapen-een' is not written in 'pl'; choose nl or en", id="language"),
])  # fmt: skip
def test_what_is_not_there_is_refused(folder, schedules, themes, languages, said):
    with pytest.raises(ValueError, match=said):
        packet(load(folder), schedules, themes, languages, TODAY)
