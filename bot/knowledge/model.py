"""The typed values that the curated files hold. Ages are in months, both ends included.

The models are strict: a field nobody knows is a mistake, so a typing error in a file is never passed over.
JSON Schemas for editors are made from them; the descriptions here are what a curator sees while typing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

MAIN_LANGUAGE = "nl"
"""Every text exists in this language; it is what a parent reads when theirs is not there."""

REQUIRED_LANGUAGES = ("nl", "en")
"""The languages in which every text for parents exists."""

MAX_AGE_MONTHS = 216
"""Eighteen years: nobody older is a child here."""


class Model(BaseModel):
    """A frozen value of which every field is known and typed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


def _in_required_languages(texts: dict[str, str]) -> dict[str, str]:
    for language in REQUIRED_LANGUAGES:
        if language not in texts:
            raise PydanticCustomError("language_missing", "{language}", {"language": language})
    return texts


def _ages_in_order(ages: tuple[int, int]) -> tuple[int, int]:
    if ages[0] > ages[1]:
        raise PydanticCustomError("ages_reversed", "{youngest} {oldest}", {"youngest": ages[0], "oldest": ages[1]})
    return ages


Localised = Annotated[dict[Language, Words], AfterValidator(_in_required_languages)]
AgeMonths = Annotated[int, Field(ge=0, le=MAX_AGE_MONTHS)]
Ages = Annotated[tuple[AgeMonths, AgeMonths], Field(strict=False), AfterValidator(_ages_in_order)]


class Text(Model):
    """The three blocks of an answer in one language."""

    normal: Words = Field(description="Heel gewoon: what is normal")
    do: Words = Field(description="Wat kun je doen: lines that begin with '- '")
    consult: Words = Field(description="Wanneer overleggen: when to ask whom; danger first")

    def blocks(self) -> tuple[tuple[str, str], ...]:
        """Return the blocks by field name, in the order in which a parent reads them."""
        return (("normal", self.normal), ("do", self.do), ("consult", self.consult))


def _text_in_required_languages(texts: dict[str, Text]) -> dict[str, Text]:
    for language in REQUIRED_LANGUAGES:
        if language not in texts:
            raise PydanticCustomError("language_missing", "{language}", {"language": language})
    return texts


class Passage(Model):
    """What is added to an answer for children of one age."""

    ages: Ages
    text: Localised


class SourceReference(Model):
    """A source that carries the answer, and the figures in the Dutch text that it carries."""

    id: Identifier
    numbers: tuple[Words, ...] = Field(default=(), strict=False, description="Copied literally from the Dutch text")

    def told(self) -> str:
        """Return the source's id with the figures it carries, on one line."""
        return f"{self.id}: {', '.join(self.numbers)}" if self.numbers else self.id


class Answer(Model):
    """One answer that a professional signs: what parents read, and for whom it is meant."""

    id: Identifier
    ages: Ages
    title: Localised
    questions: dict[Language, Annotated[tuple[Words, ...], Field(strict=False, min_length=1)]]
    text: Annotated[dict[Language, Text], AfterValidator(_text_in_required_languages)]
    by_age: tuple[Passage, ...] = Field(default=(), strict=False)
    contacts: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    sources: Annotated[tuple[SourceReference, ...], Field(strict=False, min_length=1)]
    related: Annotated[tuple[Identifier, ...], Field(strict=False)] = ()
    review_note: Words | None = Field(default=None, description="Dutch, for the reviewer: what to check")

    def languages(self) -> tuple[str, ...]:
        """Return the languages in which it is wholly written."""
        return tuple(language for language in self.title if language in self.text)

    def to_read(self, language: str, named: Mapping[str, Source]) -> tuple[tuple[str, str], ...]:
        """Return headings and texts as a reviewer reads them in one language, its sources by their titles."""
        passages = tuple(
            (f"{passage.ages[0]}-{passage.ages[1]} mnd", passage.text[language])
            for passage in self.by_age
            if language in passage.text
        )
        note = (("review_note", self.review_note),) if self.review_note else ()
        sources = "\n".join(
            f"{named[reference.id].told()}{': ' if reference.numbers else ''}{', '.join(reference.numbers)}"
            for reference in self.sources
        )
        contacts = ", ".join(self.contacts)
        return (*self.text[language].blocks(), *passages, ("contacts", contacts), ("sources", sources), *note)

    def text_hash(self, language: str) -> str:
        """Return the fingerprint of all that a reviewer stands for in one language; a changed word changes it.

        The review_note is left out: it is a question to the reviewer, and falls away when it is answered.
        """
        text = self.text[language]
        read = [self.title[language], *(block for _, block in text.blocks()), *self.contacts]
        read += [f"{passage.ages}{passage.text[language]}" for passage in self.by_age if language in passage.text]
        return fingerprint([*read, *(reference.told() for reference in self.sources)])


