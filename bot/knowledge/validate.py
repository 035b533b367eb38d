"""One curated file to a typed value, or to every mistake in it with its line: what all folders of files share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.knowledge import tree
from bot.knowledge.mistakes import N_, Mistake


def validated(path: Path, model: Any, mistakes: list[Mistake]) -> tuple[Any, tree.Tree] | None:
    """Read ``path`` as a ``model``; return the value with its tree, or None. What is wrong is added to ``mistakes``."""
    found, wrong = tree.read(path)
    mistakes += wrong
    if found is None:
        return None
    try:
        value = TypeAdapter(model).validate_python(found.value)
    except ValidationError as error:
        mistakes += [_mistake(found, details) for details in error.errors(include_url=False, include_input=False)]
        return None
    return value, found


SENTENCES = {
    "missing": N_("{where}: is missing; add it"),
    "extra_forbidden": N_("{where}: nobody knows this field; correct its name or remove it"),
    "string_type": N_("{where}: is not text; put it in quotes"),
    "string_too_short": N_("{where}: is empty; fill it in or remove it"),
    "too_short": N_("{where}: is empty; name at least one"),
    "string_pattern_mismatch": N_("{where}: is not written as the others are; look at an example beside it"),
    "language_missing": N_("{where}: the language '{language}' is missing; every text exists in it"),
    "ages_reversed": N_("{where}: the youngest ({youngest}) is older than the oldest ({oldest}); turn them around"),
    "literal_error": N_("{where}: is not one of the choices; choose {expected}"),
    "date_type": N_("{where}: is not a date; write it as 2027-03-31"),
    "greater_than_equal": N_("{where}: is too small; it begins at {ge}"),
    "less_than_equal": N_("{where}: is too large; it ends at {le}"),
    "dict_type": N_("{where}: holds no fields; look at an example beside it"),
    "model_type": N_("{where}: holds no fields; look at an example beside it"),
    "tuple_type": N_("{where}: is not a list; begin each line with '- '"),
    "clock": N_('{where}: is not a time; write it in quotes, as "09:30"'),
    "datetime_parsing": N_("{where}: is not a day and a time; write it as 2027-03-31 18:00"),
    "datetime_from_date_parsing": N_("{where}: is not a day and a time; write it as 2027-03-31 18:00"),
    "string_too_long": N_("{where}: is longer than {max_length} characters; shorten it"),
    "float_type": N_("{where}: is not a number; write it as 0.62"),
    "int_type": N_("{where}: is not a whole number; write digits without quotes"),
}
"""What a curator is told for each kind of validation error; anything else gets pydantic's own words."""


def _mistake(found: tree.Tree, details: ErrorDetails) -> Mistake:
    location = tuple(step for step in details["loc"] if step != "[key]")
    kind = details["type"]
    sentence = SENTENCES.get(kind, N_("{where}: {reason}; look at an example beside it"))
    where = ".".join(str(step) for step in location if not isinstance(step, int)) or N_("the file")
    values: dict[str, object] = {"where": where, "reason": details["msg"], **details.get("ctx", {})}
    # A missing field has no line of its own: name the thing that misses it.
    place = location[:-1] if kind == "missing" else location
    return Mistake(found.path, found.line(place), sentence, values)
