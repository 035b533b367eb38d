"""The packet in a real browser: on a phone, in the dark, and on paper."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.agenda.schedules import Schedules
from bot.knowledge import reviews
from bot.pages.packet import packet
from tests.browser.conftest import DESKTOP, PHONE, hard_to_read, is_wider_than_the_screen
from tests.conftest import NOW, ROOT

TODAY = datetime.now(UTC).date()
PAGES = ("index.html", "slapen.html", "warning-signs.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, knowledge) -> Path:
    """The real packet, with a sign-off in every state."""
    folder = tmp_path_factory.mktemp("packet")
    signed = reviews.sign(knowledge.answer("slapen-doorslapen"), "nl", "jeugdarts", TODAY, date(2099, 1, 1))
    over = signed.model_copy(update={"reviewed_on": date(2020, 1, 1), "until": date(2021, 1, 1)})
    other = knowledge.answer("slapen-inslapen")
    lapsed = over.model_copy(update={"id": other.id, "text_hash": other.text_hash("nl")})
    changed = signed.model_copy(update={"id": "slapen-dutjes", "text_hash": "0" * 16})
    # A handful of signs stands for all of them, which axe reads for half a minute.
    knowledge = knowledge.model_copy(update={"reviews": (signed, lapsed, changed), "signs": knowledge.signs[:4]})
    schedules = Schedules(ROOT / "schedules", knowledge, NOW, timezone="Europe/Amsterdam", school_region="Noord")
    for name, text in packet(knowledge, schedules, (), ("nl",), TODAY).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_it_on_a_phone_by_day_and_at_night_and_on_a_desk(opened, folder, name):
    page = opened(folder / name, scripts=True)

    assert hard_to_read(page, [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light")]) == []


def test_no_page_of_the_packet_is_wider_than_a_phone(opened, folder):
    pages = sorted(folder.glob("*.html"))

    assert len(pages) == 21
    page = opened(pages[0], scripts=True)
    wide = []
    for path in pages:
        page.goto(path.as_uri())
        wide += [path.name] * is_wider_than_the_screen(page)
    assert wide == []


def test_without_scripts_a_reviewer_goes_from_the_index_to_a_sheet_and_back(opened, folder):
    page = opened(folder / "index.html")

    page.get_by_role("link", name="Slapen").click()
    page.get_by_role("link", name="Dutjes overdag").click()

    assert page.url.endswith("slapen.html#slapen-dutjes")
    sheet = page.locator("#slapen-dutjes")
    assert sheet.get_by_text("Wanneer overleggen").is_visible()
    assert sheet.get_by_text("Handtekening").is_visible()

    page.get_by_role("link", name="Alle thema's").click()

    assert page.get_by_role("heading", name="Teksten om na te kijken").is_visible()


def test_the_dark_page_is_dark_and_paper_is_white(opened, folder):
    page = opened(folder / "slapen.html", scheme="dark", scripts=True)
    background = "getComputedStyle(document.body).backgroundColor"

    on_screen = page.evaluate(background)
    page.emulate_media(media="print", color_scheme="dark")

    assert max(map(int, re.findall(r"\d+", on_screen))) < 60
    assert page.evaluate(background) == "rgb(255, 255, 255)"


def test_on_paper_every_text_begins_a_page_and_its_place_to_sign_is_whole(opened, folder, knowledge):
    page = opened(folder / "slapen.html", scripts=True)
    answers = len(next(theme.answers for theme in knowledge.themes if theme.theme == "slapen"))

    page.emulate_media(media="print")
    printed = page.pdf(prefer_css_page_size=True)

    styles = "elements => elements.map(one => [getComputedStyle(one).breakBefore, getComputedStyle(one).breakInside])"
    assert page.locator(".sheet").evaluate_all(styles) == [["page", "auto"]] * answers
    assert page.locator(".sign").evaluate_all(styles) == [["auto", "avoid"]] * answers
    assert answers + 1 <= pages_of(printed) <= 2 * answers + 1
    assert paper_sizes(printed) == {(595, 842)}  # A4 in points


def test_each_state_of_a_sign_off_is_told(opened, folder):
    page = opened(folder / "slapen.html")

    told = {sheet: page.locator(f"#{sheet} .tag").inner_text() for sheet in (
        "slapen-doorslapen", "slapen-inslapen", "slapen-dutjes", "slapen-veilig",
    )}  # fmt: skip

    assert told["slapen-doorslapen"].startswith("ondertekend door jeugdarts op ")
    assert told["slapen-doorslapen"].endswith("1 januari 2099")
    assert told["slapen-inslapen"] == "de handtekening van jeugdarts liep af op 1 januari 2021"
    assert told["slapen-dutjes"].startswith("veranderd nadat jeugdarts tekende op ")
    assert told["slapen-veilig"] == "nog niet ondertekend"


def pages_of(printed: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", whole(printed)))


def paper_sizes(printed: bytes) -> set[tuple[int, int]]:
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", whole(printed))
    return {(round(float(width)), round(float(height))) for width, height in boxes}


def whole(printed: bytes) -> bytes:
    """Return a PDF with what is packed in it unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", printed, re.DOTALL)
    return printed + b"".join(unpacked(one) for one in packed)


def unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""
