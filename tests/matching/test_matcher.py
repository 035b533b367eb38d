"""The matcher itself: deterministic, kept on disk, and never felled by what somebody types."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.check import load
from bot.knowledge.model import Knowledge
from bot.matching import cache
from bot.matching.matcher import Matcher
from bot.model import Parent
from tests.examples import examples

QUESTION = "hoeveel dutjes heeft een baby van 7 maanden overdag nodig"


class Letters:
    """An embedder of counted letters: enough for a small folder, and fast."""

    name = "letters"

    def __init__(self) -> None:
        self.calls = 0

    def embed(self, texts: list[str]) -> np.ndarray:
        self.calls += len(texts)
        rows = np.array([[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts], np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)


@pytest.fixture
def small(tmp_path: Path) -> Knowledge:
    from tests.knowledge.conftest import FILES

    for name, text in FILES.items():
        path = tmp_path / "knowledge" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    examples = tmp_path / "knowledge" / "examples" / "slapen.yaml"
    more = "\n".join(f"    - wakker wakker {n} vannacht" for n in range(6))
    most = "\n".join(f"    - slaap slaap {n} inslapen" for n in range(6))
    examples.write_text(
        "# yaml-language-server: $schema=../schema/examples.schema.json\n"
        f"slapen-een:\n  nl:\n{more}\nslapen-twee:\n  nl:\n{most}\n"
    )
    signs = tmp_path / "knowledge" / "examples" / "warning-signs.yaml"
    signs.write_text(
        "# yaml-language-server: $schema=../schema/sign-examples.schema.json\n"
        "ademnood:\n  must_trigger:\n    nl: [hij ademt niet meer, ademt niet, adem weg]\n"
        "  near_miss:\n    nl: [adem in bij boos zijn, adem gewoon]\n"
    )
    return load(tmp_path / "knowledge")


def test_a_second_start_reads_the_cache_and_decides_the_same(small: Knowledge, tmp_path: Path) -> None:
    embedder = Letters()
    first = Matcher.build(small, cache_folder=tmp_path / "cache", embedder=embedder)
    fitted = embedder.calls

    second = Matcher.build(small, cache_folder=tmp_path / "cache", embedder=embedder)

    assert embedder.calls == fitted
    assert second.decide("wakker vannacht") == first.decide("wakker vannacht")


def test_a_sign_without_an_example_is_still_seen_by_its_words(small: Knowledge, tmp_path: Path) -> None:
    bare = small.model_copy(update={"sign_examples": {}})
    matcher = Matcher.build(bare, cache_folder=tmp_path / "cache", embedder=Letters())

    urgent = matcher.decide("hij ademt niet meer").urgent

    assert urgent is not None
    assert (urgent.sign, urgent.zone) == ("ademnood", "possible")


def test_another_example_is_another_cache(small: Knowledge, tmp_path: Path) -> None:
    Matcher.build(small, cache_folder=tmp_path / "cache", embedder=Letters())
    changed = small.model_copy(update={"examples": {**small.examples, "slapen-een": {"nl": ("heel iets anders",)}}})
    embedder = Letters()

    Matcher.build(changed, cache_folder=tmp_path / "cache", embedder=embedder)

    assert embedder.calls > 0
    assert len(list((tmp_path / "cache").glob("*.npz"))) == 2


@pytest.mark.parametrize("damage", [b"", b"no zip at all", None], ids=["empty", "garbage", "cut in half"])
def test_a_damaged_cache_is_built_anew(small: Knowledge, tmp_path: Path, damage: bytes | None) -> None:
    before = Matcher.build(small, cache_folder=tmp_path / "cache", embedder=Letters()).decide("wakker vannacht")
    (kept,) = (tmp_path / "cache").glob("*.npz")
    kept.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2] if damage is None else damage)
    embedder = Letters()

    after = Matcher.build(small, cache_folder=tmp_path / "cache", embedder=embedder)

    assert embedder.calls > 0
    assert after.decide("wakker vannacht") == before


def test_a_cache_with_any_byte_wrong_counts_as_damaged_or_is_as_it_was(tmp_path: Path) -> None:
    arrays = {"mean": np.arange(26, dtype=np.float32)}
    cache.write(tmp_path, "key", arrays)
    good = (tmp_path / "key.npz").read_bytes()

    for place in range(len(good)):
        (tmp_path / "key.npz").write_bytes(good[:place] + bytes([good[place] ^ 0xFF]) + good[place + 1 :])
        found = cache.read(tmp_path, "key")
        assert not found or np.array_equal(found["mean"], arrays["mean"])


def test_a_cache_that_lacks_a_part_is_built_anew(small: Knowledge, tmp_path: Path) -> None:
    Matcher.build(small, cache_folder=tmp_path / "cache", embedder=Letters())
    (kept,) = (tmp_path / "cache").glob("*.npz")
    cache.write(tmp_path / "cache", kept.stem, {"mean": np.zeros(26, np.float32)})
    embedder = Letters()

    Matcher.build(small, cache_folder=tmp_path / "cache", embedder=embedder)

    assert embedder.calls > 0


def test_a_cache_folder_that_cannot_be_written_costs_only_time(small: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")

    assert Matcher.build(small, cache_folder=tmp_path / "cache", embedder=Letters())


def test_too_few_examples_are_told_in_one_sentence(small: Knowledge, tmp_path: Path) -> None:
    bare = small.model_copy(update={"examples": {}, "themes": ()})

    with pytest.raises(ValueError, match="fewer than two answers"):
        Matcher.build(bare, cache_folder=tmp_path, embedder=Letters())


def test_two_classes_are_told_apart(small: Knowledge, tmp_path: Path) -> None:
    matcher = Matcher.build(small, cache_folder=tmp_path / "cache", embedder=Letters())

    assert matcher.decide("wakker vannacht").candidates[0].answer == "slapen-een"
    assert matcher.decide("slaap inslapen").candidates[0].answer == "slapen-twee"
    assert matcher.decide("wakker vannacht").kind != "urgent"


def test_a_decision_is_the_same_every_time(matcher: Matcher) -> None:
    assert matcher.decide(QUESTION) == matcher.decide(QUESTION)


def test_a_clear_question_is_answered_and_a_misspelt_one_too(matcher: Matcher) -> None:
    assert matcher.decide(QUESTION).answer == "slapen-dutjes"
    assert matcher.decide("hoevel dutjs heef een baby vn 7 mnd overdag nodg").candidates[0].answer == "slapen-dutjes"


def test_an_example_is_known_by_heart(matcher: Matcher, knowledge: Knowledge) -> None:
    text = knowledge.examples["zindelijk-bedplassen"]["nl"][0]

    decision = matcher.decide(text)

    assert decision.answer == "zindelijk-bedplassen"
    assert decision.confidence > 0.98


def test_the_age_in_the_profile_weighs_and_the_age_in_the_text_wins(matcher: Matcher) -> None:
    assert matcher.decide("wil niet eten", Parent(1, age_months=4)) != matcher.decide("wil niet eten")
    assert matcher.decide("mijn kind van 3 jaar wil niet eten", Parent(1, age_months=4)).age_months == 36


def test_a_feverish_toddler_is_not_a_feverish_newborn(matcher: Matcher) -> None:
    newborn = matcher.decide("koorts 38,6 bij mijn baby van 5 weken")
    toddler = matcher.decide("koorts 39,2 bij mn zoontje van 2, hij drinkt wel")

    assert newborn.urgent is not None
    assert newborn.urgent.sign == "koorts-jonge-baby"
    assert toddler.kind != "urgent"


def test_a_fever_counts_by_either_age_of_a_child_born_early(matcher: Matcher) -> None:
    text = "koorts 38,6 bij mijn kind van 4 maanden"

    at_term = matcher.decide(text).urgent
    told = matcher.decide(f"{text}, 8 weken te vroeg geboren").urgent
    known = matcher.decide(text, Parent(1, weeks_early=8)).urgent

    assert at_term is None or at_term.sign != "koorts-jonge-baby"
    assert told is not None
    assert known is not None
    assert told.sign == known.sign == "koorts-jonge-baby"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mijn dochter wil niet slapen in haar eigen bed", "nl"),
        ("my daughter refuses to sleep in her own bed", "en"),
        ("kızım kendi yatağında uyumak istemiyor", "tr"),
        ("moja córka nie chce spać we własnym łóżku", "pl"),
        ("ابنتي لا تريد أن تنام في سريرها", "ar"),
        ("моя донька не хоче спати у своєму ліжку", "uk"),
        ("meine Tochter will nicht in ihrem Bett schlafen", "de"),
    ],
)
def test_the_language_of_a_message_is_known(matcher: Matcher, text: str, language: str) -> None:
    assert matcher.decide(text).language == language


@given(st.text(max_size=400))
@settings(max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_typed_fells_the_matcher(matcher: Matcher, text: str) -> None:
    decision = matcher.decide(text)

    assert 0 <= decision.confidence <= 1.0001
    assert len(decision.candidates) <= 5


def test_nothing_is_asked_of_the_network_to_learn_or_to_decide(small: Knowledge, tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert Matcher.build(small, cache_folder=tmp_path / "cache").decide("hij ademt niet meer").urgent