class Theme(Model):
    """One file of answers."""

    theme: Identifier
    title: Localised
    icon: Words
    answers: tuple[Answer, ...] = Field(strict=False)


class Source(Model):
    """Where facts come from. ``status`` tells a reviewer what to know about it."""

    id: Identifier
    title: Words
    publisher: Words
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    url: Words | None = None
    status: Words | None = None

    def told(self) -> str:
        """Return its title, and who published it when."""
        return f"{self.title} ({self.publisher}, {self.year})" if self.year else f"{self.title} ({self.publisher})"


class Sources(Model):
    """The file of sources."""

    sources: tuple[Source, ...] = Field(strict=False)


TelephoneNumber = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9-]*$")]


class Helpline(Model):
    """Somebody to call or visit. A number that nobody has found at a source is left out, never guessed."""

    id: Identifier
    name: Localised
    number: TelephoneNumber | None = None
    also: tuple[TelephoneNumber, ...] = Field(default=(), strict=False, description="Other numbers that lead there")
    own_number: bool = Field(default=False, description="Everybody has their own: a GP, a dentist")
    local: bool = Field(default=False, description="Filled in by the coordinator of the town; needed to go live")
    when: Localised | None = None
    url: Words | None = None
    source: Words | None = None
    checked_on: date | None = Field(default=None, description="When somebody called it or read it at the source")
    review_note: Words | None = None

    def numbers(self) -> tuple[str, ...]:
        """Return every number that leads there; empty while none has been found."""
        return ((self.number,) if self.number else ()) + self.also


class Helplines(Model):
    """The file of helplines."""

    helplines: tuple[Helpline, ...] = Field(strict=False)


Level = Literal["112", "gp-now", "veilig-thuis", "113", "police", "loss"]
"""How a warning sign is graded. ``loss`` is no danger: the child of the writer died, and they need a person."""

Zone = Literal["certain", "possible"]


class WordGroup(Model):
    """Words that together, in one sentence, must never be missed."""

    all: Annotated[tuple[Words, ...], Field(strict=False, min_length=1)] = Field(
        description="Every line must be found in the sentence; a line is alternatives separated by |"
    )
    without: Words | None = Field(
        default=None, description="Any of these alternatives in the sentence blocks the group"
    )
    zone: Zone = "certain"
    ages: Ages | None = Field(default=None, description="Counts only when the child's age is known and within")
    fever: float | None = Field(default=None, strict=False, description="The sentence names a temperature from here up")


class WarningSign(Model):
    """Danger to a child or a parent, and the fixed words that are answered before anything else."""

    id: Identifier
    level: Level
    ages: Ages | None = Field(default=None, description="Months; a child known to be older or younger cannot have it")
    title: Localised
    reply: Localised
    contacts: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    sources: tuple[Identifier, ...] = Field(default=(), strict=False)
    review_note: Words | None = None
    groups: tuple[WordGroup, ...] = Field(default=(), strict=False)

    def languages(self) -> tuple[str, ...]:
        """Return the languages in which it is wholly written."""
        return tuple(language for language in self.title if language in self.reply)

    def to_read(self, language: str, named: Mapping[str, Source]) -> tuple[tuple[str, str], ...]:
        """Return headings and texts as a reviewer reads them in one language, its sources by their titles."""
        note = (("review_note", self.review_note),) if self.review_note else ()
        sources = (("sources", "\n".join(named[name].told() for name in self.sources)),) if self.sources else ()
        return (("reply", self.reply[language]), ("contacts", ", ".join(self.contacts)), *sources, *note)

    def text_hash(self, language: str) -> str:
        """Return the fingerprint of what a reviewer stands for in one language."""
        return fingerprint([self.title[language], self.reply[language], *self.contacts, *self.sources])


class WarningSigns(Model):
    """The file of warning signs. ``sets`` names words that many groups use; ``$name`` stands for them."""

    sets: dict[Identifier, Words] = Field(default_factory=dict)
    signs: tuple[WarningSign, ...] = Field(strict=False)


ExampleLists = dict[Language, Annotated[tuple[Words, ...], Field(strict=False)]]
Examples = dict[str, ExampleLists]
"""Training messages by answer or route, then by language."""


class SignExamples(Model):
    """Messages that must trigger a sign, and messages that look like it and must not."""

    must_trigger: ExampleLists
    near_miss: ExampleLists


class Concepts(Model):
    """The file of concepts: the words for a thing in each language, parted by commas (``stam*``, ``*woord``)."""

    concepts: dict[Identifier, dict[Language, Words]]


Postcode = Annotated[int, Field(ge=1000, le=9999)]
"""The four digits of a postcode; the letters, which name a street, are never kept."""

Centre = Annotated[tuple[float, float], Field(strict=False)]


