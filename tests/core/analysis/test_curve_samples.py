"""Samples for plots: extrema of oscillations, jumps, gaps, and few samples where the curve is smooth."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.core.analysis.curve_samples import CurveSamples, curve_samples
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.core.spec import parse
from actcli.number_formats import FLOATS
from tests.support.tiers import examples

if TYPE_CHECKING:
    from actcli.number_formats import Floats, Format

FLOAT64 = FLOATS["float64"]
LOW, HIGH, COLUMNS = -6.0, 6.0, 60


def sampled(function: Callable[[float], float], breakpoints: list[float] | None = None) -> CurveSamples:
    """Return the samples of a function of one number, from four regular samples per column."""

    def f(x: object, fmt: object) -> object:
        return np.array([function(value) for value in np.atleast_1d(x).tolist()])  # type: ignore[call-overload]

    x = np.linspace(LOW, HIGH, 4 * COLUMNS + 1)
    return curve_samples(f, x, breakpoints or [], FLOAT64)  # type: ignore[arg-type]


def by_column(found: CurveSamples) -> list[list[float]]:
    """Return the finite samples of each column."""
    columns: list[list[float]] = [[] for _ in range(COLUMNS)]
    for x, y in zip(found.x, found.y, strict=True):
        if math.isfinite(y):
            columns[min(int((x - LOW) / (HIGH - LOW) * COLUMNS), COLUMNS - 1)].append(y)
    return columns


@settings(max_examples=examples(25), deadline=None)
@given(st.floats(1.0, 8.0), st.floats(0.0, 6.0))
def test_extrema_of_an_oscillation_are_sampled(logarithm: float, phase: float) -> None:
    """Whatever the frequency, each column has samples at the extrema that lie in it."""
    frequency = math.exp(logarithm)
    columns = by_column(sampled(lambda x: math.sin(frequency * x + phase)))
    size = (HIGH - LOW) / COLUMNS
    for i, values in enumerate(columns):
        start, end = (frequency * (LOW + j * size) + phase for j in (i, i + 1))
        for sign, extremum in ((1, math.pi / 2), (-1, -math.pi / 2)):
            if math.floor((end - extremum) / math.tau) > math.floor((start - extremum) / math.tau):
                assert max(sign * y for y in values) > 0.97


@pytest.mark.parametrize("periods", [1, 2, 4, 8, 16, 1000])
def test_no_oscillation_is_aliased(periods: int) -> None:
    """A fast oscillation that at regular samples looks like sin(x / 2) has its extrema in every column."""
    from actcli.display.plot import sample_points

    frequency = math.tau * periods * 4 * COLUMNS / (HIGH - LOW) + 0.5
    x = np.array(sample_points((LOW, HIGH), COLUMNS))
    found = curve_samples(lambda x, fmt: np.sin(frequency * x), x, [], FLOAT64)
    assert all(min(values) < -0.97 and max(values) > 0.97 for values in by_column(found)[1:-1])


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: x - math.floor(x), [float(k) for k in range(-5, 6)]),
        (lambda x: math.floor(x), [float(k) for k in range(-5, 6)]),
        (math.tan, [k * math.pi / 2 for k in (-3, -1, 1, 3)]),
        (lambda x: 1 / (x - 1 / 3) if x != 1 / 3 else math.nan, [1 / 3]),
        (lambda x: float(x > 0.123), [0.123]),
        (lambda x: math.tanh(1e6 * x), []),
        (lambda x: math.sin(3 * x), []),
        (lambda x: abs(x - 0.7), []),
    ],
)
def test_jumps_are_located(function: Callable[[float], float], expected: list[float]) -> None:
    """Jumps and poles that nobody listed are found to the last bits, and steep or kinked functions have none."""
    assert sampled(function).breaks == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_known_jumps_are_kept() -> None:
    """A known breakpoint is a break if the function is discontinuous there."""
    assert sampled(lambda x: float(x >= 1) + abs(x - 2), [1.0, 2.0]).breaks == [1.0]


def test_gaps_remain() -> None:
    """Where the function is undefined there are no finite samples, and each gap has a sample that is not finite."""
    found = sampled(lambda x: math.log(y) if (y := math.sin(5 * x)) > 0 else math.nan)
    pairs = list(zip(found.x, found.y, strict=True))
    assert all(math.isfinite(y) == (math.sin(5 * x) > 0) for x, y in pairs)
    for k in range(-4, 4):
        start, end = (2 * k + 1) * math.pi / 5, (2 * k + 2) * math.pi / 5
        assert any(start < x < end and math.isnan(y) for x, y in pairs)


@pytest.mark.parametrize("function", [math.tanh, lambda x: 1.0, lambda x: math.nan, math.exp])
def test_smooth_curves_need_few_samples(function: Callable[[float], float]) -> None:
    """A smooth curve, a constant, and one that is nowhere defined are not sampled again."""
    calls = 0

    def f(x: float) -> float:
        nonlocal calls
        calls += 1
        return function(x)

    found = sampled(f)
    assert found.x == sorted(found.x)
    assert calls < 1.2 * 4 * COLUMNS


def test_bounded_work_where_all_points_need_arbitrary_precision() -> None:
    """A curve whose every point needs arbitrary precision is sampled less densely, and at its extrema still."""
    derivative = Quantity(parse("snake:a=1e400"), order=1)
    x = np.linspace(-6.0, 6.0, 301)
    count = 0

    def f(points: Floats, fmt: Format) -> Floats:
        nonlocal count
        count += points.size
        return evaluate(derivative, points, fmt)

    found = curve_samples(f, x, [], FLOATS["float64"])
    assert count < 3000
    assert min(found.y) < 0.05 < 1.95 < max(found.y)


def test_huge_values_raise_no_warning() -> None:
    """Differences beyond the largest float do not matter."""
    with np.errstate(all="raise"):
        found = sampled(lambda x: math.copysign(1.7e308, math.sin(9 * x)))
    assert min(found.y) == -1.7e308
