"""The scale and the ticks of an axis."""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.display.plot.axis import Scale, tick_choices

LARGEST = sys.float_info.max
finite = st.floats(allow_nan=False, allow_infinity=False)
ranges = st.tuples(finite, finite).filter(lambda pair: pair[0] < pair[1])


@pytest.mark.parametrize(
    ("low", "high", "value", "expected"),
    [
        (-5.0, 5.0, 0.0, 0.5),
        (0.0, 5e-324, 5e-324, 1.0),
        (-LARGEST, LARGEST, 0.0, 0.5),
        (1.0, 1.0 + 2**-52, 1.0, 0.0),
        (-1.0, 1.0, 5.0, 3.0),
        (0.0, 1e-300, 1e300, 1e6),
        (0.0, 1e-300, -math.inf, -1e6),
    ],
)
def test_fraction_is_affine(low: float, high: float, value: float, expected: float) -> None:
    """fraction() is affine for any finite range, and limited to a million axis lengths."""
    assert Scale(low, high).fraction(value) == expected


@given(ranges, finite)
def test_fraction_is_accurate(limits: tuple[float, float], value: float) -> None:
    """fraction() agrees with exact arithmetic for any range."""
    low, high = limits
    exact = (Fraction(value) - Fraction(low)) / (Fraction(high) - Fraction(low))
    held = float(min(max(exact, Fraction(-(10**6))), Fraction(10**6)))
    assert Scale(low, high).fraction(value) == pytest.approx(held, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("low", "high", "max_ticks", "target", "expected"),
    [
        (-5.0, 5.0, 25, 6, "-5.0 -2.5 0.0 2.5 5.0"),
        (-6.0, 6.0, 25, 6, "-6 -4 -2 0 2 4 6"),
        (-8.0, 8.0, 25, 6, "-8 -6 -4 -2 0 2 4 6 8"),
        (-10.0, 10.0, 25, 6, "-10 -5 0 5 10"),
        (-3.0, 3.0, 25, 6, "-3 -2 -1 0 1 2 3"),
        (0.0, 1.0, 25, 6, "0.0 0.2 0.4 0.6 0.8 1.0"),
        (-0.3, 5.1, 10, 6, "0 1 2 3 4 5"),
        (0.001, 0.002, 10, 6, "0.0010 0.0012 0.0014 0.0016 0.0018 0.0020"),
        (0.0, 1e-5, 10, 6, "0.0 0.2e-5 0.4e-5 0.6e-5 0.8e-5 1.0e-5"),
        (-1e300, 1e300, 10, 5, "-1.0e300 -0.5e300 0.0 0.5e300 1.0e300"),
        (0.0, 65504.0, 10, 4, "0 20000 40000 60000"),
        (0.0, 5e-324, 10, 4, "0 5e-324"),
        (1.0, 1.0 + 2**-51, 10, 3, "1.0000000000000000 1.0000000000000002 1.0000000000000004"),
        (0.4, 0.6, 1, 1, "0.5"),
    ],
)
def test_best_ticks(low: float, high: float, max_ticks: int, target: float, expected: str) -> None:
    """The best ticks are multiples of 1, 2, 2.5 or 5 times a power of ten, at both ends if possible."""
    best = tick_choices(low, high, max_ticks, target)[0]
    assert " ".join(tick.label for tick in best) == expected


@given(ranges, st.integers(1, 30), st.floats(1, 12))
def test_all_tick_choices(limits: tuple[float, float], max_ticks: int, target: float) -> None:
    """Every choice lies within the axis, has one round step, contains 0 if in range, and has equal decimals."""
    low, high = limits
    for ticks in tick_choices(low, high, max_ticks, target):
        assert 1 <= len(ticks) <= max_ticks
        exact = [Fraction(tick.label) for tick in ticks]
        assert all(low <= tick.value <= high for tick in ticks)
        assert [float(value) for value in exact] == [tick.value for tick in ticks]
        steps = {after - before for before, after in pairwise(exact)}
        assert len(steps) <= 1
        for step in steps:
            while step >= 10:
                step /= 10
            while step < 1:
                step *= 10
            assert step in (1, 2, Fraction(5, 2), 5)
        if len(ticks) > 1 and low <= 0 <= high:
            assert 0 in exact
        labels = [tick.label.partition("e")[0] for tick in ticks]
        assert len({len(label.partition(".")[2]) for label in labels}) == 1
        assert not any(label.startswith("-") and not label.strip("-0.") for label in labels)


def test_padded() -> None:
    """padded() moves both ends outward, at most to the largest floats."""
    assert Scale(0.0, 10.0).padded(0.05) == (-0.5, 10.5)
    assert Scale(-LARGEST, LARGEST).padded(0.5) == (-LARGEST, LARGEST)
