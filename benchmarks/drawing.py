"""The two pictures of docs/matching.md. Colours are those of Okabe and Ito, which colour-blind people tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from benchmarks.learning_curve import Step

FIGURES = Path(__file__).parent.parent / "docs" / "figures"
PNG: dict[str, Any] = {"dpi": 150, "metadata": {"Software": None}}
"""Without the name of the program, so that the same figures give the same file."""

BLUE, ORANGE, GREY, INK = "#0072B2", "#D55E00", "#BBBBBB", "#333333"


def calibration(reliability: dict[str, Any]) -> Figure:
    """Return the reliability diagram: how often right against how confident, and below it how many messages."""
    bins = reliability["bins"]
    figure = Figure(figsize=(5.2, 5.4), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    above.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1.5)
    above.annotate("says what it is", (0.6, 0.5), color="#767676", rotation=36, fontsize=9)
    above.plot(
        [one["confidence"] for one in bins], [one["right"] for one in bins], color=BLUE, marker="o", markersize=6
    )
    above.set_title(f"Confidence in the first answer (ECE {reliability['ece']:.3f})", loc="left", color=INK)
    above.set_ylabel("share that is right")
    above.set_ylim(0, 1.03)
    below.bar([(one["from"] + one["to"]) / 2 for one in bins], [one["count"] for one in bins], 0.08, color=BLUE)
    for one in bins:
        below.annotate(
            str(one["count"]),
            ((one["from"] + one["to"]) / 2, one["count"]),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            color=INK,
        )
    below.set_ylim(0, 1.22 * max((one["count"] for one in bins), default=1))
    below.set_ylabel("messages")
    below.set_xlabel("confidence")
    below.set_xlim(0, 1)
    for axes in (above, below):
        _calm(axes)
    return figure


def learning_curve(steps: Sequence[Step]) -> Figure:
    """Return how the two shares grow with the mean number of examples an answer, on a doubling scale."""
    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    axes = figure.subplots()
    means = [step.mean for step in steps]
    for name, shares, colour, marker in (
        ("first three", [100 * step.among_three for step in steps], ORANGE, "s"),
        ("first", [100 * step.first for step in steps], BLUE, "o"),
    ):
        axes.plot(means, shares, color=colour, marker=marker, markersize=6)
        axes.annotate(
            f"{name}: {shares[-1]:.0f} %",
            (means[-1], shares[-1]),
            xytext=(8, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            fontsize=9,
        )
    axes.set_xscale("log", base=2)
    axes.set_xticks(means, [str(round(mean)) for mean in means])
    axes.set_xlim(means[0] * 0.85, means[-1] * 3.6)
    axes.set_ylim(0, 103)
    axes.set_xlabel("examples an answer")
    axes.set_ylabel("right answers, %")
    axes.set_title("What examples bring", loc="left", color=INK)
    axes.minorticks_off()
    _calm(axes)
    return figure


def _calm(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#E6E6E6", linewidth=0.8)
    axes.set_axisbelow(True)
