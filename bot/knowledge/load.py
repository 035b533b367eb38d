"""From a folder of curated files to typed ``Knowledge``, or to every mistake in it at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.knowledge import tree
from bot.knowledge.mistakes import N_, Mistake, MistakesError
from bot.knowledge.model import (
    Answer,
    Concepts,
    Examples,
    Helplines,
    Knowledge,
    Neighbourhoods,
    Reviews,
    SignExamples,
    Sources,
    Theme,
    ThresholdsFile,
    WarningSigns,
)
from bot.knowledge.validate import validated

SINGLE_FILES: dict[str, type] = {
    "sources": Sources,
    "helplines": Helplines,
    "warning-signs": WarningSigns,
    "neighbourhoods": Neighbourhoods,
    "concepts": Concepts,
    "reviews": Reviews,
    "thresholds": ThresholdsFile,
}
"""The files of which there is one; every other file in the folder is a theme."""

OPTIONAL_FILES = frozenset(["thresholds"])
"""Single files that need not be there."""

SIGN_EXAMPLES_FILE = "warning-signs"


@dataclass
class Files:
    """What was read, file by file, with the tree of each so that a rule can name a line."""

    folder: Path
    mistakes: list[Mistake] = field(default_factory=list)
    themes: list[tuple[Theme, tree.Tree]] = field(default_factory=list)
    remaining: list[tuple[Answer, tree.Tree, tree.Location]] = field(default_factory=list)
    single: dict[str, tuple[Any, tree.Tree]] = field(default_factory=dict)
    examples: list[tuple[Examples, tree.Tree]] = field(default_factory=list)
    sign_examples: tuple[dict[str, SignExamples], tree.Tree] | None = None

    def answers(self) -> Iterator[tuple[Answer, tree.Tree, tree.Location]]:
        """Yield every answer that could be read, with its place, also those beside one that could not."""
        for theme, read in self.themes:
            for position, answer in enumerate(theme.answers):
                yield answer, read, ("answers", position)
        yield from self.remaining

    def is_whole(self) -> bool:
        """Tell whether nothing that was read held an error."""
        return all(mistake.level == "warning" for mistake in self.mistakes)

    def knowledge(self) -> Knowledge:
        """Put the files together. Raises ``MistakesError`` when one of them holds an error."""
        if not self.is_whole():
            raise MistakesError(self.mistakes)
        sources: Sources = self.single["sources"][0]
        helplines: Helplines = self.single["helplines"][0]
        signs: WarningSigns = self.single["warning-signs"][0]
        places: Neighbourhoods = self.single["neighbourhoods"][0]
        concepts: Concepts = self.single["concepts"][0]
        reviews: Reviews = self.single["reviews"][0]
        examples: Examples = {}
        for file, _ in self.examples:
            examples.update(file)
        return Knowledge(
            themes=tuple(theme for theme, _ in self.themes),
            sources=by_id(sources.sources),
            helplines=by_id(helplines.helplines),
            signs=signs.signs,
            word_sets=signs.sets,
            neighbourhoods=places.neighbourhoods,
            postcode_centres=places.postcode_centres,
            town=places.town,
            concepts=concepts.concepts,
            examples=examples,
            sign_examples=self.sign_examples[0] if self.sign_examples else {},
            reviews=reviews.reviews,
            remarks=reviews.remarks,
            thresholds=self._thresholds(),
        )

    def _thresholds(self) -> dict[str, float]:
        if "thresholds" not in self.single:
            return {}
        file: ThresholdsFile = self.single["thresholds"][0]
        return file.thresholds.model_dump(exclude_none=True)


def read_files(folder: Path) -> Files:
    """Read every curated file below ``folder``; what is wrong stands in ``Files.mistakes``, nothing is raised."""
    files = Files(folder)
    if not folder.is_dir():
        files.mistakes.append(
            Mistake(folder, 1, N_("is no folder that can be read; name the folder with the curated files"))
        )
        return files
    for path in sorted(folder.glob("*.yaml")):
        if path.stem in SINGLE_FILES:
            single = validated(path, SINGLE_FILES[path.stem], files.mistakes)
            if single:
                files.single[path.stem] = single
        else:
            theme = validated(path, Theme, files.mistakes)
            if theme:
                files.themes.append(theme)
            else:
                files.remaining += _remaining(path)
    for path in sorted((folder / "examples").glob("*.yaml")):
        if path.stem == SIGN_EXAMPLES_FILE:
            files.sign_examples = validated(path, dict[str, SignExamples], files.mistakes)
        else:
            examples = validated(path, Examples, files.mistakes)
            if examples:
                files.examples.append(examples)
    for name in SINGLE_FILES:
        if name not in OPTIONAL_FILES and not (folder / f"{name}.yaml").exists():
            files.mistakes.append(Mistake(folder / f"{name}.yaml", 1, N_("is missing; put it back")))
    return files


def _remaining(path: Path) -> Iterator[tuple[Answer, tree.Tree, tree.Location]]:
    """Yield the answers of a file with a mistake that hold none themselves, so that all else is told about them too."""
    found, _ = tree.read(path)
    answers = found.value.get("answers") if found and isinstance(found.value, dict) else None
    for position, value in enumerate(answers if isinstance(answers, list) else ()):
        with suppress(ValidationError):
            yield Answer.model_validate(value), found, ("answers", position)  # type: ignore[misc]


def version(folder: Path) -> str:
    """Return twelve digits that change when any curated file below ``folder`` does, or cannot be read any more."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        try:
            content = tree.read_bytes(path, tree.MAX_BYTES)
        except OSError as error:
            content = str(error).encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:12]


def by_id(values: tuple[Any, ...]) -> dict[str, Any]:
    """Return values by their ``id``; the last of two equal ids stays."""
    return {value.id: value for value in values}