class Neighbourhood(Model):
    """A wijk as parents name it. ``centre`` is latitude and longitude of where people live, not of the map."""

    id: Identifier
    name: Words
    synonyms: tuple[Words, ...] = Field(default=(), strict=False)
    postcodes: tuple[Postcode, ...] = Field(default=(), strict=False)
    centre: Centre


class Neighbourhoods(Model):
    """The file of neighbourhoods. ``postcode_centres`` is where the addresses of four digits lie, north and east."""

    town: Words
    neighbourhoods: tuple[Neighbourhood, ...] = Field(strict=False)
    postcode_centres: dict[Postcode, Centre] = Field(default_factory=dict)


class Review(Model):
    """That somebody in a role read a text and stands for it, until a date, as long as the text stays the same."""

    id: Identifier
    language: Language
    role: Words
    reviewed_on: date
    until: date
    text_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class Remark(Model):
    """What a reviewer who did not sign said of a text; over when its words change or somebody signs them."""

    id: Identifier
    language: Language
    remark: Words
    written_on: date
    text_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class Reviews(Model):
    """The file of sign-offs, and of remarks that kept somebody from signing."""

    reviews: tuple[Review, ...] = Field(strict=False)
    remarks: tuple[Remark, ...] = Field(default=(), strict=False)


Chance = Annotated[float, Field(ge=0, le=1)]
Score = Annotated[float, Field(ge=-10, le=10)]


class ThresholdsSet(Model):
    """The thresholds that a town set; what it leaves out keeps the default (bot/matching/thresholds.py)."""

    sharpness: Annotated[float, Field(ge=1, le=20)] | None = None
    lead: Chance | None = Field(default=None, description="How far ahead an answer must be to be given without asking")
    route: Chance | None = Field(default=None, description="Least chance for a route to be taken")
    none_share: Annotated[float, Field(ge=0, le=10)] | None = Field(
        default=None, description="How likely 'not for this bot' must be, beside all answers, to suggest nothing"
    )
    sign_certain: Score | None = Field(default=None, description="Least score for a certain warning sign")
    clear: Chance | None = Field(default=None, description="From this chance a message is clearly about an answer")
    sign_outweighs: Score | None = Field(default=None, description="Least score for a certain sign in such a message")
    sign_believed: Score | None = Field(default=None, description="Least score for words of danger to be believed")
    sign_of_age: Score | None = Field(default=None, description="The same for dangers of an age, when the age is known")
    sign_possible: Score | None = Field(default=None, description="Least score for a line of safety")
    plain: Chance | None = Field(default=None, description="From this chance a question is too clear for that line")
    loss: Score | None = Field(default=None, description="Least score for loss and grief")
    loss_named: Score | None = Field(default=None, description="The same when its words stand there")


class ThresholdsFile(Model):
    """The file of thresholds, with what they were set from. It may be absent."""

    set_on: date
    messages: Annotated[int, Field(ge=1)] = Field(description="How many labelled messages they were set from")
    thresholds: ThresholdsSet


def fingerprint(texts: list[str]) -> str:
    """Return sixteen hexadecimal digits that change when any of ``texts`` changes."""
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()[:16]


class Knowledge(Model):
    """Everything the curated files say, loaded without a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    themes: tuple[Theme, ...]
    sources: Mapping[str, Source]
    helplines: Mapping[str, Helpline]
    signs: tuple[WarningSign, ...]
    word_sets: Mapping[str, str] = Field(default_factory=dict)
    neighbourhoods: tuple[Neighbourhood, ...]
    postcode_centres: Mapping[int, tuple[float, float]] = Field(default_factory=dict)
    town: str
    concepts: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    examples: Mapping[str, ExampleLists]
    sign_examples: Mapping[str, SignExamples]
    reviews: tuple[Review, ...]
    remarks: tuple[Remark, ...] = ()
    thresholds: Mapping[str, float] = Field(default_factory=dict)

    def answers(self) -> Iterator[Answer]:
        """Yield every answer, theme by theme."""
        for theme in self.themes:
            yield from theme.answers

    def answer(self, answer_id: str) -> Answer | None:
        """Return the answer with this id, or None while it is still being written."""
        return next((answer for answer in self.answers() if answer.id == answer_id), None)

    def theme_of(self, answer_id: str) -> Theme | None:
        """Return the theme an answer id belongs to: what stands before its first dash."""
        return next((theme for theme in self.themes if theme.theme == answer_id.partition("-")[0]), None)

    def sign(self, sign_id: str) -> WarningSign | None:
        """Return the warning sign with this id."""
        return next((sign for sign in self.signs if sign.id == sign_id), None)

    def is_signed(self, reviewed: Answer | WarningSign, language: str, today: date) -> bool:
        """Tell whether somebody's sign-off still holds for this very text on this day."""
        return any(
            review.id == reviewed.id
            and review.language == language
            and review.reviewed_on <= today <= review.until
            and review.text_hash == reviewed.text_hash(language)
            for review in self.reviews
        )
