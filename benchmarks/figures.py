"""The tables and the picture of docs/matching.md, from what ``minidorp evaluate --json`` printed.

``python -m benchmarks.figures evaluation.json`` renews what stands between ``<!-- name -->`` and ``<!-- /name -->``;
the prose around it is written by people.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import drawing
from benchmarks.drawing import FIGURES, PNG
from benchmarks.report import RESULTS, table

DOCUMENT = Path(__file__).parent.parent / "docs" / "matching.md"
CONFUSIONS = 20

NAMES = {
    "top1": "the right answer comes first",
    "top3": "the right answer is among the first three",
    "direct": "questions that get an answer without being asked back (`direct`)",
    "direct_right": "of those, right (`direct_right`)",
    "direct_right_with_none": "the same, with every answered out-of-scope message as wrong",
    "none_answered": "out-of-scope messages that get an answer",
    "none_refused": "out-of-scope messages that get an honest no or a route",
    "routes": "routes found",
    "urgent_caught": "warning messages seen, certain or possible",
    "urgent_certain": "warning messages seen as certain",
    "urgent_right_sign": "the right sign named",
    "near_miss_certain": "near misses taken as certain",
    "near_miss_possible": "near misses with a line of safety",
    "plain_certain": "ordinary messages taken as certain danger",
    "plain_possible": "ordinary messages with a line of safety",
    "loss_seen": "messages of loss seen",
    "loss_false": "other messages taken for loss",
}

LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "nl": "Dutch",
    "pl": "Polish",
    "ru": "Russian",
    "ti": "Tigrinya",
    "tr": "Turkish",
    "uk": "Ukrainian",
}

STYLES = {
    "keyword": "a few words",
    "long": "long letters",
    "messy": "typos",
    "natural": "plain sentences",
    "regional": "regional Dutch",
    "second": "second-language Dutch",
}

CLASSES = {
    "question": "questions",
    "route": "routes",
    "@none": "not for this bot",
    "@urgent": "warning messages",
    "@near-miss": "near misses",
    "@loss": "loss",
}


def tables(told: Mapping[str, Any]) -> dict[str, str]:
    """Return the tables of one evaluation as Markdown by the name of their place."""
    return {
        "whole": table(
            ("figure", "share", "of"),
            [
                (name, _percent(told["all"][key]), str(told["all"][key]["of"]))
                for key, name in NAMES.items()
                if key in told["all"]
            ],
        ),
        "language": _right("language", {LANGUAGES.get(key, key): one for key, one in told["language"].items()}),
        "style": _right("style", {STYLES.get(key, key): one for key, one in told["style"].items()}),
        "theme": _right("theme", told["theme"]),
        "class": table(
            ("message", "answer", "suggest", "route", "none", "certain danger", "line of safety"),
            [
                (
                    CLASSES.get(name, name),
                    *(str(one[kind]) for kind in ("answer", "suggest", "route", "none", "urgent", "possible")),
                )
                for name, one in told["decisions"].items()
            ],
        ),
        "sign": table(
            ("sign", "seen", "certain", "right sign", "of"),
            [
                (
                    name,
                    *(_percent(one[key]) for key in ("urgent_caught", "urgent_certain", "urgent_right_sign")),
                    str(one["urgent_caught"]["of"]),
                )
                for name, one in told["sign"].items()
                if one["urgent_caught"]["of"]
            ],
        ),
        "confusions": table(
            ("message about", "answered with", "times"),
            [(gold, taken, str(count)) for gold, taken, count in told["confusions"][:CONFUSIONS]],
        ),
        "reliability": table(
            ("confidence", "messages", "mean", "right"),
            [
                (
                    f"{one['from']:.1f}-{one['to']:.1f}",
                    str(one["count"]),
                    f"{one['confidence']:.2f}",
                    f"{one['right']:.2f}",
                )
                for one in told["reliability"]["bins"]
            ],
        )
        + f"\n\nExpected calibration error: {told['reliability']['ece']:.3f}.",
    }


def _right(group: str, members: Mapping[str, Any]) -> str:
    """Return how often the right answer came first and among three, the weakest first; who asked nothing stays out."""
    asked = {name: one for name, one in members.items() if one["top1"]["of"]}
    return table(
        (group, "first", "among three", "direct", "of those right", "of"),
        [
            (
                name,
                *(_percent(one[key]) for key in ("top1", "top3", "direct", "direct_right")),
                str(one["top1"]["of"]),
            )
            for name, one in sorted(asked.items(), key=lambda item: (item[1]["top1"]["percent"], item[0]))
        ],
    )


def _percent(share: Mapping[str, Any]) -> str:
    return "–" if share["percent"] is None else f"{share['percent']} %"


def renew(document: Path, places: Mapping[str, str]) -> None:
    """Put each text in its place. Raises ``ValueError`` when the document has no such place; it then stays as it is."""
    text = document.read_text(encoding="utf-8")
    for name, content in places.items():
        place = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- /{re.escape(name)} -->)", re.DOTALL)
        if not place.search(text):
            raise ValueError(f"{document} has no place <!-- {name} --> … <!-- /{name} -->; put it where it belongs")
        text = place.sub(lambda found, content=content: f"{found[1]}\n{content}\n\n{found[2]}", text, count=1)
    document.write_text(text, encoding="utf-8")


def baselines(results: str) -> str:
    """Return the table of methods out of what ``make bench`` wrote."""
    return "\n".join(line for line in results.partition("## Beside simpler methods")[2].splitlines() if "|" in line)


def main() -> None:
    """Renew the tables and draw the calibration from the file that is named."""
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    renew(DOCUMENT, {**tables(told), "baselines": baselines(RESULTS.read_text(encoding="utf-8"))})
    drawing.calibration(told["reliability"]).savefig(FIGURES / "calibration.png", **PNG)


if __name__ == "__main__":
    main()
