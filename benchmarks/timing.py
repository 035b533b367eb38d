"""One call after another on pytest-benchmark's clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pytest_benchmark.fixture import BenchmarkFixture


def seconds(
    benchmark: BenchmarkFixture, action: Callable[..., object], calls: Sequence[tuple[object, ...]]
) -> list[float]:
    """Return how long ``action`` took with each of ``calls``, its arguments, in order."""
    waiting = iter(calls)
    benchmark.pedantic(  # type: ignore[no-untyped-call]
        action, setup=lambda: (next(waiting), {}), rounds=len(calls), iterations=1
    )
    assert benchmark.stats, "pytest-benchmark is switched off, so there is nothing to tell"
    return list(benchmark.stats.stats.data)
